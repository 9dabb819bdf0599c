"""Weeks, snapshots, differences and layouts, without a database."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies import clock
from seminars.instants import to5
from seminars.weekly import words
from seminars.weekly.differences import Gone, Kind, applied, difference
from seminars.weekly.differences import words as said
from seminars.weekly.layouts import LAYOUTS, MOST_COLUMNS, NOBODY, leaders_of, tables
from seminars.weekly.snapshot import (
    HALVES,
    Item,
    Snapshot,
    as_json,
    digest_of,
    for_agency,
    from_json,
    in_order,
    inviting,
    to_be_told,
)
from seminars.weekly.weeks import Week

MONDAY = date(2026, 11, 23)
DAYS = [MONDAY + timedelta(days=each) for each in range(7)]


def item(key: str = "t1", day: date = MONDAY, **values: object) -> Item:
    values = {"half": "morning", "content": "Họp giao ban"} | values
    return Item(key=key, day=day, **values)  # type: ignore[arg-type]


def hour(day: date, hour: int, minute: int = 0) -> int:
    return to5(clock.at(day, hour, minute))


def week(*items: Item, **values: object) -> Snapshot:
    return Snapshot(2026, 48, "Công an tỉnh", items=in_order(items), **values)  # type: ignore[arg-type]


# -- Weeks --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "year", "no", "monday"),
    [
        # Printed schedules that could be read: week 21 of 2018, week 7 of 2026.
        (date(2018, 5, 21), 2018, 21, date(2018, 5, 21)),
        (date(2026, 2, 13), 2026, 7, date(2026, 2, 9)),
        (date(2026, 11, 29), 2026, 48, MONDAY),
        # 2026 has a week 53, and its last days are of 2027.
        (date(2027, 1, 3), 2026, 53, date(2026, 12, 28)),
        (date(2027, 1, 4), 2027, 1, date(2027, 1, 4)),
        # 1 January 2016 is still week 53 of 2015; 30 December 2024 is week 1 of 2025 already.
        (date(2016, 1, 1), 2015, 53, date(2015, 12, 28)),
        (date(2024, 12, 30), 2025, 1, date(2024, 12, 30)),
    ],
)
def test_a_week_is_that_of_iso_8601(day, year, no, monday):
    found = Week.of(day)

    assert (found.year, found.no, found.monday) == (year, no, monday)
    assert found.days[-1] == found.sunday == monday + timedelta(days=6)
    assert day in found
    assert found.monday - timedelta(days=1) not in found


@given(st.dates(date(1991, 1, 1), date(2099, 12, 1)), st.integers(-20, 20))
def test_weeks_follow_one_another_without_a_gap(day, many):
    found = Week.of(day)

    assert Week.of(day + timedelta(weeks=many)) == found.plus(many)
    assert found.plus(many).plus(-many) == found
    assert Week(found.year, found.no) == found


@pytest.mark.parametrize(("year", "no"), [(2025, 53), (2026, 54), (2026, 0), (1980, 5), (2101, 1)])
def test_a_week_that_the_year_does_not_have_is_none(year, no):
    with pytest.raises(ValueError, match=r"\w"):
        Week(year, no)


def test_the_title_is_the_printed_one():
    assert words.title(Week(2026, 48)) == (
        "LỊCH CÔNG TÁC TUẦN 48 (từ ngày 23/11/2026 đến ngày 29/11/2026)"
    )
    assert words.title(Week(2026, 53)) == (
        "LỊCH CÔNG TÁC TUẦN 53 (từ ngày 28/12/2026 đến ngày 03/01/2027)"
    )
    moment = datetime(2022, 3, 17, 7, 36, tzinfo=UTC)
    assert words.edition(9, moment) == "Điều chỉnh lần 9, cập nhật 14:36 17/03/2022"
    assert words.edition(0, moment) == "Ban hành 14:36 17/03/2022"


def test_hours_are_said_as_they_are_known():
    day = DAYS[1]
    assert words.hours(item(day=day)) == ""
    assert words.hours(item(day=day, start5=hour(day, 7, 30))) == "07:30"
    both = item(day=day, start5=hour(day, 7, 30), end5=hour(day, 10))
    assert words.hours(both) == "07:30 – 10:00"
    assert words.moment_of(both) == "07:30 – 10:00 thứ Ba 24/11"
    assert words.moment_of(item(day=DAYS[6], half="whole")) == "cả ngày Chủ nhật 29/11"
    longer = replace(both, end5=hour(DAYS[3], 17))
    assert words.hours(longer) == "07:30 – 17:00 ngày 26/11"
    assert words.hours(replace(longer, day=DAYS[2])) == "07:30 ngày 24/11 – 17:00 ngày 26/11"


# -- Snapshots ------------------------------------------------------------------------------------

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]), max_size=20
)  # fmt: skip


@st.composite
def items(draw: st.DrawFn) -> tuple[Item, ...]:
    """Items of one week with distinct keys, in order."""
    keys = draw(st.sets(st.integers(1, 12), max_size=8))
    made = []
    for key in keys:
        day = draw(st.sampled_from(DAYS))
        start = draw(st.none() | st.integers(0, 40).map(lambda n, day=day: hour(day, 7) + 3 * n))
        lasts = draw(st.none() | st.integers(1, 16)) if start is not None else None
        made.append(
            Item(
                key=f"s{key}", day=day, half=draw(st.sampled_from(HALVES)), content=draw(TEXTS),
                start5=start, end5=start + 3 * lasts if start and lasts else None,
                chair=draw(st.sampled_from(["", "A", "B"])), joint=draw(TEXTS),
                leaders=tuple(draw(st.lists(st.sampled_from("ABC"), max_size=2))),
                place=draw(st.sampled_from(["", "Hội trường"])), staff=draw(TEXTS),
                separate=draw(st.booleans()), seminar=key,
                agencies=tuple(sorted(draw(st.sets(st.integers(1, 4), max_size=3)))),
            )
        )  # fmt: skip
    return in_order(made)


snapshots = st.builds(
    Snapshot, year=st.just(2026), week=st.just(48), agency=TEXTS, items=items(),
    replaces_invitations=st.booleans(), recipients=st.lists(TEXTS, max_size=2).map(tuple),
    leaders=st.just(("A",)), units=st.sampled_from([(), (1,), (1, 2)]),
    gone=st.dictionaries(st.sampled_from(["s90", "s91"]), st.sampled_from([*map(str, Gone)])),
)  # fmt: skip


@given(snapshots)
def test_what_is_kept_reads_back_as_it_was(snapshot):
    kept = json.loads(json.dumps(as_json(snapshot)))

    assert from_json(kept) == snapshot
    # A database may give the keys back in another order.
    turned = dict(reversed(kept.items()))
    assert digest_of(turned) == digest_of(as_json(snapshot))


@given(snapshots, snapshots)
def test_two_snapshots_have_one_digest_only_if_they_are_the_same(one, other):
    same = digest_of(as_json(one)) == digest_of(as_json(other))

    assert same == (one == other)


# -- Differences --------------------------------------------------------------------------------


@given(items(), items())
def test_the_difference_leads_from_the_old_to_the_new(old, new):
    changes = difference(old, new)

    assert applied(old, changes) == new
    assert {each.item.key for each in changes} == {
        each.key for each in {*old, *new} if (each in old) != (each in new)
    }
    for change in changes:
        assert said(change)


@given(items())
def test_nothing_differs_from_itself(same):
    assert difference(same, same) == []


def test_a_difference_is_said_by_the_identity_of_the_item():
    day = DAYS[0]
    old = item("t1", start5=hour(day, 7, 30), end5=hour(day, 9), place="Phòng A")
    moved = replace(old, day=DAYS[1], half="afternoon", start5=hour(DAYS[1], 14), end5=None)

    def words_of(before: list[Item], after: list[Item], **gone: str) -> list[str]:
        return [said(each) for each in difference(before, after, gone)]

    assert words_of([], [old]) == ["Thêm: Họp giao ban (07:30 – 09:00 thứ Hai 23/11, Phòng A)."]
    assert words_of([old], [moved]) == [
        "Chuyển: Họp giao ban từ 07:30 – 09:00 thứ Hai 23/11 sang 14:00 thứ Ba 24/11."
    ]
    assert words_of([old], [replace(moved, place="Phòng B")]) == [
        "Chuyển: Họp giao ban từ 07:30 – 09:00 thứ Hai 23/11 sang 14:00 thứ Ba 24/11; "
        "địa điểm từ “Phòng A” thành “Phòng B”."
    ]
    assert words_of([old], [replace(old, chair="Ông Mẫu", leaders=("A", "B"))]) == [
        "Sửa: Họp giao ban, 07:30 – 09:00 thứ Hai 23/11: chủ trì từ “chưa có” thành “Ông Mẫu”; "
        "lãnh đạo dự từ “chưa có” thành “A, B”."
    ]
    left = "Họp giao ban (07:30 – 09:00 thứ Hai 23/11)."
    assert words_of([old], []) == [f"Bỏ: {left}"]
    for why, word in (
        (Gone.CANCELLED, "Hủy"), (Gone.POSTPONED, "Hoãn"), (Gone.DECLINED, "Không dự"),
        (Gone.OTHER_WEEK, "Chuyển sang tuần khác"),
    ):  # fmt: skip
        assert words_of([old], [], t1=why) == [f"{word}: {left}"]
    # The same words under another identity are another item.
    assert [each.kind for each in difference([old], [replace(old, key="t2")])] == [
        Kind.CANCELLED, Kind.ADDED,
    ]  # fmt: skip


# -- Who is told --------------------------------------------------------------------------------


@given(st.none() | snapshots, snapshots)
def test_exactly_those_are_told_for_whom_something_changed(before, after):
    told = to_be_told(before, after)

    olds = before.items if before else ()
    for agency in range(1, 6):
        was, now = for_agency(olds, agency), for_agency(after.items, agency)
        invited = inviting(before, agency) if before else ()
        same = was == now and invited == inviting(after, agency)
        assert (agency in told) == (not same)


def test_what_concerns_the_own_people_tells_nobody_else():
    old = week(item(agencies=(7,), leaders=("A",), staff="B", joint="C"), item("t2", agencies=(8,)))
    new = week(item(agencies=(7,), leaders=("D",), staff="E"), item("t2", agencies=(8,), place="P"))

    assert to_be_told(old, new) == [8]
    assert for_agency(new.items, 7) == (item(agencies=(7,)),)


def test_a_unit_is_invited_by_the_schedule_itself_unless_it_gets_a_paper_of_its_own():
    items = (item(agencies=(7, 9)), item("t2", agencies=(7,), separate=True))
    plain, instead = week(*items, units=(7,)), week(*items, units=(7,), replaces_invitations=True)

    assert inviting(plain, 7) == ()
    assert inviting(instead, 7) == ("t1",)
    # 9 is no unit of the agency.
    assert inviting(instead, 9) == ()
    assert to_be_told(plain, instead) == [7]


# -- Layouts ------------------------------------------------------------------------------------


@given(snapshots)
def test_every_layout_shows_every_item_on_its_own_day(snapshot):
    numbered = snapshot.only(replace(each, content=f"việc {each.key}.") for each in snapshot.items)
    for layout in LAYOUTS:
        found = tables(numbered, layout)
        for each in numbered.items:
            on = [table.day for table in found if f"việc {each.key}." in str(table.rows)]
            assert on == [each.day], (layout, each)
        for table in found:
            assert sum(share for _label, share in table.columns) == 100
            assert all(len(row) == len(table.columns) for row in table.rows)


def test_columns_are_of_those_who_go_and_the_head_stands_first():
    snapshot = week(
        item("t1", chair="Phó A", leaders=("Phó B",)),
        item("s2", invited=True, seminar=2, chair="Người khác", leaders=("Trưởng",)),
        leaders=("Trưởng", "Phó A", "Phó C"),
    )

    assert leaders_of(snapshot) == ["Trưởng", "Phó A", "Phó B"]
    monday = tables(snapshot, "ma-tran")[0]
    assert [label for label, _share in monday.columns] == ["Buổi", "Trưởng", "Phó A", "Phó B"]
    assert monday.rows[0] == (("Sáng",), *[("Họp giao ban",)] * 3)


def test_more_leaders_than_a_sheet_takes_stand_on_further_tables():
    names = tuple(f"Lãnh đạo {n}" for n in range(MOST_COLUMNS + 2))
    found = tables(week(item(leaders=names), item("t2")), "ma-tran")

    heads = [[label for label, _share in each.columns][1:] for each in found]
    assert heads[0] == list(names[:MOST_COLUMNS])
    assert heads[-1] == [*names[MOST_COLUMNS:], NOBODY]
    assert len(found) == 10


def test_a_day_without_an_item_says_so_and_a_free_weekend_is_left_out():
    found = tables(week(item()), "ngay")

    assert [each.day for each in found] == DAYS[:5]
    assert found[1].rows[0][2] == ("Không có mục nào.",)
    assert [each.day for each in tables(week(item(day=DAYS[6])), "ngay")] == [*DAYS[:5], DAYS[6]]
