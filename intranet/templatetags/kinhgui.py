"""How the house writes days, sizes and hashes, and the components that wrap other markup.

Days are written as Vietnamese offices write them, in Asia/Ho_Chi_Minh whatever zone the server
or the request is in. Every filter gives "" for a missing value, so that a template can say in
its own words what is missing.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from defusedxml.ElementTree import fromstring
from django import forms, template
from django.core.paginator import Page
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agencies import clock

register = template.Library()

WEEKDAYS_VI = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def _day_of(value: date | datetime) -> date:
    return clock.day_of(value) if isinstance(value, datetime) else value


def _month(day: date) -> str:
    """Pad January and February only: Decree 30/2020, Appendix I, II.4b."""
    return f"{day.month:02}" if day.month < 3 else str(day.month)


def _weekday(day: date) -> str:
    vietnamese = (get_language() or "vi").startswith("vi")
    return WEEKDAYS_VI[day.weekday()] if vietnamese else date_format(day, "l")


# -- Days and moments -------------------------------------------------------------------------


@register.filter
def day(value: date | datetime | None) -> str:
    """02/06/2016: the form in which days are typed, too."""
    return f"{_day_of(value):%d/%m/%Y}" if value else ""


@register.filter
def short_day(value: date | datetime | None) -> str:
    """02/6 in the year that it is now, 02/6/2015 in any other."""
    if not value:
        return ""
    day = _day_of(value)
    short = f"{day.day:02}/{_month(day)}"
    return short if day.year == clock.today().year else f"{short}/{day.year}"


@register.filter
def moment(value: datetime | None) -> str:
    """02/6 15:02 in the year that it is now, 02/6/2015 15:02 in any other."""
    return f"{short_day(value)} {hour(value)}" if value else ""


@register.filter
def hour(value: datetime | None) -> str:
    """15:02"""
    return f"{value.astimezone(clock.VIETNAM):%H:%M}" if value else ""


@register.filter
def weekday_day(value: date | datetime | None) -> str:
    """thứ Hai 06/6/2016, in English Monday 06/6/2016."""
    if not value:
        return ""
    day = _day_of(value)
    return f"{_weekday(day)} {day.day:02}/{_month(day)}/{day.year}"


@register.filter
def weekday_short(value: date | datetime | None) -> str:
    """thứ Hai 06/6, for a list of this week's deadlines; with the year when it is another."""
    return f"{_weekday(_day_of(value))} {short_day(value)}" if value else ""


@register.filter
def paper_date(value: date | datetime | None) -> str:
    """ngày 02 tháng 6 năm 2016, as a paper carries it in every language of the tool.

    Days below 10 and the months 1 and 2 take a leading zero, others do not: Decree 30/2020,
    Appendix I, II.4b.
    """
    if not value:
        return ""
    day = _day_of(value)
    return f"ngày {day.day:02} tháng {_month(day)} năm {day.year}"


# -- Sizes, hashes, lists ---------------------------------------------------------------------


@register.filter
def size(count: int | None) -> str:
    """412 KB, 1,4 MB. 1 KB is 1,024 bytes."""
    if count is None:
        return ""
    if count < 1024:
        return f"{count} B"
    if count < 1024**2:
        return f"{round(count / 1024)} KB"
    if count < 1024**3:
        return f"{number_format(round(count / 1024**2, 1), 1)} MB"
    return f"{number_format(round(count / 1024**3, 1), 1)} GB"


@register.filter
def digest(value: str | None) -> str:
    """9f3c 61d2: the first eight hexadecimal digits, enough to compare two papers by eye."""
    return f"{value[:4]} {value[4:8]}" if value else ""


@register.filter
def item(mapping: dict[Any, Any] | None, key: Any) -> Any:
    """Return what `mapping` holds for `key`, or ""."""
    return (mapping or {}).get(key, "")


@register.filter
def file_kind(name: str) -> str:
    """PDF for 1502_UBND-NC_ky.pdf; "" for a name without an ending."""
    return name.rpartition(".")[2].upper()[:5] if "." in name else ""


@register.filter
def joints(reached: int) -> list[bool]:
    """The five joints of the ladder, True for each that is reached."""
    return [joint < reached for joint in range(5)]


@register.filter
def elided(page: Page) -> Iterable[int | str]:
    """The page numbers worth a link: first, last, and one on each side of this one."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.simple_tag
def trail(*pairs: str) -> list[dict[str, str]]:
    """Turn label, url, label, url ... into the list that the crumbs take."""
    return [
        {"label": label, "url": url} for label, url in zip(pairs[::2], pairs[1::2], strict=True)
    ]


# -- The query string -------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """Return this page's query string with `changes`; None or "" takes a name out.

    Any change but one of the page itself leads back to the first page.
    """
    request = context.get("request")
    params: QueryDict = request.GET.copy() if request else QueryDict(mutable=True)
    if "page" not in changes:
        params.pop("page", None)
    for name, value in changes.items():
        if value in (None, ""):
            params.pop(name, None)
        else:
            params[name] = str(value)
    return f"?{params.urlencode()}" if params else "?"


@register.simple_tag(takes_context=True)
def query_without(context: template.Context, name: str, value: Any) -> str:
    """Return this page's query string without this one value of `name`, and from page one."""
    params = context["request"].GET.copy()
    params.pop("page", None)
    params.setlist(name, [kept for kept in params.getlist(name) if kept != str(value)])
    return f"?{params.urlencode()}"


