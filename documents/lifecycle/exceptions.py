"""Exceptions to the circulation list: each by a leader, with a cause and an end."""

from datetime import date, datetime

from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils.translation import gettext_lazy as _

import ledger.record as ledger
from agencies import clock
from agencies.models import Agency, User
from agencies.refusals import Reason
from documents import access
from documents.choices import Action
from documents.lifecycle.evidence import changed, who
from documents.models import AgencyGrant, Dispatch, Grant
from documents.refusals import Incomplete, WrongState

#: In signs, as the column has it.
LONGEST_CAUSE = 500


def _checked(dispatch: Dispatch, cause: str, to_on: date | None, at: datetime) -> Dispatch:
    found = []
    if not cause.strip():
        found.append(Reason("cause", _("State the cause.")))
    if len(cause.strip()) > LONGEST_CAUSE:
        text = _("The cause is longer than %(most)s signs.") % {"most": LONGEST_CAUSE}
        found.append(Reason("cause", text))
    if to_on is not None and to_on < clock.day_of(at):
        found.append(Reason("to_on", _("The last day lies in the past.")))
    if found:
        raise Incomplete(found)
    return Dispatch.objects.select_for_update(of=("self",)).get(pk=dispatch.pk)


@transaction.atomic
def grant_person(
    *, dispatch: Dispatch, person: User, cause: str, to_on: date | None, by: User, at: datetime
) -> Grant:
    """Let a named person outside the recipients read, from today to `to_on`.

    A second time on one day, the later word counts.

    Raises: NotFound, NotPermitted, WrongState, Incomplete.
    """
    dispatch = _checked(dispatch, cause, to_on, at)
    authority = access.require(by, Action.GRANT, dispatch, at=at)
    permission = Permission.objects.get(
        codename="read_dispatch", content_type__app_label="documents"
    )
    grant, _created = Grant.objects.update_or_create(
        user=person,
        content_object=dispatch,
        from_on=clock.day_of(at),
        defaults={
            "permission": permission,
            "to_on": to_on,
            "cause": cause.strip(),
            "author": by,
            "withdrawn_at": None,
        },
    )
    ledger.append(
        "grant.given",
        {**who(authority), "dispatch": dispatch.pk, "grant": grant.pk, "person": person.pk},
        at=at,
    )
    changed(dispatch)
    return grant


@transaction.atomic
def grant_agency(
    *, dispatch: Dispatch, agency: Agency, cause: str, to_on: date | None, by: User, at: datetime
) -> AgencyGrant:
    """Let an agency outside the recipients read, from today to `to_on`.

    A second time on one day, the later word counts.

    Raises: NotFound, NotPermitted, WrongState, Incomplete.
    """
    dispatch = _checked(dispatch, cause, to_on, at)
    authority = access.require(by, Action.GRANT, dispatch, at=at)
    grant, _created = AgencyGrant.objects.update_or_create(
        agency=agency,
        dispatch=dispatch,
        from_on=clock.day_of(at),
        defaults={"to_on": to_on, "cause": cause.strip(), "author": by, "withdrawn_at": None},
    )
    ledger.append(
        "grant.given_agency",
        {**who(authority), "dispatch": dispatch.pk, "grant": grant.pk, "to": agency.pk},
        at=at,
    )
    changed(dispatch)
    return grant


@transaction.atomic
def withdraw_exception(*, given: Grant | AgencyGrant, by: User, at: datetime) -> None:
    """End an exception now, on the day on which it was given as well. The row stays.

    Raises: NotFound, NotPermitted, WrongState.
    """
    pk = given.content_object_id if isinstance(given, Grant) else given.dispatch_id
    dispatch = Dispatch.objects.select_for_update(of=("self",)).get(pk=pk)
    authority = access.require(by, Action.GRANT, dispatch, at=at)
    left = type(given).objects.filter(pk=given.pk, withdrawn_at__isnull=True)
    if not left.update(withdrawn_at=at):
        raise WrongState([Reason("grant", _("The exception was withdrawn already."))])
    type_ = "grant.withdrawn" if isinstance(given, Grant) else "grant.withdrawn_agency"
    ledger.append(type_, {**who(authority), "dispatch": dispatch.pk, "grant": given.pk}, at=at)
    changed(dispatch)
