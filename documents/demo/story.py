"""What happened to Công văn 1502/UBND-NC from 2 to 6 June 2016, and a few papers beside it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from agencies import clock
from agencies.choices import DeputyScope, Role
from agencies.demo import load_province
from agencies.models import Agency, Deputy, DistributionList, Post, User
from documents import jobs, lifecycle, numbering
from documents.choices import (
    CitationKind,
    DueSource,
    Expectation,
    HandlingRole,
    LineRole,
    RegisterKind,
    Tone,
    Urgency,
)
from documents.lifecycle.drafting import CitationDraft
from documents.lifecycle.receiving import issued_version
from documents.models import (
    Circulation,
    DeadlinePolicy,
    Dispatch,
    DocumentType,
    WorkField,
)

Say = Callable[[str], None]

TEXT = Path(__file__).with_name("1502-ubnd-nc.txt")
CODE = "1502/UBND-NC"
OPENED_ON = date(2016, 1, 4)
#: Number that the province's register starts with here: it gave 1501 before, elsewhere.
OPENING = 1502


def moment(day: int, hour: int, minute: int, month: int = 6) -> datetime:
    return clock.at(date(2016, month, day), hour, minute)


def tell(say: Say) -> None:
    """Build the demonstration, step by step; a second run finds it done and changes nothing."""
    if Dispatch.objects.filter(code=CODE).exists():
        say("The demonstration is there already.")
        return
    say("The province of 2016: agencies, people, lists")
    load_province(at=clock.at(OPENED_ON, 8))
    province = agency("UBND tỉnh Tây Ninh")
    say("Registers and working rules")
    open_registers(province)
    say(f"{CODE}: drafted, submitted, signed")
    paper = draft_1502(province)
    say(f"{CODE}: numbered and issued")
    lifecycle.number_and_issue(dispatch=paper, by=clerk_of(province), at=moment(2, 15, 2))
    drain(moment(2, 15, 4))
    say("Recipients receive, acknowledge, return, and some stay silent")
    answer_1502(paper)
    say("Other papers of the week")
    other_papers(province)
    drain(moment(6, 8, 0))


def agency(short_name: str) -> Agency:
    return Agency.objects.get(short_name=short_name)


def holder(body: Agency, *roles: Role) -> User:
    posts = Post.objects.live_on(date(2016, 6, 2)).filter(agency=body, role__in=roles)
    return posts.select_related("user").order_by("pk")[0].user


def clerk_of(body: Agency) -> User:
    return holder(body, Role.CLERK)


def drain(at: datetime) -> None:
    """Do, at that moment, what the worker owes."""
    while jobs.work_one(at=at):
        pass


def open_registers(province: Agency) -> None:
    """Each agency keeps an outgoing and an incoming series; the arrival numbers stand mid-year."""
    for place, body in enumerate(Agency.objects.order_by("pk")):
        opening = OPENING if body == province else 100 + 37 * place % 900
        numbering.open_register(
            agency=body, kind=RegisterKind.OUTGOING, name="Công văn đi", year=2016,
            opening_number=opening,
        )  # fmt: skip
        numbering.open_register(
            agency=body, kind=RegisterKind.INCOMING, name="Văn bản đến", year=2016,
            opening_number=1187 if body.short_name == "Sở Nội vụ" else 180 + 53 * place % 2000,
        )  # fmt: skip
    DeadlinePolicy.objects.get_or_create(
        agency=province,
        expectation=Expectation.ACKNOWLEDGE,
        urgency=Urgency.ORDINARY,
        from_on=OPENED_ON,
        defaults={"working_days": 3},
    )


def draft_1502(province: Agency) -> Dispatch:
    """Draft the dispatch with its three addressee lines and five copy lines, as printed."""
    drafter = holder(province, Role.OFFICER)
    paper = lifecycle.draft(
        agency=province,
        type=DocumentType.objects.get(slug="cong-van"),
        by=drafter,
        at=moment(2, 9, 5),
    )
    departments = DistributionList.objects.get(name="Thủ trưởng các sở, ban, ngành, đoàn thể tỉnh")
    districts = DistributionList.objects.get(name="Chủ tịch UBND các huyện, thành phố")
    line = lifecycle.LineDraft
    lifecycle.save_draft(
        dispatch=paper,
        by=drafter,
        at=moment(2, 9, 40),
        seen_edits=0,
        values={
            "subject": "triển khai xây dựng phong trào toàn dân bảo vệ ANTQ"
            " trong đồng bào dân tộc thiểu số",
            "field": WorkField.objects.get(code="NC"),
            "place": "Tây Ninh",
            "expectation": Expectation.ACKNOWLEDGE,
            # The paper prints no deadline. This one is the sender's, and every screen says so.
            "due_at": moment(7, 17, 0),
            "due_source": DueSource.SENDER,
        },
        text=TEXT.read_bytes().decode(),
        lines=[
            line(
                "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh",
                tone=Tone.ASKED,
                agencies=[Agency.objects.get(kind="front", names__abbreviation="MTTQ").pk],
            ),
            line(departments.name, lists=[departments.pk]),
            line(districts.name, lists=[districts.pk]),
            line("Như trên", LineRole.COPY, as_above=True),
            line("TT Tỉnh ủy", LineRole.COPY, agencies=[agency("Thường trực Tỉnh ủy").pk]),
            line("CT, các PCT", LineRole.COPY, agencies=[agency("Lãnh đạo UBND tỉnh").pk]),
            line(
                "LĐVP. NC, VX",
                LineRole.COPY,
                agencies=[
                    agency("Lãnh đạo Văn phòng").pk,
                    agency("Phòng Nội chính").pk,
                    agency("Phòng Văn xã").pk,
                ],
            ),
            line(
                "Lưu: VT, VP UBND tỉnh",
                LineRole.ARCHIVE,
                agencies=[agency("Văn phòng UBND tỉnh").pk],
            ),
        ],
        citations=[
            CitationDraft(
                code="06/2008/CT-TTg",
                kind=CitationKind.IMPLEMENTS,
                title="Chỉ thị về phát huy vai trò người có uy tín trong đồng bào dân tộc"
                " thiểu số trong sự nghiệp xây dựng và bảo vệ Tổ quốc",
                issued_on=date(2008, 2, 1),
            )
        ],
    )
    lifecycle.submit(dispatch=paper, by=drafter, at=moment(2, 10, 0))
    # Neither signer nor capacity is in the source, so neither is printed.
    lifecycle.sign(dispatch=paper, by=holder(province, Role.LEADER), at=moment(2, 14, 30))
    return Dispatch.objects.get(pk=paper.pk)


#: Neither opened nor received: late by the law's clock from the evening of 3 June.
SILENT = ("Sở Xây dựng", "Ban Quản lý Khu kinh tế")
#: Opened, received, and still owing the acknowledgement.
OWING = ("Sở Nội vụ", "Sở Công Thương", "UBND huyện Bến Cầu", "Sở Khoa học và Công nghệ")
RETURNING = "Liên đoàn Lao động tỉnh"


def answer_1502(paper: Dispatch) -> None:
    """Let each recipient do what it did; minutes differ, deputies act where they stand in."""
    rows = Circulation.objects.filter(dispatch=paper).select_related("agency", "dispatch__type")
    for place, row in enumerate(rows.order_by("pk")):
        name = row.agency.short_name
        if name in SILENT:
            continue
        person = acting_clerk(row.agency)
        if person is None:
            continue
        at = moment(3, 7, 40) + timedelta(minutes=7 * place % 200)
        lifecycle.open_text(circulation=row, by=person, at=at)
        if name == RETURNING:
            lifecycle.return_to_sender(
                circulation=row,
                reason="Nội dung không thuộc nhiệm vụ của Liên đoàn; đề nghị gửi cơ quan dân vận.",
                suggested=agency("Ban Dân vận Tỉnh ủy"),
                by=person,
                at=at + timedelta(minutes=9),
            )
            continue
        lifecycle.receive(circulation=row, by=person, at=at + timedelta(minutes=5))
        if row.expectation == Expectation.ACKNOWLEDGE and name not in OWING:
            version = issued_version(row)
            lifecycle.acknowledge(
                circulation=row,
                version_no=version.no,
                digest=version.digest,
                by=person,
                at=at + timedelta(minutes=12 + 31 * (place % 7)),
            )


def acting_clerk(body: Agency) -> User | None:
    """Return who sits at the clerk's desk on 3 June: the deputy when the clerk is on leave."""
    mandate = Deputy.objects.in_force_on(date(2016, 6, 3)).filter(
        of__agency=body, of__role=Role.CLERK, scope__in=(DeputyScope.ALL, DeputyScope.INCOMING)
    )
    if found := mandate.select_related("deputy").first():
        return found.deputy
    posts = Post.objects.live_on(date(2016, 6, 3)).filter(agency=body, role__in=Role.office())
    ordered = sorted(posts.select_related("user"), key=lambda post: post.role != Role.CLERK)
    return ordered[0].user if ordered else None


