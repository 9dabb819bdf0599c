"""The pages: what each person is offered, what he types, and what he is told."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import User
from documents import lifecycle as papers
from documents.models import Dispatch, DocumentType, WorkField
from ledger.models import LedgerEntry
from seminars import lifecycle
from seminars.choices import Answer, SeminarState
from seminars.models import Programme, RoomClaim, Seminar
from tests.documents.factories import client_of
from tests.seminars.world import Seminars, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon_of_3_june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agencies.clock.now", lambda: at(3, 12))


def url(name: str, *args: object) -> str:
    return reverse(f"seminars:{name}", args=args)


def page_of(user: User, seminar: Seminar) -> str:
    return client_of(user).get(url("seminar", seminar.pk)).content.decode()


def typed(house: Seminars, **changes: object) -> dict[str, object]:
    """What the page of a new plan sends."""
    return {
        "title": "Tọa đàm về cơ sở", "kind": "round_table", "purpose": "Bàn giải pháp",
        "chair_name": "Lâm Sương Dung", "chair_office": "Phó Chủ tịch", "contact": "Văn thư",
        "visibility": "invited", "day": "15/06/2016", "from_time": "07:30", "to_time": "10:00",
        "half_day": "", "places-TOTAL_FORMS": 1, "places-INITIAL_FORMS": 1,
        "places-0-host": house.small.province.pk, "places-0-room": house.hall.pk,
        "places-0-place": "", "places-0-name": "", "places-0-seats": 50, "places-0-venue": "",
    } | changes  # fmt: skip


def test_a_plan_is_typed_on_one_page_and_nothing_is_announced():
    house = Seminars()
    client = client_of(house.officer)
    assert client.get(url("draft")).status_code == 200

    answer = client.post(url("draft"), typed(house))

    seminar = Seminar.objects.get()
    assert answer.url == url("seminar", seminar.pk)
    assert (seminar.state, seminar.title) == (SeminarState.DRAFT, "Tọa đàm về cơ sở")
    assert seminar.starts_at == at(15, 7, 30)
    # The chair is the one who was known already.
    assert seminar.chair == house.chair
    assert not RoomClaim.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"day": "01/06/2016"}, "Giờ này đã qua."),
        ({"from_time": "07:40"}, "Giờ phải tròn mười lăm phút"),
        ({"to_time": "07:00"}, "Giờ kết thúc trước giờ bắt đầu."),
        ({"to_time": ""}, "Ghi từ giờ nào đến giờ nào."),
        ({"day": "31/06/2016"}, "một ngày hợp lệ"),
        ({"day": "", "from_time": "08:00"}, "Ghi ngày."),
        ({"places-0-room": ""}, None),
        ({"title": " "}, "Tên cuộc"),
        ({"chair_name": "x" * 121}, "120"),
        ({"places-0-seats": "-1"}, "0"),
    ],
)
def test_bad_input_is_said_in_place_and_what_was_typed_stays(changes, said):
    house = Seminars()

    answer = client_of(house.officer).post(url("draft"), typed(house, **changes))

    page = answer.content.decode()
    if said is None:
        # A place is not needed yet: only publishing asks for one.
        assert answer.status_code == 302
        return
    assert answer.status_code == 422
    assert Seminar.objects.count() == 0
    assert "Bàn giải pháp" in page
    assert said in page


def test_the_ordinary_way_is_offered_step_by_step():
    house = Seminars()
    seminar = house.draft()
    officer, clerk = client_of(house.officer), client_of(house.clerk)

    assert "Giữ ngày" in page_of(house.officer, seminar)
    assert officer.post(url("hold", seminar.pk)).status_code == 302
    assert officer.post(url("schedule", seminar.pk)).status_code == 302
    venue = seminar.venues.get()
    listed = officer.post(
        url("invited", seminar.pk),
        {"add-agency": house.small.home.pk, "add-list": "", "add-quota": 2,
         "add-role": "required", "add-venue": venue.pk},
    )  # fmt: skip
    assert listed.status_code == 302
    page = page_of(house.officer, seminar)
    assert "Soạn giấy mời" in page
    assert "Sở Nội vụ" in page

    drafted = officer.post(url("draft_letter", seminar.pk))
    letter = Dispatch.objects.get(type__slug="giay-moi")
    assert drafted.url == reverse("documents:draft", args=[letter.pk])
    text = letter.current_version.text
    for words in (
        "07 giờ 30, thứ Tư ngày 15/06/2016",
        "Hội trường A",
        "Lâm Sương Dung",
        "Sở Nội vụ: 02",
    ):
        assert words in text
    issue(letter, house)

    assert "Mời dự" in page_of(house.clerk, seminar)
    invited = clerk.post(url("invite", seminar.pk), {"due_on": "10/06/2016", "due_time": ""})
    assert invited.status_code == 302
    seminar.refresh_from_db()
    assert seminar.state == SeminarState.INVITED
    assert house.invitation(seminar).answer_by == at(10, 17)


def issue(paper: Dispatch, house: Seminars) -> None:
    """Let a draft go the ordinary way."""
    Dispatch.objects.filter(pk=paper.pk).update(field=WorkField.objects.get(code="NC"))
    paper = papers.submit(dispatch=paper, by=house.officer, at=at(3, 12))
    paper = papers.sign(dispatch=paper, by=house.leader, at=at(3, 12))
    papers.number_and_issue(dispatch=paper, by=house.clerk, at=at(3, 12))


def test_an_invited_office_names_delegates_and_is_told_where_they_stand():
    house = Seminars()
    seminar = house.invited(places=[house.place(seats=3)])
    invitation = house.invitation(seminar)
    client = client_of(house.small.home_clerk)
    assert "Cử đại biểu" in page_of(house.small.home_clerk, seminar)

    for name in ("Một", "Hai", "Ba"):
        answer = client.post(
            url("name_delegate", invitation.pk), {"name": name, "office": ""}, follow=True
        )
    page = answer.content.decode()

    assert "Ba đứng thứ 1 trong danh sách chờ." in page
    again = client.post(url("name_delegate", invitation.pk), {"name": "hai", "office": ""})
    assert again.status_code == 422
    assert "“Hai” đã được cử." in again.content.decode()
    invitation.refresh_from_db()
    assert invitation.answer == Answer.ACCEPTED


def test_the_letter_leads_to_the_seminar_for_whoever_may_see_it():
    house = Seminars()
    letter = house.small.issued(
        type=DocumentType.objects.get(slug="giay-moi"), subject="mời dự hội thảo"
    )
    seminar = house.listed()
    lifecycle.attach_letter(seminar=seminar, letter=letter, by=house.officer, at=at(2))
    address = reverse("documents:dispatch", args=[letter.pk])
    clerk = client_of(house.small.home_clerk)
    assert url("seminar", seminar.pk) not in clerk.get(address).content.decode()

    lifecycle.invite(seminar=seminar, letter=letter, answer_by=None, by=house.clerk, at=at(3))

    assert url("seminar", seminar.pk) in clerk.get(address).content.decode()


def test_declining_wants_a_reason_and_the_organiser_reads_it():
    house = Seminars()
    seminar = house.invited()
    invitation = house.invitation(seminar)
    client = client_of(house.small.home_clerk)

    assert client.post(url("decline", invitation.pk), {"reason": ""}).status_code == 422
    client.post(url("decline", invitation.pk), {"reason": "Bận kỳ họp Hội đồng"})

    assert "Bận kỳ họp Hội đồng" in page_of(house.officer, seminar)


def test_looking_at_an_invitation_answers_nothing():
    house = Seminars()
    seminar = house.invited()
    invitation = house.invitation(seminar)
    client = client_of(house.small.home_clerk)
    before = seminar.events.count()

    client.get(url("seminar", seminar.pk))
    client.head(url("seminar", seminar.pk))
    for name in ("accept", "withdraw"):
        args = (invitation.pk,) if name == "accept" else (invitation.pk, 1)
        assert client.get(url(name, *args)).status_code == 405
    client.get(url("decline", invitation.pk))
    client.get(url("name_delegate", invitation.pk))

    invitation.refresh_from_db()
    assert invitation.answer == Answer.NONE
    assert seminar.events.count() == before


def test_a_taken_room_is_said_with_its_time_and_nothing_is_lost():
    house = Seminars()
    house.held()
    second = house.draft(title="Hội thảo thứ hai")

    answer = client_of(house.officer).post(url("hold", second.pk))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "“Hội trường A” đã có “Hội thảo xây dựng phong trào”" in page
    second.refresh_from_db()
    assert second.state == SeminarState.DRAFT


def test_a_finding_is_shown_and_let_stand_with_a_reason():
    house = Seminars()
    small_room = house.room("Phòng nhỏ", 20)
    seminar = house.held(places=[house.place(room=small_room)])
    page = page_of(house.leader, seminar)
    assert "“Phòng nhỏ” có 20 chỗ, cần 50 chỗ." in page
    start = page.index(url("let_stand", seminar.pk))
    address = page[start : page.index('"', start)].replace("&amp;", "&")
    leader = client_of(house.leader)

    assert leader.post(address, {"reason": ""}).status_code == 422
    assert leader.post(address, {"reason": "Kê thêm ghế"}).status_code == 302

    assert "Kê thêm ghế" in page_of(house.leader, seminar)
    assert leader.post(url("schedule", seminar.pk)).status_code == 302


def test_a_move_takes_the_place_and_reason_along():
    house = Seminars()
    seminar = house.invited()
    client = client_of(house.officer)
    form = {"day": "16/06/2016", "from_time": "14:00", "to_time": "16:00", "half_day": ""}

    assert client.post(url("move", seminar.pk), form).status_code == 422
    moved = client.post(url("move", seminar.pk), form | {"reason": "Trùng kỳ họp"})

    assert moved.status_code == 302
    seminar.refresh_from_db()
    assert seminar.starts_at == at(16, 14)
    # Those who were invited read why.
    assert "Trùng kỳ họp" in page_of(house.small.home_clerk, seminar)


def test_places_are_changed_added_and_taken_away():
    house = Seminars()
    seminar = house.draft()
    venue = seminar.venues.get()
    client = client_of(house.officer)

    def rows(*rows: dict[str, object]) -> dict[str, object]:
        sent: dict[str, object] = {
            "places-TOTAL_FORMS": len(rows),
            "places-INITIAL_FORMS": len(rows),
        }
        for number, row in enumerate(rows):
            filled = {
                "venue": "", "name": "", "host": house.small.province.pk, "room": "", "place": "",
                "seats": 0,
            } | row  # fmt: skip
            sent |= {f"places-{number}-{name}": value for name, value in filled.items()}
        return sent

    first = {"venue": venue.pk, "room": house.hall.pk, "seats": 80, "name": "Tỉnh"}
    second = {"place": "UBND huyện Châu Thành", "seats": 30, "name": "Châu Thành"}
    assert client.post(url("places", seminar.pk), rows(first, second, {})).status_code == 302
    assert [v.name for v in seminar.venues.all()] == ["Tỉnh", "Châu Thành"]
    assert seminar.venues.first().pk == venue.pk

    answer = client.post(url("places", seminar.pk), rows(first, second | {"seats": "nhiều"}))
    assert answer.status_code == 422
    client.post(url("places", seminar.pk), rows(first, {}))
    assert [v.name for v in seminar.venues.all()] == ["Tỉnh"]


def test_lowering_the_seats_below_those_who_have_one_names_the_surplus():
    house = Seminars()
    seminar = house.invited(places=[house.place(seats=5)])
    for name in ("Một", "Hai", "Ba"):
        house.named(seminar, name)
    venue = seminar.venues.get()

    answer = client_of(house.officer).post(
        url("places", seminar.pk),
        {"places-TOTAL_FORMS": 1, "places-INITIAL_FORMS": 1, "places-0-venue": venue.pk,
         "places-0-name": "", "places-0-host": house.small.province.pk,
         "places-0-room": house.hall.pk, "places-0-place": "", "places-0-seats": 2},
    )  # fmt: skip

    assert answer.status_code == 422
    assert "2 chỗ là không đủ: 3 đại biểu đã có chỗ (thừa 1)." in answer.content.decode()


def test_attendance_is_taken_in_bulk_with_substitutes_and_walk_ins(monkeypatch):
    house = Seminars()
    seminar = house.invited()
    rows = [house.named(seminar, name) for name in ("Một", "Hai")]
    third = house.named(seminar, "Ba", agency=house.small.finance, by=house.small.finance_clerk)
    monkeypatch.setattr("agencies.clock.now", lambda: at(15, 8))
    client = client_of(house.officer)
    assert client.post(url("open", seminar.pk)).status_code == 302
    sent = {
        f"n{rows[0].pk}-presence": "present", f"n{rows[1].pk}-presence": "excused",
        f"n{third.pk}-presence": "substitute", f"n{third.pk}-substitute": "Lê Văn Thay",
        "walk_in-name": "Phạm Thị Đến", "walk_in-agency": house.small.home.pk,
        "walk_in-venue": seminar.venues.get().pk, "walk_in-office": "",
    }  # fmt: skip

    refused = client.post(url("attendance", seminar.pk), sent)
    assert refused.status_code == 422
    assert "Nêu lý do “Hai” vắng." in refused.content.decode()
    assert not seminar.attendance.exists()
    kept = client.post(url("attendance", seminar.pk), sent | {f"n{rows[1].pk}-reason": "ốm"})

    assert kept.status_code == 302
    assert seminar.attendance.count() == 4
    sheet = client.get(url("attendance_print", seminar.pk)).content.decode()
    assert "DANH SÁCH ĐẠI BIỂU" in sheet
    assert sheet.count("<tr>") == 4


def test_what_was_held_is_minuted_concluded_and_reported(monkeypatch):
    house = Seminars()
    programme = house.programme(target=2)
    seminar = house.ended(programme=programme)
    monkeypatch.setattr("agencies.clock.now", lambda: at(15, 16))
    officer, clerk, leader = (
        client_of(each) for each in (house.officer, house.clerk, house.leader)
    )
    assert officer.post(
        url("minutes", seminar.pk), {"text": "Thống nhất năm giải pháp.", "no": 0}
    ).status_code == 302  # fmt: skip
    stale = officer.post(url("minutes", seminar.pk), {"text": "Cũ", "no": 0})
    assert stale.status_code == 409
    assert leader.post(url("approve_minutes", seminar.pk), {"no": 1}).status_code == 302

    clerk.post(url("draft_paper", seminar.pk))
    notice = Dispatch.objects.get(type__slug="thong-bao")
    assert "Thống nhất năm giải pháp." in notice.current_version.text
    assert "Có 1 đại biểu dự, 1 đại biểu được cử." in notice.current_version.text
    early = clerk.post(url("conclude", seminar.pk), {"waiver": ""})
    assert early.status_code == 422
    assert "chưa phải văn bản đã ban hành" in early.content.decode()
    issue_by(notice, house, house.clerk)
    assert clerk.post(url("conclude", seminar.pk), {"waiver": ""}).status_code == 302

    clerk.post(url("draft_paper", seminar.pk))
    report = Dispatch.objects.get(type__slug="bao-cao")
    assert "Sở Nội vụ: 1 có mặt" in report.current_version.text
    assert "Trần Thị Mẫu" not in report.current_version.text
    issue_by(report, house, house.clerk)
    assert clerk.post(url("report", seminar.pk)).status_code == 302

    board = officer.get(url("board", programme.pk)).content.decode()
    assert "1 trên 2" in board
    assert "tổ chức hội thảo" in board


def issue_by(paper: Dispatch, house: Seminars, drafter: User) -> None:
    """Let a draft go its way; one without addressees (we ordered it ourselves) goes to a department."""
    home = house.small.home
    lines = [papers.LineDraft(str(home), agencies=[home.pk])]
    papers.save_draft(
        dispatch=paper, by=drafter, at=at(15, 16), seen_edits=paper.edits,
        values={"subject": paper.subject, "field": WorkField.objects.get(code="NC")},
        text=paper.current_version.text, lines=lines,
    )  # fmt: skip
    paper = papers.submit(dispatch=paper, by=drafter, at=at(15, 16))
    paper = papers.sign(dispatch=paper, by=house.leader, at=at(15, 16))
    papers.number_and_issue(dispatch=paper, by=house.clerk, at=at(15, 16))


def test_a_programme_is_begun_from_the_words_of_the_dispatch():
    house = Seminars()
    paper = house.small.issued(subject="tổ chức các cuộc hội thảo, tọa đàm")
    client = client_of(house.officer)
    dispatch_page = client.get(reverse("documents:dispatch", args=[paper.pk])).content.decode()
    assert url("begin", paper.pk) in dispatch_page
    words = "Nội dung của tổ chức các cuộc hội thảo, tọa đàm"
    page = client.get(url("begin", paper.pk)).content.decode()
    assert words in page

    answer = client.post(
        url("begin", paper.pk),
        {"words": f"0-{len(words)}", "title": "Hội thảo ANTQ", "kind": "seminar", "target": 3,
         "due_on": "", "lead": "Công an tỉnh"},
    )  # fmt: skip

    programme = Programme.objects.get()
    assert answer.url == url("board", programme.pk)
    assert programme.order.words == words
    assert programme.due_on is None
    board = client.get(answer.url).content.decode()
    assert "0 trên 3" in board
    assert "không ghi ngày" in board


def test_a_paper_that_orders_nothing_offers_nothing():
    house = Seminars()
    paper = house.small.issued(subject="kiểm tra công vụ")
    client = client_of(house.officer)

    assert url("begin", paper.pk) not in client.get(
        reverse("documents:dispatch", args=[paper.pk])
    ).content.decode()  # fmt: skip
    assert "Không thấy nội dung" in client.get(url("begin", paper.pk)).content.decode()


def test_the_list_shows_what_concerns_me_and_costs_the_same_for_one_and_three():
    house = Seminars()
    house.invited()
    client = client_of(house.small.home_clerk)

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            answer = client.get(url("seminars"), {"xem": "moi"})
        assert answer.status_code == 200
        return len(counted)

    client.get(url("seminars"))
    before = queries()
    for number in range(2):
        house.hall = house.room(f"Phòng {number}", 100)
        house.invited(
            chair=house.chair, time=lifecycle.Time(at(16 + number, 8), at(16 + number, 9))
        )
    assert queries() == before
    page = client.get(url("seminars"), {"xem": "moi"}).content.decode()
    assert page.count("Hội thảo xây dựng phong trào") == 3
    assert "Hội thảo xây dựng" not in client_of(house.small.stranger).get(
        url("seminars")
    ).content.decode()  # fmt: skip


def test_junk_in_addresses_is_not_there_and_never_a_fault():
    house = Seminars()
    seminar = house.invited()
    client = client_of(house.officer)

    for address in (
        url("seminar", 999_999), "/hoi-thao/99999999999999999999999/", url("board", 10**30),
        url("begin", 10**30), url("decline", 10**30), url("draft") + "?chuong-trinh=x",
        url("draft") + "?chuong-trinh=99999999999999999999999",
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address
    stands = client.post(url("let_stand", seminar.pk) + "?viec=x&ve=" + "y" * 500, {"reason": "x"})
    assert stands.status_code == 403
    assert client.get(url("seminars") + "?xem=x&page=10000000").status_code == 200
    assert client.post(url("approve_minutes", seminar.pk), {"no": "x"}).status_code == 403
    assert seminar.day == date(2016, 6, 15)


def test_a_state_secret_is_refused_and_only_that_is_noted():
    house = Seminars()
    client = client_of(house.officer)

    answer = client.post(url("draft"), typed(house, purpose="TUYỆT MẬT\nKế hoạch X"))

    assert answer.status_code == 422
    assert "TUYỆT MẬT" in answer.content.decode()
    assert not Seminar.objects.exists()
    refused = LedgerEntry.objects.get(type="paper.refused")
    assert "Kế hoạch" not in bytes(refused.entry_bytes).decode()
    seminar = house.ended()
    minutes = client.post(url("minutes", seminar.pk), {"text": "MẬT\nNội dung", "no": 0})
    assert minutes.status_code == 422
    assert not seminar.minutes.exists()


def test_what_waits_for_an_office_stands_on_its_desk():
    house = Seminars()
    seminar = house.invited(answer_by=at(10))
    home = client_of(house.small.home_clerk)
    page = home.get("/").content.decode()
    assert url("seminar", seminar.pk) in page
    assert "thứ Sáu 10/6" in page
    # An officer does not answer for his agency, and a stranger knows of nothing.
    for user in (house.small.home_officer, house.small.stranger):
        assert url("seminar", seminar.pk) not in client_of(user).get("/").content.decode()

    house.named(seminar, "Một", moment=at(3, 12))
    assert url("seminar", seminar.pk) not in home.get("/").content.decode()


def test_a_conclusion_that_is_due_stands_on_the_desk(monkeypatch):
    house = Seminars()
    seminar = house.ended()
    monkeypatch.setattr("agencies.clock.now", lambda: at(23, 9))

    page = client_of(house.officer).get("/").content.decode()

    assert url("seminar", seminar.pk) in page
    assert "thứ Tư 22/6" in page
    assert "Ra thông báo kết luận" in page
