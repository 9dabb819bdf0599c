"""The second step: who owes it reaches nothing else; what it needs works in our look."""

import re
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from agencies import clock
from agencies.choices import AgencyKind, DeputyScope, Role
from agencies.models import Agency, User
from intranet import second_factor
from intranet.routes import DECLARED, walk
from tests.agencies.world import body, hold, person, stand_in

pytestmark = pytest.mark.django_db

PASSWORD = "một câu dài chỉ mình biết"
TODAY = clock.today()
ENROLMENT = "/tai-khoan/2fa/"


@pytest.fixture
def agency() -> Agency:
    return body("Sở Nội vụ", kind=AgencyKind.DEPARTMENT)


@pytest.fixture(autouse=True)
def required(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # A code lives 30 seconds: the tests are all done in one moment.
    moment = time.time()
    monkeypatch.setattr(totp, "time", SimpleNamespace(time=lambda: moment))
    settings.MFA_REQUIRED = True
    middleware = "intranet.second_factor.SecondFactor"
    if middleware not in settings.MIDDLEWARE:
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, middleware]
    yield
    # Codes that were used are remembered there.
    cache.clear()


def account(name: str, *posts: tuple[Agency, Role], **values: object) -> User:
    user = person(name, *posts)
    User.objects.filter(pk=user.pk).update(**values)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    return client


def code_of(secret: str) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def begin(client: Client) -> Any:
    """Ask for the enrolment, give the password again as asked, and return the page of the key."""
    asked = client.get(reverse("mfa_activate_totp"))
    led = client.post(asked.headers["Location"], {"password": PASSWORD})
    assert led.headers["Location"] == reverse("mfa_activate_totp")
    return client.get(led.headers["Location"])


def enrol(client: Client) -> str:
    """Set up an authenticator on the screens; return its key."""
    address = reverse("mfa_activate_totp")
    page = begin(client)
    assert page.status_code == 200
    secret = page.context["form"].secret
    done = client.post(address, {"code": code_of(secret)})
    assert done.headers["Location"] == reverse("mfa_view_recovery_codes")
    cache.clear()
    return secret


def held_back(client: Client) -> bool:
    answer = client.get("/")
    assert answer.status_code in (200, 302)
    return answer.status_code == 302 and answer.headers["Location"] == ENROLMENT


# -- Who owes it ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.CLERK, Role.HEAD, Role.ADMINISTRATOR])
def test_these_roles_owe_a_second_factor(agency: Agency, role: Role) -> None:
    assert held_back(signed_in(account("one", (agency, role))))


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER, Role.ARCHIVIST, Role.AUDITOR])
def test_other_roles_owe_none(agency: Agency, role: Role) -> None:
    assert not held_back(signed_in(account("one", (agency, role))))


def test_a_superuser_owes_one_without_any_post() -> None:
    assert held_back(signed_in(account("root", is_superuser=True)))


def test_a_borrowed_post_counts_while_it_is_lent(agency: Agency) -> None:
    clerk = account("clerk", (agency, Role.CLERK))
    deputy = account("deputy", (agency, Role.OFFICER))
    client = signed_in(deputy)
    assert not held_back(client)

    stand_in(
        clerk.posts.get(), deputy, scope=DeputyScope.READING, from_on=TODAY, to_on=TODAY,
        at=clock.now(),
    )  # fmt: skip

    assert held_back(client)


def test_a_post_given_during_a_session_counts_at_once(agency: Agency) -> None:
    user = account("one", (agency, Role.OFFICER))
    client = signed_in(user)
    assert not held_back(client)

    hold(user, agency, Role.CLERK, from_on=TODAY, at=clock.now())

    assert held_back(client)


@pytest.mark.parametrize("change", [{"MFA_REQUIRED": False}, {"DEMO": True}])
def test_nobody_owes_one_where_the_switch_is_off_or_in_the_demonstration(
    agency: Agency, settings: Any, change: dict[str, bool]
) -> None:
    user = account("clerk", (agency, Role.CLERK))
    client = signed_in(user)
    assert held_back(client)

    for name, value in change.items():
        setattr(settings, name, value)

    assert not second_factor.is_owed(user)


def test_recovery_codes_alone_are_no_second_factor(agency: Agency) -> None:
    user = account("clerk", (agency, Role.CLERK))
    RecoveryCodes.activate(user)

    assert held_back(signed_in(user))


# -- What stays open --------------------------------------------------------------------------------


def test_every_other_address_leads_to_the_enrolment(agency: Agency) -> None:
    """Each declared address, by GET and POST; third parties' and the web team's included."""
    user = account("root", (agency, Role.CLERK), is_superuser=True)
    client = Client()
    client.force_login(user)
    paths = set(_paths())
    assert len(paths) > 60
    for path in sorted(paths):
        for answer in (client.get(path), client.post(path)):
            assert answer.status_code == 302, path
            assert answer.headers["Location"] == ENROLMENT, path


def test_what_is_needed_to_enrol_or_to_leave_stays_open(agency: Agency) -> None:
    client = signed_in(account("clerk", (agency, Role.CLERK)))
    assert client.get(reverse("mfa_activate_totp")).status_code == 302
    begin(client)

    for name in ("mfa_index", "mfa_activate_totp", "account_reauthenticate", "healthz",
                 "account_logout"):  # fmt: skip
        assert client.get(reverse(name)).status_code == 200, name
    sheet = client.get("/static/css/kinh-gui.css")
    assert b"".join(sheet.streaming_content)
    assert client.post(reverse("account_logout")).status_code == 302
    assert client.get("/").headers["Location"].startswith(reverse("account_login"))


