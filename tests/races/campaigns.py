"""The campaigns by name, and how each is run: a program of its own on its own database."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.races import database
from tests.races.acknowledgements import acknowledge_at_once, acknowledge_mixed
from tests.races.kills import circulate_killed, worker_killed
from tests.races.mails import mails_killed
from tests.races.numbers import issue_numbers
from tests.races.outcome import Outcome
from tests.races.schedules import issue_schedules
from tests.races.seminars import book_rooms, hand_in, name_delegates
from tests.races.tampering import ledger_tampering

CAMPAIGNS: dict[str, Callable[..., Outcome]] = {
    each.__name__: each
    for each in (
        issue_numbers,
        acknowledge_at_once,
        acknowledge_mixed,
        circulate_killed,
        worker_killed,
        ledger_tampering,
        book_rooms,
        hand_in,
        name_delegates,
        mails_killed,
        issue_schedules,
    )
}


class BrokeOff(Exception):
    """The campaign itself failed, so it proves nothing."""


class OutOfTime(Exception):
    """The time given to the campaign ran out before it was done."""


def run(
    name: str, *, template: str, folder: Path, limit: float | None = None, **sizes: Any
) -> Outcome:
    """Run a campaign on a copy of the template, for `limit` seconds at most.

    Raises: BrokeOff, OutOfTime.
    """
    with database.copied(template, folder) as url:
        program = subprocess.Popen(
            [sys.executable, "-m", "tests.races", name, json.dumps(sizes)],
            cwd=database.ROOT,
            env=os.environ | {"DATABASE_URL": url, "TMPDIR": str(folder)},
            stdout=subprocess.PIPE,
            text=True,
            # A group of its own, so that its crew ends with it.
            start_new_session=True,
        )
        try:
            output, _nothing = program.communicate(timeout=limit)
        except BaseException as error:
            os.killpg(program.pid, signal.SIGKILL)
            program.communicate()
            if isinstance(error, subprocess.TimeoutExpired):
                raise OutOfTime(f"{name}: not done after {limit:.0f} s") from error
            raise
    if program.returncode:
        raise BrokeOff(f"{name}: exit {program.returncode}")
    return Outcome(**json.loads(output.splitlines()[-1]))
