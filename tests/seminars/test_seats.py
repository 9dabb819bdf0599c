"""Delegates are named, seated, queued, promoted, replaced; never more than there are seats."""

import pytest
from django.db import IntegrityError, transaction

from documents.refusals import Incomplete, NotFound, NotPermitted, WrongState
from ledger.models import LedgerEntry
from seminars import lifecycle
from seminars.choices import Answer, NominationState
from seminars.lifecycle import Invited, Place
from seminars.models import Nomination, SeminarEvent
from seminars.refusals import Full
from tests.seminars.world import Seminars, at

pytestmark = pytest.mark.django_db


def small_hall(house: Seminars, seats: int = 3, **values):
    """Three seats: one kept for each of two agencies, one for whoever comes first."""
    quotas = {house.small.home: 1, house.small.finance: 1}
    return house.invited(places=[house.place(seats=seats)], quotas=quotas, **values)


def states(seminar) -> list[tuple[str, str, int | None, int | None]]:
    rows = seminar.nominations.order_by("pk")
    return list(rows.values_list("person__name", "state", "seat_no", "queue_no"))


def test_own_seats_first_then_the_pool_then_the_queue():
    house = Seminars()
    seminar = small_hall(house)

    for name in ("Một", "Hai", "Ba", "Bốn"):
        house.named(seminar, name)

    assert states(seminar) == [
        ("Một", "confirmed", 1, None),
        ("Hai", "confirmed", 2, None),
        ("Ba", "queued", None, 1),
        ("Bốn", "queued", None, 2),
    ]
    # The seat kept for the other agency is still there.
    theirs = house.named(seminar, "Năm", agency=house.small.finance, by=house.small.finance_clerk)
    assert (theirs.state, theirs.seat_no) == ("confirmed", 3)


def test_a_withdrawal_promotes_the_first_in_the_queue_once_and_in_order():
    house = Seminars()
    seminar = small_hall(house)
    rows = [house.named(seminar, name) for name in ("Một", "Hai", "Ba", "Bốn")]

    for _again in range(2):
        lifecycle.withdraw_delegate(nomination=rows[0], by=house.small.home_clerk, at=at(7))

    assert states(seminar)[:3] == [
        ("Một", "withdrawn", None, None),
        ("Hai", "confirmed", 2, None),
        ("Ba", "confirmed", 1, None),
    ]
    assert states(seminar)[3][1] == "queued"
    promoted = [e.facts["promoted"] for e in SeminarEvent.objects.all() if "promoted" in e.facts]
    assert promoted == [rows[2].pk]


def test_unused_seats_fall_into_the_pool_after_the_deadline():
    house = Seminars()
    seminar = small_hall(house, answer_by=at(8))
    for name in ("Một", "Hai", "Ba"):
        house.named(seminar, name)

    assert lifecycle.promote_after_deadline(seminar=seminar, at=at(7)) == 0
    assert lifecycle.promote_after_deadline(seminar=seminar, at=at(9)) == 1
    assert lifecycle.promote_after_deadline(seminar=seminar, at=at(9)) == 0

    assert states(seminar)[2] == ("Ba", "confirmed", 3, None)


def test_declining_gives_the_seats_of_an_agency_back():
    house = Seminars()
    seminar = small_hall(house)
    for name in ("Một", "Hai", "Ba"):
        house.named(seminar, name)
    theirs = house.invitation(seminar, house.small.finance)

    with pytest.raises(Incomplete):
        lifecycle.answer(invitation=theirs, comes=False, by=house.small.finance_clerk, at=at(7))
    lifecycle.answer(
        invitation=theirs, comes=False, reason="Bận kỳ họp", by=house.small.finance_clerk, at=at(7)
    )

    assert states(seminar)[2][1] == "confirmed"
    theirs.refresh_from_db()
    assert theirs.answer == Answer.DECLINED


def test_whoever_declined_and_comes_after_all_waits_when_his_seats_are_had():
    house = Seminars()
    seminar = small_hall(house)
    theirs = house.invitation(seminar, house.small.finance)
    clerk = house.small.finance_clerk
    lifecycle.answer(invitation=theirs, comes=False, reason="Bận", by=clerk, at=at(5))
    for name in ("Một", "Hai", "Ba"):
        house.named(seminar, name)

    lifecycle.answer(invitation=theirs, comes=True, by=clerk, at=at(6))
    row = house.named(seminar, "Bốn", agency=house.small.finance, by=clerk)

    assert (row.state, row.queue_no) == ("queued", 1)


