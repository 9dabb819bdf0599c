"""The shape of the house: small files, names that say something, no strangers' addresses."""

import re

from tests.project.tree import files, modules, name_of, text_of

LONGEST = 400
SAYS_NOTHING = re.compile(
    r"^(utils?|helpers?|common|core|misc|managers?|handlers?|process|processing)$"
)
#: Written in pieces, so that this file does not hold what it forbids.
REGISTRY = re.compile(
    "|".join([r"pypi\.(?:org|python)", r"files\.pythonhosted", r"registry\.np" + "mjs",
              r"proxy\.go" + r"lang", r"artif" + "actory", r"nexus\.\w+\.\w+", r"crates\.i" + "o"])
)  # fmt: skip
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:" + "work/|root/|home/" + r"|Users/|opt/)[\w.]")


def test_no_file_is_longer_than_anybody_reads() -> None:
    long = {name_of(path): _lines(path) for path in modules() if _lines(path) >= LONGEST}

    assert long == {}


def test_every_module_has_a_name_that_says_something() -> None:
    empty = [
        name_of(path)
        for path in modules(tests=True)
        if SAYS_NOTHING.match(path.stem) or SAYS_NOTHING.match(path.parent.name)
    ]

    assert empty == []


def test_no_file_names_a_registry() -> None:
    assert _with(REGISTRY) == {}


def test_no_file_names_a_path_of_one_machine() -> None:
    assert _with(MACHINE_PATH) == {}


def test_what_is_looked_for_would_be_found() -> None:
    assert REGISTRY.search("https://pyp" + "i.org/simple")
    assert MACHINE_PATH.search("see /ro" + "ot/.cache")
    assert not MACHINE_PATH.search("https://example.org/home/page")
    assert SAYS_NOTHING.match("utils")


def _lines(path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _with(pattern: re.Pattern[str]) -> dict[str, str]:
    found = {}
    for path in files():
        match = pattern.search(text_of(path) or "")
        if match:
            found[name_of(path)] = match[0]
    return found
