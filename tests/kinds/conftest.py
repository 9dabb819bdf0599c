"""It is noon on 3 June 2016 on the screens of every test here, unless the test moves the clock."""

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.documents.factories import at

Clock = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def clock_at(monkeypatch: pytest.MonkeyPatch) -> Clock:
    def move(moment: datetime) -> None:
        monkeypatch.setattr("agencies.clock.now", lambda: moment)

    move(at(3, 12))
    return move