def test_a_delegate_is_named_once_however_his_name_is_typed():
    house = Seminars()
    seminar = small_hall(house)
    house.named(seminar, "Trần Thị Mẫu")

    with pytest.raises(Incomplete) as refused:
        house.named(seminar, " TRẦN  thị Mẫu")

    assert [reason.code for reason in refused.value.reasons] == ["name"]
    assert Nomination.objects.count() == 1
    # One whose name differs by a mark is somebody else.
    assert house.named(seminar, "Trấn Thị Mẫu").pk


def test_naming_is_over_after_the_time_to_answer():
    house = Seminars()
    seminar = small_hall(house, answer_by=at(8))

    with pytest.raises(Incomplete):
        house.named(seminar, "Trần Thị Mẫu", moment=at(8, 10))

    assert not Nomination.objects.exists()


def test_only_the_office_of_the_agency_that_was_invited_names_its_delegates():
    house = Seminars()
    seminar = small_hall(house)

    with pytest.raises(NotFound):
        house.named(seminar, "Một", by=house.small.finance_clerk)
    with pytest.raises(NotFound):
        house.named(seminar, "Một", by=house.clerk)
    with pytest.raises(NotPermitted):
        house.named(seminar, "Một", by=house.small.home_officer)


def test_a_substitute_takes_the_seat_over_when_the_chair_consents():
    house = Seminars()
    seminar = small_hall(house)
    row = house.named(seminar, "Trần Thị Mẫu")
    waiting = lifecycle.substitute(
        nomination=row, name="Lê Văn Thay", by=house.small.home_clerk, at=at(7)
    )
    assert states(seminar) == [
        ("Trần Thị Mẫu", "confirmed", 1, None),
        ("Lê Văn Thay", "pending", None, None),
    ]

    lifecycle.consent(nomination=waiting, agrees=True, by=house.officer, at=at(8))

    assert states(seminar) == [
        ("Trần Thị Mẫu", "replaced", None, None),
        ("Lê Văn Thay", "confirmed", 1, None),
    ]
    with pytest.raises(WrongState):
        lifecycle.consent(nomination=waiting, agrees=False, by=house.officer, at=at(8))
    types = LedgerEntry.objects.filter(type__startswith="seminar.").order_by("seq")
    assert list(types.values_list("type", flat=True))[-2:] == [
        "seminar.substituted", "seminar.consented",
    ]  # fmt: skip


def test_without_consent_the_delegate_keeps_his_seat():
    house = Seminars()
    seminar = small_hall(house)
    row = house.named(seminar, "Trần Thị Mẫu")
    waiting = lifecycle.substitute(
        nomination=row, name="Lê Văn Thay", by=house.small.home_clerk, at=at(7)
    )

    lifecycle.consent(nomination=waiting, agrees=False, by=house.officer, at=at(8))

    assert [each[1] for each in states(seminar)] == ["confirmed", "withdrawn"]


def test_whoever_was_to_come_for_a_delegate_goes_when_the_delegate_is_withdrawn():
    house = Seminars()
    seminar = small_hall(house)
    row = house.named(seminar, "Trần Thị Mẫu")
    lifecycle.substitute(nomination=row, name="Lê Văn Thay", by=house.small.home_clerk, at=at(7))

    lifecycle.withdraw_delegate(nomination=row, by=house.small.home_clerk, at=at(8))

    assert [each[1] for each in states(seminar)] == ["withdrawn", "withdrawn"]


def test_fewer_seats_than_delegates_are_refused_with_the_surplus():
    house = Seminars()
    seminar = small_hall(house)
    for name in ("Một", "Hai"):
        house.named(seminar, name)
    house.named(seminar, "Ba", agency=house.small.finance, by=house.small.finance_clerk)
    venue = seminar.venues.get()

    def places(seats: int) -> list[Place]:
        return [house.place(seats=seats, venue=venue.pk)]

    with pytest.raises(Full) as refused, transaction.atomic():
        lifecycle.set_places(seminar=seminar, places=places(2), by=house.officer, at=at(7))

    assert "3" in str(refused.value.reasons[0].message)
    assert "1" in str(refused.value.reasons[0].message)
    assert seminar.nominations.filter(state=NominationState.CONFIRMED).count() == 3


