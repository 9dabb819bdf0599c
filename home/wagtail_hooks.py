"""What the web team does not need is not offered: no other hosts, no people, no groups."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest
from wagtail import hooks
from wagtail.documents.models import AbstractDocument
from wagtail.models import BaseViewRestriction, Page
from wagtail.rich_text.feature_registry import FeatureRegistry

#: Menu items by name. Their addresses are closed in `home.urls`, or lead to other hosts.
HIDDEN = frozenset({"users", "groups", "workflows", "workflow-tasks", "help"})
#: What a paragraph may hold; anything else is offered nowhere, whatever a field asks for.
FEATURES = frozenset({"bold", "italic", "ol", "ul", "link"})


def _leave_out_hidden(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name not in HIDDEN]


for _menu in ("construct_main_menu", "construct_settings_menu", "construct_reports_menu"):
    hooks.register(_menu, _leave_out_hidden)


@hooks.register("register_rich_text_features", order=1000)
def keep_few_features(features: FeatureRegistry) -> None:
    features.default_features[:] = [
        feature for feature in features.default_features if feature in FEATURES
    ]


@hooks.register("construct_homepage_panels")
def no_news_from_outside(request: HttpRequest, panels: list[Any]) -> None:
    """Leave out what announces releases and leads to the maker's site."""
    outside = {"UpgradeNotificationPanel", "WhatsNewInWagtailVersionPanel"}
    panels[:] = [panel for panel in panels if type(panel).__name__ not in outside]


# Wagtail would send a person who is signed in, but not of the right group, to sign in again.
@hooks.register("before_serve_page")
def a_private_page_is_not_found(page: Page, request: HttpRequest, *args: Any) -> None:
    _require_passed(page.get_view_restrictions(), request)


@hooks.register("before_serve_document", order=-1)
def a_private_form_is_not_found(document: AbstractDocument, request: HttpRequest) -> None:
    _require_passed(document.collection.get_view_restrictions(), request)


def _require_passed(restrictions: Iterable[BaseViewRestriction], request: HttpRequest) -> None:
    if not all(restriction.accept_request(request) for restriction in restrictions):
        raise Http404
