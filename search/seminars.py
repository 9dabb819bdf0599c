"""Seminars in the archive: found by what they are about, by whoever may see them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from documents.standing import Standing
from search.engine import Facet, Record
from search.registry import Shown
from seminars import access
from seminars.choices import HELD as HELD_STATES
from seminars.choices import SeminarKind, SeminarState
from seminars.models import Seminar
from seminars.places import where

NAME = "seminar"
#: States of the facet: what is to come, what was held, what was called off.
PLANNED, HELD, CANCELLED = "planned", "held", "cancelled"
STATES = {PLANNED: _("Planned"), HELD: _("Held already"), CANCELLED: _("Cancelled")}
WORDS: dict[Facet, dict[str, Any]] = {
    Facet.KIND: {NAME: _("Seminar")},
    Facet.STATE: STATES,
    Facet.TYPE: dict(SeminarKind.choices),
}


class Seminars:
    """One kind for seminars, round tables and conferences; the minutes are the organiser's own."""

    name = NAME

    def ids(self, *, after: int, most: int) -> Sequence[int]:
        found = Seminar.objects.filter(pk__gt=after).order_by("pk")
        return list(found.values_list("pk", flat=True)[:most])

    def audiences(self, ids: Sequence[int]) -> dict[int, frozenset[str]]:
        rows = Seminar.objects.filter(pk__in=ids).prefetch_related("invitations")
        return {row.pk: frozenset(access.reader_tokens(row)) for row in rows}

    def records(self, ids: Sequence[int]) -> Iterator[Record]:
        for row in _read(Seminar.objects.filter(pk__in=ids)).order_by("pk"):
            yield Record(
                key=f"{NAME}:{row.pk}",
                version=0,
                kind=NAME,
                type=row.kind,
                title=row.title,
                audience=frozenset(access.reader_tokens(row)),
                body="\n".join(_texts(row)),
                issuers=(f"agency:{row.agency_id}",),
                names=" ".join(
                    filter(None, [str(row.agency), row.chair.name if row.chair else ""])
                ),
                state=_state(row),
                day=row.day,
                in_force=row.state != SeminarState.CANCELLED,
            )

    def visible(self, who: Standing, ids: Collection[int]) -> set[int]:
        return set(access.visible_to(who, among=ids).values_list("pk", flat=True))

    def shown(self, who: Standing, ids: Collection[int]) -> Iterable[tuple[int, Shown]]:
        for row in _read(access.visible_to(who, among=ids)):
            yield (
                row.pk,
                Shown(
                    key=f"{NAME}:{row.pk}",
                    url=reverse("seminars:seminar", args=[row.pk]),
                    kind=NAME,
                    kind_label=str(WORDS[Facet.KIND][NAME]),
                    type=str(row.get_kind_display()),
                    number="",
                    title=row.title,
                    issuer=str(row.agency),
                    day=row.day,
                    state=_state(row),
                    state_label=str(row.get_state_display()),
                    texts=tuple(_texts(row)),
                ),
            )

    def new_to(self, who: Standing, since: datetime, *, most: int) -> Sequence[int]:
        invited = access.invitations_seen_by(who).filter(sent_at__gt=since).values("seminar")
        announced = Q(created_at__gt=since) & ~Q(state=SeminarState.DRAFT)
        found = access.visible_to(who).filter(announced | Q(pk__in=invited))
        return list(found.order_by("-pk").values_list("pk", flat=True)[:most])

    def turned(self, since: date, until: date) -> Iterable[int]:
        return ()

    def issuers(self, values: Collection[str]) -> dict[str, str]:
        return {}


def _read(rows: "QuerySet[Seminar]") -> "QuerySet[Seminar]":
    return rows.select_related("agency", "chair").prefetch_related(
        "venues__room", "agenda", "invitations"
    )


def _state(row: Seminar) -> str:
    if row.state == SeminarState.CANCELLED:
        return CANCELLED
    return HELD if row.state in HELD_STATES else PLANNED


def _texts(row: Seminar) -> list[str]:
    """What everybody who sees the seminar reads on its page."""
    texts = [row.purpose, *(item.title for item in row.agenda.all())]
    return [text for text in [*texts, *(where(venue) for venue in row.venues.all())] if text]
