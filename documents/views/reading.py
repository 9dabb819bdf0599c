"""The page of one dispatch, and its files."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.choices import DeputyScope
from agencies.edge import at_the_edge
from documents import access, following, ladder, lifecycle, why
from documents.choices import Action, CitationKind, DueSource, LineRole, State
from documents.files import serving
from documents.forms.receiving import AnswerRecallForm
from documents.lifecycle.drafting import WRITERS
from documents.models import AddresseeLine, Attachment, Citation, Dispatch, DispatchVersion
from documents.naming import issuer_of
from documents.owed import Act, acting_for


@require_safe
def dispatch(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a dispatch to whoever may read it; at a recipient this is what "opened" means."""
    at = clock.now()
    who = access.standing_of(request)
    found = access.get_or_404(who, pk)
    if _is_a_look(request) and found.state == State.ISSUED:
        at_the_edge()
        for row in access.circulations_read_by(who).filter(dispatch=found).order_by("pk"):
            lifecycle.open_text(circulation=row, by=who.user, at=at)
    return page(request, found)


#: Where browsers say that they only fetch ahead; the last two are those of older ones.
_PURPOSES = ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose")


def _is_a_look(request: HttpRequest) -> bool:
    """Tell a person who looks from a HEAD, a prefetch, a preview or a script.

    "Opened" is evidence, and nobody's machine may give it (security T19).
    """
    purpose = any(request.headers.get(name) for name in _PURPOSES)
    destination = request.headers.get("Sec-Fetch-Dest", "document")
    return request.method == "GET" and not purpose and destination == "document"


