"""Writing a paper: begun, saved (by the person or by itself), given files, submitted, withdrawn."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agencies import clock
from agencies.choices import DeputyScope
from agencies.edge import at_the_edge
from agencies.models import Agency
from agencies.refusals import Reason, Refused
from documents import access, files, lifecycle, line_reading, secrecy, storage, uploads
from documents.choices import Action, FileRole
from documents.forms.drafting import MOST_ROWS, ComposeForm
from documents.lifecycle.drafting import WRITERS
from documents.models import Dispatch
from documents.refusals import (
    EditedMeanwhile,
    Incomplete,
    NotFound,
    NotPermitted,
    WrongState,
)
from documents.views import draft_page, unsaved
from documents.views.draft_page import Pending, Sheet

page_methods = require_http_methods(["GET", "HEAD", "POST"])


# -- Beginning ----------------------------------------------------------------------------------


@page_methods
def compose(request: HttpRequest) -> HttpResponse:
    """Choose whose paper it is and of what type, and begin."""
    own = writing_for(access.standing_of(request))
    if not own:
        raise NotPermitted([no_writer()])
    form = ComposeForm(request.POST or None, agencies=own)
    if request.method == "POST" and form.is_valid():
        at_the_edge()
        paper = lifecycle.draft(
            agency=form.cleaned_data["agency"],
            type=form.cleaned_data["type"],
            by=request.user,
            at=clock.now(),
        )
        return redirect("documents:draft", pk=paper.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "documents/compose.html", {"form": form}, status=status)


def writing_for(who: access.Standing) -> list[Agency]:
    """Return the agencies for which the person writes, by a post of his own or in a place."""
    found = {
        held.agency.pk: held.agency
        for held in who.authorities
        if held.role in WRITERS and held.covers(DeputyScope.OUTGOING)
    }
    return list(found.values())


def no_writer() -> Reason:
    return Reason("role", _("You hold no post in which papers are written."))


# -- The page of a draft --------------------------------------------------------------------------


def _draft_or_404(request: HttpRequest, pk: int) -> Dispatch:
    """Return the draft to one who may edit it. Raises: Http404, NotPermitted, WrongState."""
    who = access.standing_of(request)
    dispatch = access.get_or_404(who, pk)
    access.require(who, Action.EDIT, dispatch)
    return dispatch


@unsaved.nothing_lost
@page_methods
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a draft; save it. Every button of the page saves what is typed before it does more."""
    at = clock.now()
    dispatch = _draft_or_404(request, pk)
    if request.method == "POST":
        return _save(request, dispatch, at=at)
    waiting = unsaved.kept(request, pk)
    if waiting and "stored" not in request.GET:
        sheet = Sheet.posted(waiting.data)
        return draft_page.show(request, dispatch, sheet, at=at, kept_at=waiting.at)
    return draft_page.show_stored(request, dispatch, at=at)


attach = require_POST(draft)


def _save(request: HttpRequest, dispatch: Dispatch, *, at: datetime) -> HttpResponse:
    """Save all that the page holds, take its files in, and show what remains to be settled."""
    answered, reasons, pending = _save_page(request, dispatch, at=at)
    if answered is not None:
        return answered
    if reasons or pending:
        fresh = access.get_or_404(access.standing_of(request), dispatch.pk)
        return draft_page.show_stored(
            request, fresh, at=at, reasons=reasons, pending=pending, status=422
        )
    messages.success(request, _("The draft is saved."))
    part = {"remove_line": "#lines", "confirm": "#lines", "add_line": "#lines"}
    place = part.get(request.POST.get("do", "").partition("-")[0], "")
    return redirect(reverse("documents:draft", args=[dispatch.pk]) + place)


Saved = tuple[HttpResponse | None, list[Reason], Mapping[int, Pending]]


