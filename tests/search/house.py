"""What tests of the index ask again and again."""

from collections.abc import Iterable

from agencies import clock
from documents import lifecycle
from documents.models import Dispatch
from search import archive, indexing
from search.engine import Engine
from search.models import IndexState
from tests.documents.world import World, at


def drain(engine: Engine) -> None:
    """Do all that waits, as workers would in the end."""
    while indexing.drain(engine, at=clock.now()):
        pass


def state(paper: object) -> IndexState:
    return IndexState.objects.get(pk=f"dispatch:{paper.pk}")  # type: ignore[attr-defined]


def lend(world: World, paper: Dispatch) -> None:
    """Let one agency more read it: a change that the index must follow."""
    lifecycle.grant_agency(
        dispatch=paper, agency=world.finance, cause="phối hợp", to_on=None, by=world.head, at=at(3)
    )


def numbers(answer: "archive.Answer") -> list[int]:
    """The ids of the dispatches in an answer, in its order."""
    return [int(each.key.partition(":")[2]) for each in answer.found]


def waiting() -> set[str]:
    return set(IndexState.objects.waiting().values_list("key", flat=True))


def keys(papers: Iterable[object]) -> set[str]:
    return {f"dispatch:{paper.pk}" for paper in papers}  # type: ignore[attr-defined]
