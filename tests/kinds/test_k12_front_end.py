"""K12, as far as it shows without a browser: words beside colours, tables with heads, no script."""

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils import timezone

from documents import lifecycle
from tests.documents.factories import (
    acknowledged,
    at,
    client_of,
    issued,
    outside_paper,
    work,
    world,
)

pytestmark = pytest.mark.django_db


class Page(HTMLParser):
    """What a reader without colours, pointer or script has of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[dict[str, bool]] = []
        self.heads_without_scope = 0
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.inline: list[str] = []
        self.forms: list[dict[str, str | None]] = []
        self.outside: list[str] = []
        self._tag_depth = 0

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        self.handlers += [name for name in given if name.startswith("on")]
        if "style" in given:
            self.inline.append(tag)
        if tag == "script" and not given.get("src") and given.get("type") != "application/json":
            self.inline.append("script")
        for name in ("src", "href", "action"):
            if (given.get(name) or "").startswith(("http:", "https:", "//", "javascript:")):
                self.outside.append(given[name])
        if tag == "table":
            labelled = bool(given.get("aria-label") or given.get("aria-labelledby"))
            self.tables.append({"caption": labelled, "head": False})
        if tag == "caption" and self.tables:
            self.tables[-1]["caption"] = True
        if tag == "th":
            if self.tables:
                self.tables[-1]["head"] = True
            self.heads_without_scope += "scope" not in given
        if tag == "form":
            self.forms.append(given)
        if "tag" in classes:
            self.tags.append("")
            self._tag_depth = 1
        elif self._tag_depth:
            self._tag_depth += tag not in ("br", "img", "input", "use")

    def handle_endtag(self, tag):
        self._tag_depth = max(self._tag_depth - 1, 0)

    def handle_data(self, data):
        if self._tag_depth and self.tags:
            self.tags[-1] += data


def read(answer) -> Page:
    page = Page()
    page.feed(answer.content.decode())
    return page


def pages():
    """Every page of dispatches with rows in every state, and who looks at it."""
    small = world()
    late = issued(small, subject="muộn", moment=at(1))
    row = lifecycle.receive(circulation=small.at_home(late), by=small.home_clerk, at=at(1, 10))
    acknowledged(row, small.home_clerk, at(2))
    back = issued(small, subject="trả")
    lifecycle.return_to_sender(
        circulation=small.at_home(back), reason="Nhầm", suggested=None, by=small.home_clerk,
        at=at(2),
    )  # fmt: skip
    lifecycle.recall(dispatch=issued(small, subject="thu"), reason="Sai", by=small.leader, at=at(2))
    outside_paper(small)
    draft, submitted, signed = (
        small.draft(subject="một"), small.submitted(subject="hai"), small.signed(subject="ba"),
    )  # fmt: skip
    work(at(3))
    of = lambda name, *args: reverse(f"documents:{name}", args=args)  # noqa: E731
    return [
        (small.home_clerk, of("incoming")),
        (small.home_clerk, of("notices")),
        (small.home_clerk, of("dispatch", late.pk)),
        (small.home_clerk, of("assign", row.pk)),
        (small.home_clerk, of("register_outside")),
        (small.home_clerk, reverse("home") if _has("home") else of("incoming")),
        (small.clerk, of("outgoing")),
        (small.clerk, of("registers")),
        (small.clerk, of("track", late.pk)),
        (small.clerk, of("track", back.pk)),
        (small.clerk, of("track_print", late.pk)),
        (small.clerk, of("drafts")),
        (small.clerk, of("issue", signed.pk)),
        (small.clerk, of("update", late.pk)),
        (small.leader, of("recall", late.pk)),
        (small.leader, of("grant", late.pk)),
        (small.leader, of("sign", submitted.pk)),
        (small.drafter, of("draft", draft.pk)),
    ]


def _has(name: str) -> bool:
    from django.urls import NoReverseMatch  # noqa: PLC0415

    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


def test_every_page_speaks_in_words_heads_its_tables_and_works_without_script():
    tags, tables, forms = 0, 0, 0
    for user, address in pages():
        answer = client_of(user).get(address)
        assert answer.status_code == 200, address
        page = read(answer)
        assert [tag for tag in page.tags if not tag.strip()] == [], address
        assert [table for table in page.tables if not all(table.values())] == [], address
        assert (page.handlers, page.inline, page.outside) == ([], [], []), address
        for form in page.forms:
            assert form.get("method") or form.get("action") or "role" in form, address
        tags, tables, forms = (
            tags + len(page.tags), tables + len(page.tables), forms + len(page.forms),
        )  # fmt: skip
    assert min(tags, tables, forms) > 3  # there was something to look at


def test_every_head_of_a_column_or_row_says_its_scope():
    for user, address in pages():
        assert read(client_of(user).get(address)).heads_without_scope == 0, address


@pytest.mark.parametrize("view", ["incoming_print", "outgoing_print", "receipt"])
def test_what_is_printed_heads_its_columns_and_names_its_table(view):
    small = world()
    given = acknowledged(small.received(), small.home_clerk, at(3, 10))
    user = small.clerk if view == "outgoing_print" else small.home_clerk
    args = [given.code] if view == "receipt" else []

    for page in [read(client_of(user).get(reverse(f"documents:{view}", args=args)))]:
        assert page.tables
        assert all(all(table.values()) for table in page.tables)
        assert page.heads_without_scope == 0


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles"])
def test_times_are_vietnamese_whatever_zone_the_server_stands_in(zone, settings):
    small = world()
    paper = issued(small, moment=at(2, 0, 30), due_at=at(7, 0, 15), due_source="printed")
    row = lifecycle.receive(circulation=small.at_home(paper), by=small.home_clerk, at=at(3, 6, 45))
    acknowledged(row, small.home_clerk, at(3, 6, 50))

    settings.TIME_ZONE = zone
    with timezone.override(zone):
        page = client_of(small.home_clerk).get(reverse("documents:dispatch", args=[paper.pk]))
        matrix = client_of(small.clerk).get(reverse("documents:track", args=[paper.pk]))
        listed = client_of(small.home_clerk).get(reverse("documents:incoming"))

    for answer in (page, matrix):
        text = re.sub(r"\s+", " ", answer.content.decode())
        assert "06:45" in text or "6:45" in text, answer.request["PATH_INFO"]
        assert "03/6/2016" in text or "03/06/2016" in text
        assert "23:45" not in text  # the same moment in London's and California's day
    assert re.search(r"02/0?6", listed.content.decode())


def test_every_post_form_carries_its_token_and_a_button():
    for user, address in pages():
        body = client_of(user).get(address).content.decode()
        for form in re.findall(r"<form\b.*?</form>", body, re.S):
            if re.search(r'method="post"', form, re.I):
                assert "csrfmiddlewaretoken" in form, address
            assert re.search(r"<button|type=\"submit\"", form), address
