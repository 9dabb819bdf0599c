"""Papers: registered, handed in version by version, returned, accepted; who sees which."""

import hashlib
import os
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.choices import DayKind, Role
from agencies.models import Agency, DayRule, User
from documents import storage
from documents.lifecycle import FileFacts
from documents.refusals import EditedMeanwhile, Incomplete, NotFound, NotPermitted, WrongState
from documents.secrecy import SecretPaper
from documents.standing import resolved
from ledger.models import LedgerEntry
from seminars import access, findings, lifecycle
from seminars.choices import PAPER_RULES, PAPERS_TAKEN, Act, PaperState, SeminarState
from seminars.desk import waiting_for
from seminars.lifecycle import Line, Time
from seminars.models import Paper, PaperVersion, Policy, Seminar
from seminars.witnesses import files_of_papers_kept, papers_kept
from tests.documents.factories import client_of
from tests.documents.files import samples
from tests.documents.world import agency, person
from tests.seminars.world import Seminars, at

pytestmark = pytest.mark.django_db


def register(
    house: Seminars, seminar: Seminar, title: str = "Mô hình tự quản", *,
    agency: Agency | None = None, by: User | None = None, moment=None, **values,
) -> Paper:  # fmt: skip
    return lifecycle.register_paper(
        invitation=house.invitation(seminar, agency), title=title,
        author=values.get("author", ("Trần Thị Mẫu", "Trưởng phòng")),
        by=by or house.small.home_clerk, at=moment or at(3),
    )  # fmt: skip


def facts(number: int = 1) -> FileFacts:
    return FileFacts(f"bản {number}.pdf", f"{number:064x}", 100 + number, "application/pdf")


def submit(house: Seminars, paper: Paper, number: int = 1, *, by=None, moment=None) -> PaperVersion:
    return lifecycle.submit_paper(
        paper=paper, file=facts(number), by=by or house.small.home_clerk, at=moment or at(6)
    )


def give_back(house: Seminars, paper: Paper, no: int = 1, reason: str = "Thiếu số liệu") -> Paper:
    return lifecycle.return_paper(paper=paper, no=no, reason=reason, by=house.officer, at=at(7))


def accept(house: Seminars, paper: Paper, no: int = 1, **values) -> Paper:
    return lifecycle.accept_paper(paper=paper, no=no, by=house.officer, at=at(7), **values)


def refused(act) -> str:
    with pytest.raises(Incomplete) as error:
        act()
    return str(error.value.reasons[0].message)


# -- The way of a paper -----------------------------------------------------------------------


def test_a_paper_is_registered_handed_in_returned_handed_in_again_and_accepted():
    house = Seminars()
    seminar = house.invited()
    paper = register(house, seminar)
    # Three working days before Wednesday the 15th: Friday the 10th.
    assert (paper.state, paper.due_on) == (PaperState.REGISTERED, date(2016, 6, 10))
    assert paper.author.agency == house.small.home

    first = submit(house, paper)
    returned = give_back(house, paper)
    assert (returned.state, returned.reason) == (PaperState.RETURNED, "Thiếu số liệu")
    second = submit(house, paper, 2, moment=at(8))
    done = accept(house, paper, 2)

    assert [(each.no, each.sha256, each.late) for each in (first, second)] == [
        (1, facts(1).sha256, False), (2, facts(2).sha256, False),
    ]  # fmt: skip
    assert (done.state, done.reason) == (PaperState.ACCEPTED, "")
    acts = list(seminar.events.order_by("pk").values_list("act", flat=True))[-5:]
    assert acts == [
        "register_paper", "submit_paper", "return_paper", "submit_paper", "accept_paper",
    ]  # fmt: skip
    kinds = LedgerEntry.objects.filter(type__startswith="seminar.paper").order_by("seq")
    assert [each.type for each in kinds] == [
        "seminar.paper_submitted", "seminar.paper_submitted", "seminar.paper_accepted",
    ]  # fmt: skip


