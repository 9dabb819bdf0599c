"""Papers for a seminar: registered and handed in by who is invited, read by who invites."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import clock
from agencies.choices import DeputyScope, Role
from documents import uploads
from documents.choices import FileRole
from documents.files import FileRefused, serving
from documents.owed import acting_for
from documents.storage import NoRoom
from seminars import access, lifecycle
from seminars.choices import PAPER_RULES, PAPERS_TAKEN, Act
from seminars.forms.papers import (
    AcceptPaperForm,
    RegisterPaperForm,
    ReturnPaperForm,
    SubmitPaperForm,
)
from seminars.models import Paper, PaperVersion, Seminar
from seminars.views.answering import invitation_or_404
from seminars.views.shared import done, form_page

BOTH = ["GET", "HEAD", "POST"]


def papers_of(who: access.Standing, seminar: Seminar) -> "QuerySet[Paper]":
    """Return the papers of one seminar as the person sees them, for its page (one query)."""
    rows = access.papers_seen_by(who).filter(seminar=seminar)
    return rows.select_related("invitation__agency", "author").prefetch_related("versions")


@require_http_methods(BOTH)
def register(request: HttpRequest, invitation: int) -> HttpResponse:
    """Announce a paper of one's agency: title and author."""
    row = invitation_or_404(request, invitation)
    form = RegisterPaperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        made: list[Paper] = []
        if done(
            form,
            lambda: made.append(
                lifecycle.register_paper(
                    invitation=row, title=values["title"],
                    author=(values["author_name"], values["author_office"]),
                    by=request.user, at=clock.now(),
                )
            ),
            words=(request, row.agency),
        ):  # fmt: skip
            messages.success(request, _("The paper is registered. It can be handed in now."))
            return redirect("seminars:paper", paper=made[0].pk)
    return form_page(
        request, row.seminar, form, title=_("Register a paper"), button=_("Register the paper")
    )


@require_safe
def paper(request: HttpRequest, paper: int) -> HttpResponse:
    """Show a paper with its versions, and what the person may do about it."""
    who = access.standing_of(request)
    row = access.paper_or_404(who, paper)
    versions = list(access.versions_seen_by(who, row).select_related("submitted_by"))
    taken = row.seminar.state in PAPERS_TAKEN
    may_answer = taken and row.invitation.agency_id in acting_for(
        who, Role.office(), DeputyScope.INCOMING
    )

    def may(act: Act, permitted: bool) -> bool:
        return permitted and row.state in PAPER_RULES[act][0]

    may_accept = may(Act.ACCEPT_PAPER, access.may(who, Act.ACCEPT_PAPER, row.seminar))
    last = versions[-1].no if versions else 0
    values = {
        "paper": row,
        "seminar": row.seminar,
        "versions": [_shown(row, each) for each in reversed(versions)],
        "may_submit": may(Act.SUBMIT_PAPER, may_answer),
        "may_withdraw": may(Act.WITHDRAW_PAPER, may_answer),
        "may_return": may(Act.RETURN_PAPER, access.may(who, Act.RETURN_PAPER, row.seminar)),
        "accept": AcceptPaperForm(items=row.seminar.agenda.all(), initial={"no": last})
        if may_accept
        else None,
    }
    return render(request, "seminars/paper.html", values)


def _shown(paper: Paper, version: PaperVersion) -> dict[str, Any]:
    pages = _("%(n)s pages") % {"n": version.pages} if version.pages else ""
    return {
        "row": version,
        "files": [
            {
                "name": version.name,
                "url": reverse("seminars:paper_file", args=[paper.pk, version.no]),
                "note": pages,
                "bytes": version.size,
                "digest": version.sha256,
            }
        ],
    }


def _own(request: HttpRequest, pk: int) -> Paper:
    """Return a paper of the person's office: 404 to a stranger, a refusal to another agency."""
    who = access.standing_of(request)
    row = access.paper_or_404(who, pk)
    access.answering(who, row.invitation)
    return row


