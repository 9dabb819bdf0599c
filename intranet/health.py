"""Is it alive, is it ready: for a load balancer and for the one on duty."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from agencies import clock
from documents.models import WorkerBeat
from documents.storage import attachments
from ledger import append_only
from ledger.models import LedgerEntry, LedgerHead

#: A worker that gave no sign for so long is taken for dead.
WORKER_SILENCE = timedelta(seconds=60)


@login_not_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when people can work; else 503. Says which part, and nothing about any paper."""
    answers = {name: _holds(check) for name, check in CHECKS.items()}
    return JsonResponse(answers, status=200 if all(answers.values()) else 503)


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # noqa: BLE001 - whatever is wrong, the part is not ready
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _storage() -> bool:
    """The folder of the attachments can be written."""
    folder = Path(attachments().location)
    folder.mkdir(parents=True, exist_ok=True)
    return os.access(folder, os.W_OK)


def _ledger() -> bool:
    """The head names the last entry, and nothing can rewrite the past."""
    head = LedgerHead.objects.get()
    last = LedgerEntry.objects.order_by("-seq").first()
    agrees = (last is None and head.seq == 0) or (last is not None and last.hash == head.hash)
    return agrees and not append_only.missing()


def _worker() -> bool:
    return WorkerBeat.objects.filter(at__gt=clock.now() - WORKER_SILENCE).exists()


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "migrations": _migrations,
    "storage": _storage,
    "ledger": _ledger,
    "worker": _worker,
}
