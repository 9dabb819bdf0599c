"""The seminar, its venues and its agenda, and what was done to it."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from agencies.letters import fold
from agencies.models import Agency, Deputy, User
from documents.models import Dispatch
from seminars.choices import Act, HalfDay, SeminarKind, SeminarState, Visibility
from seminars.instants import day5, from5
from seminars.models.programmes import Programme


class Person(models.Model):
    """Somebody who chairs, speaks or comes for an agency; he need not have an account.

    Name and office only: nothing else is kept of people here.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="persons")
    name = models.CharField(_("name"), max_length=120)
    office = models.CharField(_("office held"), max_length=120, blank=True)
    key = models.CharField(max_length=260, editable=False)

    class Meta:
        verbose_name = _("person")
        constraints = [
            models.UniqueConstraint(fields=["agency", "key"], name="a_person_of_an_agency_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.key = self.key_of(self.name, self.office)
        super().save(*args, **kwargs)

    @staticmethod
    def key_of(name: str, office: str) -> str:
        """Return by what a person is told from another of the agency: marks count, case does not."""
        return f"{' '.join(name.split()).lower()}|{fold(office)}"[:260]


class Series(models.Model):
    """Seminars that come again and again; each is a real one, with papers and a conclusion."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=255)

    def __str__(self) -> str:
        return f"#{self.pk}"


class SkippedDate(models.Model):
    """A date of a series on which none is held, and why; it can be taken back."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="skipped")
    day = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "day"], name="a_date_is_skipped_once"),
            models.CheckConstraint(name="skipped_with_reason", condition=~models.Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.day}"


#: No seminar is longer: so what meets an interval begins within that time before its end.
LONGEST5 = 14 * 24 * 12


class SeminarQuerySet(models.QuerySet["Seminar"]):
    def between(self, begins: int, ends: int) -> Self:
        """Those with an hour that meet the half-open interval, in units; read from an index."""
        return self.filter(_meets(begins, ends))

    def meeting(self, spans: Iterable[tuple[int, int]]) -> Self:
        """Those with an hour that meet one of the half-open intervals."""
        found = models.Q(pk__in=[])
        for begins, ends in spans:
            found |= _meets(begins, ends)
        return self.filter(found)

    def on_days(self, first: date, last: date) -> Self:
        """Those that meet one of the days, with an hour or with half a day alone."""
        without = models.Q(start5__isnull=True, day__gte=first, day__lte=last)
        return self.filter(_meets(day5(first)[0], day5(last)[1]) | without)


def _meets(begins: int, ends: int) -> models.Q:
    return models.Q(start5__lt=ends, start5__gt=begins - LONGEST5 - 1, end5__gt=begins)


