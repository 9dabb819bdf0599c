"""The organiser's side of invitations: the list, the letter, the chair's consent."""

from typing import Any

from django.contrib import messages
from django.forms import all_valid
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agencies import clock
from agencies.edge import at_the_edge
from agencies.lists import members_on
from agencies.models import Agency, DistributionList
from seminars import access, drafts, letters, lifecycle
from seminars.choices import Act
from seminars.forms.inviting import AddInvitedForm, InvitedRow, InviteForm
from seminars.lifecycle import Invited
from seminars.models import Nomination, Seminar
from seminars.views.shared import done, form_page, permitted, to_seminar

BOTH = ["GET", "HEAD", "POST"]


@require_http_methods(BOTH)
def invited(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which agencies are invited, each with its seats; add one, or a distribution list."""
    seminar = permitted(request, pk, Act.LIST_INVITED)
    posted = request.POST if request.method == "POST" else None
    rows = [
        InvitedRow(posted, row=row, venues=seminar.venues.select_related("room"))
        for row in seminar.invitations.select_related("agency").order_by("agency__sort_key", "pk")
    ]
    today = clock.today()
    add = AddInvitedForm(
        posted,
        agencies=Agency.objects.live_on(today).order_by("sort_key", "pk"),
        lists=DistributionList.objects.live_on(today).filter(owner=seminar.agency),
        venues=seminar.venues.select_related("room"),
        initial={"quota": 1, "role": "required"},
    )
    if (
        posted is not None
        and all_valid([*rows, add])
        and done(
            add,
            lambda: lifecycle.list_invited(
                seminar=seminar, invited=_wanted(rows, add), by=request.user, at=clock.now()
            ),
        )
    ):
        messages.success(request, _("The list is kept."))
        return redirect("seminars:invited", pk=pk)
    status = 422 if posted is not None else 200
    values = {"seminar": seminar, "rows": rows, "add": add}
    return render(request, "seminars/invited.html", values, status=status)


def _wanted(rows: list[InvitedRow], add: AddInvitedForm) -> list[Invited]:
    wanted = [
        Invited(
            form.row.agency, form.cleaned_data["venue"], form.cleaned_data["quota"],
            form.cleaned_data["role"],
        )
        for form in rows
        if not form.cleaned_data.get("off")
    ]  # fmt: skip
    values = add.cleaned_data
    named: list[Agency] = [values["agency"]] if values["agency"] else []
    if values["list"]:
        named += members_on(values["list"], clock.today())
    standing = {each.agency.pk for each in wanted}
    for agency in named:
        if agency.pk not in standing:
            standing.add(agency.pk)
            wanted.append(Invited(agency, values["venue"], values["quota"], values["role"]))
    return wanted


@require_POST
def draft_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the invitation with what is known, and go on where papers are drafted."""
    seminar = permitted(request, pk, Act.LIST_INVITED)
    at = clock.now()
    at_the_edge()
    paper = drafts.begin(seminar.agency, letters.invitation(seminar), by=request.user, at=at)  # type: ignore[arg-type]
    lifecycle.attach_letter(seminar=seminar, letter=paper, by=request.user, at=at)  # type: ignore[arg-type]
    return redirect("documents:draft", pk=paper.pk)


@require_http_methods(BOTH)
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite: the letter was issued and reached everybody on the list."""
    seminar = permitted(request, pk, Act.INVITE)
    if seminar.letter is None:
        raise Http404
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        letter = seminar.letter
        if done(
            form,
            lambda: lifecycle.invite(
                seminar=seminar, letter=letter, answer_by=form.answer_by(),
                by=request.user, at=clock.now(),
            ),
        ):  # fmt: skip
            messages.success(request, _("Invited: the agencies see it from now on."))
            return to_seminar(seminar)
    about = _("By the letter %(code)s.") % {"code": seminar.letter}
    return form_page(request, seminar, form, title=_("Invite"), button=_("Invite"), about=about)


@require_POST
def consent(request: HttpRequest, pk: int, nomination: int) -> HttpResponse:
    """Answer for the chair whether a substitute may come: `agrees=yes` or `no`."""
    seminar = permitted(request, pk, Act.LIST_INVITED)
    row = _nomination(request, seminar, nomination)
    agrees = request.POST.get("agrees") == "yes"
    done(
        None,
        lambda: lifecycle.consent(nomination=row, agrees=agrees, by=request.user, at=clock.now()),
    )
    return to_seminar(seminar)


def _nomination(request: HttpRequest, seminar: Seminar, pk: int) -> Nomination:
    rows: Any = access.nominations_seen_by(access.standing_of(request), seminar)
    found = rows.select_related("seminar", "invitation__agency").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found  # type: ignore[no-any-return]