def test_it_is_open_by_name_and_every_name_is_an_address() -> None:
    assert set(DECLARED) >= second_factor.OPEN


def test_strangers_meet_the_sign_in_page_as_before() -> None:
    assert Client().get("/").headers["Location"].startswith(reverse("account_login"))
    assert Client().get(reverse("account_login")).status_code == 200


def test_the_enrolment_says_why_one_is_there(agency: Agency) -> None:
    clerk = signed_in(account("clerk", (agency, Role.CLERK)))
    officer = signed_in(account("officer", (agency, Role.OFFICER)))
    begin(clerk)
    begin(officer)

    for name in ("mfa_index", "mfa_activate_totp"):
        assert 'class="notice due"' in clerk.get(reverse(name)).content.decode()
        assert 'class="notice due"' not in officer.get(reverse(name)).content.decode()


def _paths() -> Iterator[str]:
    """Yield an address for each route; of those that match more than one text, what follows."""
    for route in walk():
        if route.in_admin or route.name in second_factor.OPEN:
            continue
        names = re.findall(r"<(?:\w+:)?(\w+)>", route.pattern)
        try:
            yield reverse(route.name, kwargs=dict.fromkeys(names, "1"))
        except NoReverseMatch:
            continue
    yield from ("/tin-tuc/", "/tai-khoan/signup/", "/quan-tri/", "/quan-tri/users/")


# -- Setting it up, using it ------------------------------------------------------------------------


def test_from_the_first_sign_in_to_the_second_step(agency: Agency) -> None:
    user = account("clerk", (agency, Role.CLERK))
    client = signed_in(user)
    assert held_back(client)

    secret = enrol(client)
    assert not held_back(client)
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200

    again = signed_in(user)
    assert again.get("/").headers["Location"].startswith(reverse("account_login"))
    step = reverse("mfa_authenticate")
    assert again.get(step).status_code == 200
    assert again.post(step, {"code": "000000"}).status_code == 200
    assert again.get("/").status_code == 302
    again.post(step, {"code": code_of(secret)})
    assert again.get("/").status_code == 200


def test_a_mail_address_on_the_account_does_not_stand_in_the_way(agency: Agency) -> None:
    """allauth lets nobody enrol while an address waits to be confirmed; ours never wait."""
    client = signed_in(account("clerk", (agency, Role.CLERK), email="clerk@example.vn"))

    enrol(client)

    assert not held_back(client)


def test_a_recovery_code_works_once(agency: Agency) -> None:
    user = account("clerk", (agency, Role.CLERK))
    enrol(signed_in(user))
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    step = reverse("mfa_authenticate")
    first, second = signed_in(user), signed_in(user)

    first.post(step, {"code": codes[0]})
    second.post(step, {"code": codes[0]})

    assert first.get("/").status_code == 200
    assert second.get("/").status_code == 302


def test_a_code_of_the_authenticator_works_once(agency: Agency) -> None:
    user = account("clerk", (agency, Role.CLERK))
    secret = enrol(signed_in(user))
    step, code = reverse("mfa_authenticate"), code_of(secret)
    first, second = signed_in(user), signed_in(user)

    first.post(step, {"code": code})
    second.post(step, {"code": code})

    assert first.get("/").status_code == 200
    assert second.get("/").status_code == 302


def test_turning_it_off_makes_it_owed_again(agency: Agency) -> None:
    client = signed_in(account("clerk", (agency, Role.CLERK)))
    enrol(client)

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.exists()
    assert held_back(client)


def test_a_wrong_code_turns_nothing_on_and_is_explained(agency: Agency) -> None:
    client = signed_in(account("clerk", (agency, Role.CLERK)))
    begin(client)

    page = client.post(reverse("mfa_activate_totp"), {"code": "000000"}).content.decode()

    assert 'class="errors"' in page
    assert not Authenticator.objects.exists()


def test_a_link_for_a_new_password_does_not_pass_the_second_step(agency: Agency) -> None:
    from agencies.accounts import choose_password, give_link  # noqa: PLC0415

    user = account("clerk", (agency, Role.CLERK))
    enrol(signed_in(user))
    given = give_link(user=user, by=None, at=clock.now())
    choose_password(token=given.token, password=PASSWORD, at=clock.now())

    client = signed_in(user)

    assert client.get("/").status_code == 302
    assert client.get(reverse("mfa_authenticate")).status_code == 200


@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_page_keeps_to_the_policy_and_to_our_look(agency: Agency, language: str) -> None:
    user = account("clerk", (agency, Role.CLERK))
    client = signed_in(user)
    client.cookies["language"] = language
    pages = {name: client.get(reverse(name)) for name in ("mfa_index", "account_reauthenticate")}
    pages["mfa_activate_totp"] = begin(client)
    enrolled = client.post(
        reverse("mfa_activate_totp"),
        {"code": code_of(pages["mfa_activate_totp"].context["form"].secret)},
    )
    assert enrolled.status_code == 302
    cache.clear()
    names = ("mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
             "mfa_deactivate_totp")  # fmt: skip
    pages |= {f"{name} after": client.get(reverse(name)) for name in names}
    waiting = signed_in(user)
    waiting.cookies["language"] = language
    pages["mfa_authenticate"] = waiting.get(reverse("mfa_authenticate"))
    for name, answer in pages.items():
        assert answer.status_code == 200, name
        page = BeautifulSoup(answer.content, "html.parser")
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
        assert page.select("[style], style, script:not([src]), [onclick]") == [], name
        assert not re.search(r"""(?:src|href)=["'](?:https?:|data:)""", str(page)), name
        assert page.html["lang"] == language
        assert page.select_one('link[href$="kinh-gui.css"]'), name
        assert len(page.select("h1")) == 1, name
