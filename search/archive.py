"""Ask the archive: the one door for the search page, its suggestions, its alerts and its lists.

Everything that comes out went through the reader's tokens in the engine and, row by row, through
the gate of the database once more. What was taken from somebody a moment ago is in no hit, count,
facet or suggestion of his, whatever the index still says.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from documents import access
from documents.standing import Standing
from search import abbreviations, dispatches, registry
from search.engine import (
    DEMOTION,
    NUMBER_WEIGHT,
    Engine,
    Facet,
    Filters,
    Order,
    Page,
    Results,
    Suggestion,
)
from search.engines import chosen
from search.highlight import Piece, snippet
from search.models import IndexState
from search.registry import EVERYBODY, Shown
from search.text import Query, number_forms, read_query

#: How often an answer is asked for again when the gate refuses hits that the index has.
_AGAIN = 2
#: Characters of a passage under a hit.
WIDTH = 240
#: Signs of a query that are read.
_MOST_TYPED = 4_000
#: Nothing but a number, perhaps after the word: "số 1502/UBND-NC", "công văn 1502".
_ALONE = re.compile(
    r"\s*(?:(?:công\s+văn|cong\s+van)\s+)?(?:(?:số|so)\s*:?\s*)?([0-9][\w/.\-\u2010-\u2014\s]*)",
    re.IGNORECASE,
)
#: Digits of an arrival number: no register gives a longer one.
_ARRIVAL = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet, in words, and how many of the papers found have it."""

    value: str
    label: str
    papers: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    query: Query
    #: What this page shows, best first.
    found: list[Shown] = field(default_factory=list)
    #: Exact, of all pages.
    total: int = 0
    #: Too few papers hold every word: these hold at least half of them.
    relaxed: bool = False
    facets: dict[Facet, list[Choice]] = field(default_factory=dict)
    #: The one paper whose number was typed alone: it is the answer, `found` are the others.
    direct: Shown | None = None
    #: What was typed, with its accents or without its slip, where little was found.
    meant: str | None = None


def ask(
    who: Standing,
    text: str,
    *,
    filters: Filters = Filters(),  # noqa: B008 - frozen
    page: Page = Page(),  # noqa: B008 - frozen
    order: Order = Order.RELEVANCE,
    facets: Collection[Facet] = tuple(Facet),
    at_agency: int | None = None,
) -> Answer:
    """Find what this reader may see. Four queries, whatever is found; a fifth for an arrival number.

    `at_agency` narrows it to what he reads by that one agency of his: what it sent or received.

    Raises: EngineDown when the engine cannot be asked; everything but search goes on.
    """
    engine = chosen()
    query = read(text)
    tokens = tokens_of(who, at_agency)
    if not tokens:
        return Answer(query)
    excluded = IndexState.objects.withheld()
    for _ in range(_AGAIN + 1):
        results = engine.search(
            query, tokens=tokens, excluded=excluded, filters=filters, page=page,
            order=order, facets=facets,
        )  # fmt: skip
        keys = [hit.key for hit in results.hits]
        # A paper of that number outweighs everything: then no register is asked as well.
        by_number = any(hit.score >= NUMBER_WEIGHT * DEMOTION for hit in results.hits)
        arrived = [] if by_number else _arrived(who, text)
        guess = _guess(engine, query, results, tokens, excluded, page)
        seen = registry.shown(who, {*keys, *arrived, *([guess.key] if guess else [])})
        refused = [key for key in keys if key not in seen]
        if not refused:
            break
        # The index is behind: without these, so that count and facets do not tell of them.
        excluded |= set(refused)
    else:
        results = replace(results, hits=[hit for hit in results.hits if hit.key in seen])
        results = replace(results, total=len(results.hits), facets={})
    found = [seen[key] for key in keys if key in seen]
    direct = _direct(text, query, [*found, *(seen[key] for key in arrived if key in seen)], page)
    return Answer(
        query=query,
        found=[each for each in found if direct is None or each.key != direct.key],
        total=results.total,
        relaxed=results.relaxed,
        facets=_choices(results, filters),
        direct=direct,
        meant=guess.text if guess and guess.key in seen else None,
    )


def suggest(who: Standing, typed: str, *, limit: int = 8) -> list[str]:
    """Continue what is being typed with words of titles that this reader may see.

    Raises: EngineDown.
    """
    tokens = tokens_of(who)
    if not tokens:
        return []
    excluded = IndexState.objects.withheld()
    offered = chosen().suggest(typed[:200], tokens=tokens, excluded=excluded, limit=limit)
    seen = registry.visible(who, [each.key for each in offered])
    return [each.text for each in offered if each.key in seen]


def did_you_mean(who: Standing, text: str) -> str | None:
    """Say what was typed as titles that this reader may see would say it. Raises: EngineDown."""
    tokens = tokens_of(who)
    if not tokens:
        return None
    excluded = IndexState.objects.withheld()
    meant = chosen().did_you_mean(read(text), tokens=tokens, excluded=excluded)
    return meant.text if meant and registry.visible(who, [meant.key]) else None


