"""The engine that needs no server: tantivy in a folder, one writer at a time, any readers.

The folder holds one folder for each index (its name begins with the version of the schema), the
file `current` that names the one in use, and the locks. Readers look at `current` and at the
index's own list of segments before each question; a writer that dies leaves the last commit.
The folder must lie on a local disk: the locks are `flock`.
"""

import fcntl
import json
import os
import shutil
import threading
import time
import uuid
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import tantivy
from tantivy import FieldType, Occur
from tantivy import Query as Q

from search import spelling
from search.engine import (
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

#: Seconds that a writer waits for another one.
PATIENCE = 20.0
#: Bytes of memory in which a writer gathers a segment: a batch of the worker, a whole rebuild.
_BATCH, _BULK = 32_000_000, 256_000_000
#: The whole index is read in so many parts.
_SLICES = 256
#: `weight_by_field` multiplies with log2(2 + value): by 2 in force, by 1 (the demotion) else.
_IN_FORCE, _FACTOR = 2, 2.0
#: Scores are compared to so many digits: sums of the same numbers in another order are equal.
_DIGITS = 4
#: Hits fetched behind a page, to see whether equal scores go on there.
_SLACK = 20


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("f", "fb", "x", "tf", "tfb"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("num", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    for facet in Facet:
        builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("audience", "slice"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("day", indexed=True, fast=True)
    for name in ("place", "weight"):
        builder.add_unsigned_field(name, fast=True)
    builder.add_unsigned_field("version", stored=True)
    for name in ("title", "gist", "digest"):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


class Embedded:
    """One archive in one folder; one object serves all threads of a process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.schema = _schema()
        self._guard = threading.Lock()
        self._open: tuple[str, tantivy.Index] | None = None
        self._seen: tuple[int, int, int] | None = None

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
        with self._asked() as searcher:
            if not tokens or query.hopeless:
                return NOTHING
            permitted = self._permitted(tokens, excluded, filters)
            wanted = plan(query)
            asked = self._asking(wanted, permitted, relaxed=wanted.long)
            if query.blank and order is Order.RELEVANCE:
                order = Order.NEWEST
            hits, total = _hits(searcher, asked, page, order)
            relaxed = wanted.long
            if wanted.is_too_few(total, page):
                loose = self._asking(wanted, permitted, relaxed=True)
                more, sum_of_more = _hits(searcher, loose, page, order)
                if sum_of_more > total:
                    asked, hits, total, relaxed = loose, more, sum_of_more, True
            return Results(hits, total, relaxed, _facets(searcher, asked, facets))

    def count(
        self,
        query: Query,
        *,
        tokens: Collection[str],
        excluded: Collection[str] = (),
        filters: Filters = Filters(),  # noqa: B008 - frozen
    ) -> int:
        only = Page(size=Page().size)
        found = self.search(query, tokens=tokens, excluded=excluded, filters=filters, page=only)
        return found.total

    def suggest(
        self, typed: str, *, tokens: Collection[str], excluded: Collection[str] = (), limit: int = 8
    ) -> list[Suggestion]:
        wanted = [fold(word) for word in words(typed)]
        with self._asked() as searcher:
            if not tokens or not wanted:
                return []
            # Folded words hold letters and digits only, so none is syntax here.
            parts = [self._is(Term("tf", word, 0)) for word in dict.fromkeys(wanted[:-1])]
            parts.append(Q.regex_query(self.schema, "tf", f"{wanted[-1]}.*"))
            asked = _all_of([*parts, *self._permitted(tokens, excluded, Filters())])
            found = searcher.search(
                asked, limit=spelling.TITLES, count=False, order_by_field="place"
            )
            titles = _titles(searcher, found)
        return spelling.complete(typed, titles, limit)

    def did_you_mean(
        self, query: Query, *, tokens: Collection[str], excluded: Collection[str] = ()
    ) -> Suggestion | None:
        with self._asked() as searcher:
            if not tokens or not query.terms:
                return None
            known = []
            for word in query.terms:
                ways = [self._is(Term("tf", word, 1))]
                if len(word) >= spelling.CORRECTED:
                    ways.append(Q.fuzzy_term_query(self.schema, "tf", word, 1, True))
                known.append((Occur.Should, Q.disjunction_max_query(ways)))
            some = Q.boolean_query(known, (len(known) + 1) // 2)
            asked = _all_of([some, *self._permitted(tokens, excluded, Filters())])
            found = searcher.search(asked, limit=spelling.TITLES, count=False)
            titles = _titles(searcher, found)
        return spelling.restore(query, titles)

    def similar(
        self, key: str, *, tokens: Collection[str], excluded: Collection[str] = (), limit: int = 10
    ) -> list[Hit]:
        with self._asked() as searcher:
            if not tokens:
                return []
            permitted = self._permitted(tokens, excluded, Filters())
            itself = self._is(Term("key", key, 0))
            found = searcher.search(_all_of([itself, *permitted]), limit=1).hits
            if not found:
                return []
            pairs = bytes(searcher.doc(found[0][1]).get_first("gist") or b"").decode().split()
            if not pairs:
                return []
            like = [(Occur.Should, self._is(Term("fb", pair, 1))) for pair in pairs]
            asked = Q.boolean_query(
                [
                    (Occur.Must, Q.boolean_query(like, max(1, min(2, len(pairs))))),
                    *((Occur.Must, one) for one in permitted),
                    (Occur.MustNot, itself),
                ]
            )
            return _hits(searcher, asked, Page(size=limit), Order.RELEVANCE)[0]

    def stamps(self) -> Iterator[Stamp]:
        with self._asked() as searcher:
            most = max(1, searcher.num_docs)
            for number in range(_SLICES):
                asked = self._is(Term("slice", f"{number:02x}", 0))
                for _, address in searcher.search(asked, limit=most, count=False).hits:
                    stored = searcher.doc(address)
                    digest = bytes(stored.get_first("digest") or b"").decode()
                    yield Stamp(
                        str(stored.get_first("key")), int(stored.get_first("version") or 0), digest
                    )

    def ready(self) -> None:
        with self._asked():
            pass

    # -- Writing -------------------------------------------------------------------------------

    def put(self, records: Iterable[Record]) -> dict[str, str]:
        newest: dict[str, Record] = {}
        for record in records:
            before = newest.get(record.key)
            if before is None or before.version <= record.version:
                newest[record.key] = record
        if newest:
            self._write(list(newest.values()), {})
        return {}

    def drop(self, versions: Mapping[str, int]) -> None:
        if versions:
            self._write([], versions)

    def flush(self) -> None:
        """Every write is committed when it returns."""

    def _write(self, records: Sequence[Record], gone: Mapping[str, int]) -> None:
        with self._writing():
            name = self._current()
            self._apply(self.folder / name, records, gone)
            journal = self._journal()
            if journal:
                lines = [_line(record) for record in records]
                lines += [json.dumps({"gone": key, "version": gone[key]}) for key in gone]
                with journal.open("a", encoding="utf-8") as file:
                    file.write("".join(f"{line}\n" for line in lines))

    def _apply(self, path: Path, records: Sequence[Record], gone: Mapping[str, int]) -> None:
        """Write what is not older than what is there, in one commit. Under the writer's lock."""
        index = self._index(path)
        before = self._versions(index, [record.key for record in records] + list(gone))
        writer = index.writer(heap_size=_BATCH, num_threads=1)
        try:
            for record in records:
                if before.get(record.key, -1) <= record.version:
                    writer.delete_documents_by_term("key", record.key)
                    writer.add_document(self._document(record))
            for key, version in gone.items():
                if before.get(key, -1) <= version:
                    writer.delete_documents_by_term("key", key)
                    writer.add_document(_tombstone(key, version))
            writer.commit()
        finally:
            # Gives the index's own lock back as well.
            writer.wait_merging_threads()

    def _versions(self, index: tantivy.Index, keys: Sequence[str]) -> dict[str, int]:
        index.reload()
        searcher = index.searcher()
        asked = Q.term_set_query(self.schema, "key", keys)
        versions: dict[str, int] = {}
        for _, address in searcher.search(asked, limit=max(1, len(keys)), count=False).hits:
            stored = searcher.doc(address)
            versions[str(stored.get_first("key"))] = int(stored.get_first("version") or 0)
        return versions

    def _document(self, record: Record) -> tantivy.Document:
        done = analyse(
            title=record.title, body=record.body, names=record.names, numbers=record.numbers
        )
        values: dict[str, Any] = {
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
            "slice": f"{zlib.crc32(record.key.encode()) % _SLICES:02x}",
            "day": record.day.toordinal() if record.day else 0,
            "place": place(record.day, record.key),
            "weight": _IN_FORCE if record.in_force else 0,
            "title": record.title.encode(),
            "gist": " ".join(gist(done.tfb, done.fb)).encode(),
            "digest": audience_digest(record.audience).encode(),
        }
        return tantivy.Document.from_dict(values, self.schema)

    # -- A new index beside the old one --------------------------------------------------------

    @contextmanager
    def rebuild(self) -> Iterator["_Building"]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with _locked(self.folder / "rebuild.lock", patience=0.5) as held:
            if not held:
                raise RebuildRunning
            self._sweep()
            name = (
                f"{SCHEMA}-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{uuid.uuid4().hex[:6]}"
            )
            path = self.folder / name
            path.mkdir()
            journal = self.folder / f"{name}.journal"
            # From here on, whoever writes writes into the journal too.
            with self._writing():
                journal.touch()
            try:
                with _down():
                    writer = self._index(path).writer(heap_size=_BULK, num_threads=1)
                building = _Building(self, writer)
                try:
                    yield building
                    with _down():
                        writer.commit()
                finally:
                    writer.wait_merging_threads()
                with self._writing():
                    self._replay(path, journal)
                    self._point_at(name)
                    journal.unlink()
            except BaseException:
                journal.unlink(missing_ok=True)
                shutil.rmtree(path, ignore_errors=True)
                raise
            self._sweep()

    def _replay(self, path: Path, journal: Path) -> None:
        records: dict[str, Record] = {}
        gone: dict[str, int] = {}
        for line in journal.read_text(encoding="utf-8").splitlines():
            values = json.loads(line)
            key = values.get("gone") or values["key"]
            version = values["version"]
            newer = max(records[key].version if key in records else -1, gone.get(key, -1))
            if version < newer:
                continue
            records.pop(key, None)
            gone.pop(key, None)
            if "gone" in values:
                gone[key] = version
            else:
                records[key] = _record(values)
        if records or gone:
            with _down():
                self._apply(path, list(records.values()), gone)

    def _point_at(self, name: str) -> None:
        """Switch, in one step that a power cut leaves done or undone."""
        beside = self.folder / f"current.{uuid.uuid4().hex[:6]}"
        with beside.open("w") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.folder / "current")
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _sweep(self) -> None:
        """Take away what is not in use. Readers keep the files that they have open."""
        try:
            current = (self.folder / "current").read_text().strip()
        except FileNotFoundError:
            current = ""
        for path in self.folder.iterdir():
            if path.is_dir() and path.name != current:
                shutil.rmtree(path, ignore_errors=True)
            elif path.suffix == ".journal":
                path.unlink(missing_ok=True)

    def _journal(self) -> Path | None:
        """The journal of a rebuild that is alive; one whose process died is nobody's."""
        for journal in self.folder.glob("*.journal"):
            with _locked(self.folder / "rebuild.lock", patience=0) as free:
                return None if free else journal
        return None

    # -- The folder ----------------------------------------------------------------------------

    def _current(self) -> str:
        try:
            name = (self.folder / "current").read_text().strip()
        except OSError as error:
            raise NotBuilt(f"no index in {self.folder}") from error
        if not name.startswith(f"{SCHEMA}-"):
            raise NotBuilt(f"the index {name} is of another version")
        return name

    def _index(self, path: Path) -> tantivy.Index:
        return tantivy.Index(self.schema, path=str(path))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with _down(), _locked(self.folder / "writer.lock", patience=PATIENCE) as held:
            if not held:
                raise EngineDown(f"another writer held the index for {PATIENCE:.0f} s")
            yield

    @contextmanager
    def _asked(self) -> Iterator[tantivy.Searcher]:
        with _down():
            yield self._searcher()

    def _searcher(self) -> tantivy.Searcher:
        """The latest commit of the index in use."""
        with self._guard:
            for again in (True, False):
                name = self._current()
                try:
                    return self._latest(name)
                except (OSError, ValueError):
                    # The index was switched and swept between the two lines above.
                    self._open = None
                    if not again:
                        raise
        raise AssertionError

    def _latest(self, name: str) -> tantivy.Searcher:
        path = self.folder / name
        listed = (path / "meta.json").stat()
        seen = (listed.st_mtime_ns, listed.st_ino, listed.st_size)
        if self._open is None or self._open[0] != name:
            self._open = (name, self._index(path))
        elif seen != self._seen:
            self._open[1].reload()
        self._seen = seen
        return self._open[1].searcher()

    # -- Queries -------------------------------------------------------------------------------

    def _is(self, term: Term) -> Q:
        asked = Q.term_query(self.schema, term.field, term.value, "freq")
        if term.weight == 1:
            return asked
        if term.field == "num" or not term.weight:
            return Q.const_score_query(asked, term.weight)
        return Q.boost_query(asked, term.weight)

    def _permitted(
        self, tokens: Collection[str], excluded: Collection[str], filters: Filters
    ) -> list[Q]:
        """What every question is held to; it adds nothing to a score."""
        held = [Q.term_set_query(self.schema, "audience", sorted(tokens))]
        held += [
            Q.term_set_query(self.schema, name, sorted(values))
            for name, values in filters.keywords.items()
        ]
        if filters.since or filters.until:
            first = filters.since.toordinal() if filters.since else 1
            last = (filters.until or date.max).toordinal()
            held.append(Q.range_query(self.schema, "day", FieldType.Unsigned, max(1, first), last))
        if excluded:
            those = Q.term_set_query(self.schema, "key", sorted(excluded))
            held.append(Q.boolean_query([(Occur.Must, Q.all_query()), (Occur.MustNot, those)]))
        return [Q.const_score_query(one, 0.0) for one in held]

    def _asking(self, wanted: Plan, permitted: Sequence[Q], *, relaxed: bool = False) -> Q:
        parts = [(Occur.Must, one) for one in permitted]
        needs = [
            _any_of([_all_of([self._is(term) for term in way]) for way in need])
            for need in wanted.needs
        ]
        numbers = [self._is(term) for term in wanted.numbers]
        if relaxed:
            enough = Q.boolean_query([(Occur.Should, need) for need in needs], wanted.least)
            parts.append((Occur.Must, _any_of([enough, *numbers])))
        else:
            parts += [(Occur.Must, need) for need in needs]
            parts += [(Occur.Should, number) for number in numbers]
        parts += [(Occur.Should, self._is(term)) for term in wanted.wishes]
        return Q.boolean_query(parts)


class _Building:
    def __init__(self, engine: Embedded, writer: tantivy.IndexWriter) -> None:
        self._engine = engine
        self._writer = writer

    def put(self, records: Iterable[Record]) -> dict[str, str]:
        with _down():
            for record in records:
                self._writer.add_document(self._engine._document(record))
        return {}


def _all_of(queries: Sequence[Q]) -> Q:
    return queries[0] if len(queries) == 1 else Q.boolean_query([(Occur.Must, q) for q in queries])


def _any_of(queries: Sequence[Q]) -> Q:
    if len(queries) == 1:
        return queries[0]
    return Q.boolean_query([(Occur.Should, query) for query in queries], 1)


def _hits(searcher: tantivy.Searcher, asked: Q, page: Page, order: Order) -> tuple[list[Hit], int]:
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
    return round(float(found[0]) / _FACTOR, _DIGITS)


def _key(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> str:
    return str(searcher.doc(address).get_first("key"))


def _facets(
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


def _titles(searcher: tantivy.Searcher, found: tantivy.SearchResult) -> list[Title]:
    stored = (searcher.doc(address) for _, address in found.hits)
    return [
        Title(str(one.get_first("key")), bytes(one.get_first("title") or b"").decode())
        for one in stored
    ]


def _tombstone(key: str, version: int) -> tantivy.Document:
    """What stays of a dropped paper: nobody's, and only so that nothing older comes back."""
    return tantivy.Document.from_dict({"key": key, "version": version}, _schema())


def _line(record: Record) -> str:
    values = asdict(record) | {
        "audience": sorted(record.audience),
        "day": record.day.isoformat() if record.day else None,
    }
    return json.dumps(values, ensure_ascii=True)


def _record(values: dict[str, Any]) -> Record:
    day = values["day"]
    return Record(
        **values
        | {
            "audience": frozenset(values["audience"]),
            "numbers": tuple(values["numbers"]),
            "issuers": tuple(values["issuers"]),
            "day": date.fromisoformat(day) if day else None,
        }
    )


@contextmanager
def _down() -> Iterator[None]:
    """Say in one way that the engine is out of order, whatever went wrong in it."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise EngineDown(str(error)) from error


@contextmanager
def _locked(path: Path, *, patience: float) -> Iterator[bool]:
    """Hold a lock between processes; False when it was not to be had in so many seconds."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
    try:
        until = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    yield False
                    return
                time.sleep(0.02)
            else:
                break
        yield True
    finally:
        os.close(descriptor)
