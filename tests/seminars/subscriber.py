"""A person who subscribes to a feed: vdirsyncer fetches it, khal lists what is in it.

Both stand in an environment of their own, whose folder of programs CALENDAR_CLIENT_BIN names:

    make calendar-clients
    CALENDAR_CLIENT_BIN=var/calendar-clients/bin make test
"""

import os
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

VARIABLE = "CALENDAR_CLIENT_BIN"

_VDIRSYNCER = """\
[general]
status_path = "{home}/status/"

[pair feed]
a = "office"
b = "person"
collections = null
conflict_resolution = "a wins"

[storage office]
type = "http"
url = "{url}"

[storage person]
type = "filesystem"
path = "{home}/calendar/"
fileext = ".ics"
"""
_KHAL = """\
[calendars]
[[feed]]
path = {home}/calendar
readonly = True

[locale]
local_timezone = Asia/Ho_Chi_Minh
default_timezone = Asia/Ho_Chi_Minh
timeformat = %H:%M
dateformat = %d/%m
longdateformat = %d/%m/%Y
datetimeformat = %d/%m %H:%M
longdatetimeformat = %d/%m/%Y %H:%M

[sqlite]
path = {home}/khal.db
"""
#: "27/11/2026 07:30-10:30 Phòng 301: Hội thảo"; "CANCELLED " before the title of a cancelled one.
_LINE = "{start-date-long} {start-end-time-style} {location}: {cancelled}{title}"


class NoClient(Exception):
    """CALENDAR_CLIENT_BIN names no folder with both programs."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One person's programs; their configuration and the calendar lie under `home`."""

    programs: Path
    home: Path

    def sync(self, url: str) -> None:
        """Fetch the feed once, as its programs do every hour; what left it leaves the calendar.

        A feed that was emptied is not believed: vdirsyncer keeps what it had and fails.

        Raises: RuntimeError with what vdirsyncer said.
        """
        config = self.home / "vdirsyncer.conf"
        config.write_text(_VDIRSYNCER.format(home=self.home, url=url))
        self._run("vdirsyncer", "--config", config, "discover")
        self._run("vdirsyncer", "--config", config, "sync")

    def listed(self, start: date, end: date) -> list[str]:
        """The days and the events from `start` until before `end`, a line each, as khal shows them.

        Raises: RuntimeError with what khal said.
        """
        days = [f"{day:%d/%m/%Y}" for day in (start, end)]
        config = self.home / "khal.conf"
        # Its own headings say "Today" and "Tomorrow".
        formats = ["--day-format", "{date-long}", "--format", _LINE]
        return self._run("khal", "--config", config, "list", *formats, *days).splitlines()

    def _run(self, program: str, *arguments: str | Path) -> str:
        run = subprocess.run(
            [self.programs / program, *arguments],
            env={"HOME": str(self.home), "PATH": os.defpath, "LC_ALL": "C.UTF-8", "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if run.returncode != 0:
            raise RuntimeError(f"{program}: {run.stdout}{run.stderr}")
        return run.stdout


def subscriber(home: Path) -> Subscriber:
    """Lay the two configurations into an empty folder.

    Raises: NoClient.
    """
    programs = Path(os.environ.get(VARIABLE, "")).absolute()
    if not os.environ.get(VARIABLE) or not all(
        (programs / name).exists() for name in ("vdirsyncer", "khal")
    ):
        raise NoClient(f"{VARIABLE} names no folder with vdirsyncer and khal")
    (home / "calendar").mkdir()
    (home / "khal.conf").write_text(_KHAL.format(home=home))
    return Subscriber(programs, home)
