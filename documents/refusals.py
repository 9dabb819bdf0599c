"""Why an act on a dispatch is refused. Each carries all its reasons at once."""

from django.utils.translation import gettext_lazy as _

from agencies.refusals import Reason, Refused


class NotFound(Refused):
    """There is nothing there, or it is not addressed to this person: he learns no difference."""

    def __init__(self) -> None:
        super().__init__([Reason("not_found", _("There is nothing here, or it is not for you."))])


class NotPermitted(Refused):
    """The person may read it, but this act belongs to another role."""


class WrongState(Refused):
    """The paper is not where this act applies."""


class Incomplete(Refused):
    """Something that the act needs is missing or wrong."""


class EditedMeanwhile(Refused):
    """Somebody saved the draft after this page was opened. Nothing was overwritten."""


class NewerVersion(Refused):
    """The page showed a version that is no longer the newest one (HTTP 409)."""
