"""Reference data that Wagtail's admin edits: rooms and when they are open, hours and deadlines."""

from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from seminars.models import Equipment, Policy, Room, RoomClosure, RoomHours, WorkingHours


class Rooms(ModelViewSet):
    model = Room
    icon = "home"
    copy_view_enabled = False
    form_fields = [
        "agency", "name", "address", "capacity", "lanes", "setup_minutes", "clear_minutes",
        "equipment", "shared", "active",
    ]  # fmt: skip
    list_display = ["name", "agency", "capacity", "lanes", "active"]
    list_filter = ["agency", "active"]
    search_fields = ["name"]


class OpeningHours(ModelViewSet):
    model = RoomHours
    icon = "time"
    copy_view_enabled = False
    form_fields = ["room", "weekday", "opens", "closes", "from_on", "to_on"]
    list_display = ["room", "weekday", "opens", "closes", "from_on", "to_on"]
    list_filter = ["room"]


class Closures(ModelViewSet):
    model = RoomClosure
    icon = "lock"
    copy_view_enabled = False
    form_fields = ["room", "from_at", "to_at", "reason"]
    list_display = ["room", "from_at", "to_at", "reason"]
    list_filter = ["room"]


class Equipments(ModelViewSet):
    model = Equipment
    icon = "cogs"
    copy_view_enabled = False
    form_fields = ["name"]


class Hours(ModelViewSet):
    model = WorkingHours
    icon = "time"
    copy_view_enabled = False
    form_fields = ["agency", "weekday", "opens", "closes", "from_on", "to_on"]
    list_display = ["agency", "weekday", "opens", "closes", "from_on", "to_on"]
    list_filter = ["agency"]


class Policies(ModelViewSet):
    model = Policy
    icon = "calendar-alt"
    copy_view_enabled = False
    form_fields = [
        "agency", "from_on", "to_on", "invite_days", "paper_days", "conclude_days", "hold_days",
        "travel_minutes", "most_at_round_table", "most_at_seminar",
    ]  # fmt: skip
    list_display = ["agency", "from_on", "to_on", "invite_days", "conclude_days"]
    list_filter = ["agency"]


class SeminarReference(ModelViewSetGroup):
    menu_label = Room._meta.verbose_name_plural
    menu_icon = "home"
    menu_order = 310
    items = (
        Rooms("rooms"),
        OpeningHours("room_hours"),
        Closures("room_closures"),
        Equipments("equipment"),
        Hours("working_hours"),
        Policies("seminar_policies"),
    )


@hooks.register("register_admin_viewset")
def seminar_reference() -> SeminarReference:
    return SeminarReference()
