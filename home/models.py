"""The pages of the front door: home, news, guidance. A dispatch is never a page (traps T1)."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet

from agencies import clock
from agencies.models.periods import live_on
from documents.access import standing_of
from documents.desk import desk_for
from home.blocks import BodyBlock, key_of
from home.citations import look_up
from search.saved import alerts
from seminars.desk import news_for, told_lately, waiting_for

ROWS_A_PAGE = 25


class HousePageQuerySet(PageQuerySet):
    def readable(self, at: datetime) -> "HousePageQuerySet":
        """Pages that everybody who signs in may read at that moment.

        Live, not past their end, in no private section and under no page that was withdrawn:
        withdrawing an index withdraws what hangs below it.
        """
        pages = self.live().public().filter(not_expired(at))
        for shut in Page.objects.filter(~models.Q(live=True) | ~not_expired(at), numchild__gt=0):
            pages = pages.not_descendant_of(shut)
        return pages


def not_expired(at: datetime) -> models.Q:
    """Return the condition that a page's end has not come, whether or not the job has run since."""
    return models.Q(expire_at__isnull=True) | models.Q(expire_at__gt=at)


class HousePage(Page):
    """What all our pages share: withdrawn with their parents, and citations for each reader."""

    objects = PageManager.from_queryset(HousePageQuerySet)()
    promote_panels = [FieldPanel("slug")]

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args, **kwargs):
        shut = ~models.Q(live=True) | ~not_expired(clock.now())
        if self.get_ancestors(inclusive=True).filter(shut).exists():
            raise Http404
        return super().serve(request, *args, **kwargs)

    def serve_preview(self, request: HttpRequest, mode_name: str):
        response = super().serve_preview(request, mode_name)
        # The editor shows the preview in a frame of its own screen; nobody else may frame a page.
        response._csp_replace = {"frame-ancestors": ["'self'"]}
        return response

    def get_context(self, request: HttpRequest, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        at = clock.now()
        cited = {key_of(block.value) for block in self.cited_blocks()}
        context["at"] = at
        context["citations"] = look_up(cited, reader=standing_of(request), at=at) if cited else {}
        return context

    def cited_blocks(self) -> list:
        body = getattr(self, "body", None) or []
        return [block for block in body if block.block_type == "citation"]


class HomePage(HousePage):
    """The front door: each person's own desk, then what is new for everybody."""

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["home.NewsIndexPage", "home.GuidanceIndexPage"]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        at = context["at"]
        context["desk"] = desk_for(standing_of(request), at=at)
        context["alerts"] = alerts(standing_of(request))
        context["waiting"] = waiting_for(standing_of(request))
        context["told"] = told_lately(standing_of(request))
        context["news_of_seminars"] = news_for(standing_of(request))
        context["news"] = NewsPage.objects.readable(at).newest_first()[:5]
        context["guidance"] = GuidancePage.objects.readable(at).in_force_on(clock.day_of(at))[:5]
        context["news_index"] = NewsIndexPage.objects.readable(at).first()
        context["guidance_index"] = GuidanceIndexPage.objects.readable(at).first()
        return context


class IndexPage(HousePage):
    """A list of the pages below it, 25 at a time."""

    intro = models.TextField(_("introduction"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]

    class Meta:
        abstract = True

    def listed(self, at: datetime) -> models.QuerySet:
        raise NotImplementedError

    def get_context(self, request: HttpRequest, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        pages = Paginator(self.listed(context["at"]), ROWS_A_PAGE)
        context["listed"] = pages.get_page(request.GET.get("page"))
        return context


class NewsIndexPage(IndexPage):
    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.NewsPage"]

    class Meta:
        verbose_name = _("list of news")

    def listed(self, at: datetime) -> "NewsQuerySet":
        return NewsPage.objects.child_of(self).readable(at).newest_first()

    def get_context(self, request: HttpRequest, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["guidance_index"] = GuidanceIndexPage.objects.readable(context["at"]).first()
        return context


class NewsQuerySet(HousePageQuerySet):
    def newest_first(self) -> "NewsQuerySet":
        return self.order_by("-posted_on", "-pk")


class NewsPage(HousePage):
    """A piece of news or a notice for everybody in the house."""

    posted_on = models.DateField(_("date"), default=clock.today)
    summary = models.TextField(_("summary"), help_text=_("One or two sentences, for the lists."))
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    objects = PageManager.from_queryset(NewsQuerySet)()

    parent_page_types = ["home.NewsIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("posted_on"),
        FieldPanel("summary"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("news")


class GuidanceIndexPage(IndexPage):
    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.GuidancePage"]

    class Meta:
        verbose_name = _("list of guidance")

    def listed(self, at: datetime) -> "GuidanceQuerySet":
        return GuidancePage.objects.child_of(self).readable(at).by_topic()

    def get_context(self, request: HttpRequest, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        for page in context["listed"]:
            page.standing = page.standing_on(clock.day_of(context["at"]))
        return context


class GuidanceQuerySet(HousePageQuerySet):
    def by_topic(self) -> "GuidanceQuerySet":
        return self.order_by("topic", "title", "pk")

    def in_force_on(self, day: date) -> "GuidanceQuerySet":
        return self.filter(live_on(day), replaced_by__isnull=True).order_by("-from_on", "-pk")


class GuidanceStanding(models.TextChoices):
    IN_FORCE = "in_force", _("In force")
    NOT_YET = "not_yet", _("Not yet in force")
    ENDED = "ended", _("Ended")
    REPLACED = "replaced", _("Replaced")


class GuidancePage(HousePage):
    """How a thing is done, from when to when, and what took its place."""

    topic = models.CharField(_("subject"), max_length=120)
    summary = models.TextField(_("summary"), help_text=_("One or two sentences, for the lists."))
    from_on = models.DateField(_("from"), default=clock.today)
    to_on = models.DateField(_("to"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=_("replaced by"),
    )
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    objects = PageManager.from_queryset(GuidanceQuerySet)()

    parent_page_types = ["home.GuidanceIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("topic"),
        FieldPanel("summary"),
        FieldRowPanel([FieldPanel("from_on"), FieldPanel("to_on")]),
        FieldPanel("replaced_by"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("guidance")
        constraints = [
            models.CheckConstraint(
                name="guidance_period_in_order",
                condition=models.Q(to_on__isnull=True) | models.Q(to_on__gte=models.F("from_on")),
            ),
        ]

    def standing_on(self, day: date) -> GuidanceStanding:
        """Return where it stands that day; a replaced one has ended, whatever its dates."""
        if self.replaced_by_id:
            return GuidanceStanding.REPLACED
        if self.from_on > day:
            return GuidanceStanding.NOT_YET
        if self.to_on and self.to_on < day:
            return GuidanceStanding.ENDED
        return GuidanceStanding.IN_FORCE

    def get_context(self, request: HttpRequest, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        at = context["at"]
        context["standing"] = self.standing_on(clock.day_of(at))
        if self.replaced_by_id:
            successors = GuidancePage.objects.readable(at)
            context["successor"] = successors.filter(pk=self.replaced_by_id).first()
        return context

    def clean(self) -> None:
        super().clean()
        if self.pk and self.replaced_by_id == self.pk:
            raise ValidationError({"replaced_by": _("A page cannot replace itself.")})
