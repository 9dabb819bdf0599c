"""The web team: the only people, beside superusers, who meet Wagtail's admin."""

from django.contrib.auth.models import Group

from agencies.models import User

#: Created with its rights by migration 0003.
WEB_EDITORS = "Web editors"


def add_web_editor(*, user: User) -> None:
    """Let a person write and publish pages. It makes him no reader of any paper."""
    user.groups.add(Group.objects.get(name=WEB_EDITORS))


def remove_web_editor(*, user: User) -> None:
    user.groups.remove(Group.objects.get(name=WEB_EDITORS))
