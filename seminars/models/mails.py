"""What was mailed to agencies, and what people are told on their desks."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from seminars.choices import SeminarNews
from seminars.models.invitations import Invitation
from seminars.models.seminars import Seminar, SeminarEvent


class SeminarMail(models.Model):
    """One change of a seminar, mailed to one agency that is invited: at most once.

    The row stands before the mail is handed over and is marked after. Its link opens the answer
    page while this is what the agency was told last.
    """

    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="mails")
    #: The newest act that it tells of; earlier ones went into the same mail.
    event = models.ForeignKey(SeminarEvent, models.PROTECT, related_name="+")
    #: REQUEST or CANCEL, as the calendar in it says; empty: it holds none.
    method = models.CharField(max_length=10, blank=True)
    #: The mailbox of the agency when it was sent.
    address = models.CharField(max_length=254)
    #: Those of the seminar, as the calendar in the mail states them.
    sequence = models.PositiveIntegerField()
    start5 = models.BigIntegerField(null=True, blank=True)
    end5 = models.BigIntegerField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    #: Key of the outbox item whose work it is: another one leaves it alone.
    owed_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    #: None: it may have been handed over all the same, if the worker was killed just then.
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("mail")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "event"], name="a_change_is_mailed_to_an_agency_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.event_id}"


class SeminarNotice(models.Model):
    """A line on the desk of somebody whose agency is invited: once a person and act."""

    event = models.ForeignKey(SeminarEvent, models.PROTECT, related_name="+")
    seminar = models.ForeignKey(Seminar, models.PROTECT, related_name="notices")
    #: Of which agency's invitation it speaks.
    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="notices")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    news = models.CharField(max_length=10, choices=SeminarNews)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "invitation", "person"], name="a_person_is_told_of_an_act_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["person", "-id"],
                condition=models.Q(read_at__isnull=True),
                name="seminar_news_to_read",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.person_id}"
