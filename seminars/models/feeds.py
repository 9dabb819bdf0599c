"""Calendars that a telephone or a mail program subscribes to."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, User
from seminars.choices import FeedScope


class FeedQuerySet(models.QuerySet["Feed"]):
    def living(self) -> Self:
        return self.filter(revoked_at__isnull=True, owner__is_active=True)


class Feed(models.Model):
    """An address with a secret, which shows what its owner may see at the moment of asking.

    Only the hash of the secret is kept: it was shown once, and a copy of the database opens nothing.
    """

    owner = models.ForeignKey(User, models.PROTECT, related_name="feeds")
    scope = models.CharField(_("what it shows"), max_length=10, choices=FeedScope)
    #: Of the scope "agency" alone.
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agency")
    )
    #: SHA-256 of the secret, hexadecimal.
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    #: The day of the last fetch; no more is kept of when somebody's telephone asked.
    fetched_on = models.DateField(null=True, blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar feed")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="feed_of_an_agency_names_it",
                condition=models.Q(scope="agency") ^ models.Q(agency__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
