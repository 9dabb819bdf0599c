"""The province of the demonstration: Tây Ninh's agencies of 2016, and people who never existed.

Agencies that Công văn 1502/UBND-NC names say so in their legal basis; the others are samples.
"""

import csv
from datetime import date, datetime
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction

from agencies.choices import DeputyScope, Role
from agencies.deputies import appoint_deputy
from agencies.loading import load
from agencies.models import Agency, Deputy, Post, User
from agencies.posts import open_post

FOLDER = Path(__file__).parent
#: Everybody's, in the demonstration and nowhere else.
PASSWORD = "kinh-gui-2016"  # noqa: S105
BEGINS_ON = date(2016, 1, 1)

#: Who stands in for whom: user names, first and last day, basis.
MANDATES = (
    ("vt.snv", "cv.snv", date(2016, 6, 1), date(2016, 6, 10), "Giấy nghỉ phép của Sở Nội vụ"),
    ("vt.tanbien", "cv.tanbien", date(2016, 6, 1), date(2016, 6, 6), "Phân công của Văn phòng"),
)


@transaction.atomic
def load_province(*, at: datetime, password: str = PASSWORD) -> None:
    """Enter agencies, lists, people, posts and mandates; what is there already stays as it is."""
    load((FOLDER / "tay_ninh_2016.csv").read_bytes(), at=at)
    agencies = {agency.short_name: agency for agency in Agency.objects.all()}
    users = _users(password)
    held = set(Post.objects.values_list("user__username", "agency", "role"))
    for row in _rows():
        agency = agencies[row["agency"]]
        if (row["username"], agency.pk, row["role"]) not in held:
            open_post(
                user=users[row["username"]],
                agency=agency,
                role=Role(row["role"]),
                title=row["title"],
                from_on=BEGINS_ON,
                by=None,
                at=at,
            )
    for of, deputy, first, last, basis in MANDATES:
        post = Post.objects.get(user=users[of], role=Role.CLERK)
        if not Deputy.objects.filter(of=post, deputy=users[deputy], from_on=first).exists():
            appoint_deputy(
                of=post,
                deputy=users[deputy],
                scope=DeputyScope.ALL,
                from_on=first,
                to_on=last,
                basis=basis,
                by=None,
                at=at,
            )


def people(*, everybody: bool = False) -> list[dict[str, str]]:
    """Return whom a visitor may sign in as, those worth meeting first; reads no database.

    Keys: username, name, role (the office held), agency, note, password. A person with several
    posts is listed under the first.
    """
    listed: dict[str, dict[str, str]] = {}
    for row in _rows():
        if row["username"] not in listed and (everybody or row["note"]):
            listed[row["username"]] = {
                "username": row["username"],
                "name": f"{row['last_name']} {row['first_name']}",
                "role": row["title"],
                "agency": row["agency"],
                "note": row["note"],
                "password": PASSWORD,
            }
    return list(listed.values())


def _rows() -> list[dict[str, str]]:
    with (FOLDER / "people.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _users(password: str) -> dict[str, User]:
    """Return every sample person by user name. One hash serves them all: hashing is slow."""
    wanted = {row["username"]: row for row in _rows()}
    found = {user.username: user for user in User.objects.filter(username__in=wanted)}
    encoded = make_password(password) if len(found) < len(wanted) else ""
    for username, row in wanted.items():
        if username not in found:
            found[username] = User.objects.create(
                username=username,
                first_name=row["first_name"],
                last_name=row["last_name"],
                password=encoded,
            )
    return found
