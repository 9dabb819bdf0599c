"""What stands against a number or an issue at the last moment, and what is refused afterwards."""

import pytest

from agencies.succession import end_agency
from documents import lifecycle
from documents.choices import ArchiveKind, DueSource, State
from documents.events import changed
from documents.lifecycle.filing import file_as
from documents.lifecycle.issuing import Deadline
from documents.models import Dispatch
from documents.refusals import Incomplete
from tests.documents.world import World, agency, at

pytestmark = pytest.mark.django_db


def codes(refused: "pytest.ExceptionInfo[Incomplete]") -> list[str]:
    return [reason.code for reason in refused.value.reasons]


@pytest.mark.parametrize("ready", ["signed", "numbered"])
def test_an_addressee_that_ended_since_the_paper_was_submitted_stops_it(ready: str) -> None:
    world = World()
    paper = getattr(world, ready)()
    end_agency(agency=world.home, to_on=at(2).date(), by=None, at=at(2))
    verb = lifecycle.number if ready == "signed" else lifecycle.issue

    with pytest.raises(Incomplete) as refused:
        verb(dispatch=paper, by=world.clerk, at=at(3))

    assert codes(refused) == ["lines"]
    paper.refresh_from_db()
    assert (paper.state, paper.circulations.count()) == (State(ready), 0)


@pytest.mark.parametrize("ready", ["signed", "numbered"])
def test_a_deadline_printed_in_the_paper_stays(ready: str) -> None:
    world = World()
    paper = getattr(world, ready)(due_at=at(20), due_source=DueSource.PRINTED)
    verb = lifecycle.number if ready == "signed" else lifecycle.issue

    for other in (Deadline(at(25)), Deadline(None)):
        with pytest.raises(Incomplete) as refused:
            verb(dispatch=paper, deadline=other, by=world.clerk, at=at(3))
        assert codes(refused) == ["due_at"]
    assert verb(dispatch=paper, deadline=Deadline(at(20)), by=world.clerk, at=at(3))


def test_a_number_is_voided_with_a_reason_only() -> None:
    world = World()
    paper = world.numbered()

    with pytest.raises(Incomplete) as refused:
        lifecycle.void_number(dispatch=paper, reason="  ", by=world.clerk, at=at(3))

    assert codes(refused) == ["reason"]
    paper.refresh_from_db()
    assert paper.state == State.NUMBERED


def test_a_paper_is_sent_back_to_its_drafter_with_a_reason_only() -> None:
    world = World()
    paper = world.submitted()

    with pytest.raises(Incomplete) as refused:
        lifecycle.send_back(dispatch=paper, reason=" ", by=world.leader, at=at(2))

    assert codes(refused) == ["reason"]
    paper.refresh_from_db()
    assert paper.state == State.SUBMITTED


def test_files_are_added_with_a_reason_only_and_at_least_one() -> None:
    world = World()
    paper = world.issued()
    forgotten = lifecycle.FileFacts("phu-luc.pdf", "a" * 64, 10, "application/pdf")

    for files, reason, code in (([forgotten], " ", "reason"), ([], "quên phụ lục", "files")):
        with pytest.raises(Incomplete) as refused:
            lifecycle.update(dispatch=paper, files=files, reason=reason, by=world.clerk, at=at(3))
        assert codes(refused) == [code]

    assert paper.versions.count() == 1


def test_a_recalled_paper_is_sent_to_nobody_else() -> None:
    world = World()
    paper = world.issued()
    lifecycle.recall(dispatch=paper, reason="sai số liệu", by=world.clerk, at=at(2, 10))

    with pytest.raises(Incomplete) as refused:
        lifecycle.circulate(
            dispatch=paper, agencies=[agency("Sở Y tế").pk], by=world.clerk, at=at(3)
        )

    assert codes(refused) == ["recalled"]


def test_a_paper_filed_under_the_kind_that_it_has_is_left_alone() -> None:
    paper = World().issued()
    told: list[Dispatch] = []

    def listen(instance: Dispatch, **_rest: object) -> None:
        told.append(instance)

    changed.connect(listen)
    try:
        file_as(dispatch=paper, kind=ArchiveKind(paper.archive_kind))
        assert told == []
        file_as(dispatch=paper, kind=ArchiveKind.CONCLUSION)
    finally:
        changed.disconnect(listen)

    assert told == [paper]
    assert Dispatch.objects.get().archive_kind == ArchiveKind.CONCLUSION
