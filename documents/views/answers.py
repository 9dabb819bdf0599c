"""What a refused act is answered with: the status, every reason, and what to do next."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from agencies.refusals import Refused
from documents import access
from documents.refusals import EditedMeanwhile, NewerVersion, NotFound, NotPermitted, WrongState


class RefusalsAnswered:
    """Answers what a view or a verb refused, so that views speak of what may go right.

    403 not permitted, 409 not as the page showed it, 422 something missing; NotFound is the 404 of
    any other page that is not there. Nothing was written.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page of a refusal; anything else is not for this place."""
        if not isinstance(error, Refused):
            return None
        if isinstance(error, NotFound):
            raise Http404
        title, advice, status = _kind(error)
        values = {"title": title, "advice": advice, "reasons": error.reasons}
        values["back"] = _paper_of(request)
        return render(request, "documents/refused.html", values, status=status)


def _paper_of(request: HttpRequest) -> str:
    """Return where the person can go on: the paper that the address speaks of, if he reads it."""
    match = request.resolver_match
    named = match.kwargs if match and match.namespace == "documents" else {}
    who = access.standing_of(request)
    pk = named.get("pk")
    if "circulation" in named:
        rows = access.circulations_read_by(who).filter(pk=named["circulation"])
        pk = rows.values_list("dispatch", flat=True).first()
    if pk and access.visible_to(who, among=[pk]).exists():
        return reverse("documents:dispatch", args=[pk])
    return ""


def _kind(error: Refused) -> tuple[str, str, int]:
    if isinstance(error, NotPermitted):
        advice = _(
            "If you act in somebody's place, your mandate may not cover this act, or it has ended."
        )
        return _("Not allowed"), advice, 403
    if isinstance(error, NewerVersion):
        advice = _("Open the paper again: it now shows the newer version.")
        return _("A newer version has come"), advice, 409
    if isinstance(error, EditedMeanwhile):
        advice = _("Open the draft again in another tab and carry over what you typed.")
        return _("Saved elsewhere meanwhile"), advice, 409
    if isinstance(error, WrongState):
        advice = _("Somebody was quicker, or the page was old. Open the paper again.")
        return _("The paper stands elsewhere now"), advice, 409
    return _("Something is missing"), _("Go back, correct it and try again."), 422


def next_page(request: HttpRequest, default: str) -> str:
    """Return where the form wants to go on, if that is a page of this house; else `default`."""
    wanted = request.POST.get("next", "")
    # A path, not a word: `redirect` would look a word up as the name of a view.
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return default
