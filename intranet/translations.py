"""The catalogue of translations, kept without GNU gettext: a fresh machine may have none.

Sources say their texts in English; `intranet/locale/LANGUAGE/LC_MESSAGES/django.po` holds what a
language makes of them. An entry that no source of ours has is obsolete, unless its comment begins
with "overrides": then it replaces what a library says.
"""

import ast
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation.template import templatize

#: Where the arguments of each gettext function stand: (context, singular, plural).
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
#: What a module calls them where it renames none.
NAMES = {"_": "gettext"} | {name: name for name in FUNCTIONS}
#: Vietnamese has one form for every number.
PLURAL_FORMS = {"vi": "nplurals=1; plural=0;"}
OVERRIDES = "overrides"

_CALL = re.compile(rf"(?<!\w)({'|'.join(sorted(NAMES, key=len, reverse=True))})\(")
_PERCENT = re.compile(r"%(?:\((\w+)\))?[#0\- +]*\d*(?:\.\d+)?([diouxXeEfFgGcrsa])")
_BRACE = re.compile(r"\{(\w*)[^{}\s]*\}")


@dataclass(frozen=True, order=True)
class Message:
    """One text that a source asks to be translated."""

    text: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.text


class SourceProblem(Exception):
    """A source that cannot be read; names the file."""


# -- Reading the sources --------------------------------------------------------------------------


def messages_in(folders: Iterable[Path]) -> dict[tuple[str, str], Message]:
    """Every text that the modules and templates in these folders ask for.

    Raises: SourceProblem.
    """
    found: dict[tuple[str, str], Message] = {}
    for path in sources_in(folders):
        try:
            text = path.read_text(encoding="utf-8")
            read = in_module(text) if path.suffix == ".py" else in_template(text)
            for message in read:
                known = found.get(message.key)
                if known is None or not known.plural:
                    found[message.key] = message
        except (SyntaxError, ValueError) as error:
            raise SourceProblem(f"{path}: {error}") from error
    return found


def sources_in(folders: Iterable[Path]) -> list[Path]:
    """Modules outside migrations, and templates of pages and letters."""
    paths = []
    for folder in folders:
        for path in folder.rglob("*"):
            parts = path.relative_to(folder).parts
            code = path.suffix == ".py" and "migrations" not in parts
            template = path.suffix in {".html", ".txt"} and "static" not in parts
            if code or template:
                paths.append(path)
    return sorted(paths)


def in_module(text: str) -> Iterator[Message]:
    """Texts in literal calls of gettext functions, under whatever name they were imported."""
    tree = ast.parse(text)
    names = dict(NAMES)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for each in node.names:
                if each.name in FUNCTIONS:
                    names[each.asname or each.name] = each.name
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            message = _message_of(node, names)
            if message:
                yield message


def in_template(text: str) -> Iterator[Message]:
    """Texts of `translate`, `blocktranslate` and `_("…")`, trimmed as Django trims them."""
    written = templatize(text)
    for match in _CALL.finditer(written):
        call = _parsed_call(written, match.start())
        message = call and _message_of(call, NAMES)
        if message:
            yield message


def _parsed_call(text: str, start: int) -> ast.Call | None:
    """The call that begins there: up to the first bracket that makes it whole."""
    end = start
    while (end := text.find(")", end) + 1) > 0:
        try:
            node = ast.parse(text[start:end], mode="eval").body
        except SyntaxError:
            continue
        return node if isinstance(node, ast.Call) else None
    return None


def _message_of(call: ast.Call, names: dict[str, str]) -> Message | None:
    """The message of a gettext call; None for other calls and for texts known only at run time."""
    if isinstance(call.func, ast.Name):
        function = names.get(call.func.id)
    elif isinstance(call.func, ast.Attribute):
        function = call.func.attr if call.func.attr in FUNCTIONS else None
    else:
        function = None
    if function is None:
        return None
    context, singular, plural = (_literal(call, place) for place in FUNCTIONS[function])
    if not singular or None in {context, plural}:
        return None
    return Message(singular, plural or "", context or "")


def _literal(call: ast.Call, place: int | None) -> str | None:
    """The literal text at that place, "" where the function has no such place."""
    if place is None:
        return ""
    argument = call.args[place] if place < len(call.args) else None
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    return None


# -- The catalogue --------------------------------------------------------------------------------


def read_catalogue(path: Path) -> polib.POFile:
    """The catalogue at that path; an empty one where there is none yet."""
    if path.exists():
        return polib.pofile(str(path), wrapwidth=100)
    language = path.parent.parent.name
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS[language],
    }
    return catalogue


def write_catalogue(catalogue: polib.POFile, path: Path) -> None:
    """Sorted, without line numbers and dates, so that a change shows only what changed."""
    for entry in catalogue:
        entry.occurrences = []
    catalogue.sort(key=lambda entry: (entry.obsolete, entry.msgid, entry.msgctxt or ""))
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))


