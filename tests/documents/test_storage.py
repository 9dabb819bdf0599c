import errno
import hashlib
import io
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from documents import lifecycle
from documents.management.commands import sweep_files
from documents.storage import Altered, DurableStorage, NoRoom
from tests.documents.world import World, at

CONTENT = "Kính gửi: Chủ tịch UBND các huyện".encode() * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
NAME = f"{SHA256[:2]}/{SHA256[2:4]}/{SHA256}"
HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> DurableStorage:
    return DurableStorage(location=tmp_path / "store")


def keep(store: DurableStorage, content: bytes = CONTENT, sha256: str = SHA256) -> str:
    return store.keep(io.BytesIO(content), sha256, size=len(content))


def files(store: DurableStorage) -> list[str]:
    root = Path(store.location)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def grow_old(store: DurableStorage) -> None:
    for path in Path(store.location).rglob("*"):
        os.utime(path, (1, 1))


def test_bytes_are_kept_under_their_hash_and_nobody_may_write_them(store: DurableStorage) -> None:
    name = keep(store)

    assert name == store.name_of(SHA256) == NAME
    assert Path(store.path(name)).read_bytes() == CONTENT
    assert Path(store.path(name)).stat().st_mode & 0o777 == 0o440


def test_the_same_bytes_twice_are_one_file(store: DurableStorage) -> None:
    keep(store)
    grow_old(store)

    assert keep(store) == NAME
    assert files(store) == [NAME]
    assert store.sweep(set(), older_than=HOUR) == []


def test_a_damaged_file_is_replaced_by_the_good_copy(store: DurableStorage) -> None:
    keep(store)
    path = Path(store.path(NAME))
    path.chmod(0o600)
    path.write_bytes(CONTENT[:-1] + b"x")

    keep(store)

    assert path.read_bytes() == CONTENT


def test_other_bytes_than_the_hash_says_are_not_kept(store: DurableStorage) -> None:
    with pytest.raises(Altered):
        keep(store, CONTENT + b"x")

    assert files(store) == []


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_is_killed_leaves_no_half_file(
    store: DurableStorage, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(*{"fsync": (os, "fsync"), "replace": (Path, "replace")}[step], kill)
        with pytest.raises(Killed):
            keep(store)

    assert NAME not in files(store)
    assert keep(store) == NAME


def test_a_full_disk_is_said_before_anything_is_written(
    store: DurableStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nearly_full(_: object) -> object:
        return type("Usage", (), {"free": 200 << 20})

    monkeypatch.setattr(shutil, "disk_usage", nearly_full)

    with pytest.raises(NoRoom) as caught:
        keep(store)

    assert str(caught.value)
    assert files(store) == []


def test_a_disk_that_fills_while_writing_is_said_in_the_same_words(
    store: DurableStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    keep(store, b"", hashlib.sha256(b"").hexdigest())
    Path(store.path(NAME)).parent.mkdir(parents=True)
    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(NoRoom):
        keep(store)

    assert NAME not in files(store)


@pytest.mark.django_db
def test_the_command_keeps_what_an_attachment_names_and_what_is_young(
    store: DurableStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_files, "attachments", lambda: store)
    named, orphan, young = CONTENT, b"of an upload that broke off", b"of one that goes on"
    for content in (named, orphan):
        keep(store, content, hashlib.sha256(content).hexdigest())
    grow_old(store)
    keep(store, young, hashlib.sha256(young).hexdigest())
    small = World()
    facts = lifecycle.FileFacts("ke-hoach.txt", SHA256, len(CONTENT), "text/plain")
    lifecycle.attach(dispatch=small.draft(), file=facts, by=small.drafter, at=at(2))

    call_command("sweep_files", stdout=io.StringIO())

    left = {name.rpartition("/")[2] for name in files(store)}
    assert left == {SHA256, hashlib.sha256(young).hexdigest()}


def test_the_sweep_takes_old_orphans_and_unfinished_files_only(store: DurableStorage) -> None:
    orphan, young = b"orphan", b"young"
    keep(store)
    lost = keep(store, orphan, hashlib.sha256(orphan).hexdigest())
    unfinished = Path(store.path(NAME)).with_name(".unfinished-x")
    unfinished.write_bytes(b"half")
    Path(store.location, "README").write_text("not ours")
    grow_old(store)
    new = keep(store, young, hashlib.sha256(young).hexdigest())

    removed = store.sweep({SHA256}, older_than=HOUR)

    assert sorted(removed) == sorted([lost, f"{NAME[:6]}.unfinished-x"])
    assert files(store) == sorted(["README", NAME, new])
    assert store.sweep(lambda _: False, older_than=HOUR) == [NAME]


@pytest.mark.parametrize("sha256", ["", "../../etc/passwd", "A" * 64, "a" * 63])
def test_only_a_hash_becomes_a_path(store: DurableStorage, sha256: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        store.name_of(sha256)


def test_a_file_has_no_address_and_is_not_saved_under_a_name(store: DurableStorage) -> None:
    with pytest.raises(ValueError, match="address"):
        store.url(NAME)
    with pytest.raises(TypeError):
        store.save("a.pdf", io.BytesIO(b"x"))
