"""The page of a dispatch: who sees what, and what counts as opened."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import User
from documents import lifecycle
from documents.choices import CitationKind, ReceiptKind, Urgency
from documents.lifecycle.drafting import CitationDraft
from documents.models import Dispatch, Receipt
from documents.models.exceptions import Grant
from ledger.models import LedgerEntry
from tests.documents.factories import (
    acknowledged,
    at,
    client_of,
    facts,
    issued,
    stand_in,
    work,
    world,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon_of_3_june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agencies.clock.now", lambda: at(3, 12))


def look(user: User, paper: Dispatch, **headers: str):
    return client_of(user).get(reverse("documents:dispatch", args=[paper.pk]), headers=headers)


def text_of(response) -> str:
    return response.content.decode()


def opened(paper: Dispatch) -> int:
    return Receipt.objects.filter(circulation__dispatch=paper, kind=ReceiptKind.OPENED).count()


def test_a_recipient_reads_the_text_as_it_was_frozen():
    small = world()
    paper = issued(small)

    response = look(small.home_officer, paper)

    assert response.status_code == 200
    assert "Nội dung của kiểm tra công vụ./." in text_of(response)


def test_the_text_is_escaped_and_its_line_breaks_stay():
    small = world()
    paper = small.draft(subject="a")
    version = paper.current_version
    version.text = "   Số: <b>1</b>\nV/v thử\n\nKính gửi: & mọi nơi"
    version.save()

    page = text_of(look(small.drafter, paper))

    assert "<p>   Số: &lt;b&gt;1&lt;/b&gt;<br>V/v thử</p>" in page
    assert "Kính gửi: &amp; mọi nơi" in page


def test_a_foreign_paper_and_no_paper_are_the_same_answer():
    small = world()
    paper = issued(small, to=[small.finance])
    assert look(small.finance_clerk, paper).status_code == 200

    foreign = look(small.home_clerk, paper)
    nothing = client_of(small.home_clerk).get(reverse("documents:dispatch", args=[paper.pk + 999]))

    assert foreign.status_code == nothing.status_code == 404
    assert _without_tokens(text_of(foreign)) == _without_tokens(text_of(nothing))


def _without_tokens(page: str) -> str:
    page = re.sub(r'(name="csrfmiddlewaretoken" value|x-csrftoken": ?)[^>]*', "", page)
    return re.sub(r'name="next" value="[^"]*"', "", page)


def test_a_draft_is_not_there_for_another_agency_nor_for_a_colleague():
    small = world()
    paper = small.draft()
    assert look(small.drafter, paper).status_code == 200

    assert look(small.home_clerk, paper).status_code == 404
    assert look(small.clerk, paper).status_code == 404


def test_looking_at_the_page_is_opening_it_once():
    small = world()
    paper = issued(small)

    look(small.home_officer, paper)
    look(small.home_officer, paper)

    assert opened(paper) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"Sec-Fetch-Dest": "empty"},
        {"Sec-Fetch-Dest": "iframe"},
    ],
)
def test_a_machine_that_fetches_opens_nothing(headers: dict[str, str]):
    small = world()
    paper = issued(small)

    response = look(small.home_officer, paper, **headers)

    assert response.status_code == 200
    assert opened(paper) == 0


def test_head_opens_nothing():
    small = world()
    paper = issued(small)

    response = client_of(small.home_officer).head(reverse("documents:dispatch", args=[paper.pk]))

    assert response.status_code == 200
    assert opened(paper) == 0


def test_the_sender_does_not_open_his_own_paper():
    small = world()
    paper = issued(small)

    response = look(small.clerk, paper)

    assert response.status_code == 200
    assert opened(paper) == 0


def test_what_is_to_be_done_stands_before_the_text():
    small = world()
    paper = issued(small)

    page = text_of(look(small.home_clerk, paper))

    assert page.index(reverse("documents:receive", args=[small.at_home(paper).pk])) < page.index(
        '<article class="paper"'
    )


def test_the_page_has_one_filled_button():
    small = world()
    paper = issued(small)
    for user in (small.home_clerk, small.clerk, small.home_officer, small.leader):
        page = text_of(look(user, paper))

        filled = re.findall(r'class="btn(?: w)?"', page)

        assert len(filled) <= 1


def test_the_acknowledgement_names_the_version_that_is_shown():
    small = world()
    row = small.received()

    page = text_of(look(small.home_clerk, row.dispatch))

    version = row.dispatch.current_version
    assert '<input type="hidden" name="version" value="1">' in page
    assert f'<input type="hidden" name="digest" value="{version.digest}">' in page


def test_an_officer_is_shown_no_act_of_the_office():
    small = world()
    row = small.received()
    assert "xac-nhan" in text_of(look(small.home_clerk, row.dispatch))

    page = text_of(look(small.home_officer, row.dispatch))

    assert "xac-nhan" not in page
    assert "phan-cong" not in page
    assert "tra-lai" not in page


def test_no_deadline_and_no_signer_are_said_and_not_invented():
    small = world()
    paper = issued(small)

    response = look(small.home_clerk, paper)

    assert response.context["signer"] == ""
    assert response.context["due_missing"] is True


def test_the_timeline_says_who_stood_in_for_whom():
    small = world()
    deputy = small.home_officer
    stand_in(small.home_clerk, deputy, first=at(1).date(), last=at(10).date())
    row = small.at_home(issued(small))
    lifecycle.receive(circulation=row, by=deputy, at=at(3, 8))

    block = look(small.home_head, row.dispatch).context["blocks"][0]

    received = next(event for event in block.events if event.at == at(3, 8))
    assert received.by == str(deputy)
    assert received.instead_of == str(small.home_clerk)


def test_a_person_with_posts_in_two_recipients_has_a_block_for_each():
    small = world()
    paper = issued(small)
    small.home_clerk.posts.create(agency=small.finance, role="clerk", from_on=at(1).date())

    blocks = look(small.home_clerk, paper).context["blocks"]

    assert [block.circulation.agency for block in blocks] == [small.home, small.finance]
    assert [block.filled for block in blocks] == [True, False]


def test_a_citing_paper_is_named_only_to_its_readers():
    small = world()
    old = issued(small)
    secret = issued(
        small,
        to=[small.finance],
        subject="chỉ gửi tài chính",
        citations=[CitationDraft(code=old.code, kind=CitationKind.AMENDS, target=old.pk)],
    )
    assert secret.code in text_of(look(small.finance_clerk, old))

    page = text_of(look(small.home_clerk, old))

    assert secret.code not in page


def test_a_replacement_that_one_may_not_read_is_a_code_without_a_link():
    small = world()
    old = issued(small)
    new = issued(
        small,
        to=[small.finance],
        citations=[CitationDraft(code=old.code, kind=CitationKind.REPLACES, target=old.pk)],
    )

    page = text_of(look(small.home_clerk, old))

    assert new.code in page
    assert reverse("documents:dispatch", args=[new.pk]) not in page


def test_a_recalled_paper_says_so_above_the_text():
    small = world()
    row = small.received()
    lifecycle.recall(dispatch=row.dispatch, reason="Sai phụ lục", by=small.clerk, at=at(3, 10))

    page = text_of(look(small.home_clerk, row.dispatch))

    assert page.index("Sai phụ lục") < page.index('<article class="paper"')
    assert reverse("documents:answer_recall", args=[row.pk]) in page


def test_a_paper_taken_back_before_receipt_is_gone_for_the_recipient():
    small = world()
    paper = issued(small)
    assert look(small.home_clerk, paper).status_code == 200

    lifecycle.recall(dispatch=paper, reason="Sai", by=small.clerk, at=at(3, 10))

    assert look(small.home_clerk, paper).status_code == 404


def test_a_reader_by_exception_reads_without_any_act():
    small = world()
    paper = issued(small)
    assert look(small.stranger, paper).status_code == 404

    lifecycle.grant_person(
        dispatch=paper,
        person=small.stranger,
        cause="thẩm tra",
        to_on=None,
        by=small.leader,
        at=at(3),
    )

    response = look(small.stranger, paper)
    assert Grant.objects.count() == 1
    assert response.status_code == 200
    assert response.context["blocks"] == []
    assert response.context["acts"] == []


@pytest.mark.parametrize(
    ("state", "who", "next_act"),
    [
        ("draft", "drafter", "draft"),
        ("submitted", "leader", "sign"),
        ("signed", "clerk", "issue"),
        ("numbered", "clerk", "issue"),
        ("issued", "clerk", "track"),
    ],
)
def test_the_registering_side_has_the_next_act_first(state: str, who: str, next_act: str):
    small = world()
    paper = getattr(small, state)()

    acts = look(getattr(small, who), paper).context["acts"]

    assert acts[0].url == reverse(f"documents:{next_act}", args=[paper.pk])


def test_an_officer_of_the_sender_may_neither_sign_nor_recall():
    small = world()
    paper = issued(small)
    recall = reverse("documents:recall", args=[paper.pk])
    assert recall in [act.url for act in look(small.clerk, paper).context["acts"]]

    acts = look(small.drafter, paper).context["acts"]

    assert recall not in [act.url for act in acts]


def test_a_file_is_served_only_behind_the_gate():
    small = world()
    paper = issued(small, files=1, to=[small.finance])
    file = paper.current_version.attachments.get()
    address = reverse("documents:file", args=[paper.pk, file.pk])

    answer = client_of(small.home_clerk).get(address)
    nothing = client_of(small.home_clerk).get(reverse("documents:file", args=[paper.pk, 99_999]))

    assert answer.status_code == nothing.status_code == 404


def test_a_file_of_another_paper_is_not_reached_through_a_readable_one():
    small = world()
    mine = issued(small)
    other = issued(small, files=1, to=[small.finance])
    file = other.current_version.attachments.get()

    answer = client_of(small.home_clerk).get(reverse("documents:file", args=[mine.pk, file.pk]))

    assert answer.status_code == 404


def test_a_recipient_reaches_no_file_of_an_earlier_draft():
    small = world()
    paper = small.draft()
    lifecycle.attach(dispatch=paper, file=facts(), by=small.drafter, at=at(2))
    early = paper.current_version.attachments.get()
    paper = lifecycle.submit(dispatch=paper, by=small.drafter, at=at(2))
    paper = lifecycle.send_back(dispatch=paper, reason="sửa", by=small.leader, at=at(2))
    paper = lifecycle.submit(dispatch=paper, by=small.drafter, at=at(2))
    paper = lifecycle.sign(dispatch=paper, by=small.leader, at=at(2))
    paper = lifecycle.number_and_issue(dispatch=paper, by=small.clerk, at=at(2))

    answer = client_of(small.home_clerk).get(reverse("documents:file", args=[paper.pk, early.pk]))

    assert answer.status_code == 404


def test_an_urgent_paper_bears_its_stamp():
    small = world()
    paper = issued(small, urgency=Urgency.EXPRESS)

    page = text_of(look(small.home_clerk, paper))

    assert "HỎA TỐC" in page


def test_an_update_is_told_and_may_be_acknowledged_anew():
    small = world()
    row = small.received()
    given = acknowledged(row, small.home_clerk, at(3, 9))
    lifecycle.update(
        dispatch=row.dispatch, files=[facts(7)], reason="Quên phụ lục", by=small.clerk, at=at(3, 10)
    )

    response = look(small.home_clerk, row.dispatch)

    block = response.context["blocks"][0]
    assert block.earlier == given
    assert block.may["acknowledge"] is True
    assert "Quên phụ lục" in text_of(response)


def test_the_number_of_queries_does_not_depend_on_the_receipts():
    small = world()
    first = issued(small)
    look(small.home_officer, first)
    with_one = _queries(small.home_officer, first)
    for user in (small.home_clerk, small.home_leader, small.home_head):
        look(user, first)

    assert _queries(small.home_officer, first) == with_one


def _queries(user: User, paper: Dispatch) -> int:
    client = client_of(user)
    with CaptureQueriesContext(connection) as caught:
        client.get(reverse("documents:dispatch", args=[paper.pk]))
    return len(caught)


def test_delivery_is_shown_as_the_systems_own():
    small = world()
    paper = issued(small)
    work(at(2, 10))

    block = look(small.home_clerk, paper).context["blocks"][0]

    assert block.events[1].at == at(2, 10)
    assert block.events[1].instead_of == ""


def test_an_exception_is_withdrawn_on_the_day_on_which_it_was_given():
    small = world()
    paper = issued(small, to=[small.home])
    shared = {
        "dispatch": paper,
        "cause": "thẩm tra",
        "to_on": None,
        "by": small.leader,
        "at": at(3),
    }
    person = lifecycle.grant_person(person=small.stranger, **shared)
    agency = lifecycle.grant_agency(agency=small.finance, **shared)
    leader = client_of(small.leader)
    page = leader.get(reverse("documents:grant", args=[paper.pk])).content.decode()
    assert page.count(">Thôi cho đọc<") == 2

    for kind, given in (("person", person), ("agency", agency)):
        answer = leader.post(
            reverse("documents:withdraw_exception", args=[paper.pk]), {kind: given.pk}
        )
        assert answer.status_code == 302

    assert look(small.stranger, paper).status_code == 404
    assert look(small.finance_leader, paper).status_code == 404
    ends = LedgerEntry.objects.filter(type__startswith="grant.withdrawn")
    assert sorted(ends.values_list("type", flat=True)) == [
        "grant.withdrawn",
        "grant.withdrawn_agency",
    ]
    # The later word of one day counts.
    lifecycle.grant_person(person=small.stranger, **shared)
    assert look(small.stranger, paper).status_code == 200


def test_withdrawing_twice_is_said_and_a_foreign_exception_is_not_there():
    small = world()
    paper, other = issued(small), issued(small)
    given = lifecycle.grant_person(
        dispatch=other, person=small.stranger, cause="x", to_on=None, by=small.leader, at=at(3)
    )
    leader = client_of(small.leader)

    def withdraw(where, number) -> int:
        address = reverse("documents:withdraw_exception", args=[where.pk])
        return leader.post(address, {"person": number}).status_code

    assert withdraw(paper, given.pk) == 404
    assert withdraw(other, "x") == 404
    assert withdraw(other, given.pk) == 302
    assert withdraw(other, given.pk) == 409
