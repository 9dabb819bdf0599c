"""Under which kind the archive keeps a paper, where its type alone does not say."""

from django.db import transaction

from documents.choices import ArchiveKind
from documents.lifecycle.drafting import locked
from documents.lifecycle.evidence import changed
from documents.models import Dispatch


@transaction.atomic
def file_as(*, dispatch: Dispatch, kind: ArchiveKind) -> None:
    """Keep a paper in the archive under this kind; what it says and who reads it stays.

    Part of the act of whoever knows: that verb asks the gate and leaves the proof.
    """
    dispatch = locked(dispatch)
    if dispatch.archive_kind == kind:
        return
    dispatch.archive_kind = kind
    dispatch.save(update_fields=["archive_kind"])
    changed(dispatch)
