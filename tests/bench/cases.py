"""`python -m tests.bench.cases CASE`: measure one case on DATABASE_URL; JSON rows on stdout."""

import json
import resource
import sys
import tempfile
import time
from functools import cache
from statistics import median
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from agencies import clock
from agencies.models import User
from documents import access, lifecycle
from documents.archive_offices import heavy_reader
from documents.choices import ReceiptKind
from documents.models import Circulation, Receipt
from ledger.models import LedgerEntry
from search.models import IndexState
from tests.bench import http_load, sessions
from tests.bench.measuring import timed, watched
from tests.bench.seminars import measure
from tests.documents.world import World, at
from tests.races import province

RECIPIENTS = 5000
ACKNOWLEDGEMENTS = 2000
CONNECTIONS = 64
Row = dict[str, Any]


@cache
def world() -> World:
    return World()


@cache
def agencies() -> list[int]:
    return province.crowd(RECIPIENTS, years=(2016, clock.today().year))


def inbox() -> list[Row]:
    """The first pages of the clerk whose agency receives one dispatch in three."""
    reader = User.objects.get(username=heavy_reader(1))
    client = Client()
    client.force_login(reader, backend=sessions.BACKEND)
    held = Circulation.objects.filter(agency__in=reader.posts.values("agency")).count()
    rows = [{"what": "heavy reader: circulations held", "figure": f"{held:,}", "target": ""}]
    rows += timed("heavy reader: list of 25 with names", lambda: _listed(reader), queries=8, ms=10)
    pages = {
        "incoming, first page": reverse("documents:incoming"),
        "incoming, page 200": reverse("documents:incoming") + "?page=200",
        "incoming, to receive": reverse("documents:incoming") + "?state=receive",
        "desk": reverse("home"),
    }
    for name, url in pages.items():
        target = {"queries": 8, "ms": 10} if name == "incoming, first page" else {}
        rows += timed(f"heavy reader: {name}", lambda url=url: _got(client, url), **target)
    return rows


def search() -> list[Row]:
    """The search page of the same clerk over the whole archive, its index built anew."""
    folder = tempfile.TemporaryDirectory(prefix="kg-bench-search-")
    settings.SEARCH_DIR = folder.name
    begun = time.perf_counter()
    call_command("search", "rebuild", stdout=sys.stderr)
    took = time.perf_counter() - begun
    papers = IndexState.objects.count()
    rows = [{"what": f"search: {papers:,} papers indexed", "figure": f"{took:.0f} s", "target": ""}]
    client = Client()
    reader = User.objects.get(username=heavy_reader(1))
    client.force_login(reader, backend=sessions.BACKEND)
    asked = {
        "two words": "q=chuyển đổi",
        "two words, one year, newest first": "q=chuyển đổi&year=2020&order=newest",
        "five words without accents": "q=trien khai chuyen doi so",
        "a number": "q=1502",
        "everything": "kind=directive",
    }
    for name, query in asked.items():
        url = f"{reverse('search')}?{query}"
        rows += timed(
            f"heavy reader: search, {name}", lambda url=url: _got(client, url), queries=8, page=150
        )
    folder.cleanup()
    return rows


def _listed(reader: User) -> None:
    found = access.circulations_read_by(reader, at=clock.now()).select_related(
        "agency", "dispatch__type", "dispatch__issuing_agency"
    )
    list(found.order_by("-sent_at", "-pk")[:25])


def _got(client: Client, url: str) -> None:
    response = client.get(url)
    if response.status_code != 200:
        raise RuntimeError(f"{url}: {response.status_code}")


def circulate() -> list[Row]:
    """Issue a paper to five thousand agencies, in one transaction with one ledger entry."""
    spans, busy = [], []
    for _ in range(3):
        paper = world().numbered(lines=province.line_to(agencies()))
        before = LedgerEntry.objects.filter(type="dispatch.circulated").count()
        begun, worked = time.perf_counter(), time.process_time()
        with watched() as seen:
            lifecycle.issue(dispatch=paper, by=world().clerk, at=at(2))
        spans.append(time.perf_counter() - begun)
        busy.append(time.process_time() - worked)
        sent = Circulation.objects.filter(dispatch=paper).count()
        entries = LedgerEntry.objects.filter(type="dispatch.circulated").count() - before
    whole = sent == RECIPIENTS and entries == 1
    took = median(spans)
    return [
        {
            "what": f"issue to {RECIPIENTS:,} agencies: {sent:,} rows, {entries} ledger entry",
            "figure": f"{took:.2f} s ({seen.count} queries, SQL {seen.seconds:.2f} s, "
            f"CPU {min(busy):.2f} s)",
            "target": "≤ 1.0 s, one entry",
            "met": whole and took <= 1.0,
            "wrong": not whole,
        }
    ]


def acknowledge() -> list[Row]:
    """Acknowledge over HTTP, each clerk his own paper: received and acknowledged in one act."""
    everybody = agencies()
    paper = world().issued(lines=province.line_to(everybody[:ACKNOWLEDGEMENTS]))
    sent = Circulation.objects.filter(dispatch=paper).order_by("pk")
    version = paper.current_version
    posts = [
        (
            reverse("documents:acknowledge", args=[row.pk]),
            {"version": version.no, "digest": version.digest},
            sessions.sign_in(row.agency_id),
        )
        for row in sent
    ]
    with http_load.served() as port:
        load = http_load.post_all(port, posts, connections=CONNECTIONS)
    # The server has ended, so what it used is known; its start is within.
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    each_ms = 1000 * (used.ru_utime + used.ru_stime) / len(posts)
    given = Receipt.objects.filter(circulation__dispatch=paper, kind=ReceiptKind.ACKNOWLEDGED)
    stored = set(given.values_list("code", flat=True))
    lost = len(load.codes - stored)
    wrong = lost > 0 or len(stored) != len(posts)
    what = f"{len(posts):,} acknowledgements over HTTP, {CONNECTIONS} connections"
    return [
        {
            "what": f"{what}: a second",
            "figure": f"{len(load.codes) / load.seconds:.0f} (web CPU {each_ms:.0f} ms each)",
            "target": "≥ 150",
            "met": len(load.codes) / load.seconds >= 150,
        },
        {
            "what": f"{what}: p95",
            "figure": f"{load.p95:.2f} s (median {load.median:.2f} s)",
            "target": "≤ 1 s",
            "met": load.p95 <= 1,
        },
        {
            "what": f"{what}: confirmed and lost",
            "figure": f"{len(load.codes):,} confirmed, {lost} lost, other answers {load.others}",
            "target": "all, 0 lost",
            "met": not wrong,
            "wrong": wrong,
        },
    ]


def seminars() -> list[Row]:
    """A province of seminars: best times, feeds, findings, clashes."""
    return measure(world(), agencies())


CASES = {each.__name__: each for each in (inbox, search, seminars, circulate, acknowledge)}

if __name__ == "__main__":
    for name in sys.argv[1:]:
        found = [{"met": None} | row for row in CASES[name]()]
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
        sys.stdout.flush()
