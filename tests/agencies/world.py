"""A small province, made by the verbs: P with the departments A and B, and a unit of A."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import count

import pytest

from agencies import clock
from agencies.choices import AgencyKind, DeputyScope, Role
from agencies.deputies import appoint_deputy
from agencies.models import Agency, Deputy, Post, User
from agencies.posts import open_post
from agencies.refusals import Refused
from agencies.succession import Name, found_agency
from ledger.models import LedgerEntry

BEGINS = date(2016, 1, 1)
DAY = date(2016, 6, 1)
AT = clock.at(DAY, 9)
_serial = count(1)


def at(day: date) -> datetime:
    return clock.at(day, 9)


def name(words: str, **values: str) -> Name:
    values.setdefault("identifier", f"TEST.{next(_serial):05d}")
    return Name(name=words, short_name=words, abbreviation="CQ", **values)


def body(words: str, parent: Agency | None = None, **values: object) -> Agency:
    values.setdefault("kind", AgencyKind.DEPARTMENT)
    values.setdefault("from_on", BEGINS)
    return found_agency(name=name(words), parent=parent, by=None, at=at(BEGINS), **values)


def person(username: str, *posts: tuple[Agency, Role]) -> User:
    user = User.objects.create(username=username, first_name=username, last_name="Nguyễn")
    for agency, role in posts:
        hold(user, agency, role)
    return user


def hold(user: User, agency: Agency, role: Role, **values: object) -> Post:
    values.setdefault("from_on", BEGINS)
    values.setdefault("at", at(BEGINS))
    values.setdefault("by", None)
    return open_post(user=user, agency=agency, role=role, **values)


def stand_in(of: Post, deputy: User, **values: object) -> Deputy:
    values.setdefault("scope", DeputyScope.ALL)
    values.setdefault("from_on", DAY)
    values.setdefault("to_on", date(2016, 6, 10))
    values.setdefault("by", None)
    values.setdefault("at", AT)
    return appoint_deputy(of=of, deputy=deputy, **values)


def ledger() -> list[str]:
    return list(LedgerEntry.objects.order_by("seq").values_list("type", flat=True))


@contextmanager
def refused(*codes: str) -> Iterator[None]:
    """Expect a refusal for exactly these reasons, and not a row more in the ledger."""
    before = ledger()
    with pytest.raises(Refused) as caught:
        yield
    assert [reason.code for reason in caught.value.reasons] == list(codes)
    assert ledger() == before


class Province:
    def __init__(self) -> None:
        self.p = body("UBND tỉnh", kind=AgencyKind.COMMITTEE)
        self.a = body("Sở Nội vụ", self.p)
        self.b = body("Sở Tài chính", self.p)
        self.unit = body("Phòng Một", self.a, kind=AgencyKind.UNIT)
        self.admin = person("admin", (self.p, Role.ADMINISTRATOR))
        self.a_admin = person("a_admin", (self.a, Role.ADMINISTRATOR))
        self.a_head = person("a_head", (self.a, Role.HEAD))
        self.a_clerk = person("a_clerk", (self.a, Role.CLERK))
        self.a_officer = person("a_officer", (self.a, Role.OFFICER))
        self.b_clerk = person("b_clerk", (self.b, Role.CLERK))

    @property
    def clerkship(self) -> Post:
        return self.a_clerk.posts.get()
