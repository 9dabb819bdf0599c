"""Days that a decree takes out of the calendar or puts into it: entered together, kept as proof."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agencies.administration import not_administrator, signature, warden
from agencies.authority import Authority
from agencies.calendar import is_working_day
from agencies.choices import DayKind
from agencies.clock import day_of
from agencies.models import DayRule, User
from agencies.refusals import Reason, Reasons, Refused
from ledger.record import append

#: In signs, as the columns have it.
LONGEST_NAME, LONGEST_BASIS = 120, 255


def against(*, off_on: date, worked_on: date | None, name: str, basis: str) -> Reasons:
    """Return what stands against the decree (up to three queries); nothing is written."""
    found = Reasons()
    found.against(not name.strip(), "name", _("State the reason."))
    found.against(len(name) > LONGEST_NAME, "name", _("At most 120 signs."))
    found.against(not basis.strip(), "basis", _("Name the document."))
    found.against(len(basis) > LONGEST_BASIS, "basis", _("At most 255 signs."))
    if off_on == worked_on:
        found.against(True, "worked_on", _("A day cannot be exchanged for itself."))
        return found
    wanted = {"off_on": off_on, "worked_on": worked_on}
    ruled = DayRule.objects.in_bulk([day for day in wanted.values() if day], field_name="day")
    for code, day in wanted.items():
        if day is None:
            continue
        if day in ruled:
            text = _("%(day)s is ruled already: %(name)s. Take that back first.")
            found.append(Reason(code, text % {"day": _said(day), "name": ruled[day].name}))
        elif code == "off_on" and not is_working_day(day):
            text = _("%(day)s is a day off already.")
            found.append(Reason(code, text % {"day": _said(day)}))
        elif code == "worked_on" and is_working_day(day):
            text = _("%(day)s is a working day already.")
            found.append(Reason(code, text % {"day": _said(day)}))
    return found


@transaction.atomic
def rule_days(
    *, off_on: date, worked_on: date | None, name: str, basis: str, by: User, at: datetime
) -> list[DayRule]:
    """Make one day a day off and, where one is worked for it, that one a working day: both or none.

    Deadlines that were set stay as they are. Raises: Refused.
    """
    held = _require(by, at)
    against(off_on=off_on, worked_on=worked_on, name=name, basis=basis).refuse()
    kinds = {off_on: DayKind.OFF}
    if worked_on is not None:
        kinds[worked_on] = DayKind.WORKING
    try:
        with transaction.atomic():
            rules = [
                DayRule.objects.create(day=day, kind=kind, name=name.strip(), basis=basis.strip())
                for day, kind in kinds.items()
            ]
    except IntegrityError:
        # Somebody entered one of them meanwhile; the key says so.
        text = _("One of the days was ruled meanwhile: look at the list.")
        raise Refused([Reason("off_on", text)]) from None
    append(
        "days.ruled",
        {
            "off": off_on.isoformat(),
            "worked": worked_on.isoformat() if worked_on else None,
            **signature(by, held),
        },
        at=at,
    )
    return rules


@transaction.atomic
def take_back(*, days: Iterable[date], reason: str, by: User, at: datetime) -> None:
    """Take rules back, so that the general calendar holds again: all of them or none.

    Raises: Refused.
    """
    held = _require(by, at)
    wanted = sorted(set(days))
    rules = DayRule.objects.select_for_update().filter(day__in=wanted).order_by("day")
    found = Reasons()
    found.against(not wanted, "days", _("Choose the days."))
    found.against(not reason.strip(), "reason", _("State the reason."))
    gone = set(wanted) - {rule.day for rule in rules}
    text = _("%(days)s: there is no rule of ours.")
    found.against(gone, "days", text % {"days": ", ".join(map(_said, sorted(gone)))})
    found.refuse()
    DayRule.objects.filter(day__in=wanted).delete()
    for day in wanted:
        append(
            "day.restored",
            {"day": day.isoformat(), "reason": reason.strip(), **signature(by, held)},
            at=at,
        )


def _require(by: User, at: datetime) -> Authority:
    held = warden(by, on=day_of(at))
    if held is None:
        raise Refused([not_administrator()])
    return held


def _said(day: date) -> str:
    return f"{day:%d/%m/%Y}"
