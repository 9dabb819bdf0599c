"""What pages of other apps ask about seminars."""

from typing import Any

from django import template

from documents.models import Dispatch
from seminars import access, orders
from seminars.models import Seminar

register = template.Library()


@register.filter
def orders_holding(text: str) -> bool:
    """Say whether the text speaks of something to be held."""
    return any(True for _span in orders.passages(text or ""))


@register.simple_tag(takes_context=True)
def seminar_of(context: dict[str, Any], dispatch: Dispatch) -> Seminar | None:
    """Return the seminar to which this letter invites, if the reader may see it.

    Asked of letters of invitation alone: other papers cost no query.
    """
    if dispatch.type.slug != "giay-moi":
        return None
    who = access.standing_of(context["request"])
    return access.visible_to(who).filter(letter=dispatch).first()
