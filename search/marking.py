"""What has changed is marked in the transaction that changes it, and not only afterwards.

A change that takes a reader away withholds the paper from every answer at once, whatever the index
still says, until a worker has written it.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.db.models.signals import post_save

from agencies import clock
from agencies.models import AgencyName
from documents import events
from documents.models import Dispatch, DocumentType, WorkField
from search import dispatches, seminars
from search.models import IndexState, packed
from search.registry import Kind, key_of, kind_of, kinds
from seminars.events import changed
from seminars.models import Seminar

#: Keys of one statement.
_MANY = 500
#: Days that `mark_what_turned` looks back: longer than any worker stands still unnoticed.
_BACK = timedelta(days=7)


@transaction.atomic
def mark(kind: Kind, pk: int) -> None:
    """Count the version of one row up, and withhold it if somebody could read it who no longer can.

    The row of IndexState is locked before the audience is read, so that of two transactions the
    later one knows what the earlier one did. Six queries for a dispatch, of which the gate's
    tokens are four.
    """
    key = key_of(kind, pk)
    states = IndexState.objects.select_for_update()
    state = states.filter(pk=key).first()
    if state is None:
        IndexState.objects.bulk_create([IndexState(key=key)], ignore_conflicts=True)
        state = states.get(pk=key)
    before = state.readers
    now = kind.audiences([pk]).get(pk, frozenset())
    state.version += 1
    # An audience that nobody knows may have been any.
    state.tightened = state.tightened or before is None or bool(before - now)
    state.audience = packed(now)
    state.dirty_since = state.dirty_since or clock.now()
    state.attempts, state.not_before, state.parked_at, state.error = 0, None, None, ""
    state.save(
        update_fields=[
            "version", "tightened", "audience", "dirty_since",
            "attempts", "not_before", "parked_at", "error",
        ]
    )  # fmt: skip


def mark_keys(keys: Iterable[str], *, withhold: bool = False) -> int:
    """Count many versions up whose audience is as it was; return how many.

    Those that have no row yet get one. `withhold` when the index shows a wrong audience.
    """
    marked = 0
    for some in _chunks(sorted(set(keys))):
        with transaction.atomic():
            new = [IndexState(key=key) for key in some]
            IndexState.objects.bulk_create(new, ignore_conflicts=True)
            rows = IndexState.objects.select_for_update().filter(pk__in=some).order_by("pk")
            held = list(rows.values_list("pk", flat=True))
            again = {"tightened": True} if withhold else {}
            marked += IndexState.objects.filter(pk__in=held).update(
                version=F("version") + 1,
                dirty_since=Coalesce("dirty_since", Value(clock.now())),
                attempts=0,
                not_before=None,
                parked_at=None,
                error="",
                **again,
            )
    return marked


def mark_what_turned() -> None:
    """Mark what stands elsewhere today than yesterday though nobody touched it."""
    today = clock.today()
    for kind in kinds():
        mark_keys(key_of(kind, pk) for pk in kind.turned(today - _BACK, today))


def connect() -> None:
    """Listen to everything that changes what is kept of a dispatch."""
    events.changed.connect(_dispatch_changed, dispatch_uid="search.dispatch_changed")
    changed.connect(_seminar_changed, dispatch_uid="search.seminar_changed")
    for model, found_by in (
        (AgencyName, "issuing_agency"),
        (DocumentType, "type"),
        (WorkField, "field"),
    ):
        post_save.connect(
            _Renamed(found_by), sender=model, weak=False, dispatch_uid=f"search.{found_by}"
        )


def _dispatch_changed(
    sender: type[Dispatch], instance: Dispatch, *, progress: bool, **_kwargs: Any
) -> None:
    kind = kind_of(f"{dispatches.NAME}:{instance.pk}")
    if kind and not progress:
        mark(kind, instance.pk)


def _seminar_changed(sender: type[Seminar], instance: Seminar, **_kwargs: Any) -> None:
    kind = kind_of(f"{seminars.NAME}:{instance.pk}")
    if kind:
        mark(kind, instance.pk)


class _Renamed:
    """Marks the dispatches that are found by a name which was changed."""

    def __init__(self, found_by: str) -> None:
        self.found_by = found_by

    def __call__(self, *, instance: Any, raw: bool = False, **_kwargs: Any) -> None:
        if raw:
            return
        pk = instance.agency_id if isinstance(instance, AgencyName) else instance.pk
        found = Dispatch.objects.filter(**{self.found_by: pk}).values_list("pk", flat=True)
        mark_keys(f"{dispatches.NAME}:{each}" for each in found.iterator())


def _chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while some := list(islice(rest, _MANY)):
        yield some
