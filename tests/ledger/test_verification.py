from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection
from pytest_django import DjangoAssertNumQueries

from ledger import append_only, links, record, verification, witnesses
from ledger.models import LedgerEntry
from ledger.verification import verify
from ledger.witnesses import Entries, file_witness, witness
from tests.ledger.tampering import TAMPERINGS, campaign, make_chain

AT = datetime(2016, 6, 2, 7, 41, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_an_empty_ledger_is_whole() -> None:
    report = verify()

    assert (report.ok, report.count, report.first_bad) == (True, 0, None)


def test_a_chain_is_whole_and_its_head_is_told() -> None:
    make_chain(7)

    report = verify()

    assert (report.ok, report.count, report.problems) == (True, 7, [])
    assert report.head == LedgerEntry.objects.get(seq=7).hash


@pytest.mark.slow
def test_every_change_is_found_and_named_by_the_first_bad_entry() -> None:
    assert campaign(3 * len(TAMPERINGS), seed=1502) == []


@pytest.mark.prove
def test_a_thousand_changes_are_found() -> None:
    assert campaign(1000, seed=20160602) == []


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only SQLite keeps such values")
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2016-13-45 99:00:00"),
        ("at", "yesterday"),
        ("at", 7),
        ("type", b"trial.made"),
        ("entry_bytes", "text"),
        ("entry_bytes", 7),
        ("prev", b"\xff" * 64),
        ("hash", b"\xff" * 64),
    ],
)
def test_a_value_of_another_kind_is_found_in_any_column(column: str, value: object) -> None:
    make_chain(5)
    with append_only.lifted(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE ledger_ledgerentry SET {column} = %s WHERE seq = 3",  # noqa: S608
            [value],
        )

    report = verify()

    assert {problem.seq for problem in report.problems} == {3}


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only SQLite keeps such values")
def test_a_number_that_is_none_is_found() -> None:
    make_chain(5)
    with append_only.lifted(), connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_ledgerentry SET seq = 'three' WHERE seq = 3")

    assert verify().first_bad == 3


@pytest.mark.parametrize(("number", "first_bad"), [(1, 1), (2, None), (3, 3), (0, 0), (-5, -5)])
def test_a_row_too_many_is_found_in_a_table_robbed_of_its_key(
    monkeypatch: pytest.MonkeyPatch, number: int, first_bad: int | None
) -> None:
    make_chain(4)
    monkeypatch.setattr(links, "PAGE", 2)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE twin AS SELECT * FROM ledger_ledgerentry")
        cursor.execute("DROP TABLE ledger_ledgerentry")
        cursor.execute("ALTER TABLE twin RENAME TO ledger_ledgerentry")
        cursor.execute(
            "INSERT INTO ledger_ledgerentry SELECT %s, at, type, entry_bytes, prev, hash "
            "FROM ledger_ledgerentry WHERE seq = %s",
            [number, max(number, 1)],
        )

    report = verify()

    # Of two rows numbered 2 the second falls between two pages: only the count tells.
    assert report.first_bad == first_bad
    assert "the table holds more rows" in report.problems[-1].text or first_bad is not None


def test_one_change_is_one_problem() -> None:
    make_chain(9)
    with append_only.lifted():
        LedgerEntry.objects.filter(seq=4).update(entry_bytes=b"{}")

    report = verify()

    assert [problem.seq for problem in report.problems] == [4]


def test_reading_goes_page_by_page(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_chain(10)
    monkeypatch.setattr(links, "PAGE", 4)
    guards = len(list(append_only.protected()))

    # Three pages with entries and the empty one, the head, the count; one for each guarded table
    # and one for each census.
    with django_assert_num_queries(6 + guards + len(witnesses.censuses)):
        report = verify()

    assert (report.ok, report.count) == (True, 10)


def test_an_entry_that_comes_in_while_verifying_is_verified_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_chain(3)
    read_rows = links.rows

    def rows(*, after: int | None = None) -> Iterator[links.Row]:
        yield from read_rows(after=after)
        if after is None:
            record.append("trial.made", {}, at=AT)

    monkeypatch.setattr(verification, "rows", rows)

    report = verify()

    assert (report.ok, report.count) == (True, 4)


def test_a_missing_trigger_is_a_problem_of_no_entry() -> None:
    make_chain(2)
    append_only.remove("ledger_ledgerentry")

    report = verify()

    assert not report.ok
    assert report.first_bad is None
    assert "trigger" in report.problems[0].text


def test_problems_are_kept_up_to_a_bound_and_counted_beyond(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_chain(9)
    monkeypatch.setattr(verification, "KEPT", 3)
    with append_only.lifted():
        LedgerEntry.objects.update(type="other.thing")

    report = verify()

    assert (len(report.problems), report.problem_count, report.first_bad) == (3, 9, 1)


@pytest.fixture
def no_witnesses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry as it is before any app has registered."""
    for registry in ("_of_rows", "_of_files"):
        monkeypatch.setattr(witnesses, registry, type(getattr(witnesses, registry))(list))


@pytest.mark.usefixtures("no_witnesses")
def test_a_witness_hears_the_entries_of_its_types_in_batches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verification, "PAGE", 4)
    heard = []

    @witness("trial.made", "trial.closed")
    def papers(entries: Entries) -> list[tuple[int, str]]:
        heard.append([seq for seq, _data in entries])
        return [(seq, "the paper is gone") for seq, data in entries if data["paper"] in (3, 5)]

    make_chain(6)
    record.append("trial.unheard", {}, at=AT)
    record.append("trial.closed", {"paper": 0}, at=AT)

    report = verify()

    assert heard == [[1, 2, 3, 4], [5, 6, 8]]
    assert report.problems == [(4, "the paper is gone"), (6, "the paper is gone")]
    assert report.first_bad == 4


@pytest.mark.usefixtures("no_witnesses")
def test_a_witness_of_files_is_asked_only_when_files_are_wanted() -> None:
    @file_witness("trial.made")
    def files(entries: Entries) -> list[tuple[int, str]]:
        return [(entries[0][0], "the file is gone")]

    make_chain(2)

    assert verify().ok
    assert verify(files=True).problems == [(1, "the file is gone")]


@pytest.mark.usefixtures("no_witnesses")
def test_a_witness_does_not_hear_a_bad_entry() -> None:
    heard: list[int] = []

    @witness("trial.made")
    def papers(entries: Entries) -> list[tuple[int, str]]:
        heard.extend(seq for seq, _data in entries)
        return []

    make_chain(3)
    with append_only.lifted():
        LedgerEntry.objects.filter(seq=2).update(hash="f" * 64)

    assert verify().first_bad == 2
    assert heard == [1, 3]


@pytest.mark.usefixtures("no_witnesses")
def test_what_a_witness_stumbles_over_is_a_problem_of_that_entry_alone() -> None:
    @witness("trial.made")
    def papers(entries: Entries) -> list[tuple[int, str]]:
        return [(seq, "odd") for seq, data in entries if 6 // (data["paper"] - 2) == 0]

    make_chain(5)

    report = verify()

    assert report.first_bad == 3
    assert [problem.seq for problem in report.problems] == [3]
    assert "papers cannot make sense of it" in report.problems[0].text


@pytest.mark.usefixtures("no_witnesses")
@pytest.mark.parametrize("failure", [DatabaseError("gone"), OSError("no such store")])
def test_a_witness_that_cannot_reach_its_rows_or_files_ends_the_verification(
    failure: Exception,
) -> None:
    @witness("trial.made")
    def papers(entries: Entries) -> list[tuple[int, str]]:
        raise failure

    make_chain(1)

    with pytest.raises(type(failure)):
        verify()
