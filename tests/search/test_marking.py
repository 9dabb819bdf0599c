"""What changes is marked in its own transaction, and what somebody loses is withheld at once."""

from datetime import date

import pytest
from django.db import transaction

from agencies import clock
from agencies.models import AgencyName
from documents import lifecycle
from documents.models import Dispatch, WorkField
from search import archive, dispatches, indexing, marking
from search.engine import Engine, Record
from search.models import IndexState
from tests.documents.world import World, acknowledged, at, work
from tests.search.house import drain, keys, lend, numbers, state, waiting

pytestmark = pytest.mark.django_db


def seen(who: object, text: str = "kiểm tra công vụ") -> list[int]:
    return numbers(archive.ask(archive.access.standing(who, at=at(4)), text))  # type: ignore[arg-type]


def test_a_verb_marks_its_paper_in_its_own_transaction(engine: Engine) -> None:
    world = World()

    with transaction.atomic():
        world.issued()
        assert IndexState.objects.waiting().exists()
        transaction.set_rollback(True)

    assert not IndexState.objects.exists()


def test_each_change_counts_the_version_up(engine: Engine) -> None:
    world = World()
    paper = world.signed()
    before = state(paper).version

    lifecycle.number(dispatch=paper, by=world.clerk, at=at(2))

    assert state(paper).version == before + 1
    assert state(paper).done_version == 0


def test_what_waits_is_written_and_found(engine: Engine) -> None:
    world = World()
    paper = world.issued()
    assert waiting() == keys([paper])
    assert seen(world.home_officer) == []

    drain(engine)

    assert waiting() == set()
    assert seen(world.home_officer) == [paper.pk]
    assert not state(paper).tightened


def test_a_returned_paper_is_gone_from_the_next_answer_though_nothing_was_written(
    engine: Engine,
) -> None:
    world = World()
    paper = world.issued()
    other = world.issued(subject="kiểm tra công vụ lần hai")
    drain(engine)
    assert set(seen(world.home_officer)) == {paper.pk, other.pk}

    lifecycle.return_to_sender(
        circulation=world.at_home(paper), reason="không thuộc thẩm quyền", suggested=None,
        by=world.home_clerk, at=at(3),
    )  # fmt: skip

    assert state(paper).tightened
    who = archive.access.standing(world.home_officer, at=at(4))
    answer = archive.ask(who, "kiểm tra công vụ")
    assert numbers(answer) == [other.pk]
    assert answer.total == 1
    assert [each.papers for each in answer.facets[archive.Facet.TYPE]] == [1]
    assert archive.suggest(who, "kiểm tra công vụ l") != []
    drain(engine)
    assert not state(paper).tightened
    assert seen(world.home_officer) == [other.pk]
    assert set(seen(world.clerk)) == {paper.pk, other.pk}


def test_a_recall_takes_effect_at_once_and_its_sender_finds_it_marked_after_the_worker(
    engine: Engine,
) -> None:
    world = World()
    paper = world.issued()
    drain(engine)
    assert seen(world.home_officer) == [paper.pk]

    lifecycle.recall(dispatch=paper, reason="sai thể thức", by=world.leader, at=at(3))

    assert state(paper).tightened
    assert seen(world.home_officer) == []
    drain(engine)
    assert seen(world.home_officer) == []
    who = archive.access.standing(world.clerk, at=at(4))
    answer = archive.ask(who, "kiểm tra công vụ")
    assert [each.state for each in answer.found] == ["recalled"]


def test_a_wider_audience_withholds_nothing(engine: Engine) -> None:
    world = World()
    paper = world.issued(to=[world.home])
    drain(engine)
    before = state(paper).version

    lend(world, paper)

    assert state(paper).version == before + 1
    assert not state(paper).tightened
    assert seen(world.home_officer) == [paper.pk]


def test_how_far_a_recipient_has_come_is_no_matter_of_the_index(engine: Engine) -> None:
    world = World()
    paper = world.issued(to=[world.home, world.finance])
    drain(engine)
    before = state(paper).version, kept(paper)
    late = at(3, month=9)

    work(at(2, 10))
    assert lifecycle.chase(circulation=world.at_home(paper), by=world.clerk, at=late)
    lifecycle.open_text(circulation=world.at_home(paper), by=world.home_officer, at=late)
    lifecycle.receive(circulation=world.at_home(paper), by=world.home_clerk, at=late)
    acknowledged(world.at_home(paper), world.home_clerk, late)

    row = world.at_home(paper)
    assert None not in (row.delivered_at, row.opened_at, row.received_at, row.acknowledged_at)
    assert (state(paper).version, kept(paper)) == before


def kept(paper: Dispatch) -> Record:
    """What the index would be given of it now."""
    (record,) = dispatches.Dispatches().records([paper.pk])
    return record


def test_an_audience_that_nobody_has_looked_at_may_have_been_any(engine: Engine) -> None:
    world = World()
    paper = world.issued()
    IndexState.objects.filter(pk=state(paper).pk).update(audience=None, tightened=False)
    assert not state(paper).tightened

    marking.mark_keys(keys([paper]))
    assert not state(paper).tightened
    lend(world, paper)

    assert state(paper).tightened


def test_a_withheld_paper_stays_withheld_until_the_version_that_withheld_it_is_written(
    engine: Engine,
) -> None:
    world = World()
    paper = world.issued()
    drain(engine)
    old = state(paper).version
    lifecycle.recall(dispatch=paper, reason="sai", by=world.leader, at=at(3))

    indexing.settle({state(paper).key: (old, b"")})
    assert state(paper).tightened
    drain(engine)

    assert not state(paper).tightened


def test_a_parked_paper_is_tried_again_once_it_changes(engine: Engine) -> None:
    world = World()
    paper = world.issued()
    IndexState.objects.update(parked_at=clock.now(), error="x", attempts=8)

    lend(world, paper)

    assert (state(paper).parked_at, state(paper).error, state(paper).attempts) == (None, "", 0)


def test_a_new_name_of_the_issuer_marks_its_papers_and_finds_them(engine: Engine) -> None:
    world = World()
    paper = world.issued()
    drain(engine)
    assert seen(world.home_officer, "Hội đồng quản trị thử") == []

    AgencyName.objects.create(
        agency=world.province, name="Hội đồng quản trị thử", short_name="HĐQT",
        abbreviation="HĐQT", identifier="TEST.X", from_on=date(2016, 9, 1),
    )  # fmt: skip

    assert waiting() == keys([paper])
    drain(engine)
    assert seen(world.home_officer, "Hội đồng quản trị thử") == [paper.pk]
    assert seen(world.home_officer, "UBND tỉnh") == [paper.pk]


def test_a_renamed_field_of_work_marks_its_papers(engine: Engine) -> None:
    world = World()
    paper = world.issued()
    drain(engine)

    WorkField.objects.get(code="NC").save()

    assert waiting() == keys([paper])


def test_a_mark_costs_nine_queries_at_most(engine: Engine, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    world = World()
    paper = world.issued()
    kind = archive.registry.kind_of("dispatch:1")

    # Of which two are the savepoint of the test's own transaction.
    with django_assert_num_queries(9):
        marking.mark(kind, paper.pk)


def test_marking_many_makes_the_rows_that_are_not_there(engine: Engine) -> None:
    world = World()
    paper = world.issued()
    IndexState.objects.all().delete()

    assert marking.mark_keys(keys([paper])) == 1

    assert state(paper).version == 1
    assert Dispatch.objects.count() == IndexState.objects.count()