def _save_page(request: HttpRequest, dispatch: Dispatch, *, at: datetime) -> Saved:
    """Save the posted page: (an answer if it was not saved, reasons against files, names to choose)."""
    sheet = Sheet.posted(request.POST, request.FILES)
    if not sheet.is_valid():
        return draft_page.show(request, dispatch, sheet, at=at, status=422), [], {}
    act, _dash, place = request.POST.get("do", "").partition("-")
    row = _number(place)
    names = line_reading.names_on(clock.day_of(at), owner=dispatch.registering_agency_id)
    lines = draft_page.read_lines(
        sheet,
        names,
        owner=dispatch.registering_agency_id,
        drop=row if act == "remove_line" else None,
        confirm=act == "confirm",
    )
    if len(lines.drafts) > MOST_ROWS:
        # More than the page could send back: it could never be saved again.
        too_many = _("A page holds %(most)s lines. Put so many recipients on a list.")
        draft_page.add_reasons(sheet, [Reason("paste", too_many % {"most": MOST_ROWS})])
        return draft_page.show(request, dispatch, sheet, at=at, status=422), [], {}
    try:
        _save_sheet(
            request,
            dispatch,
            sheet,
            lines.drafts,
            at=at,
            drop_citation=row if act == "remove_citation" else None,
            over=request.POST.get("over", ""),
        )
    except secrecy.SecretPaper as secret:
        _record_refused_secret(request, dispatch, at=at)
        draft_page.add_reasons(sheet, [Reason("text", str(secret))])
        return draft_page.show(request, dispatch, sheet, at=at, status=422), [], {}
    except EditedMeanwhile:
        fresh = access.get_or_404(access.standing_of(request), dispatch.pk)
        page = draft_page.show(request, fresh, sheet, at=at, conflict=True, status=409)
        return page, [], {}
    unsaved.forget(request, dispatch.pk)
    return None, _take_files(request, dispatch, sheet, at=at), lines.pending


def _save_sheet(
    request: HttpRequest,
    dispatch: Dispatch,
    sheet: Sheet,
    lines: list[lifecycle.LineDraft],
    *,
    at: datetime,
    drop_citation: int | None = None,
    over: str = "",
) -> Dispatch:
    """Call the verb. `over`: the count of saves over which the person chose to save all the same."""
    seen = _number(over)
    if seen is None:
        seen = unsaved.seen_by_page(request, sheet.form.cleaned_data["seen_edits"])
    at_the_edge()
    saved = lifecycle.save_draft(
        dispatch=dispatch,
        by=request.user,
        at=at,
        seen_edits=seen,
        values=sheet.form.values(),
        text=sheet.form.cleaned_data["text"],
        lines=lines,
        citations=draft_page.read_citations(sheet, access.standing_of(request), drop=drop_citation),
    )
    unsaved.remember_save(request, dispatch.pk, saved.edits)
    return saved


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _record_refused_secret(request: HttpRequest, dispatch: Dispatch, *, at: datetime) -> None:
    lifecycle.record_refused_secret(agency=dispatch.registering_agency, by=request.user, at=at)


