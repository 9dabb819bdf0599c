"""Whatever is typed, pasted, uploaded or sent twice: a clear answer, never a 500, nothing lost."""

import itertools
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from agencies import posts
from agencies.choices import Role
from agencies.models import Agency, User
from documents import lifecycle
from documents.choices import ReceiptKind, State
from documents.models import (
    Attachment,
    Circulation,
    Dispatch,
    Grant,
    Receipt,
    Register,
    RegisterEntry,
)
from intranet.routes import declaration
from tests.documents.factories import acknowledged, at, client_of, issued, world
from tests.documents.files.samples import pdf
from tests.documents.typed import typed
from tests.nets.world import Roles, own_routes

pytestmark = pytest.mark.django_db

NUL = "\x00"
HUGE = "9" * 30
LONG = "công vụ " * 1_250
EMOJI = "\N{GRINNING FACE}\U0001f1fb\U0001f1f3"
#: Each of these broke some list or form of some system once.
JUNK = (
    NUL, f"a{NUL}b", HUGE, f"-{HUGE}", "0", "-1", "1.5", "²", "٣", "abc", LONG, EMOJI,
    "'; DROP TABLE--", "%00", "{{7*7}}", "<script>", "\u202e", "\ud7ff\uffff", "31/02/2016",
    "31/12/9999", "00/13/2016", "2016", " ", "../../x",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _noon_of_3_june(monkeypatch: pytest.MonkeyPatch, settings, tmp_path) -> None:
    monkeypatch.setattr("agencies.clock.now", lambda: at(3, 12))
    settings.FILES_DIR = tmp_path / "files"


def url(name: str, *args: object) -> str:
    return reverse(f"documents:{name}", args=args)


def text_of(response) -> str:
    return response.content.decode()


def saved(browser: Client, paper: Dispatch, **changes: object):
    """Press save on the draft's page, with these changes of what it shows."""
    page = browser.get(url("draft", paper.pk))
    return browser.post(url("draft", paper.pk), typed(page, **changes))


# -- Files ------------------------------------------------------------------------------------


def uploaded(paper: Dispatch, user: User, name: str, content: bytes):
    browser = client_of(user)
    fields = typed(browser.get(url("draft", paper.pk)), subject="giữ lại dòng này")
    fields["files"] = [SimpleUploadedFile(name, content, "application/pdf")]
    return browser.post(url("attach", paper.pk), fields)


def test_a_sound_file_is_attached_so_that_the_refusals_below_mean_something():
    small = world()
    paper = small.draft()

    answer = uploaded(paper, small.drafter, "Phụ lục đính kèm.pdf", pdf())

    assert answer.status_code == 302
    assert Attachment.objects.get().name == "Phụ lục đính kèm.pdf"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rong.pdf", b""),
        ("anh.pdf", b"\x89PNG\r\n\x1a\n" + b"0" * 64),
        ("chuong-trinh.exe", b"MZ" + b"0" * 64),
        ("trang.html", b"<script>alert(1)</script>"),
        (".pdf", pdf()),
    ],
    ids=["zero bytes", "mislabelled", "program", "page", "no name"],
)
def test_a_file_that_is_not_taken_is_explained_and_what_was_typed_stays(name, content):
    small = world()
    paper = small.draft()

    answer = uploaded(paper, small.drafter, name, content)

    paper.refresh_from_db()
    assert answer.status_code == 422
    assert 'lang="vi"' in text_of(answer)
    assert not Attachment.objects.exists()
    assert paper.subject == "giữ lại dòng này"


def test_a_file_over_the_limit_is_refused_and_what_was_typed_stays(settings):
    small = world()
    paper = small.draft()
    content = pdf()
    settings.MAX_FILE_BYTES = len(content)
    assert uploaded(paper, small.drafter, "vua-du.pdf", content).status_code == 302

    settings.MAX_FILE_BYTES = len(content) - 1
    answer = uploaded(paper, small.drafter, "qua-lon.pdf", content)

    assert answer.status_code == 422
    assert [each.name for each in Attachment.objects.all()] == ["vua-du.pdf"]


def test_a_name_that_is_a_path_keeps_its_last_part_only():
    small = world()
    paper = small.draft()

    answer = uploaded(paper, small.drafter, r"..\..\C:\bí mật\Đề án.pdf", pdf())

    assert answer.status_code == 302
    assert Attachment.objects.get().name == "Đề án.pdf"


