from django.db import migrations

INDEXES = [
    (
        "NewsIndexPage",
        "Tin tức",
        "tin-tuc",
        "Tin và thông báo chung cho mọi người dùng mạng nội bộ.",
    ),
    (
        "GuidanceIndexPage",
        "Hướng dẫn",
        "huong-dan",
        "Cách làm từng việc trên mạng nội bộ, xếp theo chủ đề.",
    ),
]


def plant(apps, schema_editor):
    """Put our home page and its two lists in place of Wagtail's welcome page.

    Does nothing where a home page of ours stands already.
    """
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    HomePage = apps.get_model("home", "HomePage")
    if HomePage.objects.exists():
        return
    root = Page.objects.get(depth=1)
    welcome = Page.objects.filter(
        content_type=_content_type(apps, "wagtailcore", "page"), depth=2, slug="home", numchild=0
    )
    Site.objects.filter(root_page__in=welcome).delete()
    welcome.delete()
    home = _add(apps, "HomePage", root, title="Trang đầu", slug="trang-dau")
    for model, title, slug, intro in INDEXES:
        _add(apps, model, home, title=title, slug=slug, intro=intro)
    Site.objects.filter(is_default_site=True).update(is_default_site=False)
    Site.objects.update_or_create(
        hostname="localhost",
        port=80,
        defaults={"root_page_id": home.pk, "is_default_site": True, "site_name": "Kính gửi"},
    )


def uproot(apps, schema_editor):
    """Take the pages away; Wagtail's welcome page does not come back."""
    Page = apps.get_model("wagtailcore", "Page")
    root = Page.objects.get(depth=1)
    for home in apps.get_model("home", "HomePage").objects.all():
        apps.get_model("wagtailcore", "Site").objects.filter(root_page_id=home.pk).delete()
        Page.objects.filter(path__startswith=home.path).delete()
    root.numchild = Page.objects.filter(depth=2).count()
    root.save(update_fields=["numchild"])


def _add(apps, model, parent, *, title, slug, **fields):
    # Tree methods do not exist on the models of a migration: the path is written by hand.
    Page = apps.get_model("wagtailcore", "Page")
    Locale = apps.get_model("wagtailcore", "Locale")
    below = Page.objects.filter(path__startswith=parent.path, depth=parent.depth + 1)
    last = below.order_by("-path").values_list("path", flat=True).first()
    step = int(last[-4:], 36) + 1 if last else 1
    locale, _created = Locale.objects.get_or_create(language_code="vi")
    page = apps.get_model("home", model).objects.create(
        title=title,
        draft_title=title,
        slug=slug,
        content_type=_content_type(apps, "home", model.lower()),
        path=f"{parent.path}{_base36(step):0>4}",
        depth=parent.depth + 1,
        numchild=0,
        url_path=f"{parent.url_path}{slug}/",
        locale=locale,
        **fields,
    )
    parent.numchild = below.count()
    parent.save(update_fields=["numchild"])
    return page


def _base36(number):
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return digits[number] if number < 36 else _base36(number // 36) + digits[number % 36]


def _content_type(apps, app_label, model):
    ContentType = apps.get_model("contenttypes", "ContentType")
    return ContentType.objects.get_or_create(app_label=app_label, model=model)[0]


class Migration(migrations.Migration):
    dependencies = [("home", "0001_pages"), ("wagtailcore", "0098_apitoken")]

    operations = [migrations.RunPython(plant, uproot)]
