"""`load_agencies`: all or nothing, every fault with its row and column, twice is once."""

from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from agencies.lists import members_on
from agencies.loading import Loaded, load
from agencies.models import Agency, AgencyName, DistributionList, ListMember
from agencies.refusals import Refused
from agencies.sheet import COLUMNS
from agencies.succession import end_agency, rename
from ledger.models import LedgerEntry
from tests.agencies.world import AT, DAY, name

HEADER = ",".join(COLUMNS)
PROVINCE = "P.1,committee,Ủy ban nhân dân tỉnh,UBND tỉnh,UBND,,có,,Tây Ninh,01/01/2016,,,"
HOME = (
    'P.2,department,Sở Nội vụ tỉnh,Sở Nội vụ,SNV,P.1,,office,Tây Ninh,1/1/2016,,NQ 1,"Các sở, ban"'
)
FRONT = 'P.3,front,Mặt trận tỉnh,Mặt trận,MTTQ,,,,,01/01/2016,31/12/2020,,"P.1: Các sở, ban; P.3:X"'


@pytest.fixture(autouse=True)
def _english(db: None) -> Iterator[None]:
    with override("en"):
        yield


def table(*lines: str, header: str = HEADER) -> bytes:
    return "\r\n".join((header, *lines)).encode()


def faults(data: bytes) -> list[str]:
    """Return what is refused; nothing may have been written."""
    before = (Agency.objects.count(), DistributionList.objects.count(), LedgerEntry.objects.count())
    with pytest.raises(Refused) as caught:
        load(data, at=AT)
    after = (Agency.objects.count(), DistributionList.objects.count(), LedgerEntry.objects.count())
    assert after == before
    return [str(reason.message) for reason in caught.value.reasons]


def test_a_table_brings_agencies_names_and_lists() -> None:
    loaded = load(table(FRONT, HOME, PROVINCE), at=AT)

    assert loaded == Loaded(agencies=3, unchanged=0, lists=2, members=3)
    home = Agency.objects.get(short_name="Sở Nội vụ")
    assert (home.parent.short_name, home.default_audience) == ("UBND tỉnh", "office")
    assert home.names.get().basis == "NQ 1"
    assert Agency.objects.get(short_name="UBND tỉnh").collective
    rows = DistributionList.objects.get(name="Các sở, ban")
    assert rows.owner.short_name == "UBND tỉnh"
    assert [str(each) for each in members_on(rows, DAY)] == ["Mặt trận", "Sở Nội vụ"]
    assert [str(each) for each in members_on(rows, date(2021, 1, 1))] == ["Sở Nội vụ"]


def test_a_second_run_changes_nothing() -> None:
    data = table(PROVINCE, HOME, FRONT)
    load(data, at=AT)
    before = LedgerEntry.objects.count()

    loaded = load(data, at=AT)

    assert loaded == Loaded(unchanged=3)
    assert loaded.nothing_new
    assert LedgerEntry.objects.count() == before


def test_a_second_run_undoes_nothing_that_the_verbs_did() -> None:
    data = table(PROVINCE, HOME)
    load(data, at=AT)
    home = Agency.objects.get(short_name="Sở Nội vụ")
    rename(agency=home, name=name("Sở Mới", identifier="P.2", basis="NQ 2"), on=DAY, by=None, at=AT)
    end_agency(agency=home, to_on=date(2016, 12, 31), by=None, at=AT)

    assert load(data, at=AT).nothing_new

    assert Agency.objects.get(pk=home.pk).short_name == "Sở Mới"
    assert ListMember.objects.get().to_on == date(2016, 12, 31)


def test_a_second_table_adds_to_the_first() -> None:
    load(table(PROVINCE), at=AT)

    assert load(table(PROVINCE, HOME), at=AT) == Loaded(1, 1, 1, 1)


def test_a_file_writes_over_nothing() -> None:
    load(table(PROVINCE, HOME), at=AT)
    other = HOME.replace("Sở Nội vụ tỉnh", "Sở Khác").replace("office", "agency")

    assert [line[:32] for line in faults(table(PROVINCE, other))] == [
        "Row 3, column name: this agency ",
        "Row 3, column default_audience: ",
    ]


def test_a_byte_order_mark_quotes_and_line_breaks_in_cells_are_read() -> None:
    line = PROVINCE.replace("Ủy ban nhân dân tỉnh", '"Ủy ban\nnhân dân ""tỉnh"""')

    load(b"\xef\xbb\xbf" + table(line, HOME), at=AT)

    assert Agency.objects.get(short_name="UBND tỉnh").name == 'Ủy ban nhân dân "tỉnh"'


def test_columns_may_come_in_any_order_and_empty_rows_are_passed_over() -> None:
    header = ",".join(reversed(COLUMNS))
    line = ",".join(reversed(PROVINCE.split(",")))

    assert load(table(line, ",,,,", "", header=header), at=AT).agencies == 1


