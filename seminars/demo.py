"""What Công an tỉnh made of item 2 of Công văn 1502 in June 2016: three gatherings, each elsewhere.

One round table was held in a hurry, one seminar is invited to and its small room is full, one is
planned at the hour of another and asks agencies when they are free. Some agencies have mailboxes,
and one answers by the link in its mail. The officials are invented, as everywhere in the
demonstration.
"""

from collections.abc import Callable
from datetime import date, datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.choices import Role
from agencies.mailboxes import set_mailbox
from agencies.models import Agency, User
from documents import lifecycle as papers
from documents import uploads
from documents.choices import FileRole
from documents.demo.story import agency, clerk_of, drain, holder, moment
from documents.models import Dispatch
from seminars import drafts, half_days, jobs, letters, lifecycle, orders
from seminars.choices import Presence
from seminars.half_days import Half
from seminars.lifecycle import Details, Invited, Line, Mark, Place, Question, Time
from seminars.models import (
    HalfDaySurvey,
    Invitation,
    Nomination,
    Paper,
    Programme,
    Room,
    Seminar,
    SeminarMail,
)

CODE = "1502/UBND-NC"
#: Addresses of a name that nobody can have (RFC 2606).
MAILBOXES = {
    "Công an tỉnh": "vanthu@congan.example",
    "Sở Nội vụ": "vanthu@sonoivu.example",
    "Ban Dân vận Tỉnh ủy": "vanthu@danvan.example",
}
SPEAKER = ("Tô Thị Mẫu", "Phó Trưởng phòng Xây dựng phong trào")
CHAIR = ("Kim Đại Lâm", "Giám đốc Công an tỉnh")


def tell(say: Callable[[str], None]) -> None:
    """Build the seminars of the demonstration; a second run changes nothing."""
    if Programme.objects.exists():
        return
    say("Công an tỉnh plans what item 2 orders: one held, one full, one in somebody's way")
    police = agency("Công an tỉnh")
    programme = begin(police)
    for name, mailbox in MAILBOXES.items():
        set_mailbox(agency=agency(name), mailbox=mailbox, by=None, at=moment(3, 7, 30))
    hall = Room.objects.create(
        agency=police, name="Hội trường Công an tỉnh", capacity=120, address="Đường 30/4",
    )  # fmt: skip
    small = Room.objects.create(agency=police, name="Phòng họp tầng 2", capacity=6)
    # Others may book it: the one that is large enough for the conference.
    Room.objects.create(
        agency=agency("UBND tỉnh Tây Ninh"), name="Hội trường UBND tỉnh", capacity=300, shared=True,
        address="Đường Trần Quốc Toản",
    )  # fmt: skip
    held(programme, hall)
    full(programme, small)
    in_the_way(programme, hall)


def begin(police: Agency) -> Programme:
    """The paper says “các cuộc”, without a number and without a day: three is the police's own plan."""
    dispatch = Dispatch.objects.get(code=CODE)
    text = dispatch.current_version.text
    return lifecycle.begin_programme(
        agency=police, dispatch=dispatch, words=next(orders.passages(text)),
        title="Hội thảo, tọa đàm về phong trào toàn dân bảo vệ ANTQ", kind="seminar", target=3,
        lead="Công an tỉnh",
        partners=tuple(agency(name) for name in ("Sở Nội vụ", "Ban Dân vận Tỉnh ủy")),
        owner=holder(police, Role.HEAD), by=officer(police), at=moment(3, 7, 40),
    )  # fmt: skip


def officer(body: Agency) -> User:
    return holder(body, Role.OFFICER)


def plan(
    programme: Programme, kind: str, title: str, room: Room, seats: int, time: Time, at: datetime
) -> Seminar:
    police = programme.agency
    seminar = lifecycle.draft(
        agency=police,
        details=Details(
            title=title, kind=kind, chair=CHAIR, contact="Phòng Xây dựng phong trào",
            purpose="Đề ra các giải pháp đẩy mạnh phong trào toàn dân bảo vệ ANTQ trong đồng bào "
            "dân tộc thiểu số.",
        ),
        time=time,
        places=[Place(police, seats, room=room)],
        programme=programme,
        by=officer(police),
        at=at,
    )  # fmt: skip
    return lifecycle.hold(seminar=seminar, by=officer(police), at=at)


def invite(
    seminar: Seminar, quotas: dict[str, int], at: datetime, *, answer_by: datetime | None = None
) -> Seminar:
    """Schedule, list, write the letter, issue it, invite."""
    police = seminar.agency
    by = officer(police)
    seminar = lifecycle.schedule(seminar=seminar, by=by, at=at)
    venue = seminar.venues.get()
    invited = [Invited(agency(name), venue, quota) for name, quota in quotas.items()]
    seminar = lifecycle.list_invited(seminar=seminar, invited=invited, by=by, at=at)
    letter = drafts.begin(police, letters.invitation(seminar), by=by, at=at)
    lifecycle.attach_letter(seminar=seminar, letter=letter, by=by, at=at)
    letter = issue(letter, police, at)
    return lifecycle.invite(
        seminar=seminar, letter=letter, answer_by=answer_by, by=clerk_of(police), at=at
    )


