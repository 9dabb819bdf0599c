"""The weekly schedule: what stands in it, what is issued, and who is told and sees which items."""

from datetime import date, time

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from agencies.choices import AgencyKind, Audience, Role
from agencies.models import Agency, User
from documents import secrecy
from documents.refusals import EditedMeanwhile, Incomplete, NotFound, NotPermitted
from ledger import append_only
from ledger.models import LedgerEntry
from ledger.verification import verify
from seminars import access, lifecycle, schedule_access, schedule_draft
from seminars.lifecycle import Additions, Frame, ScheduleLine
from seminars.lifecycle.schedules import MOST_ITEMS
from seminars.models import (
    ScheduleItem,
    ScheduleTold,
    ScheduleVersion,
    Seminar,
    WeeklySchedule,
)
from seminars.weekly.differences import difference, words
from seminars.weekly.snapshot import Snapshot, as_json, digest_of
from seminars.weekly.weeks import Week
from tests.documents.world import agency, person
from tests.seminars.world import Seminars, at

pytestmark = pytest.mark.django_db

#: 13 to 19 June 2016; seminars of the small world are on Wednesday the 15th.
WEEK = Week(2016, 24)
MONDAY = date(2016, 6, 13)


class Office(Seminars):
    """The province's office writes its schedule of that week."""

    def __init__(self) -> None:
        super().__init__()
        self.unit = agency("Phòng Tổng hợp", kind=AgencyKind.UNIT, parent=self.small.province)
        self.unit_clerk = person("u_clerk", (self.unit, Role.CLERK))
        self.schedule = self.begin()

    def begin(self, week: Week = WEEK, *, moment=None) -> WeeklySchedule:
        return lifecycle.begin_schedule(
            agency=self.small.province, week=week, by=self.officer, at=moment or at(3)
        )

    def line(self, **values: object) -> ScheduleLine:
        values = {"day": MONDAY, "half_day": "morning", "content": "Họp giao ban"} | values
        return ScheduleLine(**values)  # type: ignore[arg-type]

    def add(self, *, by: User | None = None, **values: object) -> ScheduleItem:
        return lifecycle.add_item(
            schedule=self.schedule, line=self.line(**values), by=by or self.officer, at=at(3)
        )

    def change(self, key: str, line: Additions, edits: int = 1) -> ScheduleItem:
        return lifecycle.change_item(
            schedule=self.schedule, key=key, line=line, edits=edits, by=self.officer, at=at(3)
        )

    def take_out(self, key: str, edits: int = 1) -> None:
        lifecycle.take_out(schedule=self.schedule, key=key, edits=edits, by=self.officer, at=at(3))

    def frame(self, **values: object) -> None:
        self.schedule = lifecycle.set_frame(
            schedule=self.schedule, frame=Frame(**values), edits=self.schedule.edits,
            by=self.officer, at=at(3),
        )  # fmt: skip

    def drafted(self, *, moment=None) -> Snapshot:
        last = schedule_draft.issued(self.schedule)
        schedule = WeeklySchedule.objects.select_related("agency__parent").get(pk=self.schedule.pk)
        return schedule_draft.compiled(
            schedule, before=last.read if last else None, at=moment or at(3, 10)
        )

    def issue(self, *, by: User | None = None, moment=None) -> ScheduleVersion:
        moment = moment or at(3, 10)
        return lifecycle.issue_schedule(
            schedule=self.schedule, seen=digest_of(as_json(self.drafted(moment=moment))),
            by=by or self.clerk, at=moment,
        )  # fmt: skip

    def contents(self) -> list[str]:
        return [item.content for item in self.drafted().items]

    def said(self) -> list[str]:
        """What the newest version changed."""
        *_older, before, after = [row.read for row in self.schedule.versions.order_by("no")]
        return [words(each) for each in difference(before.items, after.items, after.gone)]

    def seen_by(self, user: User, version: ScheduleVersion) -> list[str]:
        who = access.standing(user, at=at(3, 11))
        reading = schedule_access.reading_or_404(who, self.schedule.pk)
        return [item.content for item in reading.of(version.read).items]


