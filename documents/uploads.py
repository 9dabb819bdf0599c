"""From an upload to facts about a stored file: checked, not secret, on disk."""

from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile

from documents import files, secrecy
from documents.choices import FileRole
from documents.lifecycle import FileFacts
from documents.storage import attachments


@dataclass(frozen=True)
class Taken:
    """A stored file, and what its sender should know about it, in sentences."""

    facts: FileFacts
    warnings: tuple[str, ...] = ()


def take_in(upload: UploadedFile, *, inside: bool, role: FileRole) -> FileFacts:
    """Store a file that passed every check and return what was found out about it.

    The bytes are on disk for good when this returns, so that a verb may write the row. `inside`:
    a paper of the house's own, where active content warns; from outside it is refused.

    Raises: files.FileRefused, secrecy.SecretPaper, storage.NoRoom. Nothing is kept then.
    """
    return take_in_with_warnings(upload, inside=inside, role=role).facts


def take_in_with_warnings(upload: UploadedFile, *, inside: bool, role: FileRole) -> Taken:
    """As `take_in`, with the warnings for whoever may still choose another file."""
    with files.receive(upload, inside=inside) as received:
        secrecy.refuse_if_secret(received.text)
        received.commit(attachments())
        return Taken(
            FileFacts(
                name=received.name,
                sha256=received.sha256,
                size=received.size,
                media_type=received.media_type,
                role=role,
                pages=received.pages,
                text=received.text,
            ),
            tuple(received.warnings),
        )
