"""Mails to invited agencies: one an agency and change, of the newest state, whoever is killed when.

They go through a mail server of the test's own, and what arrives is read by parsers that are not
ours.
"""

import json
import re
import smtplib
from datetime import datetime, timedelta
from email.message import EmailMessage
from io import StringIO
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from agencies.mailboxes import set_mailbox
from agencies.models import Agency
from agencies.succession import end_agency
from documents import jobs
from documents.models import OutboxItem
from seminars import jobs as seminar_jobs
from seminars import lifecycle
from seminars.lifecycle import Invited, Time
from seminars.models import Invitation, Seminar, SeminarMail
from tests.seminars.calendar_parsers import READERS, Seen, libical_problems
from tests.seminars.post_office import PostOffice
from tests.seminars.world import Seminars, at

pytestmark = pytest.mark.django_db

HOME, FINANCE = "vanthu@snv.example", "vanthu@stc.example"


class Killed(BaseException):
    """The worker is gone: nothing after that line happens."""


@pytest.fixture
def office(settings):
    with PostOffice() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.DEFAULT_FROM_EMAIL = "kinh-gui@tinh.example"
        settings.PUBLIC_ADDRESS = "https://kinh-gui.tinh.example"
        yield server


@pytest.fixture
def house() -> Seminars:
    made = Seminars()
    for body, mailbox in ((made.small.home, HOME), (made.small.finance, FINANCE)):
        set_mailbox(agency=body, mailbox=mailbox, by=None, at=at(1))
    return made


def deliver(moment: datetime) -> None:
    """Send what is due at that moment, as the worker's thread does."""
    while seminar_jobs.mail_one(moment):
        pass


def part(message: EmailMessage, kind: str) -> str:
    return next(each.get_content() for each in message.walk() if each.get_content_type() == kind)


def calendar_of(message: EmailMessage) -> bytes:
    """The calendar byte by byte as it came over the wire."""
    for each in message.walk():
        if each.get_content_type() == "text/calendar":
            return each.get_payload(decode=True)  # type: ignore[return-value]
    return b""


def seen(message: EmailMessage) -> Seen:
    """The event of its calendar, read by two parsers, who have to agree."""
    body = calendar_of(message)
    (first,), (second,) = (read(body) for read in READERS)
    keys = ("uid", "sequence", "status", "starts", "ends", "summary", "attendees", "organiser")
    assert [getattr(first, key) for key in keys] == [getattr(second, key) for key in keys]
    return first


def method_of(message: EmailMessage) -> str:
    kinds = [each for each in message.walk() if each.get_content_type() == "text/calendar"]
    return kinds[0].get_param("method") if kinds else ""


def subject_of(message: EmailMessage) -> str:
    """As a mail program shows it: a long subject begins on the line below its name."""
    return message["Subject"].strip()


def to(office: PostOffice, mailbox: str) -> list[EmailMessage]:
    return [each for each in office.mails if each["To"] == mailbox]


