"""`search check`, `search rebuild`, `search status`: each kind of drift is told, and repaired."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agencies import clock
from documents import lifecycle
from documents.choices import CirculationState
from documents.models import Circulation, Dispatch
from search import archive, checking, indexing, rebuilding
from search.engine import Engine, EngineDown, Record
from search.models import IndexState
from tests.documents.world import World, at
from tests.search.house import drain, keys, numbers, state, waiting

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(hours=1)


def run(*arguments: str) -> tuple[int, str]:
    """Return exit code and output, as a shell would have them."""
    out = StringIO()
    try:
        call_command("search", *arguments, stdout=out, stderr=StringIO())
    except CommandError as error:
        return error.returncode, str(error)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


def drop(engine: Engine, paper: Dispatch) -> None:
    """As a restart that forgot tombstones would: the paper is away, at its own version."""
    engine.drop({state(paper).key: state(paper).version})


def leave_behind(engine: Engine, paper: Dispatch) -> None:
    engine.put([Record("dispatch:999", 3, "directive", "Ma", frozenset({"agency:1"}))])


def fall_behind(engine: Engine, paper: Dispatch) -> None:
    row = state(paper)
    IndexState.objects.filter(pk=row.pk).update(
        version=row.version + 1, done_version=row.version + 1
    )


def run_ahead(engine: Engine, paper: Dispatch) -> None:
    """As a database restored from a copy: the index knows more than it."""
    row = state(paper)
    IndexState.objects.filter(pk=row.pk).update(version=1, done_version=1)
    assert row.version > 1


def lose_readers(engine: Engine, paper: Dispatch) -> None:
    """As somebody with the database would, without a verb."""
    Circulation.objects.filter(dispatch=paper).update(state=CirculationState.RETURNED)


DRIFTS = {
    "missing": drop,
    "extra": leave_behind,
    "older": fall_behind,
    "newer": run_ahead,
    "wrong audience": lose_readers,
}


def test_an_index_that_shows_what_the_database_holds_has_no_drift(engine: Engine) -> None:
    world = World()
    world.issued()
    drain(engine)

    code, said = run("check", "--json")

    assert code == 0
    assert json.loads(said)["before"] == dict.fromkeys(DRIFTS, 0)
    assert json.loads(said)["compared"] == 1


@pytest.mark.parametrize(("sort", "harm"), DRIFTS.items(), ids=DRIFTS)
def test_each_drift_is_told_and_repaired(
    engine: Engine, sort: str, harm: Callable[[Engine, Dispatch], None]
) -> None:
    world = World()
    paper = world.issued()
    world.issued()
    drain(engine)
    harm(engine, paper)

    assert run("check")[0] == 1
    code, said = run("check", "--repair", "--json")

    told: dict[str, Any] = json.loads(said)
    assert code == 0
    assert told["before"] == dict.fromkeys(DRIFTS, 0) | {sort: 1}
    assert told["after"] == dict.fromkeys(DRIFTS, 0)
    assert run("check")[0] == 0
    assert waiting() == set()


def test_a_check_says_in_words_what_it_found(engine: Engine) -> None:
    world = World()
    paper = world.issued()
    drain(engine)
    drop(engine, paper)

    code, said = run("check", "--repair")

    assert code == 0
    assert "before: 1 compared; 1 missing, 0 extra" in said
    assert f"missing: dispatch:{paper.pk}" in said
    assert "after: 1 compared; 0 missing, 0 extra" in said


def test_existing_papers_without_a_row_are_found_and_written(engine: Engine) -> None:
    world = World()
    papers = [world.issued(), world.draft()]
    IndexState.objects.all().delete()

    drift = checking.check(engine, at=clock.now())
    assert set(drift.missing) == keys(papers)
    checking.repair(engine, drift, at=clock.now())

    assert checking.check(engine, at=clock.now()).total == 0


def test_a_change_of_a_moment_ago_is_on_its_way_and_an_old_one_is_drift(engine: Engine) -> None:
    world = World()
    paper = world.issued()

    drift = checking.check(engine, at=clock.now())
    assert (drift.total, drift.on_their_way) == (0, 1)
    IndexState.objects.update(dirty_since=clock.now() - LONG_AGO)

    drift = checking.check(engine, at=clock.now())
    assert drift.missing == [state(paper).key]


def test_a_wrong_audience_is_withheld_before_it_is_written(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    paper = world.issued()
    drain(engine)
    lose_readers(engine, paper)
    drift = checking.check(engine, at=clock.now())

    monkeypatch.setattr(indexing, "drain", lambda *_args, **_kwargs: 0)
    checking.repair(engine, drift, at=clock.now())

    assert state(paper).tightened


def test_a_check_of_an_engine_that_cannot_be_reached_ends_with_two(
    unreachable: None,
) -> None:
    for command in (["check"], ["check", "--repair"], ["status"]):
        code, said = run(*command)
        assert code == 2
        assert "cannot be reached" in said


def test_a_rebuild_is_whole_shows_its_progress_and_serves_meanwhile(engine: Engine) -> None:
    world = World()
    papers = [world.issued(), world.draft(), world.submitted()]
    drain(engine)
    who = archive.access.standing(world.home_officer, at=at(4))
    seen = []

    def look(read: int, kind: str) -> None:
        seen.append((read, kind, numbers(archive.ask(who, "kiểm tra"))))

    done = rebuilding.rebuild(engine, at=clock.now(), progress=look)

    assert (done.written, done.refused) == (3, 0)
    assert seen == [(3, "dispatch", [papers[0].pk])]
    assert checking.check(engine, at=clock.now()).total == 0


def test_a_rebuild_from_nothing_settles_every_row(engine: Engine) -> None:
    world = World()
    paper = world.issued()
    IndexState.objects.all().delete()

    code, said = run("rebuild")

    assert code == 0
    assert "1 written" in said
    assert waiting() == set()
    assert not state(paper).tightened
    assert state(paper).readers == archive.access.reader_tokens(paper)
    assert run("check")[0] == 0


def test_what_changes_during_a_rebuild_stays_waiting_and_is_written_later(engine: Engine) -> None:
    world = World()
    paper = world.issued()

    def change(read: int, kind: str) -> None:
        lifecycle.recall(dispatch=paper, reason="sai", by=world.leader, at=at(3))

    rebuilding.rebuild(engine, at=clock.now(), progress=change)
    assert waiting() == keys([paper])
    assert state(paper).tightened
    drain(engine)

    assert checking.check(engine, at=clock.now()).total == 0


def test_a_rebuild_that_fails_leaves_everything_as_it_was(engine: Engine) -> None:
    world = World()
    paper = world.issued()

    def fall_over(read: int, kind: str) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rebuilding.rebuild(engine, at=clock.now(), progress=fall_over)

    assert waiting() == keys([paper])
    drain(engine)
    assert checking.check(engine, at=clock.now()).total == 0


def test_the_status_counts_what_waits_what_was_given_up_and_how_late_it_is(engine: Engine) -> None:
    world = World()
    papers = [world.issued(), world.draft()]
    IndexState.objects.update(dirty_since=clock.now() - LONG_AGO)
    IndexState.objects.filter(pk=state(papers[1]).pk).update(parked_at=clock.now(), error="odd")

    code, said = run("status", "--json")

    told = json.loads(said)
    assert code == 0
    assert (told["rows"], told["waiting"], told["parked"]) == (2, 1, 1)
    assert told["lag_seconds"] >= 3600
    assert told["errors"] == [f"{state(papers[1]).key}: odd"]


def test_an_engine_that_goes_down_during_a_repair_ends_with_two(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    paper = world.issued()
    drain(engine)
    drop(engine, paper)

    def down(*_args: object) -> dict[str, str]:
        raise EngineDown("no answer")

    monkeypatch.setattr(engine, "put", down)
    code, _said = run("check", "--repair")

    assert code == 2
    assert waiting() == keys([paper])
