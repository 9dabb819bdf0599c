"""Refusals: an act that is not done says every reason at once, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Reason:
    """Why an act is refused: a code for programs (a field's name where there is one), and words."""

    code: str
    message: str | Promise


class Refused(Exception):
    """An act was refused and nothing was written."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        self.reasons = list(reasons)
        super().__init__("; ".join(reason.code for reason in self.reasons))


class Reasons(list[Reason]):
    """Collects what stands against an act, so that it is all said in one answer."""

    def against(self, met: object, code: str, message: str | Promise) -> None:
        """Add this reason where `met` is true."""
        if met:
            self.append(Reason(code, message))

    def refuse(self, kind: type[Refused] = Refused) -> None:
        """Raise `kind` with everything collected; do nothing when nothing was."""
        if self:
            raise kind(self)
