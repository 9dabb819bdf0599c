import pytest

from documents.files.child.words import Words, clean, of_office
from tests.documents.files import samples


def text_of(content: bytes, kind: str) -> str:
    words = Words()
    for add in of_office(samples.opened(content), kind):
        add(words)
    return words.text()


def run(text: str, name: str = "t") -> str:
    return f"<w:r><w:{name}>{text}</w:{name}></w:r>"


def test_deleted_words_are_left_out_and_inserted_ones_are_read() -> None:
    body = (
        f"<w:p>{run('Hạn ')}<w:del>{run('01/7', 'delText')}{run('02/7')}</w:del>"
        f"<w:ins>{run('15/7')}</w:ins><w:moveFrom>{run('cũ')}</w:moveFrom></w:p>"
    )

    assert text_of(samples.docx(body), "docx") == "Hạn 15/7"


def test_a_deleted_paragraph_mark_hides_nothing() -> None:
    body = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('một')}</w:p><w:p>{run('hai')}</w:p>"

    assert text_of(samples.docx(body), "docx") == "một\nhai"


def test_a_text_box_is_read_once_on_lines_of_its_own() -> None:
    box = f"<w:txbxContent><w:p>{run('MẬT')}</w:p></w:txbxContent>"
    body = (
        f"<w:p>{run('Số: 1')}<mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:p>"
    )

    assert text_of(samples.docx(body), "docx") == "Số: 1\nMẬT"


def test_cells_tabs_and_breaks_of_a_word_file_are_kept_apart() -> None:
    cell = "<w:tc><w:p>{}</w:p></w:tc>"
    body = (
        f"<w:tbl><w:tr>{cell.format(run('A'))}{cell.format(run('B'))}</w:tr></w:tbl>"
        "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>C</w:t><w:tab/><w:t>D</w:t>"
        '<w:br w:type="page"/><w:t>E</w:t></w:r></w:p>'
    )

    assert text_of(samples.docx(body), "docx") == "A\nB\nC\tD\fE"


def test_the_header_of_a_word_file_comes_first() -> None:
    header = f"<w:hdr xmlns:w='w'><w:p>{run('MẬT')}</w:p></w:hdr>"

    assert text_of(samples.docx(**{"word/header1.xml": header}), "docx") == "MẬT\nKính gửi"


def test_a_sheet_gives_shared_and_inline_words_without_the_pronunciation() -> None:
    parts: dict[str, str | bytes] = {
        "xl/sharedStrings.xml": "<sst><si><r><t>Biên </t></r><r><t>chế</t></r>"
        "<rPh><t>x</t></rPh></si></sst>",
        "xl/worksheets/sheet1.xml": "<s><c><v>0</v></c><c><is><t>tại ô</t></is></c></s>",
    }

    content = samples.office(samples.SHEET, "xl/workbook.xml", "<workbook/>", parts)

    assert text_of(content, "xlsx") == "Biên chế\ntại ô"


def test_an_open_document_gives_text_without_what_was_deleted_or_remarked() -> None:
    body = (
        "<text:tracked-changes><text:p>xóa</text:p></text:tracked-changes>\n"
        "<text:h>Đề mục</text:h>\n  <text:p>một<text:tab/>hai<text:s/>ba\n  bốn"
        "<office:annotation><text:p>lời bàn</text:p></office:annotation></text:p>"
    )

    assert text_of(samples.odt(body), "odt") == "Đề mục\nmột\thai ba bốn"


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("a\x00b\x1fc\x7f", "abc"),
        ("tie\u0302\u0301ng", "tiếng"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("trang\fsau\t1", "trang\fsau\t1"),
        ("\ufeffa\ud800", "a"),
    ],
)
def test_text_is_composed_and_free_of_controls(raw: str, kept: str) -> None:
    assert clean(raw) == kept
