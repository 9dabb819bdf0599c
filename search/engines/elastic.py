"""The engine of a grown archive: Elasticsearch 8.19 or 9, any distribution, no plugin, no script.

The only module that imports elasticsearch. The alias names the index in use; while the next one
is being filled, the alias with `-next` names it, and what is written goes into both.
"""

import hashlib
import json
import time
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.dsl import Q, Search
from elasticsearch.dsl.query import Query as Asked
from elasticsearch.helpers import BulkIndexError, streaming_bulk

from search import spelling
from search.engine import (
    DEMOTION,
    MOST_VALUES,
    NOTHING,
    SCHEMA,
    Count,
    EngineDown,
    Facet,
    Filters,
    Hit,
    NotBuilt,
    Order,
    Page,
    Plan,
    RebuildRunning,
    Record,
    Results,
    Stamp,
    Suggestion,
    Term,
    Title,
    audience_digest,
    gist,
    place,
    plan,
)
from search.text import Query, analyse, fold, words

#: Papers and bytes of one bulk request.
_BATCH, _BATCH_BYTES = 500, 8_000_000
#: Papers read at a time when the whole index is compared.
_READ = 1_000
#: Seconds between two signs of life of a rebuild, and without one until it counts as dead.
_BEAT, _DEAD = 30.0, 600.0

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


@dataclass(frozen=True, slots=True)
class Connection:
    """How the nodes are reached: an API key, or a user with a password, or neither."""

    hosts: tuple[str, ...]
    api_key: str | None = None
    user: str | None = None
    password: str | None = None
    #: Path of the certificate that signed the nodes' own.
    ca_certs: str | None = None
    #: Seconds; shorter than a worker's lease, so that a late write cannot follow a newer one.
    timeout: float = 20.0
    retries: int = 2

    def client(self) -> Elasticsearch:
        options: dict[str, Any] = {}
        if self.api_key:
            options["api_key"] = self.api_key
        elif self.user:
            options["basic_auth"] = (self.user, self.password or "")
        if self.ca_certs:
            options["ca_certs"] = self.ca_certs
        return Elasticsearch(
            list(self.hosts),
            request_timeout=self.timeout,
            retry_on_timeout=True,
            max_retries=self.retries,
            **options,
        )


