"""Saved searches: kept once, told of on the desk, and never of what their owner may not read."""

from datetime import datetime, timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse

from agencies.refusals import Refused
from documents import access, lifecycle
from search import saved
from search.asked import Asked
from search.engine import Engine, EngineDown
from search.models import SavedSearch
from tests.documents.factories import at, client_of, issued, outside_paper, world
from tests.documents.world import World
from tests.search.house import drain

pytestmark = pytest.mark.django_db

NOON = at(3, 12)


@pytest.fixture(autouse=True)
def _noon_of_3_june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agencies.clock.now", lambda: NOON)


def keep(user, query: str = "q=kiem+tra", name: str = "Kiểm tra", moment: datetime = NOON):
    asked = Asked(QueryDict(query), agencies=[])
    return saved.save(owner=user, name=name, asked=asked, at=moment)


def news(user, moment: datetime = NOON) -> list[str]:
    return [key for alert in saved.alerts(access.standing(user, at=moment)) for key in alert.fresh]


def look(moment: datetime) -> None:
    while saved.watch(moment):
        pass


def page(user, name: str = "home", *args):
    return client_of(user).get(reverse(name, args=args)).content.decode()


# -- Keeping -------------------------------------------------------------------------------------


def test_a_search_is_kept_from_its_page_under_its_words_and_found_again(engine: Engine) -> None:
    small = world()
    issued(small)
    drain(engine)
    browser = client_of(small.home_clerk)
    shown = browser.get(reverse("search"), {"q": "kiểm tra", "year": "2016", "page": "1"})
    assert 'value="q=ki%E1%BB%83m+tra&amp;year=2016"' in shown.content.decode()

    answer = browser.post(
        reverse("searches"), {"name": " Của  tôi ", "query": "q=ki%E1%BB%83m+tra&year=2016"}
    )

    kept = SavedSearch.objects.get()
    assert (kept.owner, kept.name) == (small.home_clerk, "Của tôi")
    assert answer["Location"] == f"{reverse('search')}?{kept.query}&saved={kept.pk}"
    assert browser.get(answer["Location"]).status_code == 200
    assert "Của tôi" in page(small.home_clerk, "searches")
    assert "Của tôi" not in page(small.finance_clerk, "searches")


@pytest.mark.parametrize(
    ("name", "query"),
    [("", "q=x"), ("x" * 81, "q=x"), ("Tên", ""), ("Tên", "page=3"), ("Tên", "q=" + "x" * 1001),
     ("Kiểm tra", "q=x"), ("Tên khác", "q=kiem+tra&page=2"), ("\x00", "q=\x00")],
)  # fmt: skip
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(name: str, query: str) -> None:
    small = world()
    keep(small.home_clerk)

    answer = client_of(small.home_clerk).post(reverse("searches"), {"name": name, "query": query})

    assert answer.status_code == 422
    assert SavedSearch.objects.count() == 1
    if name == "Tên khác":
        assert "Tên khác" in answer.content.decode()


def test_one_person_keeps_twenty_searches() -> None:
    small = world()
    for number in range(saved.MOST):
        keep(small.home_clerk, f"q=w{number}", f"Số {number}")

    with pytest.raises(Refused):
        keep(small.home_clerk, "q=more", "Thêm")
    keep(small.finance_clerk, "q=more", "Thêm")


def test_a_search_of_somebody_else_is_not_there() -> None:
    small = world()
    kept = keep(small.home_clerk)

    for name in ("search_seen", "search_forget"):
        for pk in (kept.pk, 999_999):
            address = reverse(name, args=[pk])
            assert client_of(small.finance_clerk).post(address).status_code == 404
    assert SavedSearch.objects.count() == 1
    client_of(small.home_clerk).post(reverse("search_forget", args=[kept.pk]))
    assert not SavedSearch.objects.exists()


def test_the_page_of_a_search_that_is_not_ones_own_offers_to_keep_it(engine: Engine) -> None:
    small = world()
    issued(small)
    kept = keep(small.finance_clerk)
    drain(engine)

    for pk in (kept.pk, 999_999):
        shown = client_of(small.home_clerk).get(reverse("search"), {"q": "kiểm tra", "saved": pk})
        assert shown.context["kept"] is None
        assert "Lưu tìm kiếm này" in shown.content.decode()
    own = client_of(small.finance_clerk).get(reverse("search"), {"q": "kiểm tra", "saved": kept.pk})
    assert "Lưu tìm kiếm này" not in own.content.decode()


