"""The campaigns in their short form. `make prove` runs them long."""

from pathlib import Path
from typing import Any

import pytest

from tests.races import campaigns, database

pytestmark = pytest.mark.slow

#: Seconds: many times what each takes.
LIMIT = 180


def run(name: str, template: str, folder: Path, **sizes: Any) -> campaigns.Outcome:
    return campaigns.run(name, template=template, folder=folder, limit=LIMIT, **sizes)


def test_numbers_drawn_at_once_are_dense_though_some_transactions_fail(
    template: str, folder: Path
) -> None:
    outcome = run("issue_numbers", template, folder, processes=4, numbers=60)

    assert outcome.findings == []
    assert outcome.facts["lost"] > 0
    assert outcome.facts["numbers"] >= 60


@pytest.mark.prove
@pytest.mark.skipif(database.vendor() == "sqlite", reason="SQLite locks the whole database")
def test_without_row_locks_the_same_race_is_lost(template: str, folder: Path) -> None:
    outcome = run("issue_numbers", template, folder, processes=4, numbers=60, locked=False)

    assert outcome.findings


def test_an_acknowledgement_that_arrives_many_times_gives_one_receipt(
    template: str, folder: Path
) -> None:
    outcome = run("acknowledge_at_once", template, folder, callers=12)

    assert outcome.findings == []


def test_offices_that_acknowledge_at_once_meet_no_error(template: str, folder: Path) -> None:
    outcome = run("acknowledge_mixed", template, folder, acknowledgements=40, connections=8)

    assert outcome.findings == []


def test_a_kill_while_issuing_leaves_all_recipients_or_none(template: str, folder: Path) -> None:
    outcome = run("circulate_killed", template, folder, agencies=100, kills=3)

    assert outcome.findings == []


def test_a_worker_killed_while_delivering_tells_everybody_once(template: str, folder: Path) -> None:
    outcome = run("worker_killed", template, folder, agencies=100, kills=3)

    assert outcome.findings == []
    assert outcome.facts["delivered_before_the_last"] < 100


def test_rooms_asked_for_at_once_are_never_had_twice(template: str, folder: Path) -> None:
    outcome = run("book_rooms", template, folder, processes=4, bookings=80, rooms=2)

    assert outcome.findings == []


def test_as_many_delegates_as_seats_get_one_and_the_rest_queue(template: str, folder: Path) -> None:
    outcome = run("name_delegates", template, folder, agencies=40, seats=10, processes=4)

    assert outcome.findings == []


def test_workers_killed_while_mailing_send_each_agency_one_mail(
    template: str, folder: Path
) -> None:
    outcome = run("mails_killed", template, folder, agencies=40, kills=3)

    assert outcome.findings == []
    assert outcome.facts["mailed_before_the_last"] < 40


def test_a_paper_handed_in_at_once_gets_a_number_a_version(template: str, folder: Path) -> None:
    outcome = run("hand_in", template, folder, processes=4, versions=24)

    assert outcome.findings == []


def test_a_schedule_issued_by_many_at_once_has_one_row_of_versions(
    template: str, folder: Path
) -> None:
    outcome = run("issue_schedules", template, folder, processes=3, rounds=4)

    assert outcome.findings == []
    assert outcome.facts["issued"] > 0
