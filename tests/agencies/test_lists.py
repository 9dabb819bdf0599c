"""Distribution lists: dated members, lists inside lists, each agency once."""

from datetime import date, timedelta

import pytest

from agencies.choices import Role
from agencies.lists import add_member, create_list, members_on, remove_member
from agencies.models import DistributionList, ListMember
from tests.agencies.world import AT, BEGINS, DAY, Province, at, body, ledger, person, refused


def group(province: Province, name: str = "Các sở", **values: object) -> DistributionList:
    values.setdefault("by", None)
    return create_list(owner=province.p, name=name, from_on=BEGINS, at=AT, **values)


def put(on: DistributionList, member: object, **values: object) -> ListMember:
    kind = "sublist" if isinstance(member, DistributionList) else "agency"
    values.setdefault("from_on", BEGINS)
    values.setdefault("by", None)
    return add_member(group=on, at=AT, **{kind: member}, **values)


def named(on: DistributionList, day: date = DAY) -> list[str]:
    return [str(agency) for agency in members_on(on, day)]


def test_members_come_in_vietnamese_order(province: Province) -> None:
    rows = group(province)
    for name in ("Sở Ở", "Sở Đo", "Sở Dư", "Sở Ân", "Sở An", "Sở Ăn"):
        put(rows, body(name, province.p))

    assert named(rows) == ["Sở An", "Sở Ăn", "Sở Ân", "Sở Dư", "Sở Đo", "Sở Ở"]


def test_members_are_dated_with_first_and_last_day(province: Province) -> None:
    rows = group(province)
    put(rows, province.a, from_on=date(2016, 3, 1), to_on=date(2016, 3, 31))

    assert named(rows, date(2016, 2, 29)) == []
    assert named(rows, date(2016, 3, 1)) == ["Sở Nội vụ"]
    assert named(rows, date(2016, 3, 31)) == ["Sở Nội vụ"]
    assert named(rows, date(2016, 4, 1)) == []


def test_lists_inside_lists_are_followed_and_each_agency_is_named_once(province: Province) -> None:
    outer, inner, innermost = (group(province, name) for name in ("A", "B", "C"))
    put(outer, province.a)
    put(outer, inner)
    put(inner, province.a)
    put(inner, innermost)
    put(innermost, province.b)

    assert named(outer) == ["Sở Nội vụ", "Sở Tài chính"]


def test_a_list_inside_a_list_ends_with_its_own_last_day(province: Province) -> None:
    outer, inner = group(province, "A"), group(province, "B")
    put(outer, inner)
    put(inner, province.b)
    assert named(outer) == ["Sở Tài chính"]

    DistributionList.objects.filter(pk=inner.pk).update(to_on=DAY - timedelta(days=1))

    assert named(outer) == []


def test_a_ring_of_lists_is_refused_and_would_end_all_the_same(province: Province) -> None:
    outer, inner = group(province, "A"), group(province, "B")
    put(outer, inner)
    put(inner, province.a)
    with refused("sublist"):
        put(inner, outer)
    with refused("sublist"):
        put(outer, outer)

    ListMember.objects.create(list=inner, sublist=outer, from_on=BEGINS)

    assert named(outer) == named(inner) == ["Sở Nội vụ"]


@pytest.mark.parametrize("number", [1, 3])
def test_reading_a_list_costs_one_query_a_level(
    province: Province, number: int, django_assert_num_queries
) -> None:
    outer, inner = group(province, "A"), group(province, "B")
    put(outer, inner)
    for place in range(number):
        put(outer, body(f"Sở {place}", province.p))
        put(inner, body(f"Ban {place}", province.p))

    with django_assert_num_queries(2):
        assert len(members_on(outer, DAY)) == 2 * number


def test_who_is_taken_off_was_on_it(province: Province) -> None:
    rows = group(province)
    member = put(rows, province.a)

    remove_member(member=member, to_on=DAY, by=province.admin, at=AT)

    assert named(rows, DAY) == ["Sở Nội vụ"]
    assert named(rows, DAY + timedelta(days=1)) == []
    assert ledger()[-3:] == ["list.created", "list.member_added", "list.member_removed"]
    with refused("to_on"):
        remove_member(member=member, to_on=date(2016, 5, 1), by=province.admin, at=AT)


def test_who_was_put_on_a_list_by_mistake_is_taken_off_at_once_and_can_be_put_on_anew(
    province: Province,
) -> None:
    rows = group(province)
    member = put(rows, province.a, from_on=DAY)
    yesterday = DAY - timedelta(days=1)

    assert remove_member(member=member, to_on=yesterday, by=province.admin, at=AT).is_taken_back

    assert named(rows, DAY) == named(rows, yesterday) == []
    put(rows, province.a, from_on=DAY)
    assert named(rows, DAY) == ["Sở Nội vụ"]


def test_who_is_on_a_list_already_is_not_put_on_it_again(province: Province) -> None:
    rows, inner = group(province, "A"), group(province, "B")
    put(rows, province.a)
    put(rows, inner)

    with refused("agency"):
        put(rows, province.a)
    with refused("sublist"):
        put(rows, inner)


def test_all_that_is_wrong_is_said_at_once(province: Province) -> None:
    rows = group(province)

    with refused("agency", "to_on", "from_on"):
        add_member(group=rows, from_on=date(2015, 1, 2), to_on=date(2015, 1, 1), by=None, at=AT)


def test_only_administrators_of_the_owner_change_lists(province: Province) -> None:
    rows = group(province)
    member = put(rows, province.b)
    clerk = person("p_clerk", (province.p, Role.CLERK))
    for who in (clerk, province.a_admin):
        with refused("permission"):
            group(province, "Khác", by=who)
        with refused("permission"):
            put(rows, province.a, by=who)
        with refused("permission"):
            remove_member(member=member, to_on=DAY, by=who, at=AT)

    assert put(rows, province.a, by=province.admin)


def test_two_lists_of_one_name_are_refused(province: Province) -> None:
    group(province)

    with refused("name"):
        group(province, " Các  sở ")
    with refused("name"):
        create_list(owner=province.p, name=" ", from_on=BEGINS, by=None, at=at(BEGINS))
