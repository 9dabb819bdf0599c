"""The outgoing register: every number of the agency, given or voided, and what became of it."""

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.choices import Role
from agencies.letters import fold
from agencies.models import Agency
from documents import access, exports, following, numbering
from documents.choices import (
    ACKNOWLEDGED,
    CirculationState,
    LineRole,
    NumberState,
    RegisterKind,
)
from documents.forms.following import OpenRegisterForm, RegisterFilter
from documents.forms.reasons import show_reasons
from documents.models import Circulation, Dispatch, Register, RegisterEntry
from documents.models.circulation import LIVE
from documents.refusals import WrongState

PAGE = 25


def entries_for(who: access.Standing) -> QuerySet[RegisterEntry]:
    """Return the numbers of the person's agencies: the office sees all, others what they may read.

    A number whose paper one may not read would tell that the paper exists.
    """
    of_office = Q(register__agency__in=who.office_of)
    readable = Q(dispatch__in=access.visible_to(who), register__agency__in=who.readers_of)
    return RegisterEntry.objects.filter(
        of_office | readable, register__kind=RegisterKind.OUTGOING
    ).select_related("register", "dispatch__type", "dispatch__issuing_agency", "voided_by")


def _count(condition: Q) -> Coalesce:
    """Count as the matrix does: an agency to which a returned paper was sent again is one."""
    rows = following.newest().filter(condition, dispatch=OuterRef("dispatch")).order_by()
    counted = rows.values("dispatch").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def _with_counts(rows: QuerySet[RegisterEntry]) -> QuerySet[RegisterEntry]:
    owing = Q(role=LineRole.TO, expectation__in=ACKNOWLEDGED)
    return rows.annotate(
        sent=_count(Q()),
        owing=_count(owing),
        acknowledged=_count(owing & Q(acknowledged_at__isnull=False)),
        returned=_count(Q(state=CirculationState.RETURNED)),
    ).prefetch_related("dispatch__lines")


def _filtered(form: RegisterFilter, rows: QuerySet[RegisterEntry]) -> QuerySet[RegisterEntry]:
    form.is_valid()
    chosen = form.cleaned_data
    if chosen.get("register"):
        rows = rows.filter(register=chosen["register"])
    for word in fold(chosen.get("words", "")).split():
        rows = rows.filter(dispatch__find_key__contains=word)
    if chosen.get("from_on"):
        rows = rows.filter(on__gte=chosen["from_on"])
    if chosen.get("to_on"):
        rows = rows.filter(on__lte=chosen["to_on"])
    if chosen.get("recipient"):
        named = Circulation.objects.filter(
            dispatch=OuterRef("dispatch"), agency__find_key__contains=fold(chosen["recipient"])
        )
        rows = rows.filter(Exists(named))
    return _in_status(rows, chosen.get("status", ""))


def _in_status(rows: QuerySet[RegisterEntry], status: str) -> QuerySet[RegisterEntry]:
    circulations = Circulation.objects.filter(dispatch=OuterRef("dispatch"))
    if status == "owing":
        return rows.filter(
            Exists(
                circulations.filter(
                    LIVE, expectation__in=ACKNOWLEDGED, acknowledged_at__isnull=True
                )
            )
        )
    if status == "returned":
        newest = following.newest().filter(dispatch=OuterRef("dispatch"))
        return rows.filter(Exists(newest.filter(state=CirculationState.RETURNED)))
    if status == "recalled":
        return rows.filter(dispatch__recalled_at__isnull=False)
    if status == "voided":
        return rows.filter(state=NumberState.VOIDED)
    return rows


def _list(request: HttpRequest) -> tuple[RegisterFilter, QuerySet[RegisterEntry]]:
    who = access.standing_of(request)
    registers = Register.objects.filter(
        agency__in=who.readers_of, kind=RegisterKind.OUTGOING
    ).order_by("-year", "name")
    form = RegisterFilter(request.GET or None, registers=registers)
    rows = entries_for(who)
    return form, _filtered(form, rows) if form.is_bound else rows


@require_safe
def outgoing(request: HttpRequest) -> HttpResponse:
    """Show the register, newest number first."""
    form, rows = _list(request)
    ordered = _with_counts(rows).order_by("-register__year", "-number", "-pk")
    page = Paginator(ordered, PAGE).get_page(request.GET.get("page"))
    suffix = f"?{request.GET.urlencode()}" if request.GET else ""
    links = [
        {"label": _("Print on A4"), "url": reverse("documents:outgoing_print") + suffix},
        {"label": _("Export XLSX"), "url": reverse("documents:outgoing_xlsx") + suffix},
    ]
    who = access.standing_of(request)
    return render(
        request,
        "documents/outgoing.html",
        {
            "form": form,
            "page": page,
            "links": links,
            "may_write": bool(who.readers_of),
            "is_clerk": any(held.role == Role.CLERK for held in who.authorities),
        },
    )