def told(version: ScheduleVersion) -> set[Agency]:
    return {row.agency for row in version.told.select_related("agency")}


# -- What stands in it ------------------------------------------------------------------------------


def test_a_seminar_comes_by_itself_and_is_followed_while_it_is_a_draft():
    office = Office()
    seminar = office.draft()
    assert office.contents() == []

    seminar = lifecycle.hold(seminar=seminar, by=office.officer, at=at(2))
    assert office.contents() == ["Hội thảo xây dựng phong trào (dự kiến)"]
    seminar = lifecycle.schedule(seminar=seminar, by=office.officer, at=at(2))
    item = office.drafted().items[0]
    assert (item.content, item.day, item.half) == (
        "Hội thảo xây dựng phong trào", date(2016, 6, 15), "morning",
    )  # fmt: skip
    assert (item.chair, item.place) == ("Lâm Sương Dung", "Hội trường A")

    time = lifecycle.Time(at(16, 14), at(16, 16))
    lifecycle.move(seminar=seminar, time=time, by=office.officer, at=at(3))
    moved = office.drafted().items[0]
    assert (moved.key, moved.day, moved.half) == (item.key, date(2016, 6, 16), "afternoon")
    lifecycle.cancel(seminar=seminar, reason="Trùng lịch", by=office.clerk, at=at(3))
    assert office.contents() == []


@pytest.mark.parametrize(
    ("first", "last", "day", "half"),
    [
        (at(13, 0), at(13, 1), date(2016, 6, 13), "morning"),
        (at(19, 22), at(20, 0), date(2016, 6, 19), "evening"),
        # Began the week before: it stands on Monday.
        (at(11, 8), at(14, 11), date(2016, 6, 13), "whole"),
        (at(17, 8), at(21, 11), date(2016, 6, 17), "whole"),
        (at(14, 8), at(14, 16, 30), date(2016, 6, 14), "whole"),
        (at(14, 10), at(14, 13, 30), date(2016, 6, 14), "morning"),
    ],
)
def test_a_seminar_stands_on_its_day_and_half_day(first, last, day, half):
    office = Office()
    office.held(time=lifecycle.Time(first, last))

    (item,) = office.drafted().items
    assert (item.day, item.half) == (day, half)


@pytest.mark.parametrize(("first", "last"), [(at(12, 22), at(13, 0)), (at(20, 0), at(20, 2))])
def test_a_seminar_of_another_week_is_not_in_it(first, last):
    office = Office()
    office.held(time=lifecycle.Time(first, last))

    assert office.contents() == []


def test_half_a_day_without_an_hour_is_enough():
    office = Office()
    office.held(time=lifecycle.Time(day=date(2016, 6, 14), half_day="afternoon"))

    (item,) = office.drafted().items
    assert (item.half, item.start5) == ("afternoon", None)


def test_an_invitation_comes_once_it_was_sent_and_leaves_when_it_is_declined():
    office = Office()
    seminar = office.listed()
    home = lifecycle.begin_schedule(
        agency=office.small.home, week=WEEK, by=office.small.home_officer, at=at(3)
    )

    def items():
        return schedule_draft.compiled(home, before=None, at=at(3, 10)).items

    assert items() == ()
    letter = office.letter([office.small.home, office.small.finance])
    lifecycle.invite(seminar=seminar, letter=letter, answer_by=None, by=office.clerk, at=at(3))
    (item,) = items()
    assert item.content == "Hội thảo xây dựng phong trào (UBND tỉnh tổ chức)"
    assert item.chair == "Lâm Sương Dung, Phó Chủ tịch"
    # Nothing of the others who are invited.
    assert (item.joint, item.agencies) == ("", ())
    lifecycle.answer(
        invitation=office.invitation(seminar), comes=False, reason="Bận", at=at(3),
        by=office.small.home_clerk,
    )  # fmt: skip
    assert items() == ()


