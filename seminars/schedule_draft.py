"""The draft of a weekly schedule, read from where it stands: seminars, invitations, typed lines."""

from collections.abc import Container, Iterable
from dataclasses import replace
from datetime import date, datetime

from django.db.models import Prefetch, Q

from agencies import clock
from agencies.choices import AgencyKind, Role
from agencies.models import Agency, Post
from seminars.choices import Answer, HalfDay, SeminarState
from seminars.hours import half_of
from seminars.instants import from5
from seminars.models import Invitation, ScheduleItem, ScheduleVersion, Seminar, WeeklySchedule
from seminars.places import where
from seminars.weekly.differences import Gone
from seminars.weekly.snapshot import Item, Snapshot, in_order
from seminars.weekly.weeks import Week

_NOT_SHOWN = (SeminarState.DRAFT, SeminarState.CANCELLED)


def issued(schedule: WeeklySchedule) -> ScheduleVersion | None:
    """Return the newest issued version."""
    return schedule.versions.order_by("-no").select_related("issued_by").first()


def compiled(schedule: WeeklySchedule, *, before: Snapshot | None, at: datetime) -> Snapshot:
    """Return what would be issued now; `before` is what was issued last.

    A fixed number of queries, however many items there are.
    """
    agency = schedule.agency
    rows = list(schedule.items.prefetch_related("agencies"))
    typed = [_typed(row) for row in rows if row.seminar_id is None]
    added = {row.key: row for row in rows if row.seminar_id is not None}
    out = {key for key, row in added.items() if row.left_out}
    followed = [
        _with(item, added.get(item.key)) for item in _followed(schedule) if item.key not in out
    ]
    items = in_order([*typed, *followed])
    named = {each for item in items for each in item.agencies}
    units = Agency.objects.filter(pk__in=named, kind=AgencyKind.UNIT, parent=agency)
    name = agency.name_on(clock.day_of(at))
    return Snapshot(
        year=schedule.iso_year,
        week=schedule.iso_week,
        agency=name.name if name else agency.name,
        parent=agency.parent.name if agency.parent else "",
        place=name.place if name else "",
        replaces_invitations=schedule.replaces_invitations,
        # The dash before each is the paper's.
        recipients=tuple(line.lstrip("- ") for line in lines_of(schedule.recipients)),
        signed_as=lines_of(schedule.signed_as),
        signer=schedule.signer,
        leaders=_leaders(agency, schedule.week.monday),
        items=items,
        gone=_gone(schedule, before, items, out),
        units=tuple(sorted(units.values_list("pk", flat=True))),
    )


def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines that say something, without the spaces around them."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _typed(row: ScheduleItem) -> Item:
    assert row.day is not None
    return Item(
        key=row.key, day=row.day, half=row.half_day, content=row.content, start5=row.start5,
        end5=row.end5, chair=row.chair, leaders=lines_of(row.leaders), joint=row.joint,
        place=row.place, unit=row.unit, staff=row.staff, separate=row.separate,
        agencies=tuple(sorted(each.pk for each in row.agencies.all())),
    )  # fmt: skip


def _with(item: Item, row: ScheduleItem | None) -> Item:
    """Return what follows a seminar with what the office adds to it."""
    if row is None:
        return item
    return replace(
        item,
        leaders=lines_of(row.leaders),
        joint="; ".join(part for part in (item.joint, row.joint) if part),
        unit=row.unit,
        staff=row.staff,
        separate=item.separate or row.separate,
    )


def _followed(schedule: WeeklySchedule) -> Iterable[Item]:
    """The agency's own seminars, and those to which it is invited and has not declined."""
    agency = schedule.agency_id
    came = Invitation.objects.filter(agency=agency, sent_at__isnull=False)
    came = came.exclude(answer=Answer.DECLINED)
    sent = Invitation.objects.filter(sent_at__isnull=False).select_related("agency", "venue__room")
    seminars = (
        Seminar.objects.on_days(schedule.week.monday, schedule.week.sunday)
        .filter(Q(agency=agency) | Q(pk__in=came.values("seminar")))
        .exclude(state__in=_NOT_SHOWN)
        .select_related("agency", "chair")
        .prefetch_related(
            "venues__room", Prefetch("invitations", sent.order_by("agency__sort_key"))
        )
    )
    for seminar in seminars:
        yield _item(seminar, schedule)


def _item(seminar: Seminar, schedule: WeeklySchedule) -> Item:
    ours = seminar.agency_id == schedule.agency_id
    invitations = list(seminar.invitations.all())
    day, half = _when(seminar, schedule.week)
    content = seminar.title
    if seminar.state == SeminarState.TENTATIVE:
        content = f"{content} (dự kiến)"
    chair = seminar.chair.name if seminar.chair else ""
    if ours:
        venues = list(seminar.venues.all())
    else:
        content = f"{content} ({seminar.agency} tổ chức)"
        venues = [each.venue for each in invitations if each.agency_id == schedule.agency_id]
        if seminar.chair and seminar.chair.office:
            chair = f"{chair}, {seminar.chair.office}"
    return Item(
        key=f"s{seminar.pk}", day=day, half=half, content=content, start5=seminar.start5,
        end5=seminar.end5, chair=chair, place="; ".join(where(venue) for venue in venues),
        joint=", ".join(str(each.agency) for each in invitations) if ours else "",
        separate=ours and bool(invitations), seminar=seminar.pk, invited=not ours,
        agencies=tuple(sorted(each.agency_id for each in invitations)) if ours else (),
    )  # fmt: skip


def _when(seminar: Seminar, week: Week) -> tuple[date, str]:
    """The day on which it stands (Monday, if it began before) and its half-day."""
    assert seminar.day is not None
    if seminar.start5 is None:
        return seminar.day, seminar.half_day or HalfDay.WHOLE
    starts = from5(seminar.start5)
    if starts.date() < week.monday:
        return week.monday, HalfDay.WHOLE
    return starts.date(), half_of(starts, seminar.ends_at)


def _leaders(agency: Agency, day: date) -> tuple[str, ...]:
    roles = {Role.HEAD: 0, Role.LEADER: 1}
    posts = Post.objects.live_on(day).filter(agency=agency, role__in=roles).select_related("user")
    held = sorted(posts, key=lambda post: (roles[Role(post.role)], post.user.sort_key, post.pk))
    return tuple(dict.fromkeys(post.user.get_full_name() for post in held))


def _gone(
    schedule: WeeklySchedule,
    before: Snapshot | None,
    items: Iterable[Item],
    out: Container[str],
) -> dict[str, str]:
    """Say why each item of the version before is not there any more (two queries)."""
    here = {item.key for item in items}
    left = [item for item in before.items if item.key not in here] if before else []
    pks = [item.seminar for item in left if item.seminar is not None]
    seminars = Seminar.objects.in_bulk(pks)
    declined = set(
        Invitation.objects.filter(
            seminar__in=pks, agency=schedule.agency_id, answer=Answer.DECLINED
        ).values_list("seminar", flat=True)
    )  # fmt: skip
    why = {}
    for item in left:
        if item.seminar is None or item.key in out:
            why[item.key] = Gone.TAKEN_OUT
        elif seminars[item.seminar].state == SeminarState.CANCELLED:
            why[item.key] = Gone.CANCELLED
        elif item.seminar in declined:
            why[item.key] = Gone.DECLINED
        elif seminars[item.seminar].day is None:
            why[item.key] = Gone.POSTPONED
        else:
            why[item.key] = Gone.OTHER_WEEK
    return {key: str(reason) for key, reason in why.items()}