class Seminar(models.Model):
    """A seminar, round table or conference that an agency holds.

    It may have a day and half a day before it has an hour; only with an hour can it hold a room.
    Nothing above ordinary secrecy is held here.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="seminars")
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="seminars"
    )
    series = models.ForeignKey(
        Series, models.PROTECT, null=True, blank=True, related_name="seminars"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=SeminarKind)
    title = models.CharField(_("title"), max_length=255)
    purpose = models.TextField(_("content and purpose"), blank=True)
    chair = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("chair")
    )
    contact = models.CharField(_("contact"), max_length=255, blank=True)
    visibility = models.CharField(
        _("shown to"), max_length=10, choices=Visibility, default=Visibility.INVITED
    )

    #: Half-open, in units of five minutes (seminars.instants), on the quarter of an hour.
    start5 = models.BigIntegerField(null=True, blank=True)
    end5 = models.BigIntegerField(null=True, blank=True)
    day = models.DateField(_("day"), null=True, blank=True)
    half_day = models.CharField(_("half-day"), max_length=10, choices=HalfDay, blank=True)

    state = models.CharField(max_length=10, choices=SeminarState, default=SeminarState.DRAFT)
    #: Why it was moved, postponed or cancelled, as everybody concerned is told.
    reason = models.TextField(_("reason"), blank=True)
    #: The invitation as it is drafted; it counts once it was issued and reached everybody.
    letter = models.ForeignKey(Dispatch, models.PROTECT, null=True, blank=True, related_name="+")
    #: Calendars know it by this: never changed, never used again.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    #: Rises when time, place or standing changes, and never falls (RFC 5545, 3.8.7.4).
    sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    #: Counts the saves, so that two editors cannot silently overwrite one another.
    edits = models.PositiveIntegerField(default=0)

    objects = SeminarQuerySet.as_manager()

    class Meta:
        verbose_name = _("seminar")
        indexes = [
            models.Index(fields=["start5", "end5"]),
            models.Index(fields=["agency", "start5"]),
            models.Index(fields=["agency", "state"]),
            models.Index(fields=["day"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="seminar_ends_after_it_begins",
                condition=models.Q(start5__isnull=True, end5__isnull=True)
                | models.Q(start5__lt=models.F("end5")),
            ),
            models.CheckConstraint(
                name="seminar_within_a_fortnight",
                condition=models.Q(start5__isnull=True)
                | models.Q(end5__lte=models.F("start5") + LONGEST5),
            ),
            models.CheckConstraint(
                name="seminar_on_the_quarter_hour",
                condition=models.Q(start5__isnull=True)
                | (
                    models.Q(Exact(models.F("start5") % 3, 0))
                    & models.Q(Exact(models.F("end5") % 3, 0))
                ),
            ),
            models.CheckConstraint(
                name="seminar_with_an_hour_has_its_day",
                condition=models.Q(start5__isnull=True) | models.Q(day__isnull=False),
            ),
            models.CheckConstraint(
                name="half_a_day_of_a_day",
                condition=models.Q(half_day="") | models.Q(day__isnull=False),
            ),
            models.CheckConstraint(
                name="scheduled_means_an_hour",
                condition=models.Q(state__in=["draft", "tentative", "cancelled"])
                | models.Q(start5__isnull=False),
            ),
            models.CheckConstraint(
                name="cancelled_with_reason",
                condition=~models.Q(state="cancelled") | ~models.Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        # Never the title: log entries and error pages print this (traps T2).
        return f"#{self.pk}"

    @property
    def starts_at(self) -> datetime | None:
        return None if self.start5 is None else from5(self.start5)

    @property
    def ends_at(self) -> datetime | None:
        return None if self.end5 is None else from5(self.end5)

    @property
    def is_live(self) -> bool:
        return self.state != SeminarState.CANCELLED


class Venue(models.Model):
    """Điểm cầu: one of the places at which a seminar is held; most have one."""

    seminar = models.ForeignKey(Seminar, models.CASCADE, related_name="venues")
    order = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(_("name"), max_length=120, blank=True)
    host = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("host"))
    room = models.ForeignKey(
        "Room", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("room")
    )
    #: Where it is when it is no room of the register.
    place = models.CharField(_("place"), max_length=255, blank=True)
    seats = models.PositiveIntegerField(_("seats"))

    class Meta:
        verbose_name = _("venue")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["seminar", "order"], name="a_venue_once"),
            models.CheckConstraint(
                name="venue_is_somewhere",
                condition=models.Q(room__isnull=False) | ~models.Q(place=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seminar} {self.order}"


class AgendaItem(models.Model):
    """A line of the agenda: from when, how long, what, and who speaks."""

    seminar = models.ForeignKey(Seminar, models.CASCADE, related_name="agenda")
    order = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    title = models.CharField(_("what"), max_length=255)
    speaker = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("speaker")
    )

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["seminar", "order"], name="an_agenda_line_once"),
            models.CheckConstraint(
                name="agenda_item_takes_time", condition=models.Q(minutes__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seminar} {self.order}"


class SeminarEvent(models.Model):
    """One act on a seminar: by whom, when, why. Append-only."""

    seminar = models.ForeignKey(Seminar, models.PROTECT, related_name="events")
    act = models.CharField(max_length=20, choices=Act)
    state = models.CharField(max_length=10, choices=SeminarState)
    at = models.DateTimeField()
    #: None: the clock did it (a hold that ran out, seats that fell free), or whoever had a mail.
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    deputy = models.ForeignKey(Deputy, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    #: What changed, as ids, units and codes; no names and no words of the seminar.
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["seminar", "id"])]

    def __str__(self) -> str:
        return f"{self.seminar} {self.act}"
