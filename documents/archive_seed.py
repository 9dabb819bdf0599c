"""A large archive for benchmarks: rows as the verbs would leave them, written in bulk.

Same seed, same rows. The ledger says nothing about them, so `ledger verify` neither claims nor
disputes them; no file stands behind them and no password opens their accounts.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db import transaction

from agencies import clock
from agencies.letters import fold
from documents import archive_words as words
from documents.archive_offices import FIRST, LAST, Office, close_registers, found
from documents.archive_tables import Tables
from documents.choices import (
    CirculationState,
    DueSource,
    Expectation,
    LineRole,
    RecallState,
    ReceiptKind,
    RegisterKind,
    State,
    TypeFamily,
    Urgency,
)
from documents.manifest import digest_of
from documents.models import (
    AddresseeLine,
    Circulation,
    Dispatch,
    DispatchVersion,
    DocumentType,
    Receipt,
    RegisterEntry,
    WorkField,
)

#: Written, and committed, together.
BATCH = 2000
#: One dispatch in so many reaches the heavy reader's agency.
HEAVY_EVERY = 3


class Archive:
    """Writes an archive of `dispatches` to `recipients` each, among so many agencies."""

    def __init__(self, *, dispatches: int, agencies: int, recipients: int, seed: int) -> None:
        self.dispatches = dispatches
        self.recipients = min(recipients, agencies - 2)
        self.seed = seed
        self.chance = random.Random(seed)  # noqa: S311 - no secret, the same each time
        self.tables = Tables()
        self.types = {each.slug: each for each in DocumentType.objects.filter(slug__in=words.TYPES)}
        self.fields = list(WorkField.objects.order_by("pk"))
        self.offices = found(agencies, seed=seed, chance=self.chance)

    def write(self, *, tell: Callable[[int], None] = lambda _done: None) -> dict[str, int]:
        """Write everything and return counts; `tell` hears how many dispatches stand so far."""
        for start in range(0, self.dispatches, BATCH):
            end = min(start + BATCH, self.dispatches)
            for place in range(start, end):
                self._dispatch(place)
            with transaction.atomic():
                self.tables.flush()
            tell(end)
        with transaction.atomic():
            close_registers(self.offices)
        self.tables.finish()
        return self.tables.counts

    # -- One dispatch -----------------------------------------------------------------------------

    def _dispatch(self, place: int) -> None:
        chance = self.chance
        past = (LAST - FIRST).days * place // self.dispatches
        day = _workday(FIRST + timedelta(days=past))
        sent_at = clock.at(day, chance.randint(7, 16), chance.randint(0, 59))
        office = self.offices[0 if chance.random() < 0.25 else chance.randrange(len(self.offices))]
        type = self.types[words.one_of(words.TYPES, chance)]
        work = chance.choice(self.fields)
        state = words.one_of(words.STATES, chance)
        expectation = words.one_of(words.EXPECTED, chance)
        urgency = words.one_of(words.URGENCIES, chance)
        due_at = None
        if expectation != Expectation.INFORM and chance.random() < 0.5:
            due_at = _end_of_days(day, chance.choice((3, 5, 10, 15, 20)))
        subject = words.subject(day, chance)
        values: dict[str, Any] = {}
        code = ""
        if state == State.ISSUED:
            number = office.next_number(RegisterKind.OUTGOING, day.year)
            symbol = _symbol(type, office, work)
            year = f"/{day.year}" if type.family == TypeFamily.LEGAL else ""
            code = f"{number:02d}{year}/{symbol}"
            entry = self._entry(office, RegisterKind.OUTGOING, number, day, sent_at)
            values = {
                "number": number,
                "symbol": symbol,
                "code": code,
                "entry_id": entry,
                "issued_on": day,
                "issued_at": sent_at,
            }
            if chance.random() < 0.01:
                values |= {"recalled_at": sent_at, "recall_reason": "Ban hành nhầm"}
        if state in (State.ISSUED, State.SIGNED):
            values |= {
                "signed_at": sent_at,
                "signer_as_printed": f"Trần Văn {chance.choice(words.GIVEN_NAMES)}",
            }
        pk = self.tables.add(
            Dispatch,
            type_id=type.pk,
            archive_kind=type.archive_kind,
            registering_agency_id=office.pk,
            issuing_agency_id=office.pk,
            subject=subject,
            field_id=work.pk,
            place="Tây Ninh",
            urgency=urgency,
            expectation=expectation,
            due_at=due_at,
            due_source=DueSource.SENDER if due_at else DueSource.NONE,
            state=state,
            drafter_id=office.officer,
            created_at=sent_at,
            find_key=fold(f"{code} {subject} "),
            code_key=fold(code),
            **values,
        )
        text = f"Thực hiện chương trình công tác, đề nghị các cơ quan {subject.lower()}./."
        version = self.tables.add(
            DispatchVersion,
            dispatch_id=pk,
            no=1,
            text=text,
            digest=_digest(text) if state == State.ISSUED else "",
            created_at=sent_at,
            created_by_id=office.officer,
            issued_at=values.get("issued_at"),
        )
        recipients = self._recipients(place, office)
        lines = self._lines(pk, recipients)
        if state == State.ISSUED:
            paper = _Paper(
                pk, version, _digest(text), office, day, sent_at, expectation, urgency, due_at,
                bool(values.get("recalled_at")),
            )  # fmt: skip
            for recipient, (line, role) in zip(recipients, lines, strict=True):
                self._circulation(paper, recipient, line, role)

    def _entry(
        self, office: Office, kind: RegisterKind, number: int, day: date, at: datetime
    ) -> int:
        return self.tables.add(
            RegisterEntry,
            register_id=office.registers[kind, day.year],
            number=number,
            on=day,
            given_at=at,
            given_by_id=office.clerk,
        )

    def _recipients(self, place: int, sender: Office) -> list[Office]:
        heavy = self.offices[1]
        found = [heavy] if place % HEAVY_EVERY == 0 and sender is not heavy else []
        others = self.chance.sample(range(2, len(self.offices)), min(
            self.recipients + 1, len(self.offices) - 2
        ))  # fmt: skip
        found += [self.offices[each] for each in others if self.offices[each] is not sender]
        return found[: self.recipients]

    def _lines(self, dispatch: int, recipients: list[Office]) -> list[tuple[int, LineRole]]:
        """Address the last third as copies; return for each recipient its line and role."""
        first_copy = len(recipients) - len(recipients) // 3
        found: list[tuple[int, LineRole]] = []
        parts = (
            (LineRole.TO, recipients[:first_copy], "Các cơ quan, đơn vị"),
            (LineRole.COPY, recipients[first_copy:], "Các cơ quan liên quan"),
        )
        for order, (role, offices, text) in enumerate(parts, start=1):
            if not offices:
                continue
            line = self.tables.add(
                AddresseeLine, dispatch_id=dispatch, order=order, text_as_printed=text, role=role
            )
            for office in offices:
                self.tables.add(
                    AddresseeLine.agencies.through, addresseeline_id=line, agency_id=office.pk
                )
                found.append((line, role))
        return found

    # -- One recipient ----------------------------------------------------------------------------

    def _circulation(self, paper: "_Paper", office: Office, line: int, role: LineRole) -> None:
        chance = self.chance
        lately = (LAST - paper.day).days < 60
        state = words.one_of(words.LATELY if lately else words.LONG_AGO, chance)
        expectation = paper.expectation if role == LineRole.TO else Expectation.INFORM
        owes = expectation != Expectation.INFORM
        delivered_at = paper.sent_at + timedelta(seconds=chance.randint(1, 40))
        opened_at = delivered_at + timedelta(minutes=chance.randint(2, 90))
        acted_at = opened_at + timedelta(minutes=chance.randint(1, 200))
        values: dict[str, Any] = {}
        received = state not in (CirculationState.SENT, CirculationState.RETURNED)
        if received:
            on = clock.day_of(acted_at)
            number = office.next_number(RegisterKind.INCOMING, on.year)
            values = {
                "arrival_entry_id": self._entry(
                    office, RegisterKind.INCOMING, number, on, acted_at
                ),
                "arrival_number": number,
                "arrived_on": on,
                "opened_at": opened_at,
                "received_at": acted_at,
            }
        acknowledged = received and owes and chance.random() < (0.6 if lately else 0.97)
        if acknowledged:
            values["acknowledged_at"] = acted_at
        if state == CirculationState.RETURNED:
            values["closed_at"] = acted_at
        if paper.recalled:
            values |= {
                "recall_state": RecallState.AGREED,
                "recall_reason": "Ban hành nhầm",
                "closed_at": acted_at,
            }
        pk = self.tables.add(
            Circulation,
            dispatch_id=paper.pk,
            agency_id=office.pk,
            circulated_by_id=paper.office.pk,
            role=role,
            audience="agency",
            expectation=expectation,
            sent_at=paper.sent_at,
            receive_by=_receive_by(paper.urgency, paper.day, paper.sent_at),
            due_at=paper.due_at if owes else None,
            due_source=DueSource.SENDER if owes and paper.due_at else DueSource.NONE,
            state=state,
            delivered_at=delivered_at,
            **values,
        )
        self.tables.add(Circulation.lines.through, circulation_id=pk, addresseeline_id=line)
        self._receipt(paper, office, pk, ReceiptKind.DELIVERED, delivered_at, None)
        clerk = office.clerk
        if received:
            self._receipt(paper, office, pk, ReceiptKind.RECEIVED, acted_at, clerk)
        if acknowledged:
            year = paper.day.year
            code = f"BN-{self.seed}-{year}-{pk:X}"
            self._receipt(paper, office, pk, ReceiptKind.ACKNOWLEDGED, acted_at, clerk, code=code)
        if state == CirculationState.RETURNED:
            kind, reason = ReceiptKind.RETURNED, "Không thuộc thẩm quyền"
            self._receipt(paper, office, pk, kind, acted_at, clerk, reason=reason)
        if paper.recalled:
            self._receipt(paper, office, pk, ReceiptKind.RECALLED, acted_at, paper.office.clerk)

    def _receipt(
        self,
        paper: "_Paper",
        office: Office,
        circulation: int,
        kind: ReceiptKind,
        at: datetime,
        actor: int | None,
        **values: str,
    ) -> None:
        self.tables.add(
            Receipt,
            circulation_id=circulation,
            kind=kind,
            at=at,
            actor_id=actor,
            on_behalf_of_id=office.pk,
            version_id=paper.version,
            digest=paper.digest,
            **values,
        )


@dataclass(frozen=True)
class _Paper:
    pk: int
    version: int
    digest: str
    office: Office
    day: date
    sent_at: datetime
    expectation: Expectation
    urgency: Urgency
    due_at: datetime | None
    recalled: bool


def _symbol(type: DocumentType, office: Office, work: WorkField) -> str:
    if not type.abbreviation:
        return f"{office.abbreviation}-{work.code}"
    return f"{type.abbreviation}-{office.abbreviation}"


def _workday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _digest(text: str) -> str:
    return digest_of(text, [])


@cache
def _end_of_days(day: date, days: int) -> datetime:
    """Return five o'clock so many weekdays later: holidays would cost a query a day."""
    for _ in range(days):
        day = _workday(day + timedelta(days=1))
    return clock.at(day, 17)


def _receive_by(urgency: Urgency, day: date, sent_at: datetime) -> datetime:
    return _end_of_days(day, 1) if urgency == Urgency.ORDINARY else sent_at
