"""A small house: a paper, its reader, others who are not, and pages that cite it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.test import Client

from agencies import clock
from agencies.choices import Audience, Role
from agencies.models import Agency, AgencyName, Post, User
from documents.choices import ArchiveKind, Expectation, LineRole, State
from documents.models import Circulation, Dispatch, DocumentType
from home.models import NewsIndexPage, NewsPage

SUBJECT = "Về việc q7Kd2mXw9rTz4vBn6sHp1yLc"
CODE = "1502/UBND-NC"


@dataclass
class House:
    issuer: Agency
    recipient: Agency
    paper: Dispatch
    reader: User
    outsider: User
    editor: User
    superuser: User


def agency(name: str) -> Agency:
    created = Agency.objects.create(kind=Agency._meta.get_field("kind").choices[0][0],
                                    from_on=date(2000, 1, 1))  # fmt: skip
    AgencyName.objects.create(
        agency=created, name=name, short_name=name, abbreviation=f"A{created.pk}",
        identifier=f"H{created.pk}", from_on=date(2000, 1, 1),
    )  # fmt: skip
    created.read_names()
    return created


def person(username: str, at: Agency) -> User:
    user = User.objects.create_user(username, password="x" * 14, first_name=username)
    Post.objects.create(user=user, agency=at, role=Role.CLERK, from_on=date(2000, 1, 1))
    return user


def dispatch(issuer: Agency, drafter: User, **fields: Any) -> Dispatch:
    values = {
        "type": DocumentType.objects.first(),
        "archive_kind": ArchiveKind.DIRECTIVE,
        "registering_agency": issuer,
        "issuing_agency": issuer,
        "issued_on": date(2016, 6, 2),
        "state": State.ISSUED,
        "issued_at": clock.now(),
        "created_at": clock.now(),
        "drafter": drafter,
    }
    return Dispatch.objects.create(**values | fields)


def circulate(paper: Dispatch, to: Agency) -> Circulation:
    return Circulation.objects.create(
        dispatch=paper,
        agency=to,
        circulated_by=paper.registering_agency,
        role=LineRole.TO,
        audience=Audience.AGENCY,
        expectation=Expectation.ACKNOWLEDGE,
        sent_at=clock.now(),
        receive_by=clock.now() + timedelta(days=1),
    )


def news(*body: tuple[str, Any], live: bool = True, slug: str = "tin") -> NewsPage:
    page = NewsPage(title=f"Tin {slug}", slug=slug, summary="Tóm tắt", body=list(body), live=live)
    return NewsIndexPage.objects.get().add_child(instance=page)


def citing(*codes: str, year: int | None = None, slug: str = "tin") -> NewsPage:
    return news(*[("citation", {"code": code, "year": year}) for code in codes], slug=slug)


def seen_by(user: User, page: NewsPage) -> str:
    """Return the text of the page as this person gets it."""
    client = Client()
    client.force_login(user)
    response = client.get(page.url)
    assert response.status_code == 200
    return response.content.decode()
