"""What a calendar shows of what a person may see: his agencies', one agency's, or what is for all."""

from django.db.models import Q, QuerySet

from documents.access import Standing
from seminars import access
from seminars.choices import Answer, FeedScope, SeminarState, Visibility
from seminars.models import Seminar


def shown_in(scope: str, who: Standing, *, agency: int | None = None) -> "QuerySet[Seminar]":
    """Return what has a day and is no draft, without what the person's agencies declined."""
    rows = access.visible_to(who).exclude(state=SeminarState.DRAFT).filter(day__isnull=False)
    if scope == FeedScope.EVERYBODY:
        return rows.filter(visibility=Visibility.EVERYBODY)
    invitations = access.invitations_seen_by(who).exclude(answer=Answer.DECLINED)
    if scope == FeedScope.AGENCY:
        invited = invitations.filter(agency=agency).values("seminar")
        return rows.filter(Q(agency=agency) | Q(pk__in=invited))
    invited = invitations.values("seminar")
    return rows.filter(Q(agency__in=who.readers_of) | Q(pk__in=invited))
