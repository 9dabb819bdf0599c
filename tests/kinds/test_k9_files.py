"""K9: files keep their names and bytes, and none hides or replaces another."""

import hashlib
import io
import zipfile
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents import lifecycle, storage
from documents.choices import FileRole
from documents.models import Attachment
from ledger.verification import verify
from tests.documents.factories import at as moment
from tests.documents.factories import client_of, issued, world
from tests.documents.files.samples import pdf

pytestmark = pytest.mark.django_db

NAME = "Đề án đất đai số 5.pdf"


def stored(name: str, content: bytes) -> lifecycle.FileFacts:
    """A file in the store, as an upload that passed every check leaves it."""
    sha256 = hashlib.sha256(content).hexdigest()
    storage.attachments().keep(io.BytesIO(content), sha256, size=len(content))
    return lifecycle.FileFacts(name, sha256, len(content), "application/pdf", FileRole.ANNEX)


def issued_with(small, *files: lifecycle.FileFacts):
    paper = small.draft()
    for file in files:
        lifecycle.attach(dispatch=paper, file=file, by=small.drafter, at=moment(2))
    for verb, by in ((lifecycle.submit, small.drafter), (lifecycle.sign, small.leader),
                     (lifecycle.number_and_issue, small.clerk)):  # fmt: skip
        paper = verb(dispatch=paper, by=by, at=moment(2))
    return paper


def fetched(user, paper, row: Attachment, **values: str):
    return client_of(user).get(reverse("documents:file", args=[paper.pk, row.pk]), values)


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_two_files_of_one_name_in_one_paper_are_two_files():
    small = world()
    one, two = pdf("mot"), pdf("hai")
    paper = issued_with(small, stored(NAME, one), stored(NAME, two))
    rows = paper.current_version.attachments.all()

    contents = [body(fetched(small.home_clerk, paper, row)) for row in rows]

    assert [row.name for row in rows] == [NAME, NAME]
    assert contents == [one, two]
    assert verify(files=True).ok


def test_the_same_bytes_under_two_names_are_kept_under_both():
    small = world()
    content = pdf("chung")
    paper = issued_with(small, stored("một.pdf", content), stored("hai.pdf", content))

    rows = list(paper.current_version.attachments.all())

    assert [row.name for row in rows] == ["một.pdf", "hai.pdf"]
    assert [body(fetched(small.home_clerk, paper, row)) for row in rows] == [content, content]


def test_a_name_with_d_bar_and_marks_is_kept_in_the_download():
    small = world()
    paper = issued_with(small, stored(NAME, pdf()))

    answer = fetched(small.home_clerk, paper, paper.current_version.attachments.get())

    assert quote(NAME) in answer["Content-Disposition"]
    assert body(answer) == pdf()


def test_a_register_exported_keeps_every_letter_and_no_cell_is_a_formula():
    small = world()
    issued(small, subject='=HYPERLINK("http://x","Đ")')
    answer = client_of(small.clerk).get(reverse("documents:outgoing_xlsx"))

    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        sheets = "".join(book.read(name).decode() for name in book.namelist())
    assert "=HYPERLINK(" in sheets
    assert "Sở Nội vụ" in sheets
    assert "<f>" not in sheets


def test_nul_in_an_uploaded_name_or_text_reaches_no_column(tmp_path, settings):
    small = world()
    paper = small.draft()
    browser = client_of(small.drafter)
    from tests.documents.typed import typed  # noqa: PLC0415

    address = reverse("documents:draft", args=[paper.pk])
    fields = typed(browser.get(address), text="a\x00b")
    fields["files"] = [SimpleUploadedFile("a\x00b.pdf", pdf(), "application/pdf")]

    answer = browser.post(address, fields)

    assert answer.status_code in (302, 422)
    assert "\x00" not in paper.current_version.text
    assert not [row for row in Attachment.objects.all() if "\x00" in row.name]


def test_an_added_annex_removes_no_file_that_was_there():
    small = world()
    paper = issued_with(small, stored("một.pdf", pdf("mot")))

    lifecycle.update(
        dispatch=paper, files=[stored("một.pdf", pdf("khac"))], reason="Thiếu", by=small.clerk,
        at=moment(3),
    )  # fmt: skip

    first, second = paper.versions.order_by("no")
    assert first.attachments.count() == 1
    assert [row.name for row in second.attachments.all()] == ["một.pdf", "một.pdf"]
    old = first.attachments.get()
    assert body(fetched(small.home_clerk, paper, old)) == pdf("mot")
