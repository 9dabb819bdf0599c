import unicodedata
from pathlib import Path

import pytest

from documents import lifecycle
from documents.models import Dispatch
from documents.secrecy import SecretPaper, marked_secret, refuse_if_secret
from ledger.models import LedgerEntry
from tests.documents.world import World, at

ROOT = Path(__file__).resolve().parent.parent.parent
INTAKE = ROOT.parent / "shared" / "data" / "intake"

HEAD = "ỦY BAN NHÂN DÂN\nTỈNH TÂY NINH\n{}\nSố: 12/UBND-NC\nV/v bảo đảm an ninh\nKính gửi: …"


@pytest.mark.parametrize(
    ("stamp", "mark"),
    [
        ("MẬT", "MẬT"),
        ("TỐI MẬT", "TỐI MẬT"),
        ("TUYỆT MẬT", "TUYỆT MẬT"),
        ("  MẬT  ", "MẬT"),
        ("M Ậ T", "MẬT"),
        ("T Ố I   M Ậ T", "TỐI MẬT"),
        ("[MẬT]", "MẬT"),
        ("| TUYỆT MẬT |", "TUYỆT MẬT"),
        ("** TỐI MẬT **", "TỐI MẬT"),
        ("TUYỆT\xa0MẬT", "TUYỆT MẬT"),
        ("MAT", "MẬT"),
        ("MÂT", "MẬT"),
        ("TÔI MÂT", "TỐI MẬT"),
        ("TUYET MẶT", "TUYỆT MẬT"),
        ("mËt", "MẬT"),
        ("TOÁI MAÄT", "TỐI MẬT"),
        ("Độ mật: Mật", "MẬT"),
        ("Mức độ mật: tối mật.", "TỐI MẬT"),
        ("ĐỘ MẬT : TUYỆT MẬT", "TUYỆT MẬT"),
        ("Độ mật:\nTối mật", "TỐI MẬT"),
        ("Số: 12/BC-BCA     MẬT", "MẬT"),
        ("BỘ CÔNG AN\t\tTỐI MẬT", "TỐI MẬT"),
        ("BỘ CÔNG AN\nMẬT", "MẬT"),
        ("TỐI MẬT CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "TỐI MẬT"),
        ("MẬT Số: 12/BC-BCA", "MẬT"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_stamp_at_the_top_is_found(stamp: str, mark: str, form: str) -> None:
    assert marked_secret(HEAD.format("")) is None

    text = HEAD.format(stamp)
    # Bytes of an old font read as Latin letters never come apart.
    written = text if {"Ë", "Ä", "ë"} & set(stamp) else unicodedata.normalize(form, text)  # type: ignore[arg-type]
    assert marked_secret(written) == mark


@pytest.mark.parametrize(
    "line",
    [
        "công tác bảo vệ bí mật nhà nước",
        "BÍ MẬT NHÀ NƯỚC",
        "LUẬT BẢO VỆ BÍ MẬT NHÀ NƯỚC",
        "VỀ BẢO VỆ BÍ\nMẬT",
        "QUY CHẾ BẢO\nMẬT",
        "mật",
        "tài liệu tuyệt mật, tối mật và mật được gửi riêng.",
        "Văn bản này không thuộc danh mục TUYỆT MẬT.",
        "MẬT ONG",
        "MẬT ĐỘ DÂN SỐ",
        "MẶT TRẬN TỔ QUỐC",
        "MẶT",
        "MẤT",
        "AN NINH MẠNG, BẢO MẬT",
        "Độ mật: Thường",
        "Độ mật: Không",
        "Độ mật: mật, tối mật, tuyệt mật",
        "TUYỆT MẬT     TỐI MẬT     MẬT",
        "Điện mật: 069.123",
        "Thanh tra Bộ Nội vụ (bảo mật)",
    ],
)
def test_words_that_speak_of_secrets_are_no_stamp(line: str) -> None:
    assert marked_secret(HEAD.format(line)) is None


def test_a_stamp_on_top_of_the_second_page_counts_and_one_in_the_depth_does_not() -> None:
    lines = "Nội dung\n" * 60

    assert marked_secret(f"{lines}\fMẬT\n{lines}") == "MẬT"
    assert marked_secret(f"{lines}MẬT\n{lines}") is None


def test_a_secret_paper_is_refused_in_words_that_name_the_mark() -> None:
    refuse_if_secret(HEAD.format(""))

    with pytest.raises(SecretPaper) as caught:
        refuse_if_secret(HEAD.format("TỐI MẬT"))

    assert "TỐI MẬT" in str(caught.value)


@pytest.mark.django_db
def test_the_verbs_that_take_a_text_refuse_a_secret_one_and_keep_nothing_of_it() -> None:
    world = World()
    paper = world.draft()
    was = Dispatch.objects.values().get()
    secret = HEAD.format("MẬT")

    with pytest.raises(SecretPaper):
        lifecycle.save_draft(
            dispatch=paper, by=world.drafter, at=at(2), seen_edits=paper.edits,
            values={"subject": "mới"}, text=secret, lines=[],
        )  # fmt: skip
    with pytest.raises(SecretPaper):
        lifecycle.register_outside(
            agency=world.province, files=[], by=world.clerk, at=at(3),
            paper=lifecycle.OutsidePaper(
                type=world.type, issuer="Bộ Nội vụ", code="123/BNV-VP", number=123,
                issued_on=at(1).date(), subject="báo cáo", text=secret,
            ),
        )  # fmt: skip

    assert Dispatch.objects.values().get() == was


@pytest.mark.django_db
@pytest.mark.parametrize("signed_in", [True, False])
def test_a_refusal_at_the_door_is_noted_with_who_and_where_and_nothing_of_the_paper(
    signed_in: bool,
) -> None:
    world = World()
    by = world.clerk if signed_in else None

    lifecycle.record_refused_secret(agency=world.province, by=by, at=at(3))

    entry = LedgerEntry.objects.order_by("seq").last()
    assert entry is not None
    assert entry.type == "paper.refused"
    assert entry.data["actor"] == (world.clerk.pk if signed_in else None)
    assert entry.data["agency"] == world.province.pk
    assert set(entry.data) <= {"actor", "agency", "deputy", "post"}


def test_none_of_the_real_papers_is_marked() -> None:
    papers = sorted(INTAKE.glob("*.txt"))
    if not papers:
        pytest.skip("the labelled papers of ../shared are not on this machine")

    marked = {path.name: marked_secret(path.read_text(encoding="utf-8")) for path in papers}

    assert {name: mark for name, mark in marked.items() if mark} == {}
