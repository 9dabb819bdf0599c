"""What every page shows around its content: for whom one acts, where one may go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from agencies import administration, clock
from agencies.authority import Authority
from agencies.choices import DeputyScope, Role
from documents import access
from documents.owed import acting_for


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return `frame`, resolved only when a template asks for it."""
    return {"frame": SimpleLazyObject(lambda: _frame(request))}


def _frame(request: HttpRequest) -> dict[str, Any]:
    around: dict[str, Any] = {
        "demo": settings.DEMO,
        "demo_day": clock.today() if settings.DEMO_DAY else None,
        "now": clock.now(),
        "nav": [],
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return around
    who = access.standing_of(request)
    first = who.authorities[0] if who.authorities else None
    around.update(
        agency_name=str(first.agency) if first else "",
        user_name=user.get_full_name(),
        user_role=_role(first),
        deputy_note=_stands_in_for(who.authorities),
        search_url=reverse("search"),
        account_url=reverse("agencies:account"),
        unread=who.unread,
        plans=bool(acting_for(who, Role.office() | {Role.OFFICER}, DeputyScope.OUTGOING)),
        nav=_navigation(request, who),
    )
    return around


def _role(held: Authority | None) -> str:
    return held.post.title or str(Role(held.role).label) if held else ""


def _stands_in_for(authorities: tuple[Authority, ...]) -> str:
    names = {str(held.post.user) for held in authorities if held.deputy}
    return ", ".join(sorted(names))


def _navigation(request: HttpRequest, who: access.Standing) -> list[dict[str, Any]]:
    roles = {held.role for held in who.authorities}
    items = [(reverse("home"), _("My desk"), 0)]
    if who.readers_of:
        items += [
            (reverse("documents:incoming"), _("Incoming"), 0),
            (reverse("documents:outgoing"), _("Outgoing"), 0),
            (reverse("documents:drafts"), _("Drafts"), 0),
            (reverse("seminars:seminars"), _("Seminars"), 0),
        ]
    items += [
        (reverse("documents:notices"), _("Notices"), who.unread),
        (reverse("agencies:directory"), _("Agencies"), 0),
    ]
    if Role.ADMINISTRATOR in roles:
        items.append((reverse("agencies:people"), _("People"), 0))
        items.append((reverse("abbreviations"), _("Abbreviations"), 0))
        if administration.warden(who.user, on=clock.day_of(who.at)):
            items.append((reverse("seminars:days"), _("Days off"), 0))
    items.append(("/tin-tuc/", _("News and guidance"), 0))
    here = (url for url, _label, _count in items if url != "/" and request.path.startswith(url))
    current = max(here, key=len, default="/" if request.path == "/" else "")
    return [
        {"url": url, "label": label, "count": count, "current": url == current}
        for url, label, count in items
    ]
