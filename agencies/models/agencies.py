"""Agencies: an identity that lasts, and the names it had."""

from datetime import date

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from agencies.choices import AgencyKind, Audience, SuccessionKind
from agencies.letters import fold, sort_key
from agencies.models.periods import Period, PeriodQuerySet, ordered_period


class AgencyQuerySet(PeriodQuerySet):
    def named(self) -> "AgencyQuerySet":
        """Fetch the names too: `name_on` then costs no query."""
        return self.prefetch_related("names")

    def in_order(self) -> "AgencyQuerySet":
        return self.order_by("sort_key", "pk")


class Agency(Period):
    """A body that sends or receives dispatches. It is dated and never deleted."""

    kind = models.CharField(_("kind"), max_length=16, choices=AgencyKind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    #: Works as a body (ủy ban): papers are signed TM., on its behalf (Decree 30/2020, article 13).
    collective = models.BooleanField(_("works as a collective"), default=False)
    default_audience = models.CharField(
        _("who reads what arrives"), max_length=8, choices=Audience, default=Audience.AGENCY
    )
    #: Of its clerks; whoever reads it may answer an invitation for the agency. Empty: none is known.
    mailbox = models.CharField(_("mailbox of its clerks"), max_length=254, blank=True, default="")
    #: A cached reading of the newest name, for lists; `name_on` is the truth.
    name = models.CharField(_("name"), max_length=255, editable=False, default="")
    short_name = models.CharField(_("short name"), max_length=120, editable=False, default="")
    sort_key = models.CharField(max_length=600, editable=False, default="", db_index=True)
    find_key = models.TextField(editable=False, default="")

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        constraints = [
            ordered_period("agency_period_in_order"),
            models.CheckConstraint(
                name="mailbox_on_one_line",
                condition=models.Q(mailbox="")
                | (
                    models.Q(mailbox__contains="@")
                    & ~models.Q(mailbox__contains="\n")
                    & ~models.Q(mailbox__contains="\r")
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    @cached_property
    def newest_first(self) -> list["AgencyName"]:
        return sorted(self.names.all(), key=lambda name: name.from_on, reverse=True)

    def name_on(self, day: date) -> "AgencyName | None":
        """Return the name it bore that day; its first one for a day before it began."""
        for name in self.newest_first:
            if name.from_on <= day:
                return name
        return self.newest_first[-1] if self.newest_first else None

    def read_names(self) -> None:
        """Refresh the cached reading after a change of names (one query)."""
        names = self.newest_first = list(self.names.order_by("-from_on"))
        self.name = names[0].name if names else ""
        self.short_name = names[0].short_name if names else ""
        self.sort_key = sort_key(self.short_name or self.name)
        self.find_key = fold(
            " ".join(f"{n.name} {n.short_name} {n.abbreviation} {n.initials}" for n in names)
        )
        self.save(update_fields=["name", "short_name", "sort_key", "find_key"])


class AgencyName(Period):
    """What an agency was called in a period, and what its papers and packets say of it then."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="names")
    name = models.CharField(_("full name"), max_length=255)
    short_name = models.CharField(_("short name"), max_length=120)
    #: As it stands in the symbol of its papers, fixed by its head (Decree 30/2020, Appendix III).
    abbreviation = models.CharField(_("abbreviation"), max_length=30)
    identifier = models.CharField(_("agency identifier"), max_length=35)
    #: Địa danh: where its papers are dated from.
    place = models.CharField(_("place"), max_length=80, blank=True)
    basis = models.CharField(_("legal basis"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("agency name")
        ordering = ["from_on"]
        constraints = [
            ordered_period("agency_name_period_in_order"),
            models.UniqueConstraint(fields=["agency", "from_on"], name="one_name_from_a_day"),
            models.UniqueConstraint(fields=["identifier", "from_on"], name="identifier_from_a_day"),
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def initials(self) -> str:
        """First letters: Sở Nội vụ is found as "snv"."""
        words = fold(self.short_name).split()
        return "".join(word[0] for word in words if word[0].isalnum())


class Succession(models.Model):
    """One body follows another, wholly or in part. Nothing old becomes readable by it."""

    predecessor = models.ForeignKey(Agency, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="inheritances"
    )
    kind = models.CharField(max_length=10, choices=SuccessionKind)
    on = models.DateField(_("on"))
    basis = models.CharField(_("legal basis"), max_length=255)
    partial = models.BooleanField(_("in part"), default=False)

    class Meta:
        verbose_name = _("succession")
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "on"], name="one_succession_a_day"
            ),
            models.CheckConstraint(
                name="successor_unless_abolished",
                condition=models.Q(successor__isnull=False) | models.Q(kind="abolish"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor or '∅'}"
