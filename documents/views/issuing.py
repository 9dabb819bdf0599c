"""The records clerk's desk: what issuing would do, the number, the issue, a number voided."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.edge import at_the_edge
from documents import access, addressing, lifecycle
from documents.choices import Action, LineRole, State
from documents.dry_run import DryRun, dry_run
from documents.forms.issuing import IssueForm, VoidForm
from documents.forms.reasons import show_reasons
from documents.models import Dispatch
from documents.refusals import Incomplete, WrongState
from documents.views.signing import files_of, page_methods, permitted, require_seen


@page_methods
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what issuing would do now; on the button, number and issue, or issue what is numbered.

    A second press of the button finds the paper issued and leads to it; no second number is drawn.
    """
    at = clock.now()
    dispatch = access.get_or_404(access.standing_of(request), pk)
    if dispatch.state == State.ISSUED:
        return _already_issued(request, dispatch)
    action = Action.ISSUE if dispatch.state == State.NUMBERED else Action.NUMBER
    reasons = []
    form = IssueForm(request.POST or None, dispatch=dispatch)
    try:
        access.require(access.standing_of(request), action, dispatch)
        if request.method == "POST":
            require_shown(form, dispatch)
            if form.is_valid():
                return _issue(request, dispatch, action, form.deadline, at=at)
    except Incomplete as refused:
        reasons = refused.reasons
    except WrongState as refused:
        return _stands_elsewhere(request, pk, refused)
    return _page(request, dispatch, form, at=at, refused=reasons)


def require_shown(form: IssueForm, dispatch: Dispatch) -> None:
    """Raises: NewerVersion unless the page that was sent showed the present version."""
    form.is_valid()
    require_seen(dispatch, form.cleaned_data.get("version", 0))


def _issue(
    request: HttpRequest,
    dispatch: Dispatch,
    action: Action,
    deadline: lifecycle.Deadline | None,
    *,
    at: datetime,
) -> HttpResponse:
    at_the_edge()
    verb = lifecycle.issue if action is Action.ISSUE else lifecycle.number_and_issue
    paper = verb(dispatch=dispatch, deadline=deadline, by=request.user, at=at)
    messages.success(
        request,
        _("%(code)s is issued and on its way to %(n)s recipients.")
        % {"code": paper.code, "n": paper.circulations.count()},
    )
    return redirect("documents:dispatch", pk=paper.pk)


def _already_issued(request: HttpRequest, dispatch: Dispatch) -> HttpResponse:
    messages.info(request, _("%(code)s is issued already.") % {"code": dispatch.code})
    return redirect("documents:dispatch", pk=dispatch.pk)


def _stands_elsewhere(request: HttpRequest, pk: int, refused: WrongState) -> HttpResponse:
    """Somebody was quicker, perhaps the same person with a second click."""
    now = access.get_or_404(access.standing_of(request), pk)
    if now.state == State.ISSUED:
        return _already_issued(request, now)
    raise refused


def _page(
    request: HttpRequest, dispatch: Dispatch, form: IssueForm, *, at: datetime, refused: list
) -> HttpResponse:
    run = dry_run(dispatch, at=at)
    reasons = run.reasons or refused
    version = dispatch.current_version
    values = {
        "dispatch": dispatch,
        "version": version,
        "form": form,
        "proposal": addressing.proposed_due(dispatch, at=at),
        "run": run,
        "lines": _lines(dispatch, run),
        "files": files_of(dispatch, version),
        "items": [
            {"url": f"#{_place(reason.code)}", "message": reason.message} for reason in reasons
        ],
        "register": dispatch.entry.register if dispatch.entry_id else None,
        "may_send_back": access.may(access.standing_of(request), Action.SEND_BACK, dispatch),
        "may_void": access.may(access.standing_of(request), Action.VOID, dispatch),
        "has_copies": dispatch.lines.exclude(role=LineRole.TO).exists(),
        "may_number": dispatch.state == State.SIGNED,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "documents/issue.html", values, status=status)


def _place(code: str) -> str:
    """Return the section of the page that a reason speaks of."""
    places = {"lines": "lines", "due_at": "due", "text": "files", "no_register": "number"}
    return places.get(code, "paper")


def _lines(dispatch: Dispatch, run: DryRun) -> list[dict[str, object]]:
    """Each printed line with who receives it by it; `itself`: the one agency that it prints."""
    rows = [(line, run.members_of(line)) for line in dispatch.lines.all()]
    return [
        {"line": line, "members": members, "itself": [str(a) for a in members] == [str(line)]}
        for line, members in rows
    ]


@require_POST
def number(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the number alone; the paper is issued later."""
    try:
        dispatch = access.get_or_404(access.standing_of(request), pk)
        form = IssueForm(request.POST, dispatch=dispatch)
        require_shown(form, dispatch)
        if not form.is_valid():
            return _page(request, dispatch, form, at=clock.now(), refused=[])
        at_the_edge()
        paper = lifecycle.number(
            dispatch=dispatch, deadline=form.deadline, by=request.user, at=clock.now()
        )
    except WrongState:
        now = access.get_or_404(access.standing_of(request), pk)
        if now.state not in (State.NUMBERED, State.ISSUED):
            raise
        messages.info(request, _("It has its number already: %(code)s.") % {"code": now.code})
    else:
        messages.success(request, _("The number is given: %(code)s.") % {"code": paper.code})
    return redirect("documents:issue", pk=pk)


@page_methods
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """Void the number of a paper that is not issued yet, with a reason."""
    form = VoidForm(request.POST or None)
    try:
        dispatch = permitted(request, pk, Action.VOID)
        if request.method == "POST" and form.is_valid():
            code = dispatch.code
            at_the_edge()
            lifecycle.void_number(
                dispatch=dispatch,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=clock.now(),
            )
            messages.success(
                request,
                _("The number of %(code)s is voided. The paper stays signed.") % {"code": code},
            )
            return redirect("documents:issue", pk=pk)
    except Incomplete as refused:
        show_reasons(form, refused)
    status = 422 if request.method == "POST" else 200
    values = {"dispatch": dispatch, "form": form}
    return render(request, "documents/void.html", values, status=status)
