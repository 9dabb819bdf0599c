"""The rules of an agency on a day, and the deadlines that follow from them."""

from collections.abc import Iterable
from datetime import date

from agencies import calendar
from agencies.models import Agency
from seminars.models import Policy


def policy_of(agency: Agency | int, on: date) -> Policy:
    """Return the agency's policy on that day; the decision's own deadlines where it has none."""
    pk = agency if isinstance(agency, int) else agency.pk
    return policies_of([pk], on)[pk]


def policies_of(agencies: Iterable[int], on: date) -> dict[int, Policy]:
    """Return by agency what `policy_of` says (one query)."""
    wanted = set(agencies)
    rows = Policy.objects.live_on(on).filter(agency__in=wanted).order_by("from_on")
    found = {row.agency_id: row for row in rows}
    return {pk: found.get(pk) or Policy(agency_id=pk, from_on=on) for pk in wanted}


def invite_by(policy: Policy, day: date, days: calendar.Days) -> date:
    """Return the last day on which the invitation is in time (Decision 45/2018/QĐ-TTg)."""
    return days.before(day, policy.invite_days)


def soonest(policy: Policy, today: date) -> date:
    """Return the first day for which an invitation sent today is in time, tomorrow at the earliest.

    It is where a search for a day begins; sooner ones can be asked for (Decision 45/2018/QĐ-TTg).
    """
    return calendar.add_working_days(today, max(policy.invite_days, 1))


def papers_by(policy: Policy, day: date) -> date:
    """Return the last day on which a paper is in time (Decision 45/2018/QĐ-TTg, article 10)."""
    return calendar.subtract_working_days(day, policy.paper_days)


def conclude_by(policy: Policy, ended_on: date) -> date:
    """Return the last day for the conclusion notice (Decision 45/2018/QĐ-TTg: five working days)."""
    return calendar.add_working_days(ended_on, policy.conclude_days)
