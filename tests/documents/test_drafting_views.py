"""Writing a paper on the screen: nothing typed is lost, and strangers learn nothing."""

import re
from datetime import date

import pytest
from django.contrib.auth import login
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.choices import AgencyKind, Role
from agencies.models import DistributionList
from documents import lifecycle
from documents.choices import CitationKind, DueSource, LineRole, State
from documents.models import Citation, DeadlinePolicy, Dispatch
from intranet.templatetags.kinhgui import moment
from ledger.models import LedgerEntry
from tests.documents.factories import at, client_of, issued, person, world
from tests.documents.typed import typed
from tests.documents.world import START, agency

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon_of_2_june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agencies.clock.now", lambda: at(2, 12))


def url(name: str, *args: int) -> str:
    return reverse(f"documents:{name}", args=args)


def opened(client: Client, paper: Dispatch):
    response = client.get(url("draft", paper.pk))
    assert response.status_code == 200
    return response


def text_of(response) -> str:
    return response.content.decode()


def lines_of(paper: Dispatch) -> list[tuple[str, str, list[str]]]:
    return [
        (line.text_as_printed, line.role, [str(each) for each in line.agencies.all()])
        for line in paper.lines.order_by("order")
    ]


def shared(small) -> Dispatch:
    """A draft that came back: its drafter and the office, the clerk with it, may write on."""
    paper = small.submitted()
    return lifecycle.send_back(dispatch=paper, reason="Sửa lại", by=small.leader, at=at(2))


def without_tokens(response) -> str:
    return re.sub(r"[A-Za-z0-9]{64}", "", text_of(response))


# -- Beginning ----------------------------------------------------------------------------------


def test_a_writer_begins_a_draft_of_his_agency():
    small = world()
    client = client_of(small.drafter)
    page = client.get(url("compose"))

    response = client.post(url("compose"), {"agency": small.province.pk, "type": small.type.pk})

    assert page.status_code == 200
    paper = Dispatch.objects.get()
    assert response.url == url("draft", paper.pk)
    assert (paper.state, paper.drafter) == (State.DRAFT, small.drafter)


def test_one_who_writes_for_two_agencies_chooses():
    small = world()
    both = person("both", (small.province, Role.OFFICER), (small.home, Role.CLERK))

    page = client_of(both).get(url("compose"))

    assert str(small.province) in text_of(page)
    assert str(small.home) in text_of(page)


def test_a_draft_of_an_agency_where_one_does_not_write_is_refused():
    small = world()

    response = client_of(small.drafter).post(
        url("compose"), {"agency": small.home.pk, "type": small.type.pk}
    )

    assert response.status_code == 422
    assert not Dispatch.objects.exists()


def test_one_without_a_writing_post_does_not_begin():
    small = world()

    assert client_of(small.stranger).get(url("compose")).status_code == 403


# -- Strangers ------------------------------------------------------------------------------------

DRAFT_PAGES = ("draft", "sign", "send_back", "void", "issue")
DRAFT_ACTS = ("draft", "autosave", "attach", "submit", "discard", "replace", "number", *DRAFT_PAGES)


@pytest.mark.parametrize("name", DRAFT_PAGES)
def test_a_page_of_a_draft_is_the_same_404_for_a_stranger_as_one_that_is_not_there(name):
    small = world()
    paper = small.draft()
    client = client_of(small.home_clerk)

    answers = [client.get(url(name, pk)) for pk in (paper.pk, 999_999)]

    assert [each.status_code for each in answers] == [404, 404]
    there, nowhere = map(without_tokens, answers)
    assert there.replace(url(name, paper.pk), "") == nowhere.replace(url(name, 999_999), "")


@pytest.mark.parametrize("name", DRAFT_ACTS)
def test_an_act_on_a_draft_is_a_404_for_a_stranger(name):
    small = world()
    paper = small.draft()

    response = client_of(small.home_clerk).post(url(name, paper.pk), {"version": 1})

    assert response.status_code == 404
    paper.refresh_from_db()
    assert (paper.state, paper.edits) == (State.DRAFT, 1)


def test_a_stranger_detaches_nothing():
    small = world()
    paper = small.draft()

    assert client_of(small.home_clerk).post(url("detach", paper.pk, 1)).status_code == 404


def test_an_issued_paper_has_no_page_of_a_draft_for_its_recipient():
    small = world()
    paper = issued(small)

    response = client_of(small.home_clerk).get(url("draft", paper.pk))

    assert response.status_code == 403


# -- Saving -----------------------------------------------------------------------------------------


