"""The frozen form of a version: its ordered files and the digest over text and files."""

import hashlib
from typing import Any

import rfc8785

from documents.models import DispatchVersion


def manifest_of(version: DispatchVersion) -> list[dict[str, Any]]:
    """Return the files in order, each with what proves it."""
    return [
        {
            "role": file.role,
            "name": file.name,
            "sha256": file.sha256,
            "size": file.size,
            "media_type": file.media_type,
        }
        for file in version.attachments.all()
    ]


def digest_of(text: str, manifest: list[dict[str, Any]]) -> str:
    """Return the SHA-256 (hex) over the exact bytes of the text and the ordered files.

    The text enters as its own hash, byte for byte: a change of Unicode form is a change.
    """
    sealed: dict[str, Any] = {"text": hashlib.sha256(text.encode()).hexdigest(), "files": manifest}
    return hashlib.sha256(rfc8785.dumps(sealed)).hexdigest()
