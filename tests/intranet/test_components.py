"""Components keep their promises: wired for readers, one way to write a day, nothing foreign."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils import translation

from agencies import clock
from intranet.gallery import SampleForm, gallery
from intranet.templatetags import kinhgui

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
STATIC = settings.BASE_DIR / "intranet" / "static"
SHEET = STATIC / "css" / "kinh-gui.css"


def soup(markup: str) -> BeautifulSoup:
    return BeautifulSoup(markup, "html.parser")


def render(source: str, **values: object) -> str:
    return Template("{% load kinhgui %}" + source).render(Context(values))


# -- Days, sizes, hashes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2016, 6, 2), "ngày 02 tháng 6 năm 2016"),
        (date(2016, 1, 9), "ngày 09 tháng 01 năm 2016"),
        (date(2016, 2, 10), "ngày 10 tháng 02 năm 2016"),
        (date(2016, 3, 1), "ngày 01 tháng 3 năm 2016"),
        (date(2016, 9, 30), "ngày 30 tháng 9 năm 2016"),
        (date(2020, 12, 31), "ngày 31 tháng 12 năm 2020"),
    ],
)
def test_a_paper_pads_days_below_ten_and_the_first_two_months(day, written):
    assert kinhgui.paper_date(day) == written


def test_a_paper_is_dated_by_the_vietnamese_day_of_a_moment():
    before_midnight_in_london = datetime(2016, 6, 1, 18, 30, tzinfo=UTC)

    assert kinhgui.paper_date(before_midnight_in_london) == "ngày 02 tháng 6 năm 2016"
    assert kinhgui.day(before_midnight_in_london) == "02/06/2016"


def test_a_moment_of_this_year_goes_without_its_year(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2016, 6, 6))
    sent_at = datetime(2016, 6, 2, 8, 2, tzinfo=UTC)

    assert kinhgui.moment(sent_at) == "02/6 15:02"
    assert kinhgui.short_day(date(2016, 2, 2)) == "02/02"


def test_a_moment_of_another_year_carries_its_year(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2017, 1, 1))
    sent_at = datetime(2016, 6, 2, 8, 2, tzinfo=UTC)

    assert kinhgui.moment(sent_at) == "02/6/2016 15:02"
    assert kinhgui.short_day(sent_at) == "02/6/2016"


@pytest.mark.parametrize(
    ("language", "written"), [("vi", "thứ Hai 06/6/2016"), ("en", "Monday 06/6/2016")]
)
def test_a_weekday_is_named_in_the_language_of_the_reader(language, written):
    with translation.override(language):
        assert kinhgui.weekday_day(date(2016, 6, 6)) == written


@pytest.mark.parametrize(
    "write",
    [
        kinhgui.day,
        kinhgui.short_day,
        kinhgui.moment,
        kinhgui.hour,
        kinhgui.weekday_day,
        kinhgui.weekday_short,
        kinhgui.paper_date,
        kinhgui.size,
        kinhgui.digest,
    ],
)
def test_a_missing_value_is_written_as_nothing(write):
    assert write(None) == ""


@pytest.mark.parametrize(
    ("count", "written"),
    [(0, "0 B"), (1023, "1023 B"), (421_888, "412 KB"), (1_468_006, "1,4 MB")],
)
def test_a_size_is_written_in_the_nearest_unit(count, written):
    with translation.override("vi"):
        assert kinhgui.size(count) == written


def test_a_hash_shows_eight_digits_and_holds_all():
    value = "9f3c61d2" + "0123456789abcdef" * 3 + "01234567"

    markup = render_to_string("components/hash.html", {"value": value})

    assert soup(markup).get_text() == value
    assert len(soup(markup).select_one(".vh").get_text()) == 56
    assert not markup.endswith("\n"), "a comma may follow it"


# -- Forms --------------------------------------------------------------------------------------


def field(form: forms.Form, name: str) -> BeautifulSoup:
    return soup(render_to_string("components/field.html", {"field": form[name]}))


def test_an_error_is_named_by_its_field_and_marks_it_invalid():
    form = SampleForm({"due_on": "31/6/2016", "kind": "cv"})

    control = (part := field(form, "due_on")).select_one("input")

    assert control["aria-invalid"] == "true"
    ids = control["aria-describedby"].split()
    assert ids == ["id_due_on_helptext", "id_due_on_error"]
    assert all(part.find(id=named) for named in ids)
    assert part.select_one("label")["for"] == control["id"]


def test_a_field_without_error_claims_none():
    form = SampleForm({"due_on": "30/6/2016", "kind": "cv", "demand": "ack"})

    control = (part := field(form, "due_on")).select_one("input")

    assert "aria-invalid" not in control.attrs
    assert part.select_one(".msg") is None


@pytest.mark.parametrize("name", list(SampleForm().fields))
def test_every_control_has_a_label_and_every_reference_an_end(name):
    part = field(SampleForm({}), name)

    for control in part.select("input, select, textarea"):
        assert part.find("label", attrs={"for": control["id"]})
    for element in part.select("[aria-describedby]"):
        for named in element["aria-describedby"].split():
            assert part.find(id=named), named


def test_a_choice_is_a_group_with_a_legend_and_its_error():
    part = field(SampleForm({}), "demand")

    group = part.select_one("fieldset")

    assert group.legend.get_text(strip=True) == "Nơi nhận phải làm gì"
    assert group["aria-describedby"] == "id_demand_error"
    assert len(group.select("input[type=radio]")) == 2


def test_a_placeholder_is_not_rendered():
    class Form(forms.Form):
        code = forms.CharField(widget=forms.TextInput(attrs={"placeholder": "Code"}))

    assert "placeholder" not in field(Form(), "code").select_one("input").attrs


def test_the_summary_links_each_error_to_its_field():
    form = SampleForm({"kind": "cv"})
    markup = render_to_string("components/errors.html", {"form": form, "items": ["Sổ đã khóa"]})

    part = soup(markup).select_one(".errors")

    assert (part["role"], part["tabindex"]) == ("alert", "-1")
    assert [link["href"] for link in part.select("a")] == ["#id_due_on", "#id_demand"]
    assert "Sổ đã khóa" in part.get_text()
    assert field(form, "demand").find(id="id_demand")


def test_no_error_leaves_no_summary():
    assert soup(render_to_string("components/errors.html", {"items": []})).select(".errors") == []


def test_what_a_user_wrote_is_escaped_in_every_component():
    wicked = "<script>alert(1)</script>"
    sources = [
        "{% pagehead title=x lead=x %}{{ x }}{% endpagehead %}",
        "{% table caption=x note=x %}{{ x }}{% endtable %}",
        "{% sheet title=x %}{{ x }}{% endsheet %}",
        "{% notice title=x %}{{ x }}{% endnotice %}",
        "{% empty title=x %}{{ x }}{% endempty %}",
    ]

    for source in sources:
        markup = render(source, x=wicked)
        assert "&lt;script&gt;" in markup
        assert "<script" not in markup


# -- Lists --------------------------------------------------------------------------------------


def pages(query: str) -> BeautifulSoup:
    request = RequestFactory().get(f"/van-ban/?{query}")
    page = Paginator(range(160), 20).get_page(request.GET.get("page"))
    return soup(render_to_string("components/pagination.html", {"page": page}, request=request))


def test_turning_the_page_keeps_every_filter():
    links = pages("kind=cv&kind=kh&q=dân+vận&page=4").select("ol a")

    assert len(links) > 3
    for link in links:
        kept = QueryDict(link["href"].removeprefix("?"))
        assert kept.getlist("kind") == ["cv", "kh"]
        assert kept["q"] == "dân vận"
        assert kept.getlist("page") != []


def test_the_page_one_is_on_says_so():
    current = pages("page=4").select("[aria-current=page]")

    assert [link.get_text() for link in current] == ["4"]


def test_a_list_of_one_page_offers_no_other():
    request = RequestFactory().get("/")
    page = Paginator(range(3), 20).get_page(1)

    markup = render_to_string("components/pagination.html", {"page": page}, request=request)

    assert soup(markup).select("a") == []


def test_a_changed_filter_leads_back_to_the_first_page():
    request = RequestFactory().get("/?state=late&page=4")
    source = '{% query state="" kind="cv" as address %}{{ address }}'

    assert render(source, request=request) == "?kind=cv"


def test_a_chip_takes_away_its_own_value_only():
    request = RequestFactory().get("/?kind=cv&kind=kh&page=2")
    chips = [{"label": "Công văn", "name": "kind", "value": "cv"}]

    markup = render_to_string("components/chips.html", {"chips": chips}, request=request)

    assert soup(markup).a["href"] == "?kind=kh"


@pytest.mark.parametrize(("urgency", "word"), [("express", "HỎA TỐC"), ("ordinary", "")])
def test_only_an_urgent_paper_is_stamped(urgency, word):
    assert soup(render_to_string("components/stamp.html", {"urgency": urgency})).text == word


@pytest.mark.parametrize("reached", range(6))
def test_the_ladder_has_five_joints_and_a_word(reached):
    part = soup(render_to_string("components/rungs.html", {"reached": reached, "word": "Đã mở"}))

    assert len(part.select("i")) == 5
    assert len(part.select("i.on")) == reached
    assert part.get_text(strip=True) == "Đã mở"


# -- The house's own look, and nobody else's ------------------------------------------------------


def test_the_style_sheet_stays_under_25_kib():
    assert SHEET.stat().st_size <= 25_600


def test_the_script_stays_under_7_kib():
    assert (STATIC / "js" / "kinh-gui.js").stat().st_size <= 7_168


@pytest.mark.parametrize(
    "path",
    [*TEMPLATES, *STATIC.rglob("*.css"), *STATIC.rglob("*.js")],
    ids=lambda path: path.relative_to(settings.BASE_DIR).as_posix(),
)
def test_nothing_comes_from_another_host(path: Path):
    text = path.read_text()

    assert re.findall(r"""(?:https?:)?//[a-z0-9-]+\.[a-z]""", text, re.I) == []
    assert "data:" not in text


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: path.relative_to(settings.BASE_DIR).as_posix()
)
def test_a_template_carries_no_inline_style_or_script(path: Path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text())

    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text)
    assert "javascript:" not in text
    assert "|safe" not in text


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: path.relative_to(settings.BASE_DIR).as_posix()
)
def test_every_template_compiles(path: Path):
    assert get_template(path.relative_to(settings.BASE_DIR / "templates").as_posix())


