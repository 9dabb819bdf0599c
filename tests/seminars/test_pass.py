"""The whole pass: ordered, planned, invited, named, held, minuted, concluded, reported, closed."""

from datetime import date

import pytest

from agencies import clock
from documents.refusals import Incomplete
from ledger.models import LedgerEntry
from ledger.verification import verify
from seminars import lifecycle
from seminars.choices import NominationState, ProgrammeState, SeminarState
from seminars.models import Attendance, RoomClaim, SeminarEvent
from tests.seminars.world import Seminars, at

pytestmark = pytest.mark.django_db


def test_a_seminar_goes_from_the_order_to_the_report():
    house = Seminars()
    programme = house.programme()
    seminar = house.reported(programme=programme)

    closed = lifecycle.close_programme(programme=programme, by=house.officer, at=at(17))

    assert closed.state == ProgrammeState.CARRIED_OUT
    assert seminar.state == SeminarState.REPORTED
    assert programme.order.words == "tổ chức hội thảo"
    acts = list(SeminarEvent.objects.filter(seminar=seminar).values_list("act", flat=True))
    assert acts == [
        "edit", "hold", "schedule", "list_invited", "invite", "name", "open", "mark", "close",
        "write_minutes", "approve_minutes", "conclude", "report",
    ]  # fmt: skip
    proofs = LedgerEntry.objects.filter(type__startswith="seminar.")
    assert list(proofs.order_by("seq").values_list("type", flat=True)) == [
        "seminar.invited", "seminar.nominated", "seminar.concluded", "seminar.reported",
    ]  # fmt: skip
    assert verify().problems == []


def test_five_working_days_run_from_the_day_on_which_it_ended():
    house = Seminars()
    seminar = house.ended()

    # Wednesday 15 June 2016: 16, 17, 20, 21, 22.
    assert seminar.conclusion.due_on == date(2016, 6, 22)


def test_it_is_concluded_only_with_attendance_and_approved_minutes():
    house = Seminars()
    seminar = house.under_way()
    lifecycle.close(seminar=seminar, by=house.officer, at=at(15, 10))

    with pytest.raises(Incomplete) as refused:
        lifecycle.conclude(seminar=seminar, notice=None, by=house.clerk, at=at(16))

    assert [reason.code for reason in refused.value.reasons] == [
        "attendance", "minutes", "notice",
    ]  # fmt: skip


def test_a_waiver_concludes_it_without_a_notice():
    house = Seminars()
    seminar = lifecycle.conclude(
        seminar=house.minuted(), notice=None, waiver="Kết luận ngay tại biên bản",
        by=house.clerk, at=at(16),
    )  # fmt: skip

    assert seminar.state == SeminarState.CONCLUDED
    assert seminar.conclusion.waiver == "Kết luận ngay tại biên bản"


def test_a_programme_with_too_few_reports_is_closed_by_its_owner_with_a_reason_alone():
    house = Seminars()
    programme = house.programme(target=2)
    house.reported(programme=programme)

    def close(by, waiver):
        return lifecycle.close_programme(programme=programme, waiver=waiver, by=by, at=at(18))

    for by, waiver, code in ((house.officer, "", "waiver"), (house.clerk, "Đủ rồi", "owner")):
        with pytest.raises(Incomplete) as refused:
            close(by, waiver)
        assert [reason.code for reason in refused.value.reasons] == [code]
    assert close(house.officer, "Tỉnh đồng ý").state == ProgrammeState.WAIVED


def test_attendance_is_marked_anew_and_counts_each_once():
    house = Seminars()
    seminar = house.under_way()
    row = seminar.nominations.select_related("person", "invitation__agency", "venue").get()

    lifecycle.mark(
        seminar=seminar, marks=[lifecycle.Mark(row, "excused", reason="ốm")],
        by=house.officer, at=at(15, 8),
    )  # fmt: skip
    lifecycle.mark(
        seminar=seminar,
        marks=[lifecycle.Mark(row, "substitute", substitute=("Lê Văn Thay", "Phó phòng"))],
        walk_ins=[lifecycle.WalkIn(house.small.finance, row.venue, "Phạm Thị Đến")],
        by=house.officer,
        at=at(15, 9),
    )

    found = Attendance.objects.order_by("pk").values_list(
        "presence", "person__name", "substitute__name", "reason"
    )
    assert list(found) == [
        ("substitute", "Trần Thị Mẫu", "Lê Văn Thay", ""),
        ("present", "Phạm Thị Đến", None, ""),
    ]
    with pytest.raises(Incomplete):
        lifecycle.mark(
            seminar=seminar,
            walk_ins=[lifecycle.WalkIn(house.small.finance, row.venue, "Phạm Thị  Đến")],
            by=house.officer,
            at=at(15, 9),
        )


