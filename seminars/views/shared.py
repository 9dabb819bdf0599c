"""What the views of seminars share: the seminar of the address, and a refusal on its form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from agencies import clock
from agencies.edge import at_the_edge
from agencies.models import Agency
from documents import lifecycle as papers
from documents import secrecy
from documents.forms.reasons import show_reasons
from documents.refusals import Incomplete
from seminars import access
from seminars.choices import Act
from seminars.models import Seminar
from seminars.refusals import Full, RoomTaken

#: What a form says in place; anything else has a page of its own.
ON_THE_FORM = (Incomplete, Full, RoomTaken)


def permitted(request: HttpRequest, pk: int, act: Act) -> Seminar:
    """Return the seminar: 404 to a stranger, a refusal to somebody without the right."""
    who = access.standing_of(request)
    seminar = access.get_or_404(who, pk)
    access.require(who, act, seminar)
    return seminar


def done(
    form: forms.Form | None,
    act: Callable[[], object],
    *,
    words: tuple[HttpRequest, Agency] | None = None,
) -> bool:
    """Do the act at the edge; what speaks against it is shown on the form.

    `words`: the act takes free text, typed in this request for that agency. That a state secret was
    refused is noted then, and nothing of it.

    Raises: Refused, where there is no form, or the refusal has a page of its own.
    """
    at_the_edge()
    try:
        act()
    except secrecy.SecretPaper as secret:
        if words is None or form is None:
            raise
        request, agency = words
        papers.record_refused_secret(agency=agency, by=request.user, at=clock.now())
        form.add_error(None, str(secret))
        return False
    except ON_THE_FORM as refused:
        if form is None:
            raise
        show_reasons(form, refused)
        return False
    return True


def form_page(
    request: HttpRequest, seminar: Seminar, form: forms.Form, **more: Any
) -> HttpResponse:
    """Render a form about a seminar; 422 where it comes back with something to correct."""
    values = {"seminar": seminar, "form": form, **more}
    status = 422 if form.is_bound and request.method == "POST" else 200
    return render(request, more.pop("template", "seminars/form.html"), values, status=status)


def to_seminar(seminar: Seminar | int) -> HttpResponse:
    return redirect("seminars:seminar", pk=seminar if isinstance(seminar, int) else seminar.pk)
