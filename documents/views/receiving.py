"""What a recipient does: receive, acknowledge, return, assign, answer a recall."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import clock
from agencies.choices import Role
from agencies.edge import at_the_edge
from agencies.models import Agency, Post
from agencies.refusals import Reason
from documents import access, lifecycle, people
from documents.choices import Action, HandlingRole, ReceiptKind
from documents.forms.reasons import show_reasons
from documents.forms.receiving import AcknowledgeForm, AnswerRecallForm, AssignForm, ReturnForm
from documents.models import Circulation, Receipt
from documents.naming import issuer_of, name_at
from documents.refusals import Incomplete, NewerVersion
from documents.views import answers, reading


def _paper_url(circulation: Circulation) -> str:
    return reverse("documents:dispatch", args=[circulation.dispatch_id])


def _permitted(request: HttpRequest, pk: int, action: Action) -> Circulation:
    """Return the circulation: 404 to a stranger, a refusal to a reader without the right."""
    who = access.standing_of(request)
    circulation = access.circulation_or_404(who, pk)
    access.require(who, action, circulation)
    return circulation


@require_POST
def receive(request: HttpRequest, circulation: int) -> HttpResponse:
    """Take the paper over and give it its arrival number; a second time changes nothing."""
    at = clock.now()
    row = access.circulation_or_404(access.standing_of(request), circulation)
    at_the_edge()
    row = lifecycle.receive(circulation=row, by=request.user, at=at)
    messages.success(
        request,
        _("%(code)s is received under the arrival number %(number)s.")
        % {"code": row.dispatch, "number": row.arrival_number},
    )
    return redirect(answers.next_page(request, _paper_url(row)))


@require_POST
def acknowledge(request: HttpRequest, circulation: int) -> HttpResponse:
    """Acknowledge the version that was shown, and show the receipt; twice gives the same one."""
    at = clock.now()
    row = access.circulation_or_404(access.standing_of(request), circulation)
    form = AcknowledgeForm(request.POST)
    if not form.is_valid():
        shown = Reason("version", _("The page did not say which version it showed."))
        raise NewerVersion([shown])
    at_the_edge()
    given = lifecycle.acknowledge(
        circulation=row,
        version_no=form.cleaned_data["version"],
        digest=form.cleaned_data["digest"],
        by=request.user,
        at=at,
    )
    messages.success(request, _("Acknowledged. This is the receipt."))
    return redirect("documents:receipt", code=given.code)


@require_http_methods(["GET", "HEAD", "POST"])
def return_to_sender(request: HttpRequest, circulation: int) -> HttpResponse:
    """Return a misdirected paper with the reason; the content is then closed here."""
    at = clock.now()
    row = _permitted(request, circulation, Action.RETURN)
    agencies = Agency.objects.live_on(clock.day_of(at)).exclude(pk=row.agency_id)
    form = ReturnForm(request.POST or None, agencies=agencies.order_by("sort_key", "pk"))
    if request.method == "POST" and form.is_valid():
        at_the_edge()
        try:
            lifecycle.return_to_sender(
                circulation=row,
                reason=form.cleaned_data["reason"],
                suggested=form.cleaned_data["suggested"],
                by=request.user,
                at=at,
            )
        except Incomplete as refused:
            show_reasons(form, refused)
        else:
            messages.success(request, _("Returned. The sender is told why."))
            return redirect("documents:incoming")
    status = 422 if request.method == "POST" else 200
    values = {"row": row, "dispatch": row.dispatch, "form": form}
    return render(request, "documents/return.html", values, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest, circulation: int) -> HttpResponse:
    """Give the paper to a person of the agency to work on."""
    at = clock.now()
    row = _permitted(request, circulation, Action.ASSIGN)
    members = people.members_of(row.agency_id, on=clock.day_of(at)).order_by("sort_key", "pk")
    handlings = list(row.handlings.select_related("assignee", "assigned_by").order_by("pk"))
    led = any(each.role == HandlingRole.LEAD for each in handlings)
    first = {"role": HandlingRole.SUPPORT if led else HandlingRole.LEAD}
    form = AssignForm(request.POST or None, people=members, initial=first)
    if request.method == "POST" and form.is_valid():
        at_the_edge()
        try:
            lifecycle.assign(
                circulation=row,
                assignee=form.cleaned_data["assignee"],
                role=HandlingRole(form.cleaned_data["role"]),
                due_at=form.cleaned_data["due_at"],
                note=form.cleaned_data["note"],
                by=request.user,
                at=at,
            )
        except Incomplete as refused:
            show_reasons(form, refused)
        else:
            person = form.cleaned_data["assignee"]
            messages.success(request, _("Assigned to %(person)s.") % {"person": person})
            return redirect(_paper_url(row))
    status = 422 if request.method == "POST" else 200
    values = {"row": row, "dispatch": row.dispatch, "form": form, "handlings": handlings}
    return render(request, "documents/assign.html", values, status=status)


@require_POST
def answer_recall(request: HttpRequest, circulation: int) -> HttpResponse:
    """Agree to give a paper up, or refuse with the reason."""
    at = clock.now()
    who = access.standing_of(request)
    row = access.circulation_or_404(who, circulation)
    access.require(who, Action.ANSWER_RECALL, row)
    form = AnswerRecallForm(request.POST, auto_id=f"id_{row.pk}_%s")
    if form.is_valid():
        agree = form.cleaned_data["answer"] == "agree"
        at_the_edge()
        try:
            lifecycle.answer_recall(
                circulation=row,
                agree=agree,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=at,
            )
        except Incomplete as refused:
            show_reasons(form, refused)
        else:
            messages.success(request, _("The sender has your answer."))
            return redirect("documents:incoming" if agree else _paper_url(row))
    found = access.get_or_404(who, row.dispatch_id)
    return reading.page(request, found, recall_form=(row.pk, form), status=422)


@require_safe
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """Show the slip of an acknowledgement to the recipient's readers and to the sender."""
    who = access.standing_of(request)
    given = (
        Receipt.objects.filter(code=code, kind=ReceiptKind.ACKNOWLEDGED)
        .select_related("actor", "deputy__of__user", "version", "on_behalf_of")
        .first()
    )
    if given is None:
        raise Http404
    row = access.circulations_read_by(who).filter(pk=given.circulation_id).first()
    if row is None:
        row = access.tracked_or_404(who, given.circulation_id)
    found = access.get_or_404(who, row.dispatch_id)
    day = clock.day_of(given.at)
    agency = given.on_behalf_of
    values = {
        "given": given,
        "row": row,
        "dispatch": found,
        "issuer": issuer_of(found),
        "sender": name_at(row.circulated_by, found.issued_on),
        "agency": agency.name_on(day) or agency,
        "parent": agency.parent,
        "post": _post_of(given),
        "version": given.version,
        "printed_by": who.user,
    }
    return render(request, "documents/receipt.html", values)


def _post_of(given: Receipt) -> Post | None:
    """Return the post under which the person acknowledged, as it was that day."""
    if given.deputy:
        return given.deputy.of
    posts = Post.objects.live_on(clock.day_of(given.at)).filter(role__in=Role.office())
    return posts.filter(user=given.actor, agency=given.on_behalf_of).order_by("pk").first()
