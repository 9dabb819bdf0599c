"""The weekly schedule of an agency (lịch công tác tuần): its draft, and its issued versions.

What a seminar says is not copied into the draft: it is read, so that a moved seminar is moved there
too. An issued version is a copy of everything, which the database refuses to change.
"""

from django.db import models
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from agencies.choices import Audience
from agencies.models import Agency, Deputy, User
from seminars.choices import HalfDay
from seminars.models.seminars import Seminar
from seminars.weekly.snapshot import Snapshot, from_json
from seminars.weekly.weeks import Week


class WeeklySchedule(models.Model):
    """One week of one agency; as a row, its draft."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="schedules")
    iso_year = models.PositiveSmallIntegerField(_("year"))
    iso_week = models.PositiveSmallIntegerField(_("week"))
    #: "Lịch này thay giấy mời": issuing invites the agency's own units that items name.
    replaces_invitations = models.BooleanField(
        _("this schedule takes the place of invitations"), default=False
    )
    #: Nơi nhận, one a line.
    recipients = models.TextField(_("recipients"), blank=True)
    #: The lines above the signature, such as "TL. GIÁM ĐỐC", and the name below it.
    signed_as = models.TextField(_("signed as"), blank=True)
    signer = models.CharField(_("name of the signer"), max_length=120, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    #: Counts the saves of the fields above; items count their own.
    edits = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("weekly schedule")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "iso_year", "iso_week"], name="one_schedule_a_week"
            ),
            models.CheckConstraint(
                name="a_week_of_the_year", condition=models.Q(iso_week__range=(1, 53))
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def week(self) -> Week:
        return Week(self.iso_year, self.iso_week)


class ScheduleItem(models.Model):
    """A line of the draft: typed, or what is added to one that follows a seminar.

    With a seminar, day, hours, content, chair and place are the seminar's and stay empty here.
    """

    schedule = models.ForeignKey(WeeklySchedule, models.CASCADE, related_name="items")
    seminar = models.ForeignKey(
        Seminar, models.PROTECT, null=True, blank=True, related_name="schedule_items"
    )
    day = models.DateField(_("day"), null=True, blank=True)
    half_day = models.CharField(_("half-day"), max_length=10, choices=HalfDay, blank=True)
    #: In units of five minutes, on the quarter of an hour; the end may be open.
    start5 = models.BigIntegerField(null=True, blank=True)
    end5 = models.BigIntegerField(null=True, blank=True)
    content = models.TextField(_("content"), blank=True)
    chair = models.CharField(_("chair"), max_length=255, blank=True)
    #: One name a line.
    leaders = models.TextField(_("leaders who attend"), blank=True)
    joint = models.TextField(_("who else comes"), blank=True)
    place = models.CharField(_("place"), max_length=255, blank=True)
    unit = models.CharField(_("prepared by"), max_length=255, blank=True)
    staff = models.CharField(_("staff"), max_length=255, blank=True)
    separate = models.BooleanField(_("an invitation of its own is sent"), default=False)
    #: Of a seminar alone: the office keeps it out of the schedule.
    left_out = models.BooleanField(_("left out"), default=False)
    agencies = models.ManyToManyField(
        Agency, blank=True, related_name="+", verbose_name=_("agencies and units told")
    )
    edits = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("item of a schedule")
        constraints = [
            models.UniqueConstraint(fields=["schedule", "seminar"], name="a_seminar_once_a_week"),
            models.CheckConstraint(
                name="a_typed_item_says_what_and_when",
                condition=models.Q(seminar__isnull=False)
                | (models.Q(day__isnull=False) & ~models.Q(content="") & ~models.Q(half_day="")),
            ),
            models.CheckConstraint(
                name="only_a_seminar_is_left_out",
                condition=models.Q(left_out=False) | models.Q(seminar__isnull=False),
            ),
            models.CheckConstraint(
                name="schedule_item_on_the_quarter_hour",
                condition=models.Q(start5__isnull=True)
                | models.Q(Exact(models.F("start5") % 3, 0)),
            ),
            models.CheckConstraint(
                name="schedule_item_ends_after_it_begins",
                condition=models.Q(end5__isnull=True)
                | (
                    models.Q(start5__isnull=False)
                    & models.Q(start5__lt=models.F("end5"))
                    & models.Q(Exact(models.F("end5") % 3, 0))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule} {self.key}"

    @property
    def key(self) -> str:
        """By which versions know the item again: a number is never given to another."""
        return f"t{self.pk}" if self.seminar_id is None else f"s{self.seminar_id}"


class ScheduleVersion(models.Model):
    """An issued schedule: number 0, then "Điều chỉnh lần n". Append-only."""

    schedule = models.ForeignKey(WeeklySchedule, models.PROTECT, related_name="versions")
    no = models.PositiveIntegerField()
    #: As seminars.weekly.snapshot writes it.
    snapshot = models.JSONField()
    #: SHA-256 (hex) of it, which the ledger holds too.
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    deputy = models.ForeignKey(Deputy, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["schedule", "no"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "no"], name="a_schedule_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.schedule} {self.no}"

    @property
    def read(self) -> Snapshot:
        return from_json(self.snapshot)


class ScheduleTold(models.Model):
    """An agency whose items changed with a version, or a unit that it invited. Append-only."""

    version = models.ForeignKey(ScheduleVersion, models.PROTECT, related_name="told")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="told_schedules")
    #: Who inside that agency sees it, as for a dispatch.
    audience = models.CharField(max_length=8, choices=Audience)
    #: Keys of its items that changed, those that left among them.
    keys = models.JSONField(default=list)
    #: Keys of the items to which the schedule itself invites this unit.
    invited_to = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "agency"], name="told_once_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.version} → {self.agency_id}"
