"""Why a file is not taken: a code for programs and a reason in plain words."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: By code. Every message names the file; what else it says stands in its parameters.
REASONS: Mapping[str, str | Promise] = {
    "empty": _("“%(name)s” is empty."),
    "too_large": _("“%(name)s” is larger than %(limit)s MB."),
    "incomplete": _("“%(name)s” did not arrive whole. Please send it again."),
    "name_empty": _("The file has no name."),
    "name_signs": _("The name of “%(name)s” holds invisible signs. Please rename the file."),
    "no_extension": _("The name of “%(name)s” does not say what kind of file it is."),
    "kind": _("“%(name)s” is of a kind that is not taken. Taken are %(kinds)s."),
    "kind_macro": _("“%(name)s” is of a kind that carries macros. Please save it without them."),
    "kind_old": _("“%(name)s” is in an old format. Please save it as DOCX, XLSX, PPTX or PDF."),
    "kind_archive": _("“%(name)s” is an archive. Please attach the files themselves."),
    "kind_mail": _("“%(name)s” is a mail message. Please attach the paper itself."),
    "kind_web": _("“%(name)s” is a web page or drawing that can carry scripts."),
    "kind_program": _("“%(name)s” is a program."),
    "mislabelled": _("“%(name)s” is not what its name says: the content is of another kind."),
    "encoding": _("“%(name)s” is not plain text in UTF-8 or UTF-16."),
    "archive_entries": _("“%(name)s” holds too many parts."),
    "archive_size": _("“%(name)s” would become too large when unpacked."),
    "archive_lies": _("“%(name)s” holds more than it declares."),
    "archive_nested": _("“%(name)s” holds another archive."),
    "locked": _("“%(name)s” is locked with a password."),
    "broken": _("“%(name)s” is damaged and cannot be read."),
    "unreadable": _("“%(name)s” cannot be read safely."),
    "pages": _("“%(name)s” has more than %(limit)s pages."),
    "pixels": _("“%(name)s” is a picture of more than %(limit)s megapixels."),
    "dtd": _("“%(name)s” holds a document type declaration (DTD)."),
    "depth": _("“%(name)s” is nested too deeply."),
    "active": _("“%(name)s” holds active content: %(found)s."),
}

#: What the sender is told about a file that was taken. Without text, nobody has looked for a stamp.
WARNINGS: Mapping[str, str | Promise] = {
    "active": _("“%(name)s” holds active content: %(found)s."),
    "text_none": _("No text was found in “%(name)s”: look for a secrecy stamp by eye."),
    "text_unread": _("The text of “%(name)s” could not be read: look for a secrecy stamp by eye."),
    "text_cut": _("“%(name)s” is very long: search will know its beginning only."),
}

#: What active content is called, by the code that the checks give it.
ACTIVE: Mapping[str, str | Promise] = {
    "macros": _("macros"),
    "external": _("links that load other files"),
    "embedded": _("embedded files or controls"),
    "javascript": _("JavaScript"),
    "launch": _("a command that starts programs"),
}


class FileRefused(Exception):
    """A file is not taken and nothing of it is kept. `str()` of it is shown to the sender."""

    def __init__(self, code: str, *, name: str, **params: Any) -> None:
        self.code = code
        self.params = {"name": name, **params}
        super().__init__(code)

    @property
    def message(self) -> str:
        """The reason, in the language of the reader."""
        return str(REASONS[self.code]) % self.params

    def __str__(self) -> str:
        return self.message


def called(found: list[str]) -> str:
    """Return the names of active content for a sentence."""
    return ", ".join(str(ACTIVE[each]) for each in found)


def warning(code: str, *, name: str, **params: Any) -> str:
    """Return what the sender is told, in the language of the reader."""
    return str(WARNINGS[code]) % {"name": name, **params}
