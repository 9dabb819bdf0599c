"""One's own saved searches, papers like one, and the administrator's table of abbreviations."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import clock
from agencies.choices import Role
from agencies.edge import at_the_edge
from agencies.forms import show_reasons
from agencies.refusals import Refused
from documents import access
from search import archive, dispatches, saved
from search.asked import Asked
from search.engine import EngineDown
from search.forms import AbbreviationForm, SaveForm
from search.models import Abbreviation, SavedSearch

page_methods = require_http_methods(["GET", "HEAD", "POST"])

#: Papers like one that its page names.
LIKE = 6


@page_methods
def searches(request: HttpRequest) -> HttpResponse:
    """List one's saved searches with what is new in each; keep another one."""
    who = access.standing_of(request)
    form = SaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = Asked(QueryDict(form.cleaned_data["query"]), agencies=saved.own_agencies(who))
        at_the_edge()
        try:
            kept = saved.save(
                owner=who.user, name=form.cleaned_data["name"], asked=asked, at=clock.now()
            )
        except Refused as refused:
            show_reasons(form, refused)
        else:
            messages.success(request, _("“%(name)s” is kept.") % {"name": kept.name})
            return redirect(_address(kept))
    new = {alert.saved.pk: alert for alert in saved.alerts(who)}
    rows = [
        {"saved": each, "url": _address(each), "alert": new.get(each.pk)}
        for each in saved.of(who.user)
    ]
    status = 422 if request.method == "POST" else 200
    return render(request, "search/saved.html", {"form": form, "rows": rows}, status=status)


def _address(kept: SavedSearch) -> str:
    return f"{reverse('search')}?{kept.query}&saved={kept.pk}"


@require_POST
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that what is new in a search was seen."""
    at_the_edge()
    if not saved.mark_seen(owner=request.user, pk=pk):  # type: ignore[arg-type]
        raise Http404
    messages.success(request, _("Marked as seen."))
    return redirect("searches")


@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Let go of a saved search."""
    at_the_edge()
    if not saved.forget(owner=request.user, pk=pk):  # type: ignore[arg-type]
        raise Http404
    messages.success(request, _("The search is no longer kept."))
    return redirect("searches")


@require_safe
def similar(request: HttpRequest, pk: int) -> HttpResponse:
    """Name papers like one that the reader reads, all of which he may read; part of its page."""
    who = access.standing_of(request)
    paper = access.get_or_404(who, pk)
    values: dict[str, object] = {"dispatch": paper}
    try:
        values["found"] = archive.similar(who, f"{dispatches.NAME}:{pk}", limit=LIKE)
    except EngineDown:
        values["down"] = True
    part = request.headers.get("HX-Request") == "true"
    return render(request, "search/_similar.html" if part else "search/similar.html", values)


def _administrator(request: HttpRequest) -> None:
    roles = {held.role for held in access.standing_of(request).authorities}
    if Role.ADMINISTRATOR not in roles:
        raise PermissionDenied


@page_methods
def abbreviations(request: HttpRequest) -> HttpResponse:
    """The table of abbreviations, and one more."""
    _administrator(request)
    form = AbbreviationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kept = form.save()
        messages.success(
            request,
            _("%(short)s and “%(long)s” find each other from now on.")
            % {"short": kept.short, "long": kept.long},
        )
        return redirect("abbreviations")
    status = 422 if request.method == "POST" else 200
    values = {"form": form, "rows": Abbreviation.objects.all()}
    return render(request, "search/abbreviations.html", values, status=status)


@require_POST
def drop_abbreviation(request: HttpRequest, pk: int) -> HttpResponse:
    _administrator(request)
    get_object_or_404(Abbreviation, pk=pk).delete()
    messages.success(request, _("The abbreviation is no longer read in full."))
    return redirect("abbreviations")
