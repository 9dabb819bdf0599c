"""The answer by the link in a mail: looking changes nothing, and what is dead says so alike."""

import logging
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from agencies.mailboxes import set_mailbox
from agencies.succession import end_agency
from documents.refusals import WrongState
from ledger.models import LedgerEntry
from ledger.verification import verify
from seminars import lifecycle, links
from seminars.choices import Answer
from seminars.lifecycle import Time
from seminars.models import Invitation, Seminar, SeminarEvent, SeminarMail
from tests.documents.factories import client_of
from tests.seminars.world import Seminars, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    now = {"at": at(6, 12)}
    monkeypatch.setattr("agencies.clock.now", lambda: now["at"])
    return now


@pytest.fixture
def house() -> Seminars:
    made = Seminars()
    set_mailbox(agency=made.small.home, mailbox="vanthu@snv.example", by=None, at=at(1))
    return made


def mailed(house: Seminars, seminar: Seminar) -> SeminarMail:
    mail = lifecycle.begin_mail(invitation=house.invitation(seminar).pk, owed_by="test", at=at(6))
    assert mail is not None
    return mail


def address_of(mail: SeminarMail) -> str:
    return reverse("seminars:answer_by_link", args=[links.token_of(mail.pk)])


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
    }


def test_looking_changes_nothing_in_the_whole_database(house):
    mail = mailed(house, house.invited(answer_by=at(10)))
    before = everything()
    browser = Client()

    for look in (browser.get, browser.head, client_of(house.small.home_clerk).get):
        assert look(address_of(mail)).status_code == 200
    after = everything()

    # The one who is signed in has a session of his own, which was there before he looked.
    for label in ("sessions.Session", "agencies.User"):
        before.pop(label), after.pop(label)
    assert after == before


def test_the_page_says_what_it_is_about_and_names_nobody(house):
    seminar = house.invited(answer_by=at(10))
    house.named(seminar, "Trần Thị Mẫu")
    page = Client().get(address_of(mailed(house, seminar)))
    text = page.content.decode()

    for word in (
        "Hội thảo xây dựng phong trào",
        "UBND tỉnh",
        "Sở Nội vụ",
        "thứ Tư ngày 15/06/2016",
    ):
        assert word in text
    assert "Mẫu" not in text
    assert page["Cache-Control"] == "private, no-store"
    # Not `no-referrer`: the form's own POST would then be refused.
    assert page["Referrer-Policy"] == "strict-origin"


def test_a_button_answers_and_nobody_is_named_as_who_did(house):
    seminar = house.invited()
    mail = mailed(house, seminar)
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(address_of(mail))
    token = page.content.decode().split('csrfmiddlewaretoken" value="')[1].split('"')[0]

    assert browser.post(address_of(mail), {"comes": "yes"}).status_code == 403
    done = browser.post(address_of(mail), {"comes": "yes", "csrfmiddlewaretoken": token})

    assert (done.status_code, done["Location"]) == (302, address_of(mail))
    row = house.invitation(seminar)
    assert (row.answer, row.answered_at) == (Answer.ACCEPTED, at(6, 12))
    assert (row.answered_by, row.answered_by_mail) == (None, mail)
    event = SeminarEvent.objects.order_by("-pk")[0]
    assert (event.act, event.actor, event.facts["mail"]) == ("answer_by_link", None, mail.pk)
    entry = LedgerEntry.objects.order_by("-seq")[0]
    assert entry.type == "seminar.answered"
    assert b"vanthu" not in bytes(entry.entry_bytes)
    assert verify().problems == []


def test_signed_in_or_not_the_answer_is_the_holders_of_the_mail(house):
    mail = mailed(house, house.invited())

    client_of(house.small.home_clerk).post(address_of(mail), {"comes": "yes"})

    assert Invitation.objects.get(pk=mail.invitation_id).answered_by is None


def test_the_organiser_reads_how_it_was_answered(house):
    seminar = house.invited()
    Client().post(address_of(mailed(house, seminar)), {"comes": "no", "reason": "Trùng kỳ họp"})
    browser = client_of(house.clerk)
    browser.cookies["language"] = "en"
    page = browser.get(reverse("seminars:seminar", args=[seminar.pk])).content.decode()

    assert "by the link that was mailed to the mailbox of Sở Nội vụ" in page
    assert "Trùng kỳ họp" in page
    assert "whoever had the mail" in page
    own = client_of(house.small.home_clerk)
    own.cookies["language"] = "en"
    page = own.get(reverse("seminars:seminar", args=[seminar.pk])).content.decode()
    assert "by the link that was mailed to the mailbox of Sở Nội vụ" in page


