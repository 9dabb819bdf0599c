import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from ledger import append_only, chain
from ledger.models import LedgerEntry, LedgerHead
from tests.ledger.tampering import make_chain

pytestmark = pytest.mark.django_db


def ledger(*arguments: str) -> tuple[int, str]:
    """Run the command; return its exit code and what it printed."""
    out = io.StringIO()
    try:
        call_command("ledger", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, str(error)
    except SystemExit as leaving:
        return int(leaving.code or 0), out.getvalue()
    return 0, out.getvalue()


def damage(seq: int) -> None:
    with append_only.lifted():
        LedgerEntry.objects.filter(seq=seq).update(type="other.thing")


def test_verify_of_a_whole_ledger_exits_0() -> None:
    make_chain(3)

    code, said = ledger("verify")

    assert (code, said) == (0, f"OK: 3 entries, head {LedgerHead.objects.get().hash}\n")


def test_verify_of_a_broken_ledger_exits_1_and_names_the_first_bad_entry() -> None:
    make_chain(5)
    damage(4)
    damage(2)

    code, said = ledger("verify", "--files")

    assert code == 1
    assert said.startswith("BROKEN, first bad entry 2;")


def test_verify_prints_json() -> None:
    make_chain(3)
    damage(3)

    code, said = ledger("verify", "--json")

    assert code == 1
    assert json.loads(said) == {
        "ok": False,
        "count": 3,
        "first_bad": 3,
        "head": LedgerHead.objects.get().hash,
        "files": False,
        "problem_count": 1,
        "problems": [{"seq": 3, "problem": "column type does not say what its bytes say"}],
    }


def test_verify_without_the_table_exits_2() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE ledger_ledgerentry")

    code, said = ledger("verify")

    assert code == 2
    assert "could not check" in said


@pytest.mark.parametrize("failure", [OperationalError("no server"), KeyError("surprise")])
def test_whatever_else_goes_wrong_exits_2(
    monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def verify(**options: Any) -> None:
        raise failure

    monkeypatch.setattr("ledger.management.commands.ledger.verify", verify)

    assert ledger("verify")[0] == 2


def test_export_writes_entries_that_hash_to_what_they_say_and_the_head(tmp_path: Path) -> None:
    make_chain(4)

    code, _said = ledger("export", str(tmp_path / "made" / "here"))

    folder = tmp_path / "made" / "here"
    assert code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["entries.jsonl", "head.json"]
    prev = chain.GENESIS
    lines = (folder / "entries.jsonl").read_bytes().splitlines()
    for line, stored in zip(lines, LedgerEntry.objects.all(), strict=True):
        assert line[9:-75] == bytes(stored.entry_bytes)
        assert json.loads(line)["hash"] == chain.digest(line[9:-75]) == stored.hash
        assert json.loads(line)["entry"]["prev"] == prev
        prev = stored.hash
    assert json.loads((folder / "head.json").read_bytes()) == {"hash": prev, "seq": 4, "v": 1}


def test_export_of_an_empty_ledger_is_an_empty_file_and_the_head(tmp_path: Path) -> None:
    assert ledger("export", str(tmp_path))[0] == 0

    assert (tmp_path / "entries.jsonl").read_bytes() == b""
    assert json.loads((tmp_path / "head.json").read_bytes())["seq"] == 0


def test_export_into_a_folder_that_holds_something_exits_2(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")

    code, said = ledger("export", str(tmp_path))

    assert code == 2
    assert "is not empty" in said
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_export_to_where_no_folder_can_be_exits_2(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert ledger("export", str(tmp_path / "file"))[0] == 2


def test_export_of_a_broken_ledger_exits_1_and_leaves_no_file(tmp_path: Path) -> None:
    make_chain(3)
    damage(2)

    code, said = ledger("export", str(tmp_path))

    assert code == 1
    assert said.startswith("BROKEN, first bad entry 2")
    assert list(tmp_path.iterdir()) == []


def test_export_of_a_ledger_without_its_end_exits_1(tmp_path: Path) -> None:
    make_chain(3)
    with append_only.lifted():
        LedgerEntry.objects.filter(seq=3).delete()

    code, said = ledger("export", str(tmp_path))

    assert code == 1
    assert said.startswith("BROKEN, first bad entry 3")
    assert list(tmp_path.iterdir()) == []
