"""The schedule on paper: A4 landscape, and every sheet begins with the day that it goes on with."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest

from seminars.weekly.layouts import LAYOUTS
from seminars.weekly.words import day_heading
from tests.documents.factories import client_of
from tests.seminars import crowded_week
from tests.seminars.paper import body_of, printed, sizes_of, texts_of
from tests.seminars.test_schedule_pages import url
from tests.seminars.test_schedules import Office
from tests.seminars.world import at

pytestmark = [pytest.mark.django_db, pytest.mark.browser, pytest.mark.once]

HEADINGS = [day_heading(at(13).date() + timedelta(days=each)).replace(" ", "") for each in range(6)]


def letters(text: str) -> str:
    """The text without spaces, which a reader of PDF sets as it likes; no number of the sheet."""
    return re.sub(r"^\d+", "", re.sub(r"\s|\u00ad", "", text))


def test_each_sheet_begins_with_its_running_day(chromium, monkeypatch):
    monkeypatch.setattr("agencies.clock.now", lambda: at(3, 12))
    office = Office()
    crowded_week.issue(office.schedule, by=office.clerk, at=at(3))
    client = client_of(office.officer)
    addresses = [f"{url('schedule_print', office.schedule.pk)}?kieu={each}" for each in LAYOUTS]

    bodies = {each: body_of(client, each) for each in addresses}
    papers = printed(bodies, chromium)

    for address, pdf in papers.items():
        sheets = [letters(text) for text in texts_of(pdf)]
        assert sizes_of(pdf) == {(842, 595)}
        whole = "".join(sheets)
        assert len(sheets) > 5, address
        assert sheets[0].startswith("UBNDTỈNH"), address
        running = HEADINGS[0]
        for before, sheet in pairwise(sheets):
            # The day of the last table of the sheet before; at its end, the next one.
            running = max((each for each in HEADINGS if each in before), key=before.rindex)
            following = HEADINGS[min(HEADINGS.index(running) + 1, 5)]
            ends = sheet is sheets[-1] and sheet.startswith("Nơinhận:")
            assert ends or sheet.startswith((running, following)), (address, sheet[:80])
        for number in range(150):
            assert f"(mục{number + 1})" in whole, (address, number)
        assert "Nơinhận:-ThườngtrựcTỉnhủy" in whole
        assert "CHÁNHVĂNPHÒNG" in whole
        # The bar, the path and the choice of layouts stay on the screen.
        assert "Inlịchcôngtáctuần" not in whole