def test_not_coming_needs_a_reason_and_what_was_typed_stays(house):
    mail = mailed(house, house.invited())
    browser = Client()

    refused = browser.post(address_of(mail), {"comes": "no", "reason": "  "})
    secret = browser.post(address_of(mail), {"comes": "no", "reason": "MẬT\nbận việc khác"})
    nothing = browser.post(address_of(mail), {"reason": "x"})

    assert [each.status_code for each in (refused, secret, nothing)] == [422, 422, 422]
    assert "bận việc khác" in secret.content.decode()
    assert Invitation.objects.get(pk=mail.invitation_id).answer == Answer.NONE
    assert LedgerEntry.objects.filter(type="paper.refused").count() == 1


def test_twice_is_once_and_the_answer_may_change_while_nobody_signed_in(house):
    seminar = house.invited()
    mail = mailed(house, seminar)
    browser = Client()

    for _ in range(2):
        browser.post(address_of(mail), {"comes": "yes"})
    assert SeminarEvent.objects.filter(act="answer_by_link").count() == 1
    browser.post(address_of(mail), {"comes": "no", "reason": "Bận"})
    row = house.invitation(seminar)
    assert (row.answer, row.declined_for) == (Answer.DECLINED, "Bận")
    browser.post(address_of(mail), {"comes": "yes"})
    row = house.invitation(seminar)
    assert (row.answer, row.declined_for) == (Answer.ACCEPTED, "")


def test_what_a_person_answered_and_whom_he_named_a_link_does_not_undo(house):
    seminar = house.invited()
    mail = mailed(house, seminar)
    Client().post(address_of(mail), {"comes": "yes"})
    named = house.named(seminar, "Trần Thị Mẫu")

    refused = Client().post(address_of(mail), {"comes": "no", "reason": "Bận"})
    assert refused.status_code == 422
    named.refresh_from_db()
    assert named.seat_no == 1
    lifecycle.withdraw_delegate(nomination=named, by=house.small.home_clerk, at=at(6))
    lifecycle.answer(
        invitation=house.invitation(seminar), comes=False, reason="Bận",
        by=house.small.home_clerk, at=at(6),
    )  # fmt: skip
    with pytest.raises(WrongState):
        lifecycle.answer_by_link(mail=mail.pk, comes=True, at=at(6))
    page = Client().get(address_of(mail)).content.decode()
    assert 'name="comes"' not in page


def test_a_person_overrules_the_link_and_is_then_who_answered(house):
    seminar = house.invited()
    mail = mailed(house, seminar)
    Client().post(address_of(mail), {"comes": "no", "reason": "Bận"})

    house.named(seminar, "Trần Thị Mẫu")

    row = house.invitation(seminar)
    assert (row.answered_by, row.answered_by_mail) == (house.small.home_clerk, None)


def dead(answer) -> bytes:
    assert answer.status_code == 404
    # The token of the CSRF form of the language button differs each time.
    text = answer.content.decode()
    return text.split("<h1>")[1].split("</p>")[0].encode()


def test_unknown_altered_expired_and_revoked_are_answered_alike(house, today):
    seminar = house.invited(answer_by=at(10))
    mail = mailed(house, seminar)
    address = address_of(mail)
    browser = Client()
    assert browser.get(address).status_code == 200
    unknown = dead(browser.get(reverse("seminars:answer_by_link", args=["x"])))

    def is_dead(path: str = address) -> None:
        assert dead(browser.get(path)) == unknown
        assert dead(browser.post(path, {"comes": "yes"})) == unknown

    token = links.token_of(mail.pk)
    is_dead(reverse("seminars:answer_by_link", args=[token[:-1]]))
    is_dead(reverse("seminars:answer_by_link", args=[token.replace(str(mail.pk), "7", 1)]))
    is_dead(reverse("seminars:answer_by_link", args=[links.token_of(mail.pk + 99)]))
    is_dead(reverse("seminars:answer_by_link", args=[links.token_of(2**70)]))
    today["at"] = at(10)
    is_dead()
    today["at"] = at(6, 12)
    assert browser.get(address).status_code == 200
    assert house.invitation(seminar).answer == Answer.NONE