# -- Being told ----------------------------------------------------------------------------------


def test_what_is_new_and_matches_is_told_of_once(engine: Engine) -> None:
    small = world()
    issued(small)
    kept = keep(small.home_clerk, moment=at(3, 8))
    drain(engine)
    look(at(3, 9))
    assert news(small.home_clerk) == []

    new = issued(small, moment=at(3, 9, 30))
    issued(small, subject="chuyện khác", moment=at(3, 9, 30))
    drain(engine)
    look(at(3, 10))

    assert news(small.home_clerk) == [f"dispatch:{new.pk}"]
    assert "1 văn bản mới" in page(small.home_clerk)
    assert "Mới" in page(small.home_clerk, "searches")
    listed = client_of(small.home_clerk).get(f"{reverse('search')}?{kept.query}&saved={kept.pk}")
    assert [hit["shown"].key for hit in listed.context["hits"] if hit["new"]] == [
        f"dispatch:{new.pk}"
    ]

    client_of(small.home_clerk).post(reverse("search_seen", args=[kept.pk]))
    look(at(3, 11))
    assert news(small.home_clerk) == []
    assert "văn bản mới" not in page(small.home_clerk)


def test_an_old_paper_that_reaches_its_reader_today_is_new_to_him(engine: Engine) -> None:
    small = world()
    old = issued(small, to=[small.home], subject="kiểm tra cũ")
    keep(small.finance_clerk, moment=at(3, 8))
    drain(engine)

    lifecycle.circulate(dispatch=old, agencies=[small.finance.pk], by=small.clerk, at=at(3, 9))
    drain(engine)
    look(at(3, 10))

    assert news(small.finance_clerk) == [f"dispatch:{old.pk}"]


def test_what_the_index_takes_in_late_is_told_of_all_the_same(engine: Engine) -> None:
    small = world()
    kept = keep(small.home_clerk, moment=at(3, 8))
    first = issued(small, moment=at(3, 9))
    drain(engine)
    late = issued(small, moment=at(3, 9, 30))
    look(at(3, 10))
    assert news(small.home_clerk) == [f"dispatch:{first.pk}"]
    saved.mark_seen(owner=small.home_clerk, pk=kept.pk)

    drain(engine)
    look(at(3, 10, 10))

    assert news(small.home_clerk) == [f"dispatch:{late.pk}"]


def test_what_was_told_of_before_the_last_time_is_not_new_again(engine: Engine) -> None:
    small = world()
    kept = keep(small.home_clerk, moment=at(3, 8))
    for minute in (0, 20, 40):
        paper = issued(small, moment=at(3, 9, minute))
        drain(engine)
        look(at(3, 9, minute + 10))
        assert news(small.home_clerk) == [f"dispatch:{paper.pk}"]
        saved.mark_seen(owner=small.home_clerk, pk=kept.pk)

    look(at(3, 10))

    assert news(small.home_clerk) == []


