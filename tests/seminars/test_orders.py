"""What in a text orders something to be held, by the real words of Công văn 1502."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from documents.demo import story
from seminars.orders import passages

TEXT = """2. Công an tỉnh
- Phối hợp Sở Nội vụ, các sở tổ chức các cuộc hội thảo, tọa đàm để đề ra các giải pháp; biên soạn
tài liệu tuyên truyền.
- Kịp thời biểu dương, khen thưởng.
"""


def test_the_passage_that_orders_it_is_found_and_stands_in_the_text() -> None:
    found = [TEXT[start:end] for start, end in passages(TEXT)]

    assert found == [
        "Phối hợp Sở Nội vụ, các sở tổ chức các cuộc hội thảo, tọa đàm để đề ra các giải pháp"
    ]


@given(st.text(st.sampled_from("hội thảo tọa đàm; .\n-abc"), max_size=80))
def test_spans_lie_in_the_text_in_order_and_are_never_empty(text: str) -> None:
    spans = list(passages(text))

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))


def test_the_demonstration_has_one_order() -> None:
    folder = Path(story.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("*1502*.txt")]

    assert [len(list(passages(text))) for text in texts] == [1]
