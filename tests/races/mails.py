"""Workers that are killed while they mail: what reached the mail server, and how often."""

import random
import time
from collections import Counter
from datetime import datetime, timedelta
from email.message import EmailMessage

from django.conf import settings

from agencies.models import Agency
from documents.models import OutboxItem
from seminars import jobs, lifecycle
from seminars.lifecycle import Invited, Time
from seminars.models import Seminar, SeminarMail
from tests.races import crews, province
from tests.races.outcome import Outcome
from tests.seminars.post_office import PostOffice
from tests.seminars.world import Seminars, at

#: Workers at a time.
WORKERS = 2


def mails_killed(*, agencies: int, kills: int, seed: int = 1) -> Outcome:
    """Invite many agencies, move the seminar within the minute, kill the workers that mail it.

    Each agency is owed two rows and gets one mail, of the newest state. A copy of it comes for at
    most each worker that was killed, and bears the same Message-ID.
    """
    chance = random.Random(seed)
    house = Seminars()
    seminar = _invited_and_moved(house, province.crowd(agencies))
    outcome = Outcome()
    moment = at(3, 9, 2)
    killed = 0
    with PostOffice() as office:
        for _ in range(kills):
            victims = [crews.Victim(_mail, office.port, moment) for _ in range(WORKERS)]
            for victim in victims:
                victim.wait_until_ready()
            # In the middle of it, whatever the speed of the machine.
            _wait_for(len(office.raw) + chance.randint(0, 8), office)
            time.sleep(chance.uniform(0, 0.05))
            for victim in victims:
                victim.kill()
            killed += WORKERS
            # Beyond the lease of what they held.
            moment += timedelta(minutes=2)
        before_the_last = len(office.raw)
        outcome.expect(
            before_the_last > 0, "all were killed before the first mail: this proves nothing"
        )
        last = crews.Victim(_mail, office.port, moment)
        last.wait_until_ready()
        outcome.expect(last.finish() == 0, "the last worker fell over")
        copies = Counter((each["To"], each["Message-ID"]) for each in office.mails)
        wrong = [each["To"] for each in office.mails if "14 giờ 00" not in _words(each)]
    outcome.expect(len(copies) == agencies, f"{len(copies)} different mails for {agencies}")
    reached = {to for to, _id in copies}
    outcome.expect(len(reached) == agencies, f"{len(reached)} agencies were reached")
    again = sum(copies.values()) - len(copies)
    outcome.expect(again <= killed, f"{again} copies after {killed} killed workers")
    outcome.expect(not wrong, f"{len(wrong)} mails show an older state")
    unsent = SeminarMail.objects.filter(invitation__seminar=seminar, sent_at=None).count()
    outcome.expect(unsent == 0, f"{unsent} mails are not marked as sent")
    owed = OutboxItem.objects.filter(kind="mail_seminar", done_at=None).count()
    outcome.expect(owed == 0, f"{owed} items are still owed")
    outcome.facts |= {"mailed_before_the_last": before_the_last, "copies": again}
    outcome.expect_good_ledger()
    return outcome


def _wait_for(mails: int, office: PostOffice) -> None:
    """Wait until so many have arrived, or 10 s."""
    until = time.monotonic() + 10
    while len(office.raw) < mails and time.monotonic() < until:
        time.sleep(0.005)


def _words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return body.get_content() if body else ""


def _invited_and_moved(house: Seminars, crowd: list[int]) -> Seminar:
    rows = list(Agency.objects.filter(pk__in=crowd))
    for row in rows:
        row.mailbox = f"vanthu{row.pk}@so.example"
    Agency.objects.bulk_update(rows, ["mailbox"])
    hall = house.room("Hội trường lớn", len(crowd))
    seminar = house.scheduled(places=[house.place(room=hall, seats=len(crowd))])
    venue = seminar.venues.get()
    seminar = lifecycle.list_invited(
        seminar=seminar, invited=[Invited(each, venue, 0) for each in rows],
        by=house.officer, at=at(2),
    )  # fmt: skip
    letter = house.small.issued(lines=province.line_to(crowd))
    seminar = lifecycle.invite(
        seminar=seminar, letter=letter, answer_by=None, by=house.clerk, at=at(3)
    )
    return lifecycle.move(
        seminar=seminar, time=Time(at(16, 14), at(16, 16)), reason="Trùng kỳ họp",
        by=house.officer, at=at(3) + timedelta(seconds=30),
    )  # fmt: skip


def _mail(ready: crews.Ready, port: int, moment: datetime) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    ready()
    while jobs.mail_one(moment):
        pass