def test_a_link_ends_when_the_seminar_begins_where_no_deadline_is_set(house, today):
    mail = mailed(house, house.invited())

    today["at"] = at(15, 7, 29)
    assert Client().get(address_of(mail)).status_code == 200
    today["at"] = at(15, 7, 30)
    assert Client().get(address_of(mail)).status_code == 404


def revoked(house: Seminars, seminar: Seminar, how: str) -> None:
    if how == "moved":
        lifecycle.move(
            seminar=seminar, time=Time(at(16, 8), at(16, 9)), reason="x", by=house.officer, at=at(6)
        )
    elif how == "postponed":
        lifecycle.postpone(seminar=seminar, reason="x", by=house.clerk, at=at(6))
    elif how == "cancelled":
        lifecycle.cancel(seminar=seminar, reason="x", by=house.clerk, at=at(6))
    elif how == "ended":
        end_agency(agency=house.small.home, to_on=date(2016, 6, 5), by=None, at=at(6))
    elif how == "another mailbox":
        set_mailbox(agency=house.small.home, mailbox="b@snv.example", by=None, at=at(6))
    elif how == "withdrawn":
        house.invitation(seminar)
        Invitation.objects.filter(seminar=seminar).update(sent_at=None)


@pytest.mark.parametrize(
    "how", ["moved", "postponed", "cancelled", "ended", "another mailbox", "withdrawn"]
)
def test_a_link_is_dead_once_it_was(house, how):
    seminar = house.invited()
    mail = mailed(house, seminar)
    assert Client().get(address_of(mail)).status_code == 200
    revoked(house, seminar, how)

    assert Client().get(address_of(mail)).status_code == 404
    assert Client().post(address_of(mail), {"comes": "yes"}).status_code == 404
    assert house.invitation(seminar).answer == Answer.NONE


def test_more_time_keeps_the_link_and_a_newer_mail_has_one_of_its_own(house, today):
    seminar = house.invited(answer_by=at(10))
    mail = mailed(house, seminar)
    letter = house.invitation(seminar).letter
    lifecycle.invite(
        seminar=seminar, letter=letter, answer_by=at(13), by=house.clerk, at=at(9)
    )  # fmt: skip

    today["at"] = at(12)
    assert Client().get(address_of(mail)).status_code == 200
    assert links.token_of(mail.pk) != links.token_of(mail.pk + 1)


def test_another_agencys_link_answers_for_that_one_alone(house):
    seminar = house.invited()
    Client().post(address_of(mailed(house, seminar)), {"comes": "yes"})

    assert house.invitation(seminar, house.small.finance).answer == Answer.NONE


def test_a_link_is_pressed_a_few_times_a_minute_and_no_more(house, settings):
    settings.ACCOUNT_RATE_LIMITS = {"answer_by_link": "3/m/key,600/m/ip"}
    mail = mailed(house, house.invited())
    browser = Client()

    answers = [browser.post(address_of(mail), {"comes": "x"}).status_code for _ in range(5)]

    assert answers == [422, 422, 422, 429, 429]
    other = reverse("seminars:answer_by_link", args=["x"])
    assert browser.post(other, {"comes": "x"}).status_code == 404


def test_no_log_holds_the_link(house, caplog, settings):
    from intranet.logs import NoSecretAddresses  # noqa: PLC0415

    mail = mailed(house, house.invited())
    caplog.handler.addFilter(NoSecretAddresses())
    with caplog.at_level(logging.DEBUG):
        refused = Client(enforce_csrf_checks=True).post(address_of(mail), {"comes": "yes"})
        gone = Client().get(reverse("seminars:answer_by_link", args=["secret-word"]))

    assert (refused.status_code, gone.status_code) == (403, 404)
    assert "/hoi-thao/tra-loi/…" in caplog.text
    assert links.token_of(mail.pk) not in caplog.text
    assert "secret-word" not in caplog.text
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["no_secrets"]


def test_the_same_mail_has_the_same_link_and_nothing_of_it_is_stored(house):
    mail = mailed(house, house.invited())
    token = links.token_of(mail.pk)

    assert links.token_of(mail.pk) == token
    assert token.split(".")[1] not in str(everything())
    assert links.mail_of(token) == mail.pk