def test_what_the_page_holds_is_saved_as_it_stands_when_nothing_is_changed():
    small = world()
    paper = small.draft(
        due_at=at(7, 17),
        due_source=DueSource.SENDER,
        place="Tây Ninh",
        effective_on=date(2016, 7, 1),
    )
    before = lines_of(paper)
    client = client_of(small.drafter)

    response = client.post(url("draft", paper.pk), typed(opened(client, paper)))

    assert response.status_code == 302
    paper.refresh_from_db()
    assert paper.edits == 2
    assert (paper.due_at, paper.due_source) == (at(7, 17), DueSource.SENDER)
    assert (paper.place, paper.effective_on) == ("Tây Ninh", date(2016, 7, 1))
    assert paper.current_version.text == "Nội dung của kiểm tra công vụ./."
    assert lines_of(paper) == before


def test_an_incomplete_draft_is_saved():
    small = world()
    paper = small.draft()
    client = client_of(small.drafter)

    response = client.post(
        url("draft", paper.pk), typed(opened(client, paper), subject="", text="")
    )

    assert response.status_code == 302
    paper.refresh_from_db()
    assert paper.subject == ""


def test_line_breaks_of_the_text_do_not_depend_on_the_browser():
    small = world()
    paper = small.draft()
    client = client_of(small.drafter)

    client.post(
        url("draft", paper.pk), typed(opened(client, paper), text="  Điều 1\r\n\r\nĐiều 2\r\n")
    )

    assert paper.current_version.text == "  Điều 1\n\nĐiều 2\n"


def test_a_wrong_date_is_told_at_its_field_and_nothing_typed_is_lost():
    small = world()
    paper = small.draft()
    client = client_of(small.drafter)

    response = client.post(
        url("draft", paper.pk),
        typed(
            opened(client, paper),
            text="Chữ mới gõ",
            due_source=DueSource.PRINTED,
            due_on="31/02/2016",
            line__0__text="Dòng mới gõ",
        ),
    )

    assert response.status_code == 422
    assert 'id="id_due_on_error"' in text_of(response)
    again = typed(response)
    assert again["text"] == ["Chữ mới gõ"]
    assert again["due_on"] == ["31/02/2016"]
    assert again["line-0-text"] == ["Dòng mới gõ"]


@pytest.mark.parametrize(
    ("source", "day", "field"),
    [(DueSource.NONE, "07/06/2016", "due_source"), (DueSource.PRINTED, "", "due_on")],
)
def test_a_deadline_and_its_source_go_together(source, day, field):
    small = world()
    paper = small.draft()
    client = client_of(small.drafter)

    response = client.post(
        url("draft", paper.pk), typed(opened(client, paper), due_source=source, due_on=day)
    )

    assert response.status_code == 422
    assert f'id="id_{field}_error"' in text_of(response)


def test_a_deadline_without_an_hour_is_the_end_of_the_office_day():
    small = world()
    paper = small.draft()
    client = client_of(small.drafter)

    client.post(
        url("draft", paper.pk),
        typed(opened(client, paper), due_source=DueSource.PRINTED, due_on="07/06/2016"),
    )

    paper.refresh_from_db()
    assert paper.due_at == at(7, 17)


def test_the_deadline_of_the_house_rule_is_a_hint_and_is_not_filled_in():
    small = world()
    paper = small.draft()
    DeadlinePolicy.objects.create(
        agency=small.province,
        expectation=paper.expectation,
        urgency=paper.urgency,
        working_days=3,
        from_on=START,
    )
    client = client_of(small.drafter)

    page = opened(client, paper)

    assert "07/6/2016" in text_of(page)
    assert typed(page)["due_on"] == [""]
    assert typed(page)["due_source"] == [DueSource.NONE]


def test_the_archive_kind_follows_the_type():
    small = world()
    paper = small.draft()
    other = type(small.type).objects.exclude(archive_kind=paper.archive_kind)[0]
    client = client_of(small.drafter)

    client.post(url("draft", paper.pk), typed(opened(client, paper), type=str(other.pk)))

    paper.refresh_from_db()
    assert (paper.type, paper.archive_kind) == (other, other.archive_kind)


# -- Lines ------------------------------------------------------------------------------------------


def test_a_pasted_block_becomes_lines_as_printed():
    small = world()
    paper = small.draft(to=[small.home])
    client = client_of(small.drafter)

    response = client.post(
        url("draft", paper.pk),
        typed(
            opened(client, paper),
            paste="- Sở Tài chính;\r\n\r\n- Sở Không Có.\r\nNơi nhận:\r\n- Như trên;\r\n- Lưu: VT.",
            do="add_line",
        ),
    )

    assert response.status_code == 302
    assert lines_of(paper) == [
        ("Sở Nội vụ", "to", ["Sở Nội vụ"]),
        ("Sở Tài chính", "to", []),
        ("Sở Không Có", "to", []),
        ("Như trên", "copy", []),
        ("Lưu: VT", "archive", []),
    ]
    assert paper.lines.get(text_as_printed="Như trên").as_above


