"""`make demo`: the demonstration, from an empty folder to a page that answers.

The Makefile sets the environment (DEMO, DEMO_DAY, DATABASE_URL, …) before Django starts.
"""

import ctypes
import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from documents import demo
from intranet import translations
from intranet.settings.environment import VAR_DIR, env

HOST = "127.0.0.1"
PORT = 8000
#: Seconds: until the first page must answer, between two looks at the children, and for stopping.
PATIENCE = 60
LOOK = 0.2
FAREWELL = 8
#: A worker that crashes is started again so often; one that lived so many seconds counts anew.
RESTARTS = 5
STEADY = 60

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(BaseCommand):
    help = "Fill the demonstration's database and serve it until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port", type=int, help=f"exactly this one; without it {PORT}, or a free one"
        )
        parser.add_argument("--afresh", action="store_true", help="throw away what was done")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ends with 0 when it was asked to stop, else with the code of the web process."""
        if not settings.DEMO:
            raise CommandError(
                "Start it with `make demo`: it sets DEMO=1 and a database of its own."
            )
        self.stopping = False
        for each in SIGNALS:
            signal.signal(each, _interrupt)
        try:
            with _lock(alone=options["afresh"]), _listener(options["port"]) as listener:
                if options["afresh"]:
                    self._forget()
                self._prepare()
                sys.exit(self._serve(listener))
        except KeyboardInterrupt:
            self.stdout.write("\nStopped.")

    # -- Preparing ----------------------------------------------------------------------------

    def _forget(self) -> None:
        """Remove the demonstration's database and files, and nothing outside var/."""
        database = Path(settings.DATABASES["default"]["NAME"])
        files = [database.with_name(database.name + end) for end in ("", "-wal", "-shm", "-turn")]
        folders = [
            Path(env("FILES_DIR")),
            Path(settings.MEDIA_ROOT),
            Path(settings.SEARCH_DIR),
        ]
        if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
            folders.append(Path(env.email("EMAIL_URL")["EMAIL_FILE_PATH"]))
        for path in [*files, *folders]:
            if not path.resolve().is_relative_to(VAR_DIR.resolve()):
                raise CommandError(f"{path} is not under {VAR_DIR}: not the demonstration's.")
        for path in files:
            path.unlink(missing_ok=True)
        for path in folders:
            shutil.rmtree(path, ignore_errors=True)

    def _prepare(self) -> None:
        self.stdout.write("Preparing the demonstration (the first time takes a minute) ...")
        # WhiteNoise serves the files from where they lie, and still wants the folder.
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        translations.compile_catalogues(Path(settings.LOCALE_PATHS[0]))
        call_command("migrate", interactive=False, verbosity=0)
        call_command("seed_demo", stdout=self.stdout, stderr=self.stderr)
        connections.close_all()

    # -- Serving ------------------------------------------------------------------------------

    def _serve(self, listener: socket.socket) -> int:
        """Run the web process and one worker until a signal comes or the web process ends."""
        for each in SIGNALS:
            signal.signal(each, self._stop)
        address = f"http://{HOST}:{listener.getsockname()[1]}"
        environment = os.environ | {"PUBLIC_ADDRESS": address, "PYTHONUNBUFFERED": "1"}
        web = _start(_web_command(listener), environment, listener=listener)
        worker = _start(_worker_command(), environment)
        try:
            if not self._wait_until_it_answers(web, listener):
                return 0 if self.stopping else _code(web) or 1
            self._welcome(address)
            restarts, started = 0, time.monotonic()
            while not self.stopping:
                if web.poll() is not None:
                    self.stderr.write(f"The web process ended ({web.returncode}).")
                    return _code(web)
                if worker.poll() is not None:
                    if time.monotonic() - started > STEADY:
                        restarts = 0
                    restarts += 1
                    if restarts > RESTARTS:
                        self.stderr.write(f"The worker crashed {restarts} times: giving up.")
                        return 1
                    self.stderr.write(f"The worker ended ({worker.returncode}): starting again.")
                    worker, started = _start(_worker_command(), environment), time.monotonic()
                time.sleep(LOOK)
            self.stdout.write("\nStopping ...")
            return 0
        finally:
            for each in SIGNALS:
                signal.signal(each, signal.SIG_IGN)
            _end([web, worker])

    def _stop(self, *_args: Any) -> None:
        self.stopping = True

    def _wait_until_it_answers(self, web: subprocess.Popen[bytes], listener: socket.socket) -> bool:
        until = time.monotonic() + PATIENCE
        while not self.stopping and web.poll() is None:
            if _answers(listener.getsockname()[1]):
                return True
            if time.monotonic() > until:
                self.stderr.write(f"/healthz did not answer within {PATIENCE} seconds.")
                return False
            time.sleep(LOOK)
        return False

    def _welcome(self, address: str) -> None:
        people = demo.people()
        width = max(len(person["username"]) for person in people)
        self.stdout.write(f"Kính gửi is ready at {address}")
        self.stdout.write(f"\nSign in as one of these; everybody's password is {demo.PASSWORD}\n\n")
        for person in people:
            self.stdout.write(
                f"  {person['username']:<{width}}  {person['name']}, {person['role']}, "
                f"{person['agency']}"
            )
            if person["note"]:
                self.stdout.write(f"  {'':<{width}}  {person['note']}")
        self.stdout.write(
            "\nCtrl-C stops it; `make demo` goes on from here; `make demo-reset` begins anew."
        )
        self.stdout.flush()


def _interrupt(*_args: Any) -> None:
    raise KeyboardInterrupt


def _lock(*, alone: bool) -> IO[str]:
    """Hold the demonstration's data: for oneself alone when they are to be thrown away."""
    VAR_DIR.mkdir(exist_ok=True)
    held = (VAR_DIR / "demo.lock").open("w", encoding="utf-8")
    try:
        fcntl.flock(held, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        raise CommandError("The demonstration is running: stop it first.") from None
    return held


def _listener(port: int | None) -> socket.socket:
    """A bound socket: who takes a port and passes it on cannot lose it to another in between."""
    for wanted in [port] if port else [PORT, 0]:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, wanted))
        except (OSError, OverflowError) as error:
            listener.close()
            refusal = error
        else:
            return listener
    raise CommandError(f"Port {port} cannot be had ({refusal}): try make demo PORT={PORT + 80}")


def _web_command(listener: socket.socket) -> list[str]:
    options = "--worker-class gthread --workers 1 --threads 8 --log-level warning"
    options += " --graceful-timeout 1 --no-control-socket"
    bind = f"fd://{listener.fileno()}"
    return [
        sys.executable, "-m", "gunicorn", *options.split(), "--bind", bind, "intranet.wsgi"
    ]  # fmt: skip


def _worker_command() -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker"]


def _start(
    command: list[str], environment: dict[str, str], *, listener: socket.socket | None = None
) -> subprocess.Popen[bytes]:
    """Start a child that ends when this process does, even if this process is killed."""
    return subprocess.Popen(
        command,
        env=environment,
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        # Ctrl-C is for this process, which then asks its children in order.
        process_group=0,
        pass_fds=[listener.fileno()] if listener else [],
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,
    )


def _end_with_parent() -> None:
    """Ask Linux for a SIGTERM on the parent's death: PR_SET_PDEATHSIG."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    """Ask all to stop, and kill what has not after a while."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + FAREWELL
    for child in children:
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _code(ended: subprocess.Popen[bytes]) -> int:
    """What a shell would say: 128 and the signal for a process that died of one."""
    code = ended.poll() or 0
    return code if code >= 0 else 128 - code


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
