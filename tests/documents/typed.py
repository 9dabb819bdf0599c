"""What a browser without JavaScript would send from a form of a page."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse

Fields = dict[str, list[str]]


class _Form(HTMLParser):
    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted = wanted
        self.inside = False
        self.fields: Fields = {}
        self._area = self._select = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = self.wanted in (given.get("id"), given.get("action"), "")
        if not self.inside:
            return
        name = given.get("name", "")
        if tag == "input" and name and given.get("type") != "file":
            ticked = "checked" in given or given.get("type") not in ("checkbox", "radio")
            if ticked:
                self.fields.setdefault(name, []).append(given.get("value", ""))
        elif tag == "textarea":
            self._area, self._text = name, []
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in given or self._select not in self.fields):
            self.fields[self._select] = [given.get("value", "")]

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._area:
            # The first line break after the tag is not part of the value.
            self.fields[self._area] = ["".join(self._text).removeprefix("\n")]
            self._area = ""


def typed(response: HttpResponse, form: str = "draft", **changes: Any) -> Fields:
    """Return the fields of the form with that id or action; dots in `changes` are written as __."""
    parser = _Form(form)
    parser.feed(response.content.decode())
    assert parser.fields, f"no form {form!r} on the page"
    fields = dict(parser.fields)
    for name, value in changes.items():
        fields[name.replace("__", "-")] = value if isinstance(value, list) else [value]
    return fields
