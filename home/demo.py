"""Pages of the demonstration: how to use the house, in plain words, and one paper cited."""

from datetime import datetime, timedelta

from agencies import clock
from agencies.models import User
from home.editors import add_web_editor
from home.models import GuidanceIndexPage, GuidancePage, HousePage, NewsIndexPage, NewsPage

EDITOR = "bientap"


def load_pages(*, at: datetime, password: str) -> None:
    """Create the web editor `bientap`, two pieces of news and a guidance page, those that miss."""
    add_web_editor(user=_editor(password))
    day = clock.day_of(at)
    news = NewsIndexPage.objects.get()
    _add(
        news,
        NewsPage(
            title="Mạng nội bộ Kính gửi bắt đầu hoạt động",
            slug="bat-dau-hoat-dong",
            posted_on=day - timedelta(days=30),
            summary="Từ nay văn bản giữa các cơ quan được gửi, nhận và theo dõi trên mạng nội bộ.",
            body=[
                _paragraph(
                    "Mỗi người đăng nhập bằng tài khoản của mình. Bàn làm việc cho biết việc nào "
                    "phải xong hôm nay, việc nào trong tuần và văn bản nào chỉ để biết."
                ),
                ("heading", "Ai cần làm gì"),
                (
                    "paragraph",
                    "<ul><li>Văn thư tiếp nhận văn bản đến trong ngày, chậm nhất là ngày làm việc "
                    "tiếp theo.</li><li>Lãnh đạo phân công người chủ trì và người phối hợp.</li>"
                    "<li>Người được giao xử lý và báo cáo đúng hạn.</li></ul>",
                ),
            ],
        ),
        at,
    )
    _add(
        news,
        NewsPage(
            title="Cách xác nhận đã nhận Công văn 1502",
            slug="xac-nhan-cong-van-1502",
            posted_on=day,
            summary="Cơ quan có tên ở dòng Kính gửi tiếp nhận rồi xác nhận trên trang văn bản.",
            body=[
                _paragraph("Văn bản được nhắc đến:"),
                ("citation", {"code": "1502/UBND-NC", "year": 2016}),
                _paragraph(
                    "Chỉ người của cơ quan nhận mới thấy trích yếu và hiệu lực của văn bản ở trên. "
                    "Người khác chỉ thấy số, ký hiệu."
                ),
                (
                    "notice",
                    {
                        "kind": "due",
                        "text": "Mở văn bản chưa phải là xác nhận. Cần bấm nút xác nhận.",
                    },
                ),
            ],
        ),
        at,
    )
    _add(
        GuidanceIndexPage.objects.get(),
        GuidancePage(
            title="Tiếp nhận, phân công và xác nhận văn bản đến",
            slug="tiep-nhan-van-ban-den",
            topic="Văn bản đến",
            summary="Các bước từ khi văn bản đến cơ quan cho tới khi hoàn thành.",
            from_on=day - timedelta(days=30),
            body=[
                ("heading", "Tiếp nhận"),
                _paragraph("Văn thư mở mục Văn bản đến, bấm Tiếp nhận; hệ thống cấp số đến."),
                ("heading", "Trả lại khi gửi nhầm"),
                _paragraph(
                    "Ghi rõ lý do và cơ quan nên nhận. Nơi gửi thấy ngay lý do trả lại trên bàn "
                    "làm việc."
                ),
                ("heading", "Phân công"),
                _paragraph("Lãnh đạo chọn một người chủ trì, có thể thêm người phối hợp và hạn."),
                ("heading", "Xác nhận"),
                _paragraph(
                    "Sau khi đọc, cơ quan bấm Xác nhận. Phiếu xác nhận ghi giờ, người và mã của "
                    "bản đã đọc, in được trên khổ A4."
                ),
            ],
        ),
        at,
    )


def _editor(password: str) -> User:
    editor, created = User.objects.get_or_create(
        username=EDITOR, defaults={"last_name": "Ngô Thảo", "first_name": "Biên"}
    )
    if created:
        editor.set_password(password)
        editor.save(update_fields=["password"])
    return editor


def _paragraph(text: str) -> tuple[str, str]:
    return "paragraph", f"<p>{text}</p>"


def _add(parent: HousePage, page: HousePage, at: datetime) -> None:
    if parent.get_children().filter(slug=page.slug).exists():
        return
    page.first_published_at = page.last_published_at = at
    parent.add_child(instance=page)
