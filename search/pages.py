"""Wagtail pages in the archive: news and guidance, for everybody who signs in.

Search does not know which pages there are: the app that has them calls `register`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete, post_save
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import post_page_move

from agencies import clock
from documents.standing import Standing
from search import registry
from search.engine import Facet, Record
from search.marking import mark
from search.registry import EVERYBODY, Shown

#: The state of a page without a standing of its own.
IN_FORCE = "in_force"

Readable = Callable[[datetime], QuerySet[Any]]
#: The standing of a page on a day: a value with a label, as of TextChoices.
Standings = Callable[[Any, date], Any]


class Pages:
    """One model of pages. Everybody reads what `readable` gives at the moment of asking."""

    def __init__(
        self,
        name: str,
        model: type[Any],
        *,
        kind: str,
        kind_label: Any,
        day: str,
        readable: Readable,
        standing: Standings | None = None,
        turning: Collection[str] = (),
        ended: Collection[str] = (),
    ) -> None:
        self.name = name
        self.model = model
        self.kind = kind
        self.kind_label = kind_label
        #: Name of the field that dates it.
        self.day = day
        self.readable = readable
        self.standing = standing
        #: Names of the fields with days on which its standing changes.
        self.turning = turning
        #: Standings that rank below what is in force.
        self.ended = ended

    def ids(self, *, after: int, most: int) -> Sequence[int]:
        found = self.readable(clock.now()).filter(pk__gt=after).order_by("pk")
        return list(found.values_list("pk", flat=True)[:most])

    def audiences(self, ids: Sequence[int]) -> dict[int, frozenset[str]]:
        found = self.readable(clock.now()).filter(pk__in=ids)
        return dict.fromkeys(found.values_list("pk", flat=True), frozenset({EVERYBODY}))

    def records(self, ids: Sequence[int]) -> Iterator[Record]:
        today = clock.today()
        for page in self.readable(clock.now()).filter(pk__in=ids).order_by("pk"):
            state, _label = self._state(page, today)
            yield Record(
                key=registry.key_of(self, page.pk),
                version=0,
                kind=self.kind,
                title=page.title,
                audience=frozenset({EVERYBODY}),
                body="\n".join(_texts(page)),
                names=str(getattr(page, "topic", "")),
                field=str(getattr(page, "topic", "")),
                state=state,
                day=getattr(page, self.day),
                in_force=state not in self.ended,
            )

    def visible(self, who: Standing, ids: Collection[int]) -> set[int]:
        if not who.user.is_authenticated:
            return set()
        found = self.readable(who.at).filter(pk__in=ids)
        return set(found.values_list("pk", flat=True))

    def shown(self, who: Standing, ids: Collection[int]) -> Iterable[tuple[int, Shown]]:
        if not who.user.is_authenticated:
            return
        today = clock.day_of(who.at)
        for page in self.readable(who.at).filter(pk__in=ids):
            state, label = self._state(page, today)
            yield (
                page.pk,
                Shown(
                    key=registry.key_of(self, page.pk),
                    url=page.get_url() or "",
                    kind=self.kind,
                    kind_label=str(self.kind_label),
                    type="",
                    number="",
                    title=page.title,
                    issuer="",
                    day=getattr(page, self.day),
                    state=state,
                    state_label=label,
                    texts=tuple(_texts(page)),
                ),
            )

    def new_to(self, who: Standing, since: datetime, *, most: int) -> Sequence[int]:
        if not who.user.is_authenticated:
            return []
        found = self.readable(who.at).filter(first_published_at__gt=since)
        return list(found.order_by("-pk").values_list("pk", flat=True)[:most])

    def turned(self, since: date, until: date) -> Iterable[int]:
        ids: set[int] = set()
        # The day itself, and the day after the last one.
        for name in self.turning:
            within = {f"{name}__range": (since, until)}
            ids |= set(self.model.objects.filter(**within).values_list("pk", flat=True))
        return ids

    def issuers(self, values: Collection[str]) -> dict[str, str]:
        return {}

    def _state(self, page: Any, day: date) -> tuple[str, str]:
        if self.standing is None:
            return IN_FORCE, registry.label(Facet.STATE, IN_FORCE)
        found = self.standing(page, day)
        return str(found.value), str(found.label)


def register(
    name: str,
    model: type[Any],
    *,
    kind: str,
    kind_label: Any,
    day: str,
    readable: Readable,
    standing: Standings | None = None,
    states: Mapping[str, Any] | None = None,
    turning: Collection[str] = (),
    ended: Collection[str] = (),
) -> None:
    """Have the pages of one model found, and hear of everything that changes who reads them."""
    pages = Pages(
        name, model, kind=kind, kind_label=kind_label, day=day, readable=readable,
        standing=standing, turning=turning, ended=ended,
    )  # fmt: skip
    words: dict[Facet, Mapping[str, Any]] = {
        Facet.KIND: {kind: kind_label},
        Facet.STATE: states or {},
    }
    registry.register(pages, words=words)
    post_save.connect(_changed, dispatch_uid="search.pages.saved")
    post_delete.connect(_gone, dispatch_uid="search.pages.deleted")
    post_page_move.connect(_moved, dispatch_uid="search.pages.moved")


def _changed(sender: type[Model], instance: Model, raw: bool = False, **_kwargs: Any) -> None:
    if raw:
        return
    if isinstance(instance, Page):
        _mark_below(instance)
    elif isinstance(instance, PageViewRestriction):
        _mark_below(instance.page)


def _gone(sender: type[Model], instance: Model, **_kwargs: Any) -> None:
    if isinstance(instance, PageViewRestriction):
        _mark_below(instance.page)
    elif isinstance(instance, Page):
        for kind in _page_kinds():
            if isinstance(instance, kind.model):
                mark(kind, instance.pk)


def _moved(sender: type[Model], instance: Page, **_kwargs: Any) -> None:
    _mark_below(instance)


def _mark_below(page: Page) -> None:
    """Mark a page and what hangs below it: withdrawing an index withdraws that too."""
    for kind in _page_kinds():
        below = kind.model.objects.descendant_of(page, inclusive=True)
        for pk in below.order_by("pk").values_list("pk", flat=True):
            mark(kind, pk)


def _page_kinds() -> list[Pages]:
    return [kind for kind in registry.kinds() if isinstance(kind, Pages)]


def _texts(page: Any) -> list[str]:
    """Return summary and body as plain text, block by block."""
    body = getattr(page, "body", None)
    blocks = body.stream_block.get_searchable_content(body) if body is not None else []
    return [
        str(text) for text in [getattr(page, "summary", ""), "\n".join(map(str, blocks))] if text
    ]
