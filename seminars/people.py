"""Persons by name and office: found where they are known, else made."""

from agencies.models import Agency
from seminars.models import Person

#: In signs, as the columns have it.
LONGEST_NAME = 120


def squeezed(text: str) -> str:
    """Return the words with single spaces between."""
    return " ".join(text.split())


def person_of(agency: Agency, name: str, office: str = "") -> Person:
    """Return the agency's person of that name and office, in the open transaction.

    Names and offices are up to LONGEST_NAME signs; the caller has checked.
    """
    name, office = squeezed(name), squeezed(office)
    person, _made = Person.objects.get_or_create(
        agency=agency,
        key=Person.key_of(name, office),
        defaults={"name": name, "office": office},
    )
    return person
