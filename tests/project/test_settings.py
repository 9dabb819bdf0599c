"""A setting is read in one place and described in one place."""

import ast

import pytest

from intranet.settings import environment
from tests.project.tree import ROOT, modules, name_of

#: These start Django, or start it anew: they set the environment rather than read a setting.
STARTERS = {"manage.py", "intranet/wsgi.py", "intranet/management/commands/demo.py"}


@pytest.mark.parametrize("name", sorted(environment.env.scheme))
def test_every_setting_is_described_in_operations(name: str) -> None:
    operations = ROOT / "docs" / "operations.md"

    described = operations.read_text(encoding="utf-8")

    assert f"`{name}`" in described


def test_the_environment_is_read_in_one_place() -> None:
    readers = {name_of(path) for path in modules() if _reads_environment(path.read_text())}

    assert readers - STARTERS == set()


def test_a_reader_of_the_environment_would_be_found() -> None:
    assert _reads_environment("import os\nos.environ['X']")
    assert _reads_environment("import os\nos.getenv('X')")
    assert _reads_environment("from os import environ")
    assert not _reads_environment("import os\nos.getpid()")


def _reads_environment(source: str) -> bool:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}:
            return True
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            taken = {each.name for each in node.names}
            if taken & {"environ", "getenv"}:
                return True
    return False
