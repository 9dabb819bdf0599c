"""K2: rights change on the agency, the post, the list, the mandate; the worker may stand still."""

from datetime import date

import pytest
from django.urls import reverse

from agencies import lists, posts
from agencies.choices import Audience, DeputyScope, Role
from agencies.models import Agency, ListMember, Post
from documents import lifecycle
from documents.choices import NoticeKind
from documents.lifecycle import LineDraft
from documents.models import Circulation, Notice, OutboxItem
from tests.documents.factories import at, client_of, issued, person, stand_in, work, world

pytestmark = pytest.mark.django_db

YESTERDAY = date(2016, 6, 2)


def status(user, paper) -> int:
    return client_of(user).get(reverse("documents:dispatch", args=[paper.pk])).status_code


def test_a_default_audience_changed_after_issue_opens_no_paper_that_was_sent_before():
    small = world()
    old = issued(small)
    assert status(small.finance_officer, old) == 404

    Agency.objects.filter(pk=small.finance.pk).update(default_audience=Audience.AGENCY)
    new = issued(small, subject="sau")

    assert status(small.finance_officer, new) == 200
    assert status(small.finance_officer, old) == 404


def test_a_default_audience_narrowed_after_issue_leaves_what_was_sent_to_all():
    small = world()
    old = issued(small)

    Agency.objects.filter(pk=small.home.pk).update(default_audience=Audience.OFFICE)

    assert status(small.home_officer, old) == 200
    assert status(small.home_officer, issued(small, subject="sau")) == 404


def test_a_post_that_ended_closes_every_door_at_once_though_no_worker_ran():
    small = world()
    paper = issued(small, files=1)
    row = small.at_home(paper)
    browser = client_of(small.home_clerk)
    file = paper.current_version.attachments.get()
    doors = [
        reverse("documents:dispatch", args=[paper.pk]),
        reverse("documents:return", args=[row.pk]),
    ]
    assert [browser.get(door).status_code for door in doors] == [200, 200]

    posts.end_post(post=small.home_clerk.posts.get(), to_on=YESTERDAY, by=None, at=at(3))

    assert OutboxItem.objects.filter(done_at__isnull=True).exists()
    doors.append(reverse("documents:file", args=[paper.pk, file.pk]))
    assert [browser.get(door).status_code for door in doors] == [404, 404, 404]
    assert paper.code not in browser.get(reverse("documents:incoming")).content.decode()
    answer = browser.post(reverse("documents:receive", args=[row.pk]))
    assert answer.status_code == 404


def test_a_member_taken_off_the_list_after_issue_keeps_that_paper_and_gets_no_further_one():
    small = world()
    group = lists.create_list(
        owner=small.province, name="Các sở", from_on=date(2016, 1, 1), by=None, at=at(1)
    )
    for body in (small.home, small.finance):
        lists.add_member(group=group, agency=body, from_on=date(2016, 1, 1), by=None, at=at(1))
    line = [LineDraft("Các sở", lists=[group.pk])]
    old = issued(small, lines=line, to=[])

    member = ListMember.objects.get(agency=small.home)
    lists.remove_member(member=member, to_on=YESTERDAY, by=None, at=at(3))
    new = issued(small, lines=line, to=[], moment=at(3))

    assert status(small.home_clerk, old) == 200
    assert status(small.home_clerk, new) == 404
    assert Circulation.objects.get(dispatch=new).agency == small.finance


def test_a_mandate_that_was_ended_gives_nothing_from_that_moment():
    small = world()
    paper = issued(small)
    helper = person("helper", (small.province, Role.AUDITOR))
    mandate = stand_in(small.home_clerk, helper, first=date(2016, 6, 1), last=date(2016, 6, 30))
    assert status(helper, paper) == 200

    posts.end_mandate(mandate=mandate, to_on=YESTERDAY, by=None, at=at(3))

    assert status(helper, paper) == 404


def test_a_deputy_for_what_goes_out_receives_nothing_that_comes_in():
    small = world()
    row = small.at_home(issued(small))
    helper = person("helper")
    stand_in(small.home_clerk, helper, first=date(2016, 6, 1), last=date(2016, 6, 30),
             scope=DeputyScope.OUTGOING)  # fmt: skip

    answer = client_of(helper).post(reverse("documents:receive", args=[row.pk]))

    assert answer.status_code == 403


def test_a_notice_owed_before_the_rights_ended_is_not_made_after():
    small = world()
    paper = issued(small)
    row = lifecycle.receive(circulation=small.at_home(paper), by=small.home_clerk, at=at(2, 10))
    lifecycle.update(
        dispatch=paper, files=[_file()], reason="Thiếu phụ lục", by=small.clerk, at=at(2, 11)
    )
    lifecycle.return_to_sender(
        circulation=row, reason="Nhầm", suggested=None, by=small.home_clerk, at=at(2, 12)
    )
    assert OutboxItem.objects.filter(key__startswith=NoticeKind.UPDATED, done_at=None).exists()

    work(at(3))

    assert not Notice.objects.filter(kind=NoticeKind.UPDATED, circulation=row).exists()
    assert Notice.objects.filter(kind=NoticeKind.UPDATED).exists()  # the other office was told


def test_a_drafter_who_left_is_not_told_that_his_draft_came_back():
    small = world()
    kept, lost = small.submitted(), small.submitted(subject="hai")
    lifecycle.send_back(dispatch=kept, reason="Sửa", by=small.leader, at=at(2))
    work(at(2, 10))
    assert Notice.objects.filter(person=small.drafter, kind=NoticeKind.SENT_BACK).count() == 1

    lifecycle.send_back(dispatch=lost, reason="Sửa", by=small.leader, at=at(2, 11))
    Post.objects.filter(user=small.drafter).update(to_on=YESTERDAY)
    work(at(3))

    assert Notice.objects.filter(person=small.drafter, kind=NoticeKind.SENT_BACK).count() == 1


def test_a_deputy_of_the_leader_from_a_body_above_is_told_that_a_draft_waits():
    small = world()
    above = person("above")
    stand_in(small.leader, above, first=date(2016, 6, 1), last=date(2016, 6, 30))

    small.submitted()
    work(at(2, 10))

    assert Notice.objects.filter(person=small.leader, kind=NoticeKind.SUBMITTED).exists()
    assert Notice.objects.filter(person=above, kind=NoticeKind.SUBMITTED).exists()


def test_a_second_exception_of_the_same_day_with_a_later_end_is_not_lost():
    small = world()
    paper = issued(small)
    guest = small.stranger
    shared = {"dispatch": paper, "person": guest, "cause": "phối hợp", "by": small.head}
    lifecycle.grant_person(**shared, to_on=date(2016, 6, 4), at=at(3, 9))

    lifecycle.grant_person(**shared, to_on=date(2016, 6, 30), at=at(3, 10))

    from documents import access  # noqa: PLC0415

    assert access.visible_to(guest, at=at(4)).filter(pk=paper.pk).exists()
    assert access.visible_to(guest, at=at(10)).filter(pk=paper.pk).exists()


def _file():
    from tests.documents.factories import facts  # noqa: PLC0415

    return facts(1)
