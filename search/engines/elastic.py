"""The engine of a grown archive: Elasticsearch 8.19 or 9, any distribution, no plugin, no script.

The only module that imports elasticsearch. The alias names the index in use; while the next one
is being filled, the alias with `-next` names it, and what is written goes into both.
"""

import json
import time
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.dsl import Q, Search
from elasticsearch.helpers import BulkIndexError, streaming_bulk

from search import spelling
from search.engine import (
    MOST_VALUES,
    NOTHING,
    Count,
    EngineDown,
    Facet,
    Filters,
    Hit,
    NotBuilt,
    Order,
    Page,
    RebuildRunning,
    Record,
    Results,
    Stamp,
    Suggestion,
    Term,
    Title,
    plan,
)
from search.engines.connection import Connection
from search.engines.elastic_queries import (
    MAPPING,
    SORTED,
    Asked,
    action,
    asking,
    demoted,
    digest,
    guessing,
    is_,
    like,
    mapping_hash,
    permitted,
)
from search.text import Query, fold, words

#: Papers and bytes of one bulk request.
_BATCH, _BATCH_BYTES = 500, 8_000_000
#: Papers read at a time when the whole index is compared.
_READ = 1_000
#: Seconds between two signs of life of a rebuild, and without one until it counts as dead.
_BEAT, _DEAD = 30.0, 600.0


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
        self.client = _client(connection)
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
        held = permitted(tokens, excluded, filters)
        wanted = plan(query)
        if query.blank and order is Order.RELEVANCE:
            order = Order.NEWEST
        asked = asking(wanted, held, relaxed=wanted.long)
        found = self._page(asked, page, order, facets)
        if wanted.is_too_few(found.total, page):
            loose = asking(wanted, held, relaxed=True)
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
        held = [is_(Term("tf", word, 0)) for word in dict.fromkeys(wanted[:-1])]
        held += [{"prefix": {"tf": wanted[-1]}}, *permitted(tokens, excluded, Filters())]
        return spelling.complete(
            typed, self._titles({"bool": {"filter": held}}, {"place": "desc"}), limit
        )

    def did_you_mean(
        self, query: Query, *, tokens: Collection[str], excluded: Collection[str] = ()
    ) -> Suggestion | None:
        if not tokens or not query.terms:
            self.ready()
            return None
        asked = guessing(query.terms, permitted(tokens, excluded, Filters()))
        return spelling.restore(query, self._titles(asked, "_score", {"place": "desc"}))

    def similar(
        self, key: str, *, tokens: Collection[str], excluded: Collection[str] = (), limit: int = 10
    ) -> list[Hit]:
        if not tokens:
            self.ready()
            return []
        held = permitted(tokens, excluded, Filters())
        itself = {"term": {"key": key}}
        one = self._search({"bool": {"filter": [itself, *held]}}).source(["gist"])[:1]
        found = self._run(one).hits
        pairs = str(getattr(found[0], "gist", "")).split() if len(found) else []
        if not pairs:
            return []
        asked = like(itself, pairs, held)
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
        return Search(using=self.client, index=self.alias).query(Q(asked))

    def _run(self, search: Search) -> Any:
        with _down():
            return search.execute()

    def _page(self, asked: Asked, page: Page, order: Order, facets: Collection[Facet]) -> Results:
        search = (
            self._search(demoted(asked) if order is Order.RELEVANCE else asked)
            .source(False)
            .sort(*SORTED[order])
            .extra(track_total_hits=True)
            # The same numbers from every shard, and the same copy of it for every page.
            .params(search_type="dfs_query_then_fetch", preference=digest(asked))
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
        return self._bulk(self._everywhere(action(record) for record in records))

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
        for each in actions:
            yield {**each, "_index": self.alias}
            if building:
                yield {**each, "_index": self.next}

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
            yield {**action(record), "_index": self._engine.next}


def _client(to: Connection) -> Elasticsearch:
    options: dict[str, Any] = {}
    if to.api_key:
        options["api_key"] = to.api_key
    elif to.user:
        options["basic_auth"] = (to.user, to.password or "")
    if to.ca_certs:
        options["ca_certs"] = to.ca_certs
    return Elasticsearch(
        list(to.hosts),
        request_timeout=to.timeout,
        retry_on_timeout=True,
        max_retries=to.retries,
        **options,
    )


@contextmanager
def _down() -> Iterator[None]:
    """Say in one way that the engine is out of order, whatever went wrong in it."""
    try:
        yield
    except NotFoundError as error:
        raise NotBuilt(str(error)) from error
    except (ApiError, TransportError, BulkIndexError) as error:
        raise EngineDown(str(error)) from error
