from django.db import migrations

NAME = "Web editors"
PAGE = ("add_page", "change_page", "publish_page")
SHARED = {
    "wagtailimages": ("image", ("add_image", "change_image", "choose_image")),
    "wagtaildocs": ("document", ("add_document", "change_document", "choose_document")),
}


def found(apps, schema_editor):
    """Create the web team's group: the admin, the pages below home, pictures and shared forms.

    Wagtail's own groups, which open the admin too, are taken away while nobody is in them.
    """
    Group = apps.get_model("auth", "Group")
    group, _created = Group.objects.get_or_create(name=NAME)
    group.permissions.add(_permission(apps, "wagtailadmin", "admin", "access_admin"))
    home = apps.get_model("home", "HomePage").objects.first()
    pages = apps.get_model("wagtailcore", "GroupPagePermission").objects
    for codename in PAGE:
        permission = _permission(apps, "wagtailcore", "page", codename)
        pages.get_or_create(group=group, page_id=home.pk, permission=permission)
    root = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    collections = apps.get_model("wagtailcore", "GroupCollectionPermission").objects
    for app_label, (model, codenames) in SHARED.items():
        for codename in codenames:
            permission = _permission(apps, app_label, model, codename)
            collections.get_or_create(group=group, collection=root, permission=permission)
    Group.objects.filter(name__in=("Moderators", "Editors"), user=None).delete()


def dissolve(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name=NAME).delete()


def _permission(apps, app_label, model, codename):
    # Django creates permissions after all migrations; Wagtail's early ones exist already.
    ContentType = apps.get_model("contenttypes", "ContentType")
    content_type, _created = ContentType.objects.get_or_create(app_label=app_label, model=model)
    return apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename=codename,
        defaults={"name": f"Can {codename.replace('_', ' ')}"},
    )[0]


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0002_first_pages"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("agencies", "0001_agencies"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
    ]

    operations = [migrations.RunPython(found, dissolve)]
