"""`manage.py seed_roles --seed S --json`: the fifteen roles, with canary tokens."""

import json
from typing import Any

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandParser

from agencies.models import User
from documents.seed_roles import Seed, Seeded
from home.editors import WEB_EDITORS
from seminars.seed_roles import SeminarSeed
from seminars.seed_schedules import ScheduleSeed


def seed(number: int) -> Seeded:
    """Build the world of the roles, its seminars and schedules and the web editor's group included."""
    papers = Seed(number)
    made = papers.build()
    SeminarSeed(papers).build()
    ScheduleSeed(papers).build()
    editor = User.objects.get(username=made.users["wagtail_editor"])
    editor.groups.add(Group.objects.get(name=WEB_EDITORS))
    return made


class Command(BaseCommand):
    help = "Build the fifteen roles on a small world; print names, password, ids, entitlements."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        made = seed(options["seed"]).as_dict()
        if options["json"]:
            self.stdout.write(json.dumps(made, ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"password: {made['password']}")
        for role, name in made["users"].items():
            papers = ", ".join(made["entitled"][role]) or "-"
            self.stdout.write(f"{role}: {name}; reads: {papers}")
