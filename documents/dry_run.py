"""What issuing would do now: who receives, who reads, what stands against it. Nothing is written."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import prefetch_related_objects

from agencies import clock
from agencies.models import Agency, Succession
from agencies.refusals import Reason
from documents import addressing, numbering
from documents.addressing import Addressing, Readership, Slot
from documents.choices import LineRole, RegisterKind
from documents.lifecycle.drafting import shortcomings
from documents.models import AddresseeLine, Dispatch


@dataclass(frozen=True)
class NextNumber:
    """The number that would be drawn if the button were pressed now. It is not reserved."""

    register: str
    number: int
    code: str


@dataclass(frozen=True)
class DryRun:
    """Everything that the page of issuing says before the button is pressed."""

    addressing: Addressing
    readership: Readership
    reasons: list[Reason]
    next: NextNumber | None

    @property
    def main(self) -> list[Slot]:
        return [slot for slot in self.addressing.slots if slot.role == LineRole.TO]

    @property
    def copies(self) -> list[Slot]:
        return [slot for slot in self.addressing.slots if slot.role != LineRole.TO]

    @property
    def ended(self) -> list[tuple[Agency, list[Succession]]]:
        return self.addressing.ended

    @property
    def ready(self) -> bool:
        return not self.reasons

    def members_of(self, line: AddresseeLine) -> list[Agency]:
        """Return the agencies that receive it because of this line, in Vietnamese order."""
        return [
            slot.agency
            for slot in self.addressing.slots
            if any(each.pk == line.pk for each in slot.lines)
        ]

    @property
    def sizes(self) -> Counter[int]:
        """How many receive it because of each line (by primary key)."""
        return Counter(line.pk for slot in self.addressing.slots for line in slot.lines)


def dry_run(dispatch: Dispatch, *, at: datetime) -> DryRun:
    """Put together what the lines come to now, who would read, and every reason against it."""
    on = clock.day_of(at)
    result = addressing.resolve(dispatch, on=on)
    prefetch_related_objects([slot.agency for slot in result.slots], "names")
    reasons = shortcomings(dispatch, result, at=at)
    following = None if dispatch.entry_id else next_number(dispatch, on=on)
    if following is None and not dispatch.entry_id:
        agency = dispatch.registering_agency
        reasons.append(numbering.no_register(agency=agency, type=dispatch.type, on=on))
    return DryRun(
        addressing=result,
        readership=addressing.readership(result.slots, on=on),
        reasons=reasons,
        next=following,
    )


def next_number(dispatch: Dispatch, *, on: date) -> NextNumber | None:
    """Return the number that would come next, None without a register for the type.

    Opens no series: looking at a page changes nothing, so a series of last year is read as the one
    that pressing the button would continue from 1.
    """
    register = numbering.series_of(
        agency=dispatch.registering_agency,
        type=dispatch.type,
        kind=RegisterKind.OUTGOING,
        on=on,
    )
    if register is None:
        return None
    number = register.next_number if register.year == on.year else 1
    return NextNumber(
        register=f"{register.name} {on.year}",
        number=number,
        code=numbering.compose_code(dispatch, number=number, on=on),
    )
