"""Reference data that Wagtail's admin edits: decreed days, and nothing of people or agencies."""

from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet

from agencies.models import DayRule


class DayRules(ModelViewSet):
    model = DayRule
    icon = "calendar-alt"
    menu_order = 300
    add_to_admin_menu = True
    copy_view_enabled = False
    form_fields = ["day", "kind", "name", "basis"]
    list_display = ["day", "kind", "name", "basis"]
    list_filter = ["kind"]
    search_fields = ["name"]


@hooks.register("register_admin_viewset")
def day_rules() -> DayRules:
    return DayRules("day_rules")