# -- Forms --------------------------------------------------------------------------------------


@register.filter
def shape(field: forms.BoundField) -> str:
    """Say how a field is laid out: hidden, choices, checkbox, group or line."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "group" if isinstance(widget, forms.MultiWidget) else "line"


@register.filter
def described_by(field: forms.BoundField) -> str:
    """The ids of the field's hint and error, those that exist, for aria-describedby."""
    ids = []
    if field.help_text:
        ids.append(f"{field.auto_id}_helptext")
    if field.errors:
        ids.append(f"{field.auto_id}_error")
    return " ".join(ids)


@register.simple_tag
def control(field: forms.BoundField, width: str = "") -> SafeString:
    """Render the field's widget in our look, wired to its hint and its error."""
    given = field.field.widget.attrs
    attrs: dict[str, Any] = {}
    if shape(field) != "checkbox":
        attrs["class"] = " ".join(filter(None, ["in-t", width, given.get("class")]))
    if described := described_by(field):
        attrs["aria-describedby"] = described
    if "placeholder" in given:
        # A placeholder vanishes when it is needed; the label above says the same.
        attrs["placeholder"] = False
    return field.as_widget(attrs=attrs)


@register.simple_tag
def error_rows(form: Any = None, items: Sequence[Any] = ()) -> list[dict[str, str]]:
    """List what is to be corrected: the form's own errors, its fields', then `items`.

    An item is a sentence, or a dict with `url` and `message`.
    """
    rows: list[dict[str, str]] = []
    if form:
        rows += [{"message": error} for error in form.non_field_errors()]
        for field in form:
            rows += [
                {"url": f"#{field.id_for_label or field.auto_id}", "label": field.label,
                 "message": error}
                for error in field.errors
            ]  # fmt: skip
    rows += [row if isinstance(row, dict) else {"message": row} for row in items or ()]
    return rows


@register.simple_tag
def qr(drawing: str) -> dict[str, str]:
    """Take the frame and the path out of an SVG, so that nothing else of it reaches the page."""
    svg = fromstring(drawing)
    path = svg.find("{http://www.w3.org/2000/svg}path")
    return {"box": svg.get("viewBox", ""), "path": _attribute(path, "d")}


def _attribute(element: ET.Element | None, name: str) -> str:
    return "" if element is None else element.get(name, "")


# -- Components that wrap other markup ----------------------------------------------------------


@register.simple_block_tag
def pagehead(
    content: str,
    title: str,
    lead: str = "",
    crumbs: Sequence[dict[str, str]] = (),
) -> SafeString:
    """Wrap the page's one primary action, its stamp and its p.meta; see components/head.html."""
    values = {"title": title, "lead": lead, "crumbs": crumbs, "content": content}
    return render_to_string("components/head.html", values)


@register.simple_block_tag
def table(
    content: str,
    caption: str,
    note: str = "",
    shown: bool = True,
    kind: str = "stack",
    anchor: str = "",
) -> SafeString:
    """Wrap colgroup, thead and tbody; see components/table.html."""
    values = {"caption": caption, "note": note, "shown": shown, "kind": kind, "anchor": anchor}
    return render_to_string("components/table.html", values | {"content": content})


@register.simple_block_tag
def sheet(content: str, title: str = "", anchor: str = "", level: int = 2) -> SafeString:
    """Wrap one section of a page; see components/sheet.html."""
    values = {"title": title, "anchor": anchor, "level": level, "content": content}
    return render_to_string("components/sheet.html", values)


@register.simple_block_tag
def notice(content: str, title: str = "", kind: str = "") -> SafeString:
    """Wrap a sentence or two that must be seen; see components/notice.html."""
    values = {"title": title, "kind": kind, "content": content}
    return render_to_string("components/notice.html", values)


@register.simple_block_tag
def empty(content: str, title: str) -> SafeString:
    """Wrap what a person may do when a list has nothing; see components/empty.html."""
    return render_to_string("components/empty.html", {"title": title, "content": content})


@register.simple_tag
def stamp_word(urgency: str) -> str:
    """The word of an urgency stamp as papers print it, in every language of the tool; else "".

    Decree 30/2020, Appendix I, II.10: hỏa tốc, thượng khẩn, khẩn.
    """
    words = {"express": "HỎA TỐC", "very_urgent": "THƯỢNG KHẨN", "urgent": "KHẨN"}
    return words.get(str(urgency), "")


@register.filter
def page_summary(page: Page) -> str:
    """1 to 20 of 38; of more than 2,500, where nobody counted on."""
    numbers = {
        "first": page.start_index(), "last": page.end_index(), "all": page.paginator.count,
    }  # fmt: skip
    if getattr(page.paginator, "more", False):
        return _("%(first)s to %(last)s of more than %(all)s") % numbers
    return _("%(first)s to %(last)s of %(all)s") % numbers
