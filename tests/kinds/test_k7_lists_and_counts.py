"""K7: nothing counted twice, nothing left out at the edges, marks and case do not matter."""

import unicodedata
from datetime import date

import pytest
from django.urls import reverse

from agencies.choices import Role
from documents import following, lifecycle
from documents.choices import LineRole
from documents.lifecycle import LineDraft
from documents.models import Circulation
from tests.documents.factories import at, client_of, issued, outside_paper, registers, world
from tests.documents.world import agency, person

pytestmark = pytest.mark.django_db


def page_of(user, view: str, /, *args: int, **values: object):
    answer = client_of(user).get(reverse(f"documents:{view}", args=args), values)
    assert answer.status_code == 200
    return answer.context["page"]


def test_an_agency_named_in_three_lines_is_one_recipient_in_every_count():
    small = world()
    lines = [
        LineDraft("Sở Nội vụ", agencies=[small.home.pk]),
        LineDraft("Các sở", agencies=[small.home.pk, small.finance.pk]),
        LineDraft("Như trên và", LineRole.COPY, agencies=[small.home.pk, small.finance.pk]),
    ]
    paper = issued(small, lines=lines)
    assert small.at_home(paper).lines.count() == 3

    counts = following.counted(paper, at=at(3))

    assert (counts["main"], counts["copies"], counts["silent"]) == (2, 0, 2)
    assert page_of(small.clerk, "track", paper.pk).paginator.count == 2
    entry = page_of(small.clerk, "outgoing").object_list[0]
    assert (entry.sent, entry.owing, entry.acknowledged) == (2, 2, 0)


def test_an_agency_to_which_a_returned_paper_was_sent_again_is_counted_once():
    small = world()
    paper = issued(small)
    lifecycle.return_to_sender(
        circulation=small.at_home(paper), reason="Nhầm", suggested=None, by=small.home_clerk,
        at=at(2, 10),
    )  # fmt: skip
    lifecycle.circulate(dispatch=paper, agencies=[small.home.pk], by=small.clerk, at=at(2, 11))
    assert Circulation.objects.filter(dispatch=paper).count() == 3

    entry = page_of(small.clerk, "outgoing").object_list[0]

    assert page_of(small.clerk, "track", paper.pk).paginator.count == 2
    assert (entry.sent, entry.owing) == (2, 2)


def test_the_register_counts_no_recipient_in_a_paper_that_waits_for_its_issue():
    small = world()
    small.numbered()

    entry = page_of(small.clerk, "outgoing").object_list[0]

    assert (entry.sent, entry.owing, entry.acknowledged, entry.returned) == (0, 0, 0, 0)


def test_rows_with_one_moment_stand_on_one_page_each_and_none_is_left_out():
    small = world()
    bodies = []
    for number in range(60):
        bodies.append(agency("Trường Tiểu học", f"TH{number}"))
    paper = issued(small, to=bodies)

    seen = [
        row.circulation.pk
        for number in (1, 2)
        for row in client_of(small.clerk)
        .get(reverse("documents:track", args=[paper.pk]), {"page": number})
        .context["lines"]
    ]

    assert len(seen) == 60
    assert len(set(seen)) == 60


@pytest.mark.parametrize("minute", [(0, 0), (0, 30), (23, 59)])
def test_the_last_day_of_a_filter_is_within_and_the_day_is_the_vietnamese_one(minute):
    small = world()
    paper = issued(small, moment=at(2, *minute))

    for user, name in ((small.home_clerk, "incoming"), (small.clerk, "outgoing")):
        for field in ("from_on", "to_on"):
            assert page_of(user, name, **{field: "02/06/2016"}).paginator.count == 1
        assert page_of(user, name, to_on="01/06/2016").paginator.count == 0
        assert page_of(user, name, from_on="03/06/2016").paginator.count == 0
    assert paper.issued_on == date(2016, 6, 2)


def test_half_an_hour_into_the_new_year_is_the_new_year(clock_at):
    small = world()
    old = issued(small, moment=at(31, 23, 59, month=12))
    moment = at(1, 0, 30, month=1, year=2017)

    new = issued(small, moment=moment)

    assert (old.number, old.issued_on.year) == (1502, 2016)
    assert (new.number, new.issued_on) == (1, date(2017, 1, 1))
    assert new.entry.register.year == 2017
    clock_at(moment)
    page = client_of(small.home_clerk).get(reverse("documents:dispatch", args=[new.pk]))
    assert "01/01/2017" in page.content.decode() or "01 tháng 01 năm 2017" in page.content.decode()
    row = lifecycle.receive(circulation=small.at_home(new), by=small.home_clerk, at=moment)
    assert (row.arrived_on, row.arrival_number) == (date(2017, 1, 1), 1)


