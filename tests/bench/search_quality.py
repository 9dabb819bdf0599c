"""`python -m tests.bench.search_quality`: how well and how fast the archive is searched.

SEARCH_DATA names the folder of judged questions (default: shared/data/search beside the project).
Prints nDCG@10, recall@10 and MRR@10 of the questions, as typed with accents, without, decomposed,
and with a slip in one syllable of five; of short queries and spellings of numbers; with times.
Then the same speeds over a synthetic archive. TEST_ELASTICSEARCH_URL names nodes to measure
beside the embedded engine (`.ci/elasticsearch start` prints one).
"""

import argparse
import json
import lzma
import math
import os
import random
import statistics
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from agencies.letters import fold as without_marks
from search.engine import Engine, Facet, Filters, Page, Record
from search.engines.elastic import Elastic
from search.engines.embedded import Embedded
from search.text import read_query
from tests.search import elasticsearch

DATA = Path(
    os.environ.get("SEARCH_DATA") or Path(__file__).parents[2].parent / "shared" / "data" / "search"
)
EVERYBODY = ("all:1",)
#: One reader in twenty papers.
FEW = ("few:1",)
Judged = list[tuple[str, set[str]]]


#: One reader in two papers of the synthetic archive.
HALF = ("half:1",)
#: Records that a new index is given at once, as by `search rebuild`.
_PARCEL = 100
#: What one engine answered: by row of the table; the keys of the first hits.
Figures = dict[str, str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("embedded", "elastic"))
    parser.add_argument("--most", type=int, default=None, help="questions of each kind")
    parser.add_argument("--synthetic", type=int, default=1_000_000, help="papers; 0: none")
    options = parser.parse_args()
    if not (DATA / "questions.jsonl").exists():
        print(f"no judged questions in {DATA}: set SEARCH_DATA")
        return 2
    columns: dict[str, Figures] = {}
    firsts: dict[str, list[str]] = {}
    with ExitStack() as kept:
        if options.only != "elastic":
            folder = Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="kg-search-")))
            bench = _Bench("embedded", lambda name: Embedded(folder / name), folder)
            columns["embedded"], firsts["embedded"] = bench.run(options.most, options.synthetic)
        if options.only != "embedded" and not elasticsearch.hosts():
            print("LEFT OUT: elastic, TEST_ELASTICSEARCH_URL names no node")
        elif options.only != "embedded":
            bench = _Bench("elastic", kept.enter_context(elasticsearch.engines()), None)
            columns["elastic"], firsts["elastic"] = bench.run(options.most, options.synthetic)
    _print(columns)
    if len(firsts) == 2:
        pairs = list(zip(*firsts.values(), strict=True))
        same = sum(one == other for one, other in pairs) / len(pairs)
        print(f"the same first hit on both engines: {same:.1%} of {len(pairs)} (target 99 %)")
    print(f"{os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f}")
    return 0


def _print(columns: dict[str, Figures]) -> None:
    """Print one line a row, the engines side by side."""
    rows = list(dict.fromkeys(row for figures in columns.values() for row in figures))
    width = max(map(len, rows))
    cells = {name: max(map(len, [name, *figures.values()])) for name, figures in columns.items()}
    head = "  ".join(name.ljust(cells[name]) for name in columns)
    print(f"\n{'':{width}}  {head}".rstrip())
    for row in rows:
        line = "  ".join(columns[name].get(row, "").ljust(cells[name]) for name in columns)
        print(f"{row:{width}}  {line}".rstrip())


