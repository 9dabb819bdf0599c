"""No token where the plan says no: every role fetches every address with every id.

Each confidential field of each seeded paper holds a token of its own. The crawl also counts what it
reached: a crawl that is refused everywhere would prove nothing.
"""

from datetime import timedelta
from itertools import islice, product

import pytest
from django.core import mail as outbox
from django.core.management import call_command
from django.urls import reverse

from agencies import clock
from documents.models import Notice
from documents.seed_roles import ROLES
from intranet.routes import declaration
from seminars import links
from seminars.jobs import mail_one
from seminars.models import PaperVersion, SeminarMail, SeminarNotice
from tests.nets.world import Roles, body_of, own_routes, readable_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive")]

#: Addresses that take words, with the name of the parameter.
ASKED = (
    ("/tim/", "q"),
    ("/tim/goi-y/", "q"),
    ("/tim/xlsx/", "q"),
    ("/den/", "words"),
    ("/den/xlsx/", "words"),
    ("/di/", "words"),
    ("/di/xlsx/", "words"),
    ("/di/noi-nhan/", "q"),
    ("/co-quan/", "q"),
)


def test_the_tokens_are_where_they_could_leak() -> None:
    """Who may read finds every paper's tokens on its page, so that absence means something."""
    world = Roles()
    seen = set()
    for role in ("drafter", "recipient_clerk", "named_recipient"):
        for paper in world.made.papers.keys() & world.made.entitled[role]:
            page = world.browser(role).get(f"/van-ban/{world.made.papers[paper]}/")
            text = readable_text(page)
            seen |= {
                paper for token, of in world.made.tokens.items() if of == paper and token in text
            }

        for name in world.made.seminars.keys() & world.made.entitled[role]:
            page = world.browser(role).get(f"/hoi-thao/{world.made.seminars[name]}/")
            text = readable_text(page)
            seen |= {what for token, what in world.made.tokens.items() if token in text}
        for paper, no in PaperVersion.objects.values_list("paper", "no"):
            for end in ("", f"tep/{no}/"):
                page = world.browser(role).get(f"/hoi-thao/tham-luan/{paper}/{end}")
                text = readable_text(page)
                seen |= {what for token, what in world.made.tokens.items() if token in text}

        for end in ("", "soan/"):
            address = f"/hoi-thao/lich-tuan/{world.made.ids['schedule']}/{end}"
            text = readable_text(world.browser(role).get(address))
            seen |= {what for token, what in world.made.tokens.items() if token in text}

    beside = {"programme", "minutes", "survey", "delegate_whole", "delegate_office", "skipped"}
    # The reason of a return is no longer said once the paper was accepted, but in the log.
    beside |= {"paper", "paper_returned", "paper_accepted", "paper_reason"}
    beside |= {"schedule_own", "schedule_told", "schedule_draft"}
    assert seen == {*world.made.papers, *world.made.seminars, *beside}


CRAWLERS = (*ROLES, "heir_clerk")


@pytest.mark.parametrize("crawlers", [CRAWLERS[::2], CRAWLERS[1::2]], ids=["even", "odd"])
@pytest.mark.parametrize("share", [20, pytest.param(1, marks=pytest.mark.prove)])
def test_no_role_is_shown_a_token_that_the_plan_denies_it(
    crawlers: tuple[str, ...], share: int
) -> None:
    """In short, each role asks for a twentieth of the addresses, each another one."""
    world = Roles()
    call_command("worker", "--until-empty")
    world.tell_everybody_of_everything()
    # What is declared to answer nobody, or to be posted to only, is asked for once.
    addresses = [
        (route, address)
        for route in own_routes()
        for address in islice(world.addresses(route), None if _shows_something(route) else 1)
    ]
    leaks: dict[str, set[str]] = {}
    questions = list(product(ASKED, world.made.papers))
    for turn, role in enumerate(crawlers):
        browser = world.browser(role)
        for route, address in addresses[turn % share :: share]:
            response = browser.get(address)
            assert response.status_code < 500 or route.name == "readyz", address
            if found := world.leaks(role, readable_text(response)):
                leaks[f"{role}: {address}"] = found
        for (address, parameter), paper in questions[turn % share :: share]:
            # A prefix of a token is asked for: an answer that completes it would be a leak.
            asked = next(token for token, of in world.made.tokens.items() if of == paper)
            text = readable_text(browser.get(address, {parameter: asked[:8]}))
            if found := world.leaks(role, text):
                leaks[f"{role}: {address}?{parameter}={asked[:8]}"] = found

    assert leaks == {}


