"""What happened: who came, what was said, what was concluded."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, User
from documents.models import Dispatch
from seminars.choices import Presence
from seminars.models.invitations import Nomination
from seminars.models.seminars import Person, Seminar, Venue


class Attendance(models.Model):
    """One person at one venue. A walk-in has no nomination."""

    seminar = models.ForeignKey(Seminar, models.PROTECT, related_name="attendance")
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="attendance")
    nomination = models.OneToOneField(
        Nomination, models.PROTECT, null=True, blank=True, related_name="attendance"
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    presence = models.CharField(_("presence"), max_length=10, choices=Presence)
    #: Who came in the delegate's place without having been named.
    substitute = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=255, blank=True)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("attendance")
        constraints = [
            models.UniqueConstraint(fields=["seminar", "person"], name="attends_once"),
            models.CheckConstraint(
                name="excused_with_a_reason",
                condition=~models.Q(presence="excused") | ~models.Q(reason=""),
            ),
            models.CheckConstraint(
                name="a_substitute_is_somebody",
                condition=models.Q(presence="substitute") ^ models.Q(substitute__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seminar} {self.person_id}"


class Minutes(models.Model):
    """A version of the minutes; an approved one is never changed."""

    seminar = models.ForeignKey(Seminar, models.PROTECT, related_name="minutes")
    no = models.PositiveSmallIntegerField(_("version"))
    #: Course, opinions, votes and the chair's conclusion: Decision 45/2018/QĐ-TTg.
    text = models.TextField(_("text"))
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        ordering = ["no"]
        constraints = [
            models.UniqueConstraint(fields=["seminar", "no"], name="a_version_of_minutes_once"),
        ]

    def __str__(self) -> str:
        return f"{self.seminar} v{self.no}"


class Conclusion(models.Model):
    """The conclusion notice as an outgoing dispatch, or why there is none; and the report back."""

    seminar = models.OneToOneField(Seminar, models.PROTECT, related_name="conclusion")
    #: Five working days after the end (Decision 45/2018/QĐ-TTg), as computed when it ended.
    due_on = models.DateField(_("due"))
    notice = models.OneToOneField(
        Dispatch, models.PROTECT, null=True, blank=True, related_name="concludes"
    )
    waiver = models.TextField(_("reason for the waiver"), blank=True)
    report = models.OneToOneField(
        Dispatch, models.PROTECT, null=True, blank=True, related_name="reports_on"
    )

    class Meta:
        verbose_name = _("conclusion")

    def __str__(self) -> str:
        return f"{self.seminar}"