def test_typed_items_stand_in_order_with_half_days_before_hours():
    office = Office()
    office.add(content="Hai", half_day="", starts=time(9))
    office.add(content="Một", half_day="", starts=time(7, 30), ends=time(8))
    office.add(content="Cả ngày", half_day="whole")
    office.add(content="Sáng", half_day="morning")
    office.add(content="Tối thứ Ba", half_day="", starts=time(19), day=date(2016, 6, 14))

    assert office.contents() == ["Cả ngày", "Sáng", "Một", "Hai", "Tối thứ Ba"]
    assert office.drafted().items[-1].half == "evening"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"content": " "}, "content"),
        ({"content": "x" * 2001}, "content"),
        ({"day": None}, "day"),
        ({"day": date(2016, 6, 20)}, "day"),
        ({"half_day": ""}, "half_day"),
        ({"half_day": "x"}, "half_day"),
        ({"starts": time(7, 40)}, "starts"),
        ({"starts": time(7, 30, 20)}, "starts"),
        ({"starts": time(9), "ends": time(9)}, "ends"),
        ({"ends": time(9)}, "starts"),
        ({"place": "x" * 256}, "place"),
        ({"leaders": "x" * 2001}, "leaders"),
    ],
)
def test_what_cannot_stand_is_refused_and_nothing_is_written(values, code):
    office = Office()

    with pytest.raises(Incomplete) as refused:
        office.add(**values)

    assert [reason.code for reason in refused.value.reasons] == [code]
    assert not ScheduleItem.objects.exists()


def test_a_state_secret_is_refused_wherever_it_is_typed():
    office = Office()
    for name in ("content", "joint", "leaders", "unit"):
        with pytest.raises(secrecy.SecretPaper):
            office.add(**{name: "TUYỆT MẬT\nKế hoạch"})
    with pytest.raises(secrecy.SecretPaper):
        office.frame(recipients="TUYỆT MẬT\nKế hoạch")
    assert not ScheduleItem.objects.exists()


def test_the_schedule_is_full_one_day():
    office = Office()
    ScheduleItem.objects.bulk_create(
        ScheduleItem(schedule=office.schedule, day=MONDAY, half_day="morning", content="x")
        for _each in range(MOST_ITEMS)
    )
    with pytest.raises(Incomplete):
        office.add()


def test_two_who_edit_at_once_do_not_overwrite_one_another():
    office = Office()
    item = office.add()
    office.change(item.key, office.line(content="Của người thứ nhất"))

    with pytest.raises(EditedMeanwhile):
        office.change(item.key, office.line(content="Của người thứ hai"))
    with pytest.raises(EditedMeanwhile):
        office.take_out(item.key)
    assert office.contents() == ["Của người thứ nhất"]
    office.frame(recipients="Một")
    with pytest.raises(EditedMeanwhile):
        lifecycle.set_frame(
            schedule=office.schedule, frame=Frame(), edits=0, by=office.officer, at=at(3)
        )
    office.take_out(item.key, edits=2)
    with pytest.raises(NotFound):
        office.change(item.key, office.line(), edits=2)


def test_the_office_adds_to_a_seminar_and_may_leave_it_out():
    office = Office()
    seminar = office.scheduled()
    key = f"s{seminar.pk}"

    office.change(key, Additions(leaders="Lâm Sương Dung\nÔng Mẫu", unit="Văn phòng"), edits=0)
    item = office.drafted().items[0]
    assert (item.leaders, item.unit) == (("Lâm Sương Dung", "Ông Mẫu"), "Văn phòng")
    with pytest.raises(Incomplete):
        office.change(key, office.line())
    with pytest.raises(EditedMeanwhile):
        office.change(key, Additions(), edits=0)

    office.take_out(key)
    assert office.contents() == []
    with pytest.raises(NotFound):
        office.change(key, Additions(), edits=2)
    lifecycle.put_back(schedule=office.schedule, key=key, by=office.officer, at=at(3))
    assert office.drafted().items[0].unit == "Văn phòng"
    for nothing in ("s999999", "s0", "t" + "0" * 32, "x", "s" + "9" * 19, "t999999"):
        with pytest.raises(NotFound):
            office.change(nothing, Additions(), edits=0)