def test_what_came_while_the_engine_was_away_for_hours_is_told_of_afterwards(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = world()
    kept = keep(small.home_clerk, moment=at(2, 8))
    look(at(2, 9))
    paper = issued(small, moment=at(2, 10))
    drain(engine)
    with monkeypatch.context() as away:
        away.setattr("search.saved.archive.matching", _away)
        for hour in (10, 11, 12, 13, 14):
            assert not saved.watch(at(2, hour, 30))
    saved.mark_seen(owner=small.home_clerk, pk=kept.pk)

    look(at(2, 15))

    assert news(small.home_clerk) == [f"dispatch:{paper.pk}"]


def _away(*_args: object, **_how: object) -> list[str]:
    raise EngineDown("away")


def test_each_is_looked_at_every_five_minutes_and_by_one_worker(engine: Engine) -> None:
    small = world()
    keep(small.home_clerk)
    keep(small.finance_clerk)

    assert saved.watch(NOON)
    assert saved.watch(NOON)
    assert not saved.watch(NOON)
    assert not saved.watch(NOON + saved.EVERY)
    assert saved.watch(NOON + saved.EVERY + timedelta(seconds=1))


def test_a_search_by_one_of_several_agencies_and_by_filters_is_told_of_by_these(
    engine: Engine,
) -> None:
    small = world()
    asked = Asked(
        QueryDict(f"own={small.home.pk}&issuer=B%E1%BB%99+N%E1%BB%99i+v%E1%BB%A5"),
        agencies=[small.home],
    )
    saved.save(owner=small.home_clerk, name="Bộ", asked=asked, at=at(3, 8))
    issued(small, moment=at(3, 9))
    from_outside = outside_paper(small).dispatch
    drain(engine)
    look(at(3, 10))

    assert news(small.home_clerk) == [f"dispatch:{from_outside.pk}"]


# -- Nothing leaks, and nothing else stops ------------------------------------------------------


def told(engine: Engine) -> tuple[World, object]:
    small = world()
    keep(small.home_clerk, moment=at(3, 8))
    paper = issued(small, moment=at(3, 9))
    drain(engine)
    look(at(3, 10))
    assert news(small.home_clerk) == [f"dispatch:{paper.pk}"]
    return small, paper


def test_a_paper_taken_back_is_in_no_alert_on_the_next_request(engine: Engine) -> None:
    small, paper = told(engine)

    lifecycle.recall(dispatch=paper, reason="Sai", by=small.clerk, at=at(3, 11))

    assert news(small.home_clerk) == []
    assert "văn bản mới" not in page(small.home_clerk)
    assert "văn bản mới" not in page(small.home_clerk, "searches")


def test_who_holds_no_post_any_more_is_told_of_nothing(engine: Engine) -> None:
    small, _paper = told(engine)

    small.home_clerk.posts.update(to_on=at(2).date())

    assert news(small.home_clerk) == []


def test_the_engine_away_keeps_no_desk_from_its_owner(unreachable: None) -> None:
    small = world()
    keep(small.home_clerk, moment=at(3, 8))
    issued(small, moment=at(3, 9))

    assert not saved.watch(NOON)
    assert client_of(small.home_clerk).get("/").status_code == 200
    assert client_of(small.home_clerk).get(reverse("searches")).status_code == 200


# -- Papers like one, and abbreviations ----------------------------------------------------------


def test_papers_like_one_are_named_to_their_readers(engine: Engine) -> None:
    small = world()
    one = issued(small, subject="quản lý hồ chứa nước ngọt")
    like = issued(small, subject="quản lý hồ chứa nước mặn", to=[small.finance])
    drain(engine)

    inside = page(small.finance_clerk, "search_similar", one.pk)
    outside = page(small.home_clerk, "search_similar", one.pk)

    assert like.code in inside
    assert like.code not in outside
    part = client_of(small.finance_clerk).get(
        reverse("search_similar", args=[one.pk]), headers={"HX-Request": "true"}
    )
    assert like.code in part.content.decode()
    assert "<html" not in part.content.decode()
    stranger = client_of(small.home_clerk).get(reverse("search_similar", args=[like.pk]))
    assert stranger.status_code == 404


def test_papers_like_one_while_the_engine_is_away(unreachable: None) -> None:
    small = world()
    paper = issued(small)

    assert "tạm ngừng" in page(small.home_clerk, "search_similar", paper.pk)
    assert client_of(small.home_clerk).get(f"/van-ban/{paper.pk}/").status_code == 200


@pytest.mark.parametrize(("typed", "number"), [("chống hạn", 1), ("chống hạn", 3), ("1502", 3)])
def test_a_page_of_answers_costs_eight_queries(
    engine: Engine, django_assert_max_num_queries, typed: str, number: int
) -> None:
    small = world()
    for _ in range(number):
        issued(small, subject="phòng chống hạn hán")
    drain(engine)
    browser = client_of(small.home_clerk)
    browser.get(reverse("search"), {"q": typed})

    with django_assert_max_num_queries(8):
        answer = browser.get(reverse("search"), {"q": typed})

    assert answer.context["hits"] or answer.context["direct"]
