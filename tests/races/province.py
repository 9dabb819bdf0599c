"""The world of the tests, and a crowd of departments beside it: many recipients, quickly."""

from typing import Any

from agencies.choices import AgencyKind, Role
from agencies.letters import sort_key
from agencies.models import Agency, AgencyName, Post, User
from documents.choices import RegisterKind
from documents.lifecycle import LineDraft
from documents.models import AddresseeLine, Dispatch, DispatchVersion, Register
from tests.documents.world import START


def crowd(size: int, *, clerks: int = 1, years: tuple[int, ...] = (2016,)) -> list[int]:
    """Found departments with their clerks and incoming registers; return their ids."""
    agencies = Agency.objects.bulk_create(
        [
            Agency(
                kind=AgencyKind.DEPARTMENT,
                from_on=START,
                name=f"Phòng số {number}",
                short_name=f"Phòng số {number}",
                sort_key=sort_key(f"Phòng số {number}"),
            )
            for number in range(size)
        ],
        batch_size=1000,
    )
    AgencyName.objects.bulk_create(
        [
            AgencyName(
                agency=agency,
                name=agency.name,
                short_name=agency.short_name,
                abbreviation=f"P{number}",
                identifier=f"CROWD.{number:05d}",
                from_on=START,
            )
            for number, agency in enumerate(agencies)
        ],
        batch_size=1000,
    )
    people = User.objects.bulk_create(
        [
            User(username=f"crowd_{agency.pk}_{each}", first_name="Hoa", last_name="Lê Thị")
            for agency in agencies
            for each in range(clerks)
        ],
        batch_size=1000,
    )
    Post.objects.bulk_create(
        [
            Post(user=user, agency=agencies[place // clerks], role=Role.CLERK, from_on=START)
            for place, user in enumerate(people)
        ],
        batch_size=1000,
    )
    Register.objects.bulk_create(
        [
            Register(agency=agency, kind=RegisterKind.INCOMING, name="Văn bản đến", year=year)
            for agency in agencies
            for year in years
        ],
        batch_size=1000,
    )
    return [agency.pk for agency in agencies]


def copies_of(paper: Dispatch, many: int) -> list[int]:
    """Copy a paper with its version and its lines, quickly; return the ids of the copies.

    Made one by one by the verbs, thousands of them would be a race of their own before the race.
    """
    copies = Dispatch.objects.bulk_create([_copy(paper) for _ in range(many)], batch_size=500)
    version = paper.current_version
    DispatchVersion.objects.bulk_create(
        [_copy(version, dispatch=each) for each in copies], batch_size=500
    )
    for line in paper.lines.all():
        lines = AddresseeLine.objects.bulk_create(
            [_copy(line, dispatch=each) for each in copies], batch_size=500
        )
        named = AddresseeLine.agencies.through
        named.objects.bulk_create(
            [
                named(addresseeline_id=each.pk, agency_id=agency)
                for each in lines
                for agency in line.agencies.values_list("pk", flat=True)
            ],
            batch_size=500,
        )
    return [each.pk for each in copies]


def _copy(row: Any, **changes: Any) -> Any:
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in changes
    }
    return type(row)(**values, **changes)


def line_to(agencies: list[int]) -> list[LineDraft]:
    """One printed line that stands for all of them."""
    return [LineDraft("Các phòng", agencies=agencies)]
