"""The rules of an agency on a day, and the deadlines that follow from them."""

from datetime import date

from agencies import calendar
from agencies.models import Agency
from seminars.models import Policy


def policy_of(agency: Agency | int, on: date) -> Policy:
    """Return the agency's policy on that day; the decision's own deadlines where it has none."""
    pk = agency if isinstance(agency, int) else agency.pk
    found = Policy.objects.live_on(on).filter(agency=pk).order_by("-from_on").first()
    return found or Policy(agency_id=pk, from_on=on)


def invite_by(policy: Policy, day: date) -> date:
    """Return the last day on which the invitation is in time (Decision 45/2018/QĐ-TTg)."""
    return calendar.subtract_working_days(day, policy.invite_days)


def conclude_by(policy: Policy, ended_on: date) -> date:
    """Return the last day for the conclusion notice (Decision 45/2018/QĐ-TTg: five working days)."""
    return calendar.add_working_days(ended_on, policy.conclude_days)
