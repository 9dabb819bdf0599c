"""The gate of weekly schedules: whose people read which items, who writes and who issues.

A schedule is read by the people of its own agency. An agency that was told reads the items that name
it, and of them not what concerns the other's own people. Nobody reads an item of a seminar that he
may not see.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import BigIntegerField, Q, QuerySet
from django.http import Http404

from agencies.authority import Authority
from agencies.choices import Audience, DeputyScope, Role
from agencies.models import User
from documents.access import Standing, require_role
from documents.refusals import NotPermitted
from documents.standing import resolved
from seminars import access
from seminars.models import ScheduleTold, ScheduleVersion, WeeklySchedule
from seminars.weekly.snapshot import Item, Snapshot, for_agency

_WRITERS = Role.office() | {Role.OFFICER}

# -- Reading ----------------------------------------------------------------------------------


def schedules_seen_by(
    user: User | Standing, *, at: datetime | None = None
) -> "QuerySet[WeeklySchedule]":
    """Return the schedules of the person's own agencies."""
    return WeeklySchedule.objects.filter(agency__in=resolved(user, at).readers_of)


def told_to(
    who: Standing, *, schedule: int | None = None, since: datetime | None = None
) -> list[ScheduleTold]:
    """Return what his agencies were told of which he may see an item, the newest first.

    Two queries: the rows, and which of their seminars he may see.
    """
    own = Q(agency__in=who.office_of)
    own |= Q(agency__in=who.readers_of, audience=Audience.AGENCY)
    rows = ScheduleTold.objects.filter(own).exclude(version__schedule__agency__in=who.readers_of)
    if schedule is not None:
        rows = rows.filter(version__schedule=schedule)
    if since is not None:
        rows = rows.filter(version__issued_at__gte=since)
    found = list(
        rows.select_related("version__schedule__agency", "agency")
        .defer("version__snapshot")
        .order_by("-version__issued_at", "-pk")
    )
    seminars = {int(key[1:]) for row in found for key in row.keys if key.startswith("s")}
    seen = _seen(who, seminars)
    return [
        row for row in found
        if any(key.startswith("t") or int(key[1:]) in seen for key in row.keys)
    ]  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """One schedule as one person reads it."""

    who: Standing
    schedule: WeeklySchedule
    #: None: he is of its own agency. Else the agencies of his that were told.
    told: tuple[ScheduleTold, ...] | None

    @property
    def is_own(self) -> bool:
        return self.told is None

    def of(self, snapshot: Snapshot) -> Snapshot:
        """Return the snapshot with what this person may read of it, and nothing else."""
        return self.all_of([snapshot])[0]

    def all_of(self, snapshots: Collection[Snapshot]) -> list[Snapshot]:
        """The same for several, at the cost of one (two queries)."""
        offered = [self._offered(each) for each in snapshots]
        keep = self._kept({item for items in offered for item in items})
        return [
            self._without_own_matters(each).only(item for item in items if item in keep)
            for each, items in zip(snapshots, offered, strict=True)
        ]

    def _offered(self, snapshot: Snapshot) -> tuple[Item, ...]:
        if self.told is None:
            return snapshot.items
        agencies = sorted({row.agency_id for row in self.told})
        found: dict[str, Item] = {}
        for agency in agencies:
            for item in for_agency(snapshot.items, agency):
                found.setdefault(item.key, replace(item, agencies=()))
        return tuple(sorted(found.values(), key=lambda each: each.order))

    def _kept(self, items: Iterable[Item]) -> set[Item]:
        items = list(items)
        seen = _seen(
            self.who, {item.seminar for item in items if item.seminar and not item.invited}
        )
        # That we are invited, and who of us goes, is read by those who read the invitation.
        invited = {item.seminar for item in items if item.seminar and item.invited}
        through = set()
        if invited:
            rows = access.invitations_seen_by(self.who).filter(agency=self.schedule.agency_id)
            through = set(rows.filter(seminar__in=invited).values_list("seminar", flat=True))
        return {
            item for item in items
            if item.seminar is None or item.seminar in (through if item.invited else seen)
        }  # fmt: skip

    def _without_own_matters(self, snapshot: Snapshot) -> Snapshot:
        if self.is_own:
            return snapshot
        return replace(snapshot, leaders=(), recipients=(), units=(), gone={
            key: why for key, why in snapshot.gone.items()
            if any(key in row.keys for row in self.told or ())
        })  # fmt: skip


def _seen(who: Standing, seminars: Collection[int]) -> set[int]:
    if not seminars:
        return set()
    return set(access.visible_to(who, among=seminars).values_list("pk", flat=True))


def reading_or_404(user: User | Standing, pk: int, *, at: datetime | None = None) -> Reading:
    """Return a schedule that the person may read. Raises: Http404, the same for none at all."""
    who = resolved(user, at)
    row = None
    if pk <= BigIntegerField.MAX_BIGINT:
        row = WeeklySchedule.objects.select_related("agency__parent").filter(pk=pk).first()
    if row is not None and row.agency_id in who.readers_of:
        return Reading(who, row, None)
    told = told_to(who, schedule=row.pk) if row is not None else []
    if row is None or not told:
        raise Http404
    return Reading(who, row, tuple(told))


def versions_of(reading: Reading) -> "QuerySet[ScheduleVersion]":
    """Return the issued versions that this person may open: of another agency, since he was told."""
    rows = ScheduleVersion.objects.filter(schedule=reading.schedule).order_by("no")
    if reading.told is None:
        return rows
    return rows.filter(no__gte=min(row.version.no for row in reading.told))


# -- Writing ----------------------------------------------------------------------------------


def writing_for(who: Standing) -> list[int]:
    """Return the agencies whose schedules the person writes, in the order of his posts."""
    held = [
        each.agency.pk for each in who.authorities
        if each.role in _WRITERS and each.covers(DeputyScope.OUTGOING)
    ]  # fmt: skip
    return list(dict.fromkeys(held))


def require_writer(user: User | Standing, agency: int, *, at: datetime | None = None) -> Authority:
    """Raises: NotPermitted."""
    return require_role(user, agency, _WRITERS, scope=DeputyScope.OUTGOING, at=at)


def require_issuer(user: User | Standing, agency: int, *, at: datetime | None = None) -> Authority:
    """Return the office's authority to issue. Raises: NotPermitted."""
    return require_role(user, agency, Role.office(), scope=DeputyScope.OUTGOING, at=at)


def may_issue(who: Standing, agency: int) -> bool:
    """Say whether the button has a place on the page. Costs no query for a standing."""
    try:
        require_issuer(who, agency)
    except NotPermitted:
        return False
    return True
