"""The page of a draft: its three forms, what they say to the verbs, and what stands around them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies import clock
from agencies.models import Agency, DistributionList
from agencies.refusals import Reason
from documents import access, addressing, line_reading
from documents.choices import Action, FileRole, LineRole, Tone
from documents.forms.drafting import (
    LONGEST_LINE,
    CitationRows,
    DraftForm,
    LineRows,
    stored_citation,
    stored_draft,
    stored_line,
)
from documents.lifecycle import LineDraft
from documents.lifecycle.drafting import CitationDraft
from documents.line_reading import Names, Proposal
from documents.models import Dispatch
from documents.views import unsaved

#: Reasons of the verbs that speak of a field under another name on this page.
_FIELD_OF = {"due_at": "due_on"}


@dataclass
class Pending:
    """A name that was typed and means nothing, or several things: the person chooses."""

    typed: str
    offered: Proposal


@dataclass
class Sheet:
    """The three forms of one draft."""

    form: DraftForm
    lines: BaseFormSet
    citations: BaseFormSet

    @classmethod
    def posted(cls, data: QueryDict, files: Any = None) -> "Sheet":
        return cls(
            DraftForm(data, files),
            LineRows(data, prefix="line"),
            CitationRows(data, prefix="citation"),
        )

    @classmethod
    def stored(cls, dispatch: Dispatch, *, bound: bool = False) -> "Sheet":
        """Return the draft as it is saved; `bound` where errors are to be added to it."""
        values = stored_draft(dispatch, dispatch.current_version.text)
        lines = dispatch.lines.prefetch_related("agencies", "lists")
        return cls(
            DraftForm(values) if bound else DraftForm(initial=values),
            LineRows(prefix="line", initial=[stored_line(line) for line in lines]),
            CitationRows(
                prefix="citation",
                initial=[stored_citation(each) for each in dispatch.citations.order_by("pk")],
            ),
        )

    def is_valid(self) -> bool:
        return all(each.is_valid() for each in (self.form, self.lines, self.citations))

    @property
    def items(self) -> list[dict[str, str]]:
        """What is to be corrected in the rows, each with the address of its field."""
        return [
            {"url": f"#{form[name].id_for_label}", "label": form[name].label, "message": message}
            for rows in (self.lines, self.citations)
            if rows.is_bound
            for form in rows.forms
            for name, messages in form.errors.items()
            if name in form.fields
            for message in messages
        ]


# -- From the page to the verbs -----------------------------------------------------------------


@dataclass
class Lines:
    """The lines to be saved, and by their place (from 0) the names still to be chosen."""

    drafts: list[LineDraft] = field(default_factory=list)
    pending: dict[int, Pending] = field(default_factory=dict)


def read_lines(
    sheet: Sheet,
    names: Names,
    *,
    owner: int,
    drop: int | None = None,
    confirm: bool = False,
    settle: bool = True,
) -> Lines:
    """Return what the line rows say. `sheet` is valid.

    `drop` leaves one row out. `confirm`: the person accepts the one meaning that each line has.
    `settle` looks up the names just typed and takes the pasted block; saving by itself does not,
    because a name may be half typed.
    """
    found = Lines()
    allowed = _existing(sheet, owner=owner)
    for place, form in enumerate(sheet.lines.forms):
        if place == drop or form.blank:
            continue
        given = form.cleaned_data
        agencies = [pk for pk in given["agencies"] if pk in allowed[0]]
        lists = [pk for pk in given["lists"] if pk in allowed[1]]
        text, typed = line_reading.bare(given["text"]), given["add"]
        role, as_above = LineRole(given["role"]), given["as_above"]
        if typed and settle:
            _add(typed, names, agencies, lists, found)
        if confirm and text and not (agencies or lists or as_above or role == LineRole.ARCHIVE):
            reading = names.read(text)
            if reading.certain:
                role, as_above = reading.role or role, reading.as_above
                agencies = [each.pk for each in reading.proposal.agencies]
                lists = [each.pk for each in reading.proposal.lists]
        text = text or _called(agencies, lists, names) or (typed if settle else "")
        if not text:
            continue
        found.drafts.append(LineDraft(text, role, Tone(given["tone"]), as_above, agencies, lists))
    if settle:
        for piece in line_reading.pieces(sheet.form.cleaned_data.get("paste", "")):
            found.drafts.append(LineDraft(piece.text, piece.role, as_above=piece.as_above))
    return found


def _existing(sheet: Sheet, *, owner: int) -> tuple[set[int], set[int]]:
    """Return which of the posted agencies exist, and which lists the agency owns (two queries).

    Agencies that have ended stay: the page says who followed them.
    """
    rows = [form.cleaned_data for form in sheet.lines.forms if not form.blank]
    agencies = {pk for row in rows for pk in row["agencies"]}
    lists = {pk for row in rows for pk in row["lists"]}
    return (
        set(Agency.objects.filter(pk__in=agencies).values_list("pk", flat=True)),
        set(
            DistributionList.objects.filter(pk__in=lists, owner=owner).values_list("pk", flat=True)
        ),
    )


def _add(typed: str, names: Names, agencies: list[int], lists: list[int], found: Lines) -> None:
    exact = names.named(typed)
    if len(exact.agencies) + len(exact.lists) == 1:
        agencies += [each.pk for each in exact.agencies if each.pk not in agencies]
        lists += [each.pk for each in exact.lists if each.pk not in lists]
    else:
        found.pending[len(found.drafts)] = Pending(typed, names.find(typed))


def _called(agencies: list[int], lists: list[int], names: Names) -> str:
    bodies = [str(names.agencies[pk]) for pk in agencies if pk in names.agencies]
    groups = [str(names.lists[pk]) for pk in lists if pk in names.lists]
    return ", ".join(groups + bodies)[:LONGEST_LINE]


def read_citations(
    sheet: Sheet, who: access.Standing, *, drop: int | None = None
) -> list[CitationDraft]:
    """Return what is cited; a code is tied to a dispatch only where the writer may read that one.

    Two papers of one code are told apart by the date; otherwise the code stays text (two queries).
    """
    rows = [
        form.cleaned_data
        for place, form in enumerate(sheet.citations.forms)
        if place != drop and not form.blank
    ]
    codes = {row["code"] for row in rows}
    readable = access.visible_to(who).filter(code__in=codes) if codes else ()
    known: dict[str, list[Dispatch]] = {}
    for paper in readable:
        known.setdefault(paper.code, []).append(paper)
    return [
        CitationDraft(
            code=row["code"],
            kind=row["kind"],
            title=row["title"],
            issued_on=row["issued_on"],
            target=_target(row, known.get(row["code"], [])),
        )
        for row in rows
    ]


def _target(row: Mapping[str, Any], candidates: list[Dispatch]) -> int | None:
    chosen = [each.pk for each in candidates if each.pk == row["target"]]
    same_day = [each.pk for each in candidates if row["issued_on"] in (None, each.issued_on)]
    fitting = chosen or same_day
    return fitting[0] if len(fitting) == 1 else None


# -- From the draft to the page -----------------------------------------------------------------


def show_stored(
    request: HttpRequest,
    dispatch: Dispatch,
    *,
    at: datetime,
    reasons: Iterable[Reason] = (),
    pending: Mapping[int, Pending] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the draft as it is saved, with what is still to be chosen or corrected."""
    about_lines = [str(reason.message) for reason in reasons if reason.code == "lines"]
    others = [reason for reason in reasons if reason.code != "lines"]
    sheet = Sheet.stored(dispatch, bound=bool(others))
    if others:
        add_reasons(sheet, others)
    return show(
        request, dispatch, sheet, at=at, pending=pending, about_lines=about_lines, status=status
    )


