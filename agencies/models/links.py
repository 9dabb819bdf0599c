"""Links that let somebody choose a password, once."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models.people import User


class SignInLinkQuerySet(models.QuerySet):
    def unspent(self) -> Self:
        """Neither used nor withdrawn; it may have expired all the same."""
        return self.filter(used_at__isnull=True, withdrawn_at__isnull=True)

    def usable_at(self, moment: datetime) -> Self:
        return self.unspent().filter(expires_at__gt=moment, user__is_active=True)


class SignInLink(models.Model):
    """Whoever holds the token chooses the password of one account, once, until it expires.

    Only the hash is kept: the token was shown once to the person who gave the link, and a copy of
    the database opens no account.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="sign_in_links")
    #: SHA-256 of the token, hexadecimal.
    token_hash = models.CharField(max_length=64, unique=True)
    #: Null: by a command on the machine itself.
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = SignInLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in link")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(used_at__isnull=True, withdrawn_at__isnull=True),
                name="one_unspent_link_a_person",
            ),
            models.CheckConstraint(
                name="link_used_or_withdrawn",
                condition=models.Q(used_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="link_expires_after_it_is_given",
                condition=models.Q(expires_at__gt=models.F("given_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.user}"