class Elastic:
    """One archive behind one alias."""

    def __init__(
        self,
        connection: Connection,
        *,
        alias: str = "archive",
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        """`settings` of a new index: shards, replicas, refresh interval."""
        self.client = connection.client()
        self.alias = alias
        self.next = f"{alias}-next"
        self.settings = {"number_of_shards": 1, "number_of_replicas": 1, **(settings or {})}

    # -- Asking --------------------------------------------------------------------------------

    def search(
        self,
        query: Query,
        *,
        tokens: Collection[str],
        excluded: Collection[str] = (),
        filters: Filters = Filters(),  # noqa: B008 - frozen
        page: Page = Page(),  # noqa: B008 - frozen
        order: Order = Order.RELEVANCE,
        facets: Collection[Facet] = (),
    ) -> Results:
        if not tokens or query.hopeless:
            self.ready()
            return NOTHING
        permitted = _permitted(tokens, excluded, filters)
        wanted = plan(query)
        if query.blank and order is Order.RELEVANCE:
            order = Order.NEWEST
        asked = _asking(wanted, permitted, relaxed=wanted.long)
        found = self._page(asked, page, order, facets)
        if wanted.is_too_few(found.total, page):
            loose = _asking(wanted, permitted, relaxed=True)
            more = self._page(loose, page, order, facets)
            if more.total > found.total:
                return Results(more.hits, more.total, True, more.facets)
        return Results(found.hits, found.total, wanted.long, found.facets)

    def count(
        self,
        query: Query,
        *,
        tokens: Collection[str],
        excluded: Collection[str] = (),
        filters: Filters = Filters(),  # noqa: B008 - frozen
    ) -> int:
        return self.search(query, tokens=tokens, excluded=excluded, filters=filters).total

    def suggest(
        self, typed: str, *, tokens: Collection[str], excluded: Collection[str] = (), limit: int = 8
    ) -> list[Suggestion]:
        wanted = [fold(word) for word in words(typed)]
        if not tokens or not wanted:
            self.ready()
            return []
        held = [_is(Term("tf", word, 0)) for word in dict.fromkeys(wanted[:-1])]
        held += [Q("prefix", tf=wanted[-1]), *_permitted(tokens, excluded, Filters())]
        return spelling.complete(
            typed, self._titles(Q("bool", filter=held), {"place": "desc"}), limit
        )

    def did_you_mean(
        self, query: Query, *, tokens: Collection[str], excluded: Collection[str] = ()
    ) -> Suggestion | None:
        if not tokens or not query.terms:
            self.ready()
            return None
        known = []
        for word in query.terms:
            ways = [_is(Term("tf", word, 1))]
            if len(word) >= spelling.CORRECTED:
                ways.append(Q("fuzzy", tf={"value": word, "fuzziness": 1, "transpositions": True}))
            known.append(Q("dis_max", queries=ways))
        asked = Q(
            "bool",
            filter=_permitted(tokens, excluded, Filters()),
            should=known,
            minimum_should_match=(len(known) + 1) // 2,
        )
        return spelling.restore(query, self._titles(asked, "_score", {"place": "desc"}))

    def similar(
        self, key: str, *, tokens: Collection[str], excluded: Collection[str] = (), limit: int = 10
    ) -> list[Hit]:
        if not tokens:
            self.ready()
            return []
        permitted = _permitted(tokens, excluded, Filters())
        itself = Q("term", key=key)
        one = self._search(Q("bool", filter=[itself, *permitted])).source(["gist"])[:1]
        found = self._run(one).hits
        pairs = str(getattr(found[0], "gist", "")).split() if len(found) else []
        if not pairs:
            return []
        asked = Q(
            "bool",
            filter=permitted,
            must_not=[itself],
            should=[_is(Term("fb", pair, 1)) for pair in pairs],
            minimum_should_match=max(1, min(2, len(pairs))),
        )
        return self._page(asked, Page(size=limit), Order.RELEVANCE, ()).hits

    def stamps(self) -> Iterator[Stamp]:
        with _down():
            opened = self.client.open_point_in_time(index=self.alias, keep_alive="2m")
            pit, after = opened["id"], None
            try:
                while True:
                    answer = self.client.search(
                        pit={"id": pit, "keep_alive": "2m"},
                        size=_READ,
                        sort=[{"_shard_doc": "asc"}],
                        source={"includes": ["version", "digest"]},
                        track_total_hits=False,
                        **({"search_after": after} if after else {}),
                    )
                    pit = answer["pit_id"]
                    hits = answer["hits"]["hits"]
                    for hit in hits:
                        yield Stamp(hit["_id"], hit["_source"]["version"], hit["_source"]["digest"])
                    if not hits:
                        return
                    after = hits[-1]["sort"]
            finally:
                with suppress(ApiError, TransportError):
                    self.client.close_point_in_time(id=pit)

    def ready(self) -> None:
        with _down():
            health = self.client.cluster.health()
            if health["status"] == "red":
                raise EngineDown("the cluster is red")
            named = self.client.indices.get_alias(name=self.alias)
        for name in named:
            if not name.endswith(f"-{mapping_hash()}"):
                raise NotBuilt(f"the index {name} is of another version")

    def _search(self, asked: Asked) -> Search:
        return Search(using=self.client, index=self.alias).query(asked)

    def _run(self, search: Search) -> Any:
        with _down():
            return search.execute()

    def _page(self, asked: Asked, page: Page, order: Order, facets: Collection[Facet]) -> Results:
        ranked = Q(
            "function_score",
            query=asked,
            functions=[{"filter": Q("term", in_force=False), "weight": DEMOTION}],
            score_mode="multiply",
            boost_mode="multiply",
        )
        by: dict[Order, list[Any]] = {
            Order.RELEVANCE: ["_score", {"place": "desc"}, {"key": "asc"}],
            Order.NEWEST: [{"place": "desc"}, {"key": "asc"}],
            Order.OLDEST: [{"place": "asc"}, {"key": "desc"}],
        }
        search = (
            self._search(ranked if order is Order.RELEVANCE else asked)
            .source(False)
            .sort(*by[order])
            .extra(track_total_hits=True)
            # The same numbers from every shard, and the same copy of it for every page.
            .params(search_type="dfs_query_then_fetch", preference=_digest(asked.to_dict()))
        )
        size = max(0, page.end - page.offset)
        search = search[page.offset : page.end] if size else search[0:0]
        for facet in facets:
            search.aggs.bucket(
                facet.value,
                "terms",
                field=facet.value,
                size=MOST_VALUES,
                shard_size=10_000,
                order=[{"_count": "desc"}, {"_key": "asc"}],
            )
        answer = self._run(search)
        hits = [Hit(hit.meta.id, float(hit.meta.score or 0)) for hit in answer]
        counts = {
            facet: [Count(one.key, one.doc_count) for one in answer.aggregations[facet].buckets]
            for facet in facets
        }
        return Results(hits, answer.hits.total.value, False, counts)

    def _titles(self, asked: Asked, *by: Any) -> list[Title]:
        search = self._search(asked).source(["title"]).sort(*by)[: spelling.TITLES]
        return [Title(hit.meta.id, hit.title) for hit in self._run(search)]

    # -- Writing -------------------------------------------------------------------------------

    def put(self, records: Iterable[Record]) -> dict[str, str]:
        return self._bulk(self._everywhere(_action(record) for record in records))

    def drop(self, versions: Mapping[str, int]) -> None:
        how = {"_op_type": "delete", "version_type": "external_gte"}
        self._bulk(
            self._everywhere(
                {**how, "_id": key, "version": version} for key, version in versions.items()
            )
        )

    def flush(self) -> None:
        with _down():
            self.client.indices.refresh(index=self.alias)

    def _everywhere(self, actions: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Each into the index in use, and into the next one where that is being filled.

        Asked once: a rebuild that begins later reads what the caller has read, or newer.
        """
        building = self._is_building()
        for action in actions:
            yield {**action, "_index": self.alias}
            if building:
                yield {**action, "_index": self.next}

    def _is_building(self) -> bool:
        with _down():
            return bool(self.client.indices.exists_alias(name=self.next))

    def _bulk(self, actions: Iterable[dict[str, Any]]) -> dict[str, str]:
        """Send; what is refused for good is returned, what may pass another time raises."""
        refused: dict[str, str] = {}
        with _down():
            for fine, item in streaming_bulk(
                self.client,
                actions,
                chunk_size=_BATCH,
                max_chunk_bytes=_BATCH_BYTES,
                raise_on_error=False,
                # An alias that is gone must not become an index of the same name.
                require_alias=True,
            ):
                result = next(iter(item.values()))
                status = result.get("status", 500)
                # 409: a newer one is there; 404 of a deletion: it is gone.
                if fine or status == 409 or (status == 404 and result.get("result")):
                    continue
                if status == 404 and self._is_next(result):
                    continue
                if status == 404:
                    raise NotBuilt(f"no index behind {self.alias}")
                if status == 429 or status >= 500:
                    raise EngineDown(str(result.get("error")))
                refused[result["_id"]] = json.dumps(result.get("error"), ensure_ascii=False)
        return refused

    def _is_next(self, result: Mapping[str, Any]) -> bool:
        """The next index became the current one between two lines: it was written there."""
        return str(result.get("_index", "")) == self.next

    # -- A new index beside the old one --------------------------------------------------------

    @contextmanager
    def rebuild(self) -> Iterator["_Building"]:
        name = (
            f"{self.alias}-{time.strftime('%Y%m%dt%H%M%S', time.gmtime())}-{uuid.uuid4().hex[:4]}"
        )
        name = f"{name}-{mapping_hash()}"
        with _down():
            self._clear_the_way()
            self.client.indices.create(
                index=name,
                mappings=MAPPING | {"_meta": {"beat": time.time()}},
                settings=self.settings,
                aliases={self.next: {"is_write_index": True}},
            )
        try:
            yield _Building(self, name)
            with _down():
                self.client.indices.refresh(index=name)
                self._switch(name)
        except BaseException:
            with suppress(ApiError, TransportError):
                self.client.indices.delete(index=name)
            raise

    def _clear_the_way(self) -> None:
        """Take away the next index of a rebuild that died; refuse while one is alive."""
        try:
            begun = self.client.indices.get_mapping(index=self.next)
        except NotFoundError:
            return
        for name, told in begun.body.items():
            beat = told["mappings"].get("_meta", {}).get("beat", 0)
            if time.time() - beat < _DEAD:
                raise RebuildRunning
            self.client.indices.delete(index=name)

    def _switch(self, name: str) -> None:
        try:
            old = list(self.client.indices.get_alias(name=self.alias).body)
        except NotFoundError:
            old = []
        self.client.indices.update_aliases(
            actions=[
                *({"remove": {"index": each, "alias": self.alias}} for each in old),
                {"add": {"index": name, "alias": self.alias, "is_write_index": True}},
                {"remove": {"index": name, "alias": self.next}},
            ]
        )
        for each in old:
            with suppress(ApiError, TransportError):
                self.client.indices.delete(index=each)


class _Building:
    def __init__(self, engine: Elastic, name: str) -> None:
        self._engine = engine
        self._name = name
        self._beat = time.time()

    def put(self, records: Iterable[Record]) -> dict[str, str]:
        return self._engine._bulk(self._actions(records))

    def _actions(self, records: Iterable[Record]) -> Iterator[dict[str, Any]]:
        for record in records:
            if time.time() - self._beat > _BEAT:
                self._beat = time.time()
                meta = {"beat": self._beat}
                self._engine.client.indices.put_mapping(index=self._name, meta=meta)
            yield {**_action(record), "_index": self._engine.next}


def _action(record: Record) -> dict[str, Any]:
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


def mapping_hash() -> str:
    """Eight letters that change with the mapping and with what is written into it."""
    return _digest([SCHEMA, MAPPING])[:8]


def _digest(value: Any) -> str:
    return hashlib.blake2b(
        json.dumps(value, sort_keys=True, default=str).encode(), digest_size=8
    ).hexdigest()


# -- Queries -----------------------------------------------------------------------------------


def _is(term: Term) -> Asked:
    if term.field == "num":
        number = Q("match", num={"query": term.value, "operator": "and"})
        return Q("constant_score", filter=number, boost=term.weight)
    # A match, not a term: what the analyser splits (other scripts) is split here as well.
    boost = {"boost": term.weight} if term.weight else {}
    return Q("match", **{term.field: {"query": term.value, "operator": "and", **boost}})


def _permitted(tokens: Collection[str], excluded: Collection[str], filters: Filters) -> list[Asked]:
    """What every question is held to, as filters: nothing of it counts in a score."""
    held = [Q("terms", audience=sorted(tokens))]
    held += [Q("terms", **{name: sorted(values)}) for name, values in filters.keywords.items()]
    if filters.since or filters.until:
        days = {"gte": filters.since, "lte": filters.until}
        held.append(Q("range", day={way: day.isoformat() for way, day in days.items() if day}))
    if excluded:
        held.append(Q("bool", must_not=[Q("terms", key=sorted(excluded))]))
    return held


def _asking(wanted: Plan, permitted: Sequence[Asked], *, relaxed: bool = False) -> Asked:
    needs = [
        _any_of([_all_of([_is(term) for term in way]) for way in need]) for need in wanted.needs
    ]
    numbers = [_is(term) for term in wanted.numbers]
    wishes = [_is(term) for term in wanted.wishes]
    if relaxed:
        enough = Q("bool", should=needs, minimum_should_match=wanted.least)
        needs, numbers = [_any_of([enough, *numbers])], []
    return Q(
        "bool",
        filter=list(permitted),
        must=needs,
        should=[*numbers, *wishes],
        # Said aloud: the conditions stand in `must`, wishes only raise.
        minimum_should_match=0,
    )


def _all_of(queries: Sequence[Asked]) -> Asked:
    return queries[0] if len(queries) == 1 else Q("bool", must=list(queries))


def _any_of(queries: Sequence[Asked]) -> Asked:
    if len(queries) == 1:
        return queries[0]
    return Q("bool", should=list(queries), minimum_should_match=1)


@contextmanager
def _down() -> Iterator[None]:
    """Say in one way that the engine is out of order, whatever went wrong in it."""
    try:
        yield
    except NotFoundError as error:
        raise NotBuilt(str(error)) from error
    except (ApiError, TransportError, BulkIndexError) as error:
        raise EngineDown(str(error)) from error