@pytest.mark.parametrize("name", ["fdp\u202egnp.exe.pdf", "a\x00b.pdf", "a\tb.pdf"])
def test_no_invisible_sign_of_a_name_is_kept(name):
    small = world()
    paper = small.draft()

    answer = uploaded(paper, small.drafter, name, pdf())

    assert answer.status_code in (302, 422)
    for row in Attachment.objects.all():
        assert row.name.isprintable()
        assert row.name.endswith(".pdf")


# -- Days -------------------------------------------------------------------------------------

NO_DAYS = ["31/02/2016", "00/13/2016", "29/02/2015", "2016", "31/04/2016", "1/1/16", HUGE, NUL]


def test_a_day_that_does_not_exist_is_refused_at_its_field_and_nothing_is_lost():
    small = world()
    paper = small.draft()
    browser = client_of(small.drafter)
    good = {"due_source": "sender", "due_time": "", "subject": "không được mất"}

    for day in NO_DAYS:
        answer = saved(browser, paper, **good, due_on=day)
        paper.refresh_from_db()
        assert answer.status_code == 422, day
        assert "không được mất" in text_of(answer)
        assert paper.due_at is None
    assert saved(browser, paper, **good, due_on="07/06/2016").status_code == 302


def test_a_day_that_does_not_exist_narrows_no_list_and_is_no_error_page():
    small = world()
    issued(small)

    for user, name in ((small.home_clerk, "incoming"), (small.clerk, "outgoing")):
        browser = client_of(user)
        for field, day in itertools.product(("from_on", "to_on"), NO_DAYS):
            answer = browser.get(url(name), {field: day})
            assert answer.status_code == 200
            assert len(answer.context["page"].object_list) == 1


@pytest.mark.parametrize("day", ["01/01/0001", "31/12/9999"])
def test_lists_narrowed_to_the_first_and_the_last_day_of_the_calendar_are_answered(day):
    small = world()
    issued(small)

    for user, name in ((small.home_clerk, "incoming"), (small.clerk, "outgoing")):
        for field in ("from_on", "to_on"):
            assert client_of(user).get(url(name), {field: day}).status_code == 200


@pytest.mark.parametrize("day", ["01/01/0001", "31/12/9999"])
def test_a_draft_with_a_deadline_on_the_first_or_the_last_day_is_answered(day):
    small = world()
    paper = small.draft()
    browser = client_of(small.drafter)

    answer = saved(browser, paper, due_source="sender", due_on=day, due_time="")

    assert answer.status_code in (302, 422)
    assert browser.get(url("draft", paper.pk)).status_code == 200


@pytest.mark.parametrize("day", ["01/01/0001", "31/12/9999"])
def test_an_assignment_with_a_deadline_on_the_first_or_the_last_day_is_answered(day):
    small = world()
    row = small.received()
    values = {"assignee": small.home_officer.pk, "role": "lead", "due_at": f"00:00 {day}"}

    answer = client_of(small.home_clerk).post(url("assign", row.pk), values)

    assert answer.status_code in (302, 422)
    page = client_of(small.home_clerk).get(url("dispatch", row.dispatch_id))
    assert page.status_code == 200


# -- Addresses, pages, filters ------------------------------------------------------------------


def test_a_page_that_is_not_there_shows_one_that_is():
    small = world()
    paper = issued(small)

    for user, address in (
        (small.home_clerk, url("incoming")),
        (small.home_clerk, url("notices")),
        (small.clerk, url("outgoing")),
        (small.clerk, url("drafts")),
        (small.clerk, url("track", paper.pk)),
        (small.clerk, reverse("agencies:directory")),
    ):
        browser = client_of(user)
        for page in (10**6, "abc", -1, 0, HUGE, NUL, "²", ""):
            assert browser.get(address, {"page": page}).status_code == 200, (address, page)


@pytest.mark.parametrize("pk", [HUGE, 2**63, 2**31, 0])
def test_an_id_of_any_length_is_the_same_404(pk):
    small = world()
    issued(small)

    for user in (small.clerk, small.home_clerk):
        for name in ("dispatch", "draft", "track", "recall", "issue", "sign", "grant"):
            assert client_of(user).get(url(name, pk)).status_code == 404
        for name in ("return", "assign"):
            assert client_of(user).get(url(name, pk)).status_code == 404
        assert client_of(user).get(url("file", pk, pk)).status_code == 404


@pytest.mark.parametrize("code", ["%00", "BN-0%00", "x" * 3000, EMOJI, "BN-1502-2016-%F0%9F"])
def test_a_receipt_code_of_any_kind_is_a_404(code):
    small = world()
    acknowledged(small.received(), small.home_clerk, at(3, 10))

    assert client_of(small.home_clerk).get(f"/phieu/{code}/").status_code == 404


