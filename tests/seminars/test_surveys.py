"""Agencies are asked for half-days: who may say what until when, who sees it, and what it does."""

import random
import re
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from agencies import clock
from agencies.choices import DayKind, Role
from agencies.models import Agency, DayRule, User
from documents import secrecy
from documents.refusals import Incomplete, NotFound, NotPermitted, WrongState
from seminars import half_days, lifecycle, slots, surveys
from seminars.choices import Act, Free
from seminars.half_days import Half
from seminars.instants import from5
from seminars.lifecycle import Invited, Question, Time
from seminars.models import HalfDaySurvey, Policy, Seminar, SurveyAnswer, SurveyAsked
from tests.documents.factories import client_of
from tests.documents.world import agency, person
from tests.examples import a_share
from tests.seminars.world import Seminars, at

pytestmark = pytest.mark.django_db

#: Monday 13 to Friday 17 June 2016.
FIRST, LAST = date(2016, 6, 13), date(2016, 6, 17)


@pytest.fixture(autouse=True)
def june(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are opened at noon of Friday 3 June 2016."""
    monkeypatch.setattr("agencies.clock.now", lambda: at(3, 12))


def third(house: Seminars) -> tuple[Agency, User]:
    """One department more, with its clerk."""
    body = agency("Sở Y tế", "SYT")
    return body, person("c_clerk", (body, Role.CLERK))


def question(house: Seminars, **values: Any) -> Question:
    values.setdefault("title", "Chọn ngày họp")
    values.setdefault("first", FIRST)
    values.setdefault("last", LAST)
    values.setdefault("answer_by", at(9, 17))
    values.setdefault("agencies", [house.small.home, house.small.finance])
    return Question(**values)


def asking(house: Seminars, seminar: Seminar | None = None, **values: Any) -> HalfDaySurvey:
    return lifecycle.ask_half_days(
        about=seminar or house.draft(time=Time()), question=question(house, **values),
        by=house.officer, at=at(2),
    )  # fmt: skip


def row_of(survey: HalfDaySurvey, agency: Agency) -> SurveyAsked:
    return survey.asked.select_related("agency", "survey__seminar", "survey__programme").get(
        agency=agency
    )


def say(house: Seminars, survey: HalfDaySurvey, moment: Any = None, **days: str) -> SurveyAsked:
    """The home department says free, but what is named: `mon_morning="busy"`."""
    names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    answers = {}
    for half in half_days.between(survey.first, survey.last):
        answers[half] = days.get(f"{names[half.day.weekday()]}_{half.half}", "free")
    return lifecycle.answer_survey(
        asked=row_of(survey, house.small.home), answers=answers, by=house.small.home_clerk,
        at=moment or at(3),
    )  # fmt: skip


def said_by(asked: SurveyAsked) -> dict[Half, str]:
    return {Half(row.day, row.half): row.said for row in asked.answers.all()}


def codes(refused: Any) -> set[str]:
    return {reason.code for reason in refused.value.reasons}


# -- Asking -----------------------------------------------------------------------------------


def test_agencies_are_asked_for_the_half_days_of_working_days():
    house = Seminars()
    DayRule.objects.create(day=date(2016, 6, 14), kind=DayKind.OFF, name="Nghỉ bù")

    survey = asking(house, last=date(2016, 6, 19))

    assert [half.day.day for half in half_days.between(survey.first, survey.last)] == [
        13, 13, 15, 15, 16, 16, 17, 17,
    ]  # fmt: skip
    assert {row.agency for row in survey.asked.all()} == {house.small.home, house.small.finance}
    assert survey.seminar.events.last().act == Act.SURVEY


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"title": " "}, "title"), ({"title": "x" * 256}, "title"),
        ({"last": date(2016, 6, 12)}, "last"), ({"last": date(2016, 7, 11)}, "last"),
        ({"first": date(2016, 6, 18), "last": date(2016, 6, 19), "answer_by": at(9)}, "last"),
        ({"first": date(2016, 5, 30), "last": date(2016, 6, 1), "answer_by": at(3)}, "last"),
        ({"answer_by": at(2)}, "due_on"), ({"answer_by": at(18)}, "due_on"),
        ({"agencies": []}, "agency"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_its_field(values, code):
    house = Seminars()

    with pytest.raises(Incomplete) as refused:
        asking(house, **values)

    assert code in codes(refused)
    assert not HalfDaySurvey.objects.exists()


def test_four_weeks_are_asked_for_and_a_window_may_have_begun():
    house = Seminars()

    survey = asking(house, first=date(2016, 5, 30), last=date(2016, 6, 26))

    over = [half for half in half_days.between(survey.first, survey.last) if half.is_over(at(2))]
    assert [half.day.day for half in over] == [30, 30, 31, 31, 1, 1]


def test_an_agency_that_ended_is_refused_by_name():
    house = Seminars()
    Agency.objects.filter(pk=house.small.finance.pk).update(to_on=date(2016, 6, 1))
    house.small.finance.refresh_from_db()

    with pytest.raises(Incomplete, match="agency") as refused:
        asking(house)

    assert str(house.small.finance) in str(refused.value.reasons[0].message)


def test_nobody_answers_for_an_agency_that_ended_since_it_was_asked():
    house = Seminars()
    survey = asking(house)
    Agency.objects.filter(pk=house.small.home.pk).update(to_on=date(2016, 6, 2))

    with pytest.raises(NotFound):
        say(house, survey)


def test_one_survey_is_open_at_a_time_and_the_database_says_so_too():
    house = Seminars()
    survey = asking(house)

    with pytest.raises(Incomplete) as refused:
        asking(house, survey.seminar)
    assert codes(refused) == {"survey"}
    with pytest.raises(IntegrityError), transaction.atomic():
        HalfDaySurvey.objects.create(
            seminar=survey.seminar, agency=survey.agency, title="x", first=FIRST, last=LAST,
            answer_by=at(9), asked_at=at(2), asked_by=house.officer,
        )  # fmt: skip

    lifecycle.close_survey(survey=survey, by=house.officer, at=at(3))
    assert asking(house, survey.seminar).pk != survey.pk


def test_a_survey_is_asked_by_those_who_plan_and_of_a_secret_nothing_is_kept():
    house = Seminars()
    seminar = house.draft(time=Time())

    for stranger, refusal in (
        (house.small.home_clerk, NotFound), (house.small.stranger, NotFound),
    ):  # fmt: skip
        with pytest.raises(refusal):
            lifecycle.ask_half_days(about=seminar, question=question(house), by=stranger, at=at(2))
    with pytest.raises(secrecy.SecretPaper):
        asking(house, seminar, title="TUYỆT MẬT")
    assert not HalfDaySurvey.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"half": "evening"}, {"said": "perhaps"}, {}],
    ids=["an evening", "another word", "twice"],
)
def test_the_database_keeps_one_of_three_words_for_half_a_working_day(wrong):
    house = Seminars()
    asked = row_of(asking(house), house.small.home)
    right = {"asked": asked, "day": FIRST, "half": "morning", "said": "free"}
    SurveyAnswer.objects.create(**right)

    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyAnswer.objects.create(**(right | wrong))


# -- Answering --------------------------------------------------------------------------------


def test_answers_may_be_changed_until_the_survey_closes():
    house = Seminars()
    survey = asking(house)
    say(house, survey, mon_morning="busy")
    asked = say(house, survey, moment=at(4), mon_morning="possible", fri_afternoon="busy")

    said = said_by(asked)
    assert said[Half(FIRST, "morning")] == Free.POSSIBLE
    assert said[Half(LAST, "afternoon")] == Free.BUSY
    assert len(said) == 10
    assert asked.answered_at == at(4)
    lifecycle.close_survey(survey=survey, by=house.officer, at=at(5))
    with pytest.raises(WrongState):
        say(house, survey, moment=at(6))
    assert said_by(asked) == said


def test_the_same_answers_again_change_nothing():
    house = Seminars()
    survey = asking(house)
    say(house, survey, mon_morning="busy")
    events = survey.seminar.events.count()

    asked = say(house, survey, moment=at(4), mon_morning="busy")

    assert asked.answered_at == at(3)
    assert survey.seminar.events.count() == events


def test_an_answer_after_the_deadline_is_refused_and_says_when_it_was():
    house = Seminars()
    survey = asking(house)

    say(house, survey, moment=at(9, 17))
    with pytest.raises(Incomplete) as refused:
        say(house, survey, moment=at(9, 17, 1))

    assert codes(refused) == {"answer_by"}
    assert "17:00" in str(refused.value.reasons[0].message)
    assert "09/06/2016" in str(refused.value.reasons[0].message)


def test_every_half_day_is_marked_and_none_that_is_not_asked_for():
    house = Seminars()
    survey = asking(house)
    asked = row_of(survey, house.small.home)
    whole = dict.fromkeys(half_days.between(FIRST, LAST), "free")
    less = {half: said for half, said in whole.items() if half.half == "morning"}
    more = whole | {Half(date(2016, 6, 20), "morning"): "free"}

    for answers in (less, more, {}):
        with pytest.raises(Incomplete) as refused:
            lifecycle.answer_survey(
                asked=asked, answers=answers, by=house.small.home_clerk, at=at(3)
            )
        assert codes(refused) == {"answers"}
    assert not SurveyAnswer.objects.exists()


def test_half_days_that_are_over_stay_as_they_are():
    house = Seminars()
    survey = asking(house, first=date(2016, 6, 6), answer_by=at(15))
    say(house, survey, moment=at(3))
    later = dict.fromkeys(half_days.between(survey.first, survey.last), "busy")

    asked = lifecycle.answer_survey(
        asked=row_of(survey, house.small.home), answers=later, by=house.small.home_clerk,
        at=at(8, 12),
    )  # fmt: skip

    busy = sorted({half for half, said in said_by(asked).items() if said == "busy"})
    assert busy[0] == Half(date(2016, 6, 8), "afternoon")
    assert len(busy) == 20 - 5


def test_changing_the_days_wipes_no_answer_and_a_day_that_comes_back_has_its_own():
    house = Seminars()
    survey = asking(house)
    before = said_by(say(house, survey, mon_morning="busy", fri_morning="possible"))

    survey = lifecycle.change_survey(
        survey=survey, question=question(house, first=LAST, last=date(2016, 6, 21)),
        by=house.officer, at=at(4),
    )  # fmt: skip
    asked = row_of(survey, house.small.home)
    assert said_by(asked) == before
    grid = surveys.grid(survey, at=at(4))
    shown = [row.cells[0][1] for row in grid.rows]
    assert shown[:2] == [Free.POSSIBLE, Free.FREE]
    assert set(shown[2:]) == {None}

    survey = lifecycle.change_survey(
        survey=survey, question=question(house), by=house.officer, at=at(5)
    )
    assert surveys.grid(survey, at=at(5)).rows[0].cells[0][1] == Free.BUSY
    assert survey.asked.count() == 2


def test_only_the_office_of_an_agency_answers_for_it():
    house = Seminars()
    survey = asking(house)
    asked = row_of(survey, house.small.home)
    answers = dict.fromkeys(half_days.between(FIRST, LAST), "free")

    for other in (
        house.small.finance_clerk, house.clerk, house.small.home_officer, house.small.stranger,
    ):  # fmt: skip
        with pytest.raises(NotFound):
            lifecycle.answer_survey(asked=asked, answers=answers, by=other, at=at(3))
    with pytest.raises((NotFound, NotPermitted)):
        lifecycle.close_survey(survey=survey, by=house.small.home_clerk, at=at(3))


def test_a_seminar_called_off_takes_its_survey_off_every_desk():
    house = Seminars()
    survey = asking(house, house.held())
    assert HalfDaySurvey.objects.open_at(at(3)).get() == survey
    lifecycle.cancel(seminar=survey.seminar, reason="Bão", by=house.clerk, at=at(3))

    survey.refresh_from_db()
    assert not HalfDaySurvey.objects.open_at(at(4)).exists()
    assert not survey.is_open_at(at(4))
    with pytest.raises(WrongState):
        say(house, survey, moment=at(4))


# -- What it does where a day is looked for ---------------------------------------------------


def best(house: Seminars, seminar: Seminar, **wish: Any) -> list[str]:
    wish = {"first": FIRST, "last": LAST, "minutes": 120} | wish
    answer = slots.best_times(seminar, slots.Wish(**wish), at=at(2), most=20)
    return [f"{from5(each.start5):%a %H}" for each in answer.suggestions]


def test_a_busy_half_day_is_avoided_and_a_possible_one_comes_after_those_that_are_free():
    house = Seminars()
    seminar = house.draft(time=Time())
    assert best(house, seminar)[0] == "Mon 07"

    survey = asking(house, seminar)
    say(house, survey, mon_morning="busy", mon_afternoon="possible")

    found = best(house, seminar)
    assert found[0] == "Tue 07"
    assert "Mon 07" not in found
    assert best(house, seminar, last=FIRST)[0] == "Mon 13"


def test_the_list_of_those_invited_says_whether_an_agency_must_be_there():
    house = Seminars()
    seminar = house.draft(time=Time())
    survey = asking(house, seminar)
    say(house, survey, **{f"{day}_{half}": "busy" for day in ("mon", "tue", "wed", "thu", "fri")
                          for half in ("morning", "afternoon")})  # fmt: skip
    assert best(house, seminar) == []

    def listed(role: str) -> list[str]:
        lifecycle.list_invited(
            seminar=seminar, invited=[Invited(house.small.home, seminar.venues.get(), 1, role)],
            by=house.officer, at=at(3),
        )  # fmt: skip
        return best(house, seminar)

    assert listed("optional")[0] == "Mon 07"
    assert listed("required") == []
    assert listed("informed")[0] == "Mon 07"


def test_the_survey_of_a_programme_counts_until_a_seminar_has_a_list_of_its_own():
    house = Seminars()
    programme = house.programme()
    seminar = house.draft(time=Time(), programme=programme)
    survey = lifecycle.ask_half_days(
        about=programme, question=question(house), by=house.officer, at=at(2)
    )
    say(house, survey, mon_morning="busy")
    assert best(house, seminar)[0] == "Mon 13"

    venue = seminar.venues.get()
    lifecycle.list_invited(
        seminar=seminar, invited=[Invited(house.small.finance, venue)], by=house.officer, at=at(3)
    )
    assert best(house, seminar)[0] == "Mon 07"
    lifecycle.list_invited(
        seminar=seminar, by=house.officer, at=at(3),
        invited=[Invited(house.small.finance, venue), Invited(house.small.home, venue)],
    )  # fmt: skip
    assert best(house, seminar)[0] == "Mon 13"


def test_of_two_surveys_the_later_answer_to_a_half_day_counts():
    house = Seminars()
    seminar = house.draft(time=Time())
    first = asking(house, seminar)
    say(house, first, mon_morning="busy", mon_afternoon="busy")
    lifecycle.close_survey(survey=first, by=house.officer, at=at(3, 12))
    second = lifecycle.ask_half_days(
        about=seminar, question=question(house, last=FIRST, answer_by=at(8)), by=house.officer,
        at=at(3, 13),
    )  # fmt: skip
    assert best(house, seminar)[0] == "Tue 07"

    say(house, second, moment=at(4), mon_morning="free", mon_afternoon="busy")

    assert best(house, seminar)[0] == "Mon 07"


class BestHalfDay(TestCase):
    """On random answers the best time is that of trying every half-day by hand."""

    @a_share(10)
    @given(st.integers(0, 2**20))
    def test_the_best_half_day_is_that_of_trying_all(self, seed: int) -> None:
        chance = random.Random(seed)
        house = Seminars()
        seminar = house.draft(time=Time())
        health, health_clerk = third(house)
        agencies = [house.small.home, house.small.finance, health]
        clerks = [house.small.home_clerk, house.small.finance_clerk, health_clerk]
        roles = [chance.choice(("required", "optional")) for _each in agencies]
        venue = seminar.venues.get()
        lifecycle.list_invited(
            seminar=seminar, by=house.officer, at=at(2),
            invited=[Invited(a, venue, 1, role) for a, role in zip(agencies, roles, strict=True)],
        )  # fmt: skip
        survey = asking(house, seminar, agencies=agencies, last=date(2016, 6, 15))
        halves = half_days.between(FIRST, date(2016, 6, 15))
        answers = [
            {half: chance.choice(("busy", "possible", "free")) for half in halves}
            for _each in agencies
        ]
        for body, clerk, said in zip(agencies, clerks, answers, strict=True):
            asked = row_of(survey, body)
            lifecycle.answer_survey(asked=asked, answers=said, by=clerk, at=at(3))

        def cost(half: Half) -> tuple[int, ...]:
            said = [each[half] for each in answers]
            busy = [role for role, word in zip(roles, said, strict=True) if word == "busy"]
            return (
                busy.count("required"), busy.count("optional"), said.count("possible"),
                halves.index(half),
            )  # fmt: skip

        wish = slots.Wish(FIRST, date(2016, 6, 15), 240, allow_missing=True)
        found = slots.best_times(seminar, wish, at=at(2), most=20)

        # Four hours fit once in a half-day.
        order = [from5(each.start5) for each in found.suggestions]
        expected = sorted(halves, key=cost)
        assert [(each.date(), each.hour < 12) for each in order] == [
            (half.day, half.half == "morning") for half in expected
        ]
        assert [row.half for row in surveys.grid(survey, at=at(3)).best] == expected


# -- Pages ------------------------------------------------------------------------------------


def url(name: str, pk: int) -> str:
    return reverse(f"seminars:{name}", args=[pk])


def typed(house: Seminars, **values: Any) -> dict[str, Any]:
    return {
        "title": "Chọn ngày họp", "first": "13/06/2016", "last": "17/06/2016",
        "due_on": "09/06/2016", "due_time": "", "agency": house.small.home.pk, "role": "required",
    } | values  # fmt: skip


def test_the_organiser_asks_reads_the_grid_and_uses_a_half_day():
    house = Seminars()
    seminar = house.draft(time=Time(), title="Bàn về nhân sự")
    officer = client_of(house.officer)
    assert url("ask_for_seminar", seminar.pk) in officer.get(
        url("seminar", seminar.pk)
    ).content.decode()  # fmt: skip

    asked = officer.post(url("ask_for_seminar", seminar.pk), typed(house))
    survey = HalfDaySurvey.objects.get()
    assert asked.url == url("survey", survey.pk)
    assert "Chưa cơ quan nào trả lời" in officer.get(asked.url).content.decode()
    assert officer.get(url("ask_for_seminar", seminar.pk)).url == asked.url
    say(house, survey, mon_morning="busy")
    page = officer.get(asked.url).content.decode()

    assert "không thiếu ai" in page
    start = page.index(url("move", seminar.pk))
    form = officer.get(page[start : page.index('"', start)].replace("&amp;", "&")).content.decode()
    assert 'value="13/06/2016"' in form
    assert '<option value="afternoon" selected>' in form
    for address in (url("seminar", seminar.pk), url("find_time", seminar.pk)):
        assert url("survey", survey.pk) in officer.get(address).content.decode()


def test_a_day_is_looked_for_where_agencies_were_asked_or_where_invitations_are_in_time(
    monkeypatch,
):
    monkeypatch.setattr(clock, "now", lambda: at(3))
    house = Seminars()
    seminar = house.draft(time=Time())
    officer = client_of(house.officer)

    def window() -> list[str]:
        page = officer.get(url("find_time", seminar.pk)).content.decode()
        return re.findall(r'value="(\d\d/\d\d/2016)"', page)[:2]

    # Friday 3 June: three working days later an invitation sent today is in time.
    assert window() == ["08/06/2016", "05/07/2016"]
    asking(house, seminar, last=date(2016, 6, 17))
    assert window() == ["13/06/2016", "17/06/2016"]
    # Of what lies behind nothing is asked.
    monkeypatch.setattr(clock, "now", lambda: at(20))
    assert window() == ["23/06/2016", "20/07/2016"]


def test_an_agency_that_invites_long_before_is_offered_days_in_their_order():
    house = Seminars()
    seminar = house.draft(time=Time())
    Policy.objects.create(agency=house.small.province, from_on=date(2016, 1, 1), invite_days=20)

    page = client_of(house.officer).get(url("ask_for_seminar", seminar.pk)).content.decode()

    assert re.findall(r'value="(\d\d/\d\d/2016)"', page)[:2] == ["01/07/2016", "15/07/2016"]


def test_an_agency_sees_what_it_is_asked_and_its_own_answers_alone():
    house = Seminars()
    seminar = house.draft(time=Time(), title="Bàn về nhân sự")
    survey = asking(house, seminar)
    home, finance = row_of(survey, house.small.home), row_of(survey, house.small.finance)
    say(house, survey, mon_morning="busy")
    clerk = client_of(house.small.finance_clerk)

    page = clerk.get(url("answer_survey", finance.pk)).content.decode()
    assert "Chọn ngày họp" in page
    assert "Bàn về nhân sự" not in page
    assert str(house.small.home) not in page
    for address in (
        url("answer_survey", home.pk), url("survey", survey.pk), url("seminar", seminar.pk),
        url("change_survey", survey.pk),
    ):  # fmt: skip
        assert clerk.get(address).status_code == 404, address
    assert client_of(house.small.home_officer).get(url("answer_survey", home.pk)).status_code == 404


def test_a_clerk_marks_half_days_and_says_what_the_rest_is():
    house = Seminars()
    survey = asking(house)
    asked = row_of(survey, house.small.home)
    clerk = client_of(house.small.home_clerk)
    address = url("answer_survey", asked.pk)
    assert address in clerk.get("/").content.decode()

    refused = clerk.post(address, {"20160613-morning": "busy", "rest": ""})
    assert refused.status_code == 422
    assert "Còn 9 buổi chưa đánh dấu" in refused.content.decode()
    # What was marked is still marked.
    assert (
        'value="busy"' in refused.content.decode().partition("checked")[0].rpartition("<input")[2]
    )
    kept = clerk.post(address, {"20160613-morning": "busy", "rest": "free"})

    assert kept.status_code == 302
    assert said_by(asked)[Half(FIRST, "morning")] == Free.BUSY
    assert said_by(asked)[Half(LAST, "afternoon")] == Free.FREE
    assert address not in clerk.get("/").content.decode()


def test_after_the_deadline_the_page_says_so_and_shows_what_was_answered(monkeypatch):
    house = Seminars()
    survey = asking(house)
    asked = say(house, survey, mon_morning="possible")
    monkeypatch.setattr("agencies.clock.now", lambda: at(10))
    clerk = client_of(house.small.home_clerk)

    page = clerk.get(url("answer_survey", asked.pk)).content.decode()
    assert "Không nhận trả lời nữa" in page
    assert "Có thể" in page
    late = clerk.post(url("answer_survey", asked.pk), {"rest": "free"})

    assert late.status_code == 422
    assert "17:00 ngày 09/06/2016" in late.content.decode()


def test_bad_input_is_said_in_place_and_nothing_is_lost():
    house = Seminars()
    seminar = house.draft(time=Time())
    officer = client_of(house.officer)

    for changes in (
        {"first": "31/06/2016"}, {"last": "01/06/2016"}, {"last": "13/08/2016"}, {"title": ""},
        {"due_on": "01/01/2016"}, {"agency": 10**9}, {"agency": ""}, {"due_on": ""},
        {"title": "TUYỆT MẬT"},
    ):  # fmt: skip
        answer = officer.post(url("ask_for_seminar", seminar.pk), typed(house, **changes))
        assert answer.status_code == 422, changes
    assert not HalfDaySurvey.objects.exists()


def test_the_window_is_changed_and_the_survey_closed_on_its_page():
    house = Seminars()
    survey = asking(house)
    asked = say(house, survey, mon_morning="busy")
    officer = client_of(house.officer)

    form = officer.get(url("change_survey", survey.pk)).content.decode()
    assert 'value="13/06/2016"' in form
    changed = officer.post(
        url("change_survey", survey.pk),
        typed(house, last="24/06/2016", agency=third(house)[0].pk),
    )
    assert changed.status_code == 302
    survey.refresh_from_db()
    assert survey.last == date(2016, 6, 24)
    assert survey.asked.count() == 3
    assert said_by(asked)[Half(FIRST, "morning")] == Free.BUSY

    assert officer.get(url("close_survey", survey.pk)).status_code == 405
    assert officer.post(url("close_survey", survey.pk)).status_code == 302
    assert officer.post(url("close_survey", survey.pk)).status_code == 409
    assert officer.get(url("change_survey", survey.pk)).url == url("survey", survey.pk)


def test_the_grid_costs_the_same_for_one_agency_and_for_three():
    house = Seminars()
    survey = asking(house, agencies=[house.small.home])
    say(house, survey)
    officer = client_of(house.officer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert officer.get(url("survey", survey.pk)).status_code == 200
        return len(counted)

    queries()
    before = queries()
    lifecycle.change_survey(
        survey=survey, by=house.officer, at=at(3),
        question=question(house, agencies=[house.small.finance, third(house)[0]]),
    )  # fmt: skip
    assert queries() == before


def test_looking_answers_nothing():
    house = Seminars()
    survey = asking(house)
    asked = row_of(survey, house.small.home)
    clerk = client_of(house.small.home_clerk)

    clerk.get(url("answer_survey", asked.pk))
    clerk.head(url("answer_survey", asked.pk))

    asked.refresh_from_db()
    assert asked.answered_at is None
    assert not asked.answers.exists()


def test_half_days_meet_at_noon():
    morning, afternoon = Half(FIRST, "morning"), Half(FIRST, "afternoon")

    assert morning.span[1] == afternoon.span[0]
    assert from5(afternoon.span[0]).time() == time(12)
    assert not morning.is_over(at(13, 11, 59))
    assert morning.is_over(at(13, 12))
    assert from5(afternoon.span[1]) == from5(morning.span[0]) + timedelta(hours=18)
