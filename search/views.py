"""The search page: one box over everything that the person may read."""

from collections.abc import Collection, Iterator

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from documents import access, exports
from documents.standing import Standing
from search import archive, saved
from search.asked import Asked
from search.engine import MOST_SHOWN, EngineDown, Facet, Page
from search.registry import Shown

#: Rows of an export, and how many of them are asked for at once.
MOST_EXPORTED, AT_ONCE = 2_000, 200

FACETS = {
    Facet.KIND: gettext_lazy("Kind"),
    Facet.STATE: gettext_lazy("State"),
    Facet.TYPE: gettext_lazy("Document type"),
    Facet.ISSUER: gettext_lazy("Issuer"),
    Facet.YEAR: gettext_lazy("Year"),
    Facet.FIELD: gettext_lazy("Field of work"),
}


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find it: a number typed alone answers with its paper, words with a list and its facets."""
    who = access.standing_of(request)
    asked = Asked(request.GET, agencies=saved.own_agencies(who))
    values: dict[str, object] = {"asked": asked, "form": asked.form}
    if not asked.anything:
        return render(request, "search/results.html", values)
    try:
        answer, page = _answer(who, asked)
    except EngineDown:
        # Everything else goes on: the page says what does not, and how to find a paper meanwhile.
        return render(request, "search/results.html", values | {"down": True}, status=503)
    named = _kept(request)
    kept = saved.alert_of(who, named) if named else None
    news = kept.fresh if kept else ()
    values |= {
        "answer": answer,
        "page": page,
        "hits": [_hit(each, answer, news) for each in answer.found],
        "kept": kept,
        "direct": _hit(answer.direct, answer, news) if answer.direct else None,
        "meant": {"text": answer.meant, "url": asked.instead(answer.meant)} if answer.meant else "",
        "facets": _facets(asked, answer),
        "links": [
            {
                "label": _("Export XLSX"),
                "url": f"{reverse('search_xlsx')}?{request.GET.urlencode()}",
            }
        ],
    }
    return render(request, "search/results.html", values)


def _answer(who: Standing, asked: Asked) -> tuple[archive.Answer, object]:
    """Ask for the page; for the last one where the address names a later."""
    pages = Paginator(range(0), asked.page.size)
    wanted = asked.page
    while True:
        answer = archive.ask(
            who,
            asked.text,
            filters=asked.filters,
            page=wanted,
            order=asked.order,
            at_agency=asked.own,
        )
        pages.count = min(answer.total, MOST_SHOWN)
        page = pages.get_page(wanted.number)
        if page.number >= wanted.number:
            page.object_list = answer.found
            return answer, page
        wanted = Page(page.number, wanted.size)


def _kept(request: HttpRequest) -> int:
    """The id of the saved search whose page this is; 0 if the address names none."""
    named = request.GET.get("saved", "")
    return int(named) if named.isascii() and named.isdecimal() and len(named) < 10 else 0


def _hit(shown: Shown, answer: archive.Answer, news: Collection[str]) -> dict[str, object]:
    return {
        "shown": shown,
        "new": shown.key in news,
        "title": archive.marked_title(shown, answer.query),
        "passage": archive.passage(shown, answer.query),
    }


def _facets(asked: Asked, answer: archive.Answer) -> list[dict[str, object]]:
    return [
        {
            "title": title,
            "choices": [
                {"choice": each, "url": asked.toggled(facet, each.value)}
                for each in answer.facets.get(facet, ())
            ],
        }
        for facet, title in FACETS.items()
        if answer.facets.get(facet)
    ]


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Offer words of titles that the person may read; nothing while the engine is away."""
    typed = request.GET.get("q", "").replace("\x00", "")
    try:
        offered = archive.suggest(access.standing_of(request), typed) if typed.strip() else []
    except EngineDown:
        offered = []
    return render(request, "search/_suggestions.html", {"offered": offered})


@require_safe
def search_xlsx(request: HttpRequest) -> HttpResponse:
    """The list as asked, the first two thousand; the last row says how many there are."""
    who = access.standing_of(request)
    asked = Asked(request.GET, agencies=saved.own_agencies(who))
    heading = [
        _("Number and symbol"), _("Date of the paper"), _("Document type"), _("Issuer"),
        _("Subject"), _("State"), _("Address"),
    ]  # fmt: skip
    try:
        rows = list(_rows(request, who, asked)) if asked.anything else []
    except EngineDown:
        return render(
            request,
            "search/results.html",
            {"asked": asked, "form": asked.form, "down": True},
            status=503,
        )
    return exports.workbook(request, name="tim-kiem", heading=heading, rows=rows)


def _rows(request: HttpRequest, who: Standing, asked: Asked) -> Iterator[list[str]]:
    given = total = 0
    for number in range(1, MOST_EXPORTED // AT_ONCE + 1):
        answer = archive.ask(
            who,
            asked.text,
            filters=asked.filters,
            page=Page(number, AT_ONCE),
            order=asked.order,
            facets=(),
            at_agency=asked.own,
        )
        total = answer.total
        found = [answer.direct, *answer.found] if answer.direct else answer.found
        for each in found:
            given += 1
            yield [
                each.number,
                f"{each.day:%d/%m/%Y}" if each.day else "",
                each.type,
                each.issuer,
                each.title,
                each.state_label,
                request.build_absolute_uri(each.url),
            ]
        if number * AT_ONCE >= total:
            return
    yield [_("The first %(given)s of %(total)s.") % {"given": given, "total": total}]