def test_whoever_sits_beyond_the_last_seat_of_a_smaller_room_gets_one_that_exists():
    house = Seminars()
    seminar = house.invited(places=[house.place(seats=3)], quotas={house.small.home: 3})
    first, second, third = [house.named(seminar, name) for name in ("Một", "Hai", "Ba")]
    for row in (first, second):
        lifecycle.withdraw_delegate(nomination=row, by=house.small.home_clerk, at=at(6))
    assert third.seat_no == 3
    venue = seminar.venues.get()

    lifecycle.list_invited(
        seminar=seminar, by=house.officer, at=at(7),
        invited=[Invited(house.small.home, venue, 0)],
    )  # fmt: skip
    lifecycle.set_places(
        seminar=seminar, places=[house.place(seats=1, venue=venue.pk)], by=house.officer, at=at(7)
    )

    third.refresh_from_db()
    assert (third.state, third.seat_no) == ("confirmed", 1)
    told = seminar.events.get(act="set_places")
    assert told.facts["reseated"] == [third.pk]


def test_more_seats_go_to_those_who_wait():
    house = Seminars()
    seminar = small_hall(house)
    for name in ("Một", "Hai", "Ba", "Bốn"):
        house.named(seminar, name)
    venue = seminar.venues.get()

    lifecycle.set_places(
        seminar=seminar, places=[house.place(seats=4, venue=venue.pk)], by=house.officer, at=at(7)
    )

    assert [each[1] for each in states(seminar)] == ["confirmed"] * 3 + ["queued"]


def test_quotas_beyond_the_seats_are_refused_with_the_surplus():
    house = Seminars()
    seminar = house.scheduled(places=[house.place(seats=3)])
    venue = seminar.venues.get()

    with pytest.raises(Full) as refused, transaction.atomic():
        lifecycle.list_invited(
            seminar=seminar,
            invited=[Invited(house.small.home, venue, 3), Invited(house.small.finance, venue, 2)],
            by=house.officer,
            at=at(2),
        )

    assert "2" in str(refused.value.reasons[0].message)
    assert not seminar.invitations.exists()


def test_an_agency_that_has_ended_is_not_invited():
    house = Seminars()
    seminar = house.scheduled()
    house.small.home.to_on = at(1).date()
    house.small.home.save()

    with pytest.raises(Incomplete):
        lifecycle.list_invited(
            seminar=seminar,
            invited=[Invited(house.small.home, seminar.venues.get())],
            by=house.officer,
            at=at(2),
        )


def test_nobody_is_invited_whom_the_letter_did_not_reach():
    house = Seminars()
    seminar = house.listed()

    with pytest.raises(Incomplete) as refused, transaction.atomic():
        lifecycle.invite(
            seminar=seminar, letter=house.letter([house.small.home]), answer_by=None,
            by=house.clerk, at=at(3),
        )  # fmt: skip

    assert "Sở Tài chính" in str(refused.value.reasons[0].message)


def test_the_database_refuses_a_seat_that_is_had():
    house = Seminars()
    seminar = small_hall(house)
    house.named(seminar, "Một")
    second = house.named(seminar, "Hai")

    with pytest.raises(IntegrityError), transaction.atomic():
        Nomination.objects.filter(pk=second.pk).update(seat_no=1)


def test_those_listed_later_are_invited_once_the_letter_reached_them():
    house = Seminars()
    small = house.small
    seminar = house.invited(quotas={small.home: 1})
    venue = seminar.venues.get()
    lifecycle.list_invited(
        seminar=seminar, invited=[Invited(small.home, venue, 1), Invited(small.finance, venue, 1)],
        by=house.officer, at=at(6),
    )  # fmt: skip
    letter = house.invitation(seminar).letter

    def invite(paper):
        return lifecycle.invite(
            seminar=seminar, letter=paper, answer_by=None, by=house.clerk, at=at(7)
        )

    with pytest.raises(Incomplete), transaction.atomic():
        invite(letter)
    invite(house.letter([small.finance]))

    later = house.invitation(seminar, small.finance)
    assert later.sent_at == at(7)
    assert house.invitation(seminar).letter == letter
    with pytest.raises(Incomplete):
        invite(letter)


def test_more_time_to_answer_is_for_everybody():
    house = Seminars()
    seminar = small_hall(house, answer_by=at(8))
    letter = house.invitation(seminar).letter

    lifecycle.invite(seminar=seminar, letter=letter, answer_by=at(13), by=house.clerk, at=at(9))

    assert house.named(seminar, "Muộn", moment=at(10)).state == NominationState.CONFIRMED
    assert house.invitation(seminar).sent_at == at(3)
