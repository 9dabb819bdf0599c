"""Issue the weekly schedule: a version that never changes, and word to whom it concerns."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

import ledger.record as ledger
from agencies import clock
from agencies.models import Agency, User
from agencies.refusals import Reason
from documents.lifecycle.evidence import who
from documents.refusals import EditedMeanwhile, Incomplete
from seminars import schedule_draft
from seminars.lifecycle.schedules import locked
from seminars.models import ScheduleTold, ScheduleVersion, WeeklySchedule
from seminars.schedule_access import require_issuer
from seminars.weekly.snapshot import (
    Snapshot,
    as_json,
    digest_of,
    for_agency,
    inviting,
    to_be_told,
)


@transaction.atomic
def issue_schedule(
    *, schedule: WeeklySchedule, seen: str, by: User, at: datetime
) -> ScheduleVersion:
    """Issue the draft as it stands: first the schedule itself, then "Điều chỉnh lần n".

    `seen` is the digest of the draft that the page showed: what somebody wrote, or a seminar that was
    moved, meanwhile is not issued unread. Exactly the agencies for which something changed are told.
    Where the schedule takes the place of invitations, the agency's own units are invited by it.

    Raises: NotPermitted, EditedMeanwhile, Incomplete (nothing to be issued, or the week is over).
    """
    schedule = locked(schedule)
    authority = require_issuer(by, schedule.agency_id, at=at)
    last = schedule_draft.issued(schedule)
    before = last.read if last else None
    after = schedule_draft.compiled(schedule, before=before, at=at)
    values = as_json(after)
    digest = digest_of(values)
    if schedule.week.sunday < clock.day_of(at):
        raise Incomplete([Reason("week", _("This week is over."))])
    if digest != seen:
        text = _("The draft has changed since you opened this page. Look at it again.")
        raise EditedMeanwhile([Reason("seen", text)])
    if not after.items and before is None:
        raise Incomplete([Reason("items", _("There is no item yet."))])
    if before is not None and not differs(before, after):
        raise Incomplete([Reason("items", _("Nothing has changed since it was issued."))])
    version = ScheduleVersion.objects.create(
        schedule=schedule,
        no=last.no + 1 if last else 0,
        snapshot=values,
        digest=digest,
        issued_at=at,
        issued_by=authority.user,
        deputy=authority.deputy,
    )
    told = _tell(version, before, after)
    ledger.append(
        "schedule.issued",
        {
            **who(authority),
            "schedule": schedule.pk,
            "version": version.pk,
            "no": version.no,
            "digest": digest,
            "told": told,
            "invites": after.replaces_invitations,
        },
        at=at,
    )
    return version


def differs(before: Snapshot, after: Snapshot) -> bool:
    """Say whether there is anything to issue: why items of an older version left is not."""
    olds, news = as_json(before), as_json(after)
    return any(olds[name] != news[name] for name in olds if name != "gone")


def _tell(version: ScheduleVersion, before: Snapshot | None, after: Snapshot) -> int:
    agencies = Agency.objects.in_bulk(to_be_told(before, after))
    ScheduleTold.objects.bulk_create(
        ScheduleTold(
            version=version,
            agency=agency,
            audience=agency.default_audience,
            keys=_keys(before, after, agency.pk),
            invited_to=list(inviting(after, agency.pk)),
        )
        for agency in sorted(agencies.values(), key=lambda each: each.pk)
        if agency.pk != version.schedule.agency_id
    )
    return version.told.count()


def _keys(before: Snapshot | None, after: Snapshot, agency: int) -> list[str]:
    """Return the keys of the agency's items that changed, or that it is newly invited to."""
    olds = {each.key: each for each in for_agency(before.items if before else (), agency)}
    news = {each.key: each for each in for_agency(after.items, agency)}
    changed = {key for key in olds.keys() | news.keys() if olds.get(key) != news.get(key)}
    invited = set(inviting(before, agency) if before else ()) ^ set(inviting(after, agency))
    return sorted(changed | invited)