def test_no_filter_of_any_list_stumbles_over_junk(archive):
    small = world()
    paper = issued(small)
    names = ("words", "q", "state", "agency", "register", "status", "recipient", "name", "line",
             "stopped", "order", "page", "nhom", "row", "line-0-agencies", "stored")  # fmt: skip
    browser, home = client_of(small.clerk), client_of(small.home_clerk)
    person_of_two = small.home_officer
    small.finance.posts.create(user=person_of_two, role=Role.CLERK, from_on=date(2016, 1, 1))

    lists = (
        (browser, url("outgoing")),
        (browser, url("track", paper.pk)),
        (browser, url("drafts")),
        (browser, url("addressees")),
        (client_of(person_of_two), url("incoming")),
        (home, url("notices")),
        (home, reverse("agencies:directory")),
        (home, "/tim/"),
    )
    # What prints and exports narrows by the same form as the page.
    others = (
        (browser, url("outgoing_print")),
        (browser, url("outgoing_xlsx")),
        (browser, url("track_xlsx", paper.pk)),
        (browser, url("track_print", paper.pk)),
        (home, url("incoming_print")),
        (home, url("incoming_xlsx")),
    )

    for who, address, junks in (
        *((*each, JUNK) for each in lists),
        *((*each, (NUL, HUGE)) for each in others),
    ):
        for junk in junks:
            answer = who.get(address, dict.fromkeys(names, junk))
            assert answer.status_code in (200, 404), (address, junk)


def test_a_filter_value_that_nobody_knows_is_ignored():
    small = world()
    paper = issued(small)

    for user, address in (
        (small.home_clerk, url("incoming")),
        (small.clerk, url("track", paper.pk)),
    ):
        known = client_of(user).get(address, {"state": "returned"} if "/di/" in address else
                                    {"state": "ended"})  # fmt: skip
        unknown = client_of(user).get(address, {"state": "khong-co"})
        assert len(known.context["page"].object_list) == 0
        assert len(unknown.context["page"].object_list) > 0


# -- Numbers and addressees ----------------------------------------------------------------------


def test_a_first_number_below_one_already_given_is_refused_with_the_number():
    small = world()
    issued(small)
    register = Register.objects.get(agency=small.province, kind="outgoing")
    values = {"agency": small.province.pk, "name": register.name, "kind": "outgoing",
              "year": 2016, "opening_number": 7}  # fmt: skip

    answer = client_of(small.clerk).post(url("registers"), values)

    register.refresh_from_db()
    assert answer.status_code == 422
    assert "1502" in text_of(answer)
    assert (register.opening_number, register.last_number) == (1502, 1502)


@pytest.mark.parametrize("number", ["0", "-3", HUGE, "1.5", "abc", NUL, "²"])
def test_a_first_number_that_is_none_opens_no_register(number):
    small = world()
    before = Register.objects.count()
    values = {"agency": small.province.pk, "name": "Sổ mới", "kind": "outgoing",
              "year": 2016, "opening_number": number}  # fmt: skip

    answer = client_of(small.clerk).post(url("registers"), values)

    assert answer.status_code == 422
    assert Register.objects.count() == before


def test_an_addressee_that_ended_after_signing_stops_the_issue_and_draws_no_number():
    small = world()
    paper = small.signed()
    browser = client_of(small.clerk)
    fields = {"version": paper.current_version.no}
    Agency.objects.filter(pk=small.home.pk).update(to_on=date(2016, 6, 2))

    answer = browser.post(url("issue", paper.pk), fields)

    paper.refresh_from_db()
    assert answer.status_code == 422
    assert str(small.home) in text_of(answer)
    assert (paper.state, RegisterEntry.objects.count()) == (State.SIGNED, 0)


# -- Twice ------------------------------------------------------------------------------------


def test_issuing_twice_gives_one_number_and_one_circulation_an_agency():
    small = world()
    paper = small.signed()
    browser = client_of(small.clerk)
    fields = {"version": paper.current_version.no}

    first = browser.post(url("issue", paper.pk), fields)
    second = browser.post(url("issue", paper.pk), fields)

    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert RegisterEntry.objects.count() == 1
    assert Circulation.objects.filter(dispatch=paper).count() == 2


