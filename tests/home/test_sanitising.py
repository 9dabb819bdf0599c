"""Rich text is cleaned on the way in and on the way out."""

import pytest
from django.db import connection
from django.test import Client

from home.blocks import ParagraphBlock
from home.models import NewsPage
from home.sanitising import SafeRichText, clean_stored
from tests.home.world import news, seen_by

HOSTILE = [
    "<p>an toàn<script>alert(1)</script></p>",
    '<p onclick="alert(1)">an toàn</p>',
    '<p>an toàn<img src="x" onerror="alert(1)"></p>',
    '<p>an toàn <a href="javascript:alert(1)">xem</a></p>',
    '<p>an toàn <a href="data:text/html,alert(1)">xem</a></p>',
    '<p style="background:url(//evil.test/alert(1))">an toàn</p>',
    '<p>an toàn<iframe src="https://evil.test/alert(1)"></iframe></p>',
    "<p>an toàn<svg/onload=alert(1)></p>",
    '<p>an toàn</p><embed embedtype="media" url="https://evil.test/alert(1)">',
]


@pytest.mark.parametrize("source", HOSTILE)
def test_saving_keeps_the_text_and_drops_what_acts(source):
    block = ParagraphBlock()

    stored = block.get_prep_value(block.to_python(source))

    assert "alert" in source
    assert "an toàn" in stored
    assert "alert" not in stored


@pytest.mark.parametrize("source", HOSTILE)
def test_showing_drops_what_acts_although_it_was_stored(source):
    shown = SafeRichText(source).__html__()

    assert "an toàn" in shown
    assert "alert" not in shown


def test_what_was_written_past_the_form_is_shown_clean(house):
    page = news(("paragraph", "<p>an toàn KENH</p>"))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE home_newspage SET body = REPLACE(CAST(body AS text), 'KENH', %s)"
            if connection.vendor == "sqlite"
            else "UPDATE home_newspage SET body = REPLACE(body::text, 'KENH', %s)::jsonb",
            ["<script>alert(1)</script>"],
        )
    assert "alert(1)" in NewsPage.objects.get(pk=page.pk).body[0].value.source

    seen = seen_by(house.reader, page)

    assert "an toàn" in seen
    assert "alert(1)" not in seen


def test_links_to_pages_survive_saving_and_become_addresses(house):
    target = news(slug="dich")
    source = f'<p data-block-key="ab1"><a linktype="page" id="{target.pk}">đích</a></p>'

    assert clean_stored(source) == source
    assert f'href="{target.url}"' in seen_by(house.reader, news(("paragraph", source)))


def test_plain_fields_are_escaped(house):
    hostile = "<script>alert(1)</script>"
    page = news(("heading", hostile), ("notice", {"kind": "note", "text": hostile}))

    seen = seen_by(house.reader, page)

    assert "<script>alert(1)" not in seen
    assert "&lt;script&gt;alert(1)" in seen


def test_no_answer_of_the_pages_allows_inline_scripts(house):
    client = Client()
    client.force_login(house.reader)

    policy = client.get(news().url).headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
