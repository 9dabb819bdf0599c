"""Every address is declared, and answers each role as declared."""

import pytest

from agencies.models import User
from documents.seed_roles import ROLES
from intranet.routes import DECLARED, declaration, walk
from seminars import links
from tests.nets.world import Roles, body_of, own_routes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive")]

#: On which paper of the world an address is tried, where it is not the one sent to all.
PAPER_OF = {
    "documents:draft": "draft",
    "documents:autosave": "draft",
    "documents:attach": "draft",
    "documents:detach": "draft",
    "documents:submit": "draft",
    "documents:discard": "draft",
    "documents:sign": "submitted",
    "documents:send_back": "submitted",
    "documents:number": "signed",
    "documents:issue": "signed",
    "documents:void": "numbered",
}
#: Addresses that name something else than a paper.
ID_OF = {
    "agencies:mailbox": "agency",
    "agencies:person": "person",
    "agencies:deactivate": "person",
    "agencies:reactivate": "person",
    "agencies:end_post": "post",
    "agencies:appoint": "post",
    "agencies:end_mandate": "mandate",
}

#: On which seminar an address is tried, where it is not the one to which agencies are invited.
SEMINAR_OF = {
    "seminars:hold": "seminar_draft",
    "seminars:invite": "seminar_scheduled",
    "seminars:attendance": "seminar_held",
    "seminars:minutes": "seminar_held",
    "seminars:approve_minutes": "seminar_held",
    "seminars:conclude": "seminar_held",
    "seminars:draft_paper": "seminar_held",
    "seminars:take_back": "seminar_scheduled",
}

#: Names of Wagtail's admin patterns that were looked at; an upgrade that adds one fails here.
LOOKED_AT = "tests/nets/admin_patterns.txt"


def test_every_pattern_is_declared() -> None:
    undeclared = [route.pattern for route in walk() if declaration(route) is None]

    assert undeclared == []


def test_every_declaration_names_a_pattern() -> None:
    names = {route.name for route in walk()}

    assert set(DECLARED) - names == set()


def test_no_admin_pattern_came_unnoticed() -> None:
    with open(LOOKED_AT, encoding="utf-8") as file:
        known = set(file.read().split("\n")) - {""}
    found = {f"{route.name} {route.pattern}" for route in walk() if route.in_admin}

    assert found == known


def test_the_seed_makes_the_fifteen_roles() -> None:
    made = Roles().made

    assert len(ROLES) == 15
    assert set(ROLES) - {"anonymous"} <= set(made.users)
    assert all(made.entitled[role] == [] for role in ROLES if role not in {
        "named_recipient", "agency_recipient", "deputy",
    })  # fmt: skip


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.prove)])
def test_each_role_is_answered_as_declared(whole: bool) -> None:
    """Every address with every role and method, on one world; all that differs is named at once.

    In short: one of the entitled and two of the others, by turns.
    """
    world = Roles()
    browsers = {role: world.browser(role) for role in world.roles}
    every = world.values
    wrong = []
    for turn, route in enumerate(own_routes()):
        declared = declaration(route)
        assert declared is not None
        # The sample that the declaration speaks of: the paper sent to all, where none is named.
        paper = world.made.papers[PAPER_OF.get(route.name, "issued")]
        if route.name.startswith("seminars:"):
            paper = world.made.seminars[SEMINAR_OF.get(route.name, "seminar_invited")]
            if route.name in (
                "seminars:board", "seminars:end_programme", "seminars:ask_for_programme",
                "seminars:plan",
            ):  # fmt: skip
                paper = world.made.ids["programme"]
            if route.name.startswith("seminars:schedule_"):
                paper = world.made.ids["schedule"]
        if route.name == "agencies:agency":
            paper = every["agency"][0]
        world.values = every | {
            "pk": [world.made.ids.get(ID_OF.get(route.name, ""), paper)],
            "circulation": [world.made.ids["circulation"]],
            "attachment": _attachment(paper),
            "code": _receipt(world.made.ids["receipt"]),
            "agency": every["agency"][:1],
            "invitation": [world.made.ids["invitation"]],
            "nomination": [world.made.ids["nomination"]],
            "survey": [world.made.ids["survey"]],
            "asked": [world.made.ids["asked"]],
            "paper": [world.made.ids["paper"]],
            "no": [0] if route.name == "seminars:schedule_version" else [1],
            "skipped": [world.made.ids["skipped"]],
            "dispatch": [world.made.papers["issued"]],
            "token": [links.token_of(world.made.ids["mail"])],
            "key": every["key"][:1],
        }
        entitled = [role for role in world.roles if role in declared.roles]
        others = [role for role in world.roles if role not in declared.roles]
        roles = world.roles if whole else _by_turns(entitled, 1, turn) + _by_turns(others, 2, turn)
        for address in world.addresses(route, sample=True):
            for role in roles:
                wrong += _differences(route, declared, browsers[role], role, address)

    assert wrong == []


def _by_turns(roles: list[str], many: int, turn: int) -> list[str]:
    start = many * turn % len(roles) if roles else 0
    return (roles[start:] + roles[:start])[:many]


def _differences(route, declared, browser, role: str, address: str) -> list[str]:
    found = []
    answers = {"GET": browser.get(address)}
    if role not in declared.roles and "POST" in declared.methods:
        answers["POST"] = browser.post(address)
    for method, response in answers.items():
        body_of(response)
        status = response.status_code
        if method not in declared.methods:
            fine = status in (302, 404, 405)
        elif role in declared.roles:
            fine = status in range(200, 300) or route.name == "readyz"
        else:
            fine = status in (302, 401, 403, 404, 405, 409)
        if not fine:
            found.append(f"{method} {address} [{route.name}] as {role}: {status}")
    return found


def _attachment(paper: int) -> list[object]:
    from documents.models import Attachment  # noqa: PLC0415

    return list(Attachment.objects.filter(version__dispatch=paper).values_list("pk", flat=True))


def _receipt(pk: int) -> list[object]:
    from documents.models import Receipt  # noqa: PLC0415

    return [Receipt.objects.get(pk=pk).code]


def test_an_official_never_meets_the_web_admin() -> None:
    world = Roles()

    for role in ("sender_clerk", "recipient_clerk", "auditor", "administrator"):
        browser = world.browser(role)
        for part in ("", "pages/", "images/", "reports/"):
            assert browser.get(f"/quan-tri/{part}").status_code in (302, 403, 404), (role, part)


def test_a_deactivated_person_is_signed_out_at_once() -> None:
    world = Roles()
    browser = world.browser("recipient_clerk")
    assert browser.get("/den/").status_code == 200

    User.objects.filter(username=world.made.users["recipient_clerk"]).update(is_active=False)

    assert browser.get("/den/").status_code == 302