def test_acknowledging_twice_leads_to_the_same_receipt():
    small = world()
    row = small.received()
    version = row.dispatch.current_version
    fields = {"version": version.no, "digest": version.digest}
    browser = client_of(small.home_clerk)

    answers = [browser.post(url("acknowledge", row.pk), fields) for _ in range(2)]

    assert answers[0]["Location"] == answers[1]["Location"]
    assert Receipt.objects.filter(kind=ReceiptKind.ACKNOWLEDGED).count() == 1


# -- The end of a session ------------------------------------------------------------------------


def test_words_sent_after_the_session_ended_are_there_after_signing_in_again():
    small = world()
    paper = small.draft()
    browser = client_of(small.drafter)
    fields = typed(browser.get(url("draft", paper.pk)), subject="viết cả buổi sáng")
    browser.session.flush()

    answer = browser.post(url("draft", paper.pk), fields)
    browser.force_login(small.drafter)
    page = browser.get(url("draft", paper.pk))

    assert answer.status_code == 302
    assert "viết cả buổi sáng" in text_of(page)


def test_words_kept_after_a_session_are_not_shown_to_the_next_user_of_the_computer():
    small = world()
    paper = lifecycle.send_back(
        dispatch=small.submitted(), reason="Sửa lại", by=small.leader, at=at(2)
    )
    browser = client_of(small.drafter)
    fields = typed(browser.get(url("draft", paper.pk)), subject="chỉ của người soạn")
    browser.session.flush()
    browser.post(url("draft", paper.pk), fields)

    browser.force_login(small.clerk)
    page = browser.get(url("draft", paper.pk))

    assert page.status_code == 200
    assert "chỉ của người soạn" not in text_of(page)


# -- More than a form holds ----------------------------------------------------------------------


def test_a_cause_longer_than_its_column_is_said_and_not_an_error_page():
    small = world()
    paper = issued(small)
    cause = "phối hợp " * 200

    answer = client_of(small.head).post(
        url("grant", paper.pk), {"person": "stranger", "cause": cause, "to_on": ""}
    )

    assert answer.status_code in (302, 422)
    if answer.status_code == 302:
        assert Grant.objects.get().cause == cause.strip()


def test_a_number_and_symbol_longer_than_its_column_is_said_and_not_an_error_page():
    small = world()
    values = {"agency": small.home.pk, "issuer": "Bộ Nội vụ", "type": small.type.pk,
              "code": "1/" + "Đ" * 78, "issued_on": "01/06/2016", "subject": "thử",
              "urgency": "ordinary", "text": "nội dung"}  # fmt: skip

    answer = client_of(small.home_clerk).post(url("register_outside"), values)

    assert answer.status_code in (302, 422)
    if answer.status_code == 302:
        assert Dispatch.objects.get().code == values["code"]


