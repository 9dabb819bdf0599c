"""The small province of `tests.documents.world`, with what the screens need around it."""

from typing import Any

from django.test import Client

from agencies.choices import Role
from agencies.models import Agency, User
from documents import lifecycle
from documents.choices import FileRole, Urgency
from documents.models import Circulation, Dispatch, Receipt
from tests.documents.world import World, acknowledged, at, person, registers, stand_in, work

__all__ = [
    "acknowledged",
    "at",
    "client_of",
    "draft_ready",
    "facts",
    "issued",
    "outside_paper",
    "person",
    "registers",
    "returned",
    "stand_in",
    "work",
    "world",
]


def world(**values: Any) -> World:
    """A province with clerk, leader, officer; two departments, each with its whole office.

    `province`, `home` (the whole agency reads) and `finance` (its office reads) are the agencies.
    """
    small = World(**values)
    small.home_leader = person("a_leader", (small.home, Role.LEADER))
    small.finance_leader = person("b_leader", (small.finance, Role.LEADER))
    small.finance_head = person("b_head", (small.finance, Role.HEAD))
    small.stranger = person("stranger")
    return small


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def draft_ready(small: World, **values: Any) -> Dispatch:
    """A draft with everything that signing and issuing need."""
    return small.draft(**values)


def issued(small: World, *, files: int = 0, **values: Any) -> Dispatch:
    """A paper of the province, issued to both departments unless `to` says otherwise."""
    moment = values.get("moment") or at(2)
    paper = small.draft(**values)
    for place in range(files):
        lifecycle.attach(dispatch=paper, file=facts(place), by=small.drafter, at=moment)
    paper = lifecycle.submit(dispatch=paper, by=small.drafter, at=moment)
    paper = lifecycle.sign(dispatch=paper, by=small.leader, at=moment)
    return lifecycle.number_and_issue(dispatch=paper, by=small.clerk, at=moment)


def facts(place: int = 0) -> lifecycle.FileFacts:
    """What is known of a stored file; the file itself is not made."""
    return lifecycle.FileFacts(
        name=f"tep-{place}.pdf",
        sha256=f"{place:064x}",
        size=1024,
        media_type="application/pdf",
        role=FileRole.ANNEX,
    )


def returned(small: World, **values: Any) -> Circulation:
    """A paper that Sở Nội vụ gave back to the province."""
    row = small.at_home(issued(small, **values))
    return lifecycle.return_to_sender(
        circulation=row,
        reason="Không thuộc thẩm quyền",
        suggested=small.finance,
        by=small.home_clerk,
        at=at(3),
    )


def outside_paper(small: World, *, agency: Agency | None = None, **values: Any) -> Circulation:
    """A paper from outside the network in the register of Sở Nội vụ."""
    given = {
        "type": small.type,
        "issuer": "Bộ Nội vụ",
        "code": "77/BNV-VP",
        "issued_on": at(1).date(),
        "subject": "báo cáo quý II",
        "urgency": Urgency.ORDINARY,
        "text": "Nội dung./.",
    }
    return lifecycle.register_outside(
        agency=agency or small.home,
        paper=lifecycle.OutsidePaper(**(given | values)),
        files=[],
        by=small.home_clerk,
        at=at(3),
        known_twin=True,
    )


def receipt_of(row: Circulation, kind: str) -> Receipt:
    return Receipt.objects.get(circulation=row, kind=kind)
