"""The answer of an agency by the link in its mail: without signing in, and nothing by looking."""

import hashlib
from functools import partial

from allauth.core.ratelimit import consume, respond_429
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agencies import clock
from agencies.edge import at_the_edge
from documents import lifecycle as papers
from documents import secrecy
from documents.forms.reasons import show_reasons
from documents.refusals import Incomplete, NotFound, WrongState
from seminars import access, letters, lifecycle, links, places
from seminars.forms.inviting import AnswerByLinkForm
from seminars.models import SeminarMail


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Say what it is about; a button says that the agency comes, or does not and why.

    Programs that look through mail open every link, so looking writes nothing. Whatever keeps a
    link from working is answered alike. Whoever is signed in here answers as the holder of the mail
    all the same.
    """
    # The link itself is no key of a cache that others may read.
    key = hashlib.sha256(token.encode()).hexdigest()
    if not consume(request, action="answer_by_link", key=key):
        return _unreferred(respond_429(request))
    named = links.mail_of(token)
    mail = access.opened_by(named, at=clock.now()) if named is not None else None
    if mail is None:
        return _gone(request)
    form = AnswerByLinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if _answered(request, mail, form):
                return _unreferred(redirect(request.path))
        except NotFound:
            return _gone(request)
    invitation = mail.invitation
    values = {
        "form": form,
        "row": invitation,
        "seminar": invitation.seminar,
        "when": letters.when(invitation.seminar),
        "where": places.where(invitation.venue),
        "open": access.answered_by_link(invitation),
    }
    status = 422 if form.is_bound else 200
    return _unreferred(render(request, "seminars/answer_by_link.html", values, status=status))


def _answered(request: HttpRequest, mail: SeminarMail, form: AnswerByLinkForm) -> bool:
    """Give the answer; what speaks against it is shown on the form. Raises: NotFound."""
    at_the_edge()
    comes, reason = form.cleaned_data["comes"] == "yes", form.cleaned_data["reason"]
    act = partial(lifecycle.answer_by_link, mail=mail.pk, comes=comes, reason=reason)
    try:
        act(at=clock.now())
    except secrecy.SecretPaper as secret:
        papers.record_refused_secret(agency=mail.invitation.agency, by=None, at=clock.now())
        form.add_error(None, str(secret))
        return False
    except (Incomplete, WrongState) as refused:
        show_reasons(form, refused)
        return False
    return True


def _gone(request: HttpRequest) -> HttpResponse:
    """One answer for every link that does not work, whatever the cause."""
    return _unreferred(render(request, "seminars/answer_link_gone.html", status=404))


def _unreferred(response: HttpResponse) -> HttpResponse:
    """Keep the link out of the Referer of what the page fetches and leads to.

    Not `no-referrer`: browsers then send `Origin: null`, which the CSRF check refuses.
    """
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
