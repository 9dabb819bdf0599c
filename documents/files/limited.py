"""The limited child, seen from the web process: start it, wait so long, believe little."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

WALL_SECONDS = 60
#: Two million characters as JSON escapes, and the first line.
MAX_ANSWER_BYTES = 16 * 1024 * 1024

_HERE = Path(__file__).resolve().parent
#: The package `documents.files` is stood in for by an empty one: its own would bring Django, which
#: the checks do not need, into the child; half a second for every file, and much to attack.
_START = """
import sys, types
root, here = sys.argv[1:]
sys.path.insert(0, root)
sys.modules["documents.files"] = stand_in = types.ModuleType("documents.files")
stand_in.__path__ = [here]
from documents.files.child.main import main
main()
"""
#: Isolated: no environment, no folder of the user, no current folder on the path.
_COMMAND = (sys.executable, "-I", "-c", _START, str(_HERE.parent.parent), str(_HERE))


@dataclass(frozen=True)
class Findings:
    """What the child found. `checked` is false if it did not live to say so."""

    checked: bool
    problem: str | None = None
    limit: int | None = None
    pages: int | None = None
    active: list[str] = field(default_factory=list)
    #: None if the text could not be read in time or at all.
    text: str | None = None
    cut: bool = False


def examine(path: Path, kind: str, *, wall_seconds: float = WALL_SECONDS) -> Findings:
    """Have the file examined in the child; killed after `wall_seconds`. Never raises for a file."""
    child = subprocess.Popen(  # noqa: S603 - fixed words; the path goes by standard input
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"LC_ALL": "C.UTF-8"},
    )
    if child.stdin is None or child.stdout is None:
        raise AssertionError("pipes were asked for")
    clock = threading.Timer(wall_seconds, child.kill)
    clock.start()
    try:
        _tell(child, path, kind)
        lines = child.stdout.read(MAX_ANSWER_BYTES).splitlines()
    finally:
        clock.cancel()
        child.kill()
        child.stdout.close()
        child.wait()
    checked = _line(lines, 0)
    if checked is None:
        return Findings(checked=False)
    words = _line(lines, 1) or {}
    return Findings(
        checked=True,
        problem=checked.get("problem") or words.get("problem"),
        limit=checked.get("limit") or words.get("limit"),
        pages=checked.get("pages"),
        active=checked.get("active") or [],
        text=words.get("text"),
        cut=words.get("cut", False),
    )


def _tell(child: subprocess.Popen[bytes], path: Path, kind: str) -> None:
    if child.stdin is None:
        return
    try:
        with child.stdin as pipe:
            pipe.write(json.dumps({"path": str(path), "kind": kind}).encode())
    except BrokenPipeError:
        pass  # it died at once; there will be no answer either


def _line(lines: list[bytes], number: int) -> dict[str, Any] | None:
    try:
        value = json.loads(lines[number])
    except (IndexError, ValueError):
        return None
    return value if isinstance(value, dict) else None
