"""Readers outside the circulation list: each with a cause, an author and a period."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from agencies.models import Agency, User
from agencies.models.periods import Period, PeriodQuerySet, ordered_period
from documents.models.dispatch import Dispatch


class Exceptional(Period):
    """A period in which somebody outside the list reads, unless it was withdrawn since."""

    cause = models.CharField(_("cause"), max_length=500)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        abstract = True


class Grant(UserObjectPermissionBase, Exceptional):
    """A named person reads one dispatch for a time.

    guardian's row with a direct foreign key. Rows are inserted, never through `assign_perm`, and
    asked through documents.access, never through `has_perm`, which would honour expired ones.
    """

    content_object = models.ForeignKey(Dispatch, models.CASCADE, related_name="grants")

    objects = PeriodQuerySet.as_manager()  # type: ignore[misc, assignment]

    class Meta:
        verbose_name = _("exception for a person")
        constraints = [
            ordered_period("grant_period_in_order"),
            models.UniqueConstraint(
                fields=["user", "content_object", "from_on"], name="one_grant_from_a_day"
            ),
            models.CheckConstraint(name="grant_has_a_cause", condition=~models.Q(cause="")),
        ]

    def __str__(self) -> str:
        return f"{self.content_object} → {self.user_id}"


class AgencyGrant(Exceptional):
    """An agency outside the recipients reads one dispatch for a time."""

    dispatch = models.ForeignKey(Dispatch, models.CASCADE, related_name="agency_grants")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="grants")

    class Meta:
        verbose_name = _("exception for an agency")
        constraints = [
            ordered_period("agency_grant_period_in_order"),
            models.UniqueConstraint(
                fields=["agency", "dispatch", "from_on"], name="one_agency_grant_from_a_day"
            ),
            models.CheckConstraint(name="agency_grant_has_a_cause", condition=~models.Q(cause="")),
        ]

    def __str__(self) -> str:
        return f"{self.dispatch} → {self.agency_id}"
