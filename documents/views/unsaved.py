"""What was typed into a draft outlives the session in which it was typed (traps K8).

A form that is sent after its session ended, or after signing in anew in another tab, is not lost:
its words wait in the new session until the same person is back on the same draft. Nothing of it is
saved before that person presses the button again.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from agencies import clock
from documents import secrecy

View = Callable[..., HttpResponse]

_SALT = "documents.draft.writer"
_KEY = "unsaved_draft"
_SAVES = "draft_saves"
#: How many pages of drafts one person keeps open at a time.
_PAGES = 8
#: A page may stay open over a long weekend, in seconds.
_LONGEST = 5 * 24 * 60 * 60
#: Of the old page, of no use on the new one.
_LEFT_OUT = frozenset({"csrfmiddlewaretoken", "writer", "over", "do"})


def writer_token(request: HttpRequest, pk: int) -> str:
    """Return a sign by which the page says, later, to whom it was shown; each page its own."""
    return signing.dumps([request.user.pk, pk, secrets.token_hex(6)], salt=_SALT)


def _writer(request: HttpRequest, pk: int) -> int | None:
    """Return to whom the page was shown from which this form comes; None if it is not our page."""
    try:
        person, draft, _page = signing.loads(
            request.POST.get("writer", ""), salt=_SALT, max_age=_LONGEST
        )
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return person if draft == pk else None


def remember_save(request: HttpRequest, pk: int, edits: int) -> None:
    """Note to which count of saves this page brought the draft."""
    page = request.POST.get("writer", "")
    if _writer(request, pk) == request.user.pk:
        saves = [each for each in request.session.get(_SAVES, []) if each[0] != page]
        request.session[_SAVES] = [*saves[-(_PAGES - 1) :], [page, edits]]


def seen_by_page(request: HttpRequest, seen: int) -> int:
    """Return the count of saves that this page knows of: `seen`, or that of its own last save.

    The answer to an autosave may be lost on the way: a page does not stand in its own way then.
    """
    page = request.POST.get("writer", "")
    own = [edits for token, edits in request.session.get(_SAVES, []) if token == page]
    return max([seen, *own])


@dataclass(frozen=True)
class Kept:
    """Words that wait to be saved, and when they were sent."""

    data: QueryDict
    at: datetime


def kept(request: HttpRequest, pk: int) -> Kept | None:
    """Return what this person typed into this draft before his session ended. Changes nothing."""
    held = request.session.get(_KEY)
    if not held or held["draft"] != pk or held["writer"] != request.user.pk:
        return None
    data = QueryDict(mutable=True)
    for name, values in held["fields"].items():
        data.setlist(name, values)
    return Kept(data, datetime.fromisoformat(held["at"]))


def forget(request: HttpRequest, pk: int) -> None:
    """Let go of what waited: it is saved now."""
    if request.session.get(_KEY, {}).get("draft") == pk:
        del request.session[_KEY]


def _keep(request: HttpRequest, pk: int, writer: int) -> None:
    request.session[_KEY] = {
        "draft": pk,
        "writer": writer,
        "fields": {name: values for name, values in request.POST.lists() if name not in _LEFT_OUT},
        "at": clock.now().isoformat(),
    }


def nothing_lost(view: View) -> View:
    """Guard a view to which the whole page of a draft is posted.

    Signed out: the words are kept and the person signs in. Signed in, but with a page from before:
    its CSRF token is refused as everywhere, yet if the page was shown to this very person, he gets
    his words back to press the button again. Anything else meets the usual answers.
    """

    @csrf_exempt  # asked below, where the words can still be kept
    @login_not_required  # asked here
    @wraps(view)
    def guarded(request: HttpRequest, pk: int, **values: int) -> HttpResponse:
        page = reverse("documents:draft", args=[pk])
        signed_in = request.user.is_authenticated
        if request.method == "POST":
            refusal = CsrfViewMiddleware(view).process_view(request, view, (), {})
            if refusal is not None or not signed_in:
                writer = _writer(request, pk)
                if writer is None or (signed_in and writer != request.user.pk):
                    return refusal or redirect_to_login(page)
                try:
                    secrecy.refuse_if_secret("\n".join(map(str, request.POST.values())))
                except secrecy.SecretPaper:
                    return render(request, "documents/secret.html", status=422)
                _keep(request, pk, writer)
                return redirect(page) if signed_in else redirect_to_login(page)
        if not signed_in:
            return redirect_to_login(page)
        return view(request, pk, **values)

    return guarded