def page(
    request: HttpRequest,
    found: Dispatch,
    *,
    recall_form: tuple[int, AnswerRecallForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page; `recall_form` is (circulation, form with errors) after a refused answer."""
    at = clock.now()
    who = access.standing_of(request)
    version = shown_version(found)
    blocks = ladder.blocks_for(who, found, version, at=at)
    for block in blocks:
        pk = block.circulation.pk
        bound = recall_form[1] if recall_form and recall_form[0] == pk else None
        block.form = bound or AnswerRecallForm(auto_id=f"id_{pk}_%s")
    acts = _home_acts(who, found)
    lines = _lines(who, found, blocks)
    values = {
        "dispatch": found,
        "issuer": issuer_of(found),
        "version": version,
        "versions": found.versions.filter(_shown_versions(found)).order_by("-no"),
        "blocks": blocks,
        "arrivals": [block for block in blocks if block.circulation.arrival_number],
        "acts": acts,
        "filled_home": bool(acts) and not any(block.filled for block in blocks),
        "may_replace": _may_replace(who, found),
        "files": _files(found, version),
        "lines": lines,
        "citations": _citations(who, found),
        "replacement": _replacement(who, found),
        "signer": _signer(found),
        "due_missing": found.due_source == DueSource.NONE,
        "why": why.reasons_for(who, found, at=at),
    }
    return render(request, "documents/dispatch.html", values, status=status)


# -- Versions and files -----------------------------------------------------------------------


def _shown_versions(found: Dispatch) -> Q:
    """An issued paper is its issued versions; before that, its house sees the current one."""
    return Q(issued_at__isnull=False) if found.state == State.ISSUED else Q()


def shown_version(found: Dispatch) -> DispatchVersion:
    """Return the newest version that readers see (one query)."""
    return found.versions.filter(_shown_versions(found)).order_by("-no")[0]


def _files(found: Dispatch, version: DispatchVersion) -> list[dict[str, Any]]:
    rows = []
    for each in version.attachments.all():
        pages = _("%(n)s pages") % {"n": each.pages} if each.pages else ""
        rows.append(
            {
                "name": each.name,
                "url": reverse("documents:file", args=[found.pk, each.pk]),
                "note": ", ".join(filter(None, [each.get_role_display(), pages])),
                "bytes": each.size,
                "digest": each.sha256,
            }
        )
    return rows


@require_safe
def file(request: HttpRequest, pk: int, attachment: int) -> HttpResponseBase:
    """Serve a file of a dispatch: first the gate, then everything else."""
    found = access.get_or_404(access.standing_of(request), pk)
    files = Attachment.objects.filter(version__dispatch=found, pk=attachment)
    if found.state == State.ISSUED:
        files = files.filter(version__issued_at__isnull=False)
    else:
        files = files.filter(version=found.current_version)
    row = files.first()
    if row is None:
        raise Http404
    return serving.serve(request, row)


# -- What the page says -----------------------------------------------------------------------


def _lines(
    who: access.Standing, found: Dispatch, blocks: list[ladder.Block]
) -> dict[str, list[AddresseeLine]]:
    """The addressee lines as printed; later ones only to the sender and to whom they brought it."""
    own = {line.pk for block in blocks for line in block.circulation.lines.all()}
    at_home = found.registering_agency_id in who.readers_of
    shown: dict[str, list[AddresseeLine]] = {"to": [], "copy": [], "archive": [], "later": []}
    for line in found.lines.order_by("order"):
        if line.wave == 1:
            shown[LineRole(line.role).value].append(line)
        elif at_home or line.pk in own:
            shown["later"].append(line)
    return shown


def _citations(who: access.Standing, found: Dispatch) -> list[dict[str, Any]]:
    """What it cites, and the papers citing it: those that the reader may see are links.

    A paper that cites this one is not even named to whom it is not addressed.
    """
    cited = list(found.citations.select_related("target").order_by("kind", "pk"))
    citing = list(
        Citation.objects.filter(target=found, dispatch__state=State.ISSUED)
        .select_related("dispatch")
        .order_by("kind", "pk")
    )
    wanted = {each.target_id for each in cited} | {each.dispatch_id for each in citing}
    readable = set(
        access.visible_to(who).filter(pk__in=wanted - {None}).values_list("pk", flat=True)
    )
    rows = [
        {
            "name": each.get_kind_display(),
            "code": each.code,
            "title": each.title,
            "on": each.issued_on,
            "pk": each.target_id if each.target_id in readable else None,
        }
        for each in cited
    ]
    names = {
        CitationKind.CITES: _("Cited by"),
        CitationKind.IMPLEMENTS: _("Implemented by"),
        CitationKind.REPLIES_TO: _("Answered by"),
        CitationKind.REPLACES: _("Replaced by"),
        CitationKind.AMENDS: _("Amended by"),
        CitationKind.CORRECTS: _("Corrected by"),
    }
    return rows + [
        {
            "name": names[CitationKind(each.kind)],
            "code": each.dispatch.code,
            "title": "",
            "on": each.dispatch.issued_on,
            "pk": each.dispatch_id,
        }
        for each in citing
        if each.dispatch_id in readable
    ]


def _replacement(who: access.Standing, found: Dispatch) -> dict[str, Any] | None:
    new = found.replaced_by
    if new is None:
        return None
    readable = access.visible_to(who).filter(pk=new.pk).exists()
    return {"code": new.code, "on": new.issued_on, "pk": new.pk if readable else None}


def _signer(found: Dispatch) -> str:
    """What the paper prints of its signer; empty when it prints nothing."""
    parts = [
        found.get_capacity_display() if found.capacity else "",
        found.signer_title,
        found.signer_as_printed,
    ]
    return ", ".join(filter(None, parts))


# -- What the registering side may do ----------------------------------------------------------


def _home_acts(who: access.Standing, found: Dispatch) -> list[Act]:
    """The acts of the agency that registers it, the one that comes next first."""
    sent = found.state == State.ISSUED and following.recipients_of(found).exists()
    live = found.recalled_at is None
    wanted = [
        (Action.EDIT, "draft", _("Edit the draft"), True),
        (Action.SIGN, "sign", _("Sign"), True),
        (Action.NUMBER, "issue", _("Number and issue"), True),
        (Action.ISSUE, "issue", _("Issue"), True),
        (Action.TRACK, "track", _("Follow the recipients"), sent),
        (Action.SEND_BACK, "send_back", _("Send back to the drafter"), True),
        (Action.VOID, "void", _("Void the number"), True),
        (Action.CIRCULATE, "circulate", _("Send to further agencies"), live),
        (Action.UPDATE, "update", _("Add forgotten files"), live),
        (Action.GRANT, "grant", _("Let somebody else read"), live),
        (Action.RECALL, "recall", _("Recall"), live and sent),
    ]
    return [
        Act(label, reverse(f"documents:{name}", args=[found.pk]))
        for action, name, label, fits in wanted
        if fits and access.may(who, action, found)
    ]


def _may_replace(who: access.Standing, found: Dispatch) -> bool:
    home = acting_for(who, WRITERS, DeputyScope.OUTGOING)
    return found.in_force and not found.from_outside and found.registering_agency_id in home