def test_what_a_line_may_stand_for_is_proposed_and_taken_only_when_accepted():
    small = world()
    paper = small.draft(lines=[lifecycle.LineDraft("Giám đốc Sở Nội vụ")])
    client = client_of(small.drafter)
    page = opened(client, paper)
    assert f'name="line-0-agencies" value="{small.home.pk}">' in text_of(page)
    client.post(url("draft", paper.pk), typed(page))
    assert lines_of(paper) == [("Giám đốc Sở Nội vụ", "to", [])]

    client.post(url("draft", paper.pk), typed(opened(client, paper), do="confirm"))

    assert lines_of(paper) == [("Giám đốc Sở Nội vụ", "to", ["Sở Nội vụ"])]


def test_a_name_with_one_meaning_is_added_without_javascript():
    small = world()
    paper = small.draft(to=[small.home])
    client = client_of(small.drafter)

    client.post(
        url("draft", paper.pk), typed(opened(client, paper), line__0__add="stc", do="add_line")
    )

    assert lines_of(paper) == [("Sở Nội vụ", "to", ["Sở Nội vụ", "Sở Tài chính"])]


def test_an_ambiguous_name_is_answered_with_choices_and_the_rest_is_saved():
    small = world()
    first = agency("UBND huyện Tân Biên", "UBND", kind=AgencyKind.DISTRICT)
    second = agency("UBND huyện Tân Châu", "UBND", kind=AgencyKind.DISTRICT)
    paper = small.draft(to=[small.home])
    client = client_of(small.drafter)

    response = client.post(
        url("draft", paper.pk),
        typed(opened(client, paper), line__0__add="tan", subject="mới", do="add_line"),
    )

    assert response.status_code == 422
    paper.refresh_from_db()
    assert paper.subject == "mới"
    page = text_of(response)
    for body in (first, second):
        assert f'name="line-0-agencies" value="{body.pk}">' in page
    assert '<a href="#id_line-0-add">' in page
    assert typed(response)["line-0-add"] == ["tan"]

    chosen = typed(response, line__0__agencies=[str(small.home.pk), str(second.pk)])
    client.post(url("draft", paper.pk), chosen | {"line-0-add": [""]})

    assert lines_of(paper) == [("Sở Nội vụ", "to", ["Sở Nội vụ", "UBND huyện Tân Châu"])]


def test_a_name_that_nobody_bears_is_told_and_stays_typed():
    small = world()
    paper = small.draft(to=[small.home])
    client = client_of(small.drafter)

    response = client.post(
        url("draft", paper.pk), typed(opened(client, paper), line__0__add="sở xyz")
    )

    assert response.status_code == 422
    assert "“sở xyz”" in text_of(response)


def test_a_line_is_removed_by_a_button():
    small = world()
    paper = small.draft()
    client = client_of(small.drafter)
    assert len(lines_of(paper)) == 2

    client.post(url("draft", paper.pk), typed(opened(client, paper), do="remove_line-0"))

    assert [text for text, _role, _agencies in lines_of(paper)] == ["Sở Tài chính"]


def test_a_list_of_another_agency_is_not_taken():
    small = world()
    foreign = DistributionList.objects.create(owner=small.home, name="Riêng", from_on=START)
    paper = small.draft(to=[small.home])
    client = client_of(small.drafter)

    client.post(
        url("draft", paper.pk), typed(opened(client, paper), line__0__lists=[str(foreign.pk)])
    )

    assert not paper.lines.get().lists.exists()


@pytest.mark.parametrize("key", ["0x1", "²", "9" * 30, "-1"])
def test_a_key_that_is_no_number_is_refused_at_its_line(key):
    small = world()
    paper = small.draft(to=[small.home])
    client = client_of(small.drafter)

    response = client.post(
        url("draft", paper.pk), typed(opened(client, paper), line__0__agencies=[key])
    )

    assert response.status_code == 422


def test_a_line_longer_than_the_column_is_refused_and_kept_on_the_page():
    small = world()
    paper = small.draft(to=[small.home])
    client = client_of(small.drafter)

    response = client.post(
        url("draft", paper.pk), typed(opened(client, paper), line__0__text="x" * 501)
    )

    assert response.status_code == 422
    assert typed(response)["line-0-text"] == ["x" * 501]


