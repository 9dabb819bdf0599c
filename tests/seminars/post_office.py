"""A mail server of the test's own on 127.0.0.1: it takes what it is told to take and keeps it."""

import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self


class _Talk(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as smtplib speaks."""

    server: "_Server"

    def handle(self) -> None:
        # A sender that dies hangs up in the middle of a word: nothing of it was mailed.
        with suppress(ConnectionError):
            self._talk()

    def _talk(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self._say("354 go on")
                self._say(self._take())
            elif word == b"QUIT":
                return self._say("221 bye")
            else:
                self._say("250 fine")

    def _take(self) -> str:
        """Take a mail that came to its end: half of one is none (RFC 5321, 4.1.1.4)."""
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise ConnectionResetError("hung up within a mail")
            lines.append(line[1:] if line.startswith(b".") else line)
        return self.server.office.take(b"".join(lines))

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    office: "PostOffice"


class PostOffice:
    """`raw` and `mails` hold what arrived, oldest first; `answer` is what it says to a mail."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.answer: Callable[[], str] = lambda: "250 taken"
        self._server = _Server(("127.0.0.1", 0), _Talk)
        self._server.office = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.01], daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def mails(self) -> list[EmailMessage]:
        found: Any = [message_from_bytes(each, policy=policy.default) for each in self.raw]
        return found

    def take(self, content: bytes) -> str:
        answer = self.answer()
        if answer.startswith("250"):
            self.raw.append(content)
        return answer

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
