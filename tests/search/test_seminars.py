"""Seminars are found by whoever may see them, and by nobody else, on both engines."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from agencies.models import User
from documents.choices import ArchiveKind
from search import registry
from search.engine import Engine
from search.models import IndexState
from seminars import lifecycle
from tests.documents.factories import client_of
from tests.seminars.world import Seminars, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon_of_6_june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agencies.clock.now", lambda: at(6, 12))


def found(user: User, words: str) -> str:
    return client_of(user).get(reverse("search"), {"q": words}).content.decode()


def test_a_seminar_is_found_by_its_words_once_it_may_be_seen(engine: Engine) -> None:
    house = Seminars()
    seminar = house.listed(title="Mô hình tự quản ở ấp", purpose="Bàn cách phối hợp")
    call_command("worker", "--until-empty")
    link = reverse("seminars:seminar", args=[seminar.pk])

    assert link in found(house.officer, "mo hinh tu quan")
    assert link in found(house.officer, "cach phoi hop")
    assert link not in found(house.small.home_clerk, "mo hinh tu quan")

    lifecycle.invite(
        seminar=seminar, letter=house.letter(), answer_by=None, by=house.clerk, at=at(6)
    )
    call_command("worker", "--until-empty")
    assert link in found(house.small.home_clerk, "mo hinh tu quan")
    assert link not in found(house.small.finance_officer, "mo hinh tu quan")
    assert link not in found(house.small.stranger, "mo hinh tu quan")


def test_minutes_and_delegates_are_not_in_the_archive(engine: Engine) -> None:
    house = Seminars()
    seminar = house.minuted(title="Tổng kết phong trào")
    call_command("worker", "--until-empty")

    kind = registry.kind_of(f"seminar:{seminar.pk}")
    (record,) = kind.records([seminar.pk])
    assert "Diễn biến" not in record.body
    assert "Mẫu" not in f"{record.body} {record.names} {record.title}"
    assert "Đã kết thúc" in found(house.officer, "tong ket phong trao")


def test_a_draft_withdrawn_from_sight_is_withheld_before_the_index_is_written(
    engine: Engine,
) -> None:
    house = Seminars()
    seminar = house.held(visibility="everybody", title="Ngày hội toàn dân")
    call_command("worker", "--until-empty")
    stranger = house.small.stranger
    assert "Ngày hội toàn dân" in found(stranger, "ngay hoi")

    lifecycle.edit(
        seminar=seminar, details=house.details(title="Ngày hội toàn dân"), edits=seminar.edits,
        by=house.officer, at=at(6),
    )  # fmt: skip

    state = IndexState.objects.get(pk=f"seminar:{seminar.pk}")
    assert state.tightened
    assert reverse("seminars:seminar", args=[seminar.pk]) not in found(stranger, "ngay hoi")


def test_a_cancelled_one_says_so_and_the_check_finds_no_drift(engine: Engine) -> None:
    house = Seminars()
    seminar = house.held(title="Ngày hội toàn dân")
    lifecycle.cancel(seminar=seminar, reason="Bão", by=house.clerk, at=at(6))
    call_command("worker", "--until-empty")

    assert "Đã hủy" in found(house.officer, "ngay hoi")
    call_command("search", "check")


def test_a_conclusion_notice_is_found_among_the_conclusions(engine: Engine) -> None:
    house = Seminars()
    notice = house.concluded().conclusion.notice
    call_command("worker", "--until-empty")
    browser = client_of(house.clerk)

    def hits(kind: str) -> str:
        values = {"q": "thong bao ket luan", "kind": kind}
        return browser.get(reverse("search"), values).content.decode()

    link = reverse("documents:dispatch", args=[notice.pk])
    assert link in hits(ArchiveKind.CONCLUSION)
    assert link not in hits(ArchiveKind.DIRECTIVE)
