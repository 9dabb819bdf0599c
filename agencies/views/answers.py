"""What the screens of people share: who asks, where he administers, how an act is answered."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from agencies import administration
from agencies.edge import at_the_edge
from agencies.forms import show_reasons
from agencies.models import User
from agencies.refusals import Refused


def person_of(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


def administered(request: HttpRequest, day: date) -> set[int]:
    """Return where the person administers. Raises: PermissionDenied, where that is nowhere."""
    found = administration.administered_by(person_of(request), on=day)
    if not found:
        raise PermissionDenied
    return found


def form_page(
    request: HttpRequest, form: Any, act: Callable[..., HttpResponse | str], **shown: Any
) -> HttpResponse:
    """Do the act with what the form holds, or show the form with all that is wrong.

    The act returns where to go on, or the answer itself where that must not be asked for again.
    """
    if request.method == "POST" and form.is_valid():
        at_the_edge()
        try:
            done = act(**form.cleaned_data)
        except Refused as refused:
            show_reasons(form, refused)
        else:
            return redirect(done) if isinstance(done, str) else done
    status = 422 if form.is_bound else 200
    return render(request, "agencies/act.html", {"form": form, **shown}, status=status)
