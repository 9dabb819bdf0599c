"""Workers killed with SIGKILL while they write: nothing is lost, nothing is written twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import migrated
from tests.races import database

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kills", [3, pytest.param(30, marks=pytest.mark.prove)])
def test_killed_workers_lose_nothing(tmp_path: Path, kills: int) -> None:
    with database.copied(migrated.template(), tmp_path) as url:
        done = subprocess.run(
            [
                sys.executable, "-m", "tests.search.killed", str(tmp_path / "archive"),
                json.dumps({"papers": 120, "kills": kills}),
            ],
            cwd=database.ROOT,
            env=os.environ | {"DATABASE_URL": url, "TMPDIR": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=300 + 20 * kills,
            check=False,
        )  # fmt: skip

    assert done.returncode == 0, done.stderr[-2000:]
    outcome = json.loads(done.stdout)
    assert outcome["findings"] == []
    assert outcome["facts"]["drift_before"] > 0
