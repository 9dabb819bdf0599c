"""The project's own files, as the tests about the project read them."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
APPS = ("intranet", "home", "search", "seminars", "documents", "agencies", "ledger")


@cache
def files() -> tuple[Path, ...]:
    """What is tracked, and what would be: everything that .gitignore does not leave out.

    Without git (an unpacked archive) everything but the folders that hold nothing of ours.
    """
    asked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    if asked.returncode == 0 and asked.stdout:
        found = [ROOT / name for name in asked.stdout.split("\0") if name]
    else:
        ours = [path for path in ROOT.iterdir() if path.name not in {".venv", ".git", "var"}]
        found = [path for top in ours for path in ([top] if top.is_file() else top.rglob("*"))]
    return tuple(
        sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)
    )


def modules(*, tests: bool = False, migrations: bool = False) -> list[Path]:
    """Our Python files, without tests and migrations unless asked for."""
    found = []
    for path in files():
        parts = path.relative_to(ROOT).parts
        if path.suffix != ".py":
            continue
        if (tests or parts[0] != "tests") and (migrations or "migrations" not in parts):
            found.append(path)
    return found


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str | None:
    """The text of a file, None for one that is no text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