@pytest.mark.once
def test_the_crawl_reaches_nearly_every_address() -> None:
    world = Roles()
    browsers = {
        role: world.browser(role)
        for role in (
            "sender_clerk",
            "sender_leader",
            "drafter",
            "recipient_clerk",
            "administrator",
            "anonymous",
        )
    }
    missed = []
    # What is declared to answer nobody, or to be posted to only, has nothing to reach.
    routes = [route for route in own_routes() if _shows_something(route)]
    for route in routes:
        reached = any(
            _answers(browser, address)
            for address in world.addresses(route)
            for role, browser in browsers.items()
            if role in declaration(route).roles
        )
        if not reached:
            missed.append(route.pattern)

    assert len(missed) <= len(routes) * 0.05, missed


def _answers(browser, address: str) -> bool:
    response = browser.get(address)
    body_of(response)
    return response.status_code == 200


def _shows_something(route) -> bool:
    declared = declaration(route)
    return declared is not None and "GET" in declared.methods and bool(declared.roles)


def test_what_a_crawl_fetches_opens_and_acknowledges_nothing_by_head_or_prefetch() -> None:
    from documents.models import Receipt  # noqa: PLC0415

    world = Roles()
    browser = world.browser("agency_recipient")
    paper = world.made.papers["open"]
    before = Receipt.objects.count()

    browser.head(f"/van-ban/{paper}/")
    browser.get(f"/van-ban/{paper}/", headers={"Sec-Purpose": "prefetch"})
    browser.get(f"/van-ban/{paper}/", headers={"Purpose": "prefetch"})
    browser.get(f"/van-ban/{paper}/", headers={"Sec-Fetch-Dest": "empty"})
    browser.get("/den/")
    browser.get("/den/xlsx/")
    assert Receipt.objects.count() == before
    browser.get(f"/van-ban/{paper}/")

    assert Receipt.objects.count() == before + 1


def test_mails_hold_what_their_agency_may_see_and_no_delegate() -> None:
    world = Roles()
    SeminarMail.objects.all().delete()
    while mail_one(clock.now() + timedelta(minutes=2)):
        pass
    reader = {"whole@mail.example": "recipient_clerk", "office@mail.example": "office_clerk"}
    leaks, found = {}, set()
    for mail in outbox.outbox:
        parts = [each.get_payload(decode=True) or b"" for each in mail.message().walk()]
        # Folded lines of the calendar are put together again: a token may lie across two.
        text = b"\n".join(parts).decode().replace("\r\n ", "") + mail.subject
        found |= {what for token, what in world.made.tokens.items() if token in text}
        if more := world.leaks(reader[mail.to[0]], text):
            leaks[mail.to[0]] = more

    assert leaks == {}
    assert found == {"seminar_invited"}
    assert {mail.to[0] for mail in outbox.outbox} == set(reader)


def test_whoever_has_a_link_sees_what_its_mail_says_and_no_more() -> None:
    world = Roles()
    address = reverse("seminars:answer_by_link", args=[links.token_of(world.made.ids["mail"])])

    for role in ("anonymous", "other_clerk", "recipient_clerk"):
        text = readable_text(world.browser(role).get(address))
        found = {what for token, what in world.made.tokens.items() if token in text}
        assert found == {"seminar_invited"}, role


def test_notices_and_job_rows_hold_no_token() -> None:
    from documents.models import OutboxItem  # noqa: PLC0415

    world = Roles()
    call_command("worker", "--until-empty")

    rows = (OutboxItem, Notice, SeminarMail, SeminarNotice)
    kept = [str(vars(row)) for model in rows for row in model.objects.all()]

    assert kept
    assert not [token for token in world.made.tokens for row in kept if token in row]
