"""Accounts are made by administrators and opened, once, by whoever holds the link."""

import hashlib
import re
from datetime import datetime, timedelta
from io import StringIO

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from agencies import accounts, clock
from agencies.accounts import Given, LinkGone, choose_password, give_link
from agencies.choices import Role
from agencies.models import Agency, AgencyName, Post, SignInLink, User
from agencies.posts import deactivate, end_post, reactivate
from ledger.models import LedgerEntry
from ledger.verification import verify
from tests.agencies.world import AT, DAY, Province, hold, ledger, person, refused, stand_in

PASSWORD = "một câu dài chỉ mình biết"
LATER = AT + timedelta(hours=1)
EXPIRED = AT + accounts.LIFETIME


def create(province: Province, by: User | None, **values: object) -> Given:
    values.setdefault("username", "moi.nguoi")
    values.setdefault("last_name", "Trần Thị")
    values.setdefault("first_name", "Mới")
    values.setdefault("agency", province.a)
    values.setdefault("role", Role.OFFICER)
    return accounts.create_account(by=by, at=AT, **values)


# -- Making an account ----------------------------------------------------------------------------


def test_an_account_comes_with_a_post_a_link_and_no_password(province: Province) -> None:
    given = create(province, province.a_admin, email="moi@example.vn", title="Chuyên viên")

    user = given.link.user
    post = user.posts.get()
    assert (str(user), user.email) == ("Trần Thị Mới", "moi@example.vn")
    assert not user.has_usable_password()
    assert (post.agency, post.role, post.from_on) == (province.a, Role.OFFICER, DAY)
    assert given.link.given_by == province.a_admin
    assert ledger()[-3:] == ["user.created", "post.opened", "user.link_given"]
    assert verify().ok


def test_only_the_hash_of_the_token_is_kept(province: Province) -> None:
    given = create(province, province.a_admin)

    assert given.link.token_hash == hashlib.sha256(given.token.encode()).hexdigest()
    assert len(given.token) >= 43
    written = b"".join(bytes(row.entry_bytes) for row in LedgerEntry.objects.all())
    assert given.token.encode() not in written
    assert "Trần".encode() not in written


def test_an_administrator_makes_accounts_below_and_nowhere_else(province: Province) -> None:
    assert create(province, province.a_admin, agency=province.unit)

    for agency in (province.b, province.p):
        with refused("permission"):
            create(province, province.a_admin, username="khac", agency=agency)


@pytest.mark.parametrize("who", ["a_head", "a_clerk", "a_officer", "b_clerk"])
def test_nobody_else_makes_accounts(province: Province, who: str) -> None:
    with refused("permission"):
        create(province, getattr(province, who))


def test_a_superuser_makes_no_account(province: Province) -> None:
    with refused("permission"):
        create(province, User.objects.create_superuser("root"))


@pytest.mark.parametrize("taken", ["a_clerk", "A_Clerk", " a_clerk "])
def test_a_user_name_is_given_once_whatever_its_case(province: Province, taken: str) -> None:
    with refused("username"):
        create(province, province.admin, username=taken)


def test_a_name_in_another_case_that_stands_there_already_counts(province: Province) -> None:
    User.objects.create(username="Cu.Nguoi")

    with refused("username"):
        create(province, province.admin, username="cu.nguoi")


