"""Many ask for the same rooms, and for the same seats, at the same moment."""

import hashlib
import random
import time
from collections import defaultdict
from datetime import timedelta

from agencies.models import Agency, User
from documents.lifecycle import FileFacts
from seminars import lifecycle
from seminars.choices import SeminarState
from seminars.instants import to5
from seminars.lifecycle import Invited
from seminars.models import Invitation, Nomination, Paper, RoomBooking, RoomClaim, Seminar, Venue
from seminars.refusals import RoomTaken
from tests.races import crews, province
from tests.races.outcome import Outcome
from tests.seminars.world import Seminars, at

#: Quarters of the fortnight in which rooms are asked for.
FORTNIGHT = 14 * 96


def book_rooms(*, processes: int, bookings: int, rooms: int = 5) -> Outcome:
    """Everybody holds rooms at random times: accepted holds never overlap, and no error is met.

    A tenth of those accepted are cancelled again at once.
    """
    house = Seminars()
    halls = [house.room(f"Phòng {number}", 100, lanes=1 + number % 2) for number in range(rooms)]
    drawn = random.Random(1)
    begins = to5(at(20, 7))
    seminars = Seminar.objects.bulk_create(
        [_draft(house, begins, drawn) for _each in range(bookings)], batch_size=500
    )
    Venue.objects.bulk_create(
        [
            Venue(seminar=each, host=house.small.province, room=drawn.choice(halls), seats=50)
            for each in seminars
        ],
        batch_size=500,
    )
    pks = [each.pk for each in seminars]
    answers = crews.at_once(
        _hold_each, [(pks[each::processes], house.clerk.pk) for each in range(processes)]
    )
    outcome = Outcome(crews.errors(answers))
    done = [each.result for each in answers if each.result]
    accepted = sum(held for held, _refused, _seconds in done)
    refused = sum(refused for _held, refused, _seconds in done)
    outcome.expect(accepted + refused == bookings, f"{accepted} and {refused} of {bookings}")
    outcome.expect(refused > 0, "nobody was in anybody's way: this proves nothing")
    by_lane = defaultdict(list)
    for row in RoomBooking.objects.all():
        by_lane[row.room_id, row.lane].append((row.from15, row.to15))
    overlaps = sum(
        first[1] > second[0]
        for spans in by_lane.values()
        for first, second in zip(sorted(spans), sorted(spans)[1:], strict=False)
    )
    outcome.expect(overlaps == 0, f"{overlaps} overlapping bookings")
    quarters = sum(last - first for spans in by_lane.values() for first, last in spans)
    outcome.expect(RoomClaim.objects.count() == quarters, "claims and bookings differ")
    tentative = Seminar.objects.filter(state=SeminarState.TENTATIVE).count()
    outcome.expect(
        RoomBooking.objects.count() == tentative,
        "a seminar is held without its room, or the reverse",
    )
    if done:
        slowest = max(seconds for _held, _refused, seconds in done)
        outcome.facts |= {"accepted": accepted, "a_second": round(bookings / slowest)}
    return outcome


def hand_in(*, processes: int, versions: int) -> Outcome:
    """One paper is handed in by many at once: the versions are numbered 1..n, and none is lost."""
    house = Seminars()
    paper = lifecycle.register_paper(
        invitation=house.invitation(house.invited()), title="Tham luận", author=("Người Mẫu", ""),
        by=house.small.home_clerk, at=at(3),
    )  # fmt: skip
    share = versions // processes
    answers = crews.at_once(
        _hand_in, [(paper.pk, house.small.home_clerk.pk, turn, share) for turn in range(processes)]
    )
    outcome = Outcome(crews.errors(answers))
    rows = list(paper.versions.values_list("no", "sha256"))
    outcome.expect(
        [no for no, _sha256 in rows] == list(range(1, share * processes + 1)),
        f"the versions are numbered {[no for no, _sha256 in rows]}",
    )
    outcome.expect(len({sha256 for _no, sha256 in rows}) == len(rows), "a file was handed in twice")
    outcome.expect_good_ledger()
    return outcome


def _hand_in(ready: crews.Ready, paper: int, clerk: int, turn: int, share: int) -> int:
    user = User.objects.get(pk=clerk)
    row = Paper.objects.select_related("seminar").get(pk=paper)
    ready()
    for number in range(share):
        name = f"{turn}-{number}.txt"
        sha256 = hashlib.sha256(name.encode()).hexdigest()
        lifecycle.submit_paper(
            paper=row, file=FileFacts(name, sha256, 1, "text/plain"), by=user, at=at(6)
        )
    return share


