"""`manage.py seed_demo`: the demonstration's world and the pass of Công văn 1502."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from agencies import clock
from documents import demo
from home.demo import load_pages
from seminars import demo as seminars
from seminars import demo_schedule


class Command(BaseCommand):
    help = "Build the demonstration. Done once; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Sample people belong to the demonstration: set DEMO=1.")
        for story in (demo, seminars, demo_schedule):
            story.tell(lambda line: self.stdout.write(f"  {line}"))
        load_pages(at=clock.now(), password=demo.PASSWORD)
