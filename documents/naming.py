"""What an agency was called when a paper was made: lists and slips keep the name of that day."""

from datetime import date

from agencies.models import Agency
from documents.models import Dispatch


def name_at(agency: Agency, day: date | None) -> str:
    """Return the short name that the agency bore that day (no query when names are fetched)."""
    name = agency.name_on(day) if day else None
    return name.short_name if name else str(agency)


def issuer_of(dispatch: Dispatch) -> str:
    """Return who issued it: as the paper prints it, or the agency's name on its date."""
    if dispatch.issuer_as_printed:
        return dispatch.issuer_as_printed
    issuer = dispatch.issuing_agency
    return name_at(issuer, dispatch.issued_on) if issuer else ""
