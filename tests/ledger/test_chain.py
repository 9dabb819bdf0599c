import enum
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import chain

AT = datetime(2016, 6, 2, 7, 41, tzinfo=UTC)

TEXT = st.text(st.characters(codec="utf-8"))
PLAIN = st.recursive(
    st.none() | st.booleans() | TEXT | st.integers(1 - 2**53, 2**53 - 1),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def encoded(**data: Any) -> bytes:
    return chain.encode(seq=1, at=AT, type="paper.signed", prev=chain.GENESIS, data=data)


def test_an_entry_has_exactly_this_form_and_this_hash() -> None:
    entry_bytes = encoded(subject="Về việc", paper=7)

    assert entry_bytes.decode() == (
        '{"at":"2016-06-02T07:41:00.000000Z","data":{"paper":7,"subject":"Về việc"},'
        f'"prev":"{"0" * 64}","seq":1,"type":"paper.signed","v":1}}'
    )
    assert chain.digest(entry_bytes) == (
        "74f90b4255ccb0a9da8a4379656be116eae5b43461bd535caabadf471b4e0b62"
    )


def test_composed_and_decomposed_vietnamese_give_the_same_bytes() -> None:
    composed = unicodedata.normalize("NFC", "Uỷ ban nhân dân tỉnh Kiên Giang")
    decomposed = unicodedata.normalize("NFD", composed)

    assert composed != decomposed
    assert encoded(name=composed) == encoded(name=decomposed)
    assert encoded(**{composed: [composed]}) == encoded(**{decomposed: [decomposed]})


def test_the_order_of_keys_does_not_matter() -> None:
    assert encoded(a=1, b={"c": 1, "d": 2}) == encoded(b={"d": 2, "c": 1}, a=1)


def test_equal_instants_in_different_zones_are_the_same_text() -> None:
    in_vietnam = AT.astimezone(timezone(timedelta(hours=7)))

    assert chain.moment(in_vietnam) == chain.moment(AT) == "2016-06-02T07:41:00.000000Z"
    assert chain.moment(AT.replace(microsecond=1)) == "2016-06-02T07:41:00.000001Z"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        chain.moment(AT.replace(tzinfo=None))


@pytest.mark.parametrize("value", [1.0, float("nan"), Decimal(1), AT, date(2016, 6, 2), b"", (1,)])
def test_what_json_cannot_carry_unchanged_is_refused(value: object) -> None:
    for nested in (value, [value], {"key": value}):
        with pytest.raises(TypeError):
            encoded(value=nested)


@pytest.mark.parametrize("number", [2**53, -(2**53), 10**30])
def test_a_large_integer_is_refused(number: int) -> None:
    assert encoded(number=2**53 - 1)

    with pytest.raises(ValueError, match="too large"):
        encoded(number=number)


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        encoded(name="\ud800")


def test_keys_that_are_no_text_or_become_equal_are_refused() -> None:
    with pytest.raises(TypeError):
        chain.plain({1: "one"})
    with pytest.raises(ValueError, match="same text"):
        chain.plain({"\u00e1": 1, "a\u0301": 2})


@pytest.mark.parametrize(
    "name", ["", "signed", "Paper.signed", "paper.", "paper signed.x", "a." * 40]
)
def test_a_type_that_is_not_like_paper_signed_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a type"):
        chain.encode(seq=1, at=AT, type=name, prev=chain.GENESIS, data={})


def test_a_member_of_a_vocabulary_is_written_as_its_value() -> None:
    class State(enum.StrEnum):
        SENT = "sent"

    assert encoded(state=State.SENT) == encoded(state="sent")
    assert type(chain.plain(State.SENT)) is str


@given(data=st.dictionaries(TEXT, PLAIN, max_size=4))
def test_what_was_encoded_decodes_to_the_same_and_encodes_again_to_the_same(
    data: dict[str, Any],
) -> None:
    try:
        wanted = chain.plain(data)
    except ValueError:  # two keys that NFC makes equal
        return

    entry_bytes = encoded(**{"data": data})
    entry = chain.decode(entry_bytes)

    assert entry == (1, chain.moment(AT), "paper.signed", chain.GENESIS, {"data": wanted})
    assert encoded(**entry.data) == entry_bytes


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"paper":7', b'"paper": 7'),
        (b'"paper":7', b'"paper":7.0'),
        (b'"paper":7', b'"paper":70000000000000000'),
        (b'"paper":7', b'"paper":7,"paper":7'),
        (b'"paper":7', b'"paper":NaN'),
        (b'"paper":7', b'"paper":"e\\u0301"'),
        (b'"paper":7', b'"paper":' + b"[" * 100_000),
        (b'"v":1', b'"v":2'),
        (b'"v":1', b'"v":true'),
        (b'"seq":1', b'"seq":"1"'),
        (b'"seq":1', b'"seq":true'),
        (b'"type":"paper.signed"', b'"type":null'),
        (b'"data":{"paper":7}', b'"data":[]'),
        (b'"v":1', b'"v":1,"w":1'),
        (b',"v":1', b""),
        (b"paper", b"\xff"),
        (b"{", b""),
    ],
)
def test_bytes_that_no_entry_has_are_not_canonical(old: bytes, new: bytes) -> None:
    entry_bytes = encoded(paper=7)
    assert chain.decode(entry_bytes)

    changed = entry_bytes.replace(old, new, 1)

    assert changed != entry_bytes
    with pytest.raises(chain.NotCanonical):
        chain.decode(changed)
