"""The name under which a file is shown and downloaded. It never becomes a path."""

import unicodedata

from documents.files.refusals import FileRefused

#: Most file systems stop at 255 bytes; browsers and archives add their own endings.
MAX_NAME_BYTES = 150
#: Longest ending that still says a kind, dot included.
_LONGEST_EXTENSION = 10
#: Controls; format signs, among them those that turn the direction of writing; halves of signs;
#: line ends. `exe.pdf` can be made to look like `fdp.exe` with them.
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def shown_name(raw: str) -> str:
    """Return `raw` fit to be shown: NFC, the last part of a path, at most 150 bytes in UTF-8.

    đ and every mark are kept; only the stem is cut, between whole letters. Invisible signs are
    refused and not dropped: the sender should see what the name really is.

    Raises: FileRefused (name_empty, name_signs).
    """
    last = raw.replace("\\", "/").rsplit("/", 1)[-1]
    # NFC before and after: replacing and cutting could bring a letter and a mark together.
    name = " ".join(unicodedata.normalize("NFC", last).replace("\xa0", " ").split(" "))
    if any(unicodedata.category(sign) in _UNSEEN for sign in name):
        raise FileRefused("name_signs", name=_visible(name))
    name = unicodedata.normalize("NFC", " ".join(name.split()).rstrip(". "))
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    if not stem.strip(". "):
        raise FileRefused("name_empty", name=name)
    tail = dot + ending
    if len(tail.encode()) > _LONGEST_EXTENSION:
        stem, tail = name, ""
    return _cut(stem, MAX_NAME_BYTES - len(tail.encode())) + tail


def extension_of(name: str) -> str:
    """Return the ending of a shown name in lower case, without the dot; "" without one."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if stem and dot else ""


def _cut(stem: str, room: int) -> str:
    if len(stem.encode()) <= room:
        return stem
    kept = stem.encode()[:room].decode(errors="ignore")
    # A mark that falls behind the cut belongs to the last letter kept: that letter goes too.
    while kept and unicodedata.combining(stem[len(kept)]):
        kept = kept[:-1]
    return kept.rstrip(". ")


def _visible(name: str) -> str:
    return "".join("�" if unicodedata.category(sign) in _UNSEEN else sign for sign in name)
