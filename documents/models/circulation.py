"""The circulation list: the permission, the ladder and the proof."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from agencies.choices import Audience
from agencies.models import Agency, Deputy, DistributionList, User
from documents.choices import (
    ACKNOWLEDGED,
    CirculationState,
    DueSource,
    Expectation,
    HandlingRole,
    LineRole,
    RecallState,
    ReceiptKind,
    Tone,
)
from documents.models.dispatch import Dispatch, DispatchVersion
from documents.models.registers import RegisterEntry


class AddresseeLine(models.Model):
    """A line of Kính gửi or Nơi nhận, as printed, and what it stands for."""

    dispatch = models.ForeignKey(Dispatch, models.CASCADE, related_name="lines")
    order = models.PositiveSmallIntegerField(_("order"))
    text_as_printed = models.CharField(_("as printed"), max_length=500)
    role = models.CharField(_("role"), max_length=8, choices=LineRole, default=LineRole.TO)
    tone = models.CharField(_("tone"), max_length=8, choices=Tone, default=Tone.ORDERED)
    #: "Như trên": the copy line that stands for every Kính gửi line.
    as_above = models.BooleanField(_("as above"), default=False)
    #: 1: printed in the paper. Later additions carry the wave that sent them and are not printed.
    wave = models.PositiveSmallIntegerField(default=1)
    agencies = models.ManyToManyField(Agency, blank=True, related_name="+")
    lists = models.ManyToManyField(DistributionList, blank=True, related_name="+")

    class Meta:
        verbose_name = _("addressee line")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["dispatch", "order"], name="a_line_once"),
        ]

    def __str__(self) -> str:
        return self.text_as_printed


#: The paper is at the recipient, or on its way; a returned or recalled one may be sent again.
LIVE = ~models.Q(state=CirculationState.RETURNED) & ~models.Q(recall_state=RecallState.AGREED)


def late(at: datetime) -> models.Q:
    """Past the law's time for receiving, or past the deadline for acknowledging."""
    return LIVE & (
        models.Q(state=CirculationState.SENT, receive_by__lt=at)
        | models.Q(expectation__in=ACKNOWLEDGED, acknowledged_at__isnull=True, due_at__lt=at)
    )


class CirculationQuerySet(models.QuerySet["Circulation"]):
    def live(self) -> "CirculationQuerySet":
        return self.filter(LIVE)

    def owing_acknowledgement(self) -> "CirculationQuerySet":
        return self.live().filter(expectation__in=ACKNOWLEDGED, acknowledged_at__isnull=True)

    def silent(self) -> "CirculationQuerySet":
        """Neither opened nor received: nobody there has looked."""
        return self.live().filter(opened_at__isnull=True, received_at__isnull=True)

    def late(self, at: datetime) -> "CirculationQuerySet":
        return self.filter(late(at))


#: What the tabs of the incoming list ask of a row: an index that holds it answers them alone.
COUNTED = (
    "state", "recall_state", "audience", "expectation", "acknowledged_at", "receive_by", "due_at",
)  # fmt: skip