def test_a_post_over_the_limit_of_the_server_is_a_plain_refusal(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100_000
    small = world()
    row = small.received()
    browser = Client(raise_request_exception=False)
    browser.force_login(small.home_clerk)

    answer = browser.post(url("return", row.pk), {"reason": "x" * 200_000})

    row.refresh_from_db()
    assert answer.status_code in (400, 413)
    assert row.state == "received"


def test_a_paste_of_more_lines_than_the_page_holds_can_still_be_saved_afterwards():
    small = world()
    paper = small.draft(lines=[lifecycle.LineDraft("Kính gửi", agencies=[small.home.pk])])
    browser = client_of(small.drafter)
    block = "\n".join(f"Trường Tiểu học số {number}" for number in range(200))

    saved(browser, paper, paste=block)
    answer = saved(browser, paper, subject="vẫn lưu được")

    paper.refresh_from_db()
    assert answer.status_code == 302
    assert paper.subject == "vẫn lưu được"


# -- Junk to every form --------------------------------------------------------------------------

#: Who is entitled, in the order in which they are tried.
_PREFERRED = ("sender_clerk", "sender_leader", "recipient_clerk", "drafter", "administrator")
_PAPER_OF = {
    "draft": "draft", "autosave": "draft", "attach": "draft", "detach": "draft",
    "submit": "draft", "discard": "draft", "sign": "submitted", "send_back": "submitted",
    "number": "signed", "issue": "signed", "void": "numbered",
}  # fmt: skip
_AGENCY_ID_OF = {"deactivate": "person", "reactivate": "person", "end_post": "post",
                 "appoint": "post", "end_mandate": "mandate"}  # fmt: skip
#: Every name that a field of some form of the house bears, and what forms of rows need.
_FIELDS = (
    "reason", "suggested", "assignee", "role", "due_at", "note", "answer", "version", "digest",
    "notice", "until", "next", "only", "agencies", "lists", "tone", "person", "agency", "cause",
    "to_on", "from_on", "name", "kind", "year", "opening_number", "types", "issuer", "type",
    "code", "issued_on", "subject", "urgency", "signer", "signer_title", "place", "text", "twin",
    "capacity", "signer_as_printed", "seen_edits", "field", "expectation", "due_source", "due_on",
    "due_time", "audience", "effective_on", "circulation_note", "paste", "file_role", "do", "over",
    "writer", "circulation", "user", "username", "first_name", "last_name", "email", "title",
    "deputy", "scope", "basis", "line-TOTAL_FORMS", "line-INITIAL_FORMS", "line-0-text",
    "line-0-role", "line-0-tone", "line-0-agencies", "line-0-lists", "line-0-add",
    "citation-TOTAL_FORMS", "citation-INITIAL_FORMS", "citation-0-kind", "citation-0-code",
    "citation-0-issued_on", "citation-0-target", "citation-0-title", "default_audience",
)  # fmt: skip


def _forms() -> list:
    own = [each for each in own_routes() if each.name.startswith(("documents:", "agencies:"))]
    return [each for each in own if "POST" in declaration(each).methods]


def _posts_of(world_: Roles, route) -> tuple[str, str]:
    """Return the address and the role that may post there."""
    declared = declaration(route)
    role = next((each for each in _PREFERRED if each in declared.roles), None)
    app, _colon, name = route.name.partition(":")
    made = world_.made
    pk = made.papers[_PAPER_OF.get(name, "issued")]
    if app == "agencies":
        pk = made.ids.get(_AGENCY_ID_OF.get(name, ""), pk)
    world_.values = world_.values | {
        "pk": [pk],
        "circulation": [made.ids["circulation"]],
        "attachment": [1],
    }
    return next(world_.addresses(route, sample=True)), role or "sender_clerk"


def _page_fields(browser: Client, address: str) -> dict[str, list[str]]:
    """What the page's own form would send, where the address shows one."""
    answer = browser.get(address)
    if answer.status_code != 200:
        return {}
    try:
        return typed(answer, address) or {}
    except AssertionError:
        try:
            return typed(answer)
        except AssertionError:
            return {}


def _posts(everybody: Roles) -> Iterator[tuple[Callable[..., None], dict[str, list[str]]]]:
    """Yield, for each form of the house, how who is entitled posts it, and what its page would send.

    Posting asserts that the answer is no error page, and is rolled back again.
    """
    for route in _forms():
        address, role = _posts_of(everybody, route)
        browser = everybody.browser(role)
        fields = _page_fields(browser, address)
        fields.pop("csrfmiddlewaretoken", None)

        def post(values: dict[str, object], browser=browser, address=address) -> None:
            # Not `atomic`: a view asserts that no transaction is open around its verb.
            before = transaction.savepoint()
            assert browser.post(address, values).status_code < 500, (address, values)
            transaction.savepoint_rollback(before)

        yield post, fields


@pytest.mark.slow
def test_no_form_of_the_house_answers_junk_with_an_error_page():
    kinds = itertools.cycle((HUGE, "²", NUL, LONG, "-1"))
    tried: set[str] = set()
    for post, good in _posts(Roles()):
        # One kind a form, by turns.
        post(dict.fromkeys(_FIELDS, next(kinds)))
        # Each field once in the house, the rest as its page would send it.
        for name in [each for each in good if each not in tried]:
            post(good | {name: [next(kinds)]})
        tried |= good.keys()


@pytest.mark.prove
def test_no_field_of_any_form_answers_any_junk_with_an_error_page():
    for post, good in _posts(Roles()):
        for junk in JUNK:
            post(dict.fromkeys(_FIELDS, junk))
        for name, junk in itertools.product(good, JUNK):
            post(good | {name: [junk]})


def test_the_junk_reached_forms_that_answer_their_entitled_role():
    everybody = Roles()

    answered = {}
    for route in _forms():
        address, role = _posts_of(everybody, route)
        answered[route.name] = everybody.browser(role).get(address).status_code

    assert sum(status == 200 for status in answered.values()) >= 10, answered


def test_the_deactivated_are_told_to_sign_in_and_nothing_else():
    small = world()
    row = small.received()
    browser = client_of(small.home_clerk)
    posts.deactivate(user=small.home_clerk, by=None, at=at(3))

    answer = browser.post(url("return", row.pk), {"reason": "x"})

    row.refresh_from_db()
    assert answer.status_code == 302
    assert row.state == "received"
