"""The leader's two answers to a draft: signed, or sent back with a reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies import clock
from agencies.edge import at_the_edge
from agencies.refusals import Reason
from documents import access, lifecycle
from documents.choices import Action, LineRole, State
from documents.forms.reasons import show_reasons
from documents.forms.signing import SendBackForm, SignForm
from documents.models import Dispatch
from documents.refusals import Incomplete, NewerVersion

page_methods = require_http_methods(["GET", "HEAD", "POST"])


def permitted(request: HttpRequest, pk: int, action: Action) -> Dispatch:
    """Return the paper to one who may do this act now. Raises: Http404, NotPermitted, WrongState."""
    who = access.standing_of(request)
    dispatch = access.get_or_404(who, pk)
    access.require(who, action, dispatch)
    return dispatch


def require_seen(dispatch: Dispatch, version: int) -> None:
    """Raises: NewerVersion if the paper was sent back and written anew since the page was opened."""
    if dispatch.current_version.no != version:
        raise NewerVersion(
            [Reason("version", _("The paper was changed after you opened this page."))]
        )


@page_methods
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the paper to the one who signs, and take the signature."""
    try:
        dispatch = permitted(request, pk, Action.SIGN)
        version = dispatch.current_version
        form = SignForm(request.POST or None, initial={"version": version.no})
        if request.method == "POST" and form.is_valid():
            require_seen(dispatch, form.cleaned_data["version"])
            at_the_edge()
            lifecycle.sign(
                dispatch=dispatch,
                by=request.user,
                at=clock.now(),
                capacity=form.cleaned_data["capacity"],
                signer_as_printed=form.cleaned_data["signer_as_printed"],
                signer_title=form.cleaned_data["signer_title"],
            )
            messages.success(request, _("Signed. The records clerk gives it its number."))
            return redirect("documents:dispatch", pk=pk)
    except Incomplete as refused:
        show_reasons(form, refused)
    lines = list(dispatch.lines.all())
    values = {
        "dispatch": dispatch,
        "version": version,
        "form": form,
        "to": [line for line in lines if line.role == LineRole.TO],
        "copies": [line for line in lines if line.role != LineRole.TO],
        "files": files_of(dispatch, version),
        "may_send_back": access.may(access.standing_of(request), Action.SEND_BACK, dispatch),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "documents/sign.html", values, status=status)


def files_of(dispatch: Dispatch, version: object) -> list[dict[str, object]]:
    """Return the files of a version as components/files.html lists them (one query)."""
    return [
        {
            "name": each.name,
            "url": reverse("documents:file", args=[dispatch.pk, each.pk]),
            "note": each.get_role_display(),
            "bytes": each.size,
            "digest": each.sha256,
        }
        for each in version.attachments.all()  # type: ignore[attr-defined]
    ]


@page_methods
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a paper to its drafter with a reason."""
    form = SendBackForm(request.POST or None)
    try:
        dispatch = permitted(request, pk, Action.SEND_BACK)
        signed = dispatch.state == State.SIGNED
        if request.method == "POST" and form.is_valid():
            at_the_edge()
            lifecycle.send_back(
                dispatch=dispatch,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=clock.now(),
            )
            messages.success(request, _("The paper is back with its drafter."))
            return redirect("documents:drafts")
    except Incomplete as refused:
        show_reasons(form, refused)
    status = 422 if request.method == "POST" else 200
    values = {"dispatch": dispatch, "form": form, "signed": signed}
    return render(request, "documents/send_back.html", values, status=status)
