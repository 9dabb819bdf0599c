"""The signed link in a mail: it names the mail, and nobody can make or alter one without the key.

Nothing of it is stored, and the same mail has the same link, so that a mail that had to be sent
again is the same mail. What it still opens is for `access.opened_by` to say.
"""

from django.core import signing

_SIGNER = signing.Signer(salt="seminars.answer_by_link", sep=".")


def token_of(mail: int) -> str:
    """Return the secret part of the address, of characters that no mail program breaks."""
    return _SIGNER.sign(str(mail))


def mail_of(token: str) -> int | None:
    """Return the id of the mail that this was signed for; None for anything else."""
    try:
        return int(_SIGNER.unsign(token))
    except signing.BadSignature:
        return None
