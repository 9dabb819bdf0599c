"""A paper from outside the network, entered in the incoming register by the clerk."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies import clock
from agencies.choices import DeputyScope, Role
from agencies.edge import at_the_edge
from agencies.models import Agency
from agencies.refusals import Reason
from documents import access, files, lifecycle, secrecy, uploads
from documents.choices import FileRole
from documents.forms.outside import OutsideForm
from documents.forms.reasons import show_reasons
from documents.refusals import Incomplete, NotPermitted
from documents.storage import NoRoom


@require_http_methods(["GET", "HEAD", "POST"])
def register_outside(request: HttpRequest) -> HttpResponse:
    """Enter a paper as it is printed; it gets its arrival number at once."""
    at = clock.now()
    own = _registers_of(access.standing_of(request))
    if not own:
        reason = Reason("role", _("Only the records clerk enters papers in the register."))
        raise NotPermitted([reason])
    form = OutsideForm(request.POST or None, request.FILES or None, agencies=own)
    if request.method == "POST":
        if request.POST.get("twin"):
            form.ask_about_the_twin()
        if form.is_valid():
            answered = _register(request, form, at=at)
            if answered is not None:
                return answered
    status = 422 if request.method == "POST" else 200
    values = {"form": form, "again": bool(request.FILES)}
    return render(request, "documents/register_outside.html", values, status=status)


def _registers_of(who: access.Standing) -> list[Agency]:
    """The agencies where the person is clerk for what comes in, or stands in for one."""
    found = {
        held.agency.pk: held.agency
        for held in who.authorities
        if held.role == Role.CLERK and held.covers(DeputyScope.INCOMING)
    }
    return list(found.values())


def _register(request: HttpRequest, form: OutsideForm, *, at: Any) -> HttpResponse | None:
    """Take the files in and call the verb; None when the form must be shown again."""
    agency = form.cleaned_data["agency"]
    try:
        facts = _take_in(form)
        at_the_edge()
        row = lifecycle.register_outside(
            agency=agency,
            paper=form.paper(),
            files=facts,
            by=request.user,
            at=at,
            known_twin=form.cleaned_data["twin"],
        )
    except (files.FileRefused, NoRoom) as refused:
        form.add_error("main" if form.cleaned_data["main"] else "annexes", str(refused))
    except secrecy.SecretPaper as secret:
        lifecycle.record_refused_secret(agency=agency, by=request.user, at=at)
        return render(request, "documents/secret.html", {"secret": secret}, status=422)
    except Incomplete as refused:
        if any(reason.code == "twin" for reason in refused.reasons):
            form.ask_about_the_twin()
        show_reasons(form, refused)
    else:
        messages.success(
            request,
            _("%(code)s is in the register under the arrival number %(number)s.")
            % {"code": row.dispatch, "number": row.arrival_number},
        )
        return redirect("documents:dispatch", pk=row.dispatch_id)
    return None


def _take_in(form: OutsideForm) -> list[lifecycle.FileFacts]:
    given = [(form.cleaned_data["main"], FileRole.MAIN)]
    given += [(each, FileRole.ANNEX) for each in form.cleaned_data["annexes"] or []]
    return [uploads.take_in(each, inside=False, role=role) for each, role in given if each]
