"""What pages of other apps ask about seminars."""

from django import template

from seminars import orders

register = template.Library()


@register.filter
def orders_holding(text: str) -> bool:
    """Say whether the text speaks of something to be held."""
    return any(True for _span in orders.passages(text or ""))
