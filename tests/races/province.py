"""The world of the tests, and a crowd of departments beside it: many recipients, quickly."""

from agencies.choices import AgencyKind, Role
from agencies.letters import sort_key
from agencies.models import Agency, AgencyName, Post, User
from documents.choices import RegisterKind
from documents.lifecycle import LineDraft
from documents.models import Register
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


def line_to(agencies: list[int]) -> list[LineDraft]:
    """One printed line that stands for all of them."""
    return [LineDraft("Các phòng", agencies=agencies)]