def update(
    catalogue: polib.POFile, messages: dict[tuple[str, str], Message], *, prune: bool = False
) -> None:
    """Make the catalogue name exactly these messages; translations that it has are kept.

    One that no source asks for becomes obsolete and is taken up again when the text comes back;
    `prune` throws it away.
    """
    known = {_key(entry): entry for entry in catalogue}
    for key, message in messages.items():
        entry = known.get(key)
        if entry is None:
            entry = polib.POEntry(msgid=message.text, msgctxt=message.context or None)
            catalogue.append(entry)
        entry.obsolete = False
        _shape(entry, message)
    for key, entry in known.items():
        if key not in messages and not _overrides(entry):
            entry.obsolete = True
            if prune or not all(_translations(entry)):
                catalogue.remove(entry)


def _shape(entry: polib.POEntry, message: Message) -> None:
    """Give the entry the message's plural and format flags."""
    if message.plural and not entry.msgid_plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = {0: entry.msgstr}
        entry.msgstr = ""
    elif not message.plural and entry.msgid_plural:
        entry.msgstr = entry.msgstr_plural.get(0, "")
        entry.msgid_plural, entry.msgstr_plural = "", {}
    elif message.plural:
        entry.msgid_plural = message.plural
    flags = [flag for flag in entry.flags if not flag.endswith("-format")]
    if _PERCENT.search(message.text):
        flags.append("python-format")
    elif _BRACE.search(message.text):
        flags.append("python-brace-format")
    entry.flags = flags


def translate(catalogue: polib.POFile, given: Iterable[tuple[str, str]]) -> list[str]:
    """Fill in what the catalogue lacks from (text, translation); returns complaints.

    A translation that is there already stays, and a different one is complained of.
    """
    entries: dict[str, list[polib.POEntry]] = {}
    for entry in catalogue:
        entries.setdefault(entry.msgid, []).append(entry)
    complaints = []
    for text, translation in given:
        if text not in entries:
            complaints.append(f"no source says {text!r}")
        for entry in entries.get(text, []):
            present = _translations(entry)[0]
            if not present:
                if entry.msgid_plural:
                    entry.msgstr_plural = {0: translation}
                else:
                    entry.msgstr = translation
            elif present != translation:
                complaints.append(f"{text!r} is {present!r}, not replaced by {translation!r}")
    return complaints


def lines_of(text: str) -> Iterator[tuple[str, str]]:
    r"""(text, translation) of each "text TAB translation" line; `\n`, `\t`, `\\` are escapes.

    Raises: ValueError for a line without a TAB.
    """
    escapes = {"n": "\n", "t": "\t", "\\": "\\"}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = [re.sub(r"\\([nt\\])", lambda m: escapes[m[1]], c) for c in line.split("\t")]
        if len(columns) < 2 or not columns[0] or not columns[1]:
            raise ValueError(f"line {number}: text TAB translation expected")
        yield columns[0], columns[1]


def complaints_about(
    catalogue: polib.POFile, messages: dict[tuple[str, str], Message]
) -> list[str]:
    """What keeps this catalogue from being complete and right; empty when nothing does."""
    complaints = []
    known = {_key(entry) for entry in catalogue if not entry.obsolete}
    for key in sorted(messages.keys() - known, key=lambda key: (key[1], key[0])):
        complaints.append(f"missing: {key[1]!r}")
    for entry in catalogue:
        if entry.obsolete or (_key(entry) not in messages and not _overrides(entry)):
            complaints.append(f"obsolete: {entry.msgid!r}")
        elif entry.fuzzy:
            complaints.append(f"fuzzy: {entry.msgid!r}")
        elif not all(_translations(entry)):
            complaints.append(f"missing: {entry.msgid!r}")
        else:
            complaints.extend(_differences(entry))
    return complaints


def _differences(entry: polib.POEntry) -> Iterator[str]:
    for translation in _translations(entry):
        # The one form that Vietnamese has is said of many, so it must fit the plural.
        source = entry.msgid_plural or entry.msgid
        if placeholders(source) != placeholders(translation):
            yield f"placeholders differ: {entry.msgid!r} and {translation!r}"
        if source.endswith("\n") != translation.endswith("\n"):
            yield f"only one ends its line: {entry.msgid!r} and {translation!r}"


def placeholders(text: str) -> Counter[str]:
    """What is filled in at run time; a named one may be repeated, one without a name may not."""
    found: Counter[str] = Counter()
    plain = text.replace("%%", "")
    for name, kind in _PERCENT.findall(plain):
        _count(found, f"%({name}){kind}" if name else f"%{kind}", named=bool(name))
    for name in _BRACE.findall(text.replace("{{", "").replace("}}", "")):
        _count(found, f"{{{name}}}", named=bool(name))
    return found


def _count(found: Counter[str], placeholder: str, *, named: bool) -> None:
    found[placeholder] = 1 if named else found[placeholder] + 1


def _key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid


def _overrides(entry: polib.POEntry) -> bool:
    return bool(entry.tcomment.startswith(OVERRIDES))


def _translations(entry: polib.POEntry) -> list[str]:
    if entry.msgid_plural:
        return list(entry.msgstr_plural.values()) or [""]
    return [entry.msgstr]


# -- Compiling ------------------------------------------------------------------------------------


def compile_catalogues(locale: Path) -> list[Path]:
    """Write the `.mo` of each `.po` that is newer than it; returns those written."""
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            # Beside it and then over it: no process reads half a catalogue, nor writes into another's.
            fresh = target.with_name(f".{target.name}.{os.getpid()}")
            polib.pofile(str(source)).save_as_mofile(str(fresh))
            fresh.replace(target)
            written.append(target)
    return written
