"""Who reads which page, and what the lists show."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction, Site

from agencies import clock
from home.models import (
    GuidanceIndexPage,
    GuidancePage,
    HomePage,
    NewsIndexPage,
    NewsPage,
)
from tests.home.world import SUBJECT, news, seen_by

TODAY = date(2016, 6, 6)


def guidance(slug: str = "cach-lam", **fields) -> GuidancePage:
    values = {"title": f"Cách {slug}", "topic": "Văn bản đến", "summary": "Tóm tắt"}
    page = GuidancePage(slug=slug, **values | fields)
    return GuidanceIndexPage.objects.get().add_child(instance=page)


@pytest.fixture
def reader(house) -> Client:
    client = Client()
    client.force_login(house.reader)
    return client


def test_the_tree_is_planted_once_with_vietnamese_titles(db):
    titles = [page.title for page in HomePage.objects.get().get_descendants(inclusive=True)]

    assert titles == ["Trang đầu", "Tin tức", "Hướng dẫn"]
    assert Site.objects.get().root_page.specific == HomePage.objects.get()
    assert NewsIndexPage.objects.get().url == "/tin-tuc/"
    assert GuidanceIndexPage.objects.get().url == "/huong-dan/"


def test_news_are_readable_to_everybody_who_signs_in(house):
    page = news(("paragraph", "<p>Cho mọi người</p>"))

    for who in (house.reader, house.outsider, house.editor, house.superuser):
        assert "Cho mọi người" in seen_by(who, page)


def test_a_page_has_one_first_heading_and_no_gap_below_it(house):
    seen = seen_by(house.reader, news(("heading", "Mục"), ("paragraph", "<p>Lời</p>")))

    assert seen.count("<h1") == 1
    assert seen.index("<h1") < seen.index("<h2>Mục")


@pytest.mark.parametrize("who", ["reader", "editor", "superuser"])
def test_a_draft_is_not_found(house, who):
    page = news(("paragraph", "<p>Nháp</p>"), live=False)
    client = Client()
    client.force_login(getattr(house, who))

    assert client.get(page.url).status_code == 404


def test_a_page_that_was_unpublished_is_not_found_and_not_listed(reader):
    page = news()
    assert reader.get(page.url).status_code == 200
    assert page.title in reader.get("/tin-tuc/").content.decode()

    page.unpublish()

    assert reader.get(page.url).status_code == 404
    assert page.title not in reader.get("/tin-tuc/").content.decode()


def test_the_changes_of_a_page_are_not_read_before_they_are_published(reader):
    page = news(("paragraph", "<p>Bản cũ</p>"))
    page.body = [("paragraph", "<p>Bản mới</p>")]
    page.save_revision()

    seen = reader.get(page.url).content.decode()

    assert "Bản cũ" in seen
    assert "Bản mới" not in seen


def test_what_hangs_below_a_withdrawn_list_is_withdrawn_with_it(reader):
    page = news()
    assert page in NewsPage.objects.readable(clock.now())

    NewsIndexPage.objects.get().unpublish()

    assert reader.get(page.url).status_code == 404
    assert page not in NewsPage.objects.readable(clock.now())


def test_a_page_past_its_end_is_withdrawn_before_any_job_ran(reader):
    page = news()
    assert reader.get(page.url).status_code == 200

    NewsPage.objects.filter(pk=page.pk).update(expire_at=clock.now() - timedelta(minutes=1))

    assert reader.get(page.url).status_code == 404
    assert page.title not in reader.get("/tin-tuc/").content.decode()


def test_a_page_in_a_private_section_is_neither_listed_nor_found(reader):
    page = news()
    assert page in NewsPage.objects.readable(clock.now())

    PageViewRestriction.objects.create(
        page=NewsIndexPage.objects.get(), restriction_type=PageViewRestriction.GROUPS
    )

    assert page not in NewsPage.objects.readable(clock.now())
    assert reader.get(page.url).status_code == 404


def test_news_are_listed_newest_first_25_a_page(reader):
    for number in range(27):
        page = news(slug=f"so-{number:02}")
        NewsPage.objects.filter(pk=page.pk).update(posted_on=TODAY + timedelta(days=number))

    first, second = (reader.get("/tin-tuc/", {"page": n}).content.decode() for n in (1, 2))

    assert first.count("<article") == 25
    assert first.index("Tin so-26") < first.index("Tin so-02")
    assert second.count("<article") == 2
    assert "Tin so-00" in second


@pytest.mark.parametrize("path", ["/tin-tuc/", "/huong-dan/"])
def test_a_list_costs_the_same_with_one_row_and_with_three(reader, path):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(path).status_code == 200
        return len(queries)

    news(slug="mot")
    guidance(slug="mot")
    cost()
    one = cost()
    for slug in ("hai", "ba"):
        news(slug=slug)
        guidance(slug=slug)

    assert cost() == one


@pytest.mark.parametrize(
    ("fields", "standing"),
    [
        ({"from_on": TODAY}, "in_force"),
        ({"from_on": TODAY + timedelta(days=1)}, "not_yet"),
        ({"from_on": TODAY - timedelta(days=9), "to_on": TODAY}, "in_force"),
        ({"from_on": TODAY - timedelta(days=9), "to_on": TODAY - timedelta(days=1)}, "ended"),
    ],
)
def test_guidance_stands_as_its_dates_say(db, fields, standing):
    assert GuidancePage(**fields).standing_on(TODAY) == standing


def test_replaced_guidance_leads_to_what_took_its_place(reader):
    new = guidance("moi")
    old = guidance("cu", replaced_by=new)

    seen = reader.get(old.url).content.decode()

    assert f'href="{new.url}"' in seen
    assert old not in GuidancePage.objects.in_force_on(clock.today())
    assert new in GuidancePage.objects.in_force_on(clock.today())


def test_replaced_guidance_does_not_name_a_draft(reader):
    new = guidance("moi")
    old = guidance("cu", replaced_by=new)
    assert new.title in reader.get(old.url).content.decode()

    new.unpublish()

    assert new.title not in reader.get(old.url).content.decode()


def test_the_front_door_shows_desk_news_and_guidance(reader):
    page, help_page = news(), guidance()

    seen = reader.get("/").content.decode()

    assert SUBJECT in seen
    assert seen.count("<h1") == 1
    assert seen.index("<h1") < seen.index(page.title) < seen.index(help_page.title)
    assert page.url in seen
    assert help_page.url in seen