def test_last_week_is_copied_seven_days_later_and_once():
    office = Office()
    office.add(half_day="", starts=time(7, 30), ends=time(8), agencies=[office.small.home])
    office.add(content="Trực", half_day="whole", leaders="Ông Mẫu")
    office.scheduled()
    following = office.begin(WEEK.plus(1))

    def copy() -> int:
        return lifecycle.copy_last_week(schedule=following, by=office.officer, at=at(3))

    assert (copy(), copy()) == (2, 0)
    items = schedule_draft.compiled(following, before=None, at=at(3)).items
    assert [(each.content, each.day) for each in items] == [
        ("Trực", date(2016, 6, 20)), ("Họp giao ban", date(2016, 6, 20)),
    ]  # fmt: skip
    assert items[1].when[2:] == (office_hour(20, 7, 30), office_hour(20, 8))
    assert items[1].agencies == (office.small.home.pk,)
    with pytest.raises(Incomplete):
        lifecycle.copy_last_week(schedule=office.schedule, by=office.officer, at=at(3))


def office_hour(day: int, hour: int, minute: int = 0) -> int:
    return int(at(day, hour, minute).timestamp()) // 300


def test_a_week_is_begun_once_with_what_stood_around_the_last():
    office = Office()
    office.frame(recipients="- Như trên", signed_as="TL. CHỦ TỊCH", signer="Ông Mẫu")

    assert office.begin() == office.schedule
    following = office.begin(WEEK.plus(1))
    assert (following.recipients, following.signer) == ("- Như trên", "Ông Mẫu")
    with pytest.raises(Incomplete):
        office.begin(Week(2016, 21))
    with pytest.raises(Incomplete):
        lifecycle.add_item(
            schedule=office.schedule, line=office.line(), by=office.officer, at=at(20)
        )


# -- Issuing ------------------------------------------------------------------------------------


