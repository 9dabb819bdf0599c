"""State secrets stay outside: a paper stamped MẬT, TỐI MẬT or TUYỆT MẬT is refused at the door.

Such papers have registers and networks of their own (Law 117/2025/QH15 on the protection of state
secrets; Decree 30/2020 does not apply to them, article 1). Nothing of them may be kept here, not
even the abstract. Whoever finds a stamp by eye, on a scan without text, must refuse it as well:
what is looked for here is text.
"""

import re
import unicodedata
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

#: A stamp stands at the top of a page; below, the word is in a sentence or a table.
LINES_AT_THE_TOP = 40
PAGES = 3

#: Stamps as letters without spaces, with what becomes of them: marks lost or taken for others by
#: recognition, and the bytes of TCVN3 and VNI fonts read as Latin letters.
_READINGS = {
    "MẬT": ("MẬT", "MÂT", "MẠT", "MAT", "MËT", "MAÄT"),
    "TỐI MẬT": ("TOIMAT", "TÈIMËT", "TOÁIMAÄT"),
    "TUYỆT MẬT": ("TUYETMAT", "TUYÖTMËT", "TUYEÄTMAÄT"),
}
_STAMP_OF = {reading: stamp for stamp, readings in _READINGS.items() for reading in readings}

#: What may stand on the same line once the columns of a header have run together.
_NEIGHBOURS = re.compile(
    r"CỘNG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA VIỆT NAM|ĐẢNG CỘNG SẢN VIỆT NAM"
    r"|ĐỘC LẬP\s*[-–—]\s*TỰ DO\s*[-–—]\s*HẠNH PHÚC|\bSỐ\s*:.*",
    re.IGNORECASE,
)
_COLUMNS = re.compile(r"\t+| {3,}")
_FRAME = re.compile(r"[^\w\s:]|_")
_LABEL = re.compile(r"(?:MUC )?DO MAT(?: CUA (?:VAN BAN|TAI LIEU))?\s*:\s*(.*)")
#: With these at the end of the line above, MẬT ends a word that a narrow column broke.
_BROKEN_BEFORE = {"BÍ", "BI", "BẢO", "BAO", "CƠ", "ẨN", "CẨN", "NGHIÊM", "ĐỘ", "GIẢI", "THÂN"}


class SecretPaper(Exception):
    """A paper bears the mark of a state secret. `str()` of it is shown to the sender."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        super().__init__(mark)

    def __str__(self) -> str:
        return str(
            _(
                "This paper is marked %(mark)s. State secrets may not enter this network: "
                "it was refused and nothing of it was kept. Hand it over as the law on state "
                "secrets says."
            )
            % {"mark": self.mark}
        )


def refuse_if_secret(text: str) -> None:
    """Raises: SecretPaper if `text` bears a state-secret stamp."""
    if mark := marked_secret(text):
        raise SecretPaper(mark)


def marked_secret(text: str) -> str | None:
    """Return the stamp (MẬT, TỐI MẬT, TUYỆT MẬT) at the top of one of the first pages, or None.

    A stamp is alone on its line, or in its column of the header, in capital letters; or it follows
    the label "Độ mật:". Pages end in form feeds. Sentences that speak of secrets are none.
    """
    for page in text.split("\f")[:PAGES]:
        lines = list(_top(page))
        for number, line in enumerate(lines):
            above = lines[number - 1] if number else ""
            mark = _labelled(line, lines[number + 1 : number + 2]) or _stamped(line, above)
            if mark:
                return mark
    return None


def _top(page: str) -> Iterator[str]:
    lines = (unicodedata.normalize("NFC", line).replace("\xa0", " ") for line in page.splitlines())
    written = (line for line in lines if line.strip())
    return (line for _number, line in zip(range(LINES_AT_THE_TOP), written, strict=False))


def _labelled(line: str, below: list[str]) -> str | None:
    for cell in _COLUMNS.split(line):
        label = _LABEL.fullmatch(_bare(cell.upper()))
        if label:
            value = label[1] or (_bare(below[0].upper()) if below else "")
            return _mark(value.upper())
    return None


def _stamped(line: str, above: str) -> str | None:
    """Read a line as one stamp, letters spaced out or not, or as columns with one stamp."""
    if mark := _capital(line):
        found = [mark]
    else:
        columns = [_NEIGHBOURS.sub("   ", column) for column in _COLUMNS.split(line)]
        cells = [cell for column in columns for cell in _COLUMNS.split(column)]
        found = [mark for cell in cells if (mark := _capital(cell))]
    # Several in one line are the heads of a table of levels.
    if len(set(found)) != 1:
        return None
    last = _FRAME.sub(" ", above.upper()).split()[-1:]
    if found[0] == "MẬT" and last and last[0] in _BROKEN_BEFORE:
        return None
    return found[0]


def _capital(cell: str) -> str | None:
    """Return the stamp that `cell` is, in capital letters."""
    return _mark(_FRAME.sub(" ", cell)) if cell == cell.upper() or _tall(cell) else None


def _mark(written: str) -> str | None:
    """Return the stamp that `written` is, all of it; marks count for the short one only."""
    letters = "".join(written.upper().split())
    return _STAMP_OF.get(letters) or _STAMP_OF.get(_plain(letters) if len(letters) > 4 else "")


def _tall(cell: str) -> bool:
    """Tell whether a cell is a stamp in TCVN3, whose capitals are small letters in another font."""
    return "".join(_FRAME.sub(" ", cell).split()) in {"mËt", "tèimËt", "tuyÖtmËt"}


def _bare(text: str) -> str:
    return " ".join(_FRAME.sub(" ", _plain(text)).split())


def _plain(text: str) -> str:
    """Return text without marks; Đ becomes D."""
    apart = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
