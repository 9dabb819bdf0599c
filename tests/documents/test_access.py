"""The gate: SQL, tokens, require and the page agree, whatever the world looks like."""

from datetime import date, timedelta

import pytest
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from agencies.choices import Audience, DeputyScope, Role
from agencies.models import Agency, Post, User
from documents import access, lifecycle, why
from documents.choices import Action, HandlingRole, State
from documents.models import Circulation, Dispatch
from documents.refusals import Incomplete, NotFound, NotPermitted
from tests.documents.random_worlds import DAYS, MOMENT, random_world
from tests.documents.world import START, World, agency, at, person, stand_in
from tests.examples import a_share

NOW = at(3, 12)


def agree(user: User, paper: Dispatch, *, moment=NOW) -> bool:
    """Return whether the person reads the paper, after asserting that every door says the same."""
    by_sql = access.visible_to(user, at=moment).filter(pk=paper.pk).exists()
    by_tokens = bool(access.reader_tokens(paper) & access.tokens_of(user, at=moment))
    try:
        access.require_readable(user, paper, at=moment)
        by_require = True
    except NotFound:
        by_require = False
    try:
        access.get_or_404(user, paper.pk, at=moment)
        by_page = True
    except Http404:
        by_page = False
    assert by_sql == by_tokens == by_require == by_page, (user, paper.state)
    assert bool(why.reasons_for(user, paper, at=moment)) == by_sql
    return by_sql


@pytest.mark.django_db
def test_the_whole_agency_reads_what_was_sent_to_the_whole_agency() -> None:
    world = World()
    paper = world.issued()

    assert agree(world.home_officer, paper)
    assert agree(world.finance_clerk, paper)


@pytest.mark.django_db
def test_where_the_office_alone_is_addressed_an_officer_reads_only_once_assigned() -> None:
    world = World()
    paper = world.issued()
    row = Circulation.objects.get(dispatch=paper, agency=world.finance)
    assert not agree(world.finance_officer, paper)

    lifecycle.receive(circulation=row, by=world.finance_clerk, at=at(3))
    lifecycle.assign(
        circulation=row, assignee=world.finance_officer, role=HandlingRole.LEAD,
        due_at=None, note="", by=world.finance_clerk, at=at(3),
    )  # fmt: skip

    assert agree(world.finance_officer, paper)


@pytest.mark.django_db
def test_one_who_left_the_agency_no_longer_reads_what_was_assigned_to_him() -> None:
    world = World()
    paper = world.issued()
    row = Circulation.objects.get(dispatch=paper, agency=world.finance)
    lifecycle.receive(circulation=row, by=world.finance_clerk, at=at(3))
    lifecycle.assign(
        circulation=row, assignee=world.finance_officer, role=HandlingRole.LEAD,
        due_at=None, note="", by=world.finance_clerk, at=at(3),
    )  # fmt: skip
    assert agree(world.finance_officer, paper)

    Post.objects.filter(user=world.finance_officer).update(to_on=date(2016, 6, 2))

    assert not agree(world.finance_officer, paper)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_an_auditor_or_administrator_of_a_recipient_reads_nothing(role: Role) -> None:
    world = World()
    paper = world.issued()

    assert not agree(person("x", (world.home, role)), paper)


@pytest.mark.django_db
def test_a_superuser_is_not_a_reader() -> None:
    world = World()
    paper = world.issued()
    root = person("root", is_superuser=True, is_staff=True)

    assert not agree(root, paper)


@pytest.mark.django_db
def test_a_deactivated_person_reads_nothing() -> None:
    world = World()
    paper = world.issued()
    assert agree(world.home_officer, paper)

    world.home_officer.is_active = False
    world.home_officer.save()

    assert not agree(world.home_officer, paper)


@pytest.mark.django_db
def test_a_mandate_holds_on_its_last_day_and_not_on_the_next() -> None:
    world = World()
    paper = world.issued()
    deputy = person("deputy", (agency("Sở Y tế"), Role.OFFICER))
    stand_in(world.home_clerk, deputy, first=date(2016, 6, 1), last=date(2016, 6, 10))

    assert agree(deputy, paper, moment=at(10, 23, 59))
    assert not agree(deputy, paper, moment=at(11, 0, 0))


@pytest.mark.django_db
def test_a_mandate_is_empty_once_the_post_it_stands_in_for_has_ended() -> None:
    world = World()
    paper = world.issued()
    deputy = person("deputy", (agency("Sở Y tế"), Role.OFFICER))
    stand_in(world.home_clerk, deputy, first=date(2016, 6, 1), last=date(2016, 6, 10))
    assert agree(deputy, paper)

    Post.objects.filter(user=world.home_clerk).update(to_on=date(2016, 6, 2))

    assert not agree(deputy, paper)


