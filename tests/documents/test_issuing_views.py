"""Signed, sent back, numbered, issued, voided: on the screen, once, and by whom it may be."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.choices import Role
from documents import lifecycle
from documents.choices import Capacity, DueSource, NumberState, State
from documents.models import Circulation, Dispatch, Register, RegisterEntry
from documents.refusals import Incomplete
from tests.documents.factories import at, client_of, person, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon_of_2_june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agencies.clock.now", lambda: at(2, 12))


def url(name: str, *args: int) -> str:
    return reverse(f"documents:{name}", args=args)


def text_of(response) -> str:
    return response.content.decode()


def state_of(paper: Dispatch) -> str:
    return Dispatch.objects.get(pk=paper.pk).state


# -- Signing --------------------------------------------------------------------------------------


def test_the_leader_sees_the_text_and_signs_it_with_what_the_paper_prints():
    small = world()
    paper = small.submitted()
    client = client_of(small.leader)
    page = client.get(url("sign", paper.pk))
    assert "Nội dung của kiểm tra công vụ./." in text_of(page)

    response = client.post(
        url("sign", paper.pk),
        {
            "version": 1,
            "capacity": Capacity.TM,
            "signer_as_printed": "Nguyễn Văn Ký",
            "signer_title": "Phó Chủ tịch",
        },
    )

    assert response.status_code == 302
    paper.refresh_from_db()
    assert (paper.state, paper.signed_by) == (State.SIGNED, small.leader)
    assert (paper.capacity, paper.signer_as_printed, paper.signer_title) == (
        Capacity.TM, "Nguyễn Văn Ký", "Phó Chủ tịch",
    )  # fmt: skip


def test_what_the_source_does_not_print_stays_empty():
    small = world()
    paper = small.submitted()

    client_of(small.leader).post(url("sign", paper.pk), {"version": 1})

    paper.refresh_from_db()
    assert paper.state == State.SIGNED
    assert (paper.capacity, paper.signer_as_printed, paper.signer_title) == ("", "", "")


def test_a_capacity_that_does_not_fit_is_told_at_its_field():
    small = world()
    paper = small.submitted()
    small.province.collective = False
    small.province.save()

    response = client_of(small.leader).post(
        url("sign", paper.pk), {"version": 1, "capacity": Capacity.TM, "signer_title": "Chánh VP"}
    )

    assert response.status_code == 422
    assert 'id="id_capacity_error"' in text_of(response)
    assert "Chánh VP" in text_of(response)
    assert state_of(paper) == State.SUBMITTED


@pytest.mark.parametrize("role", ["clerk", "drafter"])
def test_signing_by_another_role_is_refused(role):
    small = world()
    paper = small.submitted()
    client = client_of(getattr(small, role))

    answers = [
        client.get(url("sign", paper.pk)),
        client.post(url("sign", paper.pk), {"version": 1}),
    ]

    assert [each.status_code for each in answers] == [403, 403]
    assert state_of(paper) == State.SUBMITTED


def test_a_paper_that_was_written_anew_meanwhile_is_not_signed_unseen():
    small = world()
    paper = small.submitted()
    lifecycle.send_back(dispatch=paper, reason="sửa", by=small.head, at=at(2))
    lifecycle.submit(dispatch=paper, by=small.drafter, at=at(2))

    response = client_of(small.leader).post(url("sign", paper.pk), {"version": 1})

    assert response.status_code == 409
    assert state_of(paper) == State.SUBMITTED


def test_a_paper_is_sent_back_with_its_reason_in_full():
    small = world()
    paper = small.submitted()
    reason = "Sửa mục 2. " * 100

    response = client_of(small.leader).post(url("send_back", paper.pk), {"reason": reason})

    assert response.status_code == 302
    paper.refresh_from_db()
    assert (paper.state, paper.sent_back_reason) == (State.DRAFT, reason.strip())


def test_sending_back_without_a_reason_is_refused():
    small = world()
    paper = small.submitted()

    response = client_of(small.leader).post(url("send_back", paper.pk), {"reason": "  "})

    assert response.status_code == 422
    assert state_of(paper) == State.SUBMITTED


# -- Issuing ----------------------------------------------------------------------------------------


def test_the_page_counts_and_shows_the_next_number_without_taking_it():
    small = world()
    paper = small.signed()

    page = text_of(client_of(small.clerk).get(url("issue", paper.pk)))

    assert "<b>1502</b> (1502/UBND-NC)" in page
    assert re.search(r"<b>2</b>", page)
    assert re.search(r"<b>7</b>", page)
    assert not RegisterEntry.objects.exists()
    assert Register.objects.get(agency=small.province, kind="outgoing").last_number == 1501


def test_the_one_button_numbers_and_issues():
    small = world()
    paper = small.signed()

    response = client_of(small.clerk).post(url("issue", paper.pk), {"version": 1})

    assert response.url == url("dispatch", paper.pk)
    paper.refresh_from_db()
    assert (paper.state, paper.code) == (State.ISSUED, "1502/UBND-NC")
    assert Circulation.objects.filter(dispatch=paper).count() == 2


def test_a_second_press_draws_no_second_number_and_leads_to_the_issued_paper():
    small = world()
    paper = small.signed()
    client = client_of(small.clerk)
    client.post(url("issue", paper.pk), {"version": 1})

    response = client.post(url("issue", paper.pk), {"version": 1}, follow=True)

    assert response.redirect_chain[0][0] == url("dispatch", paper.pk)
    assert "1502/UBND-NC" in text_of(response)
    assert RegisterEntry.objects.count() == 1
    assert Circulation.objects.count() == 2


def test_a_press_that_finds_the_paper_issued_by_then_leads_to_it(monkeypatch):
    small = world()
    paper = small.signed()
    verb = lifecycle.number_and_issue

    def as_if_another_was_quicker(**values):
        verb(**values)
        return verb(**values)

    monkeypatch.setattr("documents.lifecycle.number_and_issue", as_if_another_was_quicker)

    response = client_of(small.clerk).post(url("issue", paper.pk), {"version": 1})

    assert response.status_code == 302
    assert response.url == url("dispatch", paper.pk)
    assert RegisterEntry.objects.count() == 1


def test_everything_against_it_is_told_at_once_and_nothing_is_drawn():
    small = world()
    paper = small.signed()
    paper.subject = ""
    paper.save()
    paper.lines.update(text_as_printed="Nơi nào đó")
    for line in paper.lines.all():
        line.agencies.clear()
    client = client_of(small.clerk)

    page = client.get(url("issue", paper.pk))
    pressed = client.post(url("issue", paper.pk), {"version": 1})

    assert page.status_code == 200
    assert pressed.status_code == 422
    for response in (page, pressed):
        assert text_of(response).count('<li><a href="#lines">') == 2
        assert '<li><a href="#paper">' in text_of(response)
    assert not RegisterEntry.objects.exists()
    assert state_of(paper) == State.SIGNED


@pytest.mark.parametrize("role", ["leader", "drafter", "head"])
def test_issuing_by_another_role_is_refused(role):
    small = world()
    paper = small.signed()
    client = client_of(getattr(small, role))

    answers = [
        client.get(url("issue", paper.pk)),
        client.post(url("issue", paper.pk), {"version": 1}),
        client.post(url("number", paper.pk), {"version": 1}),
    ]

    assert [each.status_code for each in answers] == [403, 403, 403]
    assert not RegisterEntry.objects.exists()


def test_a_paper_that_is_not_signed_is_not_issued():
    small = world()
    paper = small.submitted()

    assert client_of(small.clerk).get(url("issue", paper.pk)).status_code == 409
    assert client_of(small.clerk).post(url("issue", paper.pk), {"version": 1}).status_code == 409


def test_a_version_that_the_clerk_has_not_seen_is_not_issued():
    small = world()
    paper = small.signed()
    lifecycle.send_back(dispatch=paper, reason="sửa", by=small.clerk, at=at(2))
    lifecycle.submit(dispatch=paper, by=small.drafter, at=at(2))
    lifecycle.sign(dispatch=paper, by=small.leader, at=at(2))

    response = client_of(small.clerk).post(url("issue", paper.pk), {"version": 1})

    assert response.status_code == 409
    assert not RegisterEntry.objects.exists()


def test_the_number_alone_is_given_once_and_the_paper_issued_later():
    small = world()
    paper = small.signed()
    client = client_of(small.clerk)
    client.post(url("number", paper.pk), {"version": 1})
    again = client.post(url("number", paper.pk), {"version": 1})
    assert again.url == url("issue", paper.pk)
    assert state_of(paper) == State.NUMBERED

    page = client.get(url("issue", paper.pk))
    client.post(url("issue", paper.pk), {"version": 1})

    assert "1502/UBND-NC" in text_of(page)
    assert state_of(paper) == State.ISSUED
    assert RegisterEntry.objects.count() == 1


def test_a_clerk_of_two_agencies_issues_each_paper_from_its_own_register():
    small = world()
    two = person("two", (small.province, Role.CLERK), (small.home, Role.CLERK))
    paper = small.signed()

    client_of(two).post(url("issue", paper.pk), {"version": 1})

    assert RegisterEntry.objects.get().register.agency == small.province


def test_the_page_costs_the_same_with_two_lines_and_with_six(django_assert_num_queries):
    small = world()
    client = client_of(small.clerk)
    two = small.signed()
    six = small.signed(
        lines=[
            lifecycle.LineDraft(f"Dòng {n}", agencies=[small.home.pk, small.finance.pk])
            for n in range(6)
        ]
    )
    client.get(url("issue", two.pk))
    with CaptureQueriesContext(connection) as caught:
        client.get(url("issue", two.pk))

    with django_assert_num_queries(len(caught)):
        client.get(url("issue", six.pk))


# -- Voiding ----------------------------------------------------------------------------------------


def test_a_number_is_voided_with_its_reason_and_the_paper_stays_signed():
    small = world()
    paper = small.numbered()
    reason = "Ghi nhầm sổ. " * 60

    response = client_of(small.clerk).post(url("void", paper.pk), {"reason": reason})

    assert response.url == url("issue", paper.pk)
    entry = RegisterEntry.objects.get()
    assert (entry.state, entry.reason) == (NumberState.VOIDED, reason.strip())
    assert state_of(paper) == State.SIGNED
    assert "<b>1503</b>" in text_of(client_of(small.clerk).get(url("issue", paper.pk)))


def test_voiding_without_a_reason_is_refused():
    small = world()
    paper = small.numbered()

    response = client_of(small.clerk).post(url("void", paper.pk), {"reason": ""})

    assert response.status_code == 422
    assert state_of(paper) == State.NUMBERED


def test_the_number_of_an_issued_paper_is_not_voided():
    small = world()
    paper = small.issued()

    response = client_of(small.clerk).post(url("void", paper.pk), {"reason": "x"})

    assert response.status_code == 409
    assert state_of(paper) == State.ISSUED


# -- Until when -----------------------------------------------------------------------------------


def due_of(paper: Dispatch) -> tuple[object, str]:
    paper.refresh_from_db()
    return paper.due_at, paper.due_source


def test_the_clerk_sets_a_deadline_when_issuing_and_the_recipients_owe_it():
    small = world()
    paper = small.signed(due_at=None, due_source=DueSource.NONE)
    fields = {"version": 1, "due_on": "07/06/2016", "due_time": ""}

    response = client_of(small.clerk).post(url("issue", paper.pk), fields)

    assert response.status_code == 302
    assert due_of(paper) == (at(7, 17), DueSource.SENDER)
    owed = Circulation.objects.filter(dispatch=paper, role="to").values_list("due_at", "due_source")
    assert set(owed) == {(at(7, 17), DueSource.SENDER)}


def test_a_deadline_set_with_the_number_stays_until_the_issue():
    small = world()
    paper = small.signed(due_at=None, due_source=DueSource.NONE)
    client = client_of(small.clerk)

    client.post(
        url("number", paper.pk), {"version": 1, "due_on": "07/06/2016", "due_time": "10:30"}
    )
    page = client.get(url("issue", paper.pk))
    client.post(url("issue", paper.pk), {"version": 1})

    assert 'value="07/06/2016"' in text_of(page)
    assert due_of(paper) == (at(7, 10, 30), DueSource.SENDER)


def test_the_clerk_takes_a_deadline_of_the_draft_away():
    small = world()
    paper = small.signed(due_at=at(7, 17), due_source=DueSource.SENDER)

    client_of(small.clerk).post(
        url("issue", paper.pk), {"version": 1, "due_on": "", "due_time": ""}
    )

    assert state_of(paper) == State.ISSUED
    assert due_of(paper) == (None, DueSource.NONE)


def test_a_printed_deadline_is_not_asked_for_and_stays():
    small = world()
    paper = small.signed(due_at=at(7, 17), due_source=DueSource.PRINTED)
    client = client_of(small.clerk)
    page = client.get(url("issue", paper.pk))

    client.post(url("issue", paper.pk), {"version": 1, "due_on": "09/06/2016", "due_time": ""})

    assert 'name="due_on"' not in text_of(page)
    assert state_of(paper) == State.ISSUED
    assert due_of(paper) == (at(7, 17), DueSource.PRINTED)


def test_the_verb_refuses_to_move_a_printed_deadline():
    small = world()
    paper = small.signed(due_at=at(7, 17), due_source=DueSource.PRINTED)

    with pytest.raises(Incomplete):
        lifecycle.number(
            dispatch=paper, deadline=lifecycle.Deadline(at(9)), by=small.clerk, at=at(2)
        )

    assert state_of(paper) == State.SIGNED


@pytest.mark.parametrize("typed", [("31/02/2016", ""), ("", "10:00"), ("01/06/2016", "")])
def test_a_deadline_that_cannot_be_is_told_and_what_was_typed_stays(typed):
    small = world()
    paper = small.signed(due_at=None, due_source=DueSource.NONE)
    fields = {"version": 1, "due_on": typed[0], "due_time": typed[1]}

    response = client_of(small.clerk).post(url("issue", paper.pk), fields)

    assert response.status_code == 422
    assert f'value="{typed[0] or typed[1]}"' in text_of(response)
    assert state_of(paper) == State.SIGNED
    assert due_of(paper) == (None, DueSource.NONE)
