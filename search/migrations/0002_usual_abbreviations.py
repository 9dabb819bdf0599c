"""What offices write short, to begin with; an administrator changes the list as he likes."""

from django.db import migrations

USUAL = {
    "ANTQ": "an ninh Tổ quốc",
    "ANTT": "an ninh trật tự",
    "ATGT": "an toàn giao thông",
    "ATTP": "an toàn thực phẩm",
    "BHXH": "bảo hiểm xã hội",
    "BHYT": "bảo hiểm y tế",
    "CBCCVC": "cán bộ, công chức, viên chức",
    "CCHC": "cải cách hành chính",
    "CNTT": "công nghệ thông tin",
    "GPMB": "giải phóng mặt bằng",
    "HĐND": "Hội đồng nhân dân",
    "NSNN": "ngân sách nhà nước",
    "PCCC": "phòng cháy, chữa cháy",
    "PCTN": "phòng, chống tham nhũng",
    "PCTT": "phòng, chống thiên tai",
    "TTHC": "thủ tục hành chính",
    "UBND": "Ủy ban nhân dân",
    "VBQPPL": "văn bản quy phạm pháp luật",
}


def fill(apps, schema_editor):
    Abbreviation = apps.get_model("search", "Abbreviation")
    Abbreviation.objects.bulk_create(
        [Abbreviation(short=short, long=long) for short, long in USUAL.items()]
    )


def empty(apps, schema_editor):
    apps.get_model("search", "Abbreviation").objects.filter(short__in=USUAL).delete()


class Migration(migrations.Migration):
    dependencies = [("search", "0001_index_state")]

    operations = [migrations.RunPython(fill, empty)]
