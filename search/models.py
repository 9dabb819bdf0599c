"""What is owed to the index, what people keep of their searches, and abbreviations.

The index itself is a cache: it can be thrown away and filled again from what stands here.
"""

import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import User

#: Written, and more often changed than written since.
_WAITING = models.Q(done_version__lt=models.F("version"))


class IndexStateQuerySet(models.QuerySet["IndexState"]):
    def waiting(self) -> Self:
        """What the index does not show yet, parked ones included."""
        return self.filter(_WAITING)

    def claimable(self, at: datetime) -> Self:
        """What a worker may take at that moment, the longest waiting first."""
        free = models.Q(leased_until__isnull=True) | models.Q(leased_until__lt=at)
        due = models.Q(not_before__isnull=True) | models.Q(not_before__lte=at)
        found = self.waiting().filter(free, due, parked_at__isnull=True)
        return found.order_by("dirty_since", "key")

    def parked(self) -> Self:
        return self.waiting().filter(parked_at__isnull=False)

    def withheld(self) -> set[str]:
        """Keys whose audience became smaller than the index knows: in no answer of any kind."""
        return set(self.filter(tightened=True).values_list("key", flat=True))


class IndexState(models.Model):
    """How far the index is behind one paper or page.

    Each change counts `version` up in its own transaction; a worker that has written what it read
    after version n sets `done_version` to n, never down.
    """

    key = models.CharField(max_length=60, primary_key=True)
    version = models.PositiveBigIntegerField(default=0)
    done_version = models.PositiveBigIntegerField(default=0)
    #: Since when it waits; None when nothing does.
    dirty_since = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    #: Given up after too many attempts, until its next change; a person must look.
    parked_at = models.DateTimeField(null=True, blank=True)
    #: Somebody who could read it no longer can, and the index may not know yet.
    tightened = models.BooleanField(default=False)
    #: The audience at the last change, packed, to tell whether the next one makes it smaller; None
    #: as long as nobody has looked.
    audience = models.BinaryField(null=True)

    objects = IndexStateQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of the index")
        constraints = [
            models.CheckConstraint(
                name="done_is_no_newer_than_the_change",
                condition=models.Q(done_version__lte=models.F("version")),
            ),
        ]
        indexes = [
            models.Index(fields=["dirty_since", "key"], condition=_WAITING, name="index_waiting"),
            models.Index(
                fields=["key"], condition=models.Q(tightened=True), name="index_tightened"
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def readers(self) -> frozenset[str] | None:
        """The tokens of the audience at the last change; None where it is not known."""
        if self.audience is None:
            return None
        text = zlib.decompress(bytes(self.audience)).decode()
        return frozenset(text.split("\n")) if text else frozenset()


def packed(audience: Iterable[str]) -> bytes:
    """Return an audience as `IndexState.audience` keeps it: 600 tokens are about 2 kB."""
    return zlib.compress("\n".join(sorted(audience)).encode())


class SavedSearch(models.Model):
    """A search that somebody wants to run again, and to hear of what is new in it."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="saved_searches")
    name = models.CharField(_("name"), max_length=80)
    #: Words and filters as the search page's address has them, without the page number.
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField()
    #: Up to when its owner has seen what it finds.
    last_seen_at = models.DateTimeField()
    #: Keys of what is new in it since, newest first, as the worker last found; asked of the gate
    #: again before any is shown or counted.
    fresh = models.JSONField(default=list, blank=True)
    #: Those that its owner was told of, the latest first: not told of again.
    told = models.JSONField(default=list, blank=True)
    #: When a worker last looked, or is looking.
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="a_saved_search_once"),
            models.UniqueConstraint(fields=["owner", "query"], name="the_same_search_saved_once"),
            models.CheckConstraint(name="a_saved_search_has_a_name", condition=~models.Q(name="")),
            models.CheckConstraint(name="a_saved_search_asks", condition=~models.Q(query="")),
            models.CheckConstraint(
                name="a_saved_search_is_seen_after_it_began",
                condition=models.Q(last_seen_at__gte=models.F("created_at")),
            ),
        ]
        indexes = [models.Index(fields=["checked_at"], name="saved_search_by_look")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Abbreviation(models.Model):
    """A short form that offices write, and what it stands for: each finds the other."""

    short = models.CharField(_("abbreviation"), max_length=20, unique=True)
    long = models.CharField(_("in full"), max_length=120)

    class Meta:
        verbose_name = _("abbreviation")
        verbose_name_plural = _("abbreviations")
        ordering = ["short"]
        constraints = [
            models.CheckConstraint(
                name="an_abbreviation_says_both",
                condition=~models.Q(short="") & ~models.Q(long=""),
            ),
        ]

    def __str__(self) -> str:
        return self.short