@require_http_methods(BOTH)
def submit(request: HttpRequest, paper: int) -> HttpResponse:
    """Hand in a file; the next one is the next version."""
    row = _own(request, paper)
    form = SubmitPaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _take_in(request, form, row):
        messages.success(request, _("The paper is handed in."))
        return redirect("seminars:paper", paper=row.pk)
    about = row.title
    if row.due_on:
        about = _("“%(title)s”, due by %(day)s.") % {
            "title": row.title, "day": f"{row.due_on:%d/%m/%Y}",
        }  # fmt: skip
    return form_page(
        request, row.seminar, form, title=_("Hand in a paper"), button=_("Hand it in"), about=about
    )


def _take_in(request: HttpRequest, form: SubmitPaperForm, row: Paper) -> bool:
    """Check and store the file, as one that comes from outside, then write it down."""

    def take() -> None:
        upload = form.cleaned_data["file"]
        taken = uploads.take_in_with_warnings(upload, inside=False, role=FileRole.MAIN)
        lifecycle.submit_paper(paper=row, file=taken.facts, by=request.user, at=clock.now())
        for warning in taken.warnings:
            messages.warning(request, warning)

    try:
        return done(form, take, words=(request, row.invitation.agency))
    except (FileRefused, NoRoom) as refused:
        form.add_error("file", str(refused))
        return False


@require_POST
def withdraw(request: HttpRequest, paper: int) -> HttpResponse:
    """Take a paper of one's agency back."""
    row = _own(request, paper)
    done(None, lambda: lifecycle.withdraw_paper(paper=row, by=request.user, at=clock.now()))
    messages.success(request, _("The paper is taken back."))
    return redirect("seminars:paper", paper=row.pk)


def _received(request: HttpRequest, pk: int, act: Act) -> Paper:
    """Return a paper that was sent to the person's agency as the organiser."""
    who = access.standing_of(request)
    row = access.paper_or_404(who, pk)
    access.require(who, act, row.seminar)
    return row


@require_POST
def accept(request: HttpRequest, paper: int) -> HttpResponse:
    """Accept the version that the page showed."""
    row = _received(request, paper, Act.ACCEPT_PAPER)
    form = AcceptPaperForm(request.POST, items=row.seminar.agenda.all())
    if not form.is_valid():
        messages.error(request, _("The agenda has changed since you opened this page."))
        return redirect("seminars:paper", paper=row.pk)
    values = form.cleaned_data
    done(
        None,
        lambda: lifecycle.accept_paper(
            paper=row, no=values["no"], item=values.get("item"), by=request.user, at=clock.now()
        ),
    )
    messages.success(request, _("Accepted: the agencies invited may read it."))
    return redirect("seminars:paper", paper=row.pk)


@require_http_methods(BOTH)
def give_back(request: HttpRequest, paper: int) -> HttpResponse:
    """Return the version that the page showed, with the reason."""
    row = _received(request, paper, Act.RETURN_PAPER)
    last = row.versions.order_by("-no").values_list("no", flat=True).first()
    form = ReturnPaperForm(request.POST or None, initial={"no": last or 0})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if done(
            form,
            lambda: lifecycle.return_paper(
                paper=row, no=values["no"], reason=values["reason"],
                by=request.user, at=clock.now(),
            ),
            words=(request, row.seminar.agency),
        ):  # fmt: skip
            messages.success(request, _("The paper is returned; its agency reads why."))
            return redirect("seminars:paper", paper=row.pk)
    return form_page(
        request, row.seminar, form, title=_("Return a paper"), button=_("Return this paper"),
        about=row.title,
    )  # fmt: skip


@require_safe
def file(request: HttpRequest, paper: int, no: int) -> HttpResponseBase:
    """Serve the file of a version: first the gate, then everything else."""
    who = access.standing_of(request)
    row = access.paper_or_404(who, paper)
    found = access.versions_seen_by(who, row).filter(no=no).first() if no < 2**15 else None
    if found is None:
        raise Http404
    return serving.serve(request, found)