#: The ten columns of the outgoing register: Decree 30/2020, Appendix IV.
def _heading() -> list[str]:
    return [
        _("Number and symbol"),
        _("Date"),
        _("Type and subject"),
        _("Signer"),
        _("Recipients"),
        _("Holder of the file copy"),
        _("Number of copies"),
        _("Date of passing on"),
        _("Received by (signature)"),
        _("Remarks"),
    ]


def _row(entry: RegisterEntry) -> list[str]:
    if entry.state == NumberState.VOIDED or not hasattr(entry, "dispatch"):
        voided = _("Voided %(on)s: %(reason)s") % {
            "on": f"{clock.day_of(entry.voided_at):%d/%m/%Y}" if entry.voided_at else "",
            "reason": entry.reason,
        }
        return [f"{entry.number:02d}", f"{entry.on:%d/%m/%Y}", *[""] * 7, voided]
    dispatch: Dispatch = entry.dispatch
    lines = [line for line in dispatch.lines.all() if line.role != LineRole.ARCHIVE]
    kept = [str(line) for line in dispatch.lines.all() if line.role == LineRole.ARCHIVE]
    return [
        dispatch.code,
        f"{entry.on:%d/%m/%Y}",
        f"{dispatch.type}: {dispatch.subject}",
        dispatch.signer_as_printed or _("not in the source"),
        "; ".join(str(line) for line in lines),
        "; ".join(kept),
        str(entry.sent),  # type: ignore[attr-defined]
        f"{clock.day_of(dispatch.issued_at):%d/%m/%Y}" if dispatch.issued_at else "",
        "",
        _("Recalled") if dispatch.recalled_at else "",
    ]


@require_safe
def outgoing_print(request: HttpRequest) -> HttpResponse:
    """The register on A4, landscape, in the ten columns of the decree, oldest number first."""
    form, rows = _list(request)
    entries = list(_with_counts(rows).order_by("register__year", "number", "pk")[:2000])
    who = access.standing_of(request)
    agency = entries[0].register.agency if entries else None
    return render(
        request,
        "documents/outgoing_print.html",
        {
            "heading": _heading(),
            "rows": [_row(entry) for entry in entries],
            "agency": agency,
            "first": entries[0] if entries else None,
            "last": entries[-1] if entries else None,
            "who": who.user,
            "form": form,
        },
    )


@require_safe
def outgoing_xlsx(request: HttpRequest) -> HttpResponse:
    """The list as filtered, as a spreadsheet."""
    _form, rows = _list(request)
    ordered = _with_counts(rows).order_by("register__year", "number", "pk")

    def lines() -> Iterator[list[str]]:
        for entry in ordered.iterator(chunk_size=500):
            yield _row(entry)

    return exports.workbook(request, name="so-van-ban-di", heading=_heading(), rows=lines())


def registers(request: HttpRequest) -> HttpResponse:
    """The registers that the clerk keeps; open a new one, with its first number."""
    who = access.standing_of(request)
    own = [held.agency for held in who.authorities if held.role == Role.CLERK]
    agency = next(
        (each for each in own if str(each.pk) == request.POST.get("agency")),
        own[0] if own else None,
    )
    form = OpenRegisterForm(request.POST or None, initial={"year": clock.today().year})
    status = 200
    if request.method == "POST":
        clerk = access.require_role(who, agency.pk if agency else 0, frozenset({Role.CLERK}))
        if form.is_valid() and _open(form, clerk.agency):
            return redirect("documents:registers")
        status = 422
    kept = Register.objects.filter(agency__in=own).prefetch_related("document_types")
    return render(
        request,
        "documents/registers.html",
        {"form": form, "registers": kept.order_by("-year", "kind", "name"), "agencies": own},
        status=status,
    )


def _open(form: OpenRegisterForm, agency: Agency) -> bool:
    values = form.cleaned_data
    try:
        numbering.open_register(
            agency=agency,
            kind=RegisterKind(values["kind"]),
            name=values["name"],
            year=values["year"],
            opening_number=values["opening_number"],
            types=tuple(values["types"]),
        )
    except WrongState as refused:
        show_reasons(form, refused)
        return False
    return True
