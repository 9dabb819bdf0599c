"""The catalogue is kept without gettext, and nothing wrong in it goes unsaid."""

from pathlib import Path

import polib
import pytest

from intranet import translations
from intranet.translations import Message


def keyed(*messages: Message) -> dict[tuple[str, str], Message]:
    return {message.key: message for message in messages}


def catalogue_at(folder: Path) -> polib.POFile:
    return translations.read_catalogue(folder / "vi" / "LC_MESSAGES" / "django.po")


def test_texts_of_a_module_are_found_under_every_name() -> None:
    source = """
from django.utils import translation
from django.utils.translation import gettext as _, gettext_lazy as later, ngettext, pgettext
A = _("one " "piece")
B = later("later")
C = ngettext("%(n)s paper", "%(n)s papers", 3)
D = pgettext("month", "May")
E = translation.gettext("by the module")
F = _(variable)
G = other("not ours")
"""

    found = set(translations.in_module(source))

    assert found == {
        Message("one piece"),
        Message("later"),
        Message("%(n)s paper", "%(n)s papers"),
        Message("May", context="month"),
        Message("by the module"),
    }


def test_texts_of_a_template_are_found_as_django_will_ask_for_them() -> None:
    source = """{% load i18n %}
{% translate "It's (nearly) done" %} {% translate "May" context "month" %}
{% include "x.html" with label=_("Send") %} {{ _("Shown") }}
{% blocktranslate trimmed count n=rows|length %}
  {{ n }} row
  here
{% plural %}
  {{ n }} rows
{% endblocktranslate %}
{% blocktranslate with name=x %}100% of {{ name }}{% endblocktranslate %}
"""

    found = set(translations.in_template(source))

    assert found == {
        Message("It's (nearly) done"),
        Message("May", context="month"),
        Message("Send"),
        Message("Shown"),
        Message("%(n)s row here", "%(n)s rows"),
        Message("100%% of %(name)s"),
    }


def test_update_keeps_translations_and_marks_what_no_source_asks_for(tmp_path: Path) -> None:
    catalogue = catalogue_at(tmp_path)
    translations.update(catalogue, keyed(Message("Send"), Message("Gone")))
    translations.translate(catalogue, [("Send", "Gửi"), ("Gone", "Mất")])

    translations.update(catalogue, keyed(Message("Send"), Message("%(n)s new")))

    by_text = {entry.msgid: entry for entry in catalogue}
    assert by_text["Send"].msgstr == "Gửi"
    assert by_text["Gone"].obsolete
    assert by_text["%(n)s new"].flags == ["python-format"]


def test_a_text_that_comes_back_takes_its_translation_up_again(tmp_path: Path) -> None:
    catalogue = catalogue_at(tmp_path)
    translations.update(catalogue, keyed(Message("Send")))
    translations.translate(catalogue, [("Send", "Gửi")])
    translations.update(catalogue, {})

    translations.update(catalogue, keyed(Message("Send")))

    assert translations.complaints_about(catalogue, keyed(Message("Send"))) == []


def test_a_catalogue_is_written_without_dates_and_line_numbers(tmp_path: Path) -> None:
    path = tmp_path / "vi" / "LC_MESSAGES" / "django.po"
    catalogue = translations.read_catalogue(path)
    translations.update(catalogue, keyed(Message("b"), Message("a")))

    translations.write_catalogue(catalogue, path)

    written = path.read_text(encoding="utf-8")
    assert written.index('msgid "a"') < written.index('msgid "b"')
    assert "Date" not in written
    assert "#:" not in written


def test_a_complete_catalogue_is_not_complained_about(tmp_path: Path) -> None:
    message = Message("%(n)s paper", "%(n)s papers")
    catalogue = catalogue_at(tmp_path)
    translations.update(catalogue, keyed(message))
    translations.translate(catalogue, [("%(n)s paper", "%(n)s văn bản")])

    assert translations.complaints_about(catalogue, keyed(message)) == []


@pytest.mark.parametrize(
    ("translation", "complaint"),
    [
        ("", "missing"),
        ("Gửi {ten}", "placeholders differ"),
        ("Gửi", "placeholders differ"),
        ("Gửi {name}\n", "only one ends its line"),
    ],
)
def test_what_is_wrong_with_a_translation_is_named(
    tmp_path: Path, translation: str, complaint: str
) -> None:
    messages = keyed(Message("Send {name}"))
    catalogue = catalogue_at(tmp_path)
    translations.update(catalogue, messages)
    catalogue[0].msgstr = translation

    complaints = translations.complaints_about(catalogue, messages)

    assert len(complaints) == 1
    assert complaints[0].startswith(complaint)


def test_fuzzy_and_obsolete_entries_are_named(tmp_path: Path) -> None:
    catalogue = catalogue_at(tmp_path)
    translations.update(catalogue, keyed(Message("Send"), Message("Gone")))
    translations.translate(catalogue, [("Send", "Gửi"), ("Gone", "Mất")])
    catalogue.find("Send").flags.append("fuzzy")

    complaints = translations.complaints_about(catalogue, keyed(Message("Send")))

    assert complaints == ["fuzzy: 'Send'", "obsolete: 'Gone'"]


def test_an_entry_that_overrides_a_library_is_not_obsolete(tmp_path: Path) -> None:
    catalogue = catalogue_at(tmp_path)
    catalogue.append(
        polib.POEntry(msgid="Sign In", msgstr="Đăng nhập", tcomment="overrides allauth")
    )

    translations.update(catalogue, {})

    assert translations.complaints_about(catalogue, {}) == []


def test_a_named_placeholder_may_be_repeated_and_a_nameless_one_may_not() -> None:
    assert translations.placeholders("{a} {a}") == translations.placeholders("{a}")
    assert translations.placeholders("%s %s") != translations.placeholders("%s")
    assert translations.placeholders("100%%") == translations.placeholders("")


def test_lines_to_merge_may_hold_escapes() -> None:
    text = "# comment\nOne\\nTwo\tMột\\nHai\n\n"

    assert list(translations.lines_of(text)) == [("One\nTwo", "Một\nHai")]


def test_a_line_without_a_tab_is_refused() -> None:
    with pytest.raises(ValueError, match="line 1"):
        list(translations.lines_of("nothing here"))


def test_a_translation_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    catalogue = catalogue_at(tmp_path)
    translations.update(catalogue, keyed(Message("Send")))
    translations.translate(catalogue, [("Send", "Gửi")])

    complaints = translations.translate(catalogue, [("Send", "Chuyển"), ("Unknown", "Lạ")])

    assert catalogue.find("Send").msgstr == "Gửi"
    assert len(complaints) == 2


def test_a_compiled_catalogue_has_contexts_and_plurals(tmp_path: Path) -> None:
    path = tmp_path / "vi" / "LC_MESSAGES" / "django.po"
    catalogue = translations.read_catalogue(path)
    messages = keyed(Message("May", context="month"), Message("%(n)s row", "%(n)s rows"))
    translations.update(catalogue, messages)
    translations.translate(catalogue, [("May", "tháng Năm"), ("%(n)s row", "%(n)s dòng")])
    translations.write_catalogue(catalogue, path)

    written = translations.compile_catalogues(tmp_path)

    compiled = polib.mofile(str(written[0]))
    assert {(entry.msgctxt, entry.msgid) for entry in compiled} == {
        ("month", "May"),
        (None, "%(n)s row"),
    }
    assert translations.compile_catalogues(tmp_path) == []
