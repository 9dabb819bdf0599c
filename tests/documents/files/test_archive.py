import struct

import pytest

from documents.files.child import archive
from documents.files.child.problem import Problem
from tests.documents.files import samples

GOOD = samples.zipped({"a.xml": "<a/>" * 50, "b.xml": "<b/>"})


def code_of(content: bytes) -> str:
    with pytest.raises(Problem) as caught:
        samples.opened(content).prove()
    return caught.value.code


def test_a_good_archive_is_proved_and_read() -> None:
    opened = samples.opened(GOOD)

    opened.prove()

    assert b"".join(opened.chunks("a.xml")) == b"<a/>" * 50


def test_the_number_of_entries_is_bounded() -> None:
    samples.opened(samples.zipped({str(number): "" for number in range(2000)})).prove()

    assert code_of(samples.zipped({str(number): "" for number in range(2001)})) == "archive_entries"


def test_a_bomb_by_ratio_is_refused_before_anything_is_unpacked() -> None:
    bomb = samples.zipped({"a.xml": b" " * (5 << 20)})

    with pytest.raises(Problem) as caught:
        samples.opened(bomb)

    assert caught.value.code == "archive_size"


def test_the_declared_total_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 203)

    assert code_of(GOOD) == "archive_size"


@pytest.mark.parametrize(("declared", "code"), [(10, "archive_lies"), (100_000, "broken")])
def test_real_bytes_are_held_against_what_is_declared(declared: int, code: str) -> None:
    assert code_of(samples.declaring(GOOD, "a.xml", declared)) == code


def test_a_lying_bomb_is_not_unpacked_beyond_what_it_declares() -> None:
    bomb = samples.declaring(samples.zipped({"a.xml": b" " * (5 << 20)}), "a.xml", 1000)
    taken: list[bytes] = []

    with pytest.raises(Problem):
        taken.extend(samples.opened(bomb).chunks("a.xml"))

    assert len(b"".join(taken)) <= 1000


@pytest.mark.parametrize("part", ["x.zip", "x.rar", "x.7z", "x.png"])
def test_an_archive_in_the_archive_is_refused_by_name_or_beginning(part: str) -> None:
    assert code_of(samples.zipped({part: GOOD})) == "archive_nested"


def test_an_encrypted_part_is_refused() -> None:
    assert code_of(samples.flagged(GOOD, "b.xml", 1)) == "locked"


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04",
        GOOD[:-4],
        GOOD + b"behind",
        b"before" + GOOD,
        GOOD.replace(b"a.xml", b"b.xml"),
        GOOD.replace(b"a.xml", b"c.xml", 1),
        GOOD.replace(b"PK\x01\x02", b"PK\x01\x03", 1),
    ],
)
def test_a_damaged_or_ambiguous_archive_is_refused(content: bytes) -> None:
    assert code_of(content) == "broken"


def test_parts_that_share_bytes_are_refused() -> None:
    second = GOOD.index(b"PK\x01\x02", GOOD.index(b"PK\x01\x02") + 4)

    overlapping = GOOD[: second + 42] + struct.pack("<L", 0) + GOOD[second + 46 :]

    assert code_of(overlapping) == "broken"
