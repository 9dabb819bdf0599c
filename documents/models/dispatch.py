"""The dispatch, its text and files, and what it cites."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.choices import Audience
from agencies.letters import fold
from agencies.models import Agency, Post, User
from documents.choices import (
    ArchiveKind,
    Capacity,
    CitationKind,
    DueSource,
    Expectation,
    FileRole,
    State,
    Urgency,
)
from documents.models.reference import DocumentType, WorkField
from documents.models.registers import RegisterEntry


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    def issued(self) -> "DispatchQuerySet":
        return self.filter(state=State.ISSUED)

    def with_names(self) -> "DispatchQuerySet":
        """Fetch what a line of a list shows."""
        return self.select_related("type", "issuing_agency", "registering_agency", "replaced_by")


class Dispatch(models.Model):
    """An official paper (công văn, quyết định, báo cáo ...), from draft to archive.

    A paper from outside belongs to the agency that registered it and has an issuer of its own. A
    field that the source does not print stays empty and is shown as such, never completed.
    """

    type = models.ForeignKey(DocumentType, models.PROTECT, related_name="dispatches")
    archive_kind = models.CharField(_("archive kind"), max_length=12, choices=ArchiveKind)
    registering_agency = models.ForeignKey(Agency, models.PROTECT, related_name="registered")
    #: None: a body outside the network, named in `issuer_as_printed`.
    issuing_agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="issued"
    )
    issuer_as_printed = models.CharField(_("issuer, as printed"), max_length=255, blank=True)

    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    symbol = models.CharField(_("symbol"), max_length=60, blank=True)
    #: Số, ký hiệu as the decree composes it, or as printed on a paper from outside.
    code = models.CharField(_("number and symbol"), max_length=80, blank=True)
    entry = models.OneToOneField(
        RegisterEntry, models.PROTECT, null=True, blank=True, related_name="dispatch"
    )
    subject = models.TextField(_("subject"), blank=True)
    field = models.ForeignKey(WorkField, models.PROTECT, null=True, blank=True)
    place = models.CharField(_("place"), max_length=80, blank=True)
    issued_on = models.DateField(_("date of the paper"), null=True, blank=True)
    effective_on = models.DateField(_("effective from"), null=True, blank=True)
    urgency = models.CharField(
        _("urgency"), max_length=12, choices=Urgency, default=Urgency.ORDINARY
    )
    circulation_note = models.CharField(_("circulation note"), max_length=120, blank=True)

    #: What the paper prints; empty means "not in the source".
    signer_as_printed = models.CharField(_("signer, as printed"), max_length=120, blank=True)
    signer_title = models.CharField(_("signer's office"), max_length=120, blank=True)
    capacity = models.CharField(_("capacity"), max_length=4, choices=Capacity, blank=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    signed_post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)

    expectation = models.CharField(
        _("expectation"), max_length=12, choices=Expectation, default=Expectation.ACKNOWLEDGE
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    due_source = models.CharField(max_length=8, choices=DueSource, default=DueSource.NONE)
    #: Who inside the registering agency reads it once it is issued.
    audience = models.CharField(
        _("readers in this agency"), max_length=8, choices=Audience, default=Audience.AGENCY
    )

    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    drafter = models.ForeignKey(User, models.PROTECT, related_name="drafts")
    created_at = models.DateTimeField()
    #: Counts the saves of a draft, so that two editors cannot silently overwrite one another.
    edits = models.PositiveIntegerField(default=0)
    #: Who saved the draft last: whoever would save over it is told.
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField(null=True, blank=True)
    sent_back_reason = models.TextField(_("reason for sending back"), blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    recalled_at = models.DateTimeField(null=True, blank=True)
    recall_reason = models.TextField(_("reason for the recall"), blank=True)
    #: A cached reading of the citation that replaces this one.
    replaced_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaced"
    )
    find_key = models.TextField(editable=False, default="")
    #: Number and symbol alone: what is left to find of a paper whose content is closed.
    code_key = models.TextField(editable=False, default="")

    objects = DispatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispatch")
        verbose_name_plural = _("dispatches")
        # The only permission that guardian holds; asked through documents.access alone.
        default_permissions = ()
        permissions = [("read_dispatch", "Can read this dispatch")]
        constraints = [
            models.CheckConstraint(
                name="issued_means_numbered_and_dated",
                condition=~models.Q(state__in=["numbered", "issued"])
                | (models.Q(issued_on__isnull=False) & ~models.Q(code="")),
            ),
            models.CheckConstraint(
                name="issued_has_its_moment",
                condition=models.Q(state="issued") ^ models.Q(issued_at__isnull=True),
            ),
            models.CheckConstraint(
                name="recalled_with_reason",
                condition=models.Q(recalled_at__isnull=True) | ~models.Q(recall_reason=""),
            ),
            models.CheckConstraint(
                name="due_has_a_source",
                condition=models.Q(due_at__isnull=True, due_source="none")
                | (models.Q(due_at__isnull=False) & ~models.Q(due_source="none")),
            ),
            models.CheckConstraint(
                name="issuer_known_or_printed",
                condition=models.Q(issuing_agency__isnull=False) | ~models.Q(issuer_as_printed=""),
            ),
        ]
        indexes = [
            models.Index(fields=["registering_agency", "state", "-issued_on", "-id"]),
            models.Index(fields=["drafter", "state"]),
            models.Index(fields=["code"]),
        ]

    def __str__(self) -> str:
        # Never the subject: log entries and error pages print this (traps T2).
        return self.code or f"#{self.pk}"

    def save(self, *args, **kwargs) -> None:
        self.code_key = fold(self.code)
        self.find_key = fold(f"{self.code} {self.subject} {self.issuer_as_printed}")
        super().save(*args, **kwargs)

    @property
    def from_outside(self) -> bool:
        return self.issuing_agency_id != self.registering_agency_id

    @property
    def in_force(self) -> bool:
        return self.state == State.ISSUED and not self.recalled_at and not self.replaced_by_id

    @property
    def current_version(self) -> "DispatchVersion":
        """The newest version (one query)."""
        return self.versions.order_by("-no")[0]


class DispatchVersion(models.Model):
    """The text and the files. Frozen by issue: later ones only add files (cập nhật)."""

    dispatch = models.ForeignKey(Dispatch, models.CASCADE, related_name="versions")
    no = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"), blank=True)
    #: Ordered files: [{role, name, sha256, size, media_type}], fixed when issued.
    manifest = models.JSONField(default=list)
    #: SHA-256 over the canonical form of text and manifest, fixed when issued.
    digest = models.CharField(max_length=64, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispatch", "no"], name="a_version_once"),
            models.CheckConstraint(
                name="issued_version_has_digest",
                condition=models.Q(issued_at__isnull=True) | ~models.Q(digest=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dispatch} v{self.no}"


class Attachment(models.Model):
    """A file of a version, stored outside every public folder under its SHA-256."""

    version = models.ForeignKey(DispatchVersion, models.CASCADE, related_name="attachments")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    role = models.CharField(_("role"), max_length=8, choices=FileRole, default=FileRole.ANNEX)
    name = models.CharField(_("name"), max_length=150)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(_("size"))
    media_type = models.CharField(max_length=100)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    text = models.TextField(blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("attachment")
        ordering = ["order", "pk"]
        indexes = [models.Index(fields=["sha256"])]

    def __str__(self) -> str:
        return f"{self.version}, file {self.order}"


class Citation(models.Model):
    """A paper names another: by its code as written, and by the dispatch itself when we hold it."""

    dispatch = models.ForeignKey(Dispatch, models.CASCADE, related_name="citations")
    kind = models.CharField(_("kind"), max_length=12, choices=CitationKind)
    code = models.CharField(_("number and symbol"), max_length=80)
    title = models.TextField(_("title, as cited"), blank=True)
    issued_on = models.DateField(_("date"), null=True, blank=True)
    target = models.ForeignKey(
        Dispatch, models.PROTECT, null=True, blank=True, related_name="cited_by"
    )

    class Meta:
        verbose_name = _("citation")
        constraints = [
            models.UniqueConstraint(fields=["dispatch", "kind", "code"], name="a_citation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.dispatch} {self.kind} {self.code}"
