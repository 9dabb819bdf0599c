"""A province of seminars: 30,000 in three years, 300,000 times at which somebody is wanted."""

import random
import time
from datetime import date, timedelta
from datetime import time as time_of_day
from typing import Any

from django.test import Client
from django.urls import reverse

from agencies import clock
from agencies.choices import Audience
from agencies.models import Agency
from documents import access
from seminars import findings, free_time, lifecycle, planner, planning, slots
from seminars.choices import InvitationRole, SeminarState
from seminars.instants import to5
from seminars.models import Invitation, Person, Room, Seminar, Venue
from seminars.weekly.layouts import LAYOUTS
from seminars.weekly.weeks import Week
from tests.bench import sessions
from tests.bench.measuring import timed
from tests.conftest import chromium_path
from tests.documents.world import World
from tests.seminars import crowded_week
from tests.seminars.paper import body_of, printed
from tests.seminars.world import Seminars

Row = dict[str, Any]

SEMINARS = 30_000
WANTED_AT_EACH = 10
ROOMS = 120
DAYS = 3 * 365


def measure(small: World, crowd: list[int]) -> list[Row]:
    """Rows B1, B2, B5 to B8, B10 and B11: days found, feeds, pages, print, a plan, findings, clashes."""
    begun = time.perf_counter()
    house = Seminars(small)
    drawn = random.Random(1)
    today = clock.today()
    _fill(house, crowd[:300], today, drawn)
    took = time.perf_counter() - begun
    what = f"seminars: {SEMINARS:,} seminars, {SEMINARS * WANTED_AT_EACH:,} invitations"
    rows = [{"what": what, "figure": f"{took:.0f} s", "target": "", "met": None}]
    wish = slots.Wish(today + timedelta(days=1), today + timedelta(days=28), 120)
    for many, most in ((200, 100), (1000, 400)):
        asked = _asking(house, crowd[:many])
        rows += timed(
            f"seminars: best time, {many} agencies, 28 days",
            lambda asked=asked: slots.best_times(asked, wish, at=clock.now()),
            page=most,
        )
    rows += _feed(house)
    one = _asking(house, crowd[:200])
    rows += _plan(house)
    rows += timed("seminars: findings of one", lambda: findings.of(one, at=clock.now()), page=50)
    rows += _together(today)
    rows += _calendars(house, today)
    rows += timed("seminars: every clash of three years", _clashes, page=2000)
    return [*rows, *_paper(house)]


def _fill(house: Seminars, crowd: list[int], today: date, drawn: random.Random) -> None:
    province = house.small.province
    people = Person.objects.bulk_create(
        [Person(agency=province, name=f"Chủ trì {n}", key=f"chủ trì {n}|") for n in range(500)]
    )
    Room.objects.bulk_create(
        [
            Room(agency=province, name=f"Phòng {n}", capacity=drawn.randrange(20, 400))
            for n in range(ROOMS)
        ]
    )
    first = today - timedelta(days=DAYS - 60)
    made = []
    for _each in range(SEMINARS):
        day = first + timedelta(days=drawn.randrange(DAYS))
        start = to5(clock.at(day, 7)) + 3 * drawn.randrange(40)
        made.append(
            Seminar(
                agency=province, kind="seminar", title="Hội thảo", day=day, start5=start,
                end5=start + 3 * drawn.randrange(4, 13), chair=drawn.choice(people),
                state=SeminarState.SCHEDULED, created_at=clock.now(), changed_at=clock.now(),
                created_by=house.officer,
            )
        )  # fmt: skip
    rows = Seminar.objects.bulk_create(made, batch_size=2000)
    venues = Venue.objects.bulk_create(
        [Venue(seminar=row, host=province, place="Hội trường", seats=50) for row in rows],
        batch_size=2000,
    )
    Invitation.objects.bulk_create(
        [
            Invitation(
                seminar=venue.seminar, venue=venue, agency_id=agency, quota=1,
                role=InvitationRole.REQUIRED, audience=Audience.AGENCY,
            )
            for venue in venues
            for agency in drawn.sample(crowd, WANTED_AT_EACH)
        ],
        batch_size=5000,
    )  # fmt: skip


def _asking(house: Seminars, crowd: list[int]) -> Seminar:
    """A draft to which so many agencies must come."""
    seminar = lifecycle.draft(
        agency=house.small.province, details=house.details(),
        time=lifecycle.Time(
            clock.at(clock.today() + timedelta(days=7), 8),
            clock.at(clock.today() + timedelta(days=7), 10),
        ),
        places=[house.place(seats=20)], by=house.officer, at=clock.now(),
    )  # fmt: skip
    venue = seminar.venues.get()
    Invitation.objects.bulk_create(
        Invitation(
            seminar=seminar, venue=venue, agency=agency, quota=0, audience=Audience.AGENCY,
            role=InvitationRole.REQUIRED,
        )
        for agency in Agency.objects.filter(pk__in=crowd)
    )  # fmt: skip
    return Seminar.objects.select_related("agency", "chair", "programme").get(pk=seminar.pk)