def test_each_invited_agency_gets_one_mail_with_words_a_page_and_a_request(house, office):
    seminar = house.invited(answer_by=at(10, 17))
    deliver(at(3, 9, 1))

    assert sorted(each["To"] for each in office.mails) == [HOME, FINANCE]
    (first,) = to(office, HOME)
    kinds = [each.get_content_type() for each in first.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html", "text/calendar"]
    assert subject_of(first) == (
        "Giấy mời số 1502/UBND-NC của UBND tỉnh: Hội thảo xây dựng phong trào; "
        "trả lời trước 17:00 10/06/2016"
    )
    assert first["From"] == "UBND tỉnh <kinh-gui@tinh.example>"
    assert first["Auto-Submitted"] == "auto-generated"
    for kind in ("text/plain", "text/html"):
        words = part(first, kind)
        for each in (
            "Kính gửi: Sở Nội vụ", "07 giờ 30, thứ Tư ngày 15/06/2016", "Hội trường A",
            "Lâm Sương Dung, Phó Chủ tịch", "02", "17 giờ 00",
            f"https://kinh-gui.tinh.example/hoi-thao/{seminar.pk}/",
            "https://kinh-gui.tinh.example/hoi-thao/tra-loi/",
        ):  # fmt: skip
            assert each in words, (kind, each)
    event = seen(first)
    assert method_of(first) == "REQUEST"
    assert (event.uid, event.sequence) == (f"{seminar.uid}@kinh-gui", seminar.sequence)
    assert (event.starts, event.ends) == (seminar.starts_at, seminar.ends_at)
    assert event.attendees == (f"mailto:{HOME}",)
    assert event.organiser == "mailto:kinh-gui@tinh.example"
    assert b"RSVP=FALSE" in calendar_of(first).replace(b"\r\n ", b"")
    assert SeminarMail.objects.filter(sent_at__isnull=False).count() == 2


def test_the_organisers_own_mailbox_is_who_is_answered(house, office):
    set_mailbox(agency=house.small.province, mailbox="vt@tinh.example", by=None, at=at(1))
    house.invited()
    deliver(at(3, 9, 1))

    first = office.mails[0]
    assert first["Reply-To"] == "vt@tinh.example"
    assert seen(first).organiser == "mailto:vt@tinh.example"


def test_every_mail_satisfies_libical_by_the_rules_of_its_method(house, office):
    seminar = house.invited()
    deliver(at(3, 9, 1))
    seminar = moved(house, seminar, at(6))
    deliver(at(6, 9, 1))
    lifecycle.cancel(seminar=seminar, reason="Bão", by=house.clerk, at=at(7))
    deliver(at(7, 9, 1))

    assert [method_of(each) for each in to(office, HOME)] == ["REQUEST", "REQUEST", "CANCEL"]
    for each in office.mails:
        assert max(map(len, calendar_of(each).split(b"\r\n"))) <= 75
        found = libical_problems(calendar_of(each))
        if found is None:
            pytest.skip("no libical on this machine")
        assert found == []


def moved(house: Seminars, seminar: Seminar, moment: datetime, hour: int = 14) -> Seminar:
    return lifecycle.move(
        seminar=seminar, time=Time(at(16, hour), at(16, hour + 1)), reason="Trùng kỳ họp",
        by=house.officer, at=moment,
    )  # fmt: skip


def test_nothing_is_sent_before_a_minute_has_passed(house, office):
    house.invited()
    deliver(at(3, 9) + timedelta(seconds=59))

    assert office.mails == []
    assert OutboxItem.objects.filter(kind="mail_seminar", done_at=None).count() == 2


def test_changes_within_the_minute_are_one_mail_of_the_newest_state(house, office):
    seminar = house.invited()
    for seconds, hour in ((10, 14), (20, 15), (50, 16)):
        seminar = moved(house, seminar, at(3, 9) + timedelta(seconds=seconds), hour)
    deliver(at(3, 9, 1))
    deliver(at(3, 9, 5))

    (only,) = to(office, HOME)
    assert (seen(only).starts, seen(only).sequence) == (at(16, 16), seminar.sequence)
    assert not OutboxItem.objects.filter(kind="mail_seminar", done_at=None).exists()


def test_a_move_is_the_same_event_with_a_higher_sequence_and_a_mail_of_its_own(house, office):
    seminar = house.invited()
    deliver(at(3, 9, 1))
    moved(house, seminar, at(6))
    deliver(at(6, 9, 1))

    first, second = to(office, HOME)
    assert seen(second).uid == seen(first).uid
    assert seen(second).sequence > seen(first).sequence
    assert second["Message-ID"] != first["Message-ID"]
    assert subject_of(second).startswith("Thay đổi, Giấy mời số 1502/UBND-NC")
    assert "Trùng kỳ họp" not in second.as_string()


def test_a_new_place_is_mailed_and_the_same_one_is_not(house, office):
    seminar = house.invited()
    deliver(at(3, 9, 1))
    venue = seminar.venues.get().pk
    same = [house.place(venue=venue)]
    other = [house.place(venue=venue, room=house.room("Phòng 2"))]

    seminar = lifecycle.set_places(seminar=seminar, places=same, by=house.officer, at=at(6))
    seminar = lifecycle.move(
        seminar=seminar, time=Time.of(seminar), reason="x", by=house.officer, at=at(6)
    )
    deliver(at(6, 9, 1))
    assert len(to(office, HOME)) == 1
    lifecycle.set_places(seminar=seminar, places=other, by=house.officer, at=at(7))
    deliver(at(7, 9, 1))

    assert seen(to(office, HOME)[1]).location == "Phòng 2"


def test_what_was_postponed_leaves_calendars_and_comes_back_under_its_uid(house, office):
    seminar = house.invited()
    deliver(at(3, 9, 1))
    seminar = lifecycle.postpone(seminar=seminar, reason="Bão số 1", by=house.clerk, at=at(6))
    deliver(at(6, 9, 1))
    # Planned anew: those who were invited hear of it when they are invited again.
    seminar = lifecycle.move(
        seminar=seminar, time=Time(at(20, 8), at(20, 10)), by=house.officer, at=at(7)
    )
    seminar = lifecycle.schedule(seminar=seminar, by=house.officer, at=at(7))
    deliver(at(7, 9, 5))
    assert len(to(office, HOME)) == 2
    letter = house.invitation(seminar).letter
    lifecycle.invite(seminar=seminar, letter=letter, answer_by=None, by=house.clerk, at=at(8))
    deliver(at(8, 9, 1))

    first, off, again = to(office, HOME)
    assert [method_of(each) for each in (first, off, again)] == ["REQUEST", "CANCEL", "REQUEST"]
    assert subject_of(off) == "Hoãn: Hội thảo xây dựng phong trào (UBND tỉnh)"
    assert "tra-loi" not in off.as_string()
    assert (seen(off).status, seen(off).starts) == ("CANCELLED", seen(first).starts)
    assert seen(again).starts == at(20, 8)
    assert len({seen(each).uid for each in (first, off, again)}) == 1
    sequences = [seen(each).sequence for each in (first, off, again)]
    assert sequences == sorted(set(sequences))


def test_cancelled_before_anything_was_mailed_is_words_alone(house, office):
    seminar = house.invited()
    lifecycle.cancel(seminar=seminar, reason="Bão", by=house.clerk, at=at(3, 9) + SOON)
    deliver(at(3, 9, 2))

    (only,) = to(office, HOME)
    assert subject_of(only).startswith("Hủy: ")
    assert method_of(only) == ""


SOON = timedelta(seconds=20)


def test_who_is_listed_later_is_mailed_and_nobody_else_again(house, office):
    seminar = house.invited(quotas={house.small.home: 1})
    deliver(at(3, 9, 1))
    venue = seminar.venues.get()
    both = [Invited(house.small.home, venue), Invited(house.small.finance, venue)]
    lifecycle.list_invited(seminar=seminar, invited=both, by=house.officer, at=at(6))
    deliver(at(6, 9, 5))
    assert to(office, FINANCE) == []
    lifecycle.invite(
        seminar=seminar, letter=house.letter(), answer_by=None, by=house.clerk, at=at(7)
    )
    deliver(at(7, 9, 1))

    assert (len(to(office, HOME)), len(to(office, FINANCE))) == (1, 1)


def test_more_time_to_answer_is_told(house, office):
    seminar = house.invited(answer_by=at(8))
    deliver(at(3, 9, 1))
    lifecycle.invite(
        seminar=seminar, letter=house.invitation(seminar).letter, answer_by=at(13),
        by=house.clerk, at=at(6),
    )  # fmt: skip
    deliver(at(6, 9, 1))

    assert "13/06/2016" in subject_of(to(office, HOME)[1])


def test_who_gets_it_is_asked_when_it_is_sent(house, office):
    house.invited()
    set_mailbox(agency=house.small.home, mailbox="moi@snv.example", by=None, at=at(3))
    end_agency(agency=house.small.finance, to_on=at(3).date(), by=None, at=at(3))
    deliver(at(4))

    assert [each["To"] for each in office.mails] == ["moi@snv.example"]


def test_an_agency_without_a_mailbox_is_sent_nothing_and_nothing_waits(house, office):
    set_mailbox(agency=house.small.home, mailbox="", by=None, at=at(2))
    house.invited()
    deliver(at(3, 9, 1))

    assert [each["To"] for each in office.mails] == [FINANCE]
    assert not OutboxItem.objects.filter(kind="mail_seminar", done_at=None).exists()


def test_what_has_begun_is_not_invited_to_by_a_worker_that_was_away(house, office):
    house.invited()
    deliver(at(15, 8))

    assert office.mails == []


def test_no_delegate_and_no_reason_is_in_it(house, office):
    seminar = house.invited()
    house.named(seminar, "Trần Thị Mẫu")
    lifecycle.answer(
        invitation=house.invitation(seminar, house.small.finance), comes=False,
        reason="Lý do riêng", by=house.small.finance_clerk, at=at(6),
    )  # fmt: skip
    moved(house, seminar, at(6))
    deliver(at(6, 9, 1))

    assert len(office.mails) == 2
    for each in office.mails:
        for word in ("Mẫu", "Lý do riêng", "Trùng kỳ họp"):
            assert word not in part(each, "text/plain") + part(each, "text/calendar")


def test_a_title_with_line_breaks_stays_one_header(house, office):
    title = "Hội thảo\r\nBcc: kẻ lạ <la@la.example>"
    house.invited(title=title)
    deliver(at(3, 9, 1))

    for each in office.mails:
        assert each["Bcc"] is None
        assert "Hội thảo Bcc: kẻ lạ" in subject_of(each)


# -- What goes wrong --------------------------------------------------------------------------


def test_a_server_that_is_away_is_asked_again_ever_later_and_then_a_person_must_look(house, office):
    house.invited(quotas={house.small.home: 1})
    office.answer = lambda: "451 later"
    tries, moment = [], at(3, 9, 1)
    while not OutboxItem.objects.filter(parked_at__isnull=False).exists():
        moment = OutboxItem.objects.get(kind="mail_seminar").not_before
        tries.append(moment)
        assert seminar_jobs.mail_one(moment)
    item = OutboxItem.objects.get(kind="mail_seminar")

    pauses = [after - before for before, after in zip(tries, tries[1:], strict=False)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=2)
    assert pauses[-1] == timedelta(hours=1)
    assert tries[-1] - tries[0] > timedelta(days=1, hours=12)
    assert item.error.startswith("Undelivered: SMTPDataError: (451")
    assert not seminar_jobs.mail_one(at(14))
    shown = asked("--json")
    (given_up,) = shown["given_up_last"]
    assert (shown["given_up"], given_up["key"]) == (1, item.key)
    assert "451" in given_up["error"]
    assert "were given up" in told()


def test_who_invites_sees_whom_the_mail_does_not_reach(house, office, client):
    seminar = house.invited(quotas={house.small.home: 1, house.small.finance: 1})
    Agency.objects.filter(pk=house.small.finance.pk).update(mailbox="")
    client.force_login(house.officer)

    def said(agency: Agency) -> str:
        page = client.get(reverse("seminars:seminar", args=[seminar.pk])).content.decode()
        begins = f'<th scope="row" class="h">{agency}</th>'
        (row,) = [each for each in page.split("<tr>") if each.startswith(begins)]
        return row

    assert "chưa có hộp thư" in said(house.small.finance)
    assert "thư" not in said(house.small.home)
    office.answer = lambda: "451 later"
    deliver(at(3, 9, 1))
    assert "thư chưa gửi được" in said(house.small.home)
    # The item of the move is done with: the older one has begun the mail that tells of it.
    moved(house, seminar, at(3, 9, 2))
    deliver(at(3, 9, 5))
    OutboxItem.objects.filter(done_at=None).update(parked_at=at(5))
    assert "không gửi được thư" in said(house.small.home)
    OutboxItem.objects.update(parked_at=None, not_before=at(6))
    office.answer = lambda: "250 taken"
    deliver(at(6))
    assert "thư" not in said(house.small.home)


def test_what_was_given_up_is_tried_again_when_somebody_says_so(house, office, monkeypatch):
    monkeypatch.setattr("agencies.clock.now", lambda: at(6))
    house.invited(quotas={house.small.home: 1})
    OutboxItem.objects.filter(kind="mail_seminar").update(parked_at=at(5), attempts=60, error="x")
    deliver(at(6))
    assert office.mails == []

    assert asked("--retry", "--json")["retried"] == 1
    assert asked("--retry", "--json")["retried"] == 0
    deliver(at(6))
    assert len(office.mails) == 1


def told(*options: str) -> str:
    written = StringIO()
    call_command("outbox", *options, stdout=written)
    return written.getvalue()


def asked(*options: str) -> dict[str, Any]:
    return json.loads(told(*options))


def test_what_the_server_says_of_the_link_is_not_kept(house, office):
    house.invited(quotas={house.small.home: 1})
    said = []
    take = office.take

    def listening(content: bytes) -> str:
        said.append(content.decode())
        return take(content)

    office.take = listening  # type: ignore[method-assign]
    office.answer = lambda: f"451 spam: {LINK.search(said[-1])[1]}"  # type: ignore[index]
    deliver(at(3, 9, 1))

    item = OutboxItem.objects.get(kind="mail_seminar")
    assert "spam: …" in item.error
    assert LINK.search(said[-1])[1] not in str(vars(item))  # type: ignore[index]


LINK = re.compile(r"tra-loi/([^/\s]+)/")


def test_a_mail_that_failed_is_sent_when_the_server_is_back(house, office):
    house.invited(quotas={house.small.home: 1})
    office.answer = lambda: "451 later"
    deliver(at(3, 9, 1))
    assert office.mails == []
    office.answer = lambda: "250 taken"
    deliver(at(3, 9, 2))

    assert len(office.mails) == 1
    assert SeminarMail.objects.get().sent_at is not None


def test_a_change_while_the_server_was_away_is_told_once_in_its_newest_state(house, office):
    seminar = house.invited(quotas={house.small.home: 1})
    office.answer = lambda: "451 later"
    deliver(at(3, 9, 1))
    moved(house, seminar, at(3, 9, 1))
    office.answer = lambda: "250 taken"
    deliver(at(3, 9, 30))
    deliver(at(4, 9))

    (only,) = office.mails
    assert seen(only).starts == at(16, 14)


def test_killed_between_handing_over_and_marking_it_is_recognised_when_it_comes_again(
    house, office, monkeypatch
):
    house.invited(quotas={house.small.home: 1})

    def killed(**_values: object) -> None:
        raise Killed

    with monkeypatch.context() as here:
        here.setattr(lifecycle, "mail_sent", killed)
        with pytest.raises(Killed):
            seminar_jobs.mail_one(at(3, 9, 1))
    # Its lease has not run out: no other worker is at it.
    assert not seminar_jobs.mail_one(at(3, 9, 1))
    deliver(at(3, 9, 3))
    deliver(at(3, 9, 10))

    first, second = office.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert part(first, "text/plain") == part(second, "text/plain")
    assert calendar_of(first) == calendar_of(second)


def test_killed_before_handing_over_it_is_sent_once(house, office, monkeypatch):
    house.invited(quotas={house.small.home: 1})

    def killed(*_args: object, **_values: object) -> None:
        raise Killed

    with monkeypatch.context() as here:
        here.setattr(smtplib.SMTP, "sendmail", killed)
        with pytest.raises(Killed):
            seminar_jobs.mail_one(at(3, 9, 1))
    deliver(at(3, 9, 3))

    assert len(office.mails) == 1


def test_two_workers_with_two_items_for_one_state_send_it_once(house, office):
    seminar = house.invited(quotas={house.small.home: 1})
    moved(house, seminar, at(3, 9) + SOON)
    one = jobs.lease_next(at=at(3, 9, 2), outside=True)
    two = jobs.lease_next(at=at(3, 9, 2), outside=True)
    assert one
    assert two
    invitation = house.invitation(seminar).pk

    first = lifecycle.begin_mail(invitation=invitation, owed_by=one.key, at=at(3, 9, 2))
    second = lifecycle.begin_mail(invitation=invitation, owed_by=two.key, at=at(3, 9, 2))

    assert first is not None
    assert second is None


def test_the_database_refuses_a_second_mail_of_one_change(house, office):
    house.invited(quotas={house.small.home: 1})
    deliver(at(3, 9, 1))
    mail = SeminarMail.objects.get()
    mail.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        mail.save(force_insert=True)


def test_a_mail_server_that_hangs_holds_up_no_delivery(house, office):
    house.invited()

    assert jobs.lease_next(at=at(4)).kind != "mail_seminar"
    while jobs.work_one(at=at(4)):
        pass
    assert outbox.outbox == []
    assert OutboxItem.objects.filter(kind="mail_seminar", done_at=None).count() == 2


def test_reading_a_mail_together_costs_the_same_for_one_agency_and_for_three(
    house, office, django_assert_num_queries
):
    seminar = house.invited()
    deliver(at(3, 9, 1))
    mails = SeminarMail.objects.select_related("event", "invitation")

    for mail in mails:
        with django_assert_num_queries(3):
            seminar_jobs.mails.message_of(mail)
    assert Invitation.objects.filter(seminar=seminar).count() == 2
    assert Agency.objects.exclude(mailbox="").count() == 2
