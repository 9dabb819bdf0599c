"""What Elasticsearch keeps of a paper, and the questions it is asked, as plain JSON values.

Nothing here needs the client. Only what every distribution has is used: no plugin, no script.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from typing import Any

from search import spelling
from search.engine import (
    DEMOTION,
    SCHEMA,
    Facet,
    Filters,
    Order,
    Plan,
    Record,
    Term,
    audience_digest,
    gist,
    place,
)
from search.text import analyse

#: A query of Elasticsearch's own language, such as {"term": {"key": "dispatch:1"}}.
Asked = dict[str, Any]

# The tokens hold letters, digits and `_` only, which the standard analyser keeps whole.
_WORDS = {"type": "text", "analyzer": "standard", "index_options": "freqs"}
_KEYWORD = {"type": "keyword"}
_STORED = {"type": "keyword", "index": False, "doc_values": False}
MAPPING: dict[str, Any] = {
    "dynamic": "strict",
    # What is only searched need not be kept a second time.
    "_source": {"excludes": ["f", "fb", "x", "tf", "tfb", "num"]},
    "properties": {
        **dict.fromkeys(("f", "fb", "x", "tf", "tfb"), _WORDS),
        "num": {**_WORDS, "index_options": "docs", "norms": False},
        "key": _KEYWORD,
        **dict.fromkeys((facet.value for facet in Facet), _KEYWORD),
        "audience": _KEYWORD,
        "day": {"type": "date", "format": "strict_date"},
        "place": {"type": "long"},
        "in_force": {"type": "boolean"},
        "version": {"type": "long"},
        "title": _STORED,
        "gist": _STORED,
        "digest": _STORED,
    },
}

SORTED: dict[Order, list[Any]] = {
    Order.RELEVANCE: ["_score", {"place": "desc"}, {"key": "asc"}],
    Order.NEWEST: [{"place": "desc"}, {"key": "asc"}],
    Order.OLDEST: [{"place": "asc"}, {"key": "desc"}],
}


def mapping_hash() -> str:
    """Eight letters that change with the mapping and with what is written into it."""
    return digest([SCHEMA, MAPPING])[:8]


def digest(value: Any) -> str:
    return hashlib.blake2b(
        json.dumps(value, sort_keys=True, default=str).encode(), digest_size=8
    ).hexdigest()


def action(record: Record) -> dict[str, Any]:
    """Return the action of a bulk request that writes it, unless a newer version is there."""
    done = analyse(title=record.title, body=record.body, names=record.names, numbers=record.numbers)
    return {
        "_id": record.key,
        "version": record.version,
        "version_type": "external_gte",
        "_source": {
            "key": record.key,
            "version": record.version,
            "f": done.f,
            "fb": done.fb,
            "x": done.x,
            "tf": done.tf,
            "tfb": done.tfb,
            "num": done.num,
            **record.keywords,
            "audience": sorted(record.audience),
            "day": record.day.isoformat() if record.day else None,
            "place": place(record.day, record.key),
            "in_force": record.in_force,
            "title": record.title,
            "gist": " ".join(gist(done.tfb, done.fb)),
            "digest": audience_digest(record.audience),
        },
    }


def is_(term: Term) -> Asked:
    """Return the question for one token.

    A match, not a term: what the analyser splits (other scripts) is split here as well.
    """
    if term.field == "num":
        number = {"match": {"num": {"query": term.value, "operator": "and"}}}
        return {"constant_score": {"filter": number, "boost": term.weight}}
    boost = {"boost": term.weight} if term.weight else {}
    return {"match": {term.field: {"query": term.value, "operator": "and", **boost}}}


def permitted(tokens: Collection[str], excluded: Collection[str], filters: Filters) -> list[Asked]:
    """What every question is held to, as filters: nothing of it counts in a score."""
    held: list[Asked] = [{"terms": {"audience": sorted(tokens)}}]
    held += [{"terms": {name: sorted(values)}} for name, values in filters.keywords.items()]
    if filters.since or filters.until:
        days = {"gte": filters.since, "lte": filters.until}
        held.append({"range": {"day": {way: day.isoformat() for way, day in days.items() if day}}})
    if filters.among is not None:
        held.append({"terms": {"key": sorted(filters.among)}})
    if excluded:
        held.append({"bool": {"must_not": [{"terms": {"key": sorted(excluded)}}]}})
    return held


def asking(wanted: Plan, held: Sequence[Asked], *, relaxed: bool = False) -> Asked:
    needs = [any_of([all_of([is_(term) for term in way]) for way in need]) for need in wanted.needs]
    numbers = [is_(term) for term in wanted.numbers]
    wishes = [is_(term) for term in wanted.wishes]
    if relaxed:
        enough = {"bool": {"should": needs, "minimum_should_match": wanted.least}}
        needs, numbers = [any_of([enough, *numbers])], []
    return {
        "bool": {
            "filter": list(held),
            "must": needs,
            "should": [*numbers, *wishes],
            # Said aloud: the conditions stand in `must`, wishes only raise.
            "minimum_should_match": 0,
        }
    }


def guessing(typed: Sequence[str], held: Sequence[Asked]) -> Asked:
    """Titles that hold at least half of the words, or words one letter away from them."""
    known = []
    for word in typed:
        ways = [is_(Term("tf", word, 1))]
        if len(word) >= spelling.CORRECTED:
            near = {"value": word, "fuzziness": 1, "transpositions": True}
            ways.append({"fuzzy": {"tf": near}})
        known.append({"dis_max": {"queries": ways}})
    least = (len(known) + 1) // 2
    return {"bool": {"filter": list(held), "should": known, "minimum_should_match": least}}


def like(itself: Asked, pairs: Sequence[str], held: Sequence[Asked]) -> Asked:
    """Papers that share two pairs of words with one, or the only one that it has."""
    return {
        "bool": {
            "filter": list(held),
            "must_not": [itself],
            "should": [is_(Term("fb", pair, 1)) for pair in pairs],
            "minimum_should_match": min(2, len(pairs)),
        }
    }


def demoted(asked: Asked) -> Asked:
    """What is no longer in force ranks below its like."""
    return {
        "function_score": {
            "query": asked,
            "functions": [{"filter": {"term": {"in_force": False}}, "weight": DEMOTION}],
            "score_mode": "multiply",
            "boost_mode": "multiply",
        }
    }


def all_of(queries: Sequence[Asked]) -> Asked:
    return queries[0] if len(queries) == 1 else {"bool": {"must": list(queries)}}


def any_of(queries: Sequence[Asked]) -> Asked:
    if len(queries) == 1:
        return queries[0]
    return {"bool": {"should": list(queries), "minimum_should_match": 1}}
