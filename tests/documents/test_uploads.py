"""Files at the door of a draft: stored for good, or nothing of them."""

import hashlib

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile

from documents import files, secrecy, uploads
from documents.choices import FileRole


def upload(name: str, text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def stored(text: str) -> bool:
    store = storages["attachments"]
    return store.exists(store.name_of(hashlib.sha256(text.encode()).hexdigest()))


def test_a_file_that_is_taken_in_is_on_disk_under_its_hash():
    text = "Danh sách kèm theo công văn 1502"

    facts = uploads.take_in(upload("danh sách.txt", text), inside=True, role=FileRole.ANNEX)

    assert facts.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert (facts.name, facts.size, facts.role) == ("danh sách.txt", len(text.encode()), "annex")
    assert "Danh sách" in facts.text
    assert stored(text)


def test_a_file_of_a_kind_that_is_not_taken_leaves_nothing():
    text = "MZ program"

    with pytest.raises(files.FileRefused):
        uploads.take_in(upload("cong-van.pdf", text), inside=True, role=FileRole.MAIN)

    assert not stored(text)


def test_a_secret_paper_leaves_nothing():
    text = "TỐI MẬT\n\nSố: 01/BC\n\nNội dung"

    with pytest.raises(secrecy.SecretPaper):
        uploads.take_in(upload("bao-cao.txt", text), inside=True, role=FileRole.MAIN)

    assert not stored(text)


def test_the_text_of_a_file_is_not_shown_where_its_facts_are_logged():
    facts = uploads.take_in(upload("a.txt", "rất riêng"), inside=True, role=FileRole.ANNEX)

    assert facts.text == "rất riêng"
    assert "rất riêng" not in repr(facts)