def test_every_file_that_the_style_sheet_names_exists():
    named = re.findall(r"url\(([^)]+)\)", SHEET.read_text())

    assert len(named) == 4
    assert all((SHEET.parent / name).exists() for name in named)


def test_every_component_says_what_it_takes():
    for path in (settings.BASE_DIR / "templates" / "components").glob("*.html"):
        assert path.read_text().startswith("{#"), path.name


def test_the_gallery_shows_every_component():
    folder = settings.BASE_DIR / "templates" / "components"
    shown = (settings.BASE_DIR / "templates" / "gallery.html").read_text()
    shown += (settings.BASE_DIR / "templates" / "base.html").read_text()
    wrapped = {"head": "pagehead", "table": "table", "sheet": "sheet", "empty": "empty"}
    parts_of_others = {"crumbs", "field_error", "demo_note"}

    for name in {path.stem for path in folder.glob("*.html")} - parts_of_others:
        assert f"components/{name}.html" in shown or f"{{% {wrapped.get(name)} " in shown, name


def test_the_gallery_is_well_formed(rf):
    request = rf.get("/gallery")
    request.user = None

    part = soup(gallery(request).content.decode())

    ids = [element["id"] for element in part.select("[id]")]
    assert sorted(set(ids)) == sorted(ids), "an id is used once"
    assert len(part.select("h1")) == 1
    assert part.select_one("main#content")
