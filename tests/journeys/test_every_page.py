"""What holds on every page: no barrier, no sideways scroll, no other host; English; print."""

import re

import pypdfium2
import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import LOOKS, RULES, Visit, Visitor

pytestmark = pytest.mark.browser

WIDTHS = (320, 390, 768, 1280)
VIETNAMESE = re.compile(
    r"[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE
)


def address_of(visitor: Visitor, list_of: str, code: str) -> str:
    """The address of a paper, as a list links it."""
    visitor.go(list_of)
    return visitor.page.get_by_role("link", name=code, exact=True).get_attribute("href") or ""


def linked(visitor: Visitor, path: str, end: str) -> str:
    """The first address on a page that ends so."""
    visitor.go(path)
    found = visitor.page.locator(f"main a[href$='{end}']").first.get_attribute("href")
    assert found
    return found


def as_a_clerk(visitor: Visitor) -> list[str]:
    urgent = address_of(visitor, "/den/", "1505/UBND-KTN")
    return [
        "/", "/den/", "/den/?state=late", "/den/in/", "/den/vao-so/", "/thong-bao/",
        urgent, linked(visitor, urgent, "/tra-lai/"),
        address_of(visitor, "/den/", "1502/UBND-NC"),
        "/tim/", "/tim/?q=antq", "/tim/?q=zzzz",
        "/co-quan/", linked(visitor, "/co-quan/", "/"), "/co-quan/toi/",
    ]  # fmt: skip


def as_a_sender(visitor: Visitor) -> list[str]:
    paper = address_of(visitor, "/di/", "1502/UBND-NC")
    acts = paper.replace("/van-ban/", "/di/")
    track = f"{acts}theo-doi/"
    visitor.go(track)
    receipt = visitor.link("Receipt").first.get_attribute("href") or ""
    return [
        "/", "/di/", "/di/in/", paper, track, f"{track}in/", receipt, f"{acts}thu-hoi/",
        f"{acts}cap-nhat/", f"{acts}gui-them/", "/so/", "/di/du-thao/",
    ]  # fmt: skip


def as_a_drafter(visitor: Visitor) -> list[str]:
    visitor.go("/di/soan/")
    visitor.button("Begin the draft").click()
    visitor.page.wait_for_url("**/di/*/soan/")
    return ["/", "/di/soan/", visitor.page.url.removeprefix(visitor.address), "/di/du-thao/"]


def as_a_leader(visitor: Visitor) -> list[str]:
    signing = linked(visitor, "/di/du-thao/?state=submitted", "/ky/")
    return ["/", signing, signing.replace("/ky/", "/tra-lai/"), "/di/du-thao/"]


def as_a_head(visitor: Visitor) -> list[str]:
    outside = address_of(visitor, "/den/", "29/TB-ĐVM")
    return ["/", outside, linked(visitor, outside, "/phan-cong/")]


def as_an_administrator(visitor: Visitor) -> list[str]:
    people = "/co-quan/nhan-su/"
    visitor.go(people)
    person = visitor.page.locator("main tbody a").first.get_attribute("href") or ""
    return [
        "/", people, person, f"{people}mo-vi-tri/", "/co-quan/toi/",
        "/hoi-thao/ngay-nghi/", "/hoi-thao/ngay-nghi/?nam=2027", "/hoi-thao/ngay-nghi/bo/",
        linked(visitor, linked(visitor, "/co-quan/?q=snv", "/"), "/hop-thu/"),
        "/tai-khoan/password/change/", "/tai-khoan/2fa/", "/tai-khoan/sessions/",
    ]  # fmt: skip


def href_of(visitor: Visitor, name: str) -> str:
    found = visitor.page.get_by_role("link", name=name).first.get_attribute("href")
    return (found or "").partition("#")[0]


def as_a_planner(visitor: Visitor) -> list[str]:
    visitor.go("/hoi-thao/?xem=chuong-trinh")
    board = visitor.page.locator("main tbody a").first.get_attribute("href") or ""
    visitor.go(board)
    # By their titles: another journey may have moved one past another.
    first, second, third = (
        href_of(visitor, title)
        for title in (
            "Tọa đàm với người có uy tín", "Hội thảo xây dựng mô hình tự quản",
            "Hội nghị nhân rộng mô hình",
        )
    )  # fmt: skip
    days = "?first=07/06/2016&last=30/06/2016&minutes=120"
    survey = linked(visitor, third, "/khao-sat/1/")
    return [
        "/", "/hoi-thao/", "/hoi-thao/moi/", "/hoi-thao/lich/", board, f"{board}ket-thuc/", first,
        f"{board}khao-sat/", f"{board}xep-lich/{days}&morning=08:00&afternoon=13:30",
        f"{second}khao-sat/", survey, f"{survey}sua/",
        f"{first}diem-danh/", f"{first}diem-danh/in/", f"{first}bien-ban/", second,
        f"{second}moi-du/", f"{second}thoi-gian/", f"{second}dia-diem/",
        third, f"{third}sua/", f"{third}tim-ngay/{days}", f"{second}chuong-trinh/",
        f"{second}lap-lai/?rule=weeks&every=1&count=6", linked_paper(visitor, first),
        "/hoi-thao/lich-xem/", "/hoi-thao/lich-xem/thang/2016/9/", "/hoi-thao/lich-xem/tuan/2016/25/",
        "/hoi-thao/lich-xem/danh-sach/2016/6/", "/hoi-thao/lich-xem/phong/2016/25/",
    ]  # fmt: skip


