"""The archive for benchmarks: deterministic, whole, and no claim of the ledger's."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from agencies import clock
from agencies.models import User
from documents import access, archive_seed
from documents.archive_offices import FIRST, LAST, heavy_reader
from documents.choices import NumberState, RegisterKind, State
from documents.manifest import digest_of
from documents.models import Circulation, Dispatch, DispatchVersion, Register, RegisterEntry
from ledger.verification import verify

SIZE = {"dispatches": 120, "agencies": 9, "recipients": 4}


def write(seed: int = 1) -> None:
    archive_seed.Archive(**SIZE, seed=seed).write()


def said() -> list[tuple[object, ...]]:
    """What the archive says, without ids: those follow the rows of other tests."""
    rows = Circulation.objects.order_by("pk").values_list(
        "dispatch__code", "dispatch__subject", "agency__name", "state", "sent_at", "due_at"
    )
    return list(rows)


@pytest.mark.django_db
def test_the_same_seed_writes_the_same_rows() -> None:
    write(seed=1)
    first = said()
    write(seed=1001)
    other = said()[len(first) :]

    assert first
    assert other != first
    assert [row[4].date() for row in first] == sorted(row[4].date() for row in first)
    assert FIRST <= first[0][4].date() <= first[-1][4].date() <= LAST


@pytest.mark.django_db
def test_the_rows_satisfy_every_constraint_and_the_ledger_has_nothing_against_them() -> None:
    write()

    connection.check_constraints()
    assert verify().ok
    assert Dispatch.objects.count() == SIZE["dispatches"]
    for version in DispatchVersion.objects.filter(issued_at__isnull=False):
        assert version.digest == digest_of(version.text, version.manifest)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", RegisterKind)
def test_every_register_is_dense_and_stands_at_its_last_number(kind: RegisterKind) -> None:
    write()

    for register in Register.objects.filter(kind=kind):
        given = register.entries.order_by("number").values_list("number", flat=True)
        assert list(given) == list(range(1, register.last_number + 1))
    assert RegisterEntry.objects.filter(state=NumberState.ISSUED, register__kind=kind).exists()


@pytest.mark.django_db
def test_a_third_of_the_issued_papers_reaches_the_heavy_reader() -> None:
    write()
    reader = User.objects.get(username=heavy_reader(1))

    read = access.circulations_read_by(reader, at=clock.now()).count()

    issued = Dispatch.objects.filter(state=State.ISSUED).count()
    assert issued / 4 < read < issued / 2


@pytest.mark.django_db
def test_rows_go_on_after_the_archive() -> None:
    write()

    agency = User.objects.get(username=heavy_reader(1)).posts.get().agency
    row = Register.objects.create(agency=agency, kind=RegisterKind.OUTGOING, name="Sổ", year=2016)

    assert row.pk


@pytest.mark.django_db
def test_a_database_that_holds_dispatches_is_refused_unless_told(capsys) -> None:
    sizes = [f"--{name}={size}" for name, size in SIZE.items()]
    call_command("seed_archive", *sizes)

    with pytest.raises(CommandError, match="holds dispatches"):
        call_command("seed_archive", *sizes, "--seed=2")
    call_command("seed_archive", *sizes, "--seed=2", "--yes")
    with pytest.raises(CommandError, match="seed 2 is here already"):
        call_command("seed_archive", *sizes, "--seed=2", "--yes")

    assert Dispatch.objects.count() == 2 * SIZE["dispatches"]