class _Bench:
    """One engine under all measures; its figures are kept by row."""

    def __init__(self, name: str, make: Callable[[str], Engine], folder: Path | None) -> None:
        self.name, self.make, self.folder = name, make, folder
        self.figures: Figures = {}
        self.firsts: list[str] = []

    def run(self, most: int | None, synthetic: int) -> tuple[Figures, list[str]]:
        articles = self._filled("articles", _articles())
        questions = _judged("questions.jsonl", "relevant", "article")[:most]
        for said, change in CHANGES.items():
            changed = [(change(text), relevant) for text, relevant in questions]
            hits = self._ask(articles, f"questions: {said}", changed)
            self.firsts = self.firsts or hits
        dispatches = self._filled("dispatches", _dispatches())
        for kind in ("title", "body", "mixed", "number"):
            short = _judged("short_queries.jsonl", "rel", "dispatch", kind)[:most]
            self.firsts += self._ask(dispatches, f"short: {kind}", short)
            if kind == "title":
                plain = [(without_marks(text), relevant) for text, relevant in short]
                self._ask(dispatches, "short: title, no accents", plain)
        typed = [text for text, _ in _judged("short_queries.jsonl", "rel", "d", "title")][:most]
        self._speed(articles, "articles", typed)
        if synthetic:
            much = self._filled("synthetic", _synthetic(synthetic))
            self._speed(much, "synthetic", _synthetic_questions())
        self.figures["memory"] = self._memory()
        return self.figures, self.firsts

    def _filled(self, name: str, records: Iterable[Record]) -> Engine:
        engine = self.make(name)
        print(f"… {self.name}: {name}", file=sys.stderr, flush=True)
        begun, worked = time.perf_counter(), time.process_time()
        count, rest = 0, iter(records)
        with engine.rebuild() as building:
            while parcel := list(islice(rest, _PARCEL)):
                building.put(parcel)
                count += len(parcel)
        took, cpu = time.perf_counter() - begun, time.process_time() - worked
        size = self._size(engine, name) / 1e6
        self.figures[f"{name}: {count:,} indexed"] = (
            f"{took:.0f} s, CPU here {cpu:.0f} s, {size:,.0f} MB"
        )
        return engine

    def _size(self, engine: Engine, name: str) -> int:
        """Bytes on disk."""
        if self.folder:
            files = (self.folder / name).rglob("*")
            return sum(path.stat().st_size for path in files if path.is_file())
        assert isinstance(engine, Elastic)
        told = engine.client.indices.stats(index=engine.alias, metric="store")
        return int(told["_all"]["primaries"]["store"]["size_in_bytes"])

    def _memory(self) -> str:
        """Of this process, which holds the embedded engine; of the node, where there is one."""
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        said = f"{pages * os.sysconf('SC_PAGE_SIZE') / 1e6:,.0f} MB here"
        engine = self.make("articles")
        if not isinstance(engine, Elastic):
            return said
        nodes = engine.client.nodes.stats(metric="jvm")["nodes"].values()
        heap = sum(node["jvm"]["mem"]["heap_used_in_bytes"] for node in nodes)
        return f"{said}, {heap / 1e6:,.0f} MB of the node's heap"

    def _ask(self, engine: Engine, said: str, judged: Judged) -> list[str]:
        """Measure quality and time; return the key of each first hit, "" where there is none."""
        gains, recalls, ranks_of_first, times, best = [], [], [], [], []
        worked = time.process_time()
        for text, relevant in judged:
            begun = time.perf_counter()
            found = engine.search(read_query(text), tokens=EVERYBODY, page=Page(size=10))
            times.append(time.perf_counter() - begun)
            ranks = [at for at, hit in enumerate(found.hits, 1) if hit.key in relevant]
            ideal = sum(1 / math.log2(at + 1) for at in range(1, min(10, len(relevant)) + 1))
            gains.append(sum(1 / math.log2(at + 1) for at in ranks) / ideal)
            recalls.append(len(ranks) / min(10, len(relevant)))
            ranks_of_first.append(1 / ranks[0] if ranks else 0.0)
            best.append(found.hits[0].key if found.hits else "")
        cpu = (time.process_time() - worked) / len(judged) * 1000
        self.figures[f"{said} (n={len(judged)})"] = (
            f"nDCG@10 {statistics.fmean(gains):.3f} R@10 {statistics.fmean(recalls):.3f}"
            f" MRR@10 {statistics.fmean(ranks_of_first):.3f}, {_times(times)}, CPU {cpu:.1f} ms"
        )
        return best

    def _speed(self, engine: Engine, name: str, typed: list[str]) -> None:
        two = (Facet.YEAR, Facet.KIND)
        cases: dict[str, dict[str, Any]] = {
            "all papers": {"tokens": EVERYBODY},
            "half of the papers": {"tokens": HALF},
            "5 % of the papers": {"tokens": FEW},
            "two facets": {"tokens": EVERYBODY, "facets": two},
            "two facets, 5 %": {"tokens": FEW, "facets": two},
            "all facets": {"tokens": EVERYBODY, "facets": tuple(Facet)},
            "one year": {"tokens": EVERYBODY, "filters": Filters(year=("2016",))},
        }
        for said, how in cases.items():
            #: Elapsed and worked, by whether near answers were looked for too.
            times: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
            for text in typed:
                begun, used = time.perf_counter(), time.process_time()
                found = engine.search(read_query(text), **how)
                spent = time.perf_counter() - begun, time.process_time() - used
                times[found.relaxed].append(spent)
            for near, spent_on in times.items():
                if len(spent_on) < 2:
                    continue
                elapsed, worked = zip(*spent_on, strict=True)
                words = "near answers too" if near else "every word"
                row = f"{name}, short, {said}, {words} (n={len(spent_on)})"
                self.figures[row] = f"{_times(elapsed)}, CPU {_times(worked)}"