def issue(paper: Dispatch, police: Agency, at: datetime) -> Dispatch:
    paper = papers.submit(dispatch=paper, by=officer(police), at=at)
    paper = papers.sign(dispatch=paper, by=holder(police, Role.HEAD), at=at)
    paper = papers.number_and_issue(dispatch=paper, by=clerk_of(police), at=at)
    drain(at)
    return paper


def name(seminar: Seminar, body: str, person: str, at: datetime) -> Nomination:
    invitation = Invitation.objects.get(seminar=seminar, agency=agency(body))
    return lifecycle.name_delegate(
        invitation=invitation, name=person, office="Chuyên viên", by=clerk_of(agency(body)), at=at
    )


def write_agenda(seminar: Seminar, at: datetime) -> None:
    """Half a day as it is usually held: opened, reported, papers read, discussed, concluded."""
    lifecycle.set_agenda(
        seminar=seminar, edits=seminar.edits, by=officer(seminar.agency), at=at,
        lines=[
            Line("Khai mạc, giới thiệu đại biểu", 15),
            Line("Báo cáo đề dẫn", 30, SPEAKER),
            Line("Tham luận của các cơ quan", 60),
            Line("Kết luận", 15, CHAIR),
        ],
    )  # fmt: skip


def register_paper(
    seminar: Seminar, body: str, title: str, author: tuple[str, str], at: datetime
) -> Paper:
    invitation = Invitation.objects.get(seminar=seminar, agency=agency(body))
    return lifecycle.register_paper(
        invitation=invitation, title=title, author=author, by=clerk_of(agency(body)), at=at
    )


def hand_in(paper: Paper, name: str, text: str, at: datetime) -> None:
    """As the clerk does on the page: the file is checked and stored, then written down."""
    upload = SimpleUploadedFile(name, text.encode())
    file = uploads.take_in(upload, inside=False, role=FileRole.MAIN)
    by = clerk_of(paper.invitation.agency)
    lifecycle.submit_paper(paper=paper, file=file, by=by, at=at)


def held(programme: Programme, hall: Room) -> None:
    """Tọa đàm of Friday 3 June: called at once, so its invitation was late, and the page says so."""
    police = programme.agency
    seminar = plan(
        programme, "round_table", "Tọa đàm với người có uy tín", hall, 40,
        Time(moment(3, 14, 0), moment(3, 16, 30)), moment(3, 8, 0),
    )  # fmt: skip
    write_agenda(seminar, moment(3, 8, 10))
    invite(seminar, {"Sở Nội vụ": 2, "Ban Dân vận Tỉnh ủy": 2}, moment(3, 8, 30))
    rows = [
        name(seminar, "Sở Nội vụ", "Trần Thị Mẫu", moment(3, 9, 10)),
        name(seminar, "Ban Dân vận Tỉnh ủy", "Lê Văn Mẫu", moment(3, 10, 0)),
        name(seminar, "Ban Dân vận Tỉnh ủy", "Hồ Thị Mẫu", moment(3, 10, 5)),
    ]
    by = officer(police)
    # Due three working days before, so late like everything about this round table; read all the same.
    paper = register_paper(
        seminar, "Sở Nội vụ", "Vai trò của người có uy tín ở cơ sở",
        ("Trần Thị Mẫu", "Chuyên viên"), moment(3, 9, 15),
    )  # fmt: skip
    hand_in(
        paper, "tham-luan-so-noi-vu.txt",
        "THAM LUẬN\nVai trò của người có uy tín ở cơ sở\nNgười có uy tín vận động từng gia đình.",
        moment(3, 11, 0),
    )  # fmt: skip
    line = seminar.agenda.get(title__startswith="Tham luận")
    lifecycle.accept_paper(paper=paper, no=1, item=line, by=by, at=moment(3, 11, 20))
    lifecycle.open_seminar(seminar=seminar, by=by, at=moment(3, 13, 50))
    delegates = Nomination.objects.select_related("person", "venue", "invitation__agency")
    marks = [Mark(delegates.get(pk=row.pk), Presence.PRESENT) for row in rows[:2]]
    marks.append(Mark(delegates.get(pk=rows[2].pk), Presence.EXCUSED, reason="ốm"))
    lifecycle.mark(seminar=seminar, marks=marks, by=by, at=moment(3, 14, 5))
    lifecycle.close(seminar=seminar, by=by, at=moment(3, 16, 30))
    lifecycle.write_minutes(
        seminar=seminar, no=0, by=by, at=moment(3, 17, 0),
        text="Các đại biểu thống nhất ba việc: phát huy người có uy tín; xây dựng mô hình tự quản; "
        "biên soạn tài liệu tuyên truyền song ngữ.",
    )  # fmt: skip


