import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers
from django.db import connection, transaction
from django.utils import timezone as active
from pytest_django import DjangoAssertNumQueries, Settings

from ledger import append_only, chain, record
from ledger.models import LedgerEntry, LedgerHead
from ledger.verification import verify
from tests.ledger.tampering import make_chain

AT = datetime(2016, 6, 2, 7, 41, tzinfo=UTC)


@pytest.mark.django_db
def test_append_writes_the_entry_and_moves_the_head_in_three_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with transaction.atomic(), django_assert_num_queries(3):
        first = record.append("paper.signed", {"paper": 7}, at=AT)
    with transaction.atomic():
        second = record.append("paper.signed", {"paper": 8}, at=AT)

    head = LedgerHead.objects.get()
    assert (first.seq, first.prev) == (1, chain.GENESIS)
    assert (second.seq, second.prev) == (2, first.hash)
    assert (head.seq, head.hash) == (2, second.hash)
    assert LedgerEntry.objects.get(seq=2).data == {"paper": 8}


@pytest.mark.django_db(transaction=True)
def test_append_outside_a_transaction_is_refused() -> None:
    with transaction.atomic():
        record.append("paper.signed", {}, at=AT)

    with pytest.raises(record.OutsideTransaction):
        record.append("paper.signed", {}, at=AT)

    assert LedgerEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_no_gap() -> None:
    make_chain(2)

    with transaction.atomic():
        assert record.append("paper.signed", {}, at=AT).seq == 3
        transaction.set_rollback(True)

    with transaction.atomic():
        assert record.append("paper.signed", {}, at=AT).seq == 3
    assert verify().ok


@pytest.mark.django_db
def test_refused_data_leave_the_ledger_as_it_was() -> None:
    make_chain(2)

    for data in ({"share": 0.5}, {"number": 2**53}):
        with pytest.raises((TypeError, ValueError)):
            record.append("paper.signed", data, at=AT)

    assert LedgerHead.objects.get().seq == 2
    assert verify().ok


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["UTC", "Asia/Ho_Chi_Minh", "America/St_Johns"])
def test_the_chain_verifies_whatever_the_time_zone(settings: Settings, zone: str) -> None:
    at = datetime(2016, 6, 2, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=7)))
    record.append("paper.signed", {}, at=at)
    record.append("paper.signed", {}, at=at.astimezone(UTC))
    record.append("paper.signed", {}, at=at.replace(microsecond=0))

    settings.TIME_ZONE = zone
    with active.override(zone):
        record.append("paper.signed", {}, at=at)
        report = verify()

        assert report.ok, report.problems
    assert LedgerEntry.objects.filter(at=at).count() == 3


@pytest.mark.django_db
def test_equal_instants_are_recorded_as_equal() -> None:
    record.append("paper.signed", {}, at=AT)
    record.append("paper.signed", {}, at=AT.astimezone(timezone(timedelta(hours=7))))

    first, second = (chain.decode(bytes(each.entry_bytes)) for each in LedgerEntry.objects.all())

    assert first.at == second.at


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["json", "xml"])
def test_the_chain_verifies_after_dump_and_restore(form: str) -> None:
    make_chain(5)
    dump = serializers.serialize(form, LedgerEntry.objects.all())
    with append_only.lifted():
        LedgerEntry.objects.all().delete()
    assert not verify().ok

    for restored in serializers.deserialize(form, dump):
        restored.save()

    assert LedgerEntry.objects.count() == 5
    assert verify().ok


@pytest.mark.django_db
def test_a_head_is_founded_only_before_the_first_entry() -> None:
    LedgerHead.objects.all().delete()
    record.found("default")
    assert LedgerHead.objects.get().seq == 0

    make_chain(1)
    LedgerHead.objects.all().delete()
    record.found("default")

    assert not LedgerHead.objects.exists()


@pytest.fixture
def shared_database(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database in which threads meet as they do in service: of SQLite's, one in a file."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        connection.ensure_connection()
        path = tmp_path / "shared.sqlite3"
        raw: Any = connection.connection
        with closing(type(raw)(path)) as file:
            raw.backup(file)
        monkeypatch.setitem(connection.settings_dict, "NAME", str(path))


def in_threads(count: int, work: Callable[[int], None]) -> list[BaseException]:
    """Run the work in that many threads, started together; return what went wrong."""
    failures: list[BaseException] = []
    start = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            start.wait(timeout=10)
            work(number)
        except BaseException as error:  # noqa: BLE001 - told to the test
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.mark.slow
@pytest.mark.usefixtures("shared_database")
def test_eight_threads_append_a_dense_chain() -> None:
    def append_25(thread: int) -> None:
        for step in range(25):
            with transaction.atomic():
                record.append("trial.made", {"thread": thread, "step": step}, at=AT)

    def check(_thread: int) -> None:
        report = verify()
        assert report.ok, report.problems
        seqs = list(LedgerEntry.objects.order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, 201))
        done = {(each.data["thread"], each.data["step"]) for each in LedgerEntry.objects.all()}
        assert len(done) == 200

    assert in_threads(8, append_25) == []

    assert in_threads(1, check) == []