def test_a_pasted_line_longer_than_the_column_is_refused():
    small = world()
    paper = small.draft(to=[small.home])
    client = client_of(small.drafter)

    response = client.post(url("draft", paper.pk), typed(opened(client, paper), paste="x" * 501))

    assert response.status_code == 422
    assert 'id="id_paste_error"' in text_of(response)


def test_the_page_costs_the_same_with_one_line_and_with_five(django_assert_num_queries):
    small = world()
    client = client_of(small.drafter)
    one = small.draft(to=[small.home])
    five = small.draft(
        lines=[
            lifecycle.LineDraft(f"Dòng {n}", agencies=[small.home.pk, small.finance.pk])
            for n in range(5)
        ]
    )
    client.get(url("draft", one.pk))

    with django_assert_num_queries(_queries(client, one)):
        client.get(url("draft", five.pk))


def _queries(client: Client, paper: Dispatch) -> int:
    with CaptureQueriesContext(connection) as caught:
        client.get(url("draft", paper.pk))
    return len(caught)


# -- Suggestions --------------------------------------------------------------------------------------


def test_agencies_are_suggested_by_initials():
    small = world()

    response = client_of(small.drafter).get(
        url("addressees"), {"q": "snv", "row": "2", "agency": small.province.pk}
    )

    assert f'name="line-2-agencies" value="{small.home.pk}"' in text_of(response)


def test_what_is_checked_already_stays_checked_and_is_not_offered_again():
    small = world()

    response = client_of(small.drafter).get(
        url("addressees"), {"line-0-add": "so", "row": "0", "line-0-agencies": [small.home.pk]}
    )

    page = text_of(response)
    assert page.count(f'value="{small.home.pk}"') == 1
    assert f'value="{small.home.pk}" checked' in page
    assert f'value="{small.finance.pk}">' in page


def test_one_who_writes_nowhere_gets_no_suggestions():
    small = world()

    assert client_of(small.stranger).get(url("addressees"), {"q": "so"}).status_code == 403


# -- Citations --------------------------------------------------------------------------------------


def cite(client: Client, paper: Dispatch, code: str, kind: str = CitationKind.IMPLEMENTS, **more):
    page = opened(client, paper)
    return client.post(
        url("draft", paper.pk), typed(page, citation__0__code=code, citation__0__kind=kind, **more)
    )


def test_a_code_that_the_writer_may_read_is_tied_to_its_dispatch():
    small = world()
    old = issued(small)
    paper = small.draft()
    client = client_of(small.drafter)

    cite(client, paper, old.code)

    assert Citation.objects.get(dispatch=paper).target == old
    assert url("dispatch", old.pk) in text_of(opened(client, paper))


def test_a_code_of_a_paper_that_is_not_his_to_read_stays_text_and_tells_nothing():
    small = world()
    hidden = issued(small)
    paper = lifecycle.draft(
        agency=small.finance, type=small.type, by=small.finance_officer, at=at(2)
    )
    client = client_of(small.finance_officer)
    # The officer of Sở Tài chính does not read what reached its office only.
    assert client.get(url("dispatch", hidden.pk)).status_code == 404

    known = cite(client, paper, hidden.code)
    there = text_of(opened(client, paper)).replace(hidden.code, "CODE")
    paper.refresh_from_db()
    unknown = cite(client, paper, "9999/UBND-NC")
    elsewhere = text_of(opened(client, paper)).replace("9999/UBND-NC", "CODE")

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert Citation.objects.get(dispatch=paper).target is None
    assert there.count("CODE") == elsewhere.count("CODE")


def test_a_posted_target_that_is_not_his_to_read_is_not_kept():
    small = world()
    hidden = issued(small)
    paper = lifecycle.draft(
        agency=small.finance, type=small.type, by=small.finance_officer, at=at(2)
    )

    cite(client_of(small.finance_officer), paper, hidden.code, citation__0__target=str(hidden.pk))

    assert Citation.objects.get(dispatch=paper).target is None


def test_a_citation_is_removed_and_the_other_keeps_what_it_says():
    small = world()
    old = issued(small)
    paper = small.draft(
        citations=[
            lifecycle.drafting.CitationDraft(code="1/A"),
            lifecycle.drafting.CitationDraft(
                code=old.code, title="Tên", issued_on=old.issued_on, target=old.pk
            ),
        ]
    )
    client = client_of(small.drafter)

    client.post(url("draft", paper.pk), typed(opened(client, paper), do="remove_citation-0"))

    left = Citation.objects.get(dispatch=paper)
    assert (left.code, left.title, left.issued_on, left.target) == (
        old.code, "Tên", old.issued_on, old,
    )  # fmt: skip


