"""The papers on their way to issue, and a new one begun in the place of an old."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from agencies import clock
from agencies.edge import at_the_edge
from agencies.refusals import Reason
from documents import access, lifecycle
from documents.choices import Action, CitationKind, LineRole, State, Tone
from documents.lifecycle.drafting import CitationDraft
from documents.models import Dispatch
from documents.refusals import NotPermitted, WrongState
from documents.views.drafting import no_writer, writing_for

ROWS = 25
_BEGUN = Q(state=State.DRAFT)
_CAME_BACK = ~Q(sent_back_reason="")
#: By the name in the address: what stands on the tab, and which papers are behind it.
GROUPS = {
    "du-thao": (gettext_lazy("Drafts"), _BEGUN & ~_CAME_BACK),
    "tra-lai": (gettext_lazy("Sent back"), _BEGUN & _CAME_BACK),
    "cho-ky": (gettext_lazy("Waiting for signature"), Q(state=State.SUBMITTED)),
    "cho-so": (gettext_lazy("Signed, without a number"), Q(state=State.SIGNED)),
    "cho-phat-hanh": (gettext_lazy("Numbered, not issued"), Q(state=State.NUMBERED)),
}


@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """List what is being written, signed and numbered, one group a page; the first with a row."""
    who = access.standing_of(request)
    own = access.visible_to(who).filter(state__in=_BEFORE_ISSUE)
    counts = own.aggregate(
        **{key: Count("pk", filter=condition) for key, (_label, condition) in GROUPS.items()}
    )
    wanted = request.GET.get("nhom", "")
    group = wanted if wanted in GROUPS else next((key for key in GROUPS if counts[key]), "du-thao")
    papers = own.filter(GROUPS[group][1]).with_names().select_related("drafter")
    page = Paginator(papers.order_by("-created_at", "-pk"), ROWS).get_page(request.GET.get("page"))
    values = {
        "page": page,
        "rows": [(paper, *_next_act(who, paper)) for paper in page],
        "title": GROUPS[group][0],
        "counters": [
            {
                "label": label,
                "count": counts[key],
                "url": f"{reverse('documents:drafts')}?nhom={key}",
                "current": key == group,
            }
            for key, (label, _condition) in GROUPS.items()
        ],
        "may_write": bool(writing_for(who)),
    }
    return render(request, "documents/drafts.html", values)


_BEFORE_ISSUE = (State.DRAFT, State.SUBMITTED, State.SIGNED, State.NUMBERED)
_ACTS = (
    (Action.EDIT, "draft", gettext_lazy("Edit")),
    (Action.SIGN, "sign", gettext_lazy("Sign")),
    (Action.NUMBER, "issue", gettext_lazy("Number and issue")),
    (Action.ISSUE, "issue", gettext_lazy("Issue")),
)


def _next_act(who: access.Standing, paper: Dispatch) -> tuple[str, str]:
    """Return label and address of what this person may do next; "" and the paper's page without."""
    for action, name, label in _ACTS:
        if access.may(who, action, paper):
            return str(label), reverse(f"documents:{name}", args=[paper.pk])
    return "", reverse("documents:dispatch", args=[paper.pk])


@require_POST
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a paper that replaces an issued one: its type, field, subject and printed lines.

    The text is not taken over, and neither is a deadline: what the new paper says is written anew.
    """
    at = clock.now()
    who = access.standing_of(request)
    old = access.get_or_404(who, pk)
    _require_replaceable(who, old)
    at_the_edge()
    new = lifecycle.draft(agency=old.registering_agency, type=old.type, by=request.user, at=at)
    lifecycle.save_draft(
        dispatch=new,
        by=request.user,
        at=at,
        seen_edits=new.edits,
        values={"subject": old.subject, "field": old.field},
        text="",
        lines=_printed_lines(old),
        citations=[
            CitationDraft(
                code=old.code,
                kind=CitationKind.REPLACES,
                issued_on=old.issued_on,
                target=old.pk,
            )
        ],
    )
    messages.success(
        request, _("A new draft is begun. It replaces %(code)s when it is issued.") % {"code": old}
    )
    return redirect("documents:draft", pk=new.pk)


def _require_replaceable(who: access.Standing, old: Dispatch) -> None:
    if old.registering_agency_id not in {agency.pk for agency in writing_for(who)}:
        raise NotPermitted([no_writer()])
    if old.from_outside or not old.in_force:
        raise WrongState(
            [Reason("state", _("Only a paper of this agency that is in force is replaced."))]
        )


def _printed_lines(old: Dispatch) -> list[lifecycle.LineDraft]:
    lines = old.lines.filter(wave=1).order_by("order").prefetch_related("agencies", "lists")
    return [
        lifecycle.LineDraft(
            line.text_as_printed,
            LineRole(line.role),
            Tone(line.tone),
            line.as_above,
            [each.pk for each in line.agencies.all()],
            [each.pk for each in line.lists.all()],
        )
        for line in lines
    ]