def _plan(house: Seminars) -> list[Row]:
    """A programme of twelve in twenty working days, read from the province and planned."""
    programme = house.programme(target=12)
    drawn = random.Random(2)
    crowd = list(Agency.objects.exclude(pk=house.small.province.pk).order_by("pk")[:300])
    chairs = list(Person.objects.filter(agency=house.small.province).order_by("pk")[:40])
    for _each in range(planning.MOST):
        seminar = lifecycle.draft(
            agency=house.small.province, details=house.details(chair=drawn.choice(chairs)),
            time=lifecycle.Time(), places=[house.place(seats=drawn.choice((15, 25, 40, 60, 100)))],
            programme=programme, by=house.officer, at=clock.now(),
        )  # fmt: skip
        venue = seminar.venues.get()
        lifecycle.list_invited(
            seminar=seminar, by=house.officer, at=clock.now(),
            invited=[
                lifecycle.Invited(each, venue, 1, "required" if place < 3 else "optional")
                for place, each in enumerate(drawn.sample(crowd, 7))
            ],
        )  # fmt: skip
    today = clock.today()
    frame = planner.Frame(
        today + timedelta(days=1), today + timedelta(days=28), time_of_day(8), time_of_day(13, 30),
        150,
    )  # fmt: skip
    who = access.standing(house.officer, at=clock.now())
    assert planner.propose(programme, frame, who=who, at=clock.now()).proven
    return timed(
        "seminars: plan of 12, 28 days",
        lambda: planner.propose(programme, frame, who=who, at=clock.now()),
        page=1000,
    )


def _feed(house: Seminars) -> list[Row]:
    """A feed of an agency that is invited to five hundred seminars, cold and unchanged."""
    home = house.small.home
    venues = Venue.objects.filter(seminar__day__gte=clock.today() - timedelta(days=100))
    Invitation.objects.bulk_create(
        Invitation(
            seminar_id=venue.seminar_id, venue=venue, agency=home, quota=1,
            audience=Audience.AGENCY, sent_at=clock.now(),
        )
        for venue in venues.order_by("pk")[:500]
    )  # fmt: skip
    made = lifecycle.make_feed(scope="mine", by=house.small.home_clerk, at=clock.now())
    address, client = reverse("feed", args=[made.token]), Client()
    mark = client.get(address)["ETag"]
    cold = timed("seminars: feed of 500, written", lambda: client.get(address), page=150)
    same = timed(
        "seminars: feed of 500, unchanged",
        lambda: client.get(address, headers={"if-none-match": mark}),
        queries=4,
        page=15,
    )
    return [*cold, *same]


def _together(today: date) -> list[Row]:
    """What a board of twelve seminars asks: each with ten agencies, spread over a month."""
    ahead = Seminar.objects.filter(day__gt=today).order_by("day", "pk")
    some = list(ahead.filter(day__lte=today + timedelta(days=28))[::60][:12])
    return timed(
        "seminars: findings of twelve", lambda: findings.of_all(some, at=clock.now()),
        queries=14, page=50,
    )  # fmt: skip


def _calendars(house: Seminars, today: date) -> list[Row]:
    """A month in which two thousand are held, and a week with a hundred and fifty."""
    first = (today.replace(day=1) + timedelta(days=200)).replace(day=1)
    monday = today + timedelta(days=300 - today.weekday())
    days = [first + timedelta(days=n % 28) for n in range(2000)]
    days += [monday + timedelta(days=n % 7) for n in range(150)]
    made = [
        Seminar(
            agency=house.small.province, kind="seminar", title=f"Hội thảo chuyên đề số {number}",
            day=day, start5=to5(clock.at(day, 7 + number % 9)),
            end5=to5(clock.at(day, 8 + number % 9)), chair=house.chair,
            state=SeminarState.SCHEDULED, created_at=clock.now(), changed_at=clock.now(),
            created_by=house.officer,
        )
        for number, day in enumerate(days)
    ]  # fmt: skip
    rows = Seminar.objects.bulk_create(made, batch_size=2000)
    Venue.objects.bulk_create(
        [Venue(seminar=row, host=house.small.province, place="Hội trường", seats=50)
         for row in rows],
        batch_size=2000,
    )  # fmt: skip
    client = Client()
    client.force_login(house.officer, backend=sessions.BACKEND)
    week = reverse("seminars:week", args=monday.isocalendar()[:2])
    pages = {
        "month of 2,000": reverse("seminars:month", args=[first.year, first.month]),
        "list of 2,000": reverse("seminars:agenda", args=[first.year, first.month]),
        "week of 150": week,
    }
    found = []
    for what, address in pages.items():
        assert client.get(address).status_code == 200
        found += timed(
            f"seminars: {what}", lambda address=address: client.get(address), queries=12, page=250
        )
    return found


def _paper(house: Seminars) -> list[Row]:
    """A week of 150 items as a PDF: read, written, and printed by a browser that is started for it."""
    chromium = chromium_path()
    if chromium is None:
        return [{"what": "weekly schedule PDF", "figure": "no Chromium", "target": "", "met": None}]
    # Of an agency without seminars of its own, so that the items are exactly these.
    small, now = house.small, clock.now()
    week = Week.of(clock.day_of(now)).plus(1)
    schedule = lifecycle.begin_schedule(
        agency=small.finance, week=week, by=small.finance_clerk, at=now
    )
    crowded_week.issue(schedule, by=small.finance_clerk, at=now)
    client = Client()
    client.force_login(small.finance_clerk, backend=sessions.BACKEND)
    address = reverse("seminars:schedule_print", args=[schedule.pk])
    return [
        row
        for layout in LAYOUTS
        for row in timed(
            f"weekly schedule PDF, 150 items, {layout}",
            lambda where=f"{address}?kieu={layout}": printed(
                {where: body_of(client, where)}, chromium
            ),
            page=8000,
        )
    ]


def _clashes() -> None:
    wanted = Invitation.objects.filter(role=InvitationRole.REQUIRED)
    rows = wanted.values_list("agency", "seminar__start5", "seminar__end5", "seminar")
    free_time.overlaps(
        free_time.Interval(str(agency), start, end, str(seminar))
        for agency, start, end, seminar in rows.iterator(chunk_size=20_000)
        if start is not None
    )
