"""Why an act on a seminar is refused, beside what documents.refusals names."""

from agencies.refusals import Refused


class RoomTaken(Refused):
    """Somebody else has the room at that time."""


class Full(Refused):
    """There is no seat left, or fewer than wanted."""
