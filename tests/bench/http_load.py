"""A real server and many connections that post to it."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from queue import Empty, SimpleQueue
from statistics import median
from urllib.parse import urlencode

from tests.races import database

#: As a small office would serve it; on a machine with more processors, more workers.
WORKERS, THREADS = 2, 16
#: Seconds until the server must answer.
PATIENCE = 60
TOKEN = "b" * 32
RECEIPT = re.compile(r"/phieu/([^/]+)/")
#: Address, form and session key.
Post = tuple[str, dict[str, object], str]


@dataclass
class Load:
    seconds: float = 0.0
    spans: list[float] = field(default_factory=list)
    #: Receipts that the server confirmed.
    codes: set[str] = field(default_factory=set)
    #: Whatever else it answered, counted.
    others: dict[str, int] = field(default_factory=Counter)

    @property
    def p95(self) -> float:
        return sorted(self.spans)[int(0.95 * (len(self.spans) - 1))] if self.spans else 0.0

    @property
    def median(self) -> float:
        return median(self.spans) if self.spans else 0.0


@contextmanager
def served() -> Iterator[int]:
    """Serve DATABASE_URL on 127.0.0.1; yield the port; stop it however the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--workers", str(WORKERS), "--worker-class", "gthread", "--threads", str(THREADS)]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *options, "--bind", f"127.0.0.1:{port}",
         "--no-control-socket", "intranet.wsgi"],
        cwd=database.ROOT,
        # The demonstration's settings: no debugging, no TLS; the clock is the real one.
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "intranet.settings.dev", "DEMO": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(server, port)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(server: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        if server.poll() is not None or time.monotonic() > until:
            raise TimeoutError("the web server did not start")
        time.sleep(0.1)


def post_all(port: int, posts: Sequence[Post], *, connections: int) -> Load:
    """Post each once, over so many connections that stay open; redirects are not followed."""
    waiting: SimpleQueue[Post] = SimpleQueue()
    for post in posts:
        waiting.put(post)
    load = Load(others=Counter())
    threads = [
        threading.Thread(target=_post_while_any, args=(port, waiting, load))
        for _ in range(connections)
    ]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.seconds = time.monotonic() - begun
    return load


def _post_while_any(port: int, waiting: "SimpleQueue[Post]", load: Load) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    while True:
        try:
            url, form, session = waiting.get_nowait()
        except Empty:
            connection.close()
            return
        body = urlencode(form | {"csrfmiddlewaretoken": TOKEN})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
        }
        begun = time.monotonic()
        try:
            connection.request("POST", url, body, headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, HTTPException) as error:
            connection.close()
            load.others[type(error).__name__] += 1
            continue
        load.spans.append(time.monotonic() - begun)
        receipt = RECEIPT.search(answer.headers.get("Location", ""))
        if answer.status == 302 and receipt:
            load.codes.add(receipt[1])
        else:
            load.others[str(answer.status)] += 1
