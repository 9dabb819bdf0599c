"""What a dispatch orders to be held, and the programme that carries it out."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, User
from documents.models import Dispatch, DispatchVersion
from seminars.choices import ProgrammeState, SeminarKind


class Order(models.Model):
    """The words of a dispatch that order something to be held, where they stand in its frozen text.

    The one link between a dispatch and what seminars make of it.
    """

    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="orders")
    version = models.ForeignKey(DispatchVersion, models.PROTECT, related_name="+")
    #: Half-open, in signs of the version's text.
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    words = models.TextField(_("words"))

    class Meta:
        verbose_name = _("order")
        constraints = [
            models.CheckConstraint(
                name="order_has_words", condition=models.Q(start__lt=models.F("end"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dispatch} {self.start}-{self.end}"


class Programme(models.Model):
    """So many seminars, of which kind, by when, led by whom and with whom: what an order asks."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="programmes")
    order = models.ForeignKey(Order, models.PROTECT, related_name="programmes")
    title = models.CharField(_("title"), max_length=255)
    kind = models.CharField(_("kind"), max_length=12, choices=SeminarKind)
    target = models.PositiveSmallIntegerField(_("how many"))
    #: None: the order names no day, and none is invented.
    due_on = models.DateField(_("by"), null=True, blank=True)
    lead = models.CharField(_("led by"), max_length=255, blank=True)
    partners = models.ManyToManyField(
        Agency, blank=True, related_name="+", verbose_name=_("together with")
    )
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("owner"))
    state = models.CharField(max_length=12, choices=ProgrammeState, default=ProgrammeState.OPEN)
    waiver = models.TextField(_("reason for the waiver"), blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("programme")
        indexes = [models.Index(fields=["agency", "state"])]
        constraints = [
            models.CheckConstraint(name="programme_wants_one", condition=models.Q(target__gte=1)),
            models.CheckConstraint(
                name="programme_waived_with_reason",
                condition=~models.Q(state="waived") | ~models.Q(waiver=""),
            ),
            models.CheckConstraint(
                name="programme_closed_at_a_moment",
                condition=models.Q(state="open") ^ models.Q(closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