def _times(times: Collection[float]) -> str:
    parts = statistics.quantiles(times, n=100)
    return f"p50 {1000 * parts[49]:.1f} p95 {1000 * parts[94]:.1f} ms"


# -- What is asked and where -------------------------------------------------------------------


def _articles() -> Iterator[Record]:
    for number, each in enumerate(_lines(DATA / "articles.jsonl.xz")):
        yield Record(
            key=f"article:{each['id']}",
            version=1,
            kind=each["src"],
            title=each["title"],
            body=each["body"],
            day=date(2000 + number % 26, 1 + number % 12, 1 + number % 28),
            audience=frozenset(
                EVERYBODY + (HALF if number % 2 else ()) + (FEW if number % 20 == 0 else ())
            ),
        )


def _dispatches() -> Iterator[Record]:
    for each in _lines(DATA / "dispatches.jsonl.xz"):
        try:
            day = datetime.strptime(each["date"], "%d/%m/%Y").date()  # noqa: DTZ007
        except (TypeError, ValueError):
            day = None
        yield Record(
            key=f"dispatch:{each['id']}",
            version=1,
            kind="dispatch",
            title=each["title"],
            body=each["body"],
            names=f"{each['kind']} {each['issuer']}",
            numbers=(each["number"], each["dispatch"]),
            issuers=(each["issuer"],),
            day=day,
            audience=frozenset(EVERYBODY),
        )


#: Syllables of the synthetic archive, the more frequent the further in front.
_SYLLABLES = [
    f"{first}{middle}{last}"
    for first in ("", "b", "c", "ch", "d", "đ", "g", "gi", "h", "kh", "l", "m", "n", "ng", "nh",
                  "ph", "qu", "r", "s", "t", "th", "tr", "v", "x")
    for middle in ("a", "á", "ă", "ậ", "e", "ế", "i", "o", "ộ", "ơ", "u", "ự", "ia", "iê", "ươ")
    for last in ("", "c", "m", "n", "ng", "t")
]  # fmt: skip


def _said(chance: random.Random, many: int) -> str:
    most = len(_SYLLABLES) - 1
    return " ".join(_SYLLABLES[int(most * chance.random() ** 3)] for _ in range(many))


def _synthetic(papers: int) -> Iterator[Record]:
    chance = random.Random(1)
    for number in range(papers):
        held = {"all:1"} | ({"half:1"} if number % 2 else set())
        held |= {"few:1"} if number % 20 == 0 else set()
        yield Record(
            key=f"dispatch:{number}",
            version=1,
            kind=f"kind {number % 5}",
            title=_said(chance, 12),
            body=_said(chance, 60),
            numbers=(f"{number % 5000}/UBND-NC",),
            type=f"type {number % 20}",
            issuers=(f"agency:{number % 300}",),
            field=f"field {number % 10}",
            state=f"state {number % 3}",
            day=date(2005 + number % 20, 1 + number % 12, 1 + number % 28),
            audience=frozenset(held),
        )


def _synthetic_questions() -> list[str]:
    chance = random.Random(2)
    return [_said(chance, chance.randint(2, 4)) for _ in range(300)]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open() as file:
        for line in file:
            yield json.loads(line)


def _judged(file: str, relevant: str, prefix: str, kind: str | None = None) -> Judged:
    return [
        (each["text"], {f"{prefix}:{number}" for number in each[relevant]})
        for each in _lines(DATA / file)
        if kind is None or each["kind"] == kind
    ]


def _slip(text: str) -> str:
    """One letter wrong, missing, doubled or exchanged in every fifth syllable."""
    chance = random.Random(text)
    said = text.split()
    for at in range(chance.randrange(5), len(said), 5):
        word = said[at]
        if len(word) < 2:
            continue
        here = chance.randrange(len(word) - 1)
        said[at] = chance.choice(
            [
                word[:here] + word[here + 1 :],
                word[:here] + word[here] + word[here:],
                word[:here] + word[here + 1] + word[here] + word[here + 2 :],
                word[:here] + chance.choice("nghtcmaio") + word[here + 1 :],
            ]
        )
    return " ".join(said)


CHANGES: dict[str, Callable[[str], str]] = {
    "with accents": str,
    "without accents": without_marks,
    "decomposed (NFD)": lambda text: unicodedata.normalize("NFD", text),
    "a slip in one of five": _slip,
}


if __name__ == "__main__":
    raise SystemExit(main())
