"""What archive search finds of the front door: live news and guidance, for everybody."""

from django.utils.translation import gettext_lazy as _

from home.models import GuidancePage, GuidanceStanding, NewsPage
from search import pages


def register() -> None:
    pages.register(
        "news",
        NewsPage,
        kind="news",
        kind_label=_("News"),
        day="posted_on",
        readable=NewsPage.objects.readable,
    )
    pages.register(
        "guidance",
        GuidancePage,
        kind="guidance",
        kind_label=_("Guidance"),
        day="from_on",
        readable=GuidancePage.objects.readable,
        standing=GuidancePage.standing_on,
        states=dict(GuidanceStanding.choices),
        turning=("from_on", "to_on"),
        ended=("ended", "replaced"),
    )
