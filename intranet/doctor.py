"""What is missing or unsafe on this installation, in words that an administrator can act on."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.checks import Error, run_checks
from django.db import connection
from django.utils import timezone

from agencies.models import Agency
from documents.models import OutboxItem, WorkerBeat
from documents.storage import attachments
from intranet.health import CHECKS
from intranet.settings.environment import DEFAULT_SECRET_KEY
from ledger import append_only

#: Network file systems, on which SQLite's locks do not hold.
NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs"})


@dataclass(frozen=True)
class Finding:
    level: str  # "error" or "warning"
    about: str
    message: str


def examine() -> Iterator[Finding]:
    """Yield what stands between this installation and safe work."""
    for name, check in CHECKS.items():
        try:
            holds = check()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            yield Finding("error", name, f"{type(error).__name__}: {error}")
            continue
        if not holds:
            level = "warning" if name == "worker" else "error"
            yield Finding(level, name, f"The check “{name}” does not hold.")
    yield from _settings()
    yield from _database()
    yield from _storage()
    yield from _work()
    for message in run_checks():
        if isinstance(message, Error):
            yield Finding("error", message.id or "check", message.msg)


def _settings() -> Iterator[Finding]:
    level = "warning" if settings.DEMO or settings.DEBUG else "error"
    if settings.SECRET_KEY == DEFAULT_SECRET_KEY:
        yield Finding(level, "SECRET_KEY", "It is the one that everybody knows.")
    if settings.DEBUG:
        yield Finding("warning", "DEBUG", "It is on: error pages show their insides.")
    if settings.DEMO:
        yield Finding("warning", "DEMO", "Sample people exist, and the sign-in page lists them.")
    if settings.DEMO_DAY:
        yield Finding("warning", "DEMO_DAY", "The clock does not show the real day.")
    sends = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")
    if not sends and Agency.objects.exclude(mailbox="").exists():
        yield Finding("warning", "EMAIL_URL", "Agencies have mailboxes, and no mail leaves here.")


def _database() -> Iterator[Finding]:
    for missing in append_only.missing():
        yield Finding("error", "ledger", f"The past can be rewritten: {missing}")
    if connection.vendor == "sqlite":
        kind = _file_system(Path(str(connection.settings_dict["NAME"])))
        if kind in NETWORK_FILE_SYSTEMS:
            yield Finding("error", "database", f"SQLite lies on {kind}: its locks do not hold.")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    drift = abs((moment.astimezone(UTC) - timezone.now()).total_seconds())
    if drift > 5:
        yield Finding("error", "clock", f"It differs from the database's by {drift:.0f} s.")


def _file_system(path: Path) -> str:
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return ""
    best, kind = "", ""
    for line in mounts.read_text().splitlines():
        _device, point, found = line.split()[:3]
        if str(path.resolve()).startswith(point) and len(point) > len(best):
            best, kind = point, found
    return kind


def _storage() -> Iterator[Finding]:
    folder = Path(attachments().location)
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < 1024**3:
        yield Finding("warning", "disk", f"Only {free // 1024**2} MiB are free for files.")


def _work() -> Iterator[Finding]:
    parked = OutboxItem.objects.filter(parked_at__isnull=False).count()
    if parked:
        yield Finding("error", "outbox", f"{parked} items were given up: see `manage.py outbox`.")
    if not WorkerBeat.objects.exists():
        yield Finding("warning", "worker", "No worker runs: nothing is delivered.")
