"""A person's notices. Marking one read says nothing about the paper: nobody opened it by that."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from agencies import clock
from documents import access
from documents.models import Notice
from documents.naming import issuer_of
from documents.views.answers import next_page

PAGE = 25


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """List the notices, newest first. A paper that is no longer the person's is not named."""
    who = access.standing_of(request)
    own = (
        Notice.objects.filter(person=who.user)
        .select_related(
            "dispatch__type", "dispatch__issuing_agency", "dispatch__registering_agency"
        )
        .prefetch_related("dispatch__issuing_agency__names")
    )
    unread_only = request.GET.get("state") == "unread"
    rows = own.filter(read_at__isnull=True) if unread_only else own
    page = Paginator(rows.order_by("-at", "-pk"), PAGE).get_page(request.GET.get("page"))
    newest = own.order_by("-pk").values_list("pk", flat=True).first()
    values = {
        "page": page,
        "rows": _rows(who, list(page)),
        "unread": own.filter(read_at__isnull=True).count(),
        "unread_only": unread_only,
        "newest": newest,
    }
    return render(request, "documents/notices.html", values)


def _rows(who: access.Standing, shown: list[Notice]) -> list[dict[str, Any]]:
    wanted = {notice.dispatch_id for notice in shown}
    readable = set(access.visible_to(who).filter(pk__in=wanted).values_list("pk", flat=True))
    traces = set(
        access.traces_left_to(who).filter(dispatch__in=wanted).values_list("dispatch", flat=True)
    )
    return [
        {
            "notice": notice,
            "readable": notice.dispatch_id in readable,
            "trace": notice.dispatch_id in traces,
            "issuer": issuer_of(notice.dispatch),
        }
        for notice in shown
    ]


@require_POST
def read_notices(request: HttpRequest) -> HttpResponse:
    """Mark one notice read, or all up to the newest that the page showed."""
    own = Notice.objects.filter(person=request.user, read_at__isnull=True)
    one, until = request.POST.get("notice", ""), request.POST.get("until", "")
    if _is_id(one):
        own.filter(pk=one).update(read_at=clock.now())
    elif _is_id(until):
        # What came after the page was opened was not seen and stays unread.
        own.filter(pk__lte=until).update(read_at=clock.now())
    return redirect(next_page(request, request.path.removesuffix("da-doc/")))


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) < 19
