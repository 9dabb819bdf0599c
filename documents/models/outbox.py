"""Work to be done after a commit, and the notices it makes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from documents.choices import NoticeKind
from documents.models.circulation import Circulation
from documents.models.dispatch import Dispatch


class OutboxItem(models.Model):
    """One effect owed after a commit, written in that commit. A worker may die on it and try again."""

    #: Names the effect: the same effect twice is one row.
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    #: Ids and moments only, never a subject or a name (security T15).
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    #: Given up after too many attempts; a person must look.
    parked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=models.Q(done_at__isnull=True, parked_at__isnull=True),
                name="outbox_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Notice(models.Model):
    """A line on somebody's desk: something happened that concerns him."""

    key = models.CharField(max_length=120, unique=True)
    person = models.ForeignKey(User, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=NoticeKind)
    dispatch = models.ForeignKey(Dispatch, models.CASCADE, related_name="+")
    circulation = models.ForeignKey(
        Circulation, models.CASCADE, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        indexes = [models.Index(fields=["person", "read_at", "-at"])]

    def __str__(self) -> str:
        return self.key


class WorkerBeat(models.Model):
    """The last sign of life of each worker."""

    name = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
