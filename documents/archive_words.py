"""What the papers of a large archive speak of, who exists in it, and how often what occurs."""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

from documents.choices import CirculationState, Expectation, State, Urgency

DEPARTMENTS = (
    "UBND tỉnh", "Văn phòng UBND tỉnh", "Sở Nội vụ", "Sở Tài chính", "Sở Y tế", "Sở Xây dựng",
    "Sở Tư pháp", "Sở Công Thương", "Sở Giáo dục và Đào tạo", "Sở Khoa học và Công nghệ",
    "Sở Nông nghiệp và Môi trường", "Sở Văn hóa, Thể thao và Du lịch", "Thanh tra tỉnh",
    "Công an tỉnh", "Đài Phát thanh và Truyền hình", "Báo tỉnh", "Bảo hiểm xã hội tỉnh",
)  # fmt: skip
BODIES = ("UBND xã", "UBND phường", "Trường THPT", "Trung tâm Y tế", "Hạt Kiểm lâm", "Trạm Thú y")
FIRST_SYLLABLES = (
    "Tân", "Thạnh", "Phước", "Long", "Hòa", "Bình", "An", "Ninh", "Trường", "Hiệp",
)  # fmt: skip
SECOND_SYLLABLES = (
    "Phú", "Lợi", "Đông", "Tây", "Thành", "Mỹ", "Hưng", "Điền", "Lập", "Biên",
)  # fmt: skip
ACTS = (
    "Tăng cường", "Triển khai", "Kiểm tra", "Chấn chỉnh", "Báo cáo kết quả", "Hướng dẫn",
    "Đôn đốc", "Phối hợp thực hiện", "Rà soát", "Tổng kết", "Góp ý dự thảo kế hoạch", "Đề nghị",
)  # fmt: skip
MATTERS = (
    "công tác phòng cháy, chữa cháy rừng mùa khô", "cải cách thủ tục hành chính",
    "kỷ luật, kỷ cương hành chính", "công tác kiểm tra công vụ", "giải ngân vốn đầu tư công",
    "phòng, chống dịch sốt xuất huyết", "tuyển sinh vào lớp 10", "bồi thường, giải phóng mặt bằng",
    "an toàn thực phẩm dịp Tết Nguyên đán", "xây dựng nông thôn mới", "thi đua, khen thưởng",
    "tiếp công dân, giải quyết khiếu nại, tố cáo", "chuyển đổi số", "bảo đảm an toàn giao thông",
    "phòng, chống thiên tai và tìm kiếm cứu nạn", "tinh giản biên chế", "quản lý đất đai",
    "ứng dụng công nghệ thông tin", "thực hành tiết kiệm, chống lãng phí",
    "công tác văn thư, lưu trữ",
)  # fmt: skip
SCOPES = (
    "trên địa bàn tỉnh", "tại các cơ quan, đơn vị", "quý {quarter} năm {year}", "năm {year}",
    "giai đoạn {year} – {later}", "trong ngành", "tại các xã biên giới", "6 tháng đầu năm {year}",
)  # fmt: skip
FAMILY_NAMES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ",
)  # fmt: skip
GIVEN_NAMES = (
    "An", "Bình", "Cúc", "Dũng", "Đức", "Hạnh", "Hùng", "Lan", "Minh",
    "Ngọc", "Phúc", "Quân", "Sơn", "Thảo", "Tuấn", "Yến",
)  # fmt: skip
TYPES = {
    "cong-van": 60,
    "quyet-dinh": 14,
    "bao-cao": 10,
    "ke-hoach": 6,
    "thong-bao": 6,
    "to-trinh": 4,
}
EXPECTED = {
    Expectation.ACKNOWLEDGE: 40,
    Expectation.INFORM: 25,
    Expectation.ACT: 20,
    Expectation.REPORT: 15,
}
URGENCIES = {Urgency.ORDINARY: 88, Urgency.URGENT: 9, Urgency.VERY_URGENT: 2, Urgency.EXPRESS: 1}
STATES = {
    State.ISSUED: 970,
    State.DRAFT: 15,
    State.SUBMITTED: 6,
    State.SIGNED: 4,
    State.DISCARDED: 5,
}
#: Where papers stand at their recipients: long ago, and in the last two months.
LONG_AGO = {
    CirculationState.DONE: 500,
    CirculationState.RECEIVED: 330,
    CirculationState.ASSIGNED: 120,
    CirculationState.IN_PROGRESS: 26,
    CirculationState.SENT: 4,
    CirculationState.RETURNED: 20,
}
LATELY = {
    CirculationState.SENT: 40,
    CirculationState.RECEIVED: 30,
    CirculationState.ASSIGNED: 15,
    CirculationState.IN_PROGRESS: 8,
    CirculationState.DONE: 5,
    CirculationState.RETURNED: 2,
}


def subject(day: date, chance: random.Random) -> str:
    scope = chance.choice(SCOPES).format(
        quarter=("I", "II", "III", "IV")[(day.month - 1) // 3],
        year=day.year,
        later=day.year + 5,
    )
    return f"{chance.choice(ACTS)} {chance.choice(MATTERS)} {scope}"


def one_of(weights: dict[Any, int], chance: random.Random) -> Any:
    drawn = chance.randrange(sum(weights.values()))
    for each, weight in weights.items():
        drawn -= weight
        if drawn < 0:
            return each
    raise AssertionError


def names(count: int) -> Iterator[str]:
    yield from DEPARTMENTS[:count]
    for number in range(count - len(DEPARTMENTS)):
        body, rest = BODIES[number % len(BODIES)], number // len(BODIES)
        first = FIRST_SYLLABLES[rest % len(FIRST_SYLLABLES)]
        rest //= len(FIRST_SYLLABLES)
        second = SECOND_SYLLABLES[rest % len(SECOND_SYLLABLES)]
        again = rest // len(SECOND_SYLLABLES)
        yield f"{body} {first} {second}" + (f" {again + 1}" if again else "")


def abbreviation_of(name: str) -> str:
    return "UBND" if name.startswith("UBND") else "".join(w[0] for w in name.split()).upper()[:20]