def other_papers(province: Agency) -> None:
    """A voided number, an urgent paper of this morning, one from outside, one waiting to be signed."""
    voided_number(province)
    urgent_paper(province)
    outside_paper()
    waiting_draft(province)


def _simple(
    province: Agency, at: datetime, *, subject: str, field: str, to: list[str], **values: object
) -> Dispatch:
    drafter = holder(province, Role.OFFICER)
    paper = lifecycle.draft(
        agency=province, type=DocumentType.objects.get(slug="cong-van"), by=drafter, at=at
    )
    lifecycle.save_draft(
        dispatch=paper,
        by=drafter,
        at=at,
        seen_edits=0,
        values={"subject": subject, "field": WorkField.objects.get(code=field), **values},
        text=f"Văn bản mẫu của bản trình diễn: {subject}./.",
        lines=[lifecycle.LineDraft(name, agencies=[agency(name).pk]) for name in to],
    )
    lifecycle.submit(dispatch=paper, by=drafter, at=at + timedelta(minutes=10))
    return Dispatch.objects.get(pk=paper.pk)


def voided_number(province: Agency) -> None:
    at = moment(3, 9, 0)
    paper = _simple(
        province, at, subject="tăng cường phòng, chống đuối nước ở trẻ em trong dịp hè",
        field="VX", to=["Sở Giáo dục và Đào tạo", "Tỉnh đoàn"],
    )  # fmt: skip
    signed = lifecycle.sign(
        dispatch=paper,
        by=holder(province, Role.LEADER),
        at=at + timedelta(hours=1),
        capacity="kt",
        signer_title="PHÓ CHỦ TỊCH",
        signer_as_printed=str(holder(province, Role.LEADER)),
    )
    clerk = clerk_of(province)
    numbered = lifecycle.number(dispatch=signed, by=clerk, at=at + timedelta(hours=2))
    again = lifecycle.void_number(
        dispatch=numbered,
        reason="In nhầm ngày; cấp số khác cho văn bản này.",
        by=clerk,
        at=at + timedelta(hours=3),
    )
    lifecycle.number_and_issue(dispatch=again, by=clerk, at=at + timedelta(hours=4))


