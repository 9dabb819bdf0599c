"""Files at the door: received, checked, described; stored and served elsewhere."""

from documents.files.intake import ReceivedFile, receive
from documents.files.refusals import FileRefused

__all__ = ["FileRefused", "ReceivedFile", "receive"]
