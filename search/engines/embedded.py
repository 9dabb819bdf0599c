"""The engine that needs no server: tantivy in a folder, one writer at a time, any readers.

The folder holds one folder for each index (its name begins with the version of the schema), the
file `current` that names the one in use, and the locks. Readers look at `current` and at the
index's own list of segments before each question; a writer that dies leaves the last commit.
The folder must lie on a local disk: the locks are `flock`.
"""

import os
import shutil
import threading
import time
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import tantivy
from tantivy import Occur
from tantivy import Query as Q

from search import spelling
from search.engine import (
    NOTHING,
    SCHEMA,
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
    plan,
)
from search.engines import journal as journals
from search.engines.locking import locked
from search.engines.tantivy_queries import (
    all_of,
    asking,
    facets_of,
    hits_of,
    is_,
    permitted,
    titles_of,
)
from search.engines.tantivy_schema import SHAPE, SLICES, document, tombstone
from search.text import Query, fold, words

#: Seconds that a writer waits for another one.
PATIENCE = 20.0
#: Bytes of memory in which a writer gathers a segment: a batch of the worker, a whole rebuild.
_BATCH, _BULK = 32_000_000, 256_000_000


class Embedded:
    """One archive in one folder; one object serves all threads of a process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
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
            held = permitted(tokens, excluded, filters)
            wanted = plan(query)
            asked = asking(wanted, held, relaxed=wanted.long)
            if query.blank and order is Order.RELEVANCE:
                order = Order.NEWEST
            hits, total = hits_of(searcher, asked, page, order)
            relaxed = wanted.long
            if wanted.is_too_few(total, page):
                loose = asking(wanted, held, relaxed=True)
                more, sum_of_more = hits_of(searcher, loose, page, order)
                if sum_of_more > total:
                    asked, hits, total, relaxed = loose, more, sum_of_more, True
            return Results(hits, total, relaxed, facets_of(searcher, asked, facets))

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
            parts = [is_(Term("tf", word, 0)) for word in dict.fromkeys(wanted[:-1])]
            parts.append(Q.regex_query(SHAPE, "tf", f"{wanted[-1]}.*"))
            asked = all_of([*parts, *permitted(tokens, excluded, Filters())])
            found = searcher.search(
                asked, limit=spelling.TITLES, count=False, order_by_field="place"
            )
            titles = titles_of(searcher, found)
        return spelling.complete(typed, titles, limit)

    def did_you_mean(
        self, query: Query, *, tokens: Collection[str], excluded: Collection[str] = ()
    ) -> Suggestion | None:
        with self._asked() as searcher:
            if not tokens or not query.terms:
                return None
            known = []
            for word in query.terms:
                ways = [is_(Term("tf", word, 1))]
                if len(word) >= spelling.CORRECTED:
                    ways.append(Q.fuzzy_term_query(SHAPE, "tf", word, 1, True))
                known.append((Occur.Should, Q.disjunction_max_query(ways)))
            some = Q.boolean_query(known, (len(known) + 1) // 2)
            asked = all_of([some, *permitted(tokens, excluded, Filters())])
            found = searcher.search(asked, limit=spelling.TITLES, count=False)
            titles = titles_of(searcher, found)
        return spelling.restore(query, titles)

    def similar(
        self, key: str, *, tokens: Collection[str], excluded: Collection[str] = (), limit: int = 10
    ) -> list[Hit]:
        with self._asked() as searcher:
            if not tokens:
                return []
            held = permitted(tokens, excluded, Filters())
            itself = is_(Term("key", key, 0))
            found = searcher.search(all_of([itself, *held]), limit=1).hits
            if not found:
                return []
            pairs = bytes(searcher.doc(found[0][1]).get_first("gist") or b"").decode().split()
            if not pairs:
                return []
            like = [(Occur.Should, is_(Term("fb", pair, 1))) for pair in pairs]
            asked = Q.boolean_query(
                [
                    (Occur.Must, Q.boolean_query(like, max(1, min(2, len(pairs))))),
                    *((Occur.Must, one) for one in held),
                    (Occur.MustNot, itself),
                ]
            )
            return hits_of(searcher, asked, Page(size=limit), Order.RELEVANCE)[0]

    def stamps(self) -> Iterator[Stamp]:
        with self._asked() as searcher:
            most = max(1, searcher.num_docs)
            for number in range(SLICES):
                asked = is_(Term("slice", f"{number:02x}", 0))
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
        # Before the lock: it takes long, and what fails here is the paper's fault, not the engine's.
        made = [(record, document(record)) for record in records]
        with self._writing():
            name = self._current()
            self._apply(self.folder / name, made, gone)
            journal = self._journal()
            if journal:
                journals.note(journal, records, gone)

    def _apply(
        self,
        path: Path,
        made: Sequence[tuple[Record, tantivy.Document]],
        gone: Mapping[str, int],
    ) -> None:
        """Write what is not older than what is there, in one commit. Under the writer's lock."""
        index = self._index(path)
        before = self._versions(index, [record.key for record, _ in made] + list(gone))
        writer = index.writer(heap_size=_BATCH, num_threads=1)
        try:
            for record, content in made:
                if before.get(record.key, -1) <= record.version:
                    writer.delete_documents_by_term("key", record.key)
                    writer.add_document(content)
            for key, version in gone.items():
                if before.get(key, -1) <= version:
                    writer.delete_documents_by_term("key", key)
                    writer.add_document(tombstone(key, version))
            writer.commit()
        finally:
            # Gives the index's own lock back as well.
            writer.wait_merging_threads()

    def _versions(self, index: tantivy.Index, keys: Sequence[str]) -> dict[str, int]:
        index.reload()
        searcher = index.searcher()
        asked = Q.term_set_query(SHAPE, "key", keys)
        versions: dict[str, int] = {}
        for _, address in searcher.search(asked, limit=max(1, len(keys)), count=False).hits:
            stored = searcher.doc(address)
            versions[str(stored.get_first("key"))] = int(stored.get_first("version") or 0)
        return versions

    # -- A new index beside the old one --------------------------------------------------------

    @contextmanager
    def rebuild(self) -> Iterator["_Building"]:
        with _down():
            self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder / "rebuild.lock", patience=0.5) as held:
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
                building = _Building(writer)
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
        records, gone = journals.read(journal)
        if records or gone:
            with _down():
                self._apply(path, [(record, document(record)) for record in records], gone)

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
            with locked(self.folder / "rebuild.lock", patience=0) as free:
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
        return tantivy.Index(SHAPE, path=str(path))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with _down(), locked(self.folder / "writer.lock", patience=PATIENCE) as held:
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


class _Building:
    def __init__(self, writer: tantivy.IndexWriter) -> None:
        self._writer = writer

    def put(self, records: Iterable[Record]) -> dict[str, str]:
        made = [document(record) for record in records]
        with _down():
            for content in made:
                self._writer.add_document(content)
        return {}


@contextmanager
def _down() -> Iterator[None]:
    """Say in one way that the engine is out of order, whatever went wrong in it."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise EngineDown(str(error)) from error
