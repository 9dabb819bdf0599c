"""What a refused act is answered with: the status, every reason, and what to do next."""

from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from agencies.refusals import Refused
from documents.refusals import EditedMeanwhile, NewerVersion, NotFound, NotPermitted, WrongState


def at_the_edge() -> None:
    """Make sure that no transaction is open around the verb about to be called.

    What a verb wrote is then committed before the answer says that it was. The transaction that a
    test case wraps around a test does not count.

    Raises: TransactionManagementError.
    """
    if [block for block in connection.atomic_blocks if not block._from_testcase]:
        raise transaction.TransactionManagementError("a transaction is open around a verb")


def refused(request: HttpRequest, error: Refused, *, back: str = "") -> HttpResponse:
    """Answer a refusal: 403 not permitted, 409 not as the page showed it, 422 something missing.

    `back` leads to where the person can go on. Nothing was written.

    Raises: Http404 for NotFound, so that it looks like any other page that is not there.
    """
    if isinstance(error, NotFound):
        raise Http404
    title, advice, status = _kind(error)
    values = {"title": title, "advice": advice, "reasons": error.reasons, "back": back}
    return render(request, "documents/refused.html", values, status=status)


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
