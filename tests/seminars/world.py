"""Seminars of the small province of tests: every state is made by calling the verbs."""

from datetime import datetime
from typing import Any

from agencies.models import Agency, User
from documents.models import Dispatch
from seminars import lifecycle
from seminars.choices import SeminarState
from seminars.lifecycle import Details, Invited, Place, Time
from seminars.models import Invitation, Nomination, Person, Programme, Room, Seminar
from tests.documents.factories import world as province
from tests.documents.world import World, at

__all__ = ["Seminars", "at"]

#: Wednesday 15 June 2016, a working morning.
MORNING = Time(at(15, 7, 30), at(15, 10))


class Seminars:
    """The province holds seminars in its own hall and room, and invites its two departments."""

    def __init__(self, small: World | None = None) -> None:
        self.small: World = small or province()
        self.clerk: User = self.small.clerk
        self.officer: User = self.small.drafter
        self.leader: User = self.small.leader
        self.hall = self.room("Hội trường A", 200)
        self.chair = Person.objects.create(
            agency=self.small.province, name="Lâm Sương Dung", office="Phó Chủ tịch"
        )

    def room(self, name: str, capacity: int = 50, **values: Any) -> Room:
        values.setdefault("agency", self.small.province)
        return Room.objects.create(name=name, capacity=capacity, **values)

    def details(self, **values: Any) -> Details:
        values.setdefault("title", "Hội thảo xây dựng phong trào")
        values.setdefault("chair", self.chair)
        return Details(**values)

    def place(self, **values: Any) -> Place:
        values.setdefault("host", self.small.province)
        values.setdefault("seats", 50)
        if "place" not in values:
            values.setdefault("room", self.hall)
        return Place(**values)

    def draft(
        self, *, time: Time = MORNING, places: list[Place] | None = None,
        programme: Programme | None = None, moment: datetime | None = None, **details: Any,
    ) -> Seminar:  # fmt: skip
        return lifecycle.draft(
            agency=self.small.province,
            details=self.details(**details),
            time=time,
            places=[self.place()] if places is None else places,
            programme=programme,
            by=self.officer,
            at=moment or at(2),
        )

    def held(self, **values: Any) -> Seminar:
        return lifecycle.hold(
            seminar=self.draft(**values), by=self.officer, at=values.get("moment") or at(2)
        )

    def scheduled(self, **values: Any) -> Seminar:
        return lifecycle.schedule(
            seminar=self.held(**values), by=self.officer, at=values.get("moment") or at(2)
        )

    def listed(self, *, quotas: dict[Agency, int] | None = None, **values: Any) -> Seminar:
        seminar = self.scheduled(**values)
        venue = seminar.venues.get()
        wanted = quotas or {self.small.home: 2, self.small.finance: 1}
        return lifecycle.list_invited(
            seminar=seminar,
            invited=[Invited(agency, venue, quota) for agency, quota in wanted.items()],
            by=self.officer,
            at=values.get("moment") or at(2),
        )

    def letter(self, to: list[Agency] | None = None) -> Dispatch:
        return self.small.issued(to=to, subject="mời dự hội thảo")

    def invited(self, *, answer_by: datetime | None = None, **values: Any) -> Seminar:
        seminar = self.listed(**values)
        agencies = [row.agency for row in seminar.invitations.select_related("agency")]
        return lifecycle.invite(
            seminar=seminar, letter=self.letter(agencies), answer_by=answer_by,
            by=self.clerk, at=at(3),
        )  # fmt: skip

    def invitation(self, seminar: Seminar, agency: Agency | None = None) -> Invitation:
        return Invitation.objects.get(seminar=seminar, agency=agency or self.small.home)

    def named(
        self, seminar: Seminar, name: str, *, agency: Agency | None = None,
        by: User | None = None, moment: datetime | None = None,
    ) -> Nomination:  # fmt: skip
        return lifecycle.name_delegate(
            invitation=self.invitation(seminar, agency), name=name,
            by=by or self.small.home_clerk, at=moment or at(6),
        )  # fmt: skip

    def under_way(self, **values: Any) -> Seminar:
        seminar = self.invited(**values)
        self.named(seminar, "Trần Thị Mẫu")
        return lifecycle.open_seminar(seminar=seminar, by=self.officer, at=at(15, 7, 15))

    def ended(self, **values: Any) -> Seminar:
        seminar = self.under_way(**values)
        marks = [
            lifecycle.Mark(row, "present")
            for row in seminar.nominations.filter(state="confirmed").select_related(
                "person", "invitation__agency", "venue"
            )
        ]
        lifecycle.mark(seminar=seminar, marks=marks, by=self.officer, at=at(15, 8))
        return lifecycle.close(seminar=seminar, by=self.officer, at=at(15, 10))

    def minuted(self, **values: Any) -> Seminar:
        seminar = self.ended(**values)
        lifecycle.write_minutes(
            seminar=seminar, text="Diễn biến và kết luận.", no=0, by=self.officer, at=at(15, 14)
        )
        lifecycle.approve_minutes(seminar=seminar, no=1, by=self.leader, at=at(15, 15))
        return seminar

    def concluded(self, **values: Any) -> Seminar:
        return lifecycle.conclude(
            seminar=self.minuted(**values), notice=self.small.issued(subject="thông báo kết luận"),
            by=self.clerk, at=at(16),
        )  # fmt: skip

    def reported(self, **values: Any) -> Seminar:
        return lifecycle.report(
            seminar=self.concluded(**values), paper=self.small.issued(subject="báo cáo kết quả"),
            by=self.clerk, at=at(17),
        )  # fmt: skip

    def programme(self, *, target: int = 1, **values: Any) -> Programme:
        paper = self.small.issued(subject="tổ chức hội thảo")
        text = paper.current_version.text
        start = text.index("tổ chức hội thảo")
        return lifecycle.begin_programme(
            agency=self.small.province, dispatch=paper,
            words=(start, start + len("tổ chức hội thảo")),
            title="Hội thảo theo Công văn", kind="seminar", target=target,
            by=self.officer, at=at(2), **values,
        )  # fmt: skip

    def in_state(self, state: SeminarState) -> Seminar:
        """A seminar in that state, made by the acts that lead there."""
        makers = {
            SeminarState.DRAFT: self.draft,
            SeminarState.TENTATIVE: self.held,
            SeminarState.SCHEDULED: self.listed,
            SeminarState.INVITED: self.invited,
            SeminarState.UNDER_WAY: self.under_way,
            SeminarState.ENDED: self.minuted,
            SeminarState.CONCLUDED: self.concluded,
            SeminarState.REPORTED: self.reported,
        }
        if state == SeminarState.CANCELLED:
            return lifecycle.cancel(
                seminar=self.held(), reason="Trùng lịch", by=self.clerk, at=at(3)
            )
        return makers[state]()
