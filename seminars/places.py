"""Where a seminar is held, in words."""

from seminars.models import Venue


def where(venue: Venue) -> str:
    """The room with its address, or the place as it was written."""
    if venue.room is None:
        return venue.place
    return f"{venue.room.name}, {venue.room.address}" if venue.room.address else venue.room.name
