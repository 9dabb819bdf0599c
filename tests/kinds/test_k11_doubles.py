"""K11: two clicks, two workers, a retry, one person in two posts, oneself among the addressees."""

import pytest
from django.urls import reverse

from agencies.choices import Role
from documents import jobs, lifecycle
from documents.dry_run import dry_run
from documents.lifecycle import LineDraft
from documents.models import (
    Chase,
    Circulation,
    Handling,
    Notice,
    OutboxItem,
    Receipt,
    RegisterEntry,
)
from documents.refusals import Incomplete, WrongState
from tests.documents.factories import at, client_of, issued, outside_paper, person, work, world

pytestmark = pytest.mark.django_db


def twice(user, name: str, pk: int, **values: object) -> list[int]:
    browser, address = client_of(user), reverse(f"documents:{name}", args=[pk])
    return [browser.post(address, values).status_code for _ in range(2)]


def test_two_clicks_on_any_button_of_a_recipient_are_one_act():
    small = world()
    row = small.at_home(issued(small))
    version = row.dispatch.current_version
    shown = {"version": version.no, "digest": version.digest}

    received = twice(small.home_clerk, "receive", row.pk)
    given = twice(small.home_clerk, "acknowledge", row.pk, **shown)
    assigned = twice(
        small.home_clerk, "assign", row.pk, assignee=small.home_officer.pk, role="lead"
    )
    returned = twice(
        small.finance_clerk, "return",
        Circulation.objects.get(dispatch=row.dispatch, agency=small.finance).pk, reason="Nhầm",
    )  # fmt: skip

    assert (received, given, assigned) == ([302, 302], [302, 302], [302, 302])
    assert returned == [302, 404]  # closed: the second click finds no paper
    kinds = list(Receipt.objects.exclude(kind="assigned").values_list("circulation", "kind"))
    assert len(kinds) == len(set(kinds))
    assert Handling.objects.count() == 1
    assert RegisterEntry.objects.filter(register__kind="incoming").count() == 1


def test_two_clicks_on_any_button_of_the_sender_are_one_act():
    small = world()
    signed, submitted = small.signed(), small.submitted(subject="hai")
    drafted = small.draft(subject="ba")
    paper = issued(small, subject="bốn", moment=at(2))

    numbered = twice(small.clerk, "number", signed.pk, version=signed.current_version.no)
    voided = twice(small.clerk, "void", signed.pk, reason="Nhầm")
    signing = twice(small.leader, "sign", submitted.pk, version=submitted.current_version.no)
    submitting = twice(small.drafter, "submit", drafted.pk)
    recalled = twice(small.leader, "recall", paper.pk, reason="Sai")

    assert numbered == [302, 302]
    assert (voided, signing, recalled) == ([302, 409], [302, 409], [302, 409])
    assert submitting[0] == 302
    assert submitting[1] in (302, 404, 409)
    assert RegisterEntry.objects.filter(register__kind="outgoing").count() == 2
    assert Receipt.objects.filter(kind="recalled").count() == 2


def test_a_reminder_pressed_twice_is_one_a_day():
    small = world()
    paper = issued(small, moment=at(1))

    assert twice(small.clerk, "chase", paper.pk) == [302, 302]
    work(at(3, 13))

    late = Circulation.objects.filter(dispatch=paper).late(at(3, 12)).count()
    assert late == 2
    assert Chase.objects.count() == 2
    told = Notice.objects.filter(kind="chased")
    assert told.count() == told.values("person", "circulation").distinct().count()


def test_two_workers_never_hold_one_item_and_a_lease_that_ran_out_is_taken_once_more():
    small = world()
    issued(small)
    waiting = OutboxItem.objects.filter(done_at=None).count()
    assert waiting > 0

    first = [jobs.lease_next(at=at(2, 10)) for _ in range(waiting + 1)]
    later = [jobs.lease_next(at=at(2, 11)) for _ in range(waiting + 1)]

    assert [each is None for each in first] == [False] * waiting + [True]
    assert len({each.pk for each in first if each}) == waiting
    assert {each.pk for each in later if each} == {each.pk for each in first if each}


def test_a_person_in_two_posts_of_a_recipient_gets_one_notice_a_circulation():
    small = world()
    both = person("both", (small.home, Role.CLERK), (small.home, Role.HEAD))
    person("other", (small.home, Role.CLERK))
    issued(small)

    work(at(2, 10))

    assert Notice.objects.filter(person=both, kind="arrived").count() == 1


def test_a_person_in_two_recipients_gets_one_notice_for_each_and_one_receipt_each():
    small = world()
    both = person("both", (small.home, Role.CLERK), (small.finance, Role.CLERK))
    paper = issued(small)
    work(at(2, 10))

    client_of(both).get(reverse("documents:dispatch", args=[paper.pk]))

    assert Notice.objects.filter(person=both, kind="arrived").count() == 2
    opened = Receipt.objects.filter(kind="opened", actor=both)
    assert sorted(opened.values_list("on_behalf_of", flat=True)) == sorted(
        [small.home.pk, small.finance.pk]
    )


def test_oneself_among_the_addressees_is_no_recipient_and_stops_nothing():
    small = world()
    lines = [LineDraft("Các cơ quan", agencies=[small.province.pk, small.home.pk])]

    paper = issued(small, lines=lines)

    assert list(paper.circulations.values_list("agency", flat=True)) == [small.home.pk]


def test_only_oneself_addressed_is_said_before_issue_and_sends_nothing():
    small = world()
    lines = [LineDraft("UBND tỉnh", agencies=[small.province.pk])]
    paper = small.signed(lines=lines)

    run = dry_run(paper, at=at(2))
    paper = lifecycle.number_and_issue(dispatch=paper, by=small.clerk, at=at(2))

    assert (run.addressing.oneself, run.addressing.slots) == (True, [])
    assert not paper.circulations.exists()


def test_an_outside_paper_sent_on_to_oneself_is_refused():
    small = world()
    row = outside_paper(small)

    with pytest.raises(Incomplete):
        lifecycle.circulate(
            dispatch=row.dispatch, agencies=[small.home.pk], by=small.home_clerk, at=at(3, 10)
        )


def test_the_verb_itself_issues_once_whatever_the_screen_does():
    small = world()
    paper = small.signed()
    lifecycle.number_and_issue(dispatch=paper, by=small.clerk, at=at(2))

    with pytest.raises(WrongState):
        lifecycle.number_and_issue(dispatch=paper, by=small.clerk, at=at(2))

    assert RegisterEntry.objects.count() == 1
