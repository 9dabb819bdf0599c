"""News and guidance in the archive: found by everybody who signs in, as long as they are live."""

from datetime import date, timedelta
from typing import Any

import pytest
from wagtail.models import Page, PageViewRestriction

from agencies import clock
from documents import access
from home.models import (
    GuidanceIndexPage,
    GuidancePage,
    GuidanceStanding,
    NewsIndexPage,
    NewsPage,
)
from search import archive, checking, marking
from search.engine import Engine
from tests.documents.world import person
from tests.search.house import drain

pytestmark = pytest.mark.django_db


def news(title: str, **values: Any) -> NewsPage:
    page = NewsPage(
        title=title, slug=f"tin-{NewsPage.objects.count()}", posted_on=date(2016, 6, 1),
        summary="Tóm tắt.", body=[("paragraph", "<p>Hệ thống <b>thoát nước</b></p>")], **values,
    )  # fmt: skip
    return NewsIndexPage.objects.get().add_child(instance=page)  # type: ignore[no-any-return]


def guidance(title: str, **values: Any) -> GuidancePage:
    page = GuidancePage(
        title=title, slug=f"hd-{GuidancePage.objects.count()}", topic="Văn thư", summary="S",
        **({"from_on": date(2016, 6, 1)} | values),
    )  # fmt: skip
    return GuidanceIndexPage.objects.get().add_child(instance=page)  # type: ignore[no-any-return]


def ask(user: Any, text: str) -> archive.Answer:
    return archive.ask(access.standing(user, at=clock.now()), text)


def titles(user: Any, text: str) -> list[str]:
    return [each.title for each in ask(user, text).found]


def test_everybody_who_signs_in_finds_a_live_page_by_its_words(engine: Engine) -> None:
    page = news("Thông báo nghỉ lễ")
    drain(engine)

    stranger = person("stranger")
    assert titles(stranger, "thoat nuoc") == ["Thông báo nghỉ lễ"]
    [shown] = ask(stranger, "nghỉ lễ").found
    assert (shown.kind, shown.kind_label, shown.url) == ("news", "Tin tức", page.get_url())
    assert titles(person("closed", is_active=False), "nghỉ lễ") == []


def test_a_page_is_gone_at_once_when_it_is_withdrawn(engine: Engine) -> None:
    page = news("Thông báo nghỉ lễ")
    stranger = person("stranger")
    drain(engine)
    assert ask(stranger, "nghỉ lễ").total == 1

    page.unpublish()

    assert ask(stranger, "nghỉ lễ").total == 0
    assert archive.suggest(access.standing(stranger, at=clock.now()), "thông b") == []
    drain(engine)
    assert not list(engine.stamps())


@pytest.mark.parametrize("how", ["unpublish", "restrict", "delete", "expire"])
def test_a_page_is_gone_at_once_with_what_it_hangs_below(engine: Engine, how: str) -> None:
    news("Thông báo nghỉ lễ")
    stranger = person("stranger")
    index = NewsIndexPage.objects.get()
    drain(engine)
    assert ask(stranger, "nghỉ lễ").total == 1

    if how == "unpublish":
        index.unpublish()
    elif how == "restrict":
        PageViewRestriction.objects.create(page=index, restriction_type="groups")
    elif how == "expire":
        index.expire_at = clock.now() - timedelta(minutes=1)
        index.save()
    else:
        index.delete()

    assert ask(stranger, "nghỉ lễ").total == 0
    assert archive.count(access.standing(stranger, at=clock.now()), "nghỉ lễ") == 0
    drain(engine)
    assert not list(engine.stamps())


def test_a_page_that_ended_by_the_clock_alone_is_not_shown_nor_counted(engine: Engine) -> None:
    page = news("Thông báo nghỉ lễ")
    news("Thông báo khác")
    stranger = person("stranger")
    drain(engine)
    assert ask(stranger, "thông báo").total == 2

    NewsPage.objects.filter(pk=page.pk).update(expire_at=clock.now() - timedelta(minutes=1))

    answer = ask(stranger, "thông báo")
    assert [each.title for each in answer.found] == ["Thông báo khác"]
    assert answer.total == 1


def test_guidance_says_where_it_stands_and_ranks_below_when_it_ended(engine: Engine) -> None:
    day = clock.today()
    guidance("Cách đánh số văn bản", to_on=day - timedelta(days=1))
    guidance("Cách đánh số văn bản", from_on=date(2016, 1, 1))
    drain(engine)

    shown = ask(person("stranger"), "đánh số").found

    assert [each.state for each in shown] == ["in_force", "ended"]
    assert shown[1].state_label == str(GuidanceStanding.ENDED.label)


def test_guidance_whose_last_day_has_gone_by_is_marked_by_the_calendar(engine: Engine) -> None:
    page = guidance("Cách đánh số văn bản")
    drain(engine)
    ended = clock.today() - timedelta(days=1)
    GuidancePage.objects.filter(pk=page.pk).update(to_on=ended)
    assert not checking.IndexState.objects.waiting().exists()

    marking.mark_what_turned()
    drain(engine)

    answer = ask(person("stranger"), "")
    assert [each.value for each in answer.facets[archive.Facet.STATE]] == ["ended"]


def test_pages_are_checked_like_papers(engine: Engine) -> None:
    page = news("Thông báo nghỉ lễ")
    drain(engine)
    Page.objects.filter(pk=page.pk).update(live=False)

    drift = checking.check(engine, at=clock.now())
    assert drift.extra == [f"news:{page.pk}"]
    checking.repair(engine, drift, at=clock.now())

    assert checking.check(engine, at=clock.now()).total == 0
