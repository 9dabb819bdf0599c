"""The questions of the embedded engine, as tantivy's query objects.

Nothing typed is ever parsed as a query language: a hyphen or a sign is not syntax.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import tantivy
from tantivy import FieldType, Occur
from tantivy import Query as Q

from search.engine import MOST_VALUES, Count, Facet, Filters, Hit, Order, Page, Plan, Term, Title
from search.engines.tantivy_schema import FACTOR, SHAPE

#: Scores are compared to so many digits: sums of the same numbers in another order are equal.
_DIGITS = 4
#: Hits fetched behind a page, to see whether equal scores go on there.
_SLACK = 20


def is_(term: Term) -> Q:
    asked = Q.term_query(SHAPE, term.field, term.value, "freq")
    if term.weight == 1:
        return asked
    if term.field == "num" or not term.weight:
        return Q.const_score_query(asked, term.weight)
    return Q.boost_query(asked, term.weight)


def permitted(tokens: Collection[str], excluded: Collection[str], filters: Filters) -> list[Q]:
    """What every question is held to; it adds nothing to a score."""
    held = [Q.term_set_query(SHAPE, "audience", sorted(tokens))]
    held += [
        Q.term_set_query(SHAPE, name, sorted(values)) for name, values in filters.keywords.items()
    ]
    if filters.since or filters.until:
        first = filters.since.toordinal() if filters.since else 1
        last = (filters.until or date.max).toordinal()
        held.append(Q.range_query(SHAPE, "day", FieldType.Unsigned, max(1, first), last))
    if filters.among is not None:
        held.append(Q.term_set_query(SHAPE, "key", sorted(filters.among)))
    if excluded:
        those = Q.term_set_query(SHAPE, "key", sorted(excluded))
        held.append(Q.boolean_query([(Occur.Must, Q.all_query()), (Occur.MustNot, those)]))
    return [Q.const_score_query(one, 0.0) for one in held]


def asking(wanted: Plan, held: Sequence[Q], *, relaxed: bool = False) -> Q:
    parts = [(Occur.Must, one) for one in held]
    needs = [any_of([all_of([is_(term) for term in way]) for way in need]) for need in wanted.needs]
    numbers = [is_(term) for term in wanted.numbers]
    if relaxed:
        enough = Q.boolean_query([(Occur.Should, need) for need in needs], wanted.least)
        parts.append((Occur.Must, any_of([enough, *numbers])))
    else:
        parts += [(Occur.Must, need) for need in needs]
        parts += [(Occur.Should, number) for number in numbers]
    parts += [(Occur.Should, is_(term)) for term in wanted.wishes]
    return Q.boolean_query(parts)


def all_of(queries: Sequence[Q]) -> Q:
    return queries[0] if len(queries) == 1 else Q.boolean_query([(Occur.Must, q) for q in queries])


def any_of(queries: Sequence[Q]) -> Q:
    if len(queries) == 1:
        return queries[0]
    return Q.boolean_query([(Occur.Should, query) for query in queries], 1)


def hits_of(
    searcher: tantivy.Searcher, asked: Q, page: Page, order: Order
) -> tuple[list[Hit], int]:
    """The hits of the page, and how many there are in all."""
    if order is not Order.RELEVANCE:
        found = searcher.search(
            asked,
            limit=max(1, page.end - page.offset),
            offset=page.offset,
            order_by_field="place",
            order=tantivy.Order.Asc if order is Order.OLDEST else tantivy.Order.Desc,
        )
        shown = found.hits[: max(0, page.end - page.offset)]
        return [Hit(_key(searcher, address), 0.0) for _, address in shown], _total(found)
    # tantivy leaves equal scores in the order of its segments, which merges change: take all
    # that are equal to the last one of the page, and put them in our order.
    limit = page.end + _SLACK
    while True:
        found = searcher.search(asked, limit=limit, weight_by_field="weight")
        scores = [_score(one) for one in found.hits]
        if len(scores) < limit or scores[-1] < scores[page.end - 1]:
            break
        limit *= 4
    addresses = [address for _, address in found.hits]
    places = searcher.fast_field_values("place", addresses) if addresses else []
    ranked = sorted(
        zip(scores, places, addresses, strict=True), key=lambda one: (-one[0], -int(one[1] or 0))
    )
    best = ranked[page.offset : page.end]
    return [Hit(_key(searcher, address), score) for score, _, address in best], _total(found)


def _total(found: tantivy.SearchResult) -> int:
    # Missing in the stub of tantivy 0.27.
    return int(found.count)  # type: ignore[attr-defined]


def _score(found: tuple[Any, Any]) -> float:
    return round(float(found[0]) / FACTOR, _DIGITS)


def _key(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> str:
    return str(searcher.doc(address).get_first("key"))


def facets_of(
    searcher: tantivy.Searcher, asked: Q, facets: Collection[Facet]
) -> dict[Facet, list[Count]]:
    if not facets:
        return {}
    wanted = {
        facet.value: {"terms": {"field": facet.value, "size": 10_000, "segment_size": 10_000}}
        for facet in facets
    }
    answer = searcher.aggregate(asked, wanted)
    return {
        facet: sorted(
            (
                Count(bucket["key"], int(bucket["doc_count"]))
                for bucket in answer[facet.value]["buckets"]
            ),
            key=lambda one: (-one.papers, one.value),
        )[:MOST_VALUES]
        for facet in facets
    }


def titles_of(searcher: tantivy.Searcher, found: tantivy.SearchResult) -> list[Title]:
    stored = (searcher.doc(address) for _, address in found.hits)
    return [
        Title(str(one.get_first("key")), bytes(one.get_first("title") or b"").decode())
        for one in stored
    ]
