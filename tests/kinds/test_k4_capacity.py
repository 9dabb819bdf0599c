"""K4: in whose right, under whose name, and as things were called that day."""

from datetime import date

import pytest
from django.urls import reverse

from agencies.choices import Role
from agencies.models import AgencyName, Post
from documents import access, lifecycle
from documents.choices import Action, ReceiptKind
from documents.models import Circulation, Receipt
from tests.documents.factories import (
    acknowledged,
    at,
    client_of,
    issued,
    person,
    stand_in,
    world,
)

pytestmark = pytest.mark.django_db

JUNE = {"first": date(2016, 6, 1), "last": date(2016, 6, 30)}


def rename(body, name: str, *, on: date) -> None:
    AgencyName.objects.filter(agency=body).update(to_on=date(2016, 6, 30))
    AgencyName.objects.create(
        agency=body, name=name, short_name=name, abbreviation="MOI", identifier="X.1", from_on=on
    )
    body.read_names()


def test_what_is_opened_in_anothers_place_is_not_recorded_as_ones_own_right():
    small = world()
    row = Circulation.objects.get(dispatch=issued(small), agency=small.finance)
    helper = person("helper", (small.finance, Role.OFFICER))
    assert not access.visible_to(helper, at=at(3)).filter(pk=row.dispatch_id).exists()
    mandate = stand_in(small.finance_clerk, helper, **JUNE)

    lifecycle.open_text(circulation=row, by=helper, at=at(3))

    assert Receipt.objects.get(kind=ReceiptKind.OPENED).deputy == mandate


def test_what_one_opens_in_ones_own_right_is_recorded_so_though_one_stands_in_too():
    small = world()
    row = small.at_home(issued(small))
    stand_in(small.home_clerk, small.home_officer, **JUNE)

    lifecycle.open_text(circulation=row, by=small.home_officer, at=at(3))

    assert Receipt.objects.get(kind=ReceiptKind.OPENED).deputy is None


def test_an_act_stands_on_one_right_and_the_receipt_names_it():
    small = world()
    row = small.received()
    mandate = stand_in(small.home_head, small.home_officer, **JUNE)

    given = acknowledged(row, small.home_officer, at(3, 10))

    assert given.deputy == mandate
    own = acknowledged(small.received(subject="hai"), small.home_head, at(3, 10))
    assert own.deputy is None


def test_the_principals_post_ends_between_the_page_and_the_act():
    small = world()
    row = small.received()
    stand_in(small.home_head, small.stranger, **JUNE)
    browser = client_of(small.stranger)
    page = browser.get(reverse("documents:dispatch", args=[row.dispatch_id]))
    address = reverse("documents:acknowledge", args=[row.pk])
    assert address in page.content.decode()
    version = row.dispatch.current_version

    Post.objects.filter(user=small.home_head).update(to_on=date(2016, 6, 2))
    answer = browser.post(address, {"version": version.no, "digest": version.digest})

    assert answer.status_code == 404
    assert not Receipt.objects.filter(kind=ReceiptKind.ACKNOWLEDGED).exists()


def test_an_account_closed_takes_the_mandates_for_it_along():
    small = world()
    row = small.received()
    stand_in(small.home_head, small.stranger, **JUNE)
    assert access.may(small.stranger, Action.ACKNOWLEDGE, row, at=at(3))

    small.home_head.is_active = False
    small.home_head.save()

    assert not access.may(small.stranger, Action.ACKNOWLEDGE, row, at=at(3))


def test_a_receipt_keeps_the_agencys_name_of_that_day_after_it_was_renamed(clock_at):
    small = world()
    given = acknowledged(small.received(), small.home_clerk, at(3, 10))

    rename(small.home, "Sở Nội vụ mới", on=date(2016, 7, 1))
    clock_at(at(5, month=7))
    slip = client_of(small.clerk).get(reverse("documents:receipt", args=[given.code]))
    new = small.issued(moment=at(5, month=7), subject="sau")

    assert slip.status_code == 200
    body = slip.content.decode()
    assert "Sở Nội vụ" in body
    assert "Sở Nội vụ mới" not in body.split("<main", 1)[-1]
    page = client_of(small.home_clerk).get(reverse("documents:dispatch", args=[new.pk]))
    assert "Sở Nội vụ mới" in page.content.decode()


def test_an_old_paper_keeps_the_senders_name_of_its_day_on_page_and_list(clock_at):
    small = world()
    paper = issued(small)

    rename(small.province, "UBND tỉnh mới", on=date(2016, 7, 1))
    clock_at(at(5, month=7))
    browser = client_of(small.home_clerk)
    page = browser.get(reverse("documents:dispatch", args=[paper.pk])).content.decode()
    listed = browser.get(reverse("documents:incoming")).content.decode()

    for body in (page, listed):
        main = body.split("<main", 1)[-1]
        assert "UBND tỉnh" in main
        assert "UBND tỉnh mới" not in main


def test_the_slip_names_the_office_in_which_one_could_acknowledge():
    small = world()
    both = person("both", (small.home, Role.OFFICER), (small.home, Role.CLERK))
    both.posts.filter(role=Role.OFFICER).update(title="Chuyên viên")
    both.posts.filter(role=Role.CLERK).update(title="Văn thư cơ quan")
    given = acknowledged(small.received(), both, at(3, 10))

    slip = client_of(both).get(reverse("documents:receipt", args=[given.code]))

    assert slip.context["post"].role == Role.CLERK


def test_an_agency_that_ended_has_no_clerk_that_acts():
    small = world()
    row = small.at_home(issued(small))
    assert access.may(small.home_clerk, Action.RECEIVE, row, at=at(3))

    small.home.to_on = date(2016, 6, 2)
    small.home.save()

    assert not access.may(small.home_clerk, Action.RECEIVE, row, at=at(3))
    assert not access.visible_to(small.home_clerk, at=at(3)).exists()