def similar(who: Standing, key: str, *, limit: int = 10) -> list[Shown]:
    """Find papers like one, all of which this reader may see; none for one that he may not.

    Raises: EngineDown.
    """
    tokens = tokens_of(who)
    if not tokens or not registry.visible(who, [key]):
        return []
    excluded = IndexState.objects.withheld()
    hits = chosen().similar(key, tokens=tokens, excluded=excluded, limit=limit)
    seen = registry.shown(who, [hit.key for hit in hits])
    return [seen[hit.key] for hit in hits if hit.key in seen]


def count(
    who: Standing,
    text: str,
    *,
    filters: Filters = Filters(),  # noqa: B008 - frozen
) -> int:
    """Return how many papers `ask` would find, two queries. Raises: EngineDown."""
    tokens = tokens_of(who)
    if not tokens:
        return 0
    excluded = IndexState.objects.withheld()
    return chosen().count(read(text), tokens=tokens, excluded=excluded, filters=filters)


def matching(
    who: Standing,
    text: str,
    *,
    among: Collection[str],
    filters: Filters = Filters(),  # noqa: B008 - frozen
    at_agency: int | None = None,
    most: int = 100,
) -> list[str]:
    """Return which of some papers `ask` would find for this reader, newest first.

    Raises: EngineDown.
    """
    tokens = tokens_of(who, at_agency)
    if not (tokens and among):
        return []
    results = chosen().search(
        read(text),
        tokens=tokens,
        excluded=IndexState.objects.withheld(),
        filters=replace(filters, among=frozenset(among)),
        page=Page(size=most),
        order=Order.NEWEST,
    )
    keys = [hit.key for hit in results.hits]
    seen = registry.visible(who, keys)
    return [key for key in keys if key in seen]


def passage(shown: Shown, query: Query, *, width: int = WIDTH) -> list[Piece]:
    """Cut the passage that answers best, with marks; the beginning of the text where none does."""
    best: list[Piece] = []
    for text in shown.texts:
        pieces = snippet(text, query, width)
        if any(piece.marked for piece in pieces):
            return pieces
        best = best or pieces
    return best


def marked_title(shown: Shown, query: Query) -> list[Piece]:
    """The whole title, with marks."""
    return snippet(shown.title, query, max(len(shown.title), 1))


def read(text: str) -> Query:
    """Analyse what was typed, with the abbreviations of this installation."""
    return read_query(text[:_MOST_TYPED], abbreviations=abbreviations.known())


def tokens_of(who: Standing, at_agency: int | None = None) -> set[str]:
    """Return what the reader holds in the index, perhaps only by one of his agencies."""
    if not (who.user.is_authenticated and who.user.is_active):
        return set()
    held = access.tokens_of(who)
    if at_agency is None:
        return held | {EVERYBODY}
    own = re.compile(rf"(?:agency|office):{at_agency}|member:{at_agency}:\d+")
    return {token for token in held if own.fullmatch(token)}


# -- Numbers -----------------------------------------------------------------------------------


def _alone(text: str) -> str | None:
    """Return the number when nothing else was typed."""
    matched = _ALONE.fullmatch(text[:200])
    return matched[1].strip() if matched else None


def _arrived(who: Standing, text: str) -> list[str]:
    number = _alone(text)
    if number is None or not _ARRIVAL.fullmatch(number):
        return []
    return [f"{dispatches.NAME}:{pk}" for pk in dispatches.arrived_as(who, int(number))]


def _direct(text: str, query: Query, seen: Iterable[Shown], page: Page) -> Shown | None:
    """Return the one paper whose number this is, its own or the one it arrived under."""
    number = _alone(text)
    if number is None or page.number > 1:
        return None
    whole = next(iter(number_forms(number)), "")
    papers = {each.key: each for each in seen}.values()
    own = [each for each in papers if whole in each.forms]
    arrived = [
        each
        for each in papers
        if any(str(owed.arrival_number) == number.lstrip("0") for owed in each.mine)
    ]
    return own[0] if len(own) == 1 else arrived[0] if not own and len(arrived) == 1 else None


# -- Words for what the engine says ------------------------------------------------------------


def _guess(
    engine: Engine,
    query: Query,
    results: Results,
    tokens: Collection[str],
    excluded: Collection[str],
    page: Page,
) -> Suggestion | None:
    if page.number > 1 or not (results.relaxed or results.total == 0):
        return None
    return engine.did_you_mean(query, tokens=tokens, excluded=excluded)


def _choices(results: Results, filters: Filters) -> dict[Facet, list[Choice]]:
    issuers: dict[str, str] = {}
    wanted = [each.value for each in results.facets.get(Facet.ISSUER, ())]
    for kind in registry.kinds():
        issuers |= kind.issuers([*wanted, *filters.issuer])
    choices: dict[Facet, list[Choice]] = {}
    for facet, counts in results.facets.items():
        papers = {each.value: each.papers for each in counts}
        chosen_values = filters.keywords.get(facet.value, ())
        # What was chosen and is in no paper found stays, so that it can be taken back.
        papers |= {value: 0 for value in chosen_values if value not in papers}
        choices[facet] = [
            Choice(
                value=value,
                label=issuers.get(value) or registry.label(facet, value),
                papers=number,
                chosen=value in chosen_values,
            )
            for value, number in papers.items()
        ]
    return choices
