"""Why somebody reads a dispatch, in words: the gate's own reasons."""

from datetime import datetime

from django.utils.translation import gettext as _

from agencies.choices import Audience
from agencies.models import User
from documents.access import before_the_office, circulations_read_by
from documents.choices import LineRole, State
from documents.models import AgencyGrant, Dispatch, Grant
from documents.standing import Standing, resolved


def reasons_for(
    user: User | Standing, dispatch: Dispatch, *, at: datetime | None = None
) -> list[str]:
    """Return, in words, each reason for which the person reads this dispatch."""
    who = resolved(user, at)
    reasons: list[str] = []
    home = dispatch.registering_agency_id
    if (home, dispatch.drafter_id) in who.members:
        reasons.append(_("It was drafted by you, or by somebody whom you stand in for."))
    if _read_at_home(who, dispatch):
        reasons.append(_("%(agency)s registered it.") % {"agency": dispatch.registering_agency})
    rows = circulations_read_by(who).filter(dispatch=dispatch).select_related("agency")
    for row in rows.prefetch_related("lines"):
        line = next((str(line) for line in row.lines.all()), "")
        text = (
            _("%(agency)s is addressed, in the line “%(line)s”.")
            if row.role == LineRole.TO
            else _("%(agency)s receives a copy, in the line “%(line)s”.")
        )
        reasons.append(text % {"agency": row.agency, "line": line})
    for grant in Grant.objects.filter(pk__in=who.grants, content_object=dispatch):
        reasons.append(_("You were named: %(cause)s") % {"cause": grant.cause})
    for given in AgencyGrant.objects.filter(pk__in=who.agency_grants, dispatch=dispatch):
        reasons.append(_("Your agency was named: %(cause)s") % {"cause": given.cause})
    return reasons


def _read_at_home(who: Standing, dispatch: Dispatch) -> bool:
    """Say whether the person reads it as one of the agency that registers it."""
    home = dispatch.registering_agency_id
    if home in who.office_of:
        return before_the_office(dispatch)
    issued_to_all = dispatch.state == State.ISSUED and dispatch.audience == Audience.AGENCY
    return issued_to_all and home in who.readers_of
