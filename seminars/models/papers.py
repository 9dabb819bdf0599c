"""Tham luận: what the agencies invited have to say, in writing and in time."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from seminars.choices import PaperState
from seminars.models.invitations import Invitation
from seminars.models.seminars import AgendaItem, Person, Seminar


class Paper(models.Model):
    """A paper that an agency announced for a seminar, with its author and the day it is due."""

    #: Whose paper it is follows from the invitation.
    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="papers")
    #: That of the invitation: here for the lists.
    seminar = models.ForeignKey(Seminar, models.PROTECT, related_name="papers")
    title = models.CharField(_("title"), max_length=255)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("author"))
    #: Three working days before (Decision 45/2018/QĐ-TTg, article 10), as computed when it was
    #: registered or the seminar got another day. None: the seminar has no day.
    due_on = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=PaperState, default=PaperState.REGISTERED)
    #: Why it was returned; the author's agency reads it.
    reason = models.TextField(_("reason"), blank=True)
    #: Where in the agenda it is read.
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, related_name="papers",
        verbose_name=_("line of the agenda"),
    )  # fmt: skip
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("paper")
        ordering = ["pk"]
        indexes = [models.Index(fields=["state", "due_on"])]
        constraints = [
            models.CheckConstraint(
                name="returned_with_a_reason",
                condition=models.Q(state="returned") ^ models.Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"P{self.pk}"

    @property
    def last_version(self) -> "PaperVersion | None":
        """The newest that was handed in (reads `versions`: prefetch them for a list)."""
        return max(self.versions.all(), key=lambda each: each.no, default=None)


class PaperVersion(models.Model):
    """A file that was handed in as the paper. Append-only: the database refuses to change it.

    The file lies in the store under its SHA-256, as those of dispatches do.
    """

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="versions")
    no = models.PositiveSmallIntegerField(_("version"))
    name = models.CharField(_("name"), max_length=150)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(_("size"))
    media_type = models.CharField(max_length=100)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    #: Handed in after the day that stood as due at that moment.
    late = models.BooleanField(_("late"), default=False)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("version of a paper")
        ordering = ["no"]
        indexes = [models.Index(fields=["sha256"])]
        constraints = [
            models.UniqueConstraint(fields=["paper", "no"], name="a_version_of_a_paper_once"),
        ]

    def __str__(self) -> str:
        return f"{self.paper} v{self.no}"