WORDS = ["đất đai", "ĐẤT ĐAI", "dat dai", "DAT DAI", unicodedata.normalize("NFD", "Đất đai")]


@pytest.mark.parametrize("words", WORDS, ids=["as typed", "capitals", "bare", "BARE", "NFD"])
def test_words_are_found_whatever_their_case_marks_and_form(words):
    small = world()
    issued(small, subject="Quản lý Đất Đai trên địa bàn")
    issued(small, subject="việc khác")

    assert page_of(small.home_clerk, "incoming", words=words).paginator.count == 1
    assert page_of(small.clerk, "outgoing", words=words).paginator.count == 1


@pytest.mark.parametrize(
    "words", ["so noi vu", "SỞ NỘI VỤ", unicodedata.normalize("NFD", "nội vụ")]
)
def test_a_recipient_is_found_whatever_case_marks_and_form(words):
    small = world()
    paper = issued(small)

    assert page_of(small.clerk, "track", paper.pk, name=words).paginator.count == 1
    assert page_of(small.clerk, "outgoing", recipient=words).paginator.count == 1


@pytest.mark.parametrize("words", ["1502/QĐ-UBND", "1502/qđ-ubnd", "qd-ubnd", "1502"])
def test_an_ended_paper_is_found_by_its_number_and_symbol_whatever_case_and_marks(words):
    from documents.models import DocumentType  # noqa: PLC0415

    small = world()
    paper = issued(small, type=DocumentType.objects.get(slug="quyet-dinh"))
    assert paper.code == "1502/QĐ-UBND"
    assert page_of(small.home_clerk, "incoming", words=words).paginator.count == 1

    lifecycle.return_to_sender(
        circulation=small.at_home(paper), reason="Nhầm", suggested=None, by=small.home_clerk,
        at=at(3),
    )  # fmt: skip

    assert page_of(small.home_clerk, "incoming", words=words).paginator.count == 1


def test_a_person_of_two_recipients_sees_two_rows_and_not_four():
    small = world()
    both = person("both", (small.home, Role.CLERK), (small.finance, Role.CLERK))
    issued(small)

    page = page_of(both, "incoming")

    assert page.paginator.count == 2
    assert len({row.pk for row in page.object_list}) == 2


def test_a_long_list_is_not_cut_without_a_word():
    small = world()
    body = agency("Sở Y tế")
    registers(body)
    for number in range(30):
        issued(small, to=[small.home], subject=f"văn bản {number}", moment=at(2, 10, number))

    page = page_of(small.home_clerk, "incoming")

    assert (page.paginator.count, page.paginator.num_pages) == (30, 2)
    assert len(page_of(small.home_clerk, "incoming", page=2).object_list) == 5


def test_what_the_registering_agency_keeps_of_an_outside_paper_is_no_recipient():
    small = world()
    row = outside_paper(small)
    lifecycle.circulate(
        dispatch=row.dispatch, agencies=[small.finance.pk], by=small.home_clerk, at=at(3, 10)
    )

    counts = following.counted(row.dispatch, at=at(3, 11))

    assert counts["main"] == 1


def test_a_reminder_meets_only_who_is_late_and_only_in_this_paper():
    small = world()
    mine, other = issued(small), issued(small, subject="hai")
    foreign = Circulation.objects.get(dispatch=other, agency=small.home)
    address = reverse("documents:chase", args=[mine.pk])

    from documents.models import Chase  # noqa: PLC0415

    client_of(small.clerk).post(address, {"circulation": foreign.pk})
    assert not Chase.objects.exists()


@pytest.mark.parametrize("junk", ["²", "٣", "9" * 30, "abc", "\x00"])
def test_a_reminder_to_a_row_that_is_no_number_reminds_nobody(junk):
    small = world()
    paper = issued(small)

    answer = client_of(small.clerk).post(
        reverse("documents:chase", args=[paper.pk]), {"circulation": junk}
    )

    from documents.models import Chase  # noqa: PLC0415

    assert answer.status_code == 302
    assert not Chase.objects.exists()
