"""Write into the ledger: the one way in."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import connections, router, transaction

from ledger import chain
from ledger.models import LedgerEntry, LedgerHead


class OutsideTransaction(transaction.TransactionManagementError):
    """An entry was about to be written apart from the rows that it speaks of."""


def append(type: str, data: Mapping[str, object], *, at: datetime) -> LedgerEntry:
    """Append one entry in the transaction of the rows that it is about. Three queries.

    Called last in a verb, after the business rows: whoever appends holds the head until the commit,
    so nobody waits for another verb's work, and every verb takes this lock in the same place.
    A transaction that rolls back leaves no gap.

    Raises: OutsideTransaction; TypeError or ValueError for data that the ledger does not hold.
    """
    using = router.db_for_write(LedgerEntry)
    if not connections[using].in_atomic_block:
        raise OutsideTransaction(f"{type}: append inside the transaction of the rows it is about")

    # SQLite ignores the row lock; there BEGIN IMMEDIATE holds the whole database already.
    head = LedgerHead.objects.using(using).select_for_update().get(pk=LedgerHead.THE)
    seq = head.seq + 1
    entry_bytes = chain.encode(seq=seq, at=at, type=type, prev=head.hash, data=data)
    entry = LedgerEntry.objects.using(using).create(
        seq=seq,
        at=at.astimezone(UTC),
        type=type,
        entry_bytes=entry_bytes,
        prev=head.hash,
        hash=chain.digest(entry_bytes),
    )
    LedgerHead.objects.using(using).filter(pk=head.pk).update(seq=seq, hash=entry.hash)
    return entry


def found(using: str) -> None:
    """Put the head before the first entry where there is none of either.

    After a migration the head is there already; this is for a database that was flushed. With
    entries and no head nothing is founded: that is damage, for `ledger verify` to report.
    """
    with transaction.atomic(using=using):
        if not LedgerEntry.objects.using(using).exists():
            LedgerHead.objects.using(using).get_or_create(pk=LedgerHead.THE)