def _draft(house: Seminars, begins: int, drawn: random.Random) -> Seminar:
    start = begins + 3 * drawn.randrange(FORTNIGHT)
    return Seminar(
        agency=house.small.province, kind="seminar", title="Hội thảo", day=at(20).date(),
        start5=start, end5=start + 3 * drawn.randrange(2, 17), created_at=at(2), changed_at=at(2),
        created_by=house.officer,
    )  # fmt: skip


def _hold_each(ready: crews.Ready, seminars: list[int], clerk: int) -> tuple[int, int, float]:
    user = User.objects.get(pk=clerk)
    rows = list(Seminar.objects.filter(pk__in=seminars))
    held = refused = 0
    ready()
    begun = time.monotonic()
    for number, row in enumerate(rows):
        try:
            seminar = lifecycle.hold(seminar=row, by=user, at=at(3))
        except RoomTaken:
            refused += 1
            continue
        held += 1
        if number % 10 == 0:
            lifecycle.cancel(seminar=seminar, reason="Trùng lịch", by=user, at=at(3))
    return held, refused, time.monotonic() - begun


def name_delegates(*, agencies: int, seats: int, processes: int) -> Outcome:
    """Every agency names one delegate at once: as many as there are seats get one, the rest queue."""
    house = Seminars()
    crowd = list(Agency.objects.filter(pk__in=province.crowd(agencies)))
    hall = house.room("Hội trường lớn", agencies)
    seminar = house.scheduled(places=[house.place(room=hall, seats=seats)])
    venue = seminar.venues.get()
    lifecycle.list_invited(
        seminar=seminar, invited=[Invited(each, venue, 0) for each in crowd],
        by=house.officer, at=at(2),
    )  # fmt: skip
    letter = house.small.issued(lines=province.line_to([each.pk for each in crowd]))
    lifecycle.invite(seminar=seminar, letter=letter, answer_by=None, by=house.clerk, at=at(3))
    pks = list(Invitation.objects.filter(seminar=seminar).values_list("pk", flat=True))
    answers = crews.at_once(_name_each, [(pks[each::processes],) for each in range(processes)])
    outcome = Outcome(crews.errors(answers))
    rows = Nomination.objects.filter(seminar=seminar)
    had = sorted(rows.filter(state="confirmed").values_list("seat_no", flat=True))
    queue = sorted(rows.filter(state="queued").values_list("queue_no", flat=True))
    outcome.expect(had == list(range(1, seats + 1)), f"{len(had)} seats are had of {seats}")
    waiting = agencies - seats
    outcome.expect(queue == list(range(1, waiting + 1)), f"{len(queue)} wait, not {waiting}")
    outcome.facts |= {"had": len(had), "waiting": len(queue)}
    # Then every tenth of those seated goes: the queue moves up, each once, in order.
    gone = list(rows.filter(state="confirmed").order_by("seat_no")[:: max(1, seats // 5)])
    answers = crews.at_once(_withdraw, [(row.pk,) for row in gone])
    outcome.findings += crews.errors(answers)
    had = sorted(rows.filter(state="confirmed").values_list("seat_no", flat=True))
    queue = list(rows.filter(state="queued").order_by("queue_no").values_list("pk", flat=True))
    outcome.expect(had == list(range(1, seats + 1)), f"{len(had)} seats are had after withdrawals")
    outcome.expect(len(queue) == waiting - len(gone), f"{len(queue)} wait after withdrawals")
    risen = [e for e in seminar.events.values_list("facts", flat=True) if "promoted" in e]
    outcome.expect(
        len({each["promoted"] for each in risen}) == len(risen) == len(gone),
        f"{len(risen)} promotions for {len(gone)} withdrawals",
    )
    outcome.expect_good_ledger()
    return outcome


def _name_each(ready: crews.Ready, invitations: list[int]) -> int:
    rows = list(Invitation.objects.select_related("seminar", "agency").filter(pk__in=invitations))
    clerks = {row.pk: User.objects.get(posts__agency=row.agency) for row in rows}
    ready()
    for row in rows:
        lifecycle.name_delegate(
            invitation=row, name=f"Đại biểu {row.pk}", by=clerks[row.pk], at=at(6)
        )
    return len(rows)


def _withdraw(ready: crews.Ready, nomination: int) -> int:
    row = Nomination.objects.select_related("seminar", "invitation__agency").get(pk=nomination)
    clerk = User.objects.get(posts__agency=row.invitation.agency)
    ready()
    lifecycle.withdraw_delegate(nomination=row, by=clerk, at=at(6) + timedelta(hours=1))
    return 1
