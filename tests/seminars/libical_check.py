"""Check a calendar with libical, by the rules for its METHOD (RFC 5546).

    /usr/bin/python3 libical_check.py < calendar.ics

Run by the Python of the system, which alone has Debian's gir1.2-ical-3.0 and python3-gi. Prints
each problem on a line. Exit code 0 without problems, 1 with some, 77 where libical is missing.
"""

import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

NOT_HERE = 77


def main() -> int:
    try:
        import_module("gi").require_version("ICalGLib", "3.0")
        ical = import_module("gi.repository.ICalGLib")
    except (ImportError, ValueError) as missing:
        sys.stderr.write(f"no libical: {missing}\n")
        return NOT_HERE
    try:
        calendar = ical.Component.new_from_string(sys.stdin.buffer.read().decode())
    except TypeError:
        # What its constructor raises where libical made nothing.
        sys.stdout.write("not a calendar\n")
        return 1
    calendar.check_restrictions()
    found = list(problems(ical, calendar))
    sys.stdout.writelines(f"{problem}\n" for problem in found)
    return 1 if found else 0


def problems(ical: Any, component: Any) -> Iterator[str]:
    """What the parser and the check wrote into the calendar, wherever they wrote it."""
    name = ical.Component.kind_to_string(component.isa())
    error = component.get_first_property(ical.PropertyKind.XLICERROR_PROPERTY)
    while error is not None:
        yield f"{name}: {error.get_value_as_string()}"
        error = component.get_next_property(ical.PropertyKind.XLICERROR_PROPERTY)
    inner = component.get_first_component(ical.ComponentKind.ANY_COMPONENT)
    while inner is not None:
        yield from problems(ical, inner)
        inner = component.get_next_component(ical.ComponentKind.ANY_COMPONENT)


if __name__ == "__main__":
    sys.exit(main())
