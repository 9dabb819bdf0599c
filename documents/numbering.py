"""Numbers: drawn under a lock, dense, never given twice, voided with a reason.

Decree 30/2020, article 15: a series runs from 01 on 1 January to 31 December, in the order of issue.
"""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, User
from agencies.refusals import Reason
from documents.choices import NumberState, RegisterKind, TypeFamily
from documents.models import Dispatch, DocumentType, Register, RegisterEntry
from documents.refusals import Incomplete, WrongState


def register_for(*, agency: Agency, type: DocumentType, kind: RegisterKind, on: date) -> Register:
    """Return the series that numbers papers of this type in that year.

    On the first use in a new year the series of the last year is continued from 1.

    Raises: Incomplete when the agency keeps no series for the type.
    """
    found = series_of(agency=agency, type=type, kind=kind, on=on)
    if found is None:
        raise Incomplete([no_register(agency=agency, type=type, on=on)])
    return found if found.year == on.year else _continue(found, on.year)


def series_of(
    *, agency: Agency, type: DocumentType, kind: RegisterKind, on: date
) -> Register | None:
    """Return the series that the agency keeps for the type: of that year, else the last before it.

    A series that names the type wins over the one that takes the rest. Opens none.
    """
    kept = Register.objects.filter(agency=agency, kind=kind).order_by("-year", "pk")
    for series in (kept.filter(year=on.year), kept.filter(year__lt=on.year)):
        found = (
            series.filter(document_types=type).first()
            or series.filter(document_types__isnull=True).first()
        )
        if found:
            return found
    return None


def no_register(*, agency: Agency, type: DocumentType, on: date) -> Reason:
    return Reason(
        "no_register",
        _("%(agency)s keeps no register for “%(type)s” in %(year)s.")
        % {"agency": agency, "type": type, "year": on.year},
    )


def _continue(old: Register, year: int) -> Register:
    """Open the new year's series after the old one's pattern; two clerks at once open one."""
    try:
        with transaction.atomic():
            new = Register.objects.create(
                agency=old.agency, kind=old.kind, name=old.name, year=year
            )
            new.document_types.set(old.document_types.all())
            return new
    except IntegrityError:
        return Register.objects.get(agency=old.agency, kind=old.kind, name=old.name, year=year)


def take(register: Register, *, on: date, by: User, at: datetime) -> RegisterEntry:
    """Draw the next number of the series, inside the transaction that uses it.

    The locked row is the counter: a transaction that fails gives its number back, so that there is
    neither a gap nor a number given twice.

    Raises: WrongState when the series is of another year than `on`.
    """
    locked = Register.objects.select_for_update().get(pk=register.pk)
    if locked.year != on.year:
        raise WrongState(
            [
                Reason(
                    "register_year",
                    _("The register “%(register)s” does not take papers of %(year)s.")
                    % {"register": locked, "year": on.year},
                )
            ]
        )
    locked.last_number += 1
    locked.save(update_fields=["last_number"])
    register.last_number = locked.last_number
    return RegisterEntry.objects.create(
        register=locked, number=locked.last_number, on=on, given_by=by, given_at=at
    )


def void(entry: RegisterEntry, *, reason: str, by: User, at: datetime) -> None:
    """Void a number. It stays in the register with its reason and is never given again."""
    entry.state = NumberState.VOIDED
    entry.reason = reason
    entry.voided_by = by
    entry.voided_at = at
    entry.save(update_fields=["state", "reason", "voided_by", "voided_at"])


def open_register(
    *,
    agency: Agency,
    kind: RegisterKind,
    name: str,
    year: int,
    opening_number: int = 1,
    types: tuple[DocumentType, ...] = (),
) -> Register:
    """Open a series, or move the first number of one that has given none yet.

    Raises: WrongState when numbers were already given and the first number would change.
    """
    register, created = Register.objects.get_or_create(
        agency=agency, kind=kind, name=name, year=year, defaults={"opening_number": opening_number}
    )
    if not created and register.opening_number != opening_number:
        with transaction.atomic():
            locked = Register.objects.select_for_update().get(pk=register.pk)
            if locked.entries.exists():
                raise WrongState(
                    [
                        Reason(
                            "numbers_given",
                            _("Number %(number)s of “%(register)s” is already used.")
                            % {"number": locked.last_number, "register": locked},
                        )
                    ]
                )
            locked.opening_number = opening_number
            locked.last_number = opening_number - 1
            locked.save(update_fields=["opening_number", "last_number"])
            register = locked
    if types:
        register.document_types.set(types)
    return register


def symbol_of(dispatch: Dispatch, *, on: date) -> str:
    """Compose the symbol as the decree says (Decree 30/2020, Appendix I, II.3; Appendix III).

    A công văn bears the agency and the field (`UBND-NC`), a named type the type and the agency
    (`QĐ-UBND`). Case is kept: CTr, TTr, QyĐ.
    """
    agency = dispatch.issuing_agency
    name = agency.name_on(on) if agency else None
    abbreviation = name.abbreviation if name else ""
    if not dispatch.type.abbreviation:
        return f"{abbreviation}-{dispatch.field.code}" if dispatch.field else abbreviation
    return f"{dispatch.type.abbreviation}-{abbreviation}"


def compose_code(dispatch: Dispatch, *, number: int, on: date) -> str:
    """Compose số, ký hiệu: below ten with a leading zero; no spaces; the year in legal instruments."""
    symbol = symbol_of(dispatch, on=on)
    if dispatch.type.family == TypeFamily.LEGAL:
        return f"{number:02d}/{on.year}/{symbol}"
    return f"{number:02d}/{symbol}"