def test_a_delegate_who_was_named_is_no_walk_in():
    house = Seminars()
    seminar = house.under_way()

    with pytest.raises(Incomplete):
        lifecycle.mark(
            seminar=seminar,
            walk_ins=[lifecycle.WalkIn(house.small.home, seminar.venues.get(), "trần thị mẫu")],
            by=house.officer,
            at=at(15, 9),
        )
    assert not Attendance.objects.exists()


def test_postponing_keeps_the_uid_raises_the_sequence_and_frees_the_room():
    house = Seminars()
    seminar = house.invited()
    uid, sequence = seminar.uid, seminar.sequence
    house.named(seminar, "Trần Thị Mẫu")

    seminar = lifecycle.postpone(seminar=seminar, reason="Bão số 1", by=house.clerk, at=at(10))

    assert (seminar.uid, seminar.sequence) == (uid, sequence + 1)
    assert (seminar.state, seminar.day, seminar.start5) == (SeminarState.TENTATIVE, None, None)
    assert not RoomClaim.objects.exists()
    # Answers stay: nobody has to name his delegates a second time.
    assert seminar.nominations.filter(state=NominationState.CONFIRMED).count() == 1


def test_the_room_follows_a_moved_seminar_at_once():
    house = Seminars()
    seminar = house.scheduled()
    time = lifecycle.Time(at(16, 14), at(16, 16))

    moved = lifecycle.move(seminar=seminar, time=time, by=house.officer, at=at(3))

    slots = sorted(RoomClaim.objects.values_list("slot15", flat=True))
    # A quarter to set up, two hours, a quarter to clear up.
    assert len(slots) == 10
    assert slots[0] == int(at(16, 13, 45).timestamp()) // 900
    assert clock.day_of(moved.starts_at) == date(2016, 6, 16)
    assert moved.sequence == seminar.sequence + 1


def test_the_sequence_rises_with_what_calendars_show_and_with_nothing_else():
    house = Seminars()
    seminar = house.invited()
    time, venue = lifecycle.Time.of(seminar), seminar.venues.get()
    place = house.place(venue=venue.pk)

    same = lifecycle.move(seminar=seminar, time=time, reason="x", by=house.officer, at=at(6))
    same = lifecycle.set_places(seminar=same, places=[place], by=house.officer, at=at(6))
    same = lifecycle.invite(
        seminar=same, letter=house.invitation(same).letter, answer_by=at(10),
        by=house.clerk, at=at(6),
    )  # fmt: skip
    assert same.sequence == seminar.sequence

    elsewhere = house.place(venue=venue.pk, room=house.room("Phòng 2"))
    moved = lifecycle.set_places(seminar=same, places=[elsewhere], by=house.officer, at=at(6))
    assert moved.sequence == seminar.sequence + 1


def test_moving_an_announced_seminar_needs_a_reason_and_words_alone_need_no_new_version():
    house = Seminars()
    seminar = house.invited()
    time = lifecycle.Time(at(16, 14), at(16, 16))

    with pytest.raises(Incomplete):
        lifecycle.move(seminar=seminar, time=time, by=house.officer, at=at(6))
    edited = lifecycle.edit(
        seminar=seminar, details=house.details(title="Hội thảo, tên mới"), edits=seminar.edits,
        by=house.officer, at=at(6),
    )  # fmt: skip

    assert edited.sequence == seminar.sequence
    moved = lifecycle.move(
        seminar=seminar, time=time, reason="Trùng kỳ họp", by=house.officer, at=at(6)
    )
    assert moved.sequence == seminar.sequence + 1