def test_the_same_citation_twice_is_told_at_its_field():
    small = world()
    paper = small.draft(citations=[lifecycle.drafting.CitationDraft(code="1/A")])
    client = client_of(small.drafter)

    response = client.post(
        url("draft", paper.pk),
        typed(opened(client, paper), citation__1__code="1/A", citation__1__kind="cites"),
    )

    assert response.status_code == 422


# -- Two editors --------------------------------------------------------------------------------------


def test_saving_over_another_s_save_is_refused_and_both_versions_are_at_hand():
    small = world()
    paper = shared(small)
    mine, theirs = client_of(small.drafter), client_of(small.clerk)
    page, other = opened(mine, paper), opened(theirs, paper)
    theirs.post(url("draft", paper.pk), typed(other, text="Chữ của văn thư"))

    response = mine.post(url("draft", paper.pk), typed(page, text="Chữ của tôi"))

    assert response.status_code == 409
    assert paper.current_version.text == "Chữ của văn thư"
    assert typed(response)["text"] == ["Chữ của tôi"]
    paper.refresh_from_db()
    assert f"{small.clerk} đã lưu dự thảo này lúc {moment(paper.saved_at)}" in text_of(response)
    assert f'href="{url("draft", paper.pk)}?stored" target="_blank"' in text_of(response)
    plain = mine.post(url("draft", paper.pk), typed(response))
    assert plain.status_code == 409

    over = mine.post(url("draft", paper.pk), typed(response, over="2"))

    assert over.status_code == 302
    assert paper.current_version.text == "Chữ của tôi"


def test_saving_in_the_place_of_one_version_does_not_cover_a_third():
    small = world()
    paper = shared(small)
    mine, theirs = client_of(small.drafter), client_of(small.clerk)
    page = opened(mine, paper)
    theirs.post(url("draft", paper.pk), typed(opened(theirs, paper), text="thứ hai"))
    conflict = mine.post(url("draft", paper.pk), typed(page, text="của tôi"))
    assert conflict.status_code == 409
    theirs.post(url("draft", paper.pk), typed(opened(theirs, paper), text="thứ ba"))

    response = mine.post(url("draft", paper.pk), typed(conflict, over="2"))

    assert response.status_code == 409
    assert paper.current_version.text == "thứ ba"


# -- Autosave ---------------------------------------------------------------------------------------


def test_autosave_saves_and_answers_with_the_hour_and_the_count():
    small = world()
    paper = small.draft()
    client = client_of(small.drafter)

    response = client.post(url("autosave", paper.pk), typed(opened(client, paper), text="gõ dở"))

    assert response.status_code == 200
    assert response.json() == {"saved_at": "12:00", "edits": 2, "left_out": []}
    assert paper.current_version.text == "gõ dở"


def test_autosave_leaves_a_half_typed_day_out_and_saves_the_rest():
    small = world()
    paper = small.draft(due_at=at(7, 17), due_source=DueSource.SENDER)
    client = client_of(small.drafter)

    response = client.post(
        url("autosave", paper.pk), typed(opened(client, paper), text="gõ dở", due_on="08/0")
    )

    assert response.status_code == 200
    assert len(response.json()["left_out"]) == 1
    paper.refresh_from_db()
    assert (paper.due_at, paper.current_version.text) == (at(7, 17), "gõ dở")


def test_autosave_does_not_look_up_a_name_that_may_be_half_typed():
    small = world()
    paper = small.draft(to=[small.home])
    client = client_of(small.drafter)
    page = opened(client, paper)

    client.post(
        url("autosave", paper.pk),
        typed(page, line__0__add="stc", line__1__add="stc", paste="Sở Tài chính"),
    )

    assert lines_of(paper) == [("Sở Nội vụ", "to", ["Sở Nội vụ"])]


def test_autosave_over_another_s_save_answers_409_and_writes_nothing():
    small = world()
    paper = shared(small)
    mine, theirs = client_of(small.drafter), client_of(small.clerk)
    page = opened(mine, paper)
    theirs.post(url("draft", paper.pk), typed(opened(theirs, paper), text="của văn thư"))

    response = mine.post(url("autosave", paper.pk), typed(page, text="của tôi"))

    assert response.status_code == 409
    assert response.json()["message"]
    assert paper.current_version.text == "của văn thư"


def test_a_page_whose_autosave_was_not_answered_does_not_stand_in_its_own_way():
    small = world()
    paper = small.draft()
    client = client_of(small.drafter)
    page = opened(client, paper)
    client.post(url("autosave", paper.pk), typed(page, text="một"))

    again = client.post(url("autosave", paper.pk), typed(page, text="hai"))
    saved = client.post(url("draft", paper.pk), typed(page, text="ba"))

    assert (again.status_code, saved.status_code) == (200, 302)
    assert paper.current_version.text == "ba"


