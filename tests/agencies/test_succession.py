"""Agencies are renamed, end and are followed; what was is kept, and no right is inherited."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from agencies.authority import authorities
from agencies.choices import AgencyKind, Role, SuccessionKind
from agencies.directory import matching
from agencies.lists import add_member, create_list, members_on
from agencies.models import Agency, Post
from agencies.refusals import Refused
from agencies.succession import (
    end_agency,
    found_agency,
    predecessors,
    record_succession,
    rename,
    successors,
)
from tests.agencies.world import (
    AT,
    BEGINS,
    DAY,
    Province,
    at,
    body,
    hold,
    ledger,
    name,
    person,
    refused,
    stand_in,
)

BASIS = "Nghị quyết mẫu"


def test_an_agency_keeps_every_name_that_it_had(province: Province) -> None:
    new = name("Sở Nội vụ và Lao động", basis=BASIS)

    rename(agency=province.a, name=new, on=DAY, by=province.admin, at=AT)

    agency = Agency.objects.get(pk=province.a.pk)
    assert agency.name_on(DAY - timedelta(days=1)).name == "Sở Nội vụ"
    assert agency.name_on(DAY).name == "Sở Nội vụ và Lao động"
    assert agency.short_name == "Sở Nội vụ và Lao động"
    assert agency.names.get(name="Sở Nội vụ").to_on == DAY - timedelta(days=1)
    assert ledger()[-1] == "agency.renamed"
    assert list(matching("noi vu snv")) == [agency]


def test_a_day_before_the_first_name_has_the_first_name(province: Province) -> None:
    assert province.a.name_on(date(1990, 1, 1)).name == "Sở Nội vụ"


def test_all_that_is_wrong_with_a_new_name_is_said_at_once(province: Province) -> None:
    new = name(" ", identifier=province.b.names.get().identifier)

    with refused("name", "short_name", "identifier", "basis", "on"):
        rename(agency=province.a, name=new, on=DAY + timedelta(days=1), by=province.admin, at=AT)


def test_a_name_does_not_begin_before_the_one_that_it_replaces(province: Province) -> None:
    with refused("on"):
        rename(
            agency=province.a, name=name("Mới", basis=BASIS), on=BEGINS, by=province.admin, at=AT
        )


def test_only_administrators_rename_end_and_record(province: Province) -> None:
    for who in (province.a_head, province.b_clerk):
        with refused("permission"):
            rename(agency=province.a, name=name("Mới", basis=BASIS), on=DAY, by=who, at=AT)
        with refused("permission"):
            end_agency(agency=province.a, to_on=DAY, by=who, at=AT)
        with refused("permission"):
            record_succession(
                predecessor=province.a, successor=province.b, kind=SuccessionKind.MERGE, on=DAY,
                basis=BASIS, by=who, at=AT,
            )  # fmt: skip
    with refused("permission"):
        found_agency(
            name=name("Ngoài"), kind=AgencyKind.OUTSIDE, from_on=DAY, by=province.admin, at=AT
        )


def test_an_end_takes_units_posts_and_places_on_lists_along(province: Province) -> None:
    rows = create_list(owner=province.p, name="Các sở", from_on=BEGINS, by=None, at=AT)
    add_member(group=rows, agency=province.a, from_on=BEGINS, by=None, at=AT)
    hold(person("x"), province.unit, Role.OFFICER)
    ended_before = hold(person("y"), province.a, Role.OFFICER, to_on=date(2016, 2, 1))
    stand_in(province.clerkship, province.a_officer)
    last, after = date(2016, 6, 5), date(2016, 6, 6)
    assert len(authorities(province.a_officer, on=after)) == 2

    end_agency(agency=province.a, to_on=last, by=province.admin, at=AT)

    assert Agency.objects.get(pk=province.unit.pk).to_on == last
    assert len(authorities(province.a_officer, on=last)) == 2
    assert authorities(province.a_officer, on=after) == []
    assert not Post.objects.live_on(after).filter(agency__in=(province.a, province.unit)).exists()
    assert Post.objects.get(pk=ended_before.pk).to_on == date(2016, 2, 1)
    assert members_on(rows, last) == [province.a]
    assert members_on(rows, after) == []
    assert province.a.names.get().to_on == last
    assert ledger()[-1] == "agency.ended"


def test_an_end_leaves_everybody_elsewhere_alone(province: Province) -> None:
    end_agency(agency=province.a, to_on=DAY, by=province.admin, at=AT)

    assert authorities(province.b_clerk, on=date(2020, 1, 1))


@pytest.mark.parametrize("number", [1, 20])
def test_an_end_is_one_batch(
    province: Province, number: int, django_assert_max_num_queries
) -> None:
    for place in range(number):
        hold(person(f"x{place}"), province.a, Role.OFFICER)

    with django_assert_max_num_queries(24):
        end_agency(agency=province.a, to_on=DAY, by=None, at=AT)

    assert not Post.objects.filter(agency=province.a, to_on=None).exists()


def test_what_stands_under_an_agency_is_ended_or_moved_first(province: Province) -> None:
    with override("en"), pytest.raises(Refused) as caught:
        end_agency(agency=province.p, to_on=DAY, by=province.admin, at=AT)

    assert [reason.code for reason in caught.value.reasons] == ["agency"]
    assert "Sở Nội vụ, Sở Tài chính" in str(caught.value.reasons[0].message)


def test_posts_that_begin_later_stand_against_an_end(province: Province) -> None:
    hold(person("x"), province.a, Role.OFFICER, from_on=date(2016, 9, 1))

    with refused("to_on"):
        end_agency(agency=province.a, to_on=DAY, by=province.admin, at=AT)


def test_an_end_is_not_put_into_the_past_and_is_written_once(province: Province) -> None:
    with refused("to_on"):
        end_agency(agency=province.a, to_on=date(2016, 5, 1), by=province.admin, at=AT)
    end_agency(agency=province.a, to_on=DAY, by=province.admin, at=AT)
    before = ledger()

    end_agency(agency=province.a, to_on=DAY, by=province.admin, at=AT)

    assert ledger() == before


def test_a_split_is_told_from_both_sides(province: Province) -> None:
    new = body("Sở Mới", province.p)
    for successor, partial in ((new, True), (province.b, True)):
        record_succession(
            predecessor=province.a, successor=successor, kind=SuccessionKind.SPLIT, on=DAY,
            basis=BASIS, partial=partial, by=province.admin, at=AT,
        )  # fmt: skip

    assert [row.successor for row in successors(province.a)] == [new, province.b]
    assert [row.predecessor for row in predecessors(new)] == [province.a]
    assert ledger()[-1] == "agency.succeeded"


def test_a_successor_holds_nothing_of_its_predecessor(province: Province) -> None:
    before = authorities(province.b_clerk, on=DAY)

    record_succession(
        predecessor=province.a, successor=province.b, kind=SuccessionKind.MERGE, on=DAY,
        basis=BASIS, by=province.admin, at=at(DAY),
    )  # fmt: skip

    assert authorities(province.b_clerk, on=DAY) == before


def test_all_that_is_wrong_with_a_succession_is_said_at_once(province: Province) -> None:
    with refused("successor", "basis"):
        record_succession(
            predecessor=province.a, successor=None, kind=SuccessionKind.MERGE, on=DAY,
            basis=" ", by=province.admin, at=AT,
        )  # fmt: skip
    with refused("successor"):
        record_succession(
            predecessor=province.a, successor=province.a, kind=SuccessionKind.MERGE, on=DAY,
            basis=BASIS, by=province.admin, at=AT,
        )  # fmt: skip

    abolished = record_succession(
        predecessor=province.a, successor=None, kind=SuccessionKind.ABOLISH, on=DAY,
        basis=BASIS, by=province.admin, at=AT,
    )  # fmt: skip

    assert abolished.successor is None
    with refused("on"):
        record_succession(
            predecessor=province.a, successor=None, kind=SuccessionKind.ABOLISH, on=DAY,
            basis=BASIS, by=province.admin, at=AT,
        )  # fmt: skip


def test_two_agencies_do_not_share_an_identifier(province: Province) -> None:
    taken = province.b.names.get().identifier

    with refused("identifier"):
        found_agency(
            name=name("Mới", identifier=taken), kind=AgencyKind.DEPARTMENT, from_on=DAY,
            parent=province.p, by=province.admin, at=AT,
        )  # fmt: skip
