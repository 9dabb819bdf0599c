"""The mailbox of an agency's clerks: where it is written to. One mailbox, no person's name.

Whoever reads it may answer an invitation for the agency, so it is entered by those who administer
the agency, and the ledger holds that it was.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.administration import require_administrator, signature
from agencies.models import Agency, User
from agencies.refusals import Reasons
from ledger.record import append

#: In characters (RFC 5321, 4.5.3.1.3, without the angle brackets).
LONGEST = 254


def is_mailbox(text: str) -> bool:
    """Say whether mail can be sent there by any server: ASCII, one line, no quoted name."""
    if not text.isascii() or '"' in text or len(text) > LONGEST:
        return False
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


@transaction.atomic
def set_mailbox(*, agency: Agency, mailbox: str, by: User | None, at: datetime) -> Agency:
    """Enter, change or (empty) remove the mailbox. Answer links sent to another one stop working.

    `by` administers the agency or one above it; None is a command run on the machine itself. The
    same mailbox again changes nothing.

    Raises: Refused.
    """
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    held = require_administrator(by, agency.pk, at=at)
    mailbox = mailbox.strip(" ")
    reasons = Reasons()
    wrong = bool(mailbox) and not is_mailbox(mailbox)
    reasons.against(wrong, "mailbox", _("This is no mail address like vanthu@tayninh.gov.vn."))
    reasons.refuse()
    if agency.mailbox == mailbox:
        return agency
    agency.mailbox = mailbox
    agency.save(update_fields=["mailbox"])
    entry = {"agency": agency.pk, "removed": not mailbox, **signature(by, held)}
    append("agency.mailbox_entered", entry, at=at)
    return agency
