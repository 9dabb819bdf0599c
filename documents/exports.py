"""Lists as spreadsheets: every cell a typed string, so that no cell is ever a formula."""

import logging
from collections.abc import Iterable, Sequence
from io import BytesIO

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

log = logging.getLogger("documents.exports")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What a cell of the format holds at most.
CELL = 32_767


def workbook(
    request: HttpRequest,
    *,
    name: str,
    heading: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> HttpResponse:
    """Answer with an XLSX of the rows, and log who took how many of what (ids only)."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "text_wrap": True})
    for column, text in enumerate(heading):
        sheet.write_string(0, column, str(text), bold)
    count = 0
    for count, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            sheet.write_string(count, column, "" if value is None else str(value)[:CELL])
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(heading) - 1, 0), 24)
    book.close()
    log.info("export %s by user %s: %s rows", name, request.user.pk, count)
    return HttpResponse(
        buffer.getvalue(),
        headers={
            "Content-Type": XLSX,
            "Content-Disposition": content_disposition_header(True, f"{name}.xlsx") or "",
        },
    )
