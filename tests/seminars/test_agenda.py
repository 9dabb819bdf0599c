"""The agenda: lines in their order, hours that follow, and no more minutes than there are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.refusals import EditedMeanwhile, Incomplete, NotFound, NotPermitted, WrongState
from documents.secrecy import SecretPaper
from seminars import agenda, findings, letters, lifecycle
from seminars.choices import Act, SeminarState
from seminars.lifecycle import Line, Time
from seminars.models import AgendaItem, Person, Seminar
from tests.documents.factories import client_of
from tests.seminars.world import Seminars, at

MINUTES = st.lists(st.integers(1, 240), max_size=20)


@given(MINUTES)
def test_each_line_begins_where_the_one_before_it_ends(minutes):
    spans = agenda.hours(at(15, 7, 30), minutes)

    assert [(last - first).seconds // 60 for first, last in spans] == minutes
    begins = [first for first, _last in spans]
    assert begins == [at(15, 7, 30), *(last for _first, last in spans)][: len(spans)]


@given(MINUTES, st.integers(1, 600))
def test_what_is_too_long_is_what_lies_beyond_the_end(minutes, length):
    ends = at(15, 0) + (at(15, 1) - at(15, 0)) * length / 60
    spans = agenda.hours(at(15, 0), minutes)

    beyond = max(((last - ends).total_seconds() for _first, last in spans), default=0)

    assert agenda.too_long(at(15, 0), ends, minutes) == max(0, beyond) / 60


def write(house: Seminars, seminar: Seminar, *lines: Line, by=None, edits=None, moment=None):
    seminar = Seminar.objects.get(pk=seminar.pk)
    return lifecycle.set_agenda(
        seminar=seminar, lines=lines, edits=seminar.edits if edits is None else edits,
        by=by or house.officer, at=moment or at(3),
    )  # fmt: skip


def lines_of(seminar: Seminar) -> list[tuple[int, str, int, str]]:
    rows = seminar.agenda.select_related("speaker")
    return [(row.order, row.title, row.minutes, str(row.speaker or "")) for row in rows]


@pytest.mark.django_db
def test_lines_change_places_and_keep_what_hangs_on_them():
    house = Seminars()
    seminar = house.scheduled()
    write(
        house,
        seminar,
        Line("Khai mạc", 15),
        Line("Tham luận", 30, ("Diễn giả  Mẫu", "Trưởng phòng")),
    )
    first, second = seminar.agenda.all()

    write(
        house, seminar, Line("Tham luận", 45, ("Diễn giả Mẫu", "Trưởng phòng"), item=second.pk),
        Line("Giải lao", 10), Line("Khai mạc", 15, item=first.pk),
    )  # fmt: skip

    assert lines_of(seminar) == [
        (1, "Tham luận", 45, "Diễn giả Mẫu"), (2, "Giải lao", 10, ""), (3, "Khai mạc", 15, ""),
    ]  # fmt: skip
    assert seminar.agenda.first() == second
    assert Person.objects.filter(name="Diễn giả Mẫu").count() == 1


@pytest.mark.django_db
def test_a_line_left_out_is_gone_and_a_foreign_one_is_refused():
    house = Seminars()
    seminar = house.scheduled()
    other = house.draft(time=Time(at(16, 8), at(16, 9)))
    write(house, seminar, Line("Khai mạc", 15))
    foreign = AgendaItem.objects.create(seminar=other, order=1, minutes=5, title="Khác")

    with pytest.raises(Incomplete):
        write(house, seminar, Line("Khác", 5, item=foreign.pk))
    write(house, seminar)

    assert lines_of(seminar) == []
    assert AgendaItem.objects.get() == foreign


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "said"),
    [
        (Line(" ", 10), "nội dung"),
        (Line("x" * 256, 10), "quá dài"),
        (Line("Khai mạc", 0), "bao nhiêu phút"),
        (Line("Khai mạc", 10, ("x" * 121, "")), "quá dài"),
        (Line("Khai mạc", 10, ("", "Giám đốc")), "chức vụ"),
        # From 07:30 to 10:00: 150 minutes.
        (Line("Khai mạc", 151), "1 phút"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(line, said):
    house = Seminars()
    seminar = house.scheduled()

    with pytest.raises(Incomplete) as refused:
        write(house, seminar, line)

    assert said in str(refused.value.reasons[0].message)
    assert lines_of(seminar) == []
    assert not seminar.events.filter(act=Act.SET_AGENDA).exists()


@pytest.mark.django_db
def test_a_secret_an_old_page_and_strangers_are_refused():
    house = Seminars()
    seminar = house.invited()

    with pytest.raises(SecretPaper):
        write(house, seminar, Line("TUYỆT MẬT", 10))
    with pytest.raises(EditedMeanwhile):
        write(house, seminar, Line("Khai mạc", 10), edits=0)
    hidden = house.scheduled(time=Time(at(16, 8), at(16, 9)))
    with pytest.raises(NotFound):
        write(house, hidden, Line("Khai mạc", 10), by=house.small.home_clerk)
    with pytest.raises(NotPermitted):
        write(house, seminar, Line("Khai mạc", 10), by=house.small.home_clerk)
    over = lifecycle.open_seminar(seminar=seminar, by=house.officer, at=at(15, 7, 15))
    with pytest.raises(WrongState):
        write(house, over, Line("Khai mạc", 10))

    assert not AgendaItem.objects.exists()


@pytest.mark.django_db
def test_a_change_after_the_invitation_is_an_event_and_no_new_version_for_calendars():
    house = Seminars()
    seminar = house.invited()
    before = Seminar.objects.get(pk=seminar.pk).sequence

    write(house, seminar, Line("Khai mạc", 10))

    after = Seminar.objects.get(pk=seminar.pk)
    assert (after.sequence, after.state) == (before, SeminarState.INVITED)
    assert after.changed_at == at(3)
    assert seminar.events.get(act=Act.SET_AGENDA).facts == {"lines": 1}


@pytest.mark.django_db
def test_a_speaker_in_two_places_is_a_finding():
    house = Seminars()
    here = house.scheduled()
    write(house, here, Line("Tham luận", 30, ("Diễn giả Mẫu", "Trưởng phòng")))
    elsewhere = house.held(places=[house.place(room=house.room("Phòng 2"))], chair=None)
    assert findings.of(elsewhere, at=at(3)) == []

    write(house, elsewhere, Line("Trao đổi", 30, ("Diễn giả Mẫu", "Trưởng phòng")))

    found = findings.of(elsewhere, at=at(3))
    assert [each.code for each in found] == ["person_twice"]
    assert "Diễn giả Mẫu" in found[0].words


@pytest.mark.django_db
def test_a_seminar_made_shorter_than_its_agenda_is_warned_of():
    house = Seminars()
    seminar = house.scheduled()
    write(house, seminar, Line("Khai mạc", 60), Line("Trao đổi", 60))
    assert findings.of(Seminar.objects.get(pk=seminar.pk), at=at(3)) == []

    lifecycle.move(seminar=seminar, time=Time(at(15, 7, 30), at(15, 9)), by=house.officer, at=at(3))

    found = findings.of(Seminar.objects.get(pk=seminar.pk), at=at(3))
    assert [each.code for each in found] == ["agenda_long"]
    assert "30" in found[0].words


@pytest.mark.django_db
def test_the_letter_says_the_hours_and_without_an_hour_only_the_lines():
    house = Seminars()
    seminar = house.listed()
    write(house, seminar, Line("Khai mạc", 15), Line("Tham luận", 45, ("Diễn giả Mẫu", "")))

    text = letters.invitation(Seminar.objects.get(pk=seminar.pk)).text

    assert "- 07:30–07:45: Khai mạc\n- 07:45–08:30: Tham luận (Diễn giả Mẫu)\n" in text
    draft = house.draft(time=Time(day=at(16).date()))
    write(house, draft, Line("Khai mạc", 500))
    assert "- Khai mạc\n" in letters.invitation(Seminar.objects.get(pk=draft.pk)).text


# -- The page ---------------------------------------------------------------------------------


def rows(*lines: dict[str, object], edits: int, standing: int = 0) -> dict[str, object]:
    """What the page sends, with one spare row."""
    blank = {"item": "", "order": "", "minutes": "", "title": "", "speaker_name": "",
             "speaker_office": ""}  # fmt: skip
    sent: dict[str, object] = {
        "edits": edits, "lines-TOTAL_FORMS": len(lines) + 1, "lines-INITIAL_FORMS": standing,
    }  # fmt: skip
    for number, line in enumerate([*lines, {}]):
        sent |= {f"lines-{number}-{name}": value for name, value in (blank | line).items()}
    return sent


@pytest.fixture
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agencies.clock.now", lambda: at(3, 12))


@pytest.mark.django_db
@pytest.mark.usefixtures("_noon")
def test_the_agenda_is_typed_in_any_order_and_shown_with_its_hours():
    house = Seminars()
    seminar = house.scheduled()
    client = client_of(house.officer)
    url = f"/hoi-thao/{seminar.pk}/chuong-trinh/"
    assert client.get(url).status_code == 200

    sent = rows(
        {"order": 9, "minutes": 60, "title": "Trao đổi"},
        {"order": 1, "minutes": 15, "title": "Khai mạc", "speaker_name": "Người Mẫu"},
        edits=seminar.edits,
    )
    assert client.post(url, sent).status_code == 302

    page = client.get(f"/hoi-thao/{seminar.pk}/").content.decode()
    assert page.index("07:30 – 07:45") < page.index("Khai mạc") < page.index("07:45 – 08:45")
    assert "Người Mẫu" in client.get(url).content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("_noon")
def test_a_wrong_row_comes_back_with_everything_typed():
    house = Seminars()
    seminar = house.scheduled()
    client = client_of(house.officer)
    url = f"/hoi-thao/{seminar.pk}/chuong-trinh/"

    for wrong, said in (
        ({"minutes": "", "title": "Trao đổi"}, "bao nhiêu phút"),
        ({"minutes": 5, "title": ""}, "nội dung"),
        ({"minutes": 999, "title": "Trao đổi"}, "thừa"),
        ({"minutes": "abc", "title": "Trao đổi"}, "số"),
    ):
        answer = client.post(
            url, rows({"minutes": 15, "title": "Khai mạc"}, wrong, edits=seminar.edits)
        )
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Khai mạc" in page
        assert said in page, wrong
    assert not AgendaItem.objects.exists()
