"""Agencies and lists by a few letters of their name, for an addressee line being written."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.models import Agency, DistributionList
from documents import access, line_reading
from documents.refusals import NotPermitted
from documents.views.drafting import no_writer, writing_for


@require_safe
def addressees(request: HttpRequest) -> HttpResponse:
    """Answer with the choices of line `row` of a draft of `agency`: what is checked, what is found.

    `q`, or what stands in the line's own box, is looked for; marks and case do not matter, initials
    are understood, at most twelve are offered. Only lists of the writer's own agency.
    """
    own = {agency.pk for agency in writing_for(access.standing_of(request))}
    if not own:
        raise NotPermitted([no_writer()])
    row = _number(request.GET.get("row", ""))
    words = request.GET.get("q", "") or request.GET.get(f"line-{row}-add", "")
    owner = _number(request.GET.get("agency", ""))
    owner = owner if owner in own else 0
    agencies = Agency.objects.filter(pk__in=_numbers(request, f"line-{row}-agencies"))
    lists = DistributionList.objects.filter(
        pk__in=_numbers(request, f"line-{row}-lists"), owner=owner
    )
    chosen, groups = list(agencies.order_by("sort_key", "pk")), list(lists.order_by("name", "pk"))
    found = line_reading.names_on(clock.today(), owner=owner).find(words[:255])
    values = {
        "number": row,
        "words": words.strip(),
        "agencies": chosen,
        "lists": groups,
        "offered_agencies": [each for each in found.agencies if each not in chosen],
        "offered_lists": [each for each in found.lists if each not in groups],
    }
    return render(request, "documents/_line_choices.html", values)


def _numbers(request: HttpRequest, name: str) -> list[int]:
    return [_number(each) for each in request.GET.getlist(name)]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
