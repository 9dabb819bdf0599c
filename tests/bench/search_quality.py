"""`python -m tests.bench.search_quality`: how well and how fast the archive is searched.

SEARCH_DATA names the folder of judged questions (default: shared/data/search beside the project).
Prints nDCG@10, recall@10 and MRR@10 of the questions, as typed with accents, without, decomposed,
and with a slip in one syllable of five; of short queries and spellings of numbers; with times.
TEST_ELASTICSEARCH_URL names nodes to measure as well (`.ci/elasticsearch start` prints one).
"""

import argparse
import json
import lzma
import math
import os
import random
import statistics
import tempfile
import time
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import Any

from agencies.letters import fold as without_marks
from search.engine import Engine, Facet, Filters, Page, Record
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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("embedded", "elastic"))
    parser.add_argument("--most", type=int, default=None, help="questions of each kind")
    options = parser.parse_args()
    if not (DATA / "questions.jsonl").exists():
        print(f"no judged questions in {DATA}: set SEARCH_DATA")
        return 2
    with ExitStack() as kept:
        if options.only != "elastic":
            folder = Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="kg-search-")))
            _measure("embedded", lambda name: Embedded(folder / name), options.most, folder)
        if options.only != "embedded" and elasticsearch.hosts():
            made = kept.enter_context(elasticsearch.engines())
            _measure("elastic", made, options.most, None)
    return 0


def _measure(
    name: str, make: Callable[[str], Engine], most: int | None, folder: Path | None
) -> None:
    print(f"\n== {name}")
    articles = make("articles")
    _fill(articles, "articles", _articles(), folder and folder / "articles")
    questions = _judged("questions.jsonl", "relevant", "article")[:most]
    for said, change in CHANGES.items():
        _ask(articles, said, [(change(text), relevant) for text, relevant in questions])
    dispatches = make("dispatches")
    _fill(dispatches, "dispatches", _dispatches(), folder and folder / "dispatches")
    for kind in ("title", "body", "mixed", "number"):
        short = _judged("short_queries.jsonl", "rel", "dispatch", kind)[:most]
        _ask(dispatches, f"short: {kind}", short)
        if kind == "title":
            plain = [(without_marks(text), relevant) for text, relevant in short]
            _ask(dispatches, "short: title, no accents", plain)
    _speed(
        articles, [text for text, _ in _judged("short_queries.jsonl", "rel", "d", "title")][:most]
    )


def _fill(engine: Engine, name: str, records: Iterable[Record], folder: Path | None) -> None:
    begun, worked = time.perf_counter(), time.process_time()
    count = 0

    def counted() -> Iterator[Record]:
        nonlocal count
        for record in records:
            count += 1
            yield record

    with engine.rebuild() as building:
        building.put(counted())
    size = sum(path.stat().st_size for path in (folder or Path()).rglob("*") if path.is_file())
    print(
        f"{name}: {count:,} indexed in {time.perf_counter() - begun:.1f} s"
        f" (CPU here {time.process_time() - worked:.1f} s)"
        + (f", {size / 1e6:.0f} MB in the folder" if folder else "")
    )


def _ask(engine: Engine, said: str, judged: Judged) -> None:
    gains, recalls, firsts, times = [], [], [], []
    worked = time.process_time()
    for text, relevant in judged:
        begun = time.perf_counter()
        found = engine.search(read_query(text), tokens=EVERYBODY, page=Page(size=10))
        times.append(time.perf_counter() - begun)
        ranks = [at for at, hit in enumerate(found.hits, 1) if hit.key in relevant]
        ideal = sum(1 / math.log2(at + 1) for at in range(1, min(10, len(relevant)) + 1))
        gains.append(sum(1 / math.log2(at + 1) for at in ranks) / ideal)
        recalls.append(len(ranks) / min(10, len(relevant)))
        firsts.append(1 / ranks[0] if ranks else 0.0)
    cpu = (time.process_time() - worked) / len(judged) * 1000
    print(
        f"  {said:28} n={len(judged):<5} nDCG@10 {statistics.fmean(gains):.3f}"
        f"  R@10 {statistics.fmean(recalls):.3f}  MRR@10 {statistics.fmean(firsts):.3f}"
        f"  p50 {_part(times, 50):5.1f} ms  p95 {_part(times, 95):5.1f} ms  CPU {cpu:.1f} ms"
    )


def _speed(engine: Engine, typed: list[str]) -> None:
    cases: dict[str, dict[str, Any]] = {
        "short, 25 hits": {"tokens": EVERYBODY},
        "short, 5 % of the papers": {"tokens": FEW},
        "short, two facets": {"tokens": EVERYBODY, "facets": (Facet.YEAR, Facet.KIND)},
        "short, one year": {"tokens": EVERYBODY, "filters": Filters(year=("2016",))},
    }
    for said, how in cases.items():
        times = []
        worked = time.process_time()
        for text in typed:
            begun = time.perf_counter()
            engine.search(read_query(text), **how)
            times.append(time.perf_counter() - begun)
        cpu = (time.process_time() - worked) / len(typed) * 1000
        print(
            f"  {said:28} n={len(typed):<5} p50 {_part(times, 50):5.1f} ms"
            f"  p95 {_part(times, 95):5.1f} ms  CPU {cpu:.1f} ms"
        )


def _part(times: Collection[float], percent: int) -> float:
    return statistics.quantiles(times, n=100)[percent - 1] * 1000


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
            audience=frozenset(EVERYBODY + FEW if number % 20 == 0 else EVERYBODY),
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