def linked_paper(visitor: Visitor, seminar: str) -> str:
    """The first paper that the page of a seminar links."""
    visitor.go(seminar)
    paper = visitor.page.locator("main a[href*='/tham-luan/']").first.get_attribute("href")
    assert paper
    return paper


def as_one_invited(visitor: Visitor) -> list[str]:
    visitor.go("/hoi-thao/?xem=moi")
    seminar = visitor.page.locator("main tbody a").first.get_attribute("href") or ""
    register = linked(visitor, seminar, "/tham-luan/")
    visitor.go("/")
    paper = visitor.page.locator("main a[href*='/tham-luan/']").first.get_attribute("href") or ""
    asked = linked(visitor, "/", "/khao-sat/tra-loi/1/")
    return ["/", seminar, register, paper, f"{paper}nop/", asked]


def changed(visitor: Visitor, draft: str) -> str:
    """The page on which the first item of a draft is changed."""
    visitor.go(draft)
    found = visitor.link("Change", visitor.page.locator("main tbody")).first
    return found.get_attribute("href") or ""


def as_a_writer_of_weeks(visitor: Visitor) -> list[str]:
    weeks = "/hoi-thao/lich-tuan/"
    visitor.go(weeks)
    draft = visitor.page.locator("main a[href$='/soan/']").first.get_attribute("href") or ""
    week = draft.removesuffix("soan/")
    return [
        weeks, f"{weeks}moi/", week, draft, f"{draft}them/", f"{draft}noi-nhan/",
        changed(visitor, draft), f"{week}lan/", f"{week}lan/0/",
        *(f"{week}in/?kieu={each}" for each in ("ngay", "lanh-dao", "ma-tran")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "addresses"),
    [
        ("cv.snv", as_a_clerk), ("vt.ubnd", as_a_sender), ("cv.nc", as_a_drafter),
        ("pct.ubnd", as_a_leader), ("gd.snv", as_a_head), ("qt.ubnd", as_an_administrator),
        ("cb.cat", as_a_planner), ("vt.snv", as_one_invited), ("vt.cat", as_a_writer_of_weeks),
    ],
)  # fmt: skip
def test_no_barrier_no_sideways_scroll_no_other_host(visit: Visit, name: str, addresses) -> None:
    visitor = visit(name)
    page = visitor.page
    wrong = []
    for path in addresses(visitor):
        answer = page.goto(f"{visitor.address}{path}")
        assert answer is not None
        assert answer.status == 200, path
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            # Each scheme at the desk or on the phone; widths turn tables into blocks.
            page.emulate_media(color_scheme="dark" if width == 390 else "light")
            wrong += visitor.too_wide()
            if width in (390, 1280):
                wrong += visitor.barriers(LOOKS if width == 390 else RULES)
    assert wrong == []
    visitor.check_quiet()


def test_the_first_page_and_a_wrong_address_keep_the_same(visit: Visit) -> None:
    visitor = visit(viewport={"width": 320, "height": 700}, color_scheme="dark")
    visitor.go("/tai-khoan/login/")
    visitor.check()
    visitor.go("/den/")
    assert "/login/" in visitor.page.url
    visitor.check()


def test_english_leaves_no_vietnamese_in_the_frame(visit: Visit) -> None:
    visitor = visit("vt.ubnd")
    visitor.go("/")
    page = visitor.page
    expect(page.locator("html")).to_have_attribute("lang", "vi")

    page.get_by_role("button", name="English").click()
    visitor.language = "en"
    paper = address_of(visitor, "/di/", "1502/UBND-NC")
    track = paper.replace("/van-ban/", "/di/") + "theo-doi/"

    for path in ("/", "/di/", "/den/", paper, track, "/thong-bao/"):
        visitor.go(path)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        frame = "nav li:not(.only) a, .find button, .foot, thead th, .counts a"
        said = " | ".join(page.locator(frame).all_text_contents()).replace("Kính gửi", "")
        assert not VIETNAMESE.search(said), (path, said)
    visitor.check_quiet()


@pytest.mark.parametrize(
    ("path", "size"),
    [("/di/in/", (842, 595)), ("/den/in/", (842, 595)), ("receipt", (595, 842))],
)
def test_a_printed_page_is_an_a4_sheet_without_the_bar(
    visit: Visit, path: str, size: tuple[int, int]
) -> None:
    visitor = visit("vt.ubnd")
    page = visitor.page
    if path == "receipt":
        paper = address_of(visitor, "/di/", "1502/UBND-NC")
        visitor.go(paper.replace("/van-ban/", "/di/") + "theo-doi/")
        path = visitor.link("Receipt").first.get_attribute("href") or ""
    visitor.go(path)
    expect(page.locator("header.bar")).to_be_visible()

    page.emulate_media(media="print")
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))

    expect(page.locator("header.bar")).to_be_hidden()
    expect(page.locator("footer.foot")).to_be_hidden()
    assert len(printed) >= 1
    for sheet in printed:
        assert tuple(round(each) for each in sheet.get_size()) == pytest.approx(size, abs=2)
    text = "".join(sheet.get_textpage().get_text_range() for sheet in printed)
    # Who printed it, and in no case a second, empty sheet.
    assert "Đặng Mỹ Thuần" in " ".join(text.split())
    assert all(sheet.get_textpage().get_text_range().strip() for sheet in printed)
