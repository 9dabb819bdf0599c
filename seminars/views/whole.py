"""A whole programme is planned at once: the proposal, or why there is none; and applied at once."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from agencies import clock
from documents.forms.reasons import show_reasons
from documents.refusals import Incomplete
from seminars import access, lifecycle, planner
from seminars.forms.whole import FrameForm
from seminars.models import Seminar
from seminars.planner import Proposal, Proposed
from seminars.planning import Obstacle, Reason
from seminars.views.shared import done

BOTH = ["GET", "HEAD", "POST"]
_NO_ROOM = (Reason.ROOM_CLOSED, Reason.ROOM_TAKEN)
#: Reasons that are named where a seminar is not earlier; the rest is counted.
_NAMED = 3


@require_http_methods(BOTH)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the best plan of what is not announced yet; a POST applies the one that was shown."""
    at = clock.now()
    who = access.standing_of(request)
    programme = access.programme_or_404(who, pk)
    access.require_planning(who, programme)
    first = FrameForm.of(programme, clock.day_of(at))
    asked = request.POST or (request.GET if "first" in request.GET else first)
    form = FrameForm(asked)
    frame = form.frame() if form.is_valid() else None
    if request.method == "POST" and frame is not None:
        moved: list[Seminar] = []
        if done(
            form,
            lambda: moved.extend(
                lifecycle.apply_plan(
                    programme=programme, frame=frame, mark=request.POST.get("mark", ""),
                    by=request.user, at=at,
                )
            ),
        ):  # fmt: skip
            messages.success(request, _said(len(moved)))
            return redirect("seminars:board", pk=pk)
    values: dict[str, Any] = {"programme": programme, "form": form}
    if frame is not None:
        try:
            values |= _shown(planner.propose(programme, frame, who=who, at=at))
        except Incomplete as impossible:
            if not form.errors:
                show_reasons(form, impossible)
    return render(request, "seminars/plan.html", values, status=422 if form.errors else 200)


def _said(many: int) -> str:
    if not many:
        return _("Everything stood there already: nothing was moved.")
    text = ngettext("%(n)s seminar is moved.", "%(n)s seminars are moved.", many)
    return text % {"n": many}


def _shown(proposal: Proposal) -> dict[str, Any]:
    return {
        "proposal": proposal,
        "rows": [_row(proposal, row) for row in proposal.rows],
        "moves": any(not row.same for row in proposal.rows),
        "ledger": [] if proposal.found else _ledger(proposal),
    }


def _row(proposal: Proposal, row: Proposed) -> dict[str, Any]:
    """A line of the plan; why not earlier is said of the half-days that it alone could not have."""
    why: Counter[str] = Counter()
    others = 0
    for half in proposal.halves[: proposal.halves.index(row.half)]:
        obstacles = proposal.excluded[row.seminar].get(half)
        if obstacles is None:
            others += 1
        else:
            why.update(_words(obstacles, proposal))
    earlier = [f"{words} ({many})" for words, many in why.most_common(_NAMED)]
    if others:
        earlier.append(_("other seminars, or fewer missing (%(n)s)") % {"n": others})
    return {"each": row, "earlier": earlier}


def _ledger(proposal: Proposal) -> list[dict[str, Any]]:
    """Of each seminar, what speaks against every half-day, then what else against which."""
    found = []
    for seminar, days in proposal.excluded.items():
        words = {half: _words(days[half], proposal) for half in proposal.halves if half in days}
        left = len(proposal.halves) - len(words)
        always = set[str]() if left else set.intersection(*map(set, words.values()))
        more = {half: [each for each in why if each not in always] for half, why in words.items()}
        days_left = [{"half": half, "words": why} for half, why in more.items() if why]
        found.append(
            {"seminar": seminar, "left": left, "always": sorted(always), "days": days_left}
        )
    return found


def _words(obstacles: Iterable[Obstacle], proposal: Proposal) -> list[str]:
    """Say each reason once; rooms are many, and that none is free says it."""
    return list(dict.fromkeys(_reason(each, proposal) for each in obstacles))


def _reason(each: Obstacle, proposal: Proposal) -> str:
    name = proposal.names.get(each.who, "")
    about = {"name": name, "seminar": proposal.names.get(each.seminar, "")}
    if each.reason in _NO_ROOM:
        return _("no room that is large enough is free")
    words = {
        Reason.NOT_WANTED: _("outside working hours"),
        Reason.AFTER_DEADLINE: _("after the deadline"),
        Reason.AGENCY_BUSY: _("%(name)s is busy"),
        Reason.AGENCY_TAKEN: _("%(name)s is at “%(seminar)s”"),
        Reason.PERSON_BUSY: _("%(name)s is busy"),
        Reason.PERSON_TAKEN: _("%(name)s is at “%(seminar)s”"),
        Reason.ROOMS_TOO_SMALL: _("no room has seats enough"),
        Reason.ROOMS_LACK_EQUIPMENT: _("no room of its host has seats enough"),
    }
    return words[each.reason] % about
