"""What a recipient does on the screens: receive, acknowledge, return, assign, answer a recall."""

import pytest
from django.urls import reverse

from agencies.models import User
from documents import lifecycle
from documents.choices import CirculationState, HandlingRole, RecallState, ReceiptKind
from documents.models import Circulation, Dispatch, Handling, Receipt
from documents.views import outside
from tests.documents.factories import (
    acknowledged,
    at,
    client_of,
    facts,
    issued,
    outside_paper,
    stand_in,
    world,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon_of_3_june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agencies.clock.now", lambda: at(3, 12))


def send(user: User, name: str, row: Circulation, **values: object):
    return client_of(user).post(reverse(f"documents:{name}", args=[row.pk]), values)


def shown(row: Circulation) -> dict[str, object]:
    version = row.dispatch.current_version
    return {"version": version.no, "digest": version.digest}


# -- Receive ----------------------------------------------------------------------------------


def test_receive_by_the_clerk_gives_an_arrival_number():
    small = world()
    row = small.at_home(issued(small))

    answer = send(small.home_clerk, "receive", row)

    row.refresh_from_db()
    assert answer.status_code == 302
    assert (row.state, row.arrival_number) == (CirculationState.RECEIVED, 1)


def test_receive_twice_draws_one_number():
    small = world()
    row = small.at_home(issued(small))

    send(small.home_clerk, "receive", row)
    answer = send(small.home_clerk, "receive", row)

    assert answer.status_code == 302
    assert Receipt.objects.filter(circulation=row, kind=ReceiptKind.RECEIVED).count() == 1


def test_receive_by_an_officer_is_refused_with_the_reason():
    small = world()
    row = small.at_home(issued(small))

    answer = send(small.home_officer, "receive", row)

    row.refresh_from_db()
    assert answer.status_code == 403
    assert answer.context["reasons"][0].code == "role"
    assert row.state == CirculationState.SENT


def test_receive_by_a_stranger_is_the_404_of_any_other_page():
    small = world()
    row = small.at_home(issued(small))
    assert send(small.home_officer, "receive", row).status_code == 403

    for name in ("receive", "acknowledge", "return", "assign", "answer_recall"):
        assert send(small.finance_clerk, name, row).status_code == 404


def test_receive_by_get_is_not_allowed():
    small = world()
    row = small.at_home(issued(small))

    answer = client_of(small.home_clerk).get(reverse("documents:receive", args=[row.pk]))

    row.refresh_from_db()
    assert answer.status_code == 405
    assert row.state == CirculationState.SENT


def test_receive_leads_back_to_this_house_only():
    small = world()
    row = small.at_home(issued(small))

    home = send(small.home_clerk, "receive", row, next="/den/?state=receive")
    away = send(small.home_clerk, "receive", row, next="https://example.org/")

    assert home.url == "/den/?state=receive"
    assert away.url == reverse("documents:dispatch", args=[row.dispatch_id])


# -- Acknowledge ------------------------------------------------------------------------------


def test_acknowledge_leads_to_the_receipt():
    small = world()
    row = small.received()

    answer = send(small.home_clerk, "acknowledge", row, **shown(row))

    given = Receipt.objects.get(circulation=row, kind=ReceiptKind.ACKNOWLEDGED)
    assert answer.url == reverse("documents:receipt", args=[given.code])


def test_acknowledge_twice_gives_the_same_receipt():
    small = world()
    row = small.received()

    first = send(small.home_clerk, "acknowledge", row, **shown(row))
    second = send(small.home_head, "acknowledge", row, **shown(row))

    assert first.url == second.url
    assert Receipt.objects.filter(circulation=row, kind=ReceiptKind.ACKNOWLEDGED).count() == 1


def test_acknowledge_by_a_clerk_receives_as_well():
    small = world()
    row = small.at_home(issued(small))

    send(small.home_clerk, "acknowledge", row, **shown(row))

    row.refresh_from_db()
    assert row.arrival_number == 1
    assert row.acknowledged_at == at(3, 12)


def test_acknowledge_of_a_version_that_is_no_longer_the_newest_is_a_conflict():
    small = world()
    row = small.received()
    old = shown(row)
    lifecycle.update(
        dispatch=row.dispatch, files=[facts()], reason="Quên phụ lục", by=small.clerk, at=at(3, 10)
    )

    answer = send(small.home_clerk, "acknowledge", row, **old)

    row.refresh_from_db()
    assert answer.status_code == 409
    assert answer.context["back"] == reverse("documents:dispatch", args=[row.dispatch_id])
    assert row.acknowledged_at is None


@pytest.mark.parametrize("values", [{}, {"version": "x", "digest": "y"}, {"version": 1}])
def test_acknowledge_of_nothing_shown_is_a_conflict(values: dict[str, object]):
    small = world()
    row = small.received()

    answer = send(small.home_clerk, "acknowledge", row, **values)

    assert answer.status_code == 409
    assert not Receipt.objects.filter(kind=ReceiptKind.ACKNOWLEDGED).exists()


# -- The receipt ------------------------------------------------------------------------------


def receipt_page(user: User, given: Receipt):
    return client_of(user).get(reverse("documents:receipt", args=[given.code]))


def test_the_receipt_is_for_the_recipients_readers_and_the_sender():
    small = world()
    row = small.received()
    given = acknowledged(row, small.home_clerk, at(3, 9))

    assert receipt_page(small.home_officer, given).status_code == 200
    assert receipt_page(small.clerk, given).status_code == 200
    assert receipt_page(small.finance_clerk, given).status_code == 404
    assert receipt_page(small.stranger, given).status_code == 404


def test_a_receipt_code_that_nobody_gave_is_a_404():
    small = world()

    answer = client_of(small.clerk).get(reverse("documents:receipt", args=["BN-1-2016-XXXXXXXX"]))

    assert answer.status_code == 404


def test_the_receipt_says_who_stood_in_for_whom_and_the_whole_digest():
    small = world()
    stand_in(small.home_clerk, small.home_officer, first=at(1).date(), last=at(10).date())
    row = small.received()
    given = acknowledged(row, small.home_officer, at(3, 9))

    page = receipt_page(small.home_clerk, given).content.decode()

    assert given.digest in page
    assert f"làm thay {small.home_clerk}" in page
    assert "từ 01/06/2016 đến 10/06/2016" in page


# -- Return -----------------------------------------------------------------------------------


def test_return_needs_a_reason_and_keeps_what_was_typed():
    small = world()
    row = small.received()

    answer = send(small.home_clerk, "return", row, reason="  ", suggested=small.finance.pk)

    row.refresh_from_db()
    assert answer.status_code == 422
    assert "reason" in answer.context["form"].errors
    assert answer.context["form"]["suggested"].value() == str(small.finance.pk)
    assert row.state == CirculationState.RECEIVED


def test_return_keeps_a_long_reason_whole_and_closes_the_paper():
    small = world()
    row = small.received()
    reason = "Không thuộc thẩm quyền. " * 100

    answer = send(small.home_clerk, "return", row, reason=reason, suggested=small.finance.pk)

    given = Receipt.objects.get(circulation=row, kind=ReceiptKind.RETURNED)
    page = client_of(small.home_clerk).get(reverse("documents:dispatch", args=[row.dispatch_id]))
    assert answer.url == reverse("documents:incoming")
    assert (given.reason, given.suggested) == (reason.strip(), small.finance)
    assert page.status_code == 404


def test_return_by_an_officer_is_refused():
    small = world()
    row = small.received()

    answer = client_of(small.home_officer).get(reverse("documents:return", args=[row.pk]))

    assert answer.status_code == 403


# -- Assign -----------------------------------------------------------------------------------


def test_assign_offers_the_people_of_the_agency_only():
    small = world()
    row = small.received()

    answer = client_of(small.home_head).get(reverse("documents:assign", args=[row.pk]))

    people = set(answer.context["form"].fields["assignee"].queryset)
    assert people == {small.home_clerk, small.home_officer, small.home_head, small.home_leader}


def test_assign_reads_the_deadline_in_the_house_form():
    small = world()
    row = small.received()

    send(
        small.home_head,
        "assign",
        row,
        assignee=small.home_officer.pk,
        role=HandlingRole.LEAD,
        due_at="17:00 07/06/2016",
        note="Tham mưu",
    )

    handling = Handling.objects.get(circulation=row)
    assert (handling.assignee, handling.due_at) == (small.home_officer, at(7, 17))


def test_assign_into_the_past_is_said_at_its_field():
    small = world()
    row = small.received()

    answer = send(
        small.home_head,
        "assign",
        row,
        assignee=small.home_officer.pk,
        role=HandlingRole.LEAD,
        due_at="08:00 03/06/2016",
        note="Giữ lại câu này",
    )

    assert answer.status_code == 422
    assert "due_at" in answer.context["form"].errors
    assert "Giữ lại câu này" in answer.content.decode()


# -- Recall -----------------------------------------------------------------------------------


def asked_back(small) -> Circulation:
    row = small.received()
    lifecycle.recall(dispatch=row.dispatch, reason="Sai phụ lục", by=small.clerk, at=at(3, 10))
    return row


def test_a_recall_agreed_to_closes_the_paper():
    small = world()
    row = asked_back(small)

    answer = send(small.home_clerk, "answer_recall", row, answer="agree")

    row.refresh_from_db()
    assert answer.url == reverse("documents:incoming")
    assert row.recall_state == RecallState.AGREED


def test_a_recall_refused_without_a_reason_shows_the_page_again():
    small = world()
    row = asked_back(small)

    answer = send(small.home_clerk, "answer_recall", row, answer="refuse")

    row.refresh_from_db()
    assert answer.status_code == 422
    assert "reason" in answer.context["blocks"][0].form.errors
    assert row.recall_state == RecallState.REQUESTED


def test_a_recall_nobody_asked_for_is_a_conflict():
    small = world()
    row = small.received()

    answer = send(small.home_clerk, "answer_recall", row, answer="agree")

    assert answer.status_code == 409


# -- From outside -----------------------------------------------------------------------------


def given(**values: object) -> dict[str, object]:
    return {
        "issuer": "Bộ Nội vụ",
        "code": "77/BNV-VP",
        "issued_on": "01/06/2016",
        "subject": "báo cáo quý II",
        "urgency": "ordinary",
        "text": "   Nội dung\r\n\r\ncủa văn bản./.",
    } | values


def enter(user: User, small, **values: object):
    address = reverse("documents:register_outside")
    kind = {"agency": small.home.pk, "type": small.type.pk}
    return client_of(user).post(address, given(**kind) | values)


def test_a_paper_from_outside_gets_an_arrival_number_and_keeps_its_text():
    small = world()

    answer = enter(small.home_clerk, small)

    paper = Dispatch.objects.get(code="77/BNV-VP")
    assert answer.url == reverse("documents:dispatch", args=[paper.pk])
    assert paper.circulations.get().arrival_number == 1
    assert (paper.number, paper.signer_as_printed) == (77, "")
    assert paper.current_version.text == "   Nội dung\n\ncủa văn bản./."


def test_a_twin_asks_before_it_is_entered_again():
    small = world()
    outside_paper(small)

    asked = enter(small.home_clerk, small)
    confirmed = enter(small.home_clerk, small, twin="on")

    assert asked.status_code == 422
    assert "twin" in asked.context["form"].errors
    assert 'type="checkbox" name="twin"' in asked.content.decode()
    assert confirmed.status_code == 302
    assert Dispatch.objects.filter(code="77/BNV-VP").count() == 2


def test_everything_wrong_with_an_outside_paper_is_said_at_once():
    small = world()

    answer = enter(small.home_clerk, small, issued_on="04/06/2016", text="", signer="Trần Văn A")

    assert answer.status_code == 422
    assert "issued_on" in answer.context["form"].errors
    assert answer.context["form"]["signer"].value() == "Trần Văn A"
    assert len(answer.context["form"].non_field_errors()) == 1
    assert not Dispatch.objects.exists()


def test_only_a_clerk_enters_papers_from_outside():
    small = world()
    page = client_of(small.home_clerk).get(reverse("documents:register_outside"))
    assert page.status_code == 200

    answer = enter(small.home_officer, small)

    assert answer.status_code == 403
    assert not Dispatch.objects.exists()


def test_a_clerk_enters_nothing_into_a_foreign_register():
    small = world()

    answer = enter(small.home_clerk, small, agency=small.finance.pk)

    assert answer.status_code == 422
    assert "agency" in answer.context["form"].errors
    assert not Dispatch.objects.exists()


def test_a_secret_paper_is_refused_and_nothing_of_it_is_kept(monkeypatch: pytest.MonkeyPatch):
    small = world()

    def refuse(**values: object) -> None:
        raise outside.secrecy.SecretPaper("MẬT")

    monkeypatch.setattr(lifecycle, "register_outside", refuse)

    answer = enter(small.home_clerk, small, subject="chuyện kín")

    assert answer.status_code == 422
    assert "chuyện kín" not in answer.content.decode()
    assert not Dispatch.objects.exists()
