"""Distribution lists: a printed line such as "Chủ tịch UBND các huyện, thành phố"."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.letters import fold
from agencies.models.agencies import Agency
from agencies.models.periods import HELD, Period, PeriodQuerySet, ordered_period, revocable_period


class DistributionList(Period):
    """A named group of agencies whose members are dated; frozen by copying when it is used."""

    owner = models.ForeignKey(Agency, models.PROTECT, related_name="lists")
    name = models.CharField(_("name, as printed"), max_length=255)
    find_key = models.CharField(max_length=255, editable=False, default="")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("distribution list")
        constraints = [
            ordered_period("list_period_in_order"),
            models.UniqueConstraint(fields=["owner", "name", "from_on"], name="one_list_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.find_key = fold(self.name)
        super().save(*args, **kwargs)


class ListMember(Period):
    """An agency, or another list, belongs to a list for a time."""

    list = models.ForeignKey(DistributionList, models.CASCADE, related_name="members")
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    sublist = models.ForeignKey(
        DistributionList, models.PROTECT, null=True, blank=True, related_name="memberships"
    )

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("list member")
        constraints = [
            revocable_period("member_period_in_order"),
            models.CheckConstraint(
                name="member_is_agency_or_list",
                condition=models.Q(agency__isnull=False, sublist__isnull=True)
                | models.Q(agency__isnull=True, sublist__isnull=False),
            ),
            models.CheckConstraint(
                name="list_not_in_itself", condition=~models.Q(sublist=models.F("list"))
            ),
            models.UniqueConstraint(
                fields=["list", "agency", "from_on"],
                condition=HELD,
                name="one_membership_from_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list}: {self.agency or self.sublist}"

    def clean(self) -> None:
        if (self.agency is None) == (self.sublist is None):
            raise ValidationError(_("Name an agency or a list, not both."))
