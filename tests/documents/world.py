"""A small province for tests. Every state is made by calling the verbs, so no impossible one exists."""

from datetime import date, datetime
from itertools import count
from typing import Any

from agencies import clock
from agencies.choices import AgencyKind, Audience, DeputyScope, Role
from agencies.models import Agency, AgencyName, Deputy, Post, User
from documents import jobs, lifecycle, numbering
from documents.choices import Expectation, LineRole, RegisterKind
from documents.models import Circulation, Dispatch, DocumentType, Receipt, WorkField

START = date(2016, 1, 1)
_serial = count(1)


def at(day: int, hour: int = 9, minute: int = 0, month: int = 6, year: int = 2016) -> datetime:
    return clock.at(date(year, month, day), hour, minute)


def agency(name: str, abbreviation: str = "", **values: Any) -> Agency:
    values.setdefault("kind", AgencyKind.DEPARTMENT)
    row = Agency.objects.create(from_on=START, **values)
    AgencyName.objects.create(
        agency=row,
        name=name,
        short_name=name,
        abbreviation=abbreviation or "CQ",
        identifier=f"TEST.{next(_serial):05d}",
        from_on=START,
        place="Tây Ninh",
    )
    row.read_names()
    return row


def person(name: str, *posts: tuple[Agency, Role], **values: Any) -> User:
    user = User.objects.create(username=name, first_name=name, last_name="Nguyễn Văn", **values)
    for body, role in posts:
        Post.objects.create(user=user, agency=body, role=role, from_on=START)
    return user


def stand_in(
    of: User, deputy: User, *, first: date, last: date, scope: DeputyScope = DeputyScope.ALL
) -> Deputy:
    return Deputy.objects.create(
        of=of.posts.get(), deputy=deputy, scope=scope, from_on=first, to_on=last
    )


def registers(body: Agency, *, opening: int = 1, year: int = 2016) -> None:
    for kind, name in (
        (RegisterKind.OUTGOING, "Công văn đi"),
        (RegisterKind.INCOMING, "Văn bản đến"),
    ):
        numbering.open_register(
            agency=body, kind=kind, name=name, year=year, opening_number=opening
        )


class World:
    """The province P with its office, and the departments A and B with theirs."""

    def __init__(self, *, opening: int = 1502) -> None:
        self.province = agency("UBND tỉnh", "UBND", kind=AgencyKind.COMMITTEE, collective=True)
        self.home = agency("Sở Nội vụ", "SNV")
        self.finance = agency("Sở Tài chính", "STC", default_audience=Audience.OFFICE)
        registers(self.province, opening=opening)
        registers(self.home)
        registers(self.finance)
        self.drafter = person("p_officer", (self.province, Role.OFFICER))
        self.leader = person("p_leader", (self.province, Role.LEADER))
        self.head = person("p_head", (self.province, Role.HEAD))
        self.clerk = person("p_clerk", (self.province, Role.CLERK))
        self.home_clerk = person("a_clerk", (self.home, Role.CLERK))
        self.home_officer = person("a_officer", (self.home, Role.OFFICER))
        self.home_head = person("a_head", (self.home, Role.HEAD))
        self.finance_clerk = person("b_clerk", (self.finance, Role.CLERK))
        self.finance_officer = person("b_officer", (self.finance, Role.OFFICER))
        self.type = DocumentType.objects.get(slug="cong-van")

    def draft(
        self,
        *,
        to: list[Agency] | None = None,
        subject: str = "kiểm tra công vụ",
        moment: datetime | None = None,
        lines: list[lifecycle.LineDraft] | None = None,
        **values: Any,
    ) -> Dispatch:
        """A complete draft of the province, ready to be submitted."""
        moment = moment or at(2)
        paper = lifecycle.draft(
            agency=self.province, type=values.pop("type", self.type), by=self.drafter, at=moment
        )
        values.setdefault("field", WorkField.objects.get(code="NC"))
        values.setdefault("expectation", Expectation.ACKNOWLEDGE)
        addressed = [self.home, self.finance] if to is None else to
        citations = values.pop("citations", ())
        return lifecycle.save_draft(
            dispatch=paper,
            by=self.drafter,
            at=moment,
            seen_edits=0,
            values={"subject": subject, **values},
            text=f"Nội dung của {subject}./.",
            lines=lines
            or [
                lifecycle.LineDraft(str(body), LineRole.TO, agencies=[body.pk])
                for body in addressed
            ],
            citations=citations,
        )

    def submitted(self, **values: Any) -> Dispatch:
        moment = values.get("moment") or at(2)
        return lifecycle.submit(dispatch=self.draft(**values), by=self.drafter, at=moment)

    def signed(self, **values: Any) -> Dispatch:
        moment = values.get("moment") or at(2)
        return lifecycle.sign(dispatch=self.submitted(**values), by=self.leader, at=moment)

    def numbered(self, **values: Any) -> Dispatch:
        moment = values.get("moment") or at(2)
        return lifecycle.number(dispatch=self.signed(**values), by=self.clerk, at=moment)

    def issued(self, **values: Any) -> Dispatch:
        moment = values.get("moment") or at(2)
        return lifecycle.issue(dispatch=self.numbered(**values), by=self.clerk, at=moment)

    def received(self, **values: Any) -> Circulation:
        """Issued, and taken over by Sở Nội vụ."""
        row = self.at_home(self.issued(**values))
        return lifecycle.receive(circulation=row, by=self.home_clerk, at=at(3))

    def at_home(self, paper: Dispatch) -> Circulation:
        return Circulation.objects.get(dispatch=paper, agency=self.home)


def acknowledged(row: Circulation, by: User, moment: datetime) -> Receipt:
    version = row.dispatch.current_version
    return lifecycle.acknowledge(
        circulation=row, version_no=version.no, digest=version.digest, by=by, at=moment
    )


def work(moment: datetime) -> int:
    """Do all that is owed, as the worker would at that moment; return how many items."""
    done = 0
    while jobs.work_one(at=moment):
        done += 1
    return done
