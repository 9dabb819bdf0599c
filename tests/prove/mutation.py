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
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue

from tests import migrated
from tests.prove import mutants

ROOT = Path(__file__).parent.parent.parent
COPIED = (
    "agencies", "documents", "home", "intranet", "ledger", "search", "seminars", "templates", "tests",
)  # fmt: skip
FILES = ("manage.py", "pyproject.toml")
TESTS = ["-x", "-q", "-p", "no:cacheprovider", "-m", "not prove and not browser and not slow"]
SAID = "said.txt"
#: What tests the rules themselves runs first; the rest only for a mutant that lived through it.
RULES = (
    "tests/documents/test_transitions.py",
    "tests/documents/test_numbering.py",
    "tests/documents/test_lifecycle.py",
    "tests/documents/test_access.py",
)
EVERYTHING = ("tests/documents",)
#: Seconds for one run of the tests: a mutant may loop for ever.
LIMIT = 600
#: Mutants at a time, each in a tree of its own.
AT_ONCE = 2


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
        trees = [_Tree(Path(folder) / str(number)) for number in range(AT_ONCE)]
        first = trees[0]
        wanted = [
            each
            for each in mutants.all_of(first.root)
            if not only or any(each.module.startswith(name) for name in only)
        ][skip:]
        rest = EVERYTHING if not quick and first.passes(EVERYTHING) else ()
        if not rest and not first.passes(RULES):
            tally.broken = "\n".join(["the tests fail without any mutation", *first.said()[-12:]])
            tally.not_run = len(wanted)
            return tally
        free = Queue[_Tree]()
        for tree in trees:
            free.put(tree)

        def tried(mutant: mutants.Mutant) -> bool | None:
            """Say whether it survived; None: the time was over."""
            if time.monotonic() > until:
                return None
            tree = free.get()
            try:
                survived = tree.survives(mutant, rest)
                # Before somebody else runs tests in that tree.
                word, by = ("SURVIVED", "") if survived else ("killed", f"  by {tree.killer()}")
            finally:
                free.put(tree)
            print(f"{word:<9}{mutant}{by}", file=sys.stderr, flush=True)
            return survived

        with ThreadPoolExecutor(AT_ONCE) as pool:
            ended = list(pool.map(tried, wanted))
    tally.not_run, tally.killed = ended.count(None), ended.count(False)
    tally.survivors = [str(each) for each, lived in zip(wanted, ended, strict=True) if lived]
    return tally


class _Tree:
    """A copy of the tree with a migrated database, in which mutants stand one after the other."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        for name in COPIED:
            ignored = shutil.ignore_patterns("__pycache__", "*.mo")
            shutil.copytree(ROOT / name, root / name, ignore=ignored)
        for name in FILES:
            shutil.copy(ROOT / name, root / name)
        kept = root / migrated.KEPT.relative_to(ROOT)
        kept.mkdir(parents=True)
        shutil.copy(migrated.file(), kept)
        self._write(mutants.GATE, (root / mutants.GATE).read_text(encoding="utf-8"))

    def survives(self, mutant: mutants.Mutant, rest: tuple[str, ...]) -> bool:
        """Say whether the tests of the rules, and then the rest, pass with it."""
        whole = (self.root / mutant.module).read_text(encoding="utf-8")
        self._write(mutant.module, mutant.text)
        try:
            return self.passes(RULES) and (not rest or self.passes(rest))
        finally:
            (self.root / mutant.module).write_text(whole, encoding="utf-8")

    def passes(self, tests: tuple[str, ...]) -> bool:
        """Run the tests, as they run anywhere."""
        command = [sys.executable, "-m", "pytest", *tests, *TESTS]
        environment = os.environ | {
            "DATABASE_URL": "sqlite://:memory:",
            "PYTHONPYCACHEPREFIX": str(self.root / "compiled"),
        }
        with (self.root / SAID).open("w") as said:
            run = subprocess.Popen(
                command, cwd=self.root, env=environment, stdout=said, stderr=subprocess.STDOUT
            )
        try:
            return run.wait(LIMIT) == 0
        except subprocess.TimeoutExpired:
            return False
        finally:
            if run.poll() is None:
                run.kill()
                run.wait()

    def killer(self) -> str:
        """Return the test that failed first in the last run, without its folder."""
        red = [line.split()[1] for line in self.said() if line.startswith(("FAILED ", "ERROR "))]
        return red[0].rpartition("/")[2] if red else "the time"

    def said(self) -> list[str]:
        return (self.root / SAID).read_text(encoding="utf-8").splitlines()

    def _write(self, module: str, text: str) -> None:
        """Write a module; the gate keeps the door by which mutants pass without being asked."""
        more = mutants.UNCHECKED if module == mutants.GATE else ""
        (self.root / module).write_text(text + more, encoding="utf-8")


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
