"""Printed addressee lines: what they may stand for. Proposals only."""

from datetime import date

import pytest

from agencies.choices import AgencyKind
from agencies.models import AgencyName, DistributionList, ListMember
from documents import line_reading
from documents.choices import LineRole
from tests.documents.factories import world
from tests.documents.world import START, agency

DAY = date(2016, 6, 2)


def names_of(small):
    return line_reading.names_on(DAY, owner=small.province.pk)


def group(small, name, *members, owner=None):
    row = DistributionList.objects.create(owner=owner or small.province, name=name, from_on=START)
    for body in members:
        ListMember.objects.create(list=row, agency=body, from_on=START)
    return row


def found(reading):
    return [*map(str, reading.proposal.lists), *map(str, reading.proposal.agencies)]


# -- Pasted blocks --------------------------------------------------------------------------------


def test_a_pasted_block_is_split_at_its_line_breaks_without_dashes_and_end_marks():
    block = (
        "- Ủy ban MTTQ tỉnh;\r\n– Thủ trưởng các sở, ban, ngành;\n\n  • Chủ tịch UBND các huyện."
    )

    read = line_reading.pieces(block)

    assert [piece.text for piece in read] == [
        "Ủy ban MTTQ tỉnh",
        "Thủ trưởng các sở, ban, ngành",
        "Chủ tịch UBND các huyện",
    ]
    assert {piece.role for piece in read} == {LineRole.TO}


def test_headings_of_a_pasted_block_switch_the_part():
    block = (
        "Kính gửi: Sở Nội vụ;\nNơi nhận:\n- Như trên;\n- TT Tỉnh ủy (để báo cáo);\n- Lưu: VT, NC."
    )

    read = line_reading.pieces(block)

    assert [(piece.text, piece.role, piece.as_above) for piece in read] == [
        ("Sở Nội vụ", LineRole.TO, False),
        ("Như trên", LineRole.COPY, True),
        ("TT Tỉnh ủy (để báo cáo)", LineRole.COPY, False),
        ("Lưu: VT, NC", LineRole.ARCHIVE, False),
    ]


def test_an_end_mark_inside_a_line_stays():
    assert line_reading.bare("- LĐVP. NC, VX;") == "LĐVP. NC, VX"


@pytest.mark.parametrize("text", ["Lưu: VT", "- Lưu VT, NC.", "lưu: hồ sơ"])
def test_the_file_copy_is_known_by_its_word(text):
    assert line_reading.of_itself(line_reading.bare(text)).role == LineRole.ARCHIVE


def test_an_agency_whose_name_begins_like_the_file_copy_is_not_one():
    assert line_reading.of_itself("Lưu vực sông Vàm Cỏ").role is None


# -- Names ------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["Sở Nội vụ", "so noi vu", "SNV", "snv", "Giám đốc Sở Nội vụ", "Sở Nội vụ (để t/h)"]
)
def test_a_name_is_read_without_marks_by_initials_and_by_its_head(text):
    small = world()

    reading = names_of(small).read(text)

    assert found(reading) == ["Sở Nội vụ"]
    assert reading.certain


@pytest.mark.django_db
def test_a_list_is_read_by_its_printed_name_and_an_abbreviation_is_written_out():
    small = world()
    group(small, "Chủ tịch UBND các huyện, thành phố", small.home)

    reading = names_of(small).read("Chủ tịch Ủy ban nhân dân các huyện, thành phố")

    assert found(reading) == ["Chủ tịch UBND các huyện, thành phố"]


@pytest.mark.django_db
def test_a_list_of_another_agency_is_not_offered():
    small = world()
    group(small, "Các phòng", small.home, owner=small.home)
    own = line_reading.names_on(DAY, owner=small.home.pk)
    assert found(own.read("Các phòng")) == ["Các phòng"]

    reading = names_of(small).read("Các phòng")

    assert found(reading) == []


@pytest.mark.django_db
def test_a_name_that_two_bear_is_offered_twice_and_is_not_certain():
    small = world()
    agency("UBND huyện Tân Biên", "UBND", kind=AgencyKind.DISTRICT)
    agency("UBND huyện Tân Châu", "UBND", kind=AgencyKind.DISTRICT)

    reading = names_of(small).read("UBND")

    assert len(reading.proposal.agencies) == 3
    assert not reading.certain


@pytest.mark.django_db
def test_a_line_that_names_several_is_read_as_all_of_them_or_none():
    small = world()
    names = names_of(small)

    both = names.read("Sở Nội vụ, Sở Tài chính")
    half = names.read("Sở Nội vụ, Sở Không Có")

    assert found(both) == ["Sở Nội vụ", "Sở Tài chính"]
    assert both.certain
    assert found(half) == []


@pytest.mark.django_db
def test_a_name_of_another_day_is_not_read_but_is_found():
    small = world()
    AgencyName.objects.filter(agency=small.home).update(to_on=date(2016, 5, 31))
    AgencyName.objects.create(
        agency=small.home,
        name="Sở Nội vụ và Lao động",
        short_name="Sở Nội vụ và Lao động",
        abbreviation="SNVLĐ",
        identifier="NEW",
        from_on=date(2016, 6, 1),
    )
    small.home.read_names()
    names = names_of(small)

    assert found(names.read("SNV")) == []
    assert names.find("so noi vu").agencies == (small.home,)


@pytest.mark.django_db
def test_a_body_that_has_ended_is_not_proposed():
    small = world()
    assert found(names_of(small).read("Sở Nội vụ")) == ["Sở Nội vụ"]
    small.home.to_on = date(2016, 6, 1)
    small.home.save()

    assert found(names_of(small).read("Sở Nội vụ")) == []


@pytest.mark.django_db
def test_finding_asks_for_the_beginnings_of_all_words():
    small = world()
    names = names_of(small)

    assert names.find("tai chi so").agencies == (small.finance,)
    assert not names.find("")
    assert not names.find("chinh tai xx")


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_agencies(django_assert_num_queries):
    small = world()
    for place in range(5):
        agency(f"Sở thứ {place}", f"S{place}")

    with django_assert_num_queries(3):
        names_of(small).read("Sở thứ 3")
