"""People, the posts they hold, and who stands in for whom."""

from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.choices import DeputyScope, Role
from agencies.letters import fold, sort_key
from agencies.models.agencies import Agency
from agencies.models.periods import HELD, Period, PeriodQuerySet, live_on, revocable_period


class User(AbstractUser):
    """A person with an account. What he may do follows from his posts, never from the account.

    `last_name` holds family and middle names, `first_name` the given name: Vietnamese lists of
    persons are sorted by given name.
    """

    sort_key = models.CharField(max_length=600, editable=False, default="")
    find_key = models.TextField(editable=False, default="")

    class Meta(AbstractUser.Meta):
        ordering = ["sort_key", "pk"]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return f"{self.last_name} {self.first_name}".strip() or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    def save(self, *args, **kwargs) -> None:
        self.sort_key = sort_key(f"{self.first_name} {self.last_name}")
        self.find_key = fold(f"{self.last_name} {self.first_name} {self.username}")
        super().save(*args, **kwargs)


class Post(Period):
    """A person holds a role in an agency for a time. The rights last exactly as long."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="posts")
    role = models.CharField(_("role"), max_length=16, choices=Role)
    #: Chức vụ, as printed under a signature.
    title = models.CharField(_("office held"), max_length=120, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        constraints = [
            revocable_period("post_period_in_order"),
            models.UniqueConstraint(
                fields=["user", "agency", "role", "from_on"],
                condition=HELD,
                name="one_post_from_a_day",
            ),
        ]
        indexes = [models.Index(fields=["agency", "role"]), models.Index(fields=["user"])]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.agency}"


class DeputyQuerySet(PeriodQuerySet):
    def in_force_on(self, day: date) -> "DeputyQuerySet":
        """Mandates that hold that day: their own period, and the post stood in for, and its holder.

        A deputy has no more than the principal has: when the post ends, the mandate is empty.
        """
        return self.live_on(day).filter(live_on(day, "of__"), of__user__is_active=True)


class Deputy(Period):
    """Someone stands in for the holder of a post, within a scope, for a time.

    There is no deputy of a deputy (Decree 30/2020, article 13.4: no re-delegation): `of` is a post.
    """

    of = models.ForeignKey(Post, models.PROTECT, related_name="deputies")
    deputy = models.ForeignKey(User, models.PROTECT, related_name="mandates")
    scope = models.CharField(_("scope"), max_length=8, choices=DeputyScope)
    basis = models.CharField(_("basis"), max_length=255, blank=True)

    objects = DeputyQuerySet.as_manager()

    class Meta:
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")
        constraints = [
            revocable_period("deputy_period_in_order"),
            models.CheckConstraint(
                name="mandate_has_an_end", condition=models.Q(to_on__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["of", "deputy", "scope", "from_on"],
                condition=HELD,
                name="one_mandate_from_a_day",
            ),
        ]
        indexes = [models.Index(fields=["deputy", "to_on"])]

    def __str__(self) -> str:
        return f"{self.deputy} / {self.of}"
