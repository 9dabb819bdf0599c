"""The administrator's table of abbreviations."""

import pytest
from django.urls import reverse

from agencies.choices import Role
from search import abbreviations
from search.models import Abbreviation
from tests.documents.factories import client_of, world
from tests.documents.world import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    yield
    abbreviations.known.forget()


def test_an_administrator_adds_one_and_takes_it_away():
    small = world()
    browser = client_of(person("qt", (small.province, Role.ADMINISTRATOR)))

    answer = browser.post(
        reverse("abbreviations"), {"short": " PCLB ", "long": "phòng chống lụt bão"}
    )

    assert answer.status_code == 302
    assert abbreviations.known()["PCLB"] == "phòng chống lụt bão"
    assert "phòng chống lụt bão" in browser.get(reverse("abbreviations")).content.decode()
    row = Abbreviation.objects.get(short="PCLB")
    browser.post(reverse("abbreviation_drop", args=[row.pk]))
    assert "PCLB" not in abbreviations.known()


@pytest.mark.parametrize(
    ("short", "long"),
    [("", "x"), ("A B", "x"), ("A-B", "x"), ("UBND", "y"), ("ubnd", "y"), ("ABC", ""),
     ("A" * 21, "x"), ("ABC", "x" * 121), ("\x00", "x")],
)  # fmt: skip
def test_what_is_no_abbreviation_is_refused_and_stays_typed(short: str, long: str):
    small = world()
    before = Abbreviation.objects.count()
    browser = client_of(person("qt", (small.province, Role.ADMINISTRATOR)))

    answer = browser.post(reverse("abbreviations"), {"short": short, "long": long})

    assert answer.status_code == 422
    assert Abbreviation.objects.count() == before


def test_the_table_is_the_administrators_alone():
    small = world()
    row = Abbreviation.objects.create(short="PCLB", long="phòng chống lụt bão")

    for user in (small.clerk, small.head, small.home_officer):
        browser = client_of(user)
        assert browser.get(reverse("abbreviations")).status_code == 403
        assert (
            browser.post(reverse("abbreviations"), {"short": "A", "long": "b"}).status_code == 403
        )
        assert browser.post(reverse("abbreviation_drop", args=[row.pk])).status_code == 403
    assert Abbreviation.objects.filter(pk=row.pk).exists()
