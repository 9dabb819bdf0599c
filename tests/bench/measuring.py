"""How a piece of work is measured: its statements, its time, the plan of its slowest one."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connection

RUNS = 20
#: Seconds: what takes long is not run so often.
PATIENCE = 30
Row = dict[str, Any]


@dataclass
class Watched:
    """The statements that ran inside a block: how many, how long, and the slowest."""

    count: int = 0
    seconds: float = 0.0
    slowest: tuple[float, str, Any] = (0.0, "", None)


@contextmanager
def watched() -> Iterator[Watched]:
    seen = Watched()

    def watch(execute: Callable[..., Any], query: str, params: Any, *rest: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(query, params, *rest)
        finally:
            took = time.perf_counter() - begun
            seen.count += 1
            seen.seconds += took
            if took > seen.slowest[0]:
                seen.slowest = (took, query, params)

    with connection.execute_wrapper(watch):
        yield seen


def timed(
    what: str,
    act: Callable[[], None],
    *,
    queries: int | None = None,
    ms: float | None = None,
    page: float | None = None,
) -> list[Row]:
    """Return one row: queries, time in the database and in all, medians of the runs.

    Targets: so many `queries`, `ms` of SQL, and milliseconds for the whole `page`.
    """
    act()
    seen, spans, busy = [], [], []
    began = time.perf_counter()
    while len(spans) < RUNS and time.perf_counter() - began < PATIENCE:
        begun, worked = time.perf_counter(), time.process_time()
        with watched() as each:
            act()
        spans.append(time.perf_counter() - begun)
        busy.append(time.process_time() - worked)
        seen.append(each)
    count, sql = seen[0].count, 1000 * median(each.seconds for each in seen)
    best = 1000 * min(each.seconds for each in seen)
    whole, cpu = 1000 * median(spans), 1000 * min(busy)
    took, statement, params = max((each.slowest for each in seen), key=lambda each: each[0])
    targets = [(count, queries, "queries"), (sql, ms, "ms of SQL"), (whole, page, "ms in all")]
    wanted = [(got, most, unit) for got, most, unit in targets if most is not None]
    met = all(got <= most for got, most, _unit in wanted) if wanted else None
    return [
        {
            "what": what,
            "figure": f"{count} queries, SQL {sql:.1f} ms (best {best:.1f}), page {whole:.0f} ms, "
            f"CPU {cpu:.0f} ms",
            "target": ", ".join(f"≤ {most:g} {unit}" for _got, most, unit in wanted),
            "met": met,
            "runs": len(spans),
            "slowest": {"ms": round(1000 * took, 1), "plan": _plan(statement, params)},
        }
    ]


def _plan(statement: str, params: Any) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", params)
        return [statement, *(line for (line,) in cursor.fetchall())]
