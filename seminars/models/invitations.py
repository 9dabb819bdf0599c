"""Agencies are invited with a quota; they name their delegates, who get seats or queue."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.choices import Audience
from agencies.models import Agency, User
from documents.models import Dispatch
from seminars.choices import Answer, InvitationRole, NominationState
from seminars.models.seminars import Person, Seminar, Venue


class Invitation(models.Model):
    """An agency is asked to a seminar with so many delegates, by an official letter (giấy mời)."""

    seminar = models.ForeignKey(Seminar, models.PROTECT, related_name="invitations")
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="invitations")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="invitations")
    role = models.CharField(
        _("role"), max_length=10, choices=InvitationRole, default=InvitationRole.REQUIRED
    )
    quota = models.PositiveSmallIntegerField(_("seats kept for it"), default=1)
    letter = models.ForeignKey(
        Dispatch, models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    #: Who inside that agency sees it, as for a dispatch.
    audience = models.CharField(max_length=8, choices=Audience)
    #: None: not yet sent; nobody there sees it.
    sent_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(_("answer by"), null=True, blank=True)
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    #: Nobody signed in: somebody who had this mail answered by its link.
    answered_by_mail = models.ForeignKey(
        "SeminarMail", models.PROTECT, null=True, blank=True, related_name="+"
    )
    declined_for = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("invitation")
        indexes = [models.Index(fields=["agency", "sent_at"])]
        constraints = [
            models.UniqueConstraint(fields=["seminar", "agency"], name="invited_once"),
            models.CheckConstraint(
                name="answered_at_a_moment",
                condition=models.Q(answer="none") ^ models.Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="answered_by_a_person_or_by_a_link",
                condition=models.Q(
                    answer="none", answered_by__isnull=True, answered_by_mail__isnull=True
                )
                | ~models.Q(answer="none")
                & (models.Q(answered_by__isnull=True) ^ models.Q(answered_by_mail__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seminar} → {self.agency_id}"


#: A nomination that counts: the others are history.
LIVE = models.Q(
    state__in=(NominationState.PENDING, NominationState.CONFIRMED, NominationState.QUEUED)
)


class Nomination(models.Model):
    """An agency names a delegate. A seat is a number; the queue is the order of arrival."""

    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="nominations")
    #: Those of the invitation: here for the constraints.
    seminar = models.ForeignKey(Seminar, models.PROTECT, related_name="nominations")
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="nominations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="nominations")
    state = models.CharField(max_length=10, choices=NominationState)
    seat_no = models.PositiveIntegerField(null=True, blank=True)
    queue_no = models.PositiveIntegerField(null=True, blank=True)
    #: The one in whose place he comes.
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    named_at = models.DateTimeField()
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("delegate")
        constraints = [
            models.UniqueConstraint(
                fields=["seminar", "person"], condition=LIVE, name="a_delegate_once"
            ),
            models.UniqueConstraint(fields=["venue", "seat_no"], name="a_seat_is_had_once"),
            models.UniqueConstraint(fields=["venue", "queue_no"], name="a_place_in_the_queue_once"),
            models.CheckConstraint(
                name="a_seat_for_whoever_is_confirmed",
                condition=models.Q(state="confirmed") ^ models.Q(seat_no__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invitation} {self.person_id}"
