"""The system circulates papers; it holds no data about the people whom papers concern.

Ethnic origin, religion, identity numbers and household registration have no field here, in no
model and no form, under no name.
"""

import ast

import pytest
from django.apps import apps

from tests.project.tree import APPS, ROOT, modules, name_of

FORBIDDEN = (
    "ethnic", "dan_toc", "dantoc", "ton_giao", "tongiao", "religio", "cccd", "cmnd", "ho_khau",
    "hokhau", "household",
)  # fmt: skip


def names_in(source: str) -> set[str]:
    """Every identifier of a module: names, attributes, arguments, keywords, classes, functions."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        for attribute in ("id", "attr", "arg", "name"):
            value = getattr(node, attribute, None)
            if isinstance(value, str):
                found.add(value)
    return found


def forbidden(names: set[str]) -> list[str]:
    return sorted(name for name in names if any(word in name.lower() for word in FORBIDDEN))


@pytest.mark.parametrize("path", modules(migrations=True), ids=name_of)
def test_no_identifier_names_what_a_paper_must_not_record_of_people(path) -> None:
    assert forbidden(names_in(path.read_text(encoding="utf-8"))) == []


def test_no_column_of_ours_has_a_forbidden_name() -> None:
    fields = {
        field.name
        for app in apps.get_app_configs()
        if app.label in APPS
        for model in app.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
    }

    assert fields
    assert forbidden(fields) == []


@pytest.mark.parametrize("name", ["ethnicity", "Dan_Toc", "so_cccd", "ho_khau_id"])
def test_a_forbidden_field_would_be_found(name: str) -> None:
    source = f"class Person:\n    {name} = CharField()\n"

    assert forbidden(names_in(source)) == [name]


def test_the_sources_are_really_read() -> None:
    assert ROOT / "documents" / "choices.py" in modules()
