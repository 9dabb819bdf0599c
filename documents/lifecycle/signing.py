"""Before the number: trả lại, ký."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from agencies.refusals import Reason
from documents import access, notify
from documents.choices import Action, Capacity, NoticeKind, State
from documents.lifecycle.drafting import carry_files, locked, require_reason
from documents.lifecycle.evidence import changed
from documents.models import Dispatch, DispatchVersion
from documents.refusals import Incomplete


@transaction.atomic
def send_back(*, dispatch: Dispatch, reason: str, by: User, at: datetime) -> Dispatch:
    """Return a paper to its drafter, before it has a number. A new draft version is opened.

    Raises: NotFound, NotPermitted, WrongState, Incomplete without a reason.
    """
    require_reason(reason)
    dispatch = locked(dispatch)
    access.require(by, Action.SEND_BACK, dispatch, at=at)
    old = dispatch.current_version
    new = DispatchVersion.objects.create(
        dispatch=dispatch, no=old.no + 1, text=old.text, created_at=at, created_by=by
    )
    carry_files(old, new)
    dispatch.state = State.DRAFT
    dispatch.sent_back_reason = reason.strip()
    dispatch.signed_by = dispatch.signed_post = dispatch.signed_at = None
    dispatch.signer_as_printed = dispatch.signer_title = dispatch.capacity = ""
    dispatch.save()
    notify.tell_home(NoticeKind.SENT_BACK, dispatch, mark=str(new.no), at=at)
    changed(dispatch)
    return dispatch


@transaction.atomic
def sign(
    *,
    dispatch: Dispatch,
    by: User,
    at: datetime,
    capacity: str = "",
    signer_as_printed: str = "",
    signer_title: str = "",
) -> Dispatch:
    """Sign (ký): the act of the leader, and what the paper prints of it.

    What the source does not print stays empty; it is never completed from the account.

    Raises: NotFound, NotPermitted, WrongState, Incomplete (TM. for a body that is not collective,
    Decree 30/2020, article 13.1).
    """
    dispatch = locked(dispatch)
    authority = access.require(by, Action.SIGN, dispatch, at=at)
    _check_capacity(dispatch, capacity)
    dispatch.state = State.SIGNED
    dispatch.signed_by = by
    dispatch.signed_post = authority.post
    dispatch.signed_at = at
    dispatch.capacity = capacity
    dispatch.signer_as_printed = signer_as_printed.strip()
    dispatch.signer_title = signer_title.strip()
    dispatch.save()
    notify.tell_home(NoticeKind.SIGNED, dispatch, mark=at.isoformat(), at=at)
    changed(dispatch)
    return dispatch


def _check_capacity(dispatch: Dispatch, capacity: str) -> None:
    issuer = dispatch.issuing_agency
    if capacity == Capacity.TM and issuer is not None and not issuer.collective:
        raise Incomplete(
            [
                Reason(
                    "capacity",
                    _("%(agency)s does not work as a collective: TM. is not for it.")
                    % {"agency": issuer},
                )
            ]
        )