class Circulation(models.Model):
    """One dispatch at one agency: why it may read, where it stands, what it owes.

    The moments are a cached reading of the receipts, which are the evidence.
    """

    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="circulations")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="circulations")
    circulated_by = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    lines = models.ManyToManyField(AddresseeLine, related_name="circulations")
    role = models.CharField(max_length=8, choices=LineRole)
    tone = models.CharField(max_length=8, choices=Tone, default=Tone.ORDERED)
    audience = models.CharField(max_length=8, choices=Audience)
    expectation = models.CharField(max_length=12, choices=Expectation)
    #: Counts the sendings of one dispatch: the issue is 1, a later addition 2 ...
    wave = models.PositiveSmallIntegerField(default=1)
    sent_at = models.DateTimeField()
    #: The law's clock: at once, or the end of the next working day (Decree 30/2020, article 4.2).
    receive_by = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    due_source = models.CharField(max_length=8, choices=DueSource, default=DueSource.NONE)

    state = models.CharField(max_length=12, choices=CirculationState, default=CirculationState.SENT)
    recall_state = models.CharField(max_length=10, choices=RecallState, default=RecallState.NONE)
    recall_reason = models.TextField(blank=True)
    arrival_entry = models.OneToOneField(
        RegisterEntry, models.PROTECT, null=True, blank=True, related_name="circulation"
    )
    #: Số đến and ngày đến.
    arrival_number = models.PositiveIntegerField(_("arrival number"), null=True, blank=True)
    arrived_on = models.DateField(_("date of arrival"), null=True, blank=True)

    delivered_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = CirculationQuerySet.as_manager()

    class Meta:
        verbose_name = _("circulation")
        constraints = [
            models.UniqueConstraint(
                fields=["dispatch", "agency"], condition=LIVE, name="one_live_circulation"
            ),
            models.CheckConstraint(
                name="received_has_arrival_number",
                condition=models.Q(state__in=["sent", "returned"])
                | models.Q(arrival_number__isnull=False, arrived_on__isnull=False),
            ),
            models.CheckConstraint(
                name="recall_with_reason",
                condition=models.Q(recall_state="none") | ~models.Q(recall_reason=""),
            ),
            models.CheckConstraint(
                name="circulation_due_has_a_source",
                condition=models.Q(due_at__isnull=True, due_source="none")
                | (models.Q(due_at__isnull=False) & ~models.Q(due_source="none")),
            ),
        ]
        indexes = [
            # Covers what the incoming list counts: its tabs are read from the index alone.
            models.Index(
                fields=["agency", "-sent_at", "-id"],
                include=COUNTED,
                name="circulation_by_arrival",
            ),
            models.Index(fields=["agency", "state", "due_at"]),
            # What is owed is little among years of papers: its counts and lists read this alone.
            models.Index(
                fields=["agency"],
                condition=models.Q(state=CirculationState.SENT)
                | models.Q(expectation__in=ACKNOWLEDGED, acknowledged_at__isnull=True),
                include=COUNTED,
                name="circulation_owed",
            ),
            models.Index(fields=["dispatch", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.dispatch} → {self.agency_id}"

    def spread(self, agencies: Collection[int]) -> None:
        """Insert the like of this row for further agencies, each with its own audience.

        One statement for a thousand of them: built one by one in Python, five thousand rows take
        longer than everything else that issuing does.
        """
        meta = self._meta
        own = {"agency_id": "agency.id", "audience": "agency.default_audience"}
        columns = [str(each.column) for each in meta.concrete_fields if not each.primary_key]
        quoted = connection.ops.quote_name
        values = [own.get(column) or f"model.{quoted(column)}" for column in columns]
        wanted = sorted(agencies)
        for some in (wanted[start : start + 1000] for start in range(0, len(wanted), 1000)):
            statement = (
                f"INSERT INTO {quoted(meta.db_table)} ({', '.join(map(quoted, columns))}) "  # noqa: S608
                f"SELECT {', '.join(values)} "
                f"FROM {quoted(meta.db_table)} model, {quoted(Agency._meta.db_table)} agency "
                f"WHERE model.id = %s AND agency.id IN ({', '.join(['%s'] * len(some))}) "
                "ORDER BY agency.sort_key, agency.id"
            )
            with connection.cursor() as cursor:
                cursor.execute(statement, [self.pk, *some])

    @property
    def is_live(self) -> bool:
        return self.state != CirculationState.RETURNED and self.recall_state != RecallState.AGREED

    @property
    def owes_acknowledgement(self) -> bool:
        return self.is_live and self.expectation in ACKNOWLEDGED and self.acknowledged_at is None

    def is_late(self, at: datetime) -> bool:
        """Say of this row what `late` asks the database."""
        if self.is_live and self.state == CirculationState.SENT and self.receive_by < at:
            return True
        return self.owes_acknowledgement and self.due_at is not None and self.due_at < at


class Handling(models.Model):
    """Inside a recipient agency: who works on it. The one assigned reads, as a member of it."""

    circulation = models.ForeignKey(Circulation, models.PROTECT, related_name="handlings")
    assignee = models.ForeignKey(User, models.PROTECT, related_name="handlings")
    role = models.CharField(_("role"), max_length=8, choices=HandlingRole)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    note = models.TextField(_("instruction"), blank=True)
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()

    class Meta:
        verbose_name = _("assignment")
        constraints = [
            models.UniqueConstraint(fields=["circulation", "assignee"], name="assigned_once"),
            models.UniqueConstraint(
                fields=["circulation"], condition=models.Q(role="lead"), name="one_lead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.circulation}: {self.assignee}"


class Receipt(models.Model):
    """One fact about one circulation: append-only, and named in the ledger where it is proof."""

    circulation = models.ForeignKey(Circulation, models.PROTECT, related_name="receipts")
    kind = models.CharField(max_length=16, choices=ReceiptKind)
    at = models.DateTimeField()
    #: None: the system itself (delivery).
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    on_behalf_of = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    #: The mandate under which the actor stood in for somebody.
    deputy = models.ForeignKey(Deputy, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.ForeignKey(DispatchVersion, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    #: Where the recipient thinks that the paper belongs.
    suggested = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    #: What a printed receipt carries; only for acknowledgements.
    code = models.CharField(max_length=24, null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("receipt")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["circulation", "version"],
                condition=models.Q(kind="acknowledged"),
                name="one_acknowledgement_a_version",
            ),
            models.UniqueConstraint(
                fields=["circulation", "actor", "version"],
                condition=models.Q(kind="opened"),
                name="opened_once_a_person_and_version",
            ),
            models.UniqueConstraint(
                fields=["circulation"],
                condition=models.Q(kind="received"),
                name="received_once",
            ),
            models.UniqueConstraint(
                fields=["circulation", "version"],
                condition=models.Q(kind="delivered"),
                name="delivered_once_a_version",
            ),
            models.CheckConstraint(
                name="a_person_acts_or_the_system_delivers",
                condition=models.Q(actor__isnull=False) ^ models.Q(kind="delivered"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.circulation} {self.kind}"


class Chase(models.Model):
    """A reminder to a late office: at most one a day, and this row is its log."""

    circulation = models.ForeignKey(Circulation, models.PROTECT, related_name="chases")
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circulation", "on"], name="one_chase_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.circulation} {self.on}"