@pytest.mark.django_db
def test_a_deputy_has_no_deputy() -> None:
    world = World()
    paper = world.issued()
    first = person("first", (agency("Sở Y tế"), Role.OFFICER))
    second = person("second", (agency("Sở Giao thông vận tải"), Role.OFFICER))
    stand_in(world.home_clerk, first, first=date(2016, 6, 1), last=date(2016, 6, 10))
    stand_in(first, second, first=date(2016, 6, 1), last=date(2016, 6, 10))
    assert agree(first, paper)

    assert not agree(second, paper)


@pytest.mark.django_db
def test_a_successor_sees_nothing_old() -> None:
    from agencies.models import Succession  # noqa: PLC0415

    world = World()
    paper = world.issued()
    heir = agency("Sở mới")
    heir_clerk = person("heir", (heir, Role.CLERK))
    Succession.objects.create(
        predecessor=world.home, successor=heir, kind="merge", on=date(2016, 6, 3), basis="QĐ mẫu"
    )

    assert not agree(heir_clerk, paper)


@pytest.mark.django_db
def test_an_exception_lets_a_named_person_read_until_its_last_day() -> None:
    world = World()
    paper = world.issued()
    guest = person("guest", (agency("Sở Y tế"), Role.OFFICER))
    assert not agree(guest, paper)

    lifecycle.grant_person(
        dispatch=paper,
        person=guest,
        cause="phối hợp",
        to_on=date(2016, 6, 5),
        by=world.head,
        at=NOW,
    )

    assert agree(guest, paper, moment=at(5, 23))
    assert not agree(guest, paper, moment=at(6, 0))
    assert not agree(guest, paper, moment=at(2, 23))


@pytest.mark.django_db
def test_an_exception_lets_an_agency_read_as_a_whole() -> None:
    world = World()
    paper = world.issued()
    other = agency("Sở Y tế")
    officer = person("officer", (other, Role.OFFICER))
    auditor = person("auditor", (other, Role.AUDITOR))

    lifecycle.grant_agency(
        dispatch=paper, agency=other, cause="phối hợp", to_on=None, by=world.head, at=NOW
    )

    assert agree(officer, paper)
    assert not agree(auditor, paper)


@pytest.mark.django_db
def test_exceptions_are_given_and_withdrawn_by_leaders_of_the_issuer_alone() -> None:
    world = World()
    paper = world.issued()
    guest, other = person("guest", (agency("Sở Y tế"), Role.OFFICER)), agency("Sở Xây dựng")
    stranger = person("stranger", (agency("Sở Công thương"), Role.HEAD))
    shared = {"dispatch": paper, "cause": "phối hợp", "to_on": None, "at": NOW}
    given = [
        lifecycle.grant_person(person=guest, by=world.head, **shared),
        lifecycle.grant_agency(agency=other, by=world.leader, **shared),
    ]

    for who, wrong in (
        (world.clerk, NotPermitted), (world.drafter, NotPermitted),
        (world.home_head, NotPermitted), (guest, NotPermitted), (stranger, NotFound),
    ):  # fmt: skip
        with pytest.raises(wrong):
            lifecycle.grant_person(person=guest, by=who, **shared)
        with pytest.raises(wrong):
            lifecycle.grant_agency(agency=other, by=who, **shared)
        for each in given:
            with pytest.raises(wrong):
                lifecycle.withdraw_exception(given=each, by=who, at=NOW)
    assert agree(guest, paper)
    for each in given:
        lifecycle.withdraw_exception(given=each, by=world.leader, at=NOW)
    assert not agree(guest, paper)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"cause": " "}, "cause"),
        ({"cause": "x" * 501}, "cause"),
        ({"to_on": date(2016, 6, 2)}, "to_on"),
    ],
)
def test_an_exception_without_a_cause_or_over_before_it_begins_is_refused(
    wrong: dict[str, object], code: str
) -> None:
    world = World()
    values = {"cause": "phối hợp", "to_on": date(2016, 6, 3)} | wrong
    paper = world.issued()

    for give in (
        lambda: lifecycle.grant_person(
            dispatch=paper, person=world.home_officer, by=world.head, at=NOW, **values
        ),
        lambda: lifecycle.grant_agency(
            dispatch=paper, agency=world.home, by=world.head, at=NOW, **values
        ),
    ):
        with pytest.raises(Incomplete) as refused:
            give()
        assert [each.code for each in refused.value.reasons] == [code]


