"""No token where the plan says no: every role asks every engine about every paper."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from documents.seed_roles import ROLES
from search.engine import Engine
from tests.nets.world import Roles, readable_text

pytestmark = [pytest.mark.django_db]


@pytest.mark.parametrize("share", [6, pytest.param(1, marks=pytest.mark.prove)])
def test_no_engine_says_what_the_plan_denies(engine: Engine, share: int) -> None:
    """Hits, counts, facets, suggestions, guesses, likeness, alerts and the export, one by one.

    In short, each role asks a sixth of the questions, each another one.
    """
    world = Roles()
    call_command("worker", "--until-empty")
    world.tell_everybody_of_everything()
    questions = [*_about_each_paper(world), (reverse("home"), {}), (reverse("searches"), {})]
    leaks, told = {}, set()
    for turn, role in enumerate((*ROLES, "heir_clerk")):
        browser = world.browser(role)
        for address, asked in questions[turn % share :: share]:
            response = browser.get(address, asked)
            assert response.status_code < 500, address
            text = readable_text(response)
            told |= {token for token in world.made.tokens if token in text}
            if found := world.leaks(role, text):
                leaks[f"{role}: {address} {asked}"] = found

    assert leaks == {}
    # Silence would prove nothing: whoever may read it is told.
    assert {world.made.tokens[token] for token in told} >= {"issued", "open", "persons"}


def _about_each_paper(world: Roles) -> list[tuple[str, dict[str, str]]]:
    """Ask for a prefix of a token of each paper: an answer that completes it would be a leak."""
    questions: list[tuple[str, dict[str, str]]] = []
    for paper, pk in world.made.papers.items():
        token = next(token for token, of in world.made.tokens.items() if of == paper)
        other = "b" if token[-1] == "a" else "a"
        for asked in (token[:8], token[:-1] + other):
            questions += [
                (reverse(name), {"q": asked})
                for name in ("search", "search_suggestions", "search_xlsx")
            ]
        questions.append((reverse("search_similar", args=[pk]), {}))
    return questions