def test_decomposed_letters_are_stored_as_one() -> None:
    load(table(PROVINCE.replace("tỉnh", "ti\u0309nh")), at=AT)

    assert AgencyName.objects.get().short_name == "UBND tỉnh"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (HOME.replace("P.2", ""), "Row 3, column identifier: the cell is empty."),
        (HOME.replace("Sở Nội vụ tỉnh", "  "), "Row 3, column name: the cell is empty."),
        (HOME.replace("1/1/2016", ""), "Row 3, column from: the cell is empty."),
        (HOME.replace("1/1/2016", "30/2/2016"), "Row 3, column from: there is no day 30/2/2016."),
        (HOME.replace("1/1/2016", "2016"), "Row 3, column from: “2016” is no day"),
        (HOME.replace("1/1/2016", "1/1/16"), "Row 3, column from: “1/1/16” is no day"),
        (HOME.replace("1/1/2016", "2016-01-01"), "Row 3, column from: “2016-01-01” is no day"),
        (HOME.replace("1/1/2016", "01/13/2016"), "Row 3, column from: there is no day 01/13/2016."),
        (HOME.replace("1/1/2016,", "1/1/2016,31/12/2015"), "Row 3, column to: the last day is"),
        (HOME.replace("department", "sở"), "Row 3, column kind: “sở” is unknown. It is one of:"),
        (HOME.replace("office", "all"), "Row 3, column default_audience: “all” is unknown."),
        (HOME.replace("P.1,,", "P.1,vâng,"), "Row 3, column collective: “vâng” is neither"),
        (HOME.replace("P.1", "P.9"), "Row 3, column parent_identifier: no other agency has"),
        (HOME.replace("P.1", "P.2"), "Row 3, column parent_identifier: no other agency has"),
        (HOME.replace("SNV", "S" * 31), "Row 3, column abbreviation: 31 characters, at most 30"),
        (HOME.replace("Sở Nội vụ tỉnh", "Sở" * 200), "Row 3, column name: 400 characters"),
        (HOME.replace("P.2", "P.1"), "Row 3, column identifier: “P.1” stands in row 2 already."),
        (HOME + ",thừa", "Row 3: there are 14 cells, the header has 13."),
        ("P.2,department", "Row 3: there are 2 cells, the header has 13."),
        (HOME.replace("Các sở, ban", "P.9: Các sở"), "Row 3, column lists: no agency has the"),
        (FRONT.replace("P.1: ", ""), "Row 3, column lists: say whose list “Các sở, ban” is"),
        (HOME.replace("NQ 1", "N\0Q"), "Row 3: there is a NUL character."),
        (HOME[:-1], "Row 3: the table breaks off:"),
    ],
)
def test_a_bad_line_is_refused_with_its_row_and_column(line: str, fault: str) -> None:
    assert load(table(PROVINCE.replace("P.1", "P.0")), at=AT).agencies == 1

    assert any(each.startswith(fault) for each in faults(table(PROVINCE, line)))


def test_every_fault_of_every_line_is_said_at_once() -> None:
    bad = HOME.replace("department", "sở").replace("1/1/2016", "31/4/2016")

    found = faults(table(PROVINCE, bad, FRONT.replace("P.3", "P.1"), "x"))

    assert [line[:20] for line in found] == [
        "Row 3, column kind: ", "Row 3, column from: ", "Row 4, column identi", "Row 5: there are 1 c",
    ]  # fmt: skip


def test_agencies_do_not_stand_above_themselves() -> None:
    one = HOME.replace("P.1", "P.4")
    other = HOME.replace("P.2", "P.4").replace("P.1", "P.2")

    assert [each[:31] for each in faults(table(PROVINCE, one, other))] == [
        "Row 3, column parent_identifier", "Row 4, column parent_identifier",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (HEADER.replace("basis,", ""), ["Row 1, column basis: the column is missing."]),
        (HEADER + ",note", ["Row 1, column note: there is no such column."]),
        (HEADER + ",name", ["Row 1, column name: the column stands there twice."]),
    ],
)
def test_a_bad_header_is_refused(header: str, found: list[str]) -> None:
    assert faults(table(PROVINCE, header=header)) == found


def test_an_empty_file_is_refused() -> None:
    assert faults(b"") == ["Row 1: the file is empty."]


def test_what_is_not_utf_8_is_refused_with_its_row() -> None:
    data = table(PROVINCE) + b"\r\nP.2,department,S\xed N\xf4i v\xf9"

    assert faults(data) == ["Row 3: this is not UTF-8. Save the file as “CSV UTF-8”."]


def test_what_a_verb_refuses_is_said_with_its_row() -> None:
    load(table(PROVINCE, HOME), at=AT)
    DistributionList.objects.update(to_on=date(2016, 1, 31))
    late = FRONT.replace("01/01/2016", "01/01/2017")

    assert [each[:25] for each in faults(table(late))] == ["Row 2, column lists: The "]


# -- The command --------------------------------------------------------------------------------


def run(path: Path) -> str:
    out = StringIO()
    call_command("load_agencies", str(path), stdout=out)
    return out.getvalue()


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(table(PROVINCE, HOME))

    assert "Entered: 2 agencies, 1 lists, 1 places on lists" in run(path)
    assert "Nothing to do: 2 agencies" in run(path)


def test_the_command_ends_with_1_and_names_every_fault(tmp_path: Path) -> None:
    path, err = tmp_path / "x.csv", StringIO()
    path.write_bytes(table(PROVINCE, HOME.replace("P.1", "P.9"), "x"))

    with pytest.raises(CommandError, match="2 faults: nothing was written") as caught:
        call_command("load_agencies", str(path), stderr=err)

    assert caught.value.returncode == 1
    assert [line[:6] for line in err.getvalue().splitlines()] == ["Row 3,", "Row 4:"]
    assert not Agency.objects.exists()


def test_the_command_says_that_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "none.csv")
