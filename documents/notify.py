"""What is owed after a commit: rows written in that commit, drained by a worker.

A worker may be killed at any time and run twice, so each effect has a key of its own.
"""

from datetime import datetime, timedelta

from documents.choices import NoticeKind
from documents.models import Circulation, Dispatch, DispatchVersion, OutboxItem

Payload = dict[str, int | str]


def owe(kind: str, key: str, payload: Payload, *, at: datetime) -> None:
    """Write down one effect, in the open transaction. The same key twice is one effect."""
    owe_all(kind, {key: payload}, at=at)


def owe_all(
    kind: str, effects: dict[str, Payload], *, at: datetime, wait: timedelta = timedelta()
) -> None:
    """Write down effects of one kind by their keys, none to be done before `wait` is over."""
    OutboxItem.objects.bulk_create(
        [
            OutboxItem(kind=kind, key=key, payload=payload, created_at=at, not_before=at + wait)
            for key, payload in effects.items()
        ],
        ignore_conflicts=True,
    )


def deliver(dispatch: Dispatch, version: DispatchVersion, *, wave: int, at: datetime) -> None:
    """Owe each recipient of a wave its delivery and its clerks a notice."""
    owe(
        "deliver",
        f"deliver:{dispatch.pk}:{version.no}:{wave}",
        {"dispatch": dispatch.pk, "version": version.pk, "wave": wave},
        at=at,
    )


def tell_recipient(kind: NoticeKind, circulation: Circulation, *, mark: str, at: datetime) -> None:
    """Owe the office of a recipient a notice; `mark` tells this occasion from the next one."""
    owe(
        "tell_recipient",
        f"{kind}:{circulation.pk}:{mark}",
        {"notice": str(kind), "circulation": circulation.pk},
        at=at,
    )


def tell_sender(kind: NoticeKind, circulation: Circulation, *, mark: str, at: datetime) -> None:
    """Owe the sender's office a notice about what a recipient did."""
    owe(
        "tell_sender",
        f"sender:{kind}:{circulation.pk}:{mark}",
        {"notice": str(kind), "circulation": circulation.pk},
        at=at,
    )


def tell_home(kind: NoticeKind, dispatch: Dispatch, *, mark: str, at: datetime) -> None:
    """Owe the people of the registering agency who have the next act a notice."""
    owe(
        "tell_home",
        f"home:{kind}:{dispatch.pk}:{mark}",
        {"notice": str(kind), "dispatch": dispatch.pk},
        at=at,
    )


def tell_person(
    kind: NoticeKind, circulation: Circulation, person: int, *, mark: str, at: datetime
) -> None:
    """Owe one person of a recipient a notice."""
    owe(
        "tell_person",
        f"person:{kind}:{circulation.pk}:{person}:{mark}",
        {"notice": str(kind), "circulation": circulation.pk, "person": person},
        at=at,
    )