def add_reasons(sheet: Sheet, reasons: Iterable[Reason]) -> None:
    """Put each reason at its field, or above the form."""
    sheet.form.is_valid()
    for reason in reasons:
        name = _FIELD_OF.get(reason.code, reason.code)
        sheet.form.add_error(name if name in sheet.form.fields else None, str(reason.message))


def show(
    request: HttpRequest,
    dispatch: Dispatch,
    sheet: Sheet,
    *,
    at: datetime,
    pending: Mapping[int, Pending] | None = None,
    about_lines: Sequence[str] = (),
    conflict: bool = False,
    kept_at: datetime | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page. `conflict`: what is typed was not saved, because others saved meanwhile."""
    who = access.standing_of(request)
    names = line_reading.names_on(clock.day_of(at), owner=dispatch.registering_agency_id)
    version = dispatch.current_version
    values = {
        "dispatch": dispatch,
        "version": version,
        "form": sheet.form,
        "lines": sheet.lines,
        "rows": _rows(sheet, names, pending or {}),
        "citations": sheet.citations,
        "citation_rows": _citation_rows(sheet, who),
        "files": _files(dispatch, version),
        "items": sheet.items + _line_items(pending or {}, about_lines),
        "about_lines": about_lines,
        "proposal": addressing.proposed_due(dispatch, at=at),
        "may_submit": access.may(who, Action.SUBMIT, dispatch),
        "may_discard": access.may(who, Action.DISCARD, dispatch),
        "conflict": conflict,
        "kept_at": kept_at,
        "writer": unsaved.writer_token(request, dispatch.pk),
        "file_roles": FileRole,
    }
    return render(request, "documents/draft.html", values, status=status)


def _line_items(pending: Mapping[int, Pending], about_lines: Sequence[str]) -> list[dict[str, str]]:
    items = [{"url": "#lines", "message": message} for message in about_lines]
    for place, waiting in pending.items():
        text = (
            _("“%(name)s” may mean several. Choose:")
            if waiting.offered
            else _("Nobody is called “%(name)s”.")
        )
        message = (text % {"name": waiting.typed}).rstrip(":")
        items.append({"url": f"#id_line-{place}-add", "message": message})
    return items


def _rows(sheet: Sheet, names: Names, pending: Mapping[int, Pending]) -> list[dict[str, Any]]:
    """Each line with what it stands for, checked, and what it may stand for, to be checked."""
    chosen = [(_ids(form["agencies"].value()), _ids(form["lists"].value())) for form in sheet.lines]
    bodies = {**names.agencies, **_others(Agency, chosen, 0, names.agencies)}
    groups = {**names.lists, **_others(DistributionList, chosen, 1, names.lists)}
    rows = []
    for place, form in enumerate(sheet.lines):
        agencies, lists = chosen[place]
        waiting = pending.get(place)
        settled = agencies or lists or form["as_above"].value()
        reading = line_reading.Reading()
        if not settled and form["role"].value() != LineRole.ARCHIVE:
            reading = names.read(form["text"].value() or "")
        offered = waiting.offered if waiting else reading.proposal
        rows.append(
            {
                "form": form,
                "agencies": [bodies[pk] for pk in agencies if pk in bodies],
                "lists": [groups[pk] for pk in lists if pk in groups],
                "offered_agencies": [a for a in offered.agencies if a.pk not in agencies],
                "offered_lists": [g for g in offered.lists if g.pk not in lists],
                "typed": waiting.typed if waiting else "",
                "reading": reading,
            }
        )
    return rows


def _ids(value: Any) -> list[int]:
    return [int(each) for each in value or [] if str(each).isascii() and str(each).isdigit()]


def _others(model: Any, chosen: list[Any], part: int, known: Mapping[int, Any]) -> dict[int, Any]:
    """Fetch what is chosen but bears no name of the day: agencies and lists that have ended."""
    missing = {pk for each in chosen for pk in each[part] if pk < 2**63} - known.keys()
    return model.objects.in_bulk(missing) if missing else {}


def _citation_rows(sheet: Sheet, who: access.Standing) -> list[dict[str, Any]]:
    """Each citation; where it is tied to a dispatch that the writer may read, with its address."""
    targets = [_ids([form["target"].value()]) for form in sheet.citations]
    wanted = {pk for each in targets for pk in each if pk < 2**63}
    readable = set(
        access.visible_to(who).filter(pk__in=wanted).values_list("pk", flat=True) if wanted else ()
    )
    return [
        {
            "form": form,
            "url": reverse("documents:dispatch", args=target) if set(target) & readable else "",
        }
        for form, target in zip(sheet.citations, targets, strict=True)
    ]


def _files(dispatch: Dispatch, version: Any) -> list[dict[str, Any]]:
    return [
        {
            "row": each,
            "url": reverse("documents:file", args=[dispatch.pk, each.pk]),
            "detach_url": reverse("documents:detach", args=[dispatch.pk, each.pk]),
        }
        for each in version.attachments.all()
    ]
