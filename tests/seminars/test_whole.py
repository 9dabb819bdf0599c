"""A whole programme is planned as its rows stand, shown with its reasons, and applied or not."""

import random
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from documents import access
from documents.refusals import Incomplete, NotFound, WrongState
from seminars import findings, half_days, lifecycle, planner
from seminars.choices import FindingCode, SeminarState
from seminars.half_days import Half
from seminars.lifecycle import Invited, Question, Time
from seminars.models import Person, Programme, RoomClosure, RoomHours, Seminar
from seminars.planner import Frame, Proposal
from seminars.planning import MOST, Reason
from seminars.refusals import RoomTaken
from tests.documents.factories import client_of
from tests.examples import a_share
from tests.seminars.world import Seminars, at

pytestmark = pytest.mark.django_db

#: Monday 13 to Friday 17 June 2016.
FIRST, LAST = date(2016, 6, 13), date(2016, 6, 17)
NOW = at(3, 12)


@pytest.fixture(autouse=True)
def june(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are opened at noon of Friday 3 June 2016."""
    monkeypatch.setattr("agencies.clock.now", lambda: NOW)


def frame(**values: Any) -> Frame:
    values.setdefault("first", FIRST)
    values.setdefault("last", LAST)
    return Frame(morning=time(8), afternoon=time(13, 30), minutes=120, **values)


def propose(house: Seminars, programme: Programme, **values: Any) -> Proposal:
    who = access.standing(house.officer, at=NOW)
    return planner.propose(programme, frame(**values), who=who, at=NOW)


def other_chair(house: Seminars) -> Person:
    return Person.objects.create(agency=house.small.province, name="Hồ Thị Mẫu")


def apply(house: Seminars, programme: Programme, mark: str = "", **values: Any) -> list[Seminar]:
    mark = mark or propose(house, programme, **values).mark
    return lifecycle.apply_plan(
        programme=programme, frame=frame(**values), mark=mark, by=house.officer, at=NOW
    )


def placed(proposal: Proposal) -> list[str]:
    """Each as "13 morning Hội trường A", in the order in which they were drafted."""
    rows = sorted(proposal.rows, key=lambda row: row.seminar.pk)
    return [
        f"{row.half.day.day} {row.half.half} {row.room.name if row.room else '-'}" for row in rows
    ]


def why(proposal: Proposal, seminar: Seminar, day: int, half: str) -> set[Reason]:
    obstacles = proposal.excluded[seminar].get(Half(date(2016, 6, day), half), ())
    return {each.reason for each in obstacles}


def test_drafts_of_one_chair_are_planned_one_after_the_other():
    house = Seminars()
    programme = house.programme(target=3)
    for _each in range(3):
        house.draft(programme=programme, time=Time())

    found = propose(house, programme)

    assert placed(found) == [
        "13 morning Hội trường A", "13 afternoon Hội trường A", "14 morning Hội trường A",
    ]  # fmt: skip
    assert found.proven
    assert {f"{row.starts_at:%H:%M}-{row.ends_at:%H:%M}" for row in found.rows} == {
        "08:00-10:00", "13:30-15:30",
    }  # fmt: skip


def test_what_is_announced_stays_and_takes_its_room_chair_and_agencies():
    house = Seminars()
    programme = house.programme(target=4)
    standing = house.listed(
        programme=programme, time=Time(at(13, 8), at(13, 10)), quotas={house.small.home: 1}
    )
    chaired = house.draft(programme=programme, time=Time(), places=[])
    roomed = house.draft(programme=programme, time=Time(), chair=None)
    wanting = house.draft(programme=programme, time=Time(), chair=None)
    lifecycle.list_invited(
        seminar=wanting, invited=[Invited(house.small.home, wanting.venues.get())],
        by=house.officer, at=at(2),
    )  # fmt: skip

    found = propose(house, programme, last=FIRST)

    assert found.staying == (standing,)
    assert standing not in [row.seminar for row in found.rows]
    assert why(found, chaired, 13, "morning") == {Reason.PERSON_TAKEN}
    assert why(found, roomed, 13, "morning") == {Reason.ROOM_TAKEN}
    assert why(found, wanting, 13, "morning") == {Reason.ROOM_TAKEN, Reason.AGENCY_TAKEN}
    # Two want the hall and one afternoon is left.
    assert not found.found
    assert set(found.conflict) == {roomed, wanting}
    before = Seminar.objects.values_list("pk", "start5", "edits").get(pk=standing.pk)
    apply(house, programme)
    assert Seminar.objects.values_list("pk", "start5", "edits").get(pk=standing.pk) == before


def test_seminars_of_others_are_in_the_way_without_being_named():
    house = Seminars()
    programme = house.programme()
    house.listed(title="Việc riêng", time=Time(at(13, 8), at(13, 10)), quotas={house.small.home: 1})
    seminar = house.draft(programme=programme, time=Time())
    lifecycle.list_invited(
        seminar=seminar, invited=[Invited(house.small.home, seminar.venues.get())],
        by=house.officer, at=at(2),
    )  # fmt: skip

    found = propose(house, programme)

    assert placed(found) == ["13 afternoon Hội trường A"]
    assert why(found, seminar, 13, "morning") == {
        Reason.PERSON_BUSY, Reason.AGENCY_BUSY, Reason.ROOM_CLOSED,
    }  # fmt: skip
    assert "Việc riêng" not in found.names.values()


def test_closures_opening_hours_capacity_and_lanes_decide_about_rooms():
    house = Seminars()
    programme = house.programme(target=3)
    RoomClosure.objects.create(
        room=house.hall, from_at=at(13, 0), to_at=at(13, 12), reason="Sửa điện"
    )
    RoomHours.objects.create(
        room=house.hall, weekday=1, opens=time(13), closes=time(18), from_on=date(2016, 1, 1)
    )
    house.room("Phòng nhỏ", 20)
    large = house.draft(programme=programme, time=Time(), chair=None)
    tiny = house.draft(programme=programme, time=Time(), chair=None, places=[house.place(seats=10)])

    found = propose(house, programme, last=date(2016, 6, 14))
    # Where a room has hours, it is shut on the days that have none.
    assert placed(found) == ["14 afternoon Hội trường A", "13 morning Phòng nhỏ"]
    assert why(found, large, 13, "afternoon") == {Reason.ROOM_CLOSED}
    assert why(found, large, 14, "morning") == {Reason.ROOM_CLOSED}
    assert not found.excluded[tiny]

    type(house.hall).objects.filter(pk=house.hall.pk).update(lanes=2, capacity=300)
    RoomClosure.objects.all().delete()
    RoomHours.objects.all().delete()
    house.draft(programme=programme, time=Time(), chair=None)
    found = propose(house, programme, last=date(2016, 6, 14))
    assert placed(found) == [
        "13 morning Hội trường A", "13 morning Phòng nhỏ", "13 morning Hội trường A",
    ]  # fmt: skip


def test_a_place_in_words_and_no_place_at_all_need_no_room():
    house = Seminars()
    programme = house.programme(target=3)
    house.draft(programme=programme, time=Time(), chair=None, places=[])
    house.draft(
        programme=programme, time=Time(), chair=None,
        places=[house.place(place="Nhà văn hóa huyện", seats=900)],
    )  # fmt: skip
    house.draft(programme=programme, time=Time(), chair=None)

    assert placed(propose(house, programme)) == [
        "13 morning -", "13 morning -", "13 morning Hội trường A",
    ]  # fmt: skip


def test_further_venues_keep_their_rooms_and_are_not_given_away():
    house = Seminars()
    programme = house.programme(target=2)
    beside = house.room("Điểm cầu", 60)
    house.scheduled(
        chair=other_chair(house), time=Time(at(13, 8), at(13, 10)),
        places=[house.place(room=beside)],
    )  # fmt: skip
    seminar = house.draft(
        programme=programme, time=Time(), chair=None,
        places=[house.place(), house.place(room=beside)],
    )  # fmt: skip
    house.draft(programme=programme, time=Time(), chair=None)

    found = propose(house, programme)

    assert placed(found) == ["13 afternoon Hội trường A", "13 morning Hội trường A"]
    assert why(found, seminar, 13, "morning") == {Reason.PERSON_BUSY}
    apply(house, programme)
    assert [venue.room for venue in seminar.venues.all()] == [house.hall, beside]


def test_the_deadline_of_the_order_and_the_hours_of_the_office_count():
    house = Seminars()
    programme = house.programme(target=2, due_on=date(2016, 6, 13))
    short = house.draft(programme=programme, time=Time(), chair=None)
    long = house.draft(programme=programme, time=Time(at(20, 7), at(20, 11)), chair=None)

    found = propose(house, programme)

    assert why(found, short, 14, "morning") == {Reason.AFTER_DEADLINE}
    # Four hours from 08:00 end after the office closes.
    assert why(found, long, 13, "morning") == {Reason.NOT_WANTED}


def test_a_survey_keeps_required_agencies_free_and_counts_optional_ones():
    house = Seminars()
    programme = house.programme()
    seminar = house.draft(programme=programme, time=Time())
    survey = lifecycle.ask_half_days(
        about=programme, by=house.officer, at=at(2),
        question=Question("Chọn ngày", FIRST, FIRST + timedelta(days=1), at(9),
                          [house.small.home, house.small.finance]),
    )  # fmt: skip
    halves = half_days.between(survey.first, survey.last)
    for agency, clerk, busy in (
        (house.small.home, house.small.home_clerk, halves[:1]),
        (house.small.finance, house.small.finance_clerk, halves[:2]),
    ):
        lifecycle.answer_survey(
            asked=survey.asked.get(agency=agency), by=clerk, at=at(3),
            answers={half: "busy" if half in busy else "possible" for half in halves},
        )  # fmt: skip
    found = propose(house, programme)
    assert placed(found) == ["14 morning Hội trường A"]
    assert why(found, seminar, 13, "afternoon") == {Reason.AGENCY_BUSY}
    both = sorted(str(each) for each in (house.small.home, house.small.finance))
    assert found.rows[0].unsure == tuple(both)
    page = client_of(house.officer).get(url(programme), ASKED).content.decode()
    assert f"nếu cần: {'; '.join(both)}" in page

    lifecycle.list_invited(
        seminar=seminar, by=house.officer, at=at(3),
        invited=[Invited(house.small.home, seminar.venues.get()),
                 Invited(house.small.finance, seminar.venues.get(), 1, "optional")],
    )  # fmt: skip
    found = propose(house, programme, last=FIRST)
    assert placed(found) == ["13 afternoon Hội trường A"]
    assert found.rows[0].absent == (str(house.small.finance),)
    assert found.rows[0].unsure == (str(house.small.home),)


def test_what_takes_a_whole_day_is_left_where_it_is():
    house = Seminars()
    programme = house.programme(target=2)
    whole = house.held(programme=programme, time=Time(at(13, 8), at(13, 16)))
    house.draft(programme=programme, time=Time())

    found = propose(house, programme)

    assert found.staying == (whole,)
    assert placed(found) == ["14 morning Hội trường A"]


def test_a_draft_of_somebody_else_is_neither_shown_nor_moved():
    house = Seminars()
    programme = house.programme()
    lifecycle.draft(
        agency=house.small.province, details=house.details(title="Của văn thư"), time=Time(),
        places=[], programme=programme, by=house.clerk, at=at(2),
    )  # fmt: skip

    assert propose(house, programme).rows == ()


# -- Applying it ------------------------------------------------------------------------------


def test_a_plan_is_applied_and_holds_its_rooms_and_applied_again_moves_nothing():
    house = Seminars()
    programme = house.programme(target=2)
    held = house.held(programme=programme, time=Time(at(20, 8), at(20, 10)))
    draft = house.draft(programme=programme, time=Time())

    moved = apply(house, programme)

    assert {row.pk for row in moved} == {held.pk, draft.pk}
    held.refresh_from_db()
    draft.refresh_from_db()
    assert (held.starts_at, held.ends_at, held.state) == (
        at(13, 8), at(13, 10), SeminarState.TENTATIVE,
    )  # fmt: skip
    assert held.venues.get().booking.room == house.hall
    assert (draft.starts_at, draft.state) == (at(13, 13, 30), SeminarState.DRAFT)
    assert all(row.same for row in propose(house, programme).rows)
    assert apply(house, programme) == []


def test_two_that_hold_rooms_change_places():
    house = Seminars()
    programme = house.programme(target=2)
    small = house.room("Phòng nhỏ", 60)
    morning = Time(at(13, 8), at(13, 10))
    wide = house.held(programme=programme, chair=None, time=morning,
                      places=[house.place(room=house.hall, seats=50)])  # fmt: skip
    tight = house.held(programme=programme, chair=None, time=morning,
                       places=[house.place(room=small, seats=150)])  # fmt: skip

    apply(house, programme)

    assert wide.venues.get().booking.room == small
    assert tight.venues.get().booking.room == house.hall
    for seminar in (wide, tight):
        seminar.refresh_from_db()
        assert (seminar.starts_at, seminar.half_day) == (at(13, 8), "morning")


def test_a_new_room_is_not_needed_at_the_old_hour_nor_the_old_room_at_the_new_one():
    house = Seminars()
    programme = house.programme()
    other = house.room("Phòng 2", 300)
    seminar = house.held(programme=programme, chair=None, time=Time(at(20, 8), at(20, 10)))
    # Somebody has the new room at the old hour, and the old room at the new one.
    chair = other_chair(house)
    house.scheduled(chair=chair, time=Time(at(20, 8), at(20, 10)), places=[house.place(room=other)])
    house.scheduled(chair=chair, time=Time(at(13, 8), at(13, 10)))

    apply(house, programme)

    booking = seminar.venues.get().booking
    seminar.refresh_from_db()
    assert (booking.room, seminar.starts_at) == (other, at(13, 8))


@pytest.mark.parametrize("change", ["edited", "another", "closed", "engaged"])
def test_what_changed_meanwhile_is_refused_and_nothing_is_moved(change):
    house = Seminars()
    programme = house.programme(target=3)
    seminar = house.draft(programme=programme, time=Time())
    mark = propose(house, programme).mark
    if change == "edited":
        lifecycle.edit(seminar=seminar, details=house.details(title="Khác"), edits=seminar.edits,
                       by=house.officer, at=at(3))  # fmt: skip
    elif change == "another":
        house.draft(programme=programme, time=Time())
    elif change == "closed":
        RoomClosure.objects.create(
            room=house.hall, from_at=at(13, 0), to_at=at(14, 0), reason="Sửa điện"
        )
    else:
        house.held(time=Time(at(13, 9), at(13, 11)), places=[])

    with pytest.raises(Incomplete) as refused:
        apply(house, programme, mark)

    assert [reason.code for reason in refused.value.reasons] == ["mark"]
    seminar.refresh_from_db()
    assert seminar.start5 is None


def test_nothing_is_half_applied(monkeypatch):
    house = Seminars()
    programme = house.programme(target=3)
    rows = [house.held(programme=programme, time=Time(at(20 + n, 8), at(20 + n, 10)))
            for n in range(3)]  # fmt: skip
    before = list(Seminar.objects.order_by("pk").values_list("start5", "sequence", "edits"))
    events = [row.events.count() for row in rows]
    real, calls = lifecycle.whole.move, []

    def third_fails(**values: Any) -> Seminar:
        calls.append(values)
        if len(calls) == 3:
            raise RoomTaken([])
        return real(**values)

    monkeypatch.setattr("seminars.lifecycle.whole.move", third_fails)
    with pytest.raises(RoomTaken):
        apply(house, programme)

    assert len(calls) == 3
    assert list(Seminar.objects.order_by("pk").values_list("start5", "sequence", "edits")) == before
    assert [row.events.count() for row in rows] == events
    assert all(row.venues.get().booking.room == house.hall for row in rows)


def test_only_those_who_plan_apply_and_only_to_a_programme_that_is_open():
    house = Seminars()
    programme = house.programme()
    seminar = house.draft(programme=programme, time=Time())
    mark = propose(house, programme).mark

    for user in (house.small.home_clerk, house.small.stranger):
        with pytest.raises(NotFound):
            lifecycle.apply_plan(programme=programme, frame=frame(), mark=mark, by=user, at=NOW)
    lifecycle.close_programme(programme=programme, waiver="Đủ rồi", by=house.officer, at=NOW)
    with pytest.raises(WrongState):
        apply(house, programme, mark)
    seminar.refresh_from_db()
    assert seminar.start5 is None


class WhateverStands(TestCase):
    """On random programmes: what is applied can be held at once, and nothing blocks it."""

    @a_share(12)
    @given(st.integers(0, 2**20))
    def test_what_is_applied_can_be_held_and_nothing_speaks_against_it(self, seed: int) -> None:
        chance = random.Random(seed)
        house = Seminars()
        rooms = [house.hall, house.room("Phòng 2", 80), house.room("Phòng 3", 30, lanes=2)]
        chairs = [house.chair, Person.objects.create(agency=house.small.province, name="Hai")]
        for _each in range(chance.randint(0, 4)):
            self.somebody_else(house, rooms, chairs, chance)
        programme = house.programme(target=5, due_on=date(2016, 6, chance.choice((14, 15, 17))))
        rows = []
        for _each in range(chance.randint(2, 5)):
            make = chance.choice((house.draft, house.draft, house.held))
            # Far from the window, each at a day of its own.
            day = 20 + len(rows)
            rows.append(
                make(programme=programme, chair=chance.choice(chairs),
                     time=Time(at(day, 8), at(day, 8 + chance.randint(1, 3))),
                     places=[house.place(room=chance.choice(rooms), seats=chance.choice((10, 30)))])
            )  # fmt: skip

        found = propose(house, programme)
        again = propose(house, programme)
        assert found.mark == again.mark
        if not found.found:
            stuck = any(len(days) == len(found.halves) for days in found.excluded.values())
            assert stuck or found.conflict
            return
        apply(house, programme, found.mark)

        for row in Seminar.objects.filter(programme=programme):
            if row.state == SeminarState.DRAFT:
                row = lifecycle.hold(seminar=row, by=house.officer, at=NOW)
            said = {finding.code for finding in findings.of(row, at=NOW)}
            assert said <= {FindingCode.TRAVEL_GAP, FindingCode.INVITE_LATE}

    def somebody_else(
        self, house: Seminars, rooms: list[Any], chairs: list[Person], chance: random.Random
    ) -> None:
        start = at(chance.randint(13, 15), chance.choice((7, 9, 13, 15)))
        try:
            house.held(
                time=Time(start, start + timedelta(hours=chance.randint(1, 2))),
                chair=chance.choice(chairs), places=[house.place(room=chance.choice(rooms))],
            )  # fmt: skip
        except RoomTaken:
            return
        if chance.random() < 0.5:
            RoomClosure.objects.create(
                room=chance.choice(rooms), from_at=start, reason="Sửa",
                to_at=start + timedelta(hours=chance.choice((1, 5, 20))),
            )  # fmt: skip


# -- The page ---------------------------------------------------------------------------------


def url(programme: Programme) -> str:
    return reverse("seminars:plan", args=[programme.pk])


ASKED = {
    "first": "13/06/2016", "last": "17/06/2016", "morning": "08:00", "afternoon": "13:30",
    "minutes": "120",
}  # fmt: skip


def mark_in(page: str) -> str:
    return page.partition('name="mark" value="')[2].partition('"')[0]


def test_the_page_shows_the_plan_with_its_reasons_and_applies_it():
    house = Seminars()
    programme = house.programme(target=2)
    elsewhere = house.place(place="Nhà văn hóa")
    house.scheduled(title="Việc riêng", time=Time(at(13, 8), at(13, 10)), places=[elsewhere])
    house.draft(programme=programme, time=Time(), title="Hội thảo một")
    officer = client_of(house.officer)
    board = officer.get(reverse("seminars:board", args=[programme.pk])).content.decode()
    assert url(programme) in board

    page = officer.get(url(programme), ASKED).content.decode()
    assert "Buổi chiều thứ Hai 13/6" in page
    assert "Lâm Sương Dung bận (1)" in page
    assert "Việc riêng" not in page
    applied = officer.post(url(programme), ASKED | {"mark": mark_in(page)})

    assert applied.status_code == 302
    assert Seminar.objects.get(title="Hội thảo một").starts_at == at(13, 13, 30)
    assert "Mọi cuộc đã ở đúng chỗ" in officer.get(url(programme), ASKED).content.decode()


def test_a_stale_plan_is_refused_on_the_page_and_the_new_one_is_shown():
    house = Seminars()
    programme = house.programme(target=2)
    seminar = house.draft(programme=programme, time=Time())
    officer = client_of(house.officer)
    old = mark_in(officer.get(url(programme), ASKED).content.decode())
    RoomClosure.objects.create(
        room=house.hall, from_at=at(13, 0), to_at=at(14, 0), reason="Sửa điện"
    )

    answer = officer.post(url(programme), ASKED | {"mark": old})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Đã có thay đổi từ khi lập phương án này" in page
    assert officer.post(url(programme), ASKED | {"mark": mark_in(page)}).status_code == 302
    seminar.refresh_from_db()
    assert seminar.starts_at == at(14, 8)


def test_without_a_plan_each_half_day_has_its_reasons():
    house = Seminars()
    programme = house.programme(target=2)
    house.draft(programme=programme, time=Time(), title="Quá đông", places=[house.place(seats=900)])
    officer = client_of(house.officer)

    page = officer.get(url(programme), ASKED).content.decode()

    assert "Không có phương án" in page
    assert "còn 0 trên 10 buổi" in page
    # What holds of every half-day is said once.
    assert page.count("không phòng nào đủ chỗ") == 1
    assert "mark" not in page


def test_seminars_that_cannot_all_be_held_are_named():
    house = Seminars()
    programme = house.programme(target=3)
    for number in range(3):
        house.draft(programme=programme, time=Time(), title=f"Cuộc {number}")

    page = client_of(house.officer).get(url(programme), ASKED | {"last": "13/06/2016"})

    assert "Cuộc 0; Cuộc 1; Cuộc 2." in page.content.decode()


def test_more_than_twelve_are_refused_with_a_clear_message():
    house = Seminars()
    programme = house.programme(target=20)
    for _each in range(MOST + 1):
        house.draft(programme=programme, time=Time(), places=[])

    answer = client_of(house.officer).get(url(programme), ASKED)

    assert answer.status_code == 422
    assert "Có 13 cuộc cần xếp: mỗi lần chỉ xếp nhiều nhất 12 cuộc." in answer.content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"first": "31/06/2016"}, {"last": "01/01/2016"}, {"last": "01/01/2017"},
        {"morning": "13:00"}, {"morning": "08:10"}, {"afternoon": "19:00"}, {"minutes": "7"},
        {"first": "18/06/2016", "last": "19/06/2016"}, {"first": "01/06/2016", "last": "02/06/2016"},
    ],
)  # fmt: skip
def test_bad_input_is_said_in_place(changes):
    house = Seminars()
    programme = house.programme()
    house.draft(programme=programme, time=Time())
    officer = client_of(house.officer)

    assert officer.get(url(programme), ASKED | changes).status_code == 422
    assert officer.post(url(programme), ASKED | changes | {"mark": "x"}).status_code == 422


def test_the_page_is_nobody_elses_and_a_programme_without_seminars_says_so():
    house = Seminars()
    programme = house.programme(due_on=date(2016, 6, 20))

    assert client_of(house.small.home_clerk).get(url(programme)).status_code == 404
    page = client_of(house.officer).get(url(programme))
    assert page.status_code == 200
    assert "Không có gì cần xếp" in page.content.decode()
    assert 'value="20/06/2016"' in page.content.decode()


def test_reading_costs_the_same_for_one_seminar_and_for_three():
    house = Seminars()
    programme = house.programme(target=3)

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            propose(house, programme)
        return len(counted)

    def one_more() -> None:
        seminar = house.draft(programme=programme, time=Time())
        lifecycle.list_invited(
            seminar=seminar, invited=[Invited(house.small.home, seminar.venues.get())],
            by=house.officer, at=at(2),
        )  # fmt: skip

    one_more()
    house.scheduled(programme=programme, time=Time(at(13, 8), at(13, 10)))
    before = queries()
    one_more()
    one_more()
    house.scheduled(programme=programme, time=Time(at(14, 8), at(14, 10)))
    assert queries() == before
    assert before <= 25


def test_a_plan_says_when_what_it_says_is_over():
    house = Seminars()
    programme = house.programme()
    house.draft(programme=programme, time=Time())
    who = access.standing(house.officer, at=at(13, 8, 1))

    found = planner.propose(programme, frame(), who=who, at=at(13, 8, 1))

    assert isinstance(found.rows[0].starts_at, datetime)
    assert placed(found) == ["13 afternoon Hội trường A"]
