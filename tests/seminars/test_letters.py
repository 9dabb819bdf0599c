"""The papers of a seminar: what they must say, what is left open, and figures that are a recount."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from seminars import letters, lifecycle
from seminars.choices import Presence
from seminars.lifecycle import Mark, WalkIn
from seminars.models import AgendaItem, Attendance
from tests.seminars.world import Seminars, at


@pytest.mark.django_db
def test_an_invitation_says_what_the_decision_wants_it_to_say() -> None:
    """Decision 45/2018/QĐ-TTg: chair, who comes, content, time, place, contact."""
    house = Seminars()
    seminar = house.listed(purpose="Bàn ba giải pháp.", contact="Phòng Nội chính, 0276.000.000")
    AgendaItem.objects.create(
        seminar=seminar, order=1, minutes=30, title="Báo cáo đề dẫn", speaker=house.chair
    )

    draft = letters.invitation(seminar, answer_by=at(13, 17))

    for words in (
        "07 giờ 30, thứ Tư ngày 15/06/2016", "Hội trường A", "Lâm Sương Dung, Phó Chủ tịch",
        "Bàn ba giải pháp.", "Báo cáo đề dẫn (Lâm Sương Dung)", "Sở Nội vụ: 02", "Sở Tài chính: 01",
        "trước 17 giờ 00, thứ Hai ngày 13/06/2016", "Phòng Nội chính, 0276.000.000",
    ):  # fmt: skip
        assert words in draft.text, words
    assert draft.type == "giay-moi"
    assert {agency for line in draft.lines for agency in line.agencies} == {
        house.small.home.pk,
        house.small.finance.pk,
    }


@pytest.mark.django_db
def test_what_is_not_known_is_left_open_and_never_invented() -> None:
    house = Seminars()

    draft = letters.invitation(house.draft(chair=None, time=lifecycle.Time(), places=[]))

    for line in ("1. Thời gian: ……", "2. Địa điểm: ……", "3. Chủ trì: ……", "4. Nội dung: ……",
                 "Liên hệ: ……"):  # fmt: skip
        assert line in draft.text


MARKS = st.lists(
    st.tuples(st.sampled_from(["home", "finance"]), st.sampled_from(list(Presence))), max_size=6
)


class Figures(TestCase):
    """Each life on the rows of its own transaction."""

    @settings(max_examples=8, suppress_health_check=list(HealthCheck))
    @given(MARKS, st.integers(0, 2))
    def test_the_figures_of_a_report_are_a_recount_of_the_attendance(self, drawn, walk_ins) -> None:
        house = Seminars()
        seminar = house.invited(places=[house.place(seats=50)])
        marks = []
        for number, (body, presence) in enumerate(drawn):
            clerk = getattr(house.small, f"{body}_clerk")
            row = house.named(
                seminar, f"Đại biểu {number}", agency=getattr(house.small, body), by=clerk
            )
            marks.append(
                Mark(row, presence, reason="ốm", substitute=(f"Dự thay {number}", "Phó phòng"))
            )
        seminar = lifecycle.open_seminar(seminar=seminar, by=house.officer, at=at(15, 7, 15))
        venue = seminar.venues.get()
        came = [WalkIn(house.small.home, venue, f"Khách {number}") for number in range(walk_ins)]
        lifecycle.mark(seminar=seminar, marks=marks, walk_ins=came, by=house.officer, at=at(15, 8))
        # Somebody is marked a second time: he counts once.
        lifecycle.mark(seminar=seminar, marks=marks[:1], by=house.officer, at=at(15, 9))

        here = Counter(
            str(row.agency)
            for row in Attendance.objects.filter(seminar=seminar)
            if row.presence in ("present", "substitute")
        )
        wanted = Counter(
            {"home": "Sở Nội vụ", "finance": "Sở Tài chính"}[body]
            for body, presence in drawn
            if presence in (Presence.PRESENT, Presence.SUBSTITUTE)
        ) + Counter({"Sở Nội vụ": walk_ins})
        assert here == wanted

        said = letters.report(seminar).text
        assert f"Có {sum(wanted.values())} đại biểu dự, {len(drawn)} đại biểu được cử." in said
        for agency, count in wanted.items():
            assert f"- {agency}: {count} có mặt" in said