def test_an_issued_version_never_changes():
    office = Office()
    office.add()
    version = office.issue()
    kept = ScheduleVersion.objects.values().get()

    for act in (
        lambda: ScheduleVersion.objects.update(issued_at=at(4)),
        lambda: ScheduleVersion.objects.filter(pk=version.pk).update(snapshot={}),
        lambda: version.delete(),
        lambda: ScheduleVersion.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    # Foreign keys that are still to be checked would refuse a TRUNCATE by themselves.
    connection.check_constraints()
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE seminars_scheduleversion CASCADE")
    assert ScheduleVersion.objects.values().get() == kept
    assert append_only.missing() == []
    # Neither what is written afterwards, nor a seminar that moves, reaches it.
    office.add(content="Thêm sau")
    office.scheduled()
    assert [each.content for each in ScheduleVersion.objects.get().read.items] == ["Họp giao ban"]


def test_who_was_told_is_kept_as_it_was():
    office = Office()
    office.add(agencies=[office.small.home])
    office.issue()

    for act in (
        lambda: ScheduleTold.objects.update(invited_to=["t1"]),
        lambda: ScheduleTold.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_versions_count_from_the_first_issue_and_the_ledger_holds_their_digests():
    office = Office()
    item = office.add()
    first = office.issue()
    office.change(item.key, office.line(half_day="", starts=time(14)))
    second = office.issue(by=office.leader)

    assert (first.no, second.no) == (0, 1)
    assert office.said() == ["Chuyển: Họp giao ban từ sáng thứ Hai 13/06 sang 14:00 thứ Hai 13/06."]
    entries = LedgerEntry.objects.filter(type="schedule.issued").order_by("seq")
    for entry, version in zip(entries, (first, second), strict=True):
        written = bytes(entry.entry_bytes).decode()
        assert version.digest == digest_of(version.snapshot)
        assert version.digest in written
        assert "Họp giao ban" not in written
    assert verify().problems == []


def test_the_ledger_notices_a_version_that_was_tampered_with():
    office = Office()
    office.add()
    version = office.issue()
    with append_only.lifted():
        snapshot = version.snapshot | {"agency": "Cơ quan khác"}
        ScheduleVersion.objects.filter(pk=version.pk).update(snapshot=snapshot)

    assert any(f"schedule version {version.pk}" in each.text for each in verify().problems)


def test_nothing_is_issued_twice_or_unread():
    office = Office()
    with pytest.raises(Incomplete):
        office.issue()
    office.add()
    office.issue()
    with pytest.raises(Incomplete):
        office.issue()

    shown = digest_of(as_json(office.drafted()))
    seminar = office.scheduled()
    with pytest.raises(EditedMeanwhile):
        lifecycle.issue_schedule(
            schedule=office.schedule, seen=shown, by=office.clerk, at=at(3, 10)
        )
    office.issue()
    assert office.said() == [
        "Thêm: Hội thảo xây dựng phong trào (07:30 – 10:00 thứ Tư 15/06, Hội trường A)."
    ]
    with pytest.raises(Incomplete):
        office.issue(moment=at(20))
    assert seminar.schedule_items.count() == 0


def test_what_happens_to_a_seminar_between_two_issues_is_said():
    office = Office()
    rooms = [office.room(f"Phòng {n}") for n in range(4)]
    chairs = [("Chủ trì", str(n)) for n in range(4)]
    made = [
        office.scheduled(places=[office.place(room=room)], chair=chair, title=f"Cuộc {n}")
        for n, (room, chair) in enumerate(zip(rooms, chairs, strict=True))
    ]
    office.issue()
    lifecycle.cancel(seminar=made[0], reason="Bão", by=office.clerk, at=at(3))
    lifecycle.postpone(seminar=made[1], reason="Bão", by=office.clerk, at=at(3))
    away, later = lifecycle.Time(at(22, 8), at(22, 9)), lifecycle.Time(at(15, 14), at(15, 15))
    lifecycle.move(seminar=made[2], time=away, by=office.officer, at=at(3))
    lifecycle.move(seminar=made[3], time=later, by=office.officer, at=at(3))
    office.issue()

    day = "07:30 – 10:00 thứ Tư 15/06"
    assert sorted(office.said()) == sorted(
        [
            f"Hủy: Cuộc 0 ({day}).", f"Hoãn: Cuộc 1 ({day}).",
            f"Chuyển sang tuần khác: Cuộc 2 ({day}).",
            f"Chuyển: Cuộc 3 từ {day} sang 14:00 – 15:00 thứ Tư 15/06.",
        ]
    )  # fmt: skip


def test_exactly_those_are_told_whose_items_changed():
    office = Office()
    home, finance = office.small.home, office.small.finance
    first = office.add(content="Một", agencies=[home])
    office.add(content="Hai", agencies=[finance])
    office.add(content="Ba")
    assert told(office.issue()) == {home, finance}

    # What only the own people read tells nobody.
    office.change(first.key, office.line(content="Một", agencies=[home], staff="CV"))
    assert told(office.issue()) == set()
    office.change(first.key, office.line(content="Một", agencies=[home], place="Phòng 2"), edits=2)
    assert told(office.issue()) == {home}
    office.change(first.key, office.line(content="Một", place="Phòng 2"), edits=3)
    version = office.issue()
    assert told(version) == {home}
    assert version.told.get().keys == [first.key]


def test_the_schedule_takes_the_place_of_invitations_of_its_own_units():
    office = Office()
    unit, home = office.unit, office.small.home
    first = office.add(agencies=[unit, home])
    office.add(content="Có giấy mời", agencies=[unit], separate=True)
    version = office.issue()
    assert [row.invited_to for row in version.told.all()] == [[], []]

    office.frame(replaces_invitations=True)
    version = office.issue()
    row = version.told.get()
    assert (row.agency, row.invited_to) == (unit, [first.key])


# -- Who does what, who sees what ------------------------------------------------------------------


def test_officers_write_and_the_office_issues():
    office = Office()
    small = office.small
    archivist = person("p_archivist", (small.province, Role.ARCHIVIST))
    for user in (small.home_clerk, small.home_head, archivist, small.stranger):
        with pytest.raises(NotPermitted):
            office.add(by=user)
        with pytest.raises(NotPermitted):
            lifecycle.begin_schedule(agency=small.province, week=WEEK, by=user, at=at(3))
    for user in (office.officer, office.clerk, office.leader, small.head):
        office.add(by=user, content=user.username)

    for user in (office.officer, archivist, small.home_clerk, small.stranger):
        with pytest.raises(NotPermitted):
            office.issue(by=user)
    assert office.issue(by=small.head).issued_by == small.head


def test_the_people_of_the_agency_read_it_and_others_only_what_names_them():
    office = Office()
    small = office.small
    office.add(content="Chung")
    office.add(content="Của Sở", agencies=[small.home], leaders="Ông Mẫu", joint="Sở khác",
               staff="CV")  # fmt: skip
    version = office.issue()

    for user in (office.officer, office.clerk, small.head):
        assert office.seen_by(user, version) == ["Chung", "Của Sở"]
    assert office.seen_by(small.home_officer, version) == ["Của Sở"]
    reading = schedule_access.reading_or_404(small.home_officer, office.schedule.pk, at=at(3, 11))
    shown = reading.of(version.read)
    (item,) = shown.items
    assert (item.leaders, item.joint, item.staff, item.agencies) == ((), "", "", ())
    assert (shown.leaders, shown.recipients, shown.units) == ((), (), ())
    superuser = User.objects.create(username="root", is_superuser=True)
    for user in (small.finance_clerk, small.stranger, superuser):
        with pytest.raises(Http404):
            office.seen_by(user, version)


def test_an_office_that_keeps_its_papers_to_itself_is_told_as_an_office():
    office = Office()
    finance = office.small.finance
    assert finance.default_audience == Audience.OFFICE
    office.add(content="Của Sở", agencies=[finance])
    version = office.issue()

    assert office.seen_by(office.small.finance_clerk, version) == ["Của Sở"]
    with pytest.raises(Http404):
        office.seen_by(office.small.finance_officer, version)


def test_nobody_reads_an_item_of_a_seminar_that_he_may_not_see():
    """Sở Tài chính is invited as an office: its officers learn of it nowhere, its schedule included."""
    office = Office()
    small = office.small
    seminar = office.invited()
    invitation = office.invitation(seminar, small.finance)
    assert invitation.audience == Audience.OFFICE
    office.schedule = lifecycle.begin_schedule(
        agency=small.finance, week=WEEK, by=small.finance_clerk, at=at(3)
    )
    lifecycle.add_item(
        schedule=office.schedule, line=office.line(content="Chung"), by=small.finance_officer,
        at=at(3),
    )  # fmt: skip
    version = office.issue(by=small.finance_clerk)

    assert len(version.read.items) == 2
    assert len(office.seen_by(small.finance_clerk, version)) == 2
    assert office.seen_by(small.finance_officer, version) == ["Chung"]
    # Neither does it help that the seminar itself is shown to everybody: who goes is the office's.
    Seminar.objects.filter(pk=seminar.pk).update(visibility="everybody")
    assert access.visible_to(small.finance_officer, at=at(3)).exists()
    assert office.seen_by(small.finance_officer, version) == ["Chung"]


def test_agencies_that_are_invited_are_told_by_the_organisers_schedule():
    office = Office()
    small = office.small
    office.invited()
    version = office.issue(moment=at(3, 10))

    assert told(version) == {small.home, small.finance}
    assert office.seen_by(small.home_officer, version) == ["Hội thảo xây dựng phong trào"]
    own = schedule_access.reading_or_404(office.officer, office.schedule.pk, at=at(3, 11))
    assert own.of(version.read).items[0].joint == "Sở Nội vụ, Sở Tài chính"
    assert own.of(version.read).items[0].separate
    with pytest.raises(Http404):
        office.seen_by(small.finance_officer, version)
    assert all(row.invited_to == [] for row in version.told.all())


def test_another_agency_opens_no_version_from_before_it_was_told():
    office = Office()
    office.add(content="Chung")
    office.issue()
    office.add(content="Của Sở", agencies=[office.small.home])
    office.issue()

    who = access.standing(office.small.home_officer, at=at(3, 11))
    reading = schedule_access.reading_or_404(who, office.schedule.pk)
    assert [row.no for row in schedule_access.versions_of(reading)] == [1]