def test_an_act_on_a_paper_applies_in_its_states_only():
    """Generated from the table: every act in every state of a paper."""
    house = Seminars()
    seminar = house.invited()
    paper = register(house, seminar)
    submit(house, paper)
    acts = {
        Act.SUBMIT_PAPER: lambda: submit(house, paper, 2),
        Act.WITHDRAW_PAPER: lambda: lifecycle.withdraw_paper(
            paper=paper, by=house.small.home_clerk, at=at(6)
        ),
        Act.ACCEPT_PAPER: lambda: accept(house, paper),
        Act.RETURN_PAPER: lambda: give_back(house, paper),
    }
    assert set(acts) == set(PAPER_RULES)
    for act, do in acts.items():
        states, to = PAPER_RULES[act]
        for state in PaperState:
            reason = "Lý do" if state == PaperState.RETURNED else ""
            Paper.objects.filter(pk=paper.pk).update(state=state, reason=reason)
            point = transaction.savepoint()
            try:
                do()
            except WrongState:
                done = False
            else:
                done = True
            after = Paper.objects.get(pk=paper.pk).state
            transaction.savepoint_rollback(point)
            assert done == (state in states), (act, state)
            assert after == (to if done else state)


def test_papers_are_taken_in_the_states_of_the_table_only():
    """Of both sides, in every state of the seminar; those of the organiser are in SEMINAR_RULES."""
    house = Seminars()
    seminar = house.invited()
    paper = register(house, seminar)
    submit(house, paper)
    for state in SeminarState:
        if state == SeminarState.DRAFT:
            continue
        Seminar.objects.filter(pk=seminar.pk).update(state=state, reason="x")
        for act in (
            lambda: register(house, seminar, "Tham luận thứ hai"),
            lambda: submit(house, paper, 2),
            lambda: give_back(house, paper),
            lambda: accept(house, paper),
            lambda: lifecycle.withdraw_paper(paper=paper, by=house.small.home_clerk, at=at(6)),
        ):
            point = transaction.savepoint()
            try:
                act()
            except WrongState:
                done = False
            else:
                done = True
            transaction.savepoint_rollback(point)
            assert done == (state in PAPERS_TAKEN), state


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": " "}, "nội dung"),
        ({"title": "x" * 256}, "dài"),
        ({"author": (" ", "")}, "tác giả"),
        ({"author": ("x" * 121, "")}, "dài"),
        ({"author": ("Người Mẫu", "x" * 121)}, "dài"),
        ({"title": "Đã có"}, "đã đăng ký"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_registered(values, said):
    house = Seminars()
    seminar = house.invited()
    register(house, seminar, "Đã có")

    words = refused(lambda: register(house, seminar, **({"title": "Khác"} | values)))

    assert said in words
    assert Paper.objects.count() == 1


def test_so_many_papers_and_no_more():
    house = Seminars()
    seminar = house.invited()
    for number in range(20):
        register(house, seminar, f"Tham luận {number}")

    assert "20" in refused(lambda: register(house, seminar, "Một nữa"))
    lifecycle.withdraw_paper(paper=Paper.objects.first(), by=house.small.home_clerk, at=at(3))
    assert register(house, seminar, "Một nữa").pk


def test_secrets_are_refused_in_a_title_and_in_a_reason():
    house = Seminars()
    seminar = house.invited()
    with pytest.raises(SecretPaper):
        register(house, seminar, "TUYỆT MẬT")
    paper = register(house, seminar)
    submit(house, paper)

    with pytest.raises(SecretPaper):
        give_back(house, paper, reason="TỐI MẬT")
    assert "lý do" in refused(lambda: give_back(house, paper, reason=" "))

    assert Paper.objects.get().state == PaperState.SUBMITTED


def test_each_side_does_its_own_acts_only():
    house = Seminars()
    small = house.small
    seminar = house.invited()
    paper = register(house, seminar)
    reader = person("a_reader", (small.home, Role.OFFICER))

    with pytest.raises(NotPermitted):
        submit(house, paper, by=reader)
    for other in (small.finance_clerk, house.officer):
        with pytest.raises(NotFound):
            submit(house, paper, by=other)
        with pytest.raises(NotFound):
            register(house, seminar, "Khác", by=other)
        with pytest.raises(NotFound):
            lifecycle.withdraw_paper(paper=paper, by=other, at=at(6))
    submit(house, paper)
    for other in (small.home_clerk, small.finance_clerk):
        with pytest.raises(NotPermitted):
            lifecycle.accept_paper(paper=paper, no=1, by=other, at=at(7))
        with pytest.raises(NotPermitted):
            lifecycle.return_paper(paper=paper, no=1, reason="Không", by=other, at=at(7))


def test_what_the_page_did_not_show_is_not_accepted():
    house = Seminars()
    seminar = house.invited()
    paper = register(house, seminar)
    submit(house, paper)
    submit(house, paper, 2)

    with pytest.raises(EditedMeanwhile):
        accept(house, paper, 1)
    with pytest.raises(EditedMeanwhile):
        give_back(house, paper, 1)
    assert accept(house, paper, 2).state == PaperState.ACCEPTED


def test_a_paper_is_read_under_a_line_of_its_own_agenda():
    house = Seminars()
    seminar = house.invited()
    other = house.draft(time=Time(at(16, 8), at(16, 9)))
    for each in (seminar, other):
        lifecycle.set_agenda(
            seminar=each, lines=[Line("Tham luận", 30)], by=house.officer, at=at(3),
            edits=Seminar.objects.get(pk=each.pk).edits,
        )  # fmt: skip
    paper = register(house, seminar)
    submit(house, paper)

    refused(lambda: accept(house, paper, item=other.agenda.get()))
    assert accept(house, paper, item=seminar.agenda.get()).item == seminar.agenda.get()

    # The line may go; the paper stays.
    lifecycle.set_agenda(
        seminar=seminar, lines=[], edits=Seminar.objects.get(pk=seminar.pk).edits,
        by=house.officer, at=at(8),
    )  # fmt: skip
    assert Paper.objects.get().item is None


# -- When it is due ---------------------------------------------------------------------------


def test_after_the_due_day_it_is_taken_and_marked_late_and_found():
    house = Seminars()
    seminar = house.invited()
    paper = register(house, seminar)

    def codes(moment):
        return [each.code for each in findings.of(Seminar.objects.get(pk=seminar.pk), at=moment)]

    assert codes(at(10, 17)) == []
    assert codes(at(11)) == ["papers_late"]

    # The last minute of the day is in time, the first of the next is not.
    assert not submit(house, paper, moment=at(10, 23, 59)).late
    assert codes(at(11)) == []
    give_back(house, paper)
    assert submit(house, paper, 2, moment=at(11)).late
    assert codes(at(11)) == ["papers_late"]

    lifecycle.withdraw_paper(paper=paper, by=house.small.home_clerk, at=at(11))
    assert codes(at(11)) == []


def test_the_due_day_follows_the_policy_and_never_a_rule_that_came_later():
    house = Seminars()
    seminar = house.invited()
    paper = register(house, seminar)
    Policy.objects.create(agency=house.small.province, from_on=date(2016, 6, 1), paper_days=5)
    DayRule.objects.create(day=date(2016, 6, 13), kind=DayKind.OFF, name="Nghỉ bù")

    assert Paper.objects.get().due_on == date(2016, 6, 10)
    # Counted anew for one that is registered now: the 14th, 10th, 9th, 8th, 7th.
    assert register(house, seminar, "Sau").due_on == date(2016, 6, 7)
    # Another hour of the same day is no other day.
    lifecycle.move(
        seminar=seminar, time=Time(at(15, 8), at(15, 10)), reason="Giờ", by=house.officer, at=at(3)
    )
    paper.refresh_from_db()
    assert paper.due_on == date(2016, 6, 10)


def test_a_move_gives_another_due_day_and_says_so_in_its_own_event():
    house = Seminars()
    seminar = house.invited()
    awaited, done = register(house, seminar), register(house, seminar, "Xong")
    submit(house, done)
    accept(house, done)

    lifecycle.move(
        seminar=seminar, time=Time(at(22, 8), at(22, 10)), reason="Bão", by=house.officer, at=at(8)
    )
    awaited.refresh_from_db()
    done.refresh_from_db()
    assert (awaited.due_on, done.due_on) == (date(2016, 6, 17), date(2016, 6, 10))
    told = seminar.events.filter(act=Act.MOVE).last().facts
    assert (told["papers"], told["papers_due_on"]) == (1, "2016-06-17")

    lifecycle.postpone(seminar=seminar, reason="Bão nữa", by=house.clerk, at=at(9))
    awaited.refresh_from_db()
    assert awaited.due_on is None
    assert seminar.events.filter(act=Act.POSTPONE).last().facts["papers_due_on"] == ""
    # Without a day nothing is late.
    assert not submit(house, awaited, moment=at(30)).late


# -- Nothing is lost --------------------------------------------------------------------------


def test_a_version_is_neither_changed_nor_deleted_nor_numbered_twice():
    house = Seminars()
    paper = register(house, house.invited())
    row = submit(house, paper)

    for harm in (
        lambda: PaperVersion.objects.filter(pk=row.pk).update(sha256="0" * 64),
        lambda: PaperVersion.objects.filter(pk=row.pk).delete(),
        lambda: Paper.objects.filter(pk=paper.pk).delete(),
        lambda: PaperVersion.objects.create(
            paper=paper, no=1, name="x.pdf", sha256="1" * 64, size=1, media_type="x",
            submitted_at=at(6), submitted_by=house.small.home_clerk,
        ),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            harm()
    assert PaperVersion.objects.get().sha256 == row.sha256


def test_a_sweep_leaves_the_files_of_papers():
    house = Seminars()
    paper = register(house, house.invited())
    store = storage.attachments()
    names = []
    for content in (b"cua tham luan", b"khong cua ai"):
        sha256 = hashlib.sha256(content).hexdigest()
        names.append(store.keep(BytesIO(content), sha256, size=len(content)))
        os.utime(store.path(names[-1]), (0, 0))
    file = FileFacts("a.txt", hashlib.sha256(b"cua tham luan").hexdigest(), 13, "text/plain")
    lifecycle.submit_paper(paper=paper, file=file, by=house.small.home_clerk, at=at(6))

    call_command("sweep_files")

    assert [store.exists(name) for name in names] == [True, False]


def test_a_verification_finds_a_version_that_is_not_what_was_handed_in():
    house = Seminars()
    paper = register(house, house.invited())
    submit(house, paper)
    entry = LedgerEntry.objects.get(type="seminar.paper_submitted")
    data = {"version": paper.versions.get().pk, "no": 1, "sha256": facts(1).sha256, "size": 101}

    assert list(papers_kept([(entry.seq, data)])) == []
    assert list(papers_kept([(entry.seq, data | {"sha256": "0" * 64})])) != []
    assert list(papers_kept([(entry.seq, data | {"version": 999})])) != []
    # The file was never stored here: a verification with files says so.
    assert list(files_of_papers_kept([(entry.seq, data)])) != []


# -- Who sees what ----------------------------------------------------------------------------


def test_a_paper_is_the_organisers_and_its_agencys_until_it_is_accepted():
    house = Seminars()
    small = house.small
    seminar = house.invited()
    paper = register(house, seminar)
    submit(house, paper)
    stranger = person("a_stranger", (agency("Sở Y tế", "SYT"), Role.CLERK))

    def seen(user: User) -> bool:
        return access.papers_seen_by(user, at=at(7)).filter(pk=paper.pk).exists()

    assert [seen(each) for each in (house.officer, small.home_clerk)] == [True, True]
    assert not seen(small.finance_clerk)
    give_back(house, paper)
    assert not seen(small.finance_clerk)
    submit(house, paper, 2)
    accept(house, paper, 2)
    assert seen(small.finance_clerk)
    assert not seen(stranger)

    def numbers(user: User) -> list[int]:
        who = resolved(user, at(7))
        return [each.no for each in access.versions_seen_by(who, paper).order_by("no")]

    # What was returned is not for the others, even now.
    assert numbers(house.officer) == numbers(small.home_clerk) == [1, 2]
    assert numbers(small.finance_clerk) == [2]


def test_the_desk_says_what_is_due_and_what_is_to_be_read():
    house = Seminars()
    seminar = house.invited()

    def words(user: User, moment) -> list[tuple[str, date | None, bool]]:
        found = waiting_for(resolved(user, moment))
        return [(each.word, each.due_on, each.late) for each in found if each.paper]

    paper = register(house, seminar)
    due = date(2016, 6, 10)
    assert words(house.small.home_clerk, at(6)) == [("Nộp tham luận", due, False)]
    assert words(house.small.home_clerk, at(11)) == [("Nộp tham luận", due, True)]
    assert words(house.small.finance_clerk, at(6)) == []
    submit(house, paper)
    assert words(house.small.home_clerk, at(6)) == []
    assert words(house.officer, at(6)) == [("Đọc tham luận đã nộp", date(2016, 6, 15), False)]
    give_back(house, paper)
    assert words(house.officer, at(7)) == []
    assert len(words(house.small.home_clerk, at(7))) == 1


# -- The pages --------------------------------------------------------------------------------


@pytest.fixture
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agencies.clock.now", lambda: at(6, 12))


def url(name: str, *args: object) -> str:
    return reverse(f"seminars:{name}", args=args)


def text_file(text: str = "Báo cáo tham luận", name: str = "tham luận.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


@pytest.mark.usefixtures("_noon")
def test_the_whole_way_by_the_pages():
    house = Seminars()
    seminar = house.invited()
    invited, officer = client_of(house.small.home_clerk), client_of(house.officer)
    other = client_of(house.small.finance_clerk)
    invitation = house.invitation(seminar)
    assert "Đăng ký tham luận" in invited.get(url("seminar", seminar.pk)).content.decode()

    sent = {"title": "Mô hình tự quản", "author_name": "Người Mẫu", "author_office": "Trưởng phòng"}
    assert invited.post(url("register_paper", invitation.pk), sent).status_code == 302
    paper = Paper.objects.get()
    page = invited.get(url("submit_paper", paper.pk)).content.decode()
    assert "multipart/form-data" in page
    assert "10/06/2016" in page
    assert invited.post(url("submit_paper", paper.pk), {"file": text_file()}).status_code == 302

    page = officer.get(url("paper", paper.pk)).content.decode()
    assert "tham luận.txt" in page
    assert "Chấp nhận tham luận này" in page
    answer = officer.post(url("return_paper", paper.pk), {"no": 1, "reason": "Thiếu số liệu"})
    assert answer.status_code == 302
    assert "Thiếu số liệu" in invited.get(url("paper", paper.pk)).content.decode()
    assert other.get(url("paper", paper.pk)).status_code == 404
    assert other.get(url("paper_file", paper.pk, 1)).status_code == 404

    again = {"file": text_file("Bản đã sửa")}
    assert invited.post(url("submit_paper", paper.pk), again).status_code == 302
    assert officer.post(url("accept_paper", paper.pk), {"no": 2}).status_code == 302
    assert other.get(url("paper", paper.pk)).status_code == 200
    assert other.get(url("paper_file", paper.pk, 1)).status_code == 404
    served = other.get(url("paper_file", paper.pk, 2))
    assert b"".join(served.streaming_content).decode() == "Bản đã sửa"
    assert served.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in served.headers["Content-Security-Policy"]
    assert "Mô hình tự quản" in other.get(url("seminar", seminar.pk)).content.decode()


@pytest.mark.usefixtures("_noon")
@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (text_file("", "trống.txt"), "rỗng"),
        (SimpleUploadedFile("tập.exe", b"MZ\x00"), "chương trình"),
        (SimpleUploadedFile("báo cáo.pdf", b"khong phai PDF"), "không đúng với"),
        (
            SimpleUploadedFile(
                "mã.pdf", samples.pdf(catalog="/OpenAction << /S /JavaScript /JS (x) >>")
            ),
            "JavaScript",
        ),
        (text_file("TUYỆT MẬT\nNội dung"), "TUYỆT MẬT"),
    ],
)
def test_a_file_that_is_not_taken_is_said_in_place_and_nothing_is_kept(upload, said):
    house = Seminars()
    paper = register(house, house.invited())

    answer = client_of(house.small.home_clerk).post(url("submit_paper", paper.pk), {"file": upload})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not PaperVersion.objects.exists()
    noted = LedgerEntry.objects.filter(type="paper.refused").count()
    assert noted == (1 if "MẬT" in said else 0)


@pytest.mark.usefixtures("_noon")
def test_the_page_of_a_seminar_costs_the_same_with_three_papers_as_with_one():
    house = Seminars()
    seminar = house.invited()

    def cost() -> int:
        client = client_of(house.officer)
        client.get(url("seminar", seminar.pk))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(url("seminar", seminar.pk))
        return len(queries)

    submit(house, register(house, seminar, "Một"))
    one = cost()
    for title in ("Hai", "Ba"):
        submit(house, register(house, seminar, title))
    assert cost() == one


def test_what_was_not_handed_in_is_neither_accepted_nor_returned():
    house = Seminars()
    paper = register(house, house.invited())

    for act in (lambda: accept(house, paper, 0), lambda: give_back(house, paper, 0)):
        with pytest.raises(WrongState):
            act()


@pytest.mark.usefixtures("_noon")
def test_a_line_that_has_gone_meanwhile_is_said_and_nothing_is_accepted():
    house = Seminars()
    seminar = house.invited()
    paper = register(house, seminar)
    submit(house, paper)
    lifecycle.set_agenda(
        seminar=seminar, lines=[Line("Tham luận", 30)], by=house.officer, at=at(3),
        edits=Seminar.objects.get(pk=seminar.pk).edits,
    )  # fmt: skip

    sent = {"no": 1, "item": 999}
    page = client_of(house.officer).post(url("accept_paper", paper.pk), sent, follow=True)

    assert "Chương trình đã thay đổi" in page.content.decode()
    paper.refresh_from_db()
    assert paper.state == PaperState.SUBMITTED
