"""Someone with the database changes one thing in the ledger. Is it found, and found where it is?

`campaign(n, seed)` makes a chain, changes it n times, each time otherwise, and puts it back.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import rfc8785
from django.db import connection, transaction

from ledger import append_only, chain, record
from ledger.models import LedgerEntry, LedgerHead
from ledger.verification import verify

LENGTH = 24
START = datetime(2016, 6, 2, 7, 41, tzinfo=UTC)
WORDS = ["Công văn 1502", "tỉnh Kiên Giang", "phòng, chống thiên tai", 'dấu " và \\', "Đã nhận"]

#: Changes the ledger; returns the `seq` that must be named first, None when no entry can be.
Tampering = Callable[[Random, int], int | None]


def make_chain(length: int = LENGTH, *, random: Random | None = None) -> int:
    """Append some entries; return the last `seq`."""
    random = random or Random(0)
    with transaction.atomic():
        for step in range(length):
            data = {"paper": step, "text": random.choice(WORDS), "closed": step % 2 == 0}
            at = START + timedelta(seconds=step, microseconds=random.randrange(1_000_000))
            entry = record.append("trial.made", data, at=at)
    return entry.seq


def campaign(n: int, seed: int) -> list[str]:
    """Tamper n times; return what was not found at its place, one line each. Leaves nothing."""
    random = Random(seed)
    missed = []
    with transaction.atomic():
        last = make_chain(random=random)
        assert verify().ok, "the chain must be whole before it is tampered with"
        for trial in range(n):
            # Each kind in turn, so that a short campaign meets them all.
            tamper = TAMPERINGS[trial % len(TAMPERINGS)]
            with transaction.atomic():
                with append_only.lifted():
                    expected = tamper(random, last)
                report = verify()
                if report.ok or report.first_bad != expected:
                    found = "nothing" if report.ok else report.first_bad
                    missed.append(f"{tamper.__name__} (trial {trial}): {expected}, found {found}")
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    return missed


def _entry(seq: int) -> LedgerEntry:
    entry = LedgerEntry.objects.get(pk=seq)
    entry.entry_bytes = bytes(entry.entry_bytes)
    return entry


def _change(seq: int, /, **columns: Any) -> None:
    assert LedgerEntry.objects.filter(pk=seq).update(**columns) == 1


def _rewrite(seq: int, entry_bytes: bytes) -> None:
    _change(seq, entry_bytes=entry_bytes, hash=chain.digest(entry_bytes))


def _body(seq: int) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(_entry(seq).entry_bytes)
    return body


def _some_hash(random: Random) -> str:
    return random.randbytes(32).hex()


def _pair(random: Random, last: int) -> tuple[int, int]:
    first, second = sorted(random.sample(range(2, last + 1), 2))
    return first, second


def flip_a_bit(random: Random, last: int) -> int:
    seq = random.randint(1, last)
    changed = bytearray(_entry(seq).entry_bytes)
    changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    _change(seq, entry_bytes=bytes(changed))
    return seq


def drop_a_byte(random: Random, last: int) -> int:
    seq = random.randint(1, last)
    changed = bytearray(_entry(seq).entry_bytes)
    del changed[random.randrange(len(changed))]
    _change(seq, entry_bytes=bytes(changed))
    return seq


def empty_the_bytes(random: Random, last: int) -> int:
    seq = random.randint(1, last)
    _change(seq, entry_bytes=b"")
    return seq


def change_the_data(random: Random, last: int) -> int:
    seq = random.randint(1, last)
    body = _body(seq)
    body["data"]["paper"] += 1
    _change(seq, entry_bytes=rfc8785.dumps(body))
    return seq


def change_the_data_and_the_hash(random: Random, last: int) -> int:
    """The entry is whole in itself: what gives it away is the next one, or the head."""
    seq = random.randint(1, last)
    body = _body(seq)
    body["data"]["text"] = "khác"
    _rewrite(seq, rfc8785.dumps(body))
    return min(seq + 1, last)


def renumber_inside(random: Random, last: int) -> int:
    seq = random.randint(1, last)
    _rewrite(seq, rfc8785.dumps(_body(seq) | {"seq": seq + 1}))
    return seq


def reformat(random: Random, last: int) -> int:
    """The same JSON value in another spelling, its hash made to fit."""
    seq = random.randint(1, last)
    body = _body(seq)
    spelling = random.choice(
        [
            json.dumps(body, ensure_ascii=False, sort_keys=True),
            json.dumps(dict(reversed(body.items())), ensure_ascii=False, separators=(",", ":")),
            _entry(seq).entry_bytes.decode().replace("true", "true ").replace("false", "false "),
            _entry(seq).entry_bytes.decode() + "\n",
        ]
    )
    _rewrite(seq, spelling.encode())
    return seq


def move_by_a_microsecond(random: Random, last: int) -> int:
    seq = random.randint(1, last)
    _change(seq, at=_entry(seq).at + timedelta(microseconds=random.choice([-1, 1])))
    return seq


def change_the_type_column(random: Random, last: int) -> int:
    seq = random.randint(1, last)
    _change(seq, type=random.choice(["trial.unmade", "Trial.made", "trial.made "]))
    return seq


def change_the_prev_column(random: Random, last: int) -> int:
    seq = random.randint(2, last)
    _change(seq, prev=_some_hash(random))
    return seq


def change_the_hash_column(random: Random, last: int) -> int:
    seq = random.randint(1, last)
    _change(seq, hash=random.choice([_some_hash(random), _entry(seq).hash.upper()]))
    return seq


def remove_an_entry(random: Random, last: int) -> int:
    seq = random.randint(1, last)
    LedgerEntry.objects.filter(pk=seq).delete()
    return seq


def remove_an_entry_and_close_the_gap(random: Random, last: int) -> int:
    seq = random.randint(2, last - 1)
    LedgerEntry.objects.filter(pk=seq).delete()
    for later in range(seq + 1, last + 1):
        _change(later, seq=later - 1)
    return seq


def cut_the_end(random: Random, last: int) -> int:
    first = random.randint(1, last)
    LedgerEntry.objects.filter(pk__gte=first).delete()
    return first


def swap_two_entries(random: Random, last: int) -> int:
    first, second = _pair(random, last)
    _change(first, seq=last + 1)
    _change(second, seq=first)
    _change(last + 1, seq=second)
    return first


def swap_two_contents(random: Random, last: int) -> int:
    first, second = _pair(random, last)
    one, other = _entry(first).entry_bytes, _entry(second).entry_bytes
    _change(first, entry_bytes=other)
    _change(second, entry_bytes=one)
    return first


def repeat_an_entry(random: Random, last: int) -> int:
    entry = _entry(random.randint(2, last))
    entry.seq, entry.hash = last + 1, _some_hash(random)
    entry.save(force_insert=True)
    return last + 1


def put_one_behind_the_head(random: Random, last: int) -> int:
    """An entry that is whole and continues the chain, of which the head knows nothing."""
    before = _entry(last)
    data = {"paper": random.randrange(1000)}
    entry_bytes = chain.encode(
        seq=last + 1, at=before.at, type="trial.made", prev=before.hash, data=data
    )
    LedgerEntry.objects.create(
        seq=last + 1,
        at=before.at,
        type="trial.made",
        entry_bytes=entry_bytes,
        prev=before.hash,
        hash=chain.digest(entry_bytes),
    )
    return last + 1


def move_the_head_back(random: Random, last: int) -> int:
    to = random.randint(1, last - 1)
    LedgerHead.objects.update(seq=to, hash=_entry(to).hash)
    return to + 1


def move_the_head_on(random: Random, last: int) -> int:
    LedgerHead.objects.update(seq=last + random.randint(1, 9))
    return last + 1


def change_the_hash_of_the_head(random: Random, last: int) -> int:
    LedgerHead.objects.update(hash=_some_hash(random))
    return last


def remove_the_head(random: Random, last: int) -> None:
    LedgerHead.objects.all().delete()


def remove_everything(random: Random, last: int) -> int:
    LedgerEntry.objects.all().delete()
    return 1


def put_another_type_into_a_column(random: Random, last: int) -> int:
    """SQLite keeps what it is given; PostgreSQL refuses all but a time without end."""
    seq = random.randint(1, last)
    column, value = "at", "infinity"
    if connection.vendor == "sqlite":
        column, value = random.choice(
            [
                ("at", "2016-13-45 99:00:00"),
                ("at", "yesterday"),
                ("at", 7),
                ("entry_bytes", "text"),
                ("entry_bytes", 7),
                ("type", b"trial.made"),
                ("hash", b"\xff" * 64),
            ]
        )
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE ledger_ledgerentry SET {column} = %s WHERE seq = %s",  # noqa: S608
            [value, seq],
        )
    return seq


TAMPERINGS: list[Tampering] = [
    flip_a_bit,
    drop_a_byte,
    empty_the_bytes,
    change_the_data,
    change_the_data_and_the_hash,
    renumber_inside,
    reformat,
    move_by_a_microsecond,
    change_the_type_column,
    change_the_prev_column,
    change_the_hash_column,
    remove_an_entry,
    remove_an_entry_and_close_the_gap,
    cut_the_end,
    swap_two_entries,
    swap_two_contents,
    repeat_an_entry,
    put_one_behind_the_head,
    move_the_head_back,
    move_the_head_on,
    change_the_hash_of_the_head,
    remove_the_head,
    remove_everything,
    put_another_type_into_a_column,
]
