"""The schedule as a Word file, which clerks finish by hand: A4 landscape, as it is printed."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from agencies import clock
from seminars.weekly.layouts import DayTable, tables
from seminars.weekly.snapshot import Snapshot
from seminars.weekly.words import IN_PLACE_OF_INVITATIONS, edition, title

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: The sheet and its margins, in millimetres; what is left is for the tables.
_WIDE, _HIGH, _MARGIN = 297, 210, 15
_ROOM = _WIDE - 2 * _MARGIN
_FONT = "Times New Roman"


def written(
    snapshot: Snapshot, *, layout: str, no: int, issued_at: datetime, excerpt: bool = False
) -> bytes:
    """Return the file. Its day rows are heads of tables, so that Word repeats them on each page."""
    document = Document()
    _set_up(document, issued_at)
    _heading(document, snapshot, issued_at)
    _line(document, title(snapshot.of_week, excerpt=excerpt), bold=True, size=14)
    if snapshot.replaces_invitations:
        _line(document, IN_PLACE_OF_INVITATIONS, bold=True)
    _line(document, edition(no, issued_at), italic=True)
    for table in tables(snapshot, layout):
        _table(document, table)
        document.add_paragraph().paragraph_format.space_after = Pt(0)
    _ending(document, snapshot)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _set_up(document: Any, issued_at: datetime) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(12)
    # Letters outside Latin-1 take another font unless told.
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    style.paragraph_format.space_after = Pt(0)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(_WIDE), Mm(_HIGH)
    for side in ("left", "right", "top", "bottom"):
        setattr(section, f"{side}_margin", Mm(_MARGIN))
    # The library's own template carries its author and the day of its making.
    properties = document.core_properties
    properties.author = properties.comments = properties.title = ""
    properties.created = properties.modified = issued_at.replace(tzinfo=None)


def _heading(document: Any, snapshot: Snapshot, issued_at: datetime) -> None:
    """Quốc hiệu on the right, the agency on the left (Decree 30/2020)."""
    day = issued_at.astimezone(clock.VIETNAM)
    dated = f"ngày {day:%d} tháng {_month(day.month)} năm {day:%Y}"
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    if snapshot.parent:
        _into(left, snapshot.parent.upper())
    _into(left, snapshot.agency.upper(), bold=True)
    _into(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True)
    _into(right, "Độc lập - Tự do - Hạnh phúc", bold=True)
    _into(right, f"{snapshot.place}, {dated}" if snapshot.place else dated, italic=True)


def _month(month: int) -> str:
    """Decree 30/2020: January and February are written with a nought, as days below ten."""
    return f"{month:02}" if month < 3 else str(month)


def _table(document: Any, of: DayTable) -> None:
    widths = [Mm(_ROOM * share / 100) for _label, share in of.columns]
    table = document.add_table(rows=2, cols=len(of.columns), style="Table Grid")
    table.autofit = False
    head = table.rows[0]
    _fill(head.cells[0].merge(head.cells[-1]), [of.heading], bold=True)
    for cell, (label, _share) in zip(table.rows[1].cells, of.columns, strict=True):
        _fill(cell, [label], bold=True)
    for row in table.rows[:2]:
        _repeat(row)
    for lines in of.rows:
        row = table.add_row()
        _whole(row)
        for cell, texts in zip(row.cells, lines, strict=True):
            _fill(cell, texts)
    for row in table.rows[1:]:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def _repeat(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _ending(document: Any, snapshot: Snapshot) -> None:
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    if snapshot.recipients:
        _into(left, "Nơi nhận:", bold=True, italic=True, centre=False)
        for line in snapshot.recipients:
            _into(left, f"- {line}", size=11, centre=False)
    for line in snapshot.signed_as:
        _into(right, line.upper(), bold=True)
    for _each in range(4):
        _into(right, "")
    _into(right, snapshot.signer, bold=True)


def _line(document: Any, text: str, **how: Any) -> None:
    _run(document.add_paragraph(), text, **how)


def _into(cell: Any, text: str, *, centre: bool = True, **how: Any) -> None:
    """Add a line to a cell, which begins with an empty one."""
    first = cell.paragraphs[0]
    empty = len(cell.paragraphs) == 1 and not first.runs
    _run(first if empty else cell.add_paragraph(), text, centre=centre, **how)


def _fill(cell: Any, lines: Sequence[str], *, bold: bool = False) -> None:
    for text in lines:
        _into(cell, text, bold=bold, size=11, centre=bold)


def _run(
    paragraph: Any, text: str, *, bold: bool = False, italic: bool = False, size: int = 12,
    centre: bool = True,
) -> None:  # fmt: skip
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
