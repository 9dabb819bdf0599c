"""Find a paper by its number or by words of its subject."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.letters import fold
from documents import access

PAGE = 25
#: More words than anybody types; the rest of an absurd query is ignored.
WORDS = 12


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """List what the reader may see and holds every word typed, newest first."""
    query = request.GET.get("q", "").replace("\x00", "")[:500]
    words = fold(query).split()[:WORDS]
    found = access.visible_to(access.standing_of(request)).with_names()
    holds = Q()
    for word in words:
        holds &= Q(find_key__contains=word)
    found = found.filter(holds).order_by("-issued_on", "-pk") if words else found.none()
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "search/results.html", {"query": query, "page": page})