def test_a_name_made_in_the_same_moment_is_a_refusal(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = type("Looked", (), {"exists": lambda self: False})
    monkeypatch.setattr(User.objects, "filter", lambda **_values: looked())

    with refused("username"):
        create(province, province.admin, username="a_clerk")


@pytest.mark.parametrize("name", ["", "ab", "Ơi.trời", "a b", "-ab", "a" * 51, "abc\n"])
def test_a_user_name_that_cannot_be_typed_everywhere_is_refused(
    province: Province, name: str
) -> None:
    if name.strip() == "abc":
        assert create(province, province.admin, username=name).link.user.username == "abc"
        return
    with refused("username"):
        create(province, province.admin, username=name)


def test_one_name_is_enough_and_marks_are_composed(province: Province) -> None:
    given = create(province, province.admin, last_name="", first_name="  Ha\u0300 ")

    assert str(given.link.user) == "Hà"
    with refused("first_name"):
        create(province, province.admin, username="khac", first_name=" ")


def test_a_refused_post_makes_no_account(province: Province) -> None:
    Agency.objects.filter(pk=province.a.pk).update(to_on=DAY + timedelta(days=1))

    with pytest.raises(accounts.Refused), transaction.atomic():
        create(province, province.admin)

    assert not User.objects.filter(username="moi.nguoi").exists()
    assert not SignInLink.objects.exists()


# -- Who may give a link --------------------------------------------------------------------------


def gives(by: User | None, user: User, at: datetime = AT) -> Given:
    return give_link(user=user, by=by, at=at)


def test_administrators_of_the_agency_and_above_give_links(province: Province) -> None:
    assert gives(province.a_admin, province.a_clerk)
    assert gives(province.admin, province.a_clerk)
    assert gives(None, province.a_clerk)
    assert ledger()[-3:] == ["user.link_given"] * 3


@pytest.mark.parametrize("who", ["a_head", "a_officer", "a_clerk", "b_clerk"])
def test_nobody_else_gives_links(province: Province, who: str) -> None:
    with refused("permission"):
        gives(getattr(province, who), province.a_clerk)


def test_an_administrator_gives_none_beside_or_above(province: Province) -> None:
    for user in (province.b_clerk, province.admin):
        with refused("permission"):
            gives(province.a_admin, user)


def test_who_acts_in_two_agencies_is_in_the_care_of_both(province: Province) -> None:
    hold(province.a_officer, province.b, Role.OFFICER, from_on=DAY + timedelta(days=30))

    with refused("permission"):
        gives(province.a_admin, province.a_officer)
    assert gives(province.admin, province.a_officer)


def test_a_mandate_counts_like_a_post(province: Province) -> None:
    clerk = person("unit_clerk", (province.unit, Role.CLERK))
    unit_admin = person("unit_admin", (province.unit, Role.ADMINISTRATOR))
    assert gives(unit_admin, clerk)
    stand_in(province.a_head.posts.get(), clerk)

    with refused("permission"):
        gives(unit_admin, clerk)


def test_who_holds_no_post_any_more_is_in_the_care_of_the_last(province: Province) -> None:
    end_post(post=province.b_clerk.posts.get(), to_on=DAY - timedelta(days=1), by=None, at=AT)

    with refused("permission"):
        gives(province.a_admin, province.b_clerk)
    assert gives(province.admin, province.b_clerk)


def test_rights_outside_the_house_keep_an_account_from_administrators(province: Province) -> None:
    """Else a post opened for the superuser would hand over the whole machine."""
    root = User.objects.create_superuser("root")
    web = person("web")
    web.user_permissions.add(Permission.objects.get(codename="access_admin"))
    for user in (root, web, User.objects.create(username="never")):
        if user.username != "never":
            hold(user, province.a, Role.OFFICER)
        with refused("permission"):
            gives(province.a_admin, user)
        assert gives(None, user)


def test_nobody_gives_himself_a_link(province: Province) -> None:
    with refused("user"):
        gives(province.a_admin, province.a_admin)


def test_a_closed_account_gets_no_link(province: Province) -> None:
    deactivate(user=province.a_clerk, by=None, at=AT)

    with refused("user"):
        gives(province.admin, province.a_clerk)


# -- Using a link ---------------------------------------------------------------------------------


def chooses(given: Given, at: datetime = LATER, password: str = PASSWORD) -> User:
    return choose_password(token=given.token, password=password, at=at)


def test_a_link_sets_the_password_of_its_person_and_of_nobody_else(province: Province) -> None:
    before = dict(User.objects.values_list("pk", "password"))
    given = gives(province.a_admin, province.a_clerk)

    user = chooses(given)

    after = dict(User.objects.values_list("pk", "password"))
    assert user.check_password(PASSWORD)
    assert {pk for pk in after if after[pk] != before[pk]} == {province.a_clerk.pk}
    assert ledger()[-1] == "user.password_chosen"


def test_a_link_works_once(province: Province) -> None:
    given = gives(None, province.a_clerk)
    chooses(given)

    with pytest.raises(LinkGone):
        chooses(given, password="một câu khác hẳn câu trước")
    assert User.objects.get(pk=province.a_clerk.pk).check_password(PASSWORD)


def test_a_link_used_between_the_look_and_the_lock_works_once(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = gives(None, province.a_clerk)
    seen = accounts.usable_link(given.token, at=LATER)
    assert seen
    chooses(given)
    monkeypatch.setattr(accounts, "usable_link", lambda _token, **_values: seen)

    with pytest.raises(LinkGone):
        chooses(given, password="một câu khác hẳn câu trước")
    assert User.objects.get(pk=province.a_clerk.pk).check_password(PASSWORD)


def test_a_link_works_to_its_last_moment_and_not_after(province: Province) -> None:
    given = gives(None, province.a_clerk)

    with pytest.raises(LinkGone):
        chooses(given, at=EXPIRED)
    assert chooses(given, at=EXPIRED - timedelta(microseconds=1))


def test_a_newer_link_takes_the_place_of_the_older(province: Province) -> None:
    older = gives(None, province.a_clerk)
    newer = gives(None, province.a_clerk)

    with pytest.raises(LinkGone):
        chooses(older)
    assert chooses(newer)


def test_links_of_two_persons_do_not_touch_each_other(province: Province) -> None:
    first, second = gives(None, province.a_clerk), gives(None, province.b_clerk)

    assert chooses(first) == province.a_clerk
    assert chooses(second) == province.b_clerk


@pytest.mark.parametrize("token", ["", "1", "x" * 43, "\x00", "\ud800", "đ" * 2000])
def test_a_token_of_nobody_opens_nothing(province: Province, token: str) -> None:
    gives(None, province.a_clerk)

    with pytest.raises(LinkGone):
        choose_password(token=token, password=PASSWORD, at=LATER)


def test_the_hash_itself_opens_nothing(province: Province) -> None:
    given = gives(None, province.a_clerk)

    with pytest.raises(LinkGone):
        choose_password(token=given.link.token_hash, password=PASSWORD, at=LATER)


@pytest.mark.parametrize("weak", ["short", "password1234", "a_clerk12345"])
def test_a_weak_password_is_refused_and_leaves_the_link(province: Province, weak: str) -> None:
    given = gives(None, province.a_clerk)

    with refused("password"):
        chooses(given, password=weak)
    assert chooses(given)


def test_a_link_dies_with_the_account_and_does_not_rise_with_it(province: Province) -> None:
    given = gives(None, province.a_clerk)

    deactivate(user=province.a_clerk, by=province.a_admin, at=AT)
    with pytest.raises(LinkGone):
        chooses(given)

    reactivate(user=province.a_clerk, by=province.a_admin, at=AT)
    with pytest.raises(LinkGone):
        chooses(given)


def test_a_refused_closing_withdraws_no_link(province: Province) -> None:
    given = gives(None, province.a_clerk)

    with refused("permission"):
        deactivate(user=province.a_clerk, by=province.a_head, at=AT)
    assert chooses(given)


def test_the_posts_of_a_closed_account_stay(province: Province) -> None:
    deactivate(user=province.a_clerk, by=province.a_admin, at=AT)

    assert province.clerkship.to_on is None


def test_a_new_password_ends_every_session(province: Province, client: Client) -> None:
    chooses(gives(None, province.a_clerk))
    client.post(reverse("account_login"), {"login": "a_clerk", "password": PASSWORD})
    assert client.get(reverse("agencies:account")).status_code == 200
    assert UserSession.objects.filter(user=province.a_clerk).exists()

    chooses(gives(None, province.a_clerk), password="một câu khác hẳn câu trước")

    assert client.get(reverse("agencies:account")).status_code == 302
    assert not UserSession.objects.filter(user=province.a_clerk).exists()


def test_the_database_keeps_one_unspent_link_a_person(province: Province) -> None:
    link = gives(None, province.a_clerk).link
    values = {"user": link.user, "given_at": AT, "expires_at": EXPIRED}

    with pytest.raises(IntegrityError), transaction.atomic():
        SignInLink.objects.create(token_hash="0" * 64, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignInLink.objects.filter(pk=link.pk).update(used_at=AT, withdrawn_at=AT)


# -- The screens ----------------------------------------------------------------------------------


@pytest.fixture
def admin(province: Province, client: Client) -> Client:
    client.force_login(province.a_admin)
    return client


def fields(province: Province, **values: object) -> dict[str, object]:
    return {
        "username": "moi.nguoi", "last_name": "Trần Thị", "first_name": "Mới", "email": "",
        "agency": province.a.pk, "role": "officer", "title": "", **values,
    }  # fmt: skip


def address_in(answer: object) -> str:
    found = re.search(r"/co-quan/dat-mat-khau/[\w-]+/", answer.content.decode())  # type: ignore[attr-defined]
    assert found
    return found[0]


def test_from_a_new_account_to_the_first_sign_in(admin: Client, province: Province) -> None:
    shown = admin.post(reverse("agencies:create_account"), fields(province))
    assert shown.status_code == 200
    link = address_in(shown)
    newcomer = Client()

    page = newcomer.get(link)
    assert page.status_code == 200
    assert "moi.nguoi" in page.content.decode()
    done = newcomer.post(link, {"password": PASSWORD, "again": PASSWORD})
    assert done.headers["Location"] == reverse("account_login")
    assert newcomer.get("/").status_code == 302

    newcomer.post(reverse("account_login"), {"login": "moi.nguoi", "password": PASSWORD})
    assert newcomer.get("/").status_code == 200


def test_a_link_is_given_to_whom_one_administers(admin: Client, province: Province) -> None:
    address = reverse("agencies:give_link")
    assert 'value="a_clerk"' in admin.get(address, {"user": "a_clerk"}).content.decode()

    link = address_in(admin.post(address, {"user": " A_clerk "}))

    assert SignInLink.objects.get().user == province.a_clerk
    assert Client().get(link).status_code == 200


def test_no_answer_tells_an_administrator_which_accounts_exist_elsewhere(
    admin: Client, province: Province
) -> None:
    User.objects.create_superuser("root")
    address = reverse("agencies:give_link")
    answers = {
        re.sub(r'"[\w-]{40,}"', "", admin.post(address, {"user": name}).content.decode())
        .replace(f'value="{name}"', "")
        for name in ("b_clerk", "admin", "root", "nobody.at.all")
    }  # fmt: skip

    assert len(answers) == 1
    assert not SignInLink.objects.exists()


@pytest.mark.parametrize("name", ["create_account", "give_link"])
def test_the_screens_are_for_administrators(client: Client, province: Province, name: str) -> None:
    address = reverse(f"agencies:{name}")
    assert client.get(address).status_code == 302
    for who in ("a_head", "a_clerk", "b_clerk"):
        client.force_login(getattr(province, who))
        assert client.get(address).status_code == 403
        assert client.post(address, fields(province) | {"user": "a_clerk"}).status_code == 403

    assert not SignInLink.objects.exists()
    client.force_login(province.a_admin)
    assert client.get(address).status_code == 200


def test_only_an_administrator_is_led_to_them(client: Client, province: Province) -> None:
    account, there = reverse("agencies:account"), reverse("agencies:create_account")
    client.force_login(province.a_clerk)
    assert there not in client.get(account).content.decode()

    client.force_login(province.a_admin)

    assert there in client.get(account).content.decode()


def test_what_was_typed_stays_after_a_refusal(admin: Client, province: Province) -> None:
    taken = fields(province, username="a_clerk")
    answer = admin.post(reverse("agencies:create_account"), taken)
    elsewhere = admin.post(
        reverse("agencies:create_account"), fields(province, agency=province.b.pk)
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_username"' in page
    assert "Trần Thị" in page
    assert elsewhere.status_code == 422
    assert not User.objects.filter(username="moi.nguoi").exists()


def test_a_second_click_makes_no_second_account(admin: Client, province: Province) -> None:
    statuses = [
        admin.post(reverse("agencies:create_account"), fields(province)).status_code
        for _click in range(2)
    ]

    assert statuses == [200, 422]
    assert Post.objects.filter(user__username="moi.nguoi").count() == 1


def test_looking_at_a_link_changes_nothing(province: Province, client: Client) -> None:
    address = reverse("agencies:choose_password", args=[gives_now(province).token])
    before = (ledger(), list(SignInLink.objects.values()))

    client.head(address)
    client.get(address)
    client.get(address, {"password": PASSWORD, "again": PASSWORD})
    client.get(address, headers={"Sec-Purpose": "prefetch"})
    assert client.put(address).status_code == 405

    assert (ledger(), list(SignInLink.objects.values())) == before
    assert client.post(address, {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert ledger()[-1] == "user.password_chosen"


def gives_now(province: Province, **ago: float) -> Given:
    return gives(None, province.a_clerk, clock.now() - timedelta(**ago))


def test_links_that_do_not_work_are_answered_alike(province: Province) -> None:
    used, withdrawn = gives_now(province), gives(None, province.b_clerk, clock.now())
    choose_password(token=used.token, password=PASSWORD, at=clock.now())
    gives(None, province.b_clerk, clock.now())
    expired = gives(None, province.a_head, clock.now() - accounts.LIFETIME)
    closed = gives(None, province.a_officer, clock.now())
    User.objects.filter(pk=province.a_officer.pk).update(is_active=False)
    answers = set()
    for token in (used.token, withdrawn.token, expired.token, closed.token, "x" * 43):
        address = reverse("agencies:choose_password", args=[token])
        fill = {"password": PASSWORD, "again": PASSWORD}
        for answer in (Client().get(address), Client().post(address, fill)):
            page = answer.content.decode().replace(token, "")
            answers.add((answer.status_code, re.sub(r'"[\w-]{40,}"', "", page)))

    assert {status for status, _page in answers} == {404}
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("password", "again"), [(PASSWORD, "khác"), ("ngắn", "ngắn"), ("", ""), (PASSWORD, "")]
)
def test_a_refused_password_is_explained_and_never_shown_again(
    province: Province, client: Client, password: str, again: str
) -> None:
    address = reverse("agencies:choose_password", args=[gives_now(province).token])

    answer = client.post(address, {"password": password, "again": again})

    assert answer.status_code == 422
    assert PASSWORD not in answer.content.decode()
    assert SignInLink.objects.get().used_at is None


def test_a_link_is_not_used_in_the_session_of_somebody_else(
    admin: Client, province: Province
) -> None:
    address = reverse("agencies:choose_password", args=[gives_now(province).token])
    assert admin.get(address).status_code == 200

    answer = admin.post(address, {"password": PASSWORD, "again": PASSWORD})

    assert answer.status_code == 409
    assert SignInLink.objects.get().used_at is None


def test_the_address_of_a_link_is_kept_from_caches_and_referers(province: Province) -> None:
    client = Client(enforce_csrf_checks=True)
    address = reverse("agencies:choose_password", args=[gives_now(province).token])

    answer = client.get(address)

    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.post(address, {"password": PASSWORD, "again": PASSWORD}).status_code == 403


def test_closing_an_account_on_the_screen_withdraws_its_link(
    admin: Client, province: Province
) -> None:
    gives_now(province)

    admin.post(reverse("agencies:deactivate", args=[province.a_clerk.pk]))

    assert SignInLink.objects.get().withdrawn_at


def test_the_sign_in_page_does_not_tell_who_has_an_account(province: Province) -> None:
    """Unknown, known with another password, known without one, closed: the same words."""
    province.a_clerk.set_password(PASSWORD)
    province.a_clerk.save()
    person("without")
    closed = person("closed")
    closed.set_password(PASSWORD)
    closed.is_active = False
    closed.save()
    tries = [("nobody", "x"), ("a_clerk", "x"), ("without", "x"), ("closed", PASSWORD)]
    answers = set()
    for name, password in tries:
        answer = Client().post(reverse("account_login"), {"login": name, "password": password})
        page = answer.content.decode().replace(f'value="{name}"', "")
        answers.add((answer.status_code, re.sub(r'"[\w-]{40,}"', "", page)))

    assert len(answers) == 1


# -- The first account ----------------------------------------------------------------------------


def first_account(*args: str) -> str:
    out = StringIO()
    call_command("first_account", *args, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_the_first_account_opens_by_the_printed_link(
    province: Province, settings: object, client: Client
) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://kinhgui.example.vn"  # type: ignore[attr-defined]
    Post.objects.filter(role=Role.ADMINISTRATOR).delete()

    printed = first_account("dau.tien", "--given-name", "Đầu", "--family-name", "Lê")

    user = User.objects.get(username="dau.tien")
    assert (user.posts.get().role, user.posts.get().agency) == (Role.ADMINISTRATOR, province.p)
    assert printed.startswith("https://kinhgui.example.vn/co-quan/dat-mat-khau/")
    path = printed.removeprefix("https://kinhgui.example.vn")
    assert client.post(path, {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert ledger()[-1] == "user.password_chosen"


def test_there_is_one_first_account_and_a_new_link_for_it(province: Province) -> None:
    with pytest.raises(CommandError, match="administrator already"):
        first_account("dau.tien")

    first, second = first_account("a_admin"), first_account("a_admin")

    assert first != second
    assert SignInLink.objects.unspent().get().user == province.a_admin


def test_the_first_account_needs_one_agency_to_stand_in(province: Province) -> None:
    Post.objects.filter(role=Role.ADMINISTRATOR).delete()
    Agency.objects.filter(pk=province.b.pk).update(parent=None)
    with pytest.raises(CommandError, match="--agency"):
        first_account("dau.tien")
    identifier = AgencyName.objects.get(agency=province.b).identifier

    first_account("dau.tien", "--agency", identifier)

    assert User.objects.get(username="dau.tien").posts.get().agency == province.b


def test_a_refused_first_account_says_why(province: Province) -> None:
    Post.objects.filter(role=Role.ADMINISTRATOR).delete()

    with pytest.raises(CommandError):
        first_account("Ơi")