def test_two_pages_of_one_person_do_not_cover_each_other():
    small = world()
    paper = small.draft()
    client = client_of(small.drafter)
    first, second = opened(client, paper), opened(client, paper)
    client.post(url("autosave", paper.pk), typed(first, text="một"))

    response = client.post(url("autosave", paper.pk), typed(second, text="hai"))

    assert response.status_code == 409
    assert paper.current_version.text == "một"


def test_autosave_of_a_paper_that_left_its_drafter_answers_409():
    small = world()
    paper = small.draft()
    client = client_of(small.drafter)
    page = opened(client, paper)
    lifecycle.submit(dispatch=paper, by=small.drafter, at=at(2))

    response = client.post(url("autosave", paper.pk), typed(page))

    assert response.status_code == 409


def test_autosave_without_a_session_answers_401_and_is_not_sent_to_sign_in():
    small = world()
    paper = small.draft()

    response = Client().post(url("autosave", paper.pk), {"text": "x"})

    assert response.status_code == 401
    assert response.headers["Content-Type"] == "application/json"


def test_autosave_of_a_secret_text_keeps_nothing():
    small = world()
    paper = small.draft()
    client = client_of(small.drafter)

    response = client.post(
        url("autosave", paper.pk), typed(opened(client, paper), text="TUYỆT MẬT\nNội dung")
    )

    assert response.status_code == 422
    assert "TUYỆT" not in paper.current_version.text


# -- A session that ended -----------------------------------------------------------------------------


def signed_in_again(client: Client, user) -> Client:
    """Sign in as the form does: the session of before sign-in lives on, under another key."""
    request = HttpRequest()
    request.session = client.session
    login(request, user, "allauth.account.auth_backends.AuthenticationBackend")
    request.session.save()
    client.cookies["sessionid"] = request.session.session_key
    return client


def ended(client: Client) -> None:
    client.session.delete()


@pytest.mark.parametrize("name", ["draft", "submit", "attach"])
def test_what_was_typed_when_the_session_ended_is_back_after_signing_in(name):
    small = world()
    paper = small.draft()
    client = client_of(small.drafter)
    page = opened(client, paper)
    ended(client)

    response = client.post(
        url(name, paper.pk),
        typed(page, text="Một buổi sáng gõ chữ", line__0__text="Dòng", paste="- Sở Tài chính;"),
    )

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))
    assert url("draft", paper.pk) in response.url
    back = opened(signed_in_again(client, small.drafter), paper)
    again = typed(back)
    assert again["text"] == ["Một buổi sáng gõ chữ"]
    assert again["line-0-text"] == ["Dòng"]
    assert again["paste"] == ["- Sở Tài chính;"]
    assert paper.current_version.text != "Một buổi sáng gõ chữ"

    saved = client.post(url("draft", paper.pk), again)

    assert saved.status_code == 302
    assert paper.current_version.text == "Một buổi sáng gõ chữ"
    assert typed(opened(client, paper))["paste"] == [""]


def test_the_next_person_on_the_same_computer_does_not_get_what_was_typed():
    small = world()
    paper = shared(small)
    client = client_of(small.drafter)
    page = opened(client, paper)
    ended(client)
    client.post(url("draft", paper.pk), typed(page, text="Chữ của người trước"))

    back = opened(signed_in_again(client, small.clerk), paper)

    assert "Chữ của người trước" not in text_of(back)


def test_a_form_that_does_not_come_from_our_page_is_not_kept():
    small = world()
    paper = small.draft()
    client = Client()

    response = client.post(url("draft", paper.pk), {"text": "rác", "writer": "x"})

    assert response.status_code == 302
    assert "unsaved_draft" not in client.session


def test_a_secret_text_is_not_kept_for_later_either():
    small = world()
    paper = small.draft()
    client = client_of(small.drafter)
    page = opened(client, paper)
    ended(client)

    response = client.post(url("draft", paper.pk), typed(page, text="TUYỆT MẬT\nNội dung"))

    assert response.status_code == 422
    assert "unsaved_draft" not in client.session


def test_a_page_from_before_signing_in_anew_is_not_saved_but_its_words_come_back():
    small = world()
    paper = small.draft()
    client = Client(enforce_csrf_checks=True)
    client.force_login(small.drafter)
    page = opened(client, paper)
    client.cookies["csrftoken"] = "a" * 32  # signing in in another tab rotated it

    response = client.post(url("draft", paper.pk), typed(page, text="Chữ tôi đã gõ"))

    assert response.url == url("draft", paper.pk)
    assert paper.current_version.text != "Chữ tôi đã gõ"
    again = typed(opened(client, paper))
    assert again["text"] == ["Chữ tôi đã gõ"]
    assert client.post(url("draft", paper.pk), again).status_code == 302
    assert paper.current_version.text == "Chữ tôi đã gõ"


