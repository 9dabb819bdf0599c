"""What an invited agency does: comes or not, names its delegates, takes them back, substitutes."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agencies import clock
from seminars import access, lifecycle
from seminars.forms.inviting import DeclineForm, DelegateForm
from seminars.models import Invitation, Nomination
from seminars.views.shared import done, form_page, to_seminar

BOTH = ["GET", "HEAD", "POST"]


def invitation_or_404(request: HttpRequest, pk: int) -> Invitation:
    """Return an invitation that the person answers; 404 to a stranger."""
    who = access.standing_of(request)
    rows = access.invitations_seen_by(who).select_related("seminar__agency", "agency", "venue")
    found = rows.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    access.answering(who, found)
    return found


def _delegate(request: HttpRequest, invitation: int, pk: int) -> Nomination:
    own = invitation_or_404(request, invitation)
    rows = own.nominations.select_related("seminar", "person", "invitation__agency")
    found = rows.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


@require_POST
def accept(request: HttpRequest, invitation: int) -> HttpResponse:
    """Say that the agency comes; its delegates may be named later."""
    row = invitation_or_404(request, invitation)
    done(
        None,
        lambda: lifecycle.answer(invitation=row, comes=True, by=request.user, at=clock.now()),
    )
    messages.success(request, _("The organiser knows that you come."))
    return to_seminar(row.seminar_id)


@require_http_methods(BOTH)
def decline(request: HttpRequest, invitation: int) -> HttpResponse:
    """Say that nobody comes, and why; seats go back."""
    row = invitation_or_404(request, invitation)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if done(
            form,
            lambda: lifecycle.answer(
                invitation=row, comes=False, reason=reason, by=request.user, at=clock.now()
            ),
        ):
            messages.success(request, _("The organiser knows that nobody comes."))
            return to_seminar(row.seminar_id)
    return form_page(
        request, row.seminar, form, title=_("Nobody comes"), button=_("Tell the organiser")
    )


@require_http_methods(BOTH)
def name_delegate(request: HttpRequest, invitation: int) -> HttpResponse:
    """Name somebody who comes; he gets a seat, or a place in the queue, and the page says which."""
    row = invitation_or_404(request, invitation)
    form = DelegateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        made: list[Nomination] = []
        if done(
            form,
            lambda: made.append(
                lifecycle.name_delegate(
                    invitation=row, name=values["name"], office=values["office"],
                    by=request.user, at=clock.now(),
                )
            ),
        ):  # fmt: skip
            messages.success(request, _where(made[0]))
            return to_seminar(row.seminar_id)
    return form_page(request, row.seminar, form, title=_("Name a delegate"), button=_("Name"))


def _where(row: Nomination) -> str:
    if row.seat_no is not None:
        return _("%(name)s has seat %(no)s.") % {"name": row.person, "no": row.seat_no}
    return _("%(name)s is number %(no)s in the queue.") % {"name": row.person, "no": row.queue_no}


@require_POST
def withdraw(request: HttpRequest, invitation: int, nomination: int) -> HttpResponse:
    """Take a delegate back."""
    row = _delegate(request, invitation, nomination)
    done(
        None,
        lambda: lifecycle.withdraw_delegate(nomination=row, by=request.user, at=clock.now()),
    )
    messages.success(request, _("%(name)s is taken back.") % {"name": row.person})
    return to_seminar(row.seminar_id)


@require_http_methods(BOTH)
def substitute(request: HttpRequest, invitation: int, nomination: int) -> HttpResponse:
    """Ask that somebody else comes in a delegate's place."""
    row = _delegate(request, invitation, nomination)
    form = DelegateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if done(
            form,
            lambda: lifecycle.substitute(
                nomination=row, name=values["name"], office=values["office"],
                by=request.user, at=clock.now(),
            ),
        ):  # fmt: skip
            messages.success(request, _("The organiser is asked for the chair's consent."))
            return to_seminar(row.seminar_id)
    title = _("Who comes instead of %(name)s") % {"name": row.person}
    return form_page(request, row.seminar, form, title=title, button=_("Ask for consent"))
