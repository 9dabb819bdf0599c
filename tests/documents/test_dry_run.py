"""What issuing would do, counted before it is done."""

from datetime import date

import pytest

from agencies.choices import Role, SuccessionKind
from agencies.models import DistributionList, ListMember, Post, Succession
from documents import lifecycle
from documents.choices import LineRole, RegisterKind
from documents.dry_run import dry_run, next_number
from documents.models import Circulation, Register, RegisterEntry
from tests.documents.factories import at, stand_in, world
from tests.documents.world import START

pytestmark = pytest.mark.django_db


def line(text, *agencies, role=LineRole.TO, lists=(), **values):
    return lifecycle.LineDraft(
        text, role, agencies=[each.pk for each in agencies], lists=[g.pk for g in lists], **values
    )


def test_it_counts_main_addressees_copies_and_people_once():
    small = world()
    paper = small.draft(
        lines=[
            line("Sở Nội vụ", small.home),
            line("Sở Tài chính", small.finance, role=LineRole.COPY),
            line("Như trên", role=LineRole.COPY, as_above=True),
        ]
    )

    run = dry_run(paper, at=at(2))

    assert [str(slot.agency) for slot in run.main] == ["Sở Nội vụ"]
    assert [str(slot.agency) for slot in run.copies] == ["Sở Tài chính"]
    # Sở Nội vụ: clerk, officer, head, leader; Sở Tài chính only its office: clerk, leader, head.
    assert run.readership.people == 7
    assert run.ready


def test_what_it_counts_is_what_is_sent():
    small = world()
    paper = small.signed()
    run = dry_run(paper, at=at(2))

    lifecycle.number_and_issue(dispatch=paper, by=small.clerk, at=at(2))

    sent = Circulation.objects.filter(dispatch=paper).values_list("agency", "role")
    assert set(sent) == {(slot.agency.pk, slot.role) for slot in run.addressing.slots}
    paper.refresh_from_db()
    assert paper.code == run.next.code


def test_it_tells_who_is_named_twice_and_that_the_issuer_is_named():
    small = world()
    group = DistributionList.objects.create(owner=small.province, name="Các sở", from_on=START)
    for body in (small.home, small.province):
        ListMember.objects.create(list=group, agency=body, from_on=START)
    paper = small.draft(lines=[line("Sở Nội vụ", small.home), line("Các sở", lists=[group])])

    run = dry_run(paper, at=at(2))

    assert [str(slot.agency) for slot in run.addressing.repeated] == ["Sở Nội vụ"]
    assert run.addressing.oneself
    assert len(run.main) == 1


def test_it_tells_who_has_ended_and_who_followed():
    small = world()
    paper = small.draft(to=[small.home, small.finance])
    small.home.to_on = date(2016, 6, 1)
    small.home.save()
    Succession.objects.create(
        predecessor=small.home,
        successor=small.finance,
        kind=SuccessionKind.MERGE,
        on=date(2016, 6, 2),
        basis="thử",
    )

    run = dry_run(paper, at=at(2))

    ((ended, successions),) = run.ended
    assert ended == small.home
    assert [each.successor for each in successions] == [small.finance]
    assert not run.ready


def test_it_tells_who_has_no_clerk_no_reader_and_a_deputy():
    small = world()
    paper = small.draft()
    Post.objects.filter(agency=small.home, role=Role.CLERK).update(to_on=date(2016, 5, 31))
    Post.objects.filter(agency=small.finance).update(to_on=date(2016, 5, 31))
    stand_in(small.home_head, small.home_officer, first=date(2016, 6, 1), last=date(2016, 6, 10))

    run = dry_run(paper, at=at(2))

    assert run.readership.without_clerk == [small.home]
    assert run.readership.without_reader == [small.finance]
    assert [mandate.deputy for mandate in run.readership.deputised] == [small.home_officer]


def test_every_reason_against_is_told_at_once():
    small = world()
    paper = small.draft(subject="", field=None, lines=[line("Nơi nào đó")])

    run = dry_run(paper, at=at(2))

    assert {reason.code for reason in run.reasons} == {"subject", "field", "lines"}


def test_looking_draws_no_number_and_opens_no_register():
    small = world()
    paper = small.signed()

    new_year = next_number(paper, on=date(2017, 1, 3))
    run = dry_run(paper, at=at(2))

    assert (new_year.number, new_year.code) == (1, "01/UBND-NC")
    assert run.next.number == 1502
    assert not Register.objects.filter(year=2017).exists()
    assert not RegisterEntry.objects.exists()


def test_without_a_register_for_the_type_that_is_a_reason():
    small = world()
    paper = small.signed()
    assert dry_run(paper, at=at(2)).ready
    Register.objects.filter(agency=small.province, kind=RegisterKind.OUTGOING).delete()

    run = dry_run(paper, at=at(2))

    assert [reason.code for reason in run.reasons] == ["no_register"]
    assert run.next is None


def test_a_numbered_paper_has_no_next_number():
    small = world()

    run = dry_run(small.numbered(), at=at(2))

    assert run.next is None
    assert run.ready


def test_each_line_says_who_receives_by_it():
    small = world()
    paper = small.draft()
    first = paper.lines.order_by("order")[0]

    run = dry_run(paper, at=at(2))

    assert run.members_of(first) == [small.home]
