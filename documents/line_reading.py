"""What a printed addressee line may stand for: proposals, which a person confirms or not."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from agencies.letters import fold
from agencies.models import Agency, DistributionList
from agencies.models.periods import live_on
from documents.choices import LineRole

#: Most names offered for one word.
OFFERED = 12

_DASH = re.compile(r"^\s*(?:[-–—•+*]\s*)+")
_END = re.compile(r"[\s;.,]+$")
_NOTE = re.compile(r"\s*\([^()]*\)$")
_HEADING = re.compile(r"^\s*(kính gửi|nơi nhận)\s*:\s*", re.IGNORECASE)
_ARCHIVE = re.compile(r"^luu\s*[:.,]|^luu\s+(?:vt|vp|ho so)\b|^luu$")
_AS_ABOVE = re.compile(r"^nhu (?:tren|kinh gui|phan kinh gui)$")
_PARTS = re.compile(r"\s*[;,]\s*|\s+và\s+")

#: As papers shorten them; each side of a comparison is written out first.
_SHORT = {
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "mttq": "mat tran to quoc",
    "ubmttq": "uy ban mat tran to quoc",
    "tt": "thuong truc",
    "vp": "van phong",
    "bch": "ban chap hanh",
    "tp": "thanh pho",
}
#: Who leads a body stands for the body.
_LEADS = re.compile(
    r"^(?:d/c |dong chi )?(?:chu tich|thu truong|giam doc|cuc truong|chi cuc truong|truong ban|"
    r"tong giam doc|hieu truong|chanh van phong|bi thu|lanh dao) "
)


@dataclass(frozen=True)
class Piece:
    """One line of a pasted block, without its dash and its end mark."""

    text: str
    role: LineRole
    as_above: bool = False


@dataclass(frozen=True)
class Proposal:
    """Agencies and lists that a text may stand for."""

    agencies: tuple[Agency, ...] = ()
    lists: tuple[DistributionList, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.agencies or self.lists)


@dataclass(frozen=True)
class Reading:
    """What a line says of itself, and what it may stand for."""

    role: LineRole | None = None
    as_above: bool = False
    proposal: Proposal = field(default_factory=Proposal)
    #: The proposal is the one meaning of the line, not a choice between several.
    certain: bool = False


def bare(line: str) -> str:
    """Return the line without its leading dash and its end mark: what is kept as printed."""
    return _END.sub("", _DASH.sub("", line)).strip()


def pieces(block: str, *, role: LineRole = LineRole.TO) -> list[Piece]:
    """Split a pasted block at its line breaks; "Kính gửi:" and "Nơi nhận:" switch the role."""
    found = []
    for line in block.splitlines():
        if heading := _HEADING.match(line):
            role = LineRole.TO if fold(heading[1]) == "kinh gui" else LineRole.COPY
            line = line[heading.end() :]
        text = bare(line)
        if text:
            itself = of_itself(text)
            found.append(Piece(text, itself.role or role, itself.as_above))
    return found


def of_itself(text: str) -> Reading:
    """Say what the words alone tell: the file copy (Lưu), or "as above" (Như trên)."""
    key = fold(_NOTE.sub("", text))
    if _ARCHIVE.match(key):
        return Reading(role=LineRole.ARCHIVE, certain=True)
    if _AS_ABOVE.match(key.strip(" ;.,:")):
        return Reading(role=LineRole.COPY, as_above=True, certain=True)
    return Reading()


class Names:
    """The names of a day by which lines are read: agencies of the network, lists of one agency."""

    def __init__(self, agencies: Iterable[Agency], lists: Iterable[DistributionList], day: date):
        self.agencies = {each.pk: each for each in agencies}
        self.lists = {each.pk: each for each in lists}
        self._agencies: dict[str, set[int]] = defaultdict(set)
        self._lists: dict[str, set[int]] = defaultdict(set)
        for agency in self.agencies.values():
            name = agency.name_on(day)
            if name is not None:
                for text in (name.name, name.short_name, name.abbreviation, name.initials):
                    self._note(self._agencies, text, agency.pk)
        for group in self.lists.values():
            self._note(self._lists, group.name, group.pk)

    @staticmethod
    def _note(index: dict[str, set[int]], text: str, pk: int) -> None:
        for key in _keys(text):
            index[key].add(pk)

    def read(self, text: str) -> Reading:
        """Read a printed line. What it stands for is proposed, never taken for granted."""
        itself = of_itself(text)
        if itself.certain:
            return itself
        found = self.named(text)
        if found:
            meanings = len(found.agencies) + len(found.lists)
            return Reading(proposal=found, certain=meanings == 1)
        parts = [part for part in _PARTS.split(bare(text)) if part]
        read = [self.named(part) for part in parts]
        if len(parts) > 1 and all(read):
            agencies = dict.fromkeys(each for one in read for each in one.agencies)
            lists = dict.fromkeys(each for one in read for each in one.lists)
            certain = all(len(one.agencies) + len(one.lists) == 1 for one in read)
            return Reading(proposal=Proposal(tuple(agencies), tuple(lists)), certain=certain)
        return Reading()

    def named(self, text: str) -> Proposal:
        """Return whoever bears exactly this name, abbreviation or list name, marks aside."""
        for key in _keys(text):
            agencies, lists = self._agencies.get(key, set()), self._lists.get(key, set())
            if agencies or lists:
                return self._proposal(agencies, lists)
        return Proposal()

    def find(self, words: str, *, most: int = OFFERED) -> Proposal:
        """Return whoever's present or former names hold every word, the exactly named first."""
        exact = self.named(words)
        wanted = fold(words).split()
        if not wanted:
            return Proposal()
        agencies = dict.fromkeys(
            [*exact.agencies, *(a for a in self._ordered() if _holds(a.find_key, wanted))]
        )
        lists = dict.fromkeys(
            [*exact.lists, *(g for g in self.lists.values() if _holds(g.find_key, wanted))]
        )
        chosen = tuple(lists)[:most]
        return Proposal(tuple(agencies)[: most - len(chosen)], chosen)

    def _ordered(self) -> list[Agency]:
        return sorted(self.agencies.values(), key=lambda agency: (agency.sort_key, agency.pk))

    def _proposal(self, agencies: set[int], lists: set[int]) -> Proposal:
        bodies = [each for each in self._ordered() if each.pk in agencies]
        return Proposal(tuple(bodies), tuple(self.lists[pk] for pk in sorted(lists)))


def names_on(day: date, *, owner: int) -> Names:
    """Return the names of that day, with the distribution lists of `owner` (three queries)."""
    return Names(
        Agency.objects.filter(live_on(day)).prefetch_related("names"),
        DistributionList.objects.filter(live_on(day), Q(owner=owner)).order_by("name", "pk"),
        day,
    )


def _keys(text: str) -> list[str]:
    """The forms under which a name is compared, the fullest first."""
    full = _written_out(bare(text))
    plain = _written_out(_NOTE.sub("", bare(text)))
    return list(dict.fromkeys(key for key in (full, plain, _LEADS.sub("", plain)) if key))


def _written_out(text: str) -> str:
    words = fold(text).replace(".", " ").split()
    return " ".join(_SHORT.get(word, word) for word in words)


def _holds(key: str, wanted: list[str]) -> bool:
    words = key.split()
    return all(any(word.startswith(each) for word in words) for each in wanted)
