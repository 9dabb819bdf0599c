"""What the ledger's entries are held against: the rows and files that they speak of."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from documents import storage
from documents.choices import NumberState, ReceiptKind
from documents.lifecycle.evidence import slots_digest
from documents.manifest import digest_of
from documents.models import (
    Circulation,
    Dispatch,
    DispatchVersion,
    Receipt,
    RegisterEntry,
)
from ledger.witnesses import census, file_witness, witness

Entries = Sequence[tuple[int, dict[str, Any]]]
Problems = Iterable[tuple[int, str]]


@witness("number.issued")
def numbers_given(entries: Entries) -> Problems:
    rows = RegisterEntry.objects.in_bulk([data["entry"] for _seq, data in entries])
    for seq, data in entries:
        row = rows.get(data["entry"])
        if row is None or (row.register_id, row.number) != (data["register"], data["number"]):
            yield seq, f"register entry {data['entry']} is not what was given"


@witness("number.voided")
def numbers_voided(entries: Entries) -> Problems:
    rows = RegisterEntry.objects.in_bulk([data["entry"] for _seq, data in entries])
    for seq, data in entries:
        row = rows.get(data["entry"])
        if row is None or row.state != NumberState.VOIDED or row.number != data["number"]:
            yield seq, f"register entry {data['entry']} is not voided"


@witness("dispatch.issued", "dispatch.registered")
def dispatches_issued(entries: Entries) -> Problems:
    rows = Dispatch.objects.in_bulk([data["dispatch"] for _seq, data in entries])
    for seq, data in entries:
        row = rows.get(data["dispatch"])
        if row is None or row.code != data["code"] or row.issued_at is None:
            yield seq, f"dispatch {data['dispatch']} is not what was issued"
    yield from versions_sealed(entries)


@witness("dispatch.updated")
def versions_sealed(entries: Entries) -> Problems:
    """The stored text and manifest still give the digest that was recorded."""
    rows = DispatchVersion.objects.in_bulk([data["version"] for _seq, data in entries])
    for seq, data in entries:
        row = rows.get(data["version"])
        if (
            row is None
            or row.digest != data["digest"]
            or digest_of(row.text, row.manifest) != data["digest"]
        ):
            yield seq, f"version {data['version']} is not what was sealed"


@witness("dispatch.circulated")
def slots_sent(entries: Entries) -> Problems:
    sent: dict[tuple[int, int], list[Circulation]] = defaultdict(list)
    rows = Circulation.objects.filter(dispatch__in=[data["dispatch"] for _seq, data in entries])
    for row in rows.only("dispatch", "wave", "agency", "role", "audience", "expectation"):
        sent[row.dispatch_id, row.wave].append(row)
    for seq, data in entries:
        wave = sent[data["dispatch"], data["wave"]]
        if len(wave) != data["count"] or slots_digest(wave) != data["slots"]:
            yield seq, f"the recipients of dispatch {data['dispatch']} are not those it was sent to"


@witness(
    "circulation.received", "circulation.acknowledged", "circulation.returned", "recall.answered"
)
def receipts_kept(entries: Entries) -> Problems:
    rows = Receipt.objects.in_bulk([data["receipt"] for _seq, data in entries])
    for seq, data in entries:
        row = rows.get(data["receipt"])
        if (
            row is None
            or row.circulation_id != data["circulation"]
            or row.kind != _kind(data)
            or _act(row) != _acted(data)
            or row.code != data.get("code")
        ):
            yield seq, f"receipt {data['receipt']} is not what was recorded"


@witness("dispatch.registered")
def receipts_of_registering_kept(entries: Entries) -> Problems:
    rows = Receipt.objects.in_bulk([data["receipt"] for _seq, data in entries])
    for seq, data in entries:
        row = rows.get(data["receipt"])
        if row is None or row.kind != ReceiptKind.RECEIVED or _act(row) != _acted(data):
            yield seq, f"receipt {data['receipt']} is not what was recorded"


def _kind(data: dict[str, Any]) -> ReceiptKind:
    """Return the kind of receipt that an entry of a circulation speaks of, by what else it says."""
    if "agreed" in data:
        return ReceiptKind.RECALL_AGREED if data["agreed"] else ReceiptKind.RECALL_REFUSED
    if "number" in data:
        return ReceiptKind.RECEIVED
    return ReceiptKind.ACKNOWLEDGED if "code" in data else ReceiptKind.RETURNED


def _act(row: Receipt) -> tuple[object, ...]:
    return row.version_id, row.digest, row.actor_id, row.deputy_id


def _acted(data: dict[str, Any]) -> tuple[object, ...]:
    return data["version"], data["digest"], data["actor"], data["deputy"]


@witness("circulation.received", "dispatch.registered")
def arrival_numbers_given(entries: Entries) -> Problems:
    rows = RegisterEntry.objects.in_bulk([data["entry"] for _seq, data in entries])
    for seq, data in entries:
        row = rows.get(data["entry"])
        if row is None or row.number != data["number"]:
            yield seq, f"register entry {data['entry']} is not what was given"


#: Receipts that are proof: each is named by an entry of its own.
_PROOF = (
    ReceiptKind.RECEIVED,
    ReceiptKind.ACKNOWLEDGED,
    ReceiptKind.RETURNED,
    ReceiptKind.RECALL_AGREED,
    ReceiptKind.RECALL_REFUSED,
)


@census
class ReceiptsWithoutAnAct:
    """Finds receipts that somebody put in by hand, under sendings of which the ledger speaks.

    Of papers that were brought in without entries, such as a bulk archive, it says nothing.
    """

    def __init__(self) -> None:
        self.sent: set[tuple[int, int]] = set()
        self.receipts: set[int] = set()

    def note(self, type: str, data: dict[str, Any]) -> None:
        if type in ("dispatch.circulated", "dispatch.registered"):
            self.sent.add((data["dispatch"], data.get("wave", 1)))
        if "receipt" in data:
            self.receipts.add(data["receipt"])

    def without_entry(self) -> Iterable[str]:
        rows = Receipt.objects.filter(kind__in=_PROOF).order_by()
        columns = ("pk", "circulation__dispatch", "circulation__wave")
        for pk, dispatch, wave in rows.values_list(*columns).iterator(chunk_size=5000):
            if pk not in self.receipts and (dispatch, wave) in self.sent:
                yield f"receipt {pk} is there, but no entry speaks of it"


@file_witness("dispatch.issued", "dispatch.registered", "dispatch.updated")
def files_kept(entries: Entries) -> Problems:
    """Every file of the version is in the store and still has its hash and size."""
    rows = DispatchVersion.objects.in_bulk([data["version"] for _seq, data in entries])
    for seq, data in entries:
        row = rows.get(data["version"])
        for file in row.manifest if row else ():
            if stored(file["sha256"]) != (file["sha256"], file["size"]):
                yield seq, f"file {file['sha256']} is missing or changed"


def stored(sha256: str) -> tuple[str, int] | None:
    """Return hash and size of what the store holds under this name; None where it holds nothing."""
    store = storage.attachments()
    try:
        stream = store.open(store.name_of(sha256))
    except OSError:
        return None
    digest, size = hashlib.sha256(), 0
    with stream:
        for chunk in _chunks(stream):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def _chunks(stream: Any) -> Iterator[bytes]:
    while chunk := stream.read(1 << 20):
        yield chunk
