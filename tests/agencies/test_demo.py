"""The sample province: complete, honest about what is invented, the same after a second run."""

from datetime import date

import pytest
from django.db.models import Count

from agencies import clock
from agencies.authority import authorities
from agencies.choices import AgencyKind, Role
from agencies.demo import load_province, people
from agencies.lists import members_on
from agencies.models import Agency, AgencyName, Deputy, DistributionList, Post, User
from ledger.models import LedgerEntry

OPENED_AT = clock.at(date(2016, 1, 4), 8)
DAY = date(2016, 6, 2)


@pytest.mark.django_db
def test_the_province_is_complete_and_a_second_run_changes_nothing(
    django_assert_max_num_queries,
) -> None:
    load_province(at=OPENED_AT, password="mat-khau-thu-nghiem")
    before = [model.objects.count() for model in (Agency, User, Post, Deputy, LedgerEntry)]

    with django_assert_max_num_queries(110):
        load_province(at=OPENED_AT, password="mat-khau-thu-nghiem")

    assert [m.objects.count() for m in (Agency, User, Post, Deputy, LedgerEntry)] == before
    _check_lists()
    _check_samples()
    _check_people()


def _check_lists() -> None:
    departments = DistributionList.objects.get(name="Thủ trưởng các sở, ban, ngành, đoàn thể tỉnh")
    districts = DistributionList.objects.get(name="Chủ tịch UBND các huyện, thành phố")
    names = {agency.short_name for agency in members_on(departments, DAY)}
    assert len(names) == 28
    assert {"Công an tỉnh", "Sở Nội vụ", "Báo Tây Ninh"} <= names
    assert "Ban Dân vận Tỉnh ủy" not in names
    assert len(members_on(districts, DAY)) == 9
    assert {agency.kind for agency in members_on(districts, DAY)} == {AgencyKind.DISTRICT}
    assert {departments.owner.short_name, districts.owner.short_name} == {"UBND tỉnh Tây Ninh"}


def _check_samples() -> None:
    samples = AgencyName.objects.filter(basis="Đơn vị mẫu của bản trình diễn")
    assert samples.filter(short_name="Sở Y tế").exists()
    assert not samples.filter(short_name__in=("Công an tỉnh", "Sở Nội vụ")).exists()
    assert not AgencyName.objects.filter(basis="").exists()


def _check_people() -> None:
    clerks = Post.objects.filter(role=Role.CLERK).values("agency").annotate(Count("pk"))
    assert [row["pk__count"] for row in clerks] == [1] * Agency.objects.count()
    assert {row["role"] for row in Post.objects.values("role")} == set(Role)
    deputy = User.objects.get(username="cv.snv")
    held = authorities(deputy, on=date(2016, 6, 10))
    assert [(a.role, str(a.post.user)) for a in held] == [
        (Role.OFFICER, "Võ Khánh Đoan"),
        (Role.CLERK, "Lâm Sương Dung"),
    ]
    assert len(authorities(deputy, on=date(2016, 6, 11))) == 1
    assert deputy.check_password("mat-khau-thu-nghiem")
    assert not User.objects.filter(is_superuser=True).exists()


def test_whom_to_sign_in_as_is_known_without_a_database() -> None:
    few, all_of_them = people(), people(everybody=True)

    assert 10 <= len(few) <= 20
    assert {tuple(row) for row in all_of_them} == {
        ("username", "name", "role", "agency", "note", "password")
    }
    assert all(row["note"] for row in few)
    assert len({row["username"] for row in all_of_them}) == len(all_of_them)
    assert {"vt.ubnd", "cv.nc", "pct.ubnd", "vt.snv", "cv.snv"} <= {row["username"] for row in few}
