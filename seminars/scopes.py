"""What a calendar shows of what a person may see: his agencies', one agency's, or what is for all."""

from django.db.models import Q, QuerySet

from documents.access import Standing
from seminars import access
from seminars.choices import Answer, FeedScope, SeminarState, Visibility
from seminars.models import Seminar


def shown_in(
    scope: str, who: Standing, *, agency: int | None = None, of_years: bool = False
) -> "QuerySet[Seminar]":
    """Return what has a day and is no draft, without what the person's agencies declined.

    `of_years`: the caller asks for more than some weeks. The database then begins at what is theirs;
    else it begins at the days, where that set of ids would be made for nothing.
    """
    rows = access.visible_to(who).exclude(state=SeminarState.DRAFT).filter(day__isnull=False)
    if scope == FeedScope.EVERYBODY:
        return rows.filter(visibility=Visibility.EVERYBODY)
    invited = access.invitations_seen_by(who).exclude(answer=Answer.DECLINED)
    if scope == FeedScope.AGENCY:
        own, invited = Q(agency=agency), invited.filter(agency=agency)
    else:
        own = Q(agency__in=who.readers_of)
    if not of_years:
        return rows.filter(own | Q(pk__in=invited.values("seminar")))
    held = Seminar.objects.filter(own).order_by().values("pk")
    return rows.filter(pk__in=held.union(invited.order_by().values("seminar")))