def test_a_forged_form_is_refused_as_everywhere():
    small = world()
    paper = shared(small)
    client = Client(enforce_csrf_checks=True)
    client.force_login(small.drafter)
    stolen = typed(opened(client_of(small.clerk), paper))["writer"]

    forged = [
        client.post(url("draft", paper.pk), {"text": "x"}),
        client.post(url("draft", paper.pk), {"text": "x", "writer": stolen}),
        client.post(url("submit", paper.pk)),
        client.post(url("detach", paper.pk, 1)),
    ]

    assert {each.status_code for each in forged} == {403}
    paper.refresh_from_db()
    assert (paper.edits, paper.state) == (1, State.DRAFT)


def test_one_who_is_not_signed_in_is_led_to_sign_in():
    small = world()
    paper = small.draft()

    response = Client().get(url("draft", paper.pk))

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


# -- Files --------------------------------------------------------------------------------------------


def upload(name: str, text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def test_files_are_attached_and_the_text_typed_beside_them_is_saved():
    small = world()
    paper = small.draft()
    client = client_of(small.drafter)
    fields = typed(opened(client, paper), text="kèm tệp", file_role="annex")

    response = client.post(
        url("attach", paper.pk),
        fields | {"files": [upload("a.txt", "một"), upload("b.txt", "hai")]},
    )

    assert response.status_code == 302
    version = paper.current_version
    assert version.text == "kèm tệp"
    assert [file.name for file in version.attachments.all()] == ["a.txt", "b.txt"]


def test_a_refused_file_is_told_at_its_field_and_the_rest_is_saved():
    small = world()
    paper = small.draft()
    client = client_of(small.drafter)
    fields = typed(opened(client, paper), text="kèm tệp")

    response = client.post(
        url("draft", paper.pk),
        fields | {"files": [upload("a.txt", "một"), upload("b.pdf", "MZ"), upload("c.txt", "")]},
    )

    assert response.status_code == 422
    page = text_of(response)
    assert 'id="id_files_error"' in page
    assert "b.pdf" in page
    assert "c.txt" in page
    version = paper.current_version
    assert version.text == "kèm tệp"
    assert [file.name for file in version.attachments.all()] == ["a.txt"]


def test_a_secret_file_is_refused_and_the_attempt_is_noted_without_it():
    small = world()
    paper = small.draft()
    client = client_of(small.drafter)
    entries = LedgerEntry.objects.count()

    response = client.post(
        url("draft", paper.pk),
        typed(opened(client, paper)) | {"files": [upload("kin.txt", "TỐI MẬT\n\nNội dung kín")]},
    )

    assert response.status_code == 422
    assert not paper.current_version.attachments.exists()
    assert LedgerEntry.objects.count() == entries + 1
    last = LedgerEntry.objects.order_by("seq").last()
    assert last.type == "paper.refused"
    assert b"kin.txt" not in bytes(last.entry_bytes)


def test_a_secret_text_is_refused_and_the_attempt_is_noted():
    small = world()
    paper = small.draft()
    client = client_of(small.drafter)

    response = client.post(
        url("draft", paper.pk), typed(opened(client, paper), text="TUYỆT MẬT\nNội dung")
    )

    assert response.status_code == 422
    assert 'id="id_text_error"' in text_of(response)
    assert "TUYỆT" not in paper.current_version.text
    assert LedgerEntry.objects.filter(type="paper.refused").count() == 1


def test_a_file_is_taken_off_and_the_text_typed_is_saved():
    small = world()
    paper = small.draft()
    client = client_of(small.drafter)
    client.post(
        url("attach", paper.pk), typed(opened(client, paper)) | {"files": [upload("a.txt", "một")]}
    )
    file = paper.current_version.attachments.get()

    client.post(url("detach", paper.pk, file.pk), typed(opened(client, paper), text="mới"))

    assert not paper.current_version.attachments.exists()
    assert paper.current_version.text == "mới"


# -- Leaving the drafter --------------------------------------------------------------------------------


def test_submitting_saves_what_is_typed_first():
    small = world()
    paper = small.draft()
    client = client_of(small.drafter)

    response = client.post(url("submit", paper.pk), typed(opened(client, paper), text="cuối cùng"))

    assert response.url == url("dispatch", paper.pk)
    paper.refresh_from_db()
    assert (paper.state, paper.current_version.text) == (State.SUBMITTED, "cuối cùng")


def test_everything_that_is_missing_is_told_at_once_at_its_field():
    small = world()
    paper = small.draft(to=[small.home])
    client = client_of(small.drafter)

    response = client.post(
        url("submit", paper.pk),
        typed(
            opened(client, paper),
            subject="",
            text="",
            field="",
            due_source=DueSource.PRINTED,
            due_on="01/06/2016",
            do="remove_line-0",
        ),
    )

    assert response.status_code == 422
    page = text_of(response)
    for name in ("subject", "text", "field", "due_on"):
        assert f'id="id_{name}_error"' in page
    assert '<a href="#lines">' in page
    paper.refresh_from_db()
    assert paper.state == State.DRAFT


def test_a_draft_is_not_submitted_while_a_typed_name_waits_for_a_choice():
    small = world()
    paper = small.draft(to=[small.home])
    client = client_of(small.drafter)

    response = client.post(url("submit", paper.pk), typed(opened(client, paper), line__0__add="sở"))

    assert response.status_code == 422
    paper.refresh_from_db()
    assert paper.state == State.DRAFT


def test_a_draft_is_withdrawn_by_its_drafter_and_by_nobody_else():
    small = world()
    paper = small.draft()
    paper.sent_back_reason = "sửa"
    paper.save()

    assert client_of(small.clerk).post(url("discard", paper.pk)).status_code == 403
    assert client_of(small.drafter).post(url("discard", paper.pk)).status_code == 302

    paper.refresh_from_db()
    assert paper.state == State.DISCARDED


# -- The list of drafts -----------------------------------------------------------------------------


def test_each_group_shows_its_papers_with_the_next_act():
    small = world()
    small.draft(subject="đang soạn")
    waiting = small.submitted(subject="chờ ký")
    signed = small.signed(subject="đã ký")
    back = lifecycle.send_back(
        dispatch=small.submitted(subject="trả lại"), reason="Sửa mục 2", by=small.leader, at=at(2)
    )

    def group(user, name):
        return text_of(client_of(user).get(url("drafts"), {"nhom": name}))

    assert "đang soạn" in group(small.drafter, "du-thao")
    assert "đang soạn" not in group(small.leader, "du-thao")
    assert url("sign", waiting.pk) in group(small.leader, "cho-ky")
    assert url("sign", waiting.pk) not in group(small.drafter, "cho-ky")
    assert url("issue", signed.pk) in group(small.clerk, "cho-so")
    assert "Sửa mục 2" in group(small.drafter, "tra-lai")
    assert url("draft", back.pk) in group(small.drafter, "tra-lai")
    assert "chờ ký" not in group(small.home_clerk, "cho-ky")


def test_the_list_costs_the_same_with_one_row_and_with_three(django_assert_num_queries):
    small = world()
    small.draft()
    client = client_of(small.drafter)
    client.get(url("drafts"))
    with CaptureQueriesContext(connection) as one:
        client.get(url("drafts"))
    small.draft()
    small.draft()

    with django_assert_num_queries(len(one)):
        client.get(url("drafts"))


# -- Replacing --------------------------------------------------------------------------------------


def test_a_replacement_takes_over_what_is_printed_but_no_text_and_cites_the_old_one():
    small = world()
    old = issued(small)
    client = client_of(small.clerk)

    response = client.post(url("replace", old.pk))

    new = Dispatch.objects.exclude(pk=old.pk).get()
    assert response.url == url("draft", new.pk)
    assert (new.type, new.field, new.subject) == (old.type, old.field, old.subject)
    assert new.current_version.text == ""
    assert lines_of(new) == lines_of(old)
    cited = new.citations.get()
    assert (cited.kind, cited.code, cited.target) == (CitationKind.REPLACES, old.code, old)
    # Saving the page as it stands keeps the tie to the old one.
    client.post(url("draft", new.pk), typed(opened(client, new)))
    assert new.citations.get().target == old


def test_a_recipient_does_not_begin_a_replacement():
    small = world()
    old = issued(small)

    response = client_of(small.home_clerk).post(url("replace", old.pk))

    assert response.status_code == 403
    assert Dispatch.objects.count() == 1


def test_a_draft_is_not_replaced():
    small = world()
    paper = small.draft()

    assert client_of(small.drafter).post(url("replace", paper.pk)).status_code == 409


def test_a_later_wave_is_not_taken_over_into_a_replacement():
    small = world()
    old = issued(small, to=[small.home])
    lifecycle.circulate(dispatch=old, agencies=[small.finance.pk], by=small.clerk, at=at(2))
    assert old.lines.count() == 2

    client_of(small.clerk).post(url("replace", old.pk))

    new = Dispatch.objects.exclude(pk=old.pk).get()
    assert [(text, role) for text, role, _agencies in lines_of(new)] == [("Sở Nội vụ", LineRole.TO)]
