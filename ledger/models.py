"""The chain and its head."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from ledger import chain

if TYPE_CHECKING:
    _DateTimeField = models.DateTimeField[Any, Any]
else:
    _DateTimeField = models.DateTimeField


class MomentField(_DateTimeField):
    """A moment that keeps its microseconds in `dumpdata`, which cuts others to milliseconds."""

    def value_from_object(self, obj: models.Model) -> Any:
        value = super().value_from_object(obj)
        return None if value is None else chain.moment(value)

    def value_to_string(self, obj: models.Model) -> Any:
        return self.value_from_object(obj)


class LedgerEntry(models.Model):
    """One fact, for ever. `entry_bytes` is the truth; the columns are a reading of it.

    Written by `ledger.record.append` only; the database refuses UPDATE and DELETE.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = MomentField(db_index=True)
    type = models.CharField(max_length=chain.TYPE_LENGTH, db_index=True)
    entry_bytes = models.BinaryField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name_plural = "ledger entries"
        ordering = ("seq",)
        constraints = (
            models.CheckConstraint(
                name="ledger_entry_first_continues_nothing",
                condition=models.Q(seq=1, prev=chain.GENESIS)
                | models.Q(seq__gt=1) & ~models.Q(prev=chain.GENESIS),
            ),
            models.CheckConstraint(
                name="ledger_entry_hashes_are_whole",
                condition=models.Q(Exact(Length("prev"), 64)) & models.Q(Exact(Length("hash"), 64)),
            ),
            models.CheckConstraint(name="ledger_entry_type_given", condition=~models.Q(type="")),
        )

    def __str__(self) -> str:
        return f"{self.seq} {self.type}"

    @property
    def data(self) -> dict[str, Any]:
        """What the entry says, read from its bytes.

        Raises: NotCanonical when the bytes are not those that were written.
        """
        return chain.decode(bytes(self.entry_bytes)).data


class LedgerHead(models.Model):
    """Where the chain ends: one row, and the lock under which entries are appended."""

    THE = 1

    id = models.SmallIntegerField(primary_key=True, default=THE)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=chain.GENESIS)

    class Meta:
        constraints = (
            models.CheckConstraint(name="ledger_head_is_one", condition=models.Q(id=1)),
            models.CheckConstraint(
                name="ledger_head_of_an_empty_chain",
                condition=models.Q(seq=0, hash=chain.GENESIS)
                | models.Q(seq__gt=0) & ~models.Q(hash=chain.GENESIS),
            ),
            models.CheckConstraint(
                name="ledger_head_hash_is_whole", condition=models.Q(Exact(Length("hash"), 64))
            ),
        )

    def __str__(self) -> str:
        return f"{self.seq} {self.hash}"
