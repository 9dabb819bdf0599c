"""A migration says in its name what it does."""

import re

from tests.project.tree import modules, name_of

NAMED = re.compile(r"^\d{4}_(?!auto_|alter_|initial$)[a-z][a-z0-9_]+$")


def test_every_migration_has_a_name_of_its_own() -> None:
    found = [
        path
        for path in modules(migrations=True)
        if path.parent.name == "migrations" and path.stem != "__init__"
    ]

    assert found
    assert [name_of(path) for path in found if not NAMED.match(path.stem)] == []
