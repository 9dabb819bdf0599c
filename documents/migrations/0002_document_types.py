"""The types of Decree 30/2020, article 7 with the abbreviations of its Appendix III, and others that arrive."""

from django.db import migrations

ADMINISTRATIVE = [
    ("cong-van", "Công văn", "", "directive"),
    ("nghi-quyet", "Nghị quyết", "NQ", "directive"),
    ("quyet-dinh", "Quyết định", "QĐ", "directive"),
    ("chi-thi", "Chỉ thị", "CT", "directive"),
    ("quy-che", "Quy chế", "QC", "guidance"),
    ("quy-dinh", "Quy định", "QyĐ", "guidance"),
    ("thong-cao", "Thông cáo", "TC", "other"),
    ("thong-bao", "Thông báo", "TB", "directive"),
    ("huong-dan", "Hướng dẫn", "HD", "guidance"),
    ("chuong-trinh", "Chương trình", "CTr", "directive"),
    ("ke-hoach", "Kế hoạch", "KH", "directive"),
    ("phuong-an", "Phương án", "PA", "directive"),
    ("de-an", "Đề án", "ĐA", "directive"),
    ("du-an", "Dự án", "DA", "directive"),
    ("bao-cao", "Báo cáo", "BC", "report"),
    ("bien-ban", "Biên bản", "BB", "conclusion"),
    ("to-trinh", "Tờ trình", "TTr", "report"),
    ("hop-dong", "Hợp đồng", "HĐ", "other"),
    ("cong-dien", "Công điện", "CĐ", "directive"),
    ("ban-ghi-nho", "Bản ghi nhớ", "BGN", "other"),
    ("ban-thoa-thuan", "Bản thỏa thuận", "BTT", "other"),
    ("giay-uy-quyen", "Giấy ủy quyền", "GUQ", "other"),
    ("giay-moi", "Giấy mời", "GM", "other"),
    ("giay-gioi-thieu", "Giấy giới thiệu", "GGT", "other"),
    ("giay-nghi-phep", "Giấy nghỉ phép", "GNP", "other"),
    ("phieu-gui", "Phiếu gửi", "PG", "other"),
    ("phieu-chuyen", "Phiếu chuyển", "PC", "other"),
    ("phieu-bao", "Phiếu báo", "PB", "other"),
    ("thu-cong", "Thư công", "", "other"),
]
OTHERS = [
    ("luat", "Luật", "L", "legal", "directive"),
    ("nghi-dinh", "Nghị định", "NĐ", "legal", "directive"),
    ("thong-tu", "Thông tư", "TT", "legal", "guidance"),
    ("ket-luan", "Kết luận", "KL", "party", "conclusion"),
    ("van-ban-khac", "Văn bản khác", "VB", "other", "other"),
]
FIELDS = [
    ("NC", "Nội chính"),
    ("VX", "Văn xã"),
    ("KTN", "Kinh tế ngành"),
    ("KTTH", "Kinh tế tổng hợp"),
    ("TH", "Tổng hợp"),
    ("VP", "Văn phòng"),
    ("TCCB", "Tổ chức cán bộ"),
]


def fill(apps, schema_editor):
    DocumentType = apps.get_model("documents", "DocumentType")
    WorkField = apps.get_model("documents", "WorkField")
    rows = [(*row[:3], "administrative", row[3]) for row in ADMINISTRATIVE] + OTHERS
    DocumentType.objects.bulk_create(
        DocumentType(
            slug=slug,
            name=name,
            abbreviation=abbreviation,
            family=family,
            archive_kind=kind,
            order=order,
        )
        for order, (slug, name, abbreviation, family, kind) in enumerate(rows, start=1)
    )
    WorkField.objects.bulk_create(WorkField(code=code, name=name) for code, name in FIELDS)


def empty(apps, schema_editor):
    apps.get_model("documents", "DocumentType").objects.all().delete()
    apps.get_model("documents", "WorkField").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_documents")]
    operations = [migrations.RunPython(fill, empty)]
