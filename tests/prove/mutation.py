"""`python -m tests.prove.mutation`: take out one guard at a time; which do the tests not miss?

Works on a copy of the tree. A mutant survives when the tests of `documents` pass without the guard.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.prove import mutants
from tests.races import database

ROOT = Path(__file__).parent.parent.parent
COPIED = (
    "agencies", "documents", "home", "intranet", "ledger", "search", "seminars", "templates", "tests",
)  # fmt: skip
FILES = ("manage.py", "pyproject.toml")
TESTS = ["-x", "-q", "-p", "no:cacheprovider", "-m", "not prove and not browser and not slow"]
DATABASE = "tested.sqlite3"
SAID = "said.txt"
SETTINGS = "settings_of_mutants"
SETTINGS_TEXT = """
from intranet.settings.test import *
DATABASES["default"]["TEST"] = {{"NAME": "{database}"}}
DATABASES["default"]["OPTIONS"]["init_command"] = (
    "PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;PRAGMA synchronous=OFF;"
)
"""
#: What tests the rules themselves runs first; the rest only for a mutant that lived through it.
RULES = (
    "tests/documents/test_access.py",
    "tests/documents/test_lifecycle.py",
    "tests/documents/test_numbering.py",
    "tests/documents/test_transitions.py",
)
EVERYTHING = ("tests/documents",)
#: Seconds for one run of the tests: a mutant may loop for ever.
LIMIT = 600


@dataclass
class Tally:
    killed: int = 0
    survivors: list[str] = field(default_factory=list)
    not_run: int = 0
    broken: str = ""


def campaign(
    *, minutes: float, only: Iterable[str] = (), skip: int = 0, quick: bool = False
) -> Tally:
    """Try mutants in order of weight until the time is over.

    `only`: beginnings of module names. `quick`, or other tests that are red already: a mutant
    counts as survived when the tests of the rules alone do not notice it.
    """
    until = time.monotonic() + 60 * minutes
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="kg-mutants-") as folder:
        tree = Path(folder)
        _copy(tree)
        wanted = [
            each
            for each in mutants.all_of(tree)
            if not only or any(each.module.startswith(name) for name in only)
        ][skip:]
        _write(tree, mutants.GATE, (tree / mutants.GATE).read_text(encoding="utf-8"))
        template = _migrated(tree)
        rest = EVERYTHING if not quick and _pass(tree, EVERYTHING, template) else ()
        if not rest and not _pass(tree, RULES, template):
            said = (tree / SAID).read_text(encoding="utf-8").splitlines()[-12:]
            tally.broken = "\n".join(["the tests fail without any mutation", *said])
            tally.not_run = len(wanted)
            return tally
        for place, mutant in enumerate(wanted):
            if time.monotonic() > until:
                tally.not_run = len(wanted) - place
                break
            file = tree / mutant.module
            whole = file.read_text(encoding="utf-8")
            _write(tree, mutant.module, mutant.text)
            survived = _pass(tree, RULES, template)
            if survived and rest:
                survived = _pass(tree, rest, template)
            file.write_text(whole, encoding="utf-8")
            if survived:
                tally.survivors.append(str(mutant))
            else:
                tally.killed += 1
            print(f"{'SURVIVED' if survived else 'killed':<9}{mutant}", file=sys.stderr, flush=True)
    return tally


def _write(tree: Path, module: str, text: str) -> None:
    """Write a module; the gate keeps the door by which mutants pass without being asked."""
    more = mutants.UNCHECKED if module == mutants.GATE else ""
    (tree / module).write_text(text + more, encoding="utf-8")


def _copy(tree: Path) -> None:
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__", "*.mo")
        shutil.copytree(ROOT / name, tree / name, ignore=ignored)
    for name in FILES:
        shutil.copy(ROOT / name, tree / name)
    (tree / f"{SETTINGS}.py").write_text(SETTINGS_TEXT.format(database=tree / DATABASE))


def _pass(tree: Path, tests: tuple[str, ...], template: Path) -> bool:
    """Run the tests on a copy of the migrated database, which saves most of the time."""
    shutil.copy(template, tree / DATABASE)
    command = [sys.executable, "-m", "pytest", *tests, *TESTS, f"--ds={SETTINGS}", "--reuse-db"]
    with (tree / SAID).open("w") as said:
        run = subprocess.Popen(
            command, cwd=tree, env=_environment(), stdout=said, stderr=subprocess.STDOUT
        )
    try:
        return run.wait(LIMIT) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        if run.poll() is None:
            run.kill()
            run.wait()


def _migrated(tree: Path) -> Path:
    template = tree / "template.sqlite3"
    database.made_in_memory(template, root=tree)
    return template


def _environment() -> dict[str, str]:
    return os.environ | {"DATABASE_URL": "sqlite://:memory:", "PYTHONDONTWRITEBYTECODE": "1"}


def main() -> int:
    """Exit 0 when nothing survived, 1 otherwise."""
    # An exit like any other, so that databases and folders are removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--only", action="append", default=[], help="such as documents/acc")
    parser.add_argument("--skip", type=int, default=0, help="leave out so many of the first")
    parser.add_argument("--list", action="store_true", help="print the mutants and stop")
    parser.add_argument("--quick", action="store_true", help="ask the tests of the rules only")
    options = parser.parse_args()
    if options.list:
        for each in mutants.all_of(ROOT):
            print(each)
        return 0
    tally = campaign(
        minutes=options.minutes, only=options.only, skip=options.skip, quick=options.quick
    )
    print(f"killed {tally.killed}, survived {len(tally.survivors)}, not run {tally.not_run}")
    if tally.broken:
        print(tally.broken)
    for each in tally.survivors:
        print(f"  {each}")
    return 1 if tally.survivors or tally.broken else 0


if __name__ == "__main__":
    sys.exit(main())
