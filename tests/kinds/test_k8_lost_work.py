"""K8: long reasons, two editors, pasted blocks: nothing that was typed is cut or overwritten."""

import pytest
from django.urls import reverse

from documents import lifecycle
from documents.models import Receipt, RegisterEntry
from tests.documents.factories import at, client_of, issued, world
from tests.documents.typed import typed

pytestmark = pytest.mark.django_db

REASON = ("Lý do thứ nhất, dài và có dấu.\n" * 70)[:2000].strip()


def post(user, name: str, pk: int, **values: object):
    answer = client_of(user).post(reverse(f"documents:{name}", args=[pk]), values)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return answer


def same(stored: str) -> bool:
    return stored.replace("\r\n", "\n") == REASON


def test_a_reason_of_two_thousand_letters_is_kept_whole_in_every_act():
    small = world()
    paper = issued(small)
    row = small.at_home(paper)
    voided, back = small.numbered(subject="hủy"), small.submitted(subject="trả")
    recalled = issued(small, subject="thu hồi")

    post(small.home_clerk, "return", row.pk, reason=REASON)
    post(small.clerk, "void", voided.pk, reason=REASON)
    post(small.leader, "send_back", back.pk, reason=REASON)
    post(small.leader, "recall", recalled.pk, reason=REASON)

    back.refresh_from_db()
    recalled.refresh_from_db()
    assert same(Receipt.objects.get(kind="returned").reason)
    assert same(RegisterEntry.objects.get(state="voided").reason)
    assert same(back.sent_back_reason)
    assert same(recalled.recall_reason)
    assert same(small.at_home(recalled).recall_reason)


def test_the_long_reason_of_a_refused_recall_is_kept_whole():
    small = world()
    row = small.received()
    lifecycle.recall(dispatch=row.dispatch, reason="Sai", by=small.leader, at=at(3, 10))

    post(small.home_clerk, "answer_recall", row.pk, answer="refuse", reason=REASON)

    assert same(Receipt.objects.get(kind="recall_refused").reason)


def test_two_editors_through_two_doors_do_not_overwrite_one_another():
    small = world()
    paper = lifecycle.send_back(dispatch=small.submitted(), reason="Sửa", by=small.leader, at=at(2))
    address = reverse("documents:draft", args=[paper.pk])
    drafter, clerk = client_of(small.drafter), client_of(small.clerk)
    first = typed(drafter.get(address), subject="của người soạn")
    second = typed(clerk.get(address), subject="của văn thư")
    assert drafter.post(address, first).status_code == 302

    saved = clerk.post(address, second)
    autosaved = clerk.post(reverse("documents:autosave", args=[paper.pk]), second)
    submitted = clerk.post(reverse("documents:submit", args=[paper.pk]), second)

    paper.refresh_from_db()
    assert (saved.status_code, autosaved.status_code) == (409, 409)
    assert submitted.status_code == 409
    assert "của văn thư" in saved.content.decode()
    assert (paper.subject, paper.state) == ("của người soạn", "draft")


def test_a_pasted_block_with_line_breaks_becomes_lines_and_loses_none():
    small = world()
    paper = small.draft(lines=[lifecycle.LineDraft("Sở", agencies=[small.home.pk])])
    browser = client_of(small.drafter)
    address = reverse("documents:draft", args=[paper.pk])
    block = "Kính gửi:\r\n- Sở Nội vụ;\r\n\r\n- Sở Tài chính;\n- Một nơi không ai biết."

    browser.post(address, typed(browser.get(address), paste=block))

    texts = list(paper.lines.order_by("order").values_list("text_as_printed", flat=True))
    assert texts == ["Sở", "Sở Nội vụ", "Sở Tài chính", "Một nơi không ai biết"]


def test_a_text_keeps_its_paragraphs_through_the_page_and_back():
    small = world()
    paper = small.draft()
    browser = client_of(small.drafter)
    address = reverse("documents:draft", args=[paper.pk])
    text = "\n  Điều 1.\n\n\tĐiều 2. <b>&amp;\n"

    for _ in range(2):
        fields = typed(browser.get(address))
        fields["text"] = [text] if _ == 0 else fields["text"]
        assert browser.post(address, fields).status_code == 302

    assert paper.current_version.text == text


def test_a_form_that_is_refused_shows_again_what_was_typed():
    small = world()
    row = small.received()
    answer = client_of(small.home_clerk).post(
        reverse("documents:assign", args=[row.pk]),
        {"assignee": "", "role": "lead", "due_at": "32/13/2016", "note": "Đừng làm mất câu này"},
    )

    assert answer.status_code == 422
    assert "Đừng làm mất câu này" in answer.content.decode()