def full(programme: Programme, small: Room) -> None:
    """A seminar on Monday 20 June in a room of six: two delegates wait for a seat.

    Of two papers, due on the 15th, one is registered and one was returned.
    """
    seminar = plan(
        programme, "seminar", "Hội thảo xây dựng mô hình tự quản", small, 6,
        Time(moment(20, 8, 0), moment(20, 11, 0)), moment(3, 15, 0),
    )  # fmt: skip
    write_agenda(seminar, moment(3, 15, 10))
    quotas = {
        "Sở Nội vụ": 2,
        "Ban Dân vận Tỉnh ủy": 2,
        "UBND huyện Tân Châu": 0,
        "UBND huyện Tân Biên": 0,
    }
    invite(seminar, quotas, moment(3, 15, 30), answer_by=moment(15, 17, 0))
    for body, person in (
        ("UBND huyện Tân Châu", "Nguyễn Văn Một"), ("UBND huyện Tân Châu", "Nguyễn Văn Hai"),
        ("UBND huyện Tân Biên", "Nguyễn Văn Ba"), ("UBND huyện Tân Biên", "Nguyễn Văn Bốn"),
        ("Sở Nội vụ", "Trần Thị Mẫu"),
    ):  # fmt: skip
        name(seminar, body, person, moment(6, 7, 30))
    papers_for(seminar)
    answered_by_mail(seminar)


def papers_for(seminar: Seminar) -> None:
    """One is registered, one was returned and is awaited anew."""
    register_paper(
        seminar, "Sở Nội vụ", "Tổ tự quản ở khu dân cư", ("Trần Thị Mẫu", "Chuyên viên"),
        moment(6, 7, 32),
    )  # fmt: skip
    paper = register_paper(
        seminar, "Ban Dân vận Tỉnh ủy", "Dân vận khéo trong đồng bào dân tộc thiểu số",
        ("Lê Văn Mẫu", "Chuyên viên"), moment(6, 7, 33),
    )  # fmt: skip
    hand_in(
        paper, "tham-luan-dan-van.txt", "THAM LUẬN\nDân vận khéo trong đồng bào dân tộc thiểu số",
        moment(6, 7, 35),
    )  # fmt: skip
    lifecycle.return_paper(
        paper=paper, no=1, reason="Đề nghị bổ sung số liệu của năm 2015.",
        by=officer(seminar.agency), at=moment(6, 7, 40),
    )  # fmt: skip


def answered_by_mail(seminar: Seminar) -> None:
    """Ban Dân vận says that it comes by the link in its mail, and will name its people later."""
    while jobs.mail_one(moment(6, 7, 35)):
        pass
    sent = SeminarMail.objects.filter(invitation__seminar=seminar)
    mail = sent.get(invitation__agency=agency("Ban Dân vận Tỉnh ủy"))
    lifecycle.answer_by_link(mail=mail.pk, comes=True, at=moment(6, 7, 40))


def in_the_way(programme: Programme, hall: Room) -> None:
    """A conference planned for the hour at which its chair sits in the seminar of 20 June.

    So three agencies are asked when they are free; two have answered.
    """
    seminar = plan(
        programme, "conference", "Hội nghị nhân rộng mô hình", hall, 150,
        Time(moment(20, 8, 0), moment(20, 10, 0)), moment(6, 7, 45),
    )  # fmt: skip
    survey = lifecycle.ask_half_days(
        about=seminar,
        question=Question(
            title="Chọn ngày tổ chức Hội nghị nhân rộng mô hình", first=date(2016, 6, 20),
            last=date(2016, 6, 24), answer_by=moment(15, 17, 0),
            agencies=[agency(name) for name in (
                "Sở Nội vụ", "Ban Dân vận Tỉnh ủy", "UBND huyện Tân Châu",
            )],
        ),
        by=officer(programme.agency),
        at=moment(6, 7, 46),
    )  # fmt: skip
    free(survey, "Ban Dân vận Tỉnh ủy", busy="20s 21s 21c 22c", possible="22s 24c")
    free(survey, "UBND huyện Tân Châu", busy="20s 20c 23s", possible="21s 24s 24c")


def free(survey: HalfDaySurvey, body: str, *, busy: str, possible: str) -> None:
    """Answer for an agency; a half-day is its day with s for sáng or c for chiều."""

    def said(half: Half) -> str:
        name = f"{half.day.day}{'s' if half.half == 'morning' else 'c'}"
        if name in busy.split():
            return "busy"
        return "possible" if name in possible.split() else "free"

    halves = half_days.between(survey.first, survey.last)
    lifecycle.answer_survey(
        asked=survey.asked.get(agency=agency(body)), by=clerk_of(agency(body)),
        answers={half: said(half) for half in halves}, at=moment(6, 7, 50),
    )  # fmt: skip
