"""The web team at work in Wagtail's admin, and what the admin does not tell it."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import PageLogEntry, Revision
from wagtail.test.utils.form_data import (
    inline_formset,
    nested_form_data,
    rich_text,
    streamfield,
)

from home.models import HomePage, NewsIndexPage, NewsPage
from tests.home.world import CODE, SUBJECT, citing, news, seen_by


@pytest.fixture
def editor(house) -> Client:
    client = Client()
    client.force_login(house.editor)
    return client


def form(**changes):
    values = {
        "title": "Tin mới",
        "slug": "tin-moi",
        "posted_on": "06/06/2016",
        "summary": "Tóm tắt",
        "body": streamfield(
            [
                ("paragraph", rich_text("<p>Lời của ban biên tập</p>")),
                ("citation", {"code": f"Số: {CODE}", "year": ""}),
            ]
        ),
        "comments": inline_formset([]),
    }
    return nested_form_data(values | changes)


def create(editor: Client, **changes):
    parent = NewsIndexPage.objects.get()
    url = reverse("wagtailadmin_pages:add", args=["home", "newspage", parent.pk])
    return editor.post(url, form(**changes))


def test_an_editor_writes_and_publishes(house, editor):
    response = create(editor, **{"action-publish": "1"})

    page = NewsPage.objects.get(slug="tin-moi")
    assert response.status_code == 302
    assert page.live
    assert "Lời của ban biên tập" in seen_by(house.outsider, page)
    assert page.body[1].value["code"] == CODE
    assert SUBJECT in seen_by(house.reader, page)


def test_a_draft_that_an_editor_saved_is_not_read(house, editor):
    create(editor)

    page = NewsPage.objects.get(slug="tin-moi")
    client = Client()
    client.force_login(house.outsider)
    assert not page.live
    assert client.get(page.url).status_code == 404


def test_an_official_creates_nothing(house):
    client = Client()
    client.force_login(house.outsider)

    assert create(client, **{"action-publish": "1"}).status_code == 404
    assert not NewsPage.objects.exists()


def test_an_editor_makes_no_second_home_page(editor):
    parent = HomePage.objects.get().get_parent()
    url = reverse("wagtailadmin_pages:add", args=["home", "homepage", parent.pk])

    response = editor.get(url)

    assert response.status_code != 200
    assert HomePage.objects.count() == 1


def test_a_code_that_exists_and_one_that_does_not_are_taken_alike(house, editor):
    answers = []
    for slug, code in (("that", CODE), ("gia", "9876/UBND-NC")):
        body = streamfield([("citation", {"code": code, "year": ""})])
        answers.append(create(editor, slug=slug, body=body, **{"action-publish": "1"}).status_code)

    assert answers == [302, 302]


def test_a_code_without_a_slash_is_asked_for_again(house, editor):
    body = streamfield([("citation", {"code": "một năm không hai", "year": ""})])

    response = create(editor, body=body)

    assert response.status_code == 200
    assert not NewsPage.objects.exists()


def test_no_screen_of_the_admin_tells_an_editor_the_subject_of_a_cited_paper(house, editor):
    page = citing(CODE)
    page.save_revision(user=house.editor).publish()
    page.save_revision(user=house.editor)
    assert SUBJECT in seen_by(house.reader, page)
    first, second = Revision.objects.order_by("pk")
    screens = [
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_explore", args=[page.get_parent().pk]),
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        reverse("wagtailadmin_pages:history", args=[page.pk]),
        reverse("wagtailadmin_pages:usage", args=[page.pk]),
        reverse("wagtailadmin_pages:view_draft", args=[page.pk]),
        reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, first.pk, second.pk]),
        reverse("wagtailadmin_pages:revisions_view", args=[page.pk, first.pk]),
        reverse("wagtailadmin_pages:copy", args=[page.pk]),
        reverse("wagtailadmin_pages:move", args=[page.pk]),
        reverse("wagtailadmin_reports:aging_pages"),
        reverse("wagtailadmin_choose_page"),
    ]

    for url in screens:
        response = editor.get(url)
        assert response.status_code == 200, url
        seen = response.content.decode()
        assert SUBJECT not in seen, url
        assert f"/van-ban/{house.paper.pk}/" not in seen, url
    assert not [entry for entry in PageLogEntry.objects.all() if SUBJECT in str(entry.data)]


def test_a_preview_may_be_framed_by_the_admin_and_tells_what_its_editor_may_read(house, editor):
    page = citing(CODE)

    response = editor.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))

    seen = response.content.decode()
    assert CODE in seen
    assert SUBJECT not in seen
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_page_itself_may_be_framed_by_nobody(house):
    client = Client()
    client.force_login(house.reader)

    response = client.get(news().url)

    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("who", ["editor", "superuser"])
def test_the_admin_loads_nothing_from_another_host(house, who):
    client = Client()
    client.force_login(getattr(house, who))
    page = citing(CODE)
    urls = [
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_explore_root"),
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        reverse("wagtailadmin_reports:site_history"),
        reverse("wagtailimages:index"),
        reverse("wagtaildocs:index"),
    ]

    for url in urls:
        response = client.get(url, follow=True)
        assert response.status_code == 200, url
        seen = response.content.decode()
        for host in ("gravatar", "releases.wagtail.org", "//cdn"):
            assert host not in seen, (url, host)
        for attribute in ('src="http', 'src="//', 'action="http', 'rel="stylesheet" href="http'):
            assert attribute not in seen.replace("http://testserver", ""), url


def test_the_front_of_the_admin_leads_to_no_other_host(editor):
    seen = editor.get(reverse("wagtailadmin_home")).content.decode()

    assert reverse("wagtailadmin_explore_root") in seen
    assert "wagtail.org" not in seen


def test_the_menu_offers_neither_people_nor_groups_nor_embeds(house):
    client = Client()
    client.force_login(house.superuser)

    seen = client.get(reverse("wagtailadmin_home")).content.decode()
    editing = client.get(reverse("wagtailadmin_pages:edit", args=[news().pk])).content.decode()

    assert "/quan-tri/pages/" in seen
    for closed in ("/quan-tri/users/", "/quan-tri/groups/", "/quan-tri/workflows/"):
        assert closed not in seen
    assert "draftail" in editing.lower()
    assert "embeds" not in editing
