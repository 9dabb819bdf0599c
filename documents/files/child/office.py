"""Office files: is it the kind that it says, and does anything in it act by itself?"""

import re
from collections.abc import Iterator, Mapping

from documents.files.child.archive import Archive, is_embedded
from documents.files.child.markup import read
from documents.files.child.problem import Problem

_MAIN = re.compile(
    r"application/vnd\.openxmlformats-officedocument\."
    r"(?:wordprocessingml\.(document)|spreadsheetml\.(sheet)|presentationml\.(presentation))"
    r"\.main\+xml"
)
_OOXML = {"document": "docx", "sheet": "xlsx", "presentation": "pptx"}
_ODF = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}
_ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//|\\\\|\.\./)", re.IGNORECASE)
#: Elements of ODF that load what they point to, other than a link that a person follows.
_LOADING = {
    "object", "image", "section-source", "table-source", "cell-range-source", "dde-source",
}  # fmt: skip
_CONTROLS = {"object-ole", "plugin", "applet", "floating-frame"}
#: Lists of libraries that LibreOffice writes even where there is no macro.
_LIBRARY_LISTS = ("script-lc.xml", "script-lb.xml", "dialog-lc.xml", "dialog-lb.xml", "/")


class Start:
    """A reader that cares for elements and attributes only."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Mapping[str, str]]] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if attributes and self.wanted(name):
            self.seen.append((name, dict(attributes)))

    def wanted(self, name: str) -> bool:
        return True

    def data(self, text: str) -> None:
        pass

    def end(self, name: str) -> None:
        pass


class _Loading(Start):
    def wanted(self, name: str) -> bool:
        return name in _LOADING or name in _CONTROLS


class _Encryption(Start):
    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "encryption-data":
            raise Problem("locked")


def check_ooxml(archive: Archive, kind: str) -> list[str]:
    """Return the codes of active content. Raises: Problem (mislabelled, kind_macro, broken)."""
    main_part(archive, kind)
    archive.prove()
    return sorted(set(_active_in_ooxml(archive)))


def check_odf(archive: Archive, kind: str) -> list[str]:
    """Return the codes of active content. Raises: Problem (mislabelled, locked, broken)."""
    first = next(iter(archive.parts.values()), None)
    if first is None or first.name != "mimetype" or first.size > 100:
        raise Problem("mislabelled")
    declared = b"".join(archive.chunks("mimetype")).strip()
    if declared != f"application/vnd.oasis.opendocument.{_ODF[kind]}".encode():
        raise Problem("mislabelled")
    if "content.xml" not in archive.parts:
        raise Problem("broken")
    if "META-INF/manifest.xml" in archive.parts:
        read(archive.chunks("META-INF/manifest.xml"), _Encryption())
    archive.prove()
    return sorted(set(_active_in_odf(archive)))


def main_part(archive: Archive, kind: str) -> str:
    """Return the name of the part that holds the document itself.

    Raises: Problem (mislabelled, kind_macro, broken).
    """
    if "[Content_Types].xml" not in archive.parts:
        raise Problem("mislabelled")
    types = Start()
    read(archive.chunks("[Content_Types].xml"), types)
    for _name, attributes in types.seen:
        declared = attributes.get("ContentType", "")
        if "macroenabled.main" in declared.lower():
            raise Problem("kind_macro")
        if match := _MAIN.fullmatch(declared):
            part = attributes.get("PartName", "").lstrip("/")
            if _OOXML[match[match.lastindex or 0]] == kind and part in archive.parts:
                return part
    raise Problem("mislabelled")


def _active_in_ooxml(archive: Archive) -> Iterator[str]:
    for name in archive.parts:
        lower = name.lower()
        if lower.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in lower:
            yield "macros"
        elif "/activex/" in lower or is_embedded(name):
            yield "embedded"
        elif lower.endswith(".rels"):
            relations = Start()
            read(archive.chunks(name), relations)
            if any(_loads(attributes) for _name, attributes in relations.seen):
                yield "external"


def _loads(relation: Mapping[str, str]) -> bool:
    outside = relation.get("TargetMode", "").strip().lower() == "external"
    return outside and not relation.get("Type", "").strip().lower().endswith("/hyperlink")


def _active_in_odf(archive: Archive) -> Iterator[str]:
    for name in archive.parts:
        lower = name.lower()
        if lower.startswith(("basic/", "scripts/")) and not lower.endswith(_LIBRARY_LISTS):
            yield "macros"
        elif lower in {"content.xml", "styles.xml"}:
            loading = _Loading()
            read(archive.chunks(name), loading)
            for element, attributes in loading.seen:
                if element in _CONTROLS:
                    yield "embedded"
                elif _ELSEWHERE.match(attributes.get("href", "").strip()):
                    yield "external"