def urgent_paper(province: Agency) -> None:
    at = moment(6, 7, 0)
    paper = _simple(
        province,
        at,
        subject="trực ban phòng, chống lốc xoáy và ngập úng trên địa bàn tỉnh",
        field="KTN",
        to=["Sở Nội vụ", "Sở Xây dựng", "UBND huyện Tân Biên"],
        urgency=Urgency.EXPRESS,
        due_at=moment(6, 11, 0),
        due_source=DueSource.SENDER,
    )
    signed = lifecycle.sign(
        dispatch=paper,
        by=holder(province, Role.LEADER),
        at=moment(6, 7, 30),
        capacity="kt",
        signer_title="PHÓ CHỦ TỊCH",
        signer_as_printed=str(holder(province, Role.LEADER)),
    )
    lifecycle.number_and_issue(dispatch=signed, by=clerk_of(province), at=moment(6, 7, 42))


def outside_paper() -> None:
    """Sở Nội vụ registers a paper from outside the network and hands it to an officer."""
    body = agency("Sở Nội vụ")
    person = acting_clerk(body)
    assert person is not None
    row = lifecycle.register_outside(
        agency=body,
        paper=lifecycle.OutsidePaper(
            type=DocumentType.objects.get(slug="thong-bao"),
            issuer="Đơn vị mẫu ngoài mạng",
            code="29/TB-ĐVM",
            number=29,
            issued_on=date(2016, 6, 1),
            subject="Kết luận cuộc họp về cải cách hành chính quý I",
            text="Văn bản mẫu của bản trình diễn./.",
        ),
        files=[],
        by=person,
        at=moment(3, 10, 15),
    )
    officers = Post.objects.live_on(date(2016, 6, 3)).filter(agency=body, role=Role.OFFICER)
    if officer := officers.select_related("user").first():
        lifecycle.assign(
            circulation=row,
            assignee=officer.user,
            role=HandlingRole.LEAD,
            due_at=moment(10, 17, 0),
            note="Tham mưu báo cáo lãnh đạo Sở.",
            by=holder(body, Role.LEADER, Role.HEAD),
            at=moment(3, 14, 0),
        )


def waiting_draft(province: Agency) -> None:
    _simple(
        province, moment(6, 8, 0), subject="tổ chức ngày hội toàn dân bảo vệ an ninh Tổ quốc 2016",
        field="NC", to=["Công an tỉnh"],
    )  # fmt: skip
