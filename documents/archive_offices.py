"""Who exists in a large archive: agencies with a clerk and an officer each, and their registers."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from agencies.choices import AgencyKind, Role
from agencies.letters import fold, sort_key
from agencies.models import Agency, AgencyName, Post, User
from documents import archive_words as words
from documents.choices import RegisterKind
from documents.models import Register

FIRST, LAST = date(2010, 1, 4), date(2026, 6, 30)


@dataclass
class Office:
    """An agency of the archive with its two people, its registers and how far they have run."""

    pk: int
    abbreviation: str
    clerk: int
    officer: int
    registers: dict[tuple[str, int], int] = field(default_factory=dict)
    given: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))

    def next_number(self, kind: RegisterKind, year: int) -> int:
        self.given[kind, year] += 1
        return self.given[kind, year]


def heavy_reader(seed: int) -> str:
    """Return the user name of the clerk whose agency receives one dispatch in three."""
    return f"archive{seed}_0001_clerk"


@transaction.atomic
def found(count: int, *, seed: int, chance: random.Random) -> list[Office]:
    """Found the agencies, their people and their registers of every year."""
    names = list(words.names(count))
    agencies = Agency.objects.bulk_create(
        [
            Agency(
                kind=AgencyKind.DEPARTMENT if number else AgencyKind.COMMITTEE,
                collective=number == 0,
                from_on=FIRST,
                name=name,
                short_name=name,
                sort_key=sort_key(name),
                find_key=fold(name),
            )
            for number, name in enumerate(names)
        ],
        batch_size=1000,
    )
    AgencyName.objects.bulk_create(
        [
            AgencyName(
                agency=agency,
                name=agency.name,
                short_name=agency.name,
                abbreviation=words.abbreviation_of(agency.name),
                identifier=f"LT{seed}.{number:05d}",
                from_on=FIRST,
                place="Tây Ninh",
            )
            for number, agency in enumerate(agencies)
        ],
        batch_size=1000,
    )
    people = _people(agencies, seed, chance)
    offices = [
        Office(
            agency.pk,
            words.abbreviation_of(agency.name),
            people[2 * n].pk,
            people[2 * n + 1].pk,
        )
        for n, agency in enumerate(agencies)
    ]
    _open_registers(offices)
    return offices


def _people(agencies: list[Agency], seed: int, chance: random.Random) -> list[User]:
    nobody = make_password(None)
    people = []
    for number, _agency in enumerate(agencies):
        for role in (Role.CLERK, Role.OFFICER):
            family = f"{chance.choice(words.FAMILY_NAMES)} Thị"
            given = chance.choice(words.GIVEN_NAMES)
            people.append(
                User(
                    username=f"archive{seed}_{number:04d}_{role}",
                    last_name=family,
                    first_name=given,
                    sort_key=sort_key(f"{given} {family}"),
                    password=nobody,
                )
            )
    people = User.objects.bulk_create(people, batch_size=1000)
    Post.objects.bulk_create(
        [
            Post(
                user=user,
                agency=agencies[place // 2],
                role=(Role.CLERK, Role.OFFICER)[place % 2],
                from_on=FIRST,
            )
            for place, user in enumerate(people)
        ],
        batch_size=1000,
    )
    return people


def _open_registers(offices: list[Office]) -> None:
    rows = Register.objects.bulk_create(
        [
            Register(agency_id=office.pk, kind=kind, name=name, year=year)
            for office in offices
            for kind, name in (
                (RegisterKind.OUTGOING, "Văn bản đi"),
                (RegisterKind.INCOMING, "Văn bản đến"),
            )
            for year in range(FIRST.year, LAST.year + 1)
        ],
        batch_size=1000,
    )
    of = {office.pk: office for office in offices}
    for row in rows:
        of[row.agency_id].registers[row.kind, row.year] = row.pk


def close_registers(offices: list[Office]) -> None:
    """Let each register stand at the last number that was given."""
    rows = []
    for office in offices:
        for key, pk in office.registers.items():
            rows.append(Register(pk=pk, last_number=office.given[key]))
    Register.objects.bulk_update(rows, ["last_number"], batch_size=500)
