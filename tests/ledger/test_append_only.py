from collections.abc import Iterator

import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import IntegrityError, connection, models, transaction

from ledger import append_only
from ledger.append_only import Protected
from ledger.models import LedgerEntry
from tests.ledger.tampering import make_chain

TABLE = "ledger_ledgerentry"
on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a statement of SQLite")
on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="a statement of PostgreSQL"
)

REPLACE = f"""
    INSERT OR REPLACE INTO {TABLE} (seq, at, type, entry_bytes, prev, hash)
    SELECT seq, at, 'other.thing', entry_bytes, prev, hash FROM {TABLE} WHERE seq = 2
"""  # noqa: S608
UPSERT = f"""
    INSERT INTO {TABLE} (seq, at, type, entry_bytes, prev, hash)
    SELECT seq, at, type, entry_bytes, prev, hash FROM {TABLE} WHERE seq = 2
    ON CONFLICT (seq) DO UPDATE SET type = 'other.thing'
"""  # noqa: S608


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(f"UPDATE {TABLE} SET type = 'other.thing' WHERE seq = 2", id="update"),  # noqa: S608
        pytest.param(f"DELETE FROM {TABLE} WHERE seq = 2", id="delete"),  # noqa: S608
        pytest.param(REPLACE, id="replace", marks=on_sqlite),
        pytest.param(UPSERT.replace("WHERE seq = 2", "WHERE seq = 2 AND true"), id="upsert"),
        pytest.param(f"TRUNCATE {TABLE}", id="truncate", marks=on_postgresql),
    ],
)
def test_a_statement_that_changes_an_entry_is_refused(statement: str) -> None:
    make_chain(3)
    before = list(LedgerEntry.objects.values_list())
    with append_only.lifted(), transaction.atomic():
        run(statement)
        assert list(LedgerEntry.objects.values_list()) != before
        transaction.set_rollback(True)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run(statement)

    assert list(LedgerEntry.objects.values_list()) == before


@pytest.mark.django_db
def test_saving_or_deleting_an_entry_is_refused() -> None:
    make_chain(1)
    entry = LedgerEntry.objects.get()

    for act in (entry.save, entry.delete, LedgerEntry.objects.all().delete):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            act()


@pytest.fixture
def sealed_papers(db: None) -> Iterator[None]:
    run("CREATE TABLE trial_paper (id integer PRIMARY KEY, text varchar(9), sealed_at varchar(9))")
    append_only.install("trial_paper", when="sealed_at")
    run("INSERT INTO trial_paper VALUES (1, 'draft', NULL), (2, 'issued', '2016')")
    yield
    run("DROP TABLE trial_paper")


@pytest.mark.usefixtures("sealed_papers")
def test_with_when_only_the_rows_in_which_it_is_set_are_frozen() -> None:
    for statement in (
        "UPDATE trial_paper SET text = 'other' WHERE id = 2",
        "UPDATE trial_paper SET sealed_at = NULL WHERE id = 2",
        "DELETE FROM trial_paper WHERE id = 2",
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            run(statement)
    run("UPDATE trial_paper SET text = 'better' WHERE id = 1")
    run("UPDATE trial_paper SET sealed_at = '2016' WHERE id = 1")

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run("DELETE FROM trial_paper WHERE id = 1")
    append_only.remove("trial_paper")
    run("DELETE FROM trial_paper")


@pytest.mark.usefixtures("sealed_papers")
def test_missing_tells_a_trigger_that_is_absent_or_weaker() -> None:
    frozen, sealed = Protected("trial_paper"), Protected("trial_paper", "sealed_at")
    assert append_only.missing([sealed]) == []

    assert append_only.missing([frozen])[:2] == ["trial_paper: update", "trial_paper: delete"]
    append_only.install("trial_paper")
    assert append_only.missing([frozen]) == []
    assert append_only.missing([sealed])[:2] == ["trial_paper: update", "trial_paper: delete"]
    append_only.remove("trial_paper")
    assert append_only.missing([sealed])[:2] == ["trial_paper: update", "trial_paper: delete"]


@on_postgresql
@pytest.mark.django_db
@pytest.mark.parametrize(
    "weakening",
    [
        f"ALTER TABLE {TABLE} DISABLE TRIGGER append_only_delete",
        f"ALTER TABLE {TABLE} ENABLE REPLICA TRIGGER append_only_delete",
        "CREATE OR REPLACE FUNCTION append_only_refuse() RETURNS trigger LANGUAGE plpgsql "
        "AS $$BEGIN RETURN OLD; END$$",
    ],
)
def test_a_trigger_that_was_made_powerless_counts_as_missing(weakening: str) -> None:
    assert append_only.missing() == []

    run(weakening)

    assert f"{TABLE}: delete" in append_only.missing()


@pytest.mark.django_db
def test_every_registered_table_is_guarded_after_migration() -> None:
    assert Protected(TABLE) in set(append_only.protected())

    assert append_only.missing() == []


@pytest.mark.django_db
def test_triggers_that_are_gone_come_back_with_migrate() -> None:
    append_only.remove(TABLE)
    assert f"{TABLE}: update" in append_only.missing()

    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")

    assert append_only.missing() == []


@pytest.mark.django_db(transaction=True)
def test_triggers_lost_when_a_table_is_rebuilt_come_back_with_migrate() -> None:
    now = LedgerEntry._meta.get_field("type")
    longer = models.CharField(max_length=61, db_index=True)
    longer.set_attributes_from_name("type")
    longer.model = LedgerEntry

    with connection.schema_editor() as editor:
        editor.alter_field(LedgerEntry, now, longer)
        editor.alter_field(LedgerEntry, longer, now)

    lost = append_only.missing()
    assert lost == ([f"{TABLE}: update", f"{TABLE}: delete"] if _rebuilds_tables() else [])
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert append_only.missing() == []


def _rebuilds_tables() -> bool:
    return connection.vendor == "sqlite"


@pytest.mark.django_db
def test_lifted_puts_the_triggers_up_again_even_after_a_failure() -> None:
    make_chain(2)

    with pytest.raises(ZeroDivisionError), append_only.lifted():
        _delete_and_fail()

    assert LedgerEntry.objects.count() == 2
    assert append_only.missing() == []


def _delete_and_fail() -> None:
    LedgerEntry.objects.filter(seq=2).delete()
    raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_transactional_test_finds_an_empty_ledger_and_guarded_tables(turn: int) -> None:
    assert not LedgerEntry.objects.exists()
    assert append_only.missing() == []

    assert make_chain(3) == 3


@pytest.mark.django_db(transaction=True)
def test_lifted_outside_a_transaction_puts_them_up_again() -> None:
    make_chain(2)

    with pytest.raises(ZeroDivisionError), append_only.lifted():
        _delete_and_fail()

    assert append_only.missing() == []