@pytest.mark.django_db
def test_a_circulation_is_reached_by_its_readers_and_followed_by_the_sender_alone() -> None:
    world = World()
    row = world.at_home(world.issued())
    stranger = person("stranger", (agency("Sở Y tế"), Role.HEAD))

    def reached(by: User) -> tuple[bool, bool]:
        doors = []
        for door in (access.circulation_or_404, access.tracked_or_404):
            try:
                assert door(by, row.pk, at=NOW) == row
                doors.append(True)
            except Http404:
                doors.append(False)
        return doors[0], doors[1]

    assert reached(world.home_clerk) == (True, False)
    assert reached(world.drafter) == (False, True)
    assert reached(person("p_archivist", (world.province, Role.ARCHIVIST))) == (False, False)
    assert reached(stranger) == (False, False)


@pytest.mark.django_db
def test_who_no_longer_reads_a_returned_paper_reads_it_under_no_authority() -> None:
    world = World()
    row = world.at_home(world.issued())
    for reader in (world.home_clerk, world.home_officer):
        held = access.authority_at(reader, row, at=NOW)
        assert held is not None
        assert held.user == reader

    lifecycle.return_to_sender(
        circulation=row, reason="nhầm nơi", suggested=None, by=world.home_clerk, at=NOW
    )

    row.refresh_from_db()
    for reader in (world.home_clerk, world.home_officer):
        assert access.authority_at(reader, row, at=NOW) is None


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["home_clerk", "drafter", "leader"])
def test_what_needs_a_role_somewhere_is_refused_without_it(who: str) -> None:
    world = World()

    with pytest.raises(NotPermitted):
        access.require_role(getattr(world, who), world.province.pk, frozenset({Role.CLERK}), at=NOW)
    assert access.require_role(world.clerk, world.province.pk, frozenset({Role.CLERK}), at=NOW)


def moved_to(user: User, body: Agency) -> User:
    """The person's posts are over since the day before, and he works elsewhere."""
    user.posts.update(to_on=NOW.date() - timedelta(days=1))
    Post.objects.create(user=user, agency=body, role=Role.OFFICER, from_on=NOW.date())
    return user


@pytest.mark.django_db
def test_who_works_elsewhere_now_reads_neither_his_old_drafts_nor_what_he_was_given() -> None:
    world = World()
    draft = world.draft()
    world.home.default_audience = Audience.OFFICE
    world.home.save()
    row = world.received(subject="việc khác")
    lifecycle.assign(
        circulation=row, assignee=world.home_officer, role=HandlingRole.LEAD, due_at=None, note="",
        by=world.home_clerk, at=NOW,
    )  # fmt: skip
    assert agree(world.drafter, draft)
    assert agree(world.home_officer, row.dispatch)
    other = agency("Sở Y tế")

    assert not agree(moved_to(world.drafter, other), draft)
    assert not agree(moved_to(world.home_officer, other), row.dispatch)


@pytest.mark.django_db
def test_where_the_office_is_addressed_only_the_one_whom_it_was_given_to_reads_besides() -> None:
    world = World()
    world.home.default_audience = Audience.OFFICE
    world.home.save()
    row = world.received()
    second = person("a_officer_2", (world.home, Role.OFFICER))
    lifecycle.assign(
        circulation=row, assignee=second, role=HandlingRole.LEAD, due_at=None, note="",
        by=world.home_clerk, at=NOW,
    )  # fmt: skip

    assert agree(second, row.dispatch)
    assert not agree(world.home_officer, row.dispatch)


@pytest.mark.django_db
def test_a_draft_that_came_back_and_was_discarded_is_its_drafters_alone_again() -> None:
    world = World()
    paper = lifecycle.send_back(
        dispatch=world.submitted(), reason="sai số liệu", by=world.leader, at=at(2)
    )
    assert agree(world.leader, paper)

    paper = lifecycle.discard(dispatch=paper, by=world.drafter, at=at(2, 10))

    assert not agree(world.leader, paper)
    assert agree(world.drafter, paper)


@pytest.mark.django_db
def test_what_is_for_the_whole_agency_is_so_only_once_it_is_issued() -> None:
    world = World()
    colleague = person("p_officer_2", (world.province, Role.OFFICER))
    paper = world.numbered(audience=Audience.AGENCY)
    assert not agree(colleague, paper)

    paper = lifecycle.issue(dispatch=paper, by=world.clerk, at=at(2))

    assert agree(colleague, paper)


