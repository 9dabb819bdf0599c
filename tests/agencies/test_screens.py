"""The directory, one's own account and the screens of administrators."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import clock
from agencies.choices import AgencyKind, DeputyScope, Role, SuccessionKind
from agencies.lists import add_member, create_list
from agencies.models import Deputy, Post, User
from agencies.posts import deactivate
from agencies.succession import end_agency, record_succession
from tests.agencies.world import BEGINS, Province, body, hold, person, stand_in

TODAY = clock.today()


@pytest.fixture
def admin(province: Province, client: Client) -> Client:
    client.force_login(province.admin)
    return client


def dated(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def get(client: Client, name: str, *args: object, status: int = 200, **query: object) -> str:
    answer = client.get(reverse(f"agencies:{name}", args=args), query)
    assert answer.status_code == status
    return answer.content.decode()


def post(client: Client, name: str, *args: object, status: int = 302, **data: object) -> str:
    answer = client.post(reverse(f"agencies:{name}", args=args), data)
    assert answer.status_code == status
    return answer.content.decode()


def lent(province: Province, **values: object) -> Deputy:
    values = {"from_on": TODAY, "to_on": TODAY + timedelta(days=9), "at": clock.now(), **values}
    return stand_in(province.clerkship, province.a_officer, **values)


# -- The directory ------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["snv", "so noi vu", "NỘI VỤ", "noi"])
def test_an_agency_is_found_without_marks_and_by_its_initials(admin: Client, query: str) -> None:
    page = get(admin, "directory", q=query)

    assert "Sở Nội vụ" in page
    assert "Sở Tài chính" not in page


def test_the_directory_is_in_vietnamese_order_and_filtered_by_kind(
    admin: Client, province: Province
) -> None:
    body("Sở Đo", province.p)
    body("Sở Dư", province.p)
    page = get(admin, "directory", kind=AgencyKind.DEPARTMENT)

    places = [page.index(f">{name}<") for name in ("Sở Dư", "Sở Đo", "Sở Nội vụ", "Sở Tài chính")]
    assert places == sorted(places)
    assert "Phòng Một" not in page


def test_the_directory_is_paged_and_no_agency_is_lost(admin: Client, province: Province) -> None:
    for number in range(30):
        body(f"Sở {number:02}", province.p)

    pages = get(admin, "directory") + get(admin, "directory", page=2)

    assert all(pages.count(f">Sở {number:02}<") == 1 for number in range(30))


def test_nothing_found_says_what_to_try(admin: Client) -> None:
    assert reverse("agencies:directory") in get(admin, "directory", q="khong co")


@pytest.mark.parametrize("name", ["directory", "account", "people", "open_post"])
def test_strangers_are_asked_to_sign_in(client: Client, db: None, name: str) -> None:
    assert client.get(reverse(f"agencies:{name}")).status_code == 302


def test_the_directory_costs_the_same_with_one_and_with_many(
    admin: Client, province: Province
) -> None:
    few = _queries(admin, "directory")
    for number in range(10):
        body(f"Sở {number}", province.p)

    assert _queries(admin, "directory") == few


# -- An agency ----------------------------------------------------------------------------------


def test_the_page_of_an_agency_names_its_office_and_counts_the_others(
    admin: Client, province: Province
) -> None:
    rows = create_list(owner=province.p, name="Các sở", from_on=BEGINS, by=None, at=clock.now())
    add_member(group=rows, agency=province.a, from_on=BEGINS, by=None, at=clock.now())

    page = get(admin, "agency", province.a.pk)

    assert "Nguyễn a_head" in page
    assert "Nguyễn a_clerk" in page
    assert "Nguyễn a_officer" not in page
    assert "Nguyễn a_admin" not in page
    assert str(Role.OFFICER.label) in page
    assert "Phòng Một" in page
    assert "Các sở" in page


def test_the_page_of_an_ended_agency_leads_to_its_successor(
    admin: Client, province: Province
) -> None:
    yesterday = TODAY - timedelta(days=1)
    end_agency(agency=province.a, to_on=yesterday, by=None, at=clock.now())
    record_succession(
        predecessor=province.a, successor=province.b, kind=SuccessionKind.MERGE, on=TODAY,
        basis="NQ 9", by=None, at=clock.now(),
    )  # fmt: skip

    page = get(admin, "agency", province.a.pk)

    assert dated(yesterday) in page
    assert reverse("agencies:agency", args=[province.b.pk]) in page
    assert "NQ 9" in page
    assert "Nguyễn a_clerk" not in page
    assert "Sở Nội vụ" in get(admin, "agency", province.b.pk)


def test_an_agency_that_is_not_there_is_not_found(admin: Client) -> None:
    get(admin, "agency", 999_999, status=404)


def test_the_page_of_an_agency_costs_the_same_with_few_and_many(
    admin: Client, province: Province
) -> None:
    few = _queries(admin, "agency", province.a.pk)
    for number in range(5):
        body(f"Phòng {number}", province.a, kind=AgencyKind.UNIT)
        hold(person(f"clerk{number}"), province.a, Role.CLERK)

    assert _queries(admin, "agency", province.a.pk) == few


# -- One's own account --------------------------------------------------------------------------


def test_my_account_shows_posts_mandates_and_deputies(client: Client, province: Province) -> None:
    lent(province)
    client.force_login(province.a_officer)
    mine = get(client, "account")
    client.force_login(province.a_clerk)
    theirs = get(client, "account")

    assert "Nguyễn a_clerk" in mine
    assert "Nguyễn a_officer" in theirs
    for name in ("account_change_password", "mfa_index", "usersessions_list"):
        assert reverse(name) in mine


def test_i_name_a_deputy_for_my_own_post(client: Client, province: Province) -> None:
    client.force_login(province.a_clerk)
    last = TODAY + timedelta(days=5)
    values = {
        "deputy": province.a_officer.pk, "scope": "incoming", "from_on": dated(TODAY),
        "to_on": dated(last), "basis": "Đơn nghỉ phép",
    }  # fmt: skip

    post(client, "appoint", province.clerkship.pk, **values)

    mandate = Deputy.objects.get()
    assert (mandate.of, mandate.scope, mandate.to_on) == (province.clerkship, "incoming", last)
    assert mandate.basis == "Đơn nghỉ phép"


def test_a_refused_mandate_says_all_that_is_wrong_and_keeps_what_was_typed(
    client: Client, province: Province
) -> None:
    client.force_login(province.a_clerk)
    yesterday = TODAY - timedelta(days=1)
    values = {
        "deputy": province.a_officer.pk, "scope": DeputyScope.READING, "from_on": dated(yesterday),
        "to_on": dated(yesterday - timedelta(days=1)), "basis": "Đơn nghỉ phép",
    }  # fmt: skip

    page = post(client, "appoint", province.clerkship.pk, status=422, **values)

    assert 'href="#id_from_on"' in page
    assert 'href="#id_to_on"' in page
    assert dated(yesterday) in page
    assert "Đơn nghỉ phép" in page
    assert not Deputy.objects.exists()


def test_a_day_that_does_not_exist_is_not_corrected(client: Client, province: Province) -> None:
    client.force_login(province.a_clerk)

    page = post(
        client, "appoint", province.clerkship.pk, status=422, deputy=province.a_officer.pk,
        scope="all", from_on="31/02/2030", to_on="01/03/2030",
    )  # fmt: skip

    assert "31/02/2030" in page


def test_the_post_of_a_stranger_is_as_if_it_were_not_there(
    client: Client, province: Province
) -> None:
    client.force_login(province.b_clerk)

    get(client, "appoint", province.clerkship.pk, status=404)
    get(client, "appoint", 999_999, status=404)
    post(client, "appoint", province.clerkship.pk, status=404)
    get(client, "end_mandate", lent(province).pk, status=404)


def test_a_deputy_lays_a_mandate_down(client: Client, province: Province) -> None:
    mandate = lent(province)
    client.force_login(province.a_officer)
    get(client, "end_mandate", mandate.pk)

    post(client, "end_mandate", mandate.pk, to_on=dated(TODAY))

    assert Deputy.objects.get().to_on == TODAY


@pytest.mark.parametrize(
    ("who", "to"), [("a_clerk", "account"), ("a_head", "agency"), ("a_admin", "person")]
)
def test_whoever_takes_a_mandate_back_returns_to_where_it_stood(
    client: Client, province: Province, who: str, to: str
) -> None:
    mandate = lent(province)
    client.force_login(getattr(province, who))
    yesterday = dated(TODAY - timedelta(days=1))

    answer = client.post(reverse("agencies:end_mandate", args=[mandate.pk]), {"to_on": yesterday})

    assert Deputy.objects.get().is_taken_back
    args = {"account": [], "agency": [province.a.pk], "person": [province.a_clerk.pk]}[to]
    assert answer.url == reverse(f"agencies:{to}", args=args)


# -- People -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["a_head", "a_clerk", "b_clerk"])
def test_the_screens_of_administrators_are_closed_to_others(
    client: Client, province: Province, who: str
) -> None:
    client.force_login(getattr(province, who))

    for name, args in (
        ("people", []), ("open_post", []), ("person", [province.a_clerk.pk]),
        ("end_post", [province.clerkship.pk]),
    ):  # fmt: skip
        get(client, name, *args, status=403)
    for name in ("deactivate", "reactivate"):
        post(client, name, province.a_clerk.pk, status=403)
    assert User.objects.get(pk=province.a_clerk.pk).is_active


def test_a_superuser_meets_the_same_closed_door(client: Client, province: Province) -> None:
    client.force_login(User.objects.create_superuser("root"))

    get(client, "people", status=403)


def test_an_administrator_sees_the_people_of_his_agencies_only(
    client: Client, province: Province
) -> None:
    both = person("both", (province.a, Role.OFFICER), (province.b, Role.OFFICER))
    client.force_login(province.a_admin)

    page = get(client, "people")

    assert "a_clerk" in page
    assert "both" in page
    assert "b_clerk" not in page
    assert "Sở Tài chính" not in page
    assert "Sở Tài chính" not in get(client, "person", both.pk)
    get(client, "person", province.b_clerk.pk, status=404)
    get(client, "end_post", province.b_clerk.posts.get().pk, status=404)
    post(client, "deactivate", province.b_clerk.pk, status=404)
    assert User.objects.get(pk=province.b_clerk.pk).is_active


def test_people_are_found_without_marks_also_after_their_posts(
    admin: Client, province: Province
) -> None:
    User.objects.filter(pk=province.a_clerk.pk).update(find_key="le thi am le.am")
    Post.objects.filter(user=province.a_clerk).update(to_on=TODAY - timedelta(days=1))

    assert "a_clerk" not in get(admin, "people")
    assert "a_clerk" in get(admin, "people", q="ÂM lê")


def test_an_administrator_opens_and_ends_a_post(admin: Client, province: Province) -> None:
    values = {
        "user": "b_clerk",
        "agency": province.a.pk,
        "role": "officer",
        "from_on": dated(TODAY),
    }

    post(admin, "open_post", **values)
    opened = Post.objects.get(user=province.b_clerk, agency=province.a)
    post(admin, "end_post", opened.pk, to_on=dated(TODAY))

    opened.refresh_from_db()
    assert (opened.from_on, opened.to_on) == (TODAY, TODAY)


def test_a_refused_post_keeps_what_was_typed(admin: Client, province: Province) -> None:
    values = {
        "user": "a_clerk", "agency": province.a.pk, "role": "clerk", "title": "Văn thư chính",
        "from_on": dated(TODAY),
    }  # fmt: skip

    page = post(admin, "open_post", status=422, **values)

    assert "Văn thư chính" in page
    assert 'href="#id_from_on"' in page
    assert Post.objects.filter(user=province.a_clerk).count() == 1


def test_an_administrator_of_one_agency_cannot_pick_another(
    client: Client, province: Province
) -> None:
    client.force_login(province.a_admin)
    values = {"user": "a_clerk", "agency": province.b.pk, "role": "officer"}

    page = post(client, "open_post", status=422, from_on=dated(TODAY), **values)

    assert 'href="#id_agency"' in page
    assert not Post.objects.filter(user=province.a_clerk, agency=province.b).exists()


def test_an_account_is_closed_and_opened_by_a_post_only(admin: Client, province: Province) -> None:
    other = Client()
    other.force_login(province.a_clerk)
    get(other, "account")
    get(admin, "deactivate", province.a_clerk.pk, status=405)

    post(admin, "deactivate", province.a_clerk.pk)
    assert not User.objects.get(pk=province.a_clerk.pk).is_active
    assert other.get(reverse("agencies:account")).status_code == 302

    post(admin, "reactivate", province.a_clerk.pk)
    assert User.objects.get(pk=province.a_clerk.pk).is_active
    assert other.get(reverse("agencies:account")).status_code == 302


def test_a_refused_closing_says_why(admin: Client, province: Province) -> None:
    post(admin, "deactivate", province.admin.pk)

    assert User.objects.get(pk=province.admin.pk).is_active
    assert 'class="notice late"' in get(admin, "person", province.admin.pk)


def test_a_closed_account_gets_no_posts_on_the_page(admin: Client, province: Province) -> None:
    deactivate(user=province.a_clerk, by=None, at=clock.now())

    page = get(admin, "person", province.a_clerk.pk)

    assert reverse("agencies:reactivate", args=[province.a_clerk.pk]) in page
    assert "?user=a_clerk" not in page


@pytest.mark.parametrize("name", ["people", "account"])
def test_lists_of_people_cost_the_same_with_few_and_many(
    admin: Client, province: Province, name: str
) -> None:
    hold(province.admin, province.b, Role.OFFICER)
    few = _queries(admin, name)
    for number in range(5):
        user = person(f"x{number}", (province.a, Role.OFFICER), (province.b, Role.OFFICER))
        hold(province.admin, body(f"Sở {number}", province.p), Role.OFFICER)
        stand_in(
            user.posts.get(agency=province.a), province.a_officer, from_on=TODAY,
            to_on=TODAY, at=clock.now(),
        )  # fmt: skip

    assert _queries(admin, name) == few


def _queries(client: Client, name: str, *args: object) -> int:
    with CaptureQueriesContext(connection) as captured:
        get(client, name, *args)
    return len(captured)
