"""Rooms, when they are open, and who has them when."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from agencies.models.periods import Period, PeriodQuerySet, ordered_period
from seminars.choices import BookingState
from seminars.instants import UNIT
from seminars.models.seminars import Venue

WEEKDAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")),
    (4, _("Friday")), (5, _("Saturday")), (6, _("Sunday")),
]  # fmt: skip


class Equipment(models.Model):
    """What a room has: a screen, a line for video, interpreters' booths."""

    name = models.CharField(_("name"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("equipment")
        verbose_name_plural = _("equipment")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    """A room of an agency. With two lanes it takes two seminars at once (a hall with a partition)."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="rooms", verbose_name=_("of"))
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=255, blank=True)
    capacity = models.PositiveIntegerField(_("seats"), validators=[MinValueValidator(1)])
    lanes = models.PositiveSmallIntegerField(
        _("at the same time"), default=1, validators=[MinValueValidator(1)]
    )
    #: Minutes before and after a seminar in which nobody else may have it, in quarters.
    setup_minutes = models.PositiveSmallIntegerField(_("minutes to set up"), default=15)
    clear_minutes = models.PositiveSmallIntegerField(_("minutes to clear up"), default=15)
    equipment = models.ManyToManyField(Equipment, blank=True, verbose_name=_("equipment"))
    #: Others may book it too.
    shared = models.BooleanField(_("other agencies may book it"), default=False)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="a_room_of_an_agency_once"),
            models.CheckConstraint(name="room_has_a_lane", condition=models.Q(lanes__gte=1)),
            models.CheckConstraint(name="room_has_seats", condition=models.Q(capacity__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name


class RoomHours(Period):
    """When a room is open on a weekday, in a period; without any it follows the offices' hours."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="hours", verbose_name=_("room"))
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening hours")
        constraints = [
            ordered_period("room_hours_in_order"),
            models.CheckConstraint(
                name="room_closes_after_it_opens", condition=models.Q(opens__lt=models.F("closes"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.weekday}"


class RoomClosure(models.Model):
    """A time in which a room cannot be had: works, a reception, an election."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="closures", verbose_name=_("room"))
    from_at = models.DateTimeField(_("from"))
    to_at = models.DateTimeField(_("to"))
    #: The same in units of five minutes (seminars.instants), as seminars have it.
    start5 = models.BigIntegerField(editable=False)
    end5 = models.BigIntegerField(editable=False)
    reason = models.CharField(_("reason"), max_length=255)

    class Meta:
        verbose_name = _("closure")
        constraints = [
            models.CheckConstraint(
                name="closure_ends_after_it_begins",
                condition=models.Q(from_at__lt=models.F("to_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.start5}"

    def save(self, *args, **kwargs) -> None:
        # Outwards, so that a closure from 08:01 is one from 08:00.
        self.start5 = int(self.from_at.timestamp()) // UNIT
        self.end5 = -(-int(self.to_at.timestamp()) // UNIT)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.from_at and self.to_at and self.to_at <= self.from_at:
            raise ValidationError({"to_at": _("It ends before it begins.")})


class RoomBooking(models.Model):
    """A venue has a room, set-up and clear-up included: held until it expires, or booked."""

    venue = models.OneToOneField(Venue, models.CASCADE, related_name="booking")
    room = models.ForeignKey(Room, models.PROTECT, related_name="bookings")
    lane = models.PositiveSmallIntegerField()
    #: Half-open, in quarters of an hour since 1970.
    from15 = models.BigIntegerField()
    to15 = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=BookingState)
    held_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("booking")
        indexes = [models.Index(fields=["state", "held_until"])]
        constraints = [
            models.CheckConstraint(
                name="booking_ends_after_it_begins",
                condition=models.Q(from15__lt=models.F("to15")),
            ),
            models.CheckConstraint(
                name="a_hold_expires",
                condition=models.Q(state="held") ^ models.Q(held_until__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id}/{self.lane} {self.from15}-{self.to15}"


class RoomClaim(models.Model):
    """One quarter of an hour of one lane of one room. The unique key is the rule: no overlap."""

    booking = models.ForeignKey(RoomBooking, models.CASCADE, related_name="claims")
    room = models.ForeignKey(Room, models.PROTECT, related_name="+")
    lane = models.PositiveSmallIntegerField()
    slot15 = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "lane", "slot15"], name="a_room_is_had_once"),
        ]

    def __str__(self) -> str:
        return f"{self.room_id}/{self.lane} {self.slot15}"