@login_not_required
@require_POST
def autosave(request: HttpRequest, pk: int) -> JsonResponse:
    """Save what is typed so far, every few seconds, and answer in JSON.

    200 {"saved_at", "edits", "left_out"}; 401 signed out; 409 {"message"} when somebody else saved
    or the draft has left; 422 when nothing could be saved. A field that is half typed (a day) keeps
    its stored value and is named in `left_out`. Names just typed are not looked up and no attempt at
    a secret paper is recorded: nobody has pressed anything yet.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"message": _("You are signed out.")}, status=401)
    at = clock.now()
    try:
        dispatch = _draft_or_404(request, pk)
        sheet = Sheet.posted(request.POST)
        sheet.is_valid()
        form = sheet.form
        if not (sheet.lines.is_valid() and sheet.citations.is_valid() and _core(form)):
            return JsonResponse({"message": _("Some lines cannot be saved yet.")}, status=422)
        owner = dispatch.registering_agency_id
        lines = draft_page.read_lines(
            sheet, line_reading.names_on(clock.day_of(at), owner=owner), owner=owner, settle=False
        )
        saved = _save_sheet(request, dispatch, sheet, lines.drafts, at=at)
    except secrecy.SecretPaper as secret:
        return JsonResponse({"message": str(secret)}, status=422)
    except NotFound as refused:
        raise Http404 from refused
    except NotPermitted as refused:
        return JsonResponse({"message": str(refused.reasons[0].message)}, status=403)
    except (EditedMeanwhile, WrongState) as refused:
        return JsonResponse({"message": str(refused.reasons[0].message)}, status=409)
    left_out = [str(form[name].label) for name in form.errors if name in form.fields]
    unsaved.forget(request, pk)
    saved_at = f"{at.astimezone(clock.VIETNAM):%H:%M}"
    return JsonResponse({"saved_at": saved_at, "edits": saved.edits, "left_out": left_out})


def _core(form: Any) -> bool:
    return {"seen_edits", "text"} <= form.cleaned_data.keys()


# -- Files ----------------------------------------------------------------------------------------


def _take_files(
    request: HttpRequest, dispatch: Dispatch, sheet: Sheet, *, at: datetime
) -> list[Reason]:
    """Take in and attach each file that came along; return why some were not."""
    role = FileRole(sheet.form.cleaned_data["file_role"] or FileRole.ANNEX)
    reasons = []
    for upload in sheet.form.cleaned_data["files"] or ():
        try:
            taken = uploads.take_in_with_warnings(upload, inside=True, role=role)
            at_the_edge()
            lifecycle.attach(dispatch=dispatch, file=taken.facts, by=request.user, at=at)
        except secrecy.SecretPaper as secret:
            _record_refused_secret(request, dispatch, at=at)
            reasons.append(Reason("files", str(secret)))
        except (files.FileRefused, storage.NoRoom) as refused:
            reasons.append(Reason("files", str(refused)))
        except Refused as refused:
            reasons += [Reason("files", each.message) for each in refused.reasons]
        else:
            for warning in taken.warnings:
                messages.warning(request, warning)
    return reasons


@unsaved.nothing_lost
@require_POST
def detach(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    """Take a file off the draft; what else the page holds is saved first."""
    at = clock.now()
    dispatch = _draft_or_404(request, pk)
    if "seen_edits" in request.POST:
        answered, reasons, pending = _save_page(request, dispatch, at=at)
        if answered is not None:
            return answered
    at_the_edge()
    lifecycle.detach(dispatch=dispatch, attachment=attachment, by=request.user, at=at)
    messages.success(request, _("The file is taken off."))
    return redirect(reverse("documents:draft", args=[pk]) + "#files")


# -- Leaving the drafter ----------------------------------------------------------------------------


@unsaved.nothing_lost
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the draft before the one who signs; what the page holds is saved first."""
    at = clock.now()
    try:
        dispatch = _draft_or_404(request, pk)
        if "seen_edits" in request.POST:
            answered, reasons, pending = _save_page(request, dispatch, at=at)
            if answered is not None:
                return answered
            if reasons or pending:
                fresh = access.get_or_404(access.standing_of(request), pk)
                return draft_page.show_stored(
                    request, fresh, at=at, reasons=reasons, pending=pending, status=422
                )
        at_the_edge()
        lifecycle.submit(dispatch=dispatch, by=request.user, at=at)
    except Incomplete as refused:
        fresh = access.get_or_404(access.standing_of(request), pk)
        return draft_page.show_stored(request, fresh, at=at, reasons=refused.reasons, status=422)
    messages.success(request, _("The draft waits for signature."))
    return redirect("documents:dispatch", pk=pk)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a draft."""
    dispatch = access.get_or_404(access.standing_of(request), pk)
    at_the_edge()
    lifecycle.discard(dispatch=dispatch, by=request.user, at=clock.now())
    messages.success(request, _("The draft is withdrawn."))
    return redirect("documents:drafts")