@pytest.mark.django_db
def test_an_issued_paper_of_the_office_is_neither_read_nor_followed_by_its_other_officers() -> None:
    world = World()
    colleague = person("p_officer_2", (world.province, Role.OFFICER))
    paper = world.issued(audience=Audience.OFFICE)

    assert agree(world.drafter, paper)
    assert not agree(colleague, paper)
    with pytest.raises(Http404):
        access.tracked_or_404(colleague, world.at_home(paper).pk, at=NOW)


@pytest.mark.django_db
def test_what_is_read_is_read_under_the_post_or_mandate_that_lets_read() -> None:
    world = World()
    both = person("both", (world.home, Role.AUDITOR), (world.home, Role.OFFICER))
    held = access.authority_at(both, world.at_home(world.issued()), at=NOW)
    assert held is not None
    assert held.role == Role.OFFICER

    stand_in(world.home_clerk, both, first=date(2016, 6, 1), last=date(2016, 6, 10))
    world.home.default_audience = Audience.OFFICE
    world.home.save()
    held = access.authority_at(both, world.at_home(world.issued(subject="khác")), at=NOW)

    assert held is not None
    assert held.deputy is not None
    assert held.role == Role.CLERK


@pytest.mark.django_db
def test_what_went_back_is_read_by_nobody_there_and_kept_by_the_office_alone() -> None:
    world = World()
    row = world.at_home(world.issued())
    assert agree(world.home_officer, row.dispatch)
    lifecycle.return_to_sender(
        circulation=row, reason="nhầm nơi", suggested=None, by=world.home_clerk, at=NOW
    )

    for reader in (world.home_officer, world.home_clerk):
        assert not agree(reader, row.dispatch)
    assert access.in_the_register_of(world.home_clerk, at=NOW).get() == row
    assert not access.in_the_register_of(world.home_officer, at=NOW).exists()


@pytest.mark.django_db
def test_own_authority_is_taken_before_a_borrowed_one() -> None:
    world = World()
    row = world.at_home(world.issued())
    second = person("second", (world.home, Role.CLERK))
    stand_in(world.home_clerk, second, first=date(2016, 6, 1), last=date(2016, 6, 10))

    authority = access.require(second, Action.RECEIVE, row, at=NOW)

    assert authority.deputy is None


@pytest.mark.django_db
def test_rights_of_two_mandates_are_never_added_up() -> None:
    world = World()
    row = world.at_home(world.issued())
    deputy = person("deputy", (agency("Sở Y tế"), Role.OFFICER))
    stand_in(
        world.home_clerk, deputy, first=START, last=date(2016, 6, 10), scope=DeputyScope.OUTGOING
    )
    stand_in(
        world.home_officer, deputy, first=START, last=date(2016, 6, 10), scope=DeputyScope.INCOMING
    )

    assert agree(deputy, row.dispatch)
    assert not access.may(deputy, Action.RECEIVE, row, at=NOW)


@pytest.mark.django_db
def test_a_standing_costs_one_query_one_more_for_exceptions_and_then_none(
    django_assert_num_queries,
) -> None:
    world = World()
    paper = world.issued()

    with django_assert_num_queries(1):
        who = access.standing(world.clerk, at=NOW)
    with django_assert_num_queries(1):
        assert (who.grants, who.agency_grants, who.unread) == ((), (), 0)
    with django_assert_num_queries(0):
        access.may(who, Action.RECALL, paper)


# -- Random worlds ----------------------------------------------------------------------------


class RandomWorlds(TestCase):
    """Whatever posts, mandates, audiences, exceptions and states: every door says the same."""

    @a_share(16)
    @given(data=st.data())
    def test_every_door_says_the_same(self, data: st.DataObject) -> None:
        people, papers = random_world(data)

        moment = MOMENT + timedelta(days=data.draw(DAYS))
        for user in people:
            for each in papers:
                agree(user, each, moment=moment)
            who = access.standing(user, at=moment)
            register = access.circulations_read_by(who) | access.traces_left_to(who)
            assert set(access.in_the_register_of(who)) == set(register)


@pytest.mark.prove
class ManyRandomWorlds(RandomWorlds):
    """The same with as many worlds as `make prove` wants."""


@pytest.mark.django_db
def test_a_foreign_id_and_a_random_id_are_the_same_404() -> None:
    world = World()
    paper = world.draft()
    assert paper.state == State.DRAFT

    for pk in (paper.pk, 999_999):
        with pytest.raises(Http404) as raised:
            access.get_or_404(world.home_clerk, pk, at=NOW)
        assert str(raised.value) == ""
