"""What is installed is locked, comes from nowhere in particular, and may be used in an office."""

import re
from importlib.metadata import PackageNotFoundError, distribution

import pytest

from tests.project.tree import ROOT

FOLDER = ROOT / "requirements"
LOCKS = ("base.txt", "dev.txt")
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>[^ ;\\]+)", re.MULTILINE)
#: LGPL lets a program of any licence use the library as it is.
STRONG = re.compile(r"\b(?:A?GPL|GNU (?:Affero )?General Public)", re.IGNORECASE)
WEAK = re.compile(r"\bLGPL|Lesser General Public", re.IGNORECASE)


def pins(lock: str) -> dict[str, str]:
    text = (FOLDER / lock).read_text(encoding="utf-8")
    return {match["name"]: match["version"] for match in PIN.finditer(text)}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_with_hashes(lock: str) -> None:
    text = (FOLDER / lock).read_text(encoding="utf-8")
    blocks = [block for block in re.split(r"\n(?=[A-Za-z0-9])", text) if block.strip()]

    loose = [b.splitlines()[0] for b in blocks if not PIN.match(b) or "--hash=sha256:" not in b]

    assert loose == []
    assert len(blocks) == text.count("==") - text.count("'==") - len(re.findall(r" == '", text))


@pytest.mark.parametrize("file", [*LOCKS, "base.in", "dev.in"])
def test_no_requirement_has_an_address(file: str) -> None:
    text = (FOLDER / file).read_text(encoding="utf-8")

    assert re.findall(r"\w+://\S*|^--?\w*(?:index|find-links)\S*", text, re.MULTILINE) == []


def test_what_tests_is_what_runs() -> None:
    runs, tests = pins("base.txt"), pins("dev.txt")

    assert {name: tests.get(name) for name in runs} == runs


@pytest.mark.parametrize("name", sorted(pins("base.txt")))
def test_no_licence_forbids_an_office_its_use(name: str) -> None:
    try:
        metadata = distribution(name).metadata
    except PackageNotFoundError:
        pytest.skip("not for this platform")
    said = [metadata.get("License-Expression") or "", (metadata.get("License") or "")[:200]]
    said += [each for each in metadata.get_all("Classifier", []) if each.startswith("License ::")]

    strong = [each for each in said if STRONG.search(each) and not WEAK.search(each)]

    assert strong == []
    assert any(said), "no licence is stated"
