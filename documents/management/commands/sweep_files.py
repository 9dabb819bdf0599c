"""`manage.py sweep_files`: remove stored files that no row speaks of."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from documents.models import Attachment
from documents.storage import attachments, spoken_for

#: A file is stored before its row is written, and an upload may take a while.
WAITS = timedelta(days=1)


class Command(BaseCommand):
    help = (
        "Remove files that no row names: of uploads that broke off, or of drafts that were"
        " never saved. Leaves alone what is younger than a day. Safe at any time; once a night is"
        " enough."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        def wanted(sha256: str) -> bool:
            named = Attachment.objects.filter(sha256=sha256).exists()
            return named or any(says(sha256) for says in spoken_for)

        removed = attachments().sweep(wanted, older_than=WAITS)
        self.stdout.write(f"{len(removed)} files removed")
