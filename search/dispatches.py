"""Dispatches in the archive: what is kept of one, who finds it, how it is shown."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.models import AgencyName
from documents import access
from documents.choices import ArchiveKind, State
from documents.models import Attachment, Circulation, Citation, Dispatch, DispatchVersion
from documents.models.dispatch import DispatchQuerySet
from documents.naming import issuer_of
from documents.standing import Standing
from search import issuers
from search.engine import Facet, Record
from search.registry import Link, Owed, Shown
from search.text import MOST_TEXT, number_forms

NAME = "dispatch"
#: States of the facet: in force, no longer in force, and not issued yet.
IN_FORCE, REPLACED, RECALLED, UNISSUED = "in_force", "replaced", "recalled", "unissued"
STATES = {
    IN_FORCE: _("In force"),
    REPLACED: _("Replaced"),
    RECALLED: _("Recalled"),
    UNISSUED: _("Not issued"),
}
WORDS = {Facet.STATE: STATES, Facet.KIND: dict(ArchiveKind.choices)}
#: Names an agency of the network as issuer, under all its names; a body outside it stands as printed.
_AGENCY = "agency:"
#: Characters of text that one answer carries for its passage.
_PASSAGE = 60_000


class Dispatches:
    """Drafts are found as well, by those who may read them."""

    name = NAME

    def ids(self, *, after: int, most: int) -> Sequence[int]:
        found = Dispatch.objects.filter(pk__gt=after).order_by("pk")
        return list(found.values_list("pk", flat=True)[:most])

    def audiences(self, ids: Sequence[int]) -> dict[int, frozenset[str]]:
        return _audiences(Dispatch.objects.filter(pk__in=ids))

    def records(self, ids: Sequence[int]) -> Iterator[Record]:
        found = _with_text(Dispatch.objects.filter(pk__in=ids)).select_related("type", "field")
        papers = list(found.order_by("pk"))
        audiences = _audiences(papers)
        texts = _texts_of_files(papers)
        cited: dict[int, list[str]] = defaultdict(list)
        for each in Citation.objects.filter(dispatch__in=papers).order_by("pk"):
            cited[each.dispatch_id] += [each.code, each.title]
        names: dict[int, list[str]] = defaultdict(list)
        issuers = {paper.issuing_agency_id for paper in papers} - {None}
        for name in AgencyName.objects.filter(agency__in=issuers).order_by("from_on"):
            names[name.agency_id] += [name.name, name.short_name, name.abbreviation]
        for paper in papers:
            issuer = names[paper.issuing_agency_id or 0]
            said = [*issuer, paper.issuer_as_printed, paper.signer_as_printed]
            body = [*cited[paper.pk], *texts[paper.pk]]
            yield _record(paper, body, said, audiences[paper.pk])

    def visible(self, who: Standing, ids: Collection[int]) -> set[int]:
        return set(_visible(who, ids).values_list("pk", flat=True))

    def shown(self, who: Standing, ids: Collection[int]) -> Iterable[tuple[int, Shown]]:
        """Three queries, whatever the number of papers."""
        papers = list(_with_text(_visible(who, ids)).with_names())
        issuers.give_names([each.issuing_agency for each in papers if each.issuing_agency])
        texts, known = _texts_and_successors(who, papers)
        mine: dict[int, list[Owed]] = defaultdict(list)
        for row in _own_circulations(who, papers):
            acknowledged = row.acknowledged_at is not None
            mine[row.dispatch_id].append(
                Owed(row.agency_id, acknowledged, row.owes_acknowledgement, row.arrival_number)
            )
        for paper in papers:
            yield paper.pk, _shown(paper, texts.get(paper.pk, []), tuple(mine[paper.pk]), known)

    def new_to(self, who: Standing, since: datetime, *, most: int) -> Sequence[int]:
        day = clock.day_of(since)
        arrived = access.circulations_read_by(who).filter(
            Q(sent_at__gt=since) | Q(handlings__assigned_at__gt=since)
        )
        own = Q(registering_agency__in=who.readers_of, issued_at__gt=since)
        lent = Q(grants__in=who.grants, grants__from_on__gte=day)
        lent |= Q(agency_grants__in=who.agency_grants, agency_grants__from_on__gte=day)
        new = Dispatch.objects.filter(own | lent | Q(pk__in=arrived.values("dispatch")))
        newest = new.order_by("-pk").values_list("pk", flat=True).distinct()[:most]
        return list(_visible(who, newest).values_list("pk", flat=True).order_by("-pk"))

    def turned(self, since: date, until: date) -> Iterable[int]:
        return ()

    def issuers(self, values: Collection[str]) -> dict[str, str]:
        # They come from the address too, where anything may be typed behind the colon.
        typed = (value[len(_AGENCY) :] for value in values if value.startswith(_AGENCY))
        pks = [int(pk) for pk in typed if pk.isascii() and pk.isdecimal() and len(pk) < 19]
        found = issuers.names_today(pks)
        return {f"{_AGENCY}{pk}": name for pk, name in found.items()}


def arrived_as(who: Standing, number: int) -> list[int]:
    """Return the dispatches that arrived at the reader's own agencies under this number, newest first.

    Asked of the database and not of the index: a number in one agency's register must not let a
    reader of another find, by it, when or whether a paper arrived there.
    """
    if not who.readers_of:
        return []
    found = access.circulations_read_by(who).filter(
        arrival_number=number, agency__in=who.readers_of
    )
    newest = found.order_by("-arrived_on", "-pk")
    return list(newest.values_list("dispatch", flat=True)[:25])


def state_of(paper: Dispatch) -> str:
    """Where it stands, as the facet says it: a recall outweighs a replacement."""
    if paper.state != State.ISSUED:
        return UNISSUED
    if paper.recalled_at:
        return RECALLED
    return REPLACED if paper.replaced_by_id else IN_FORCE


def issuer_value(paper: Dispatch) -> str:
    """One value for an agency under all its names; a body outside the network as it is printed."""
    if paper.issuing_agency_id:
        return f"{_AGENCY}{paper.issuing_agency_id}"
    return " ".join(paper.issuer_as_printed.split())


def _visible(who: Standing, ids: Collection[int]) -> DispatchQuerySet:
    return access.visible_to(who, among=ids)


def _audiences(papers: Iterable[Dispatch]) -> dict[int, frozenset[str]]:
    found = access.reader_tokens_of(list(papers))
    return {pk: frozenset(tokens) for pk, tokens in found.items()}


def _with_text(papers: DispatchQuerySet) -> DispatchQuerySet:
    """Add the text and the version that readers see: of an issued paper, the newest issued one."""
    versions = DispatchVersion.objects.filter(dispatch=OuterRef("pk")).order_by("-no")
    issued = versions.filter(issued_at__isnull=False)
    return papers.annotate(
        shown_version=Coalesce(
            Subquery(issued.values("pk")[:1]), Subquery(versions.values("pk")[:1])
        ),
        shown_text=Coalesce(
            Subquery(issued.values("text")[:1]), Subquery(versions.values("text")[:1])
        ),
    )


def _texts_of_files(papers: Sequence[Dispatch]) -> dict[int, list[str]]:
    """The texts read out of the files of the versions that readers see (one query)."""
    of = _by_version(papers)
    texts: dict[int, list[str]] = defaultdict(list)
    files = _files_with_text(of).order_by("order", "pk")
    for version, text in files.values_list("version", "text"):
        texts[of[version]].append(text)
    return texts


def _texts_and_successors(
    who: Standing, papers: Sequence[Dispatch]
) -> tuple[dict[int, list[str]], set[int]]:
    """The same texts, and which of the papers that replace these the reader may see (one query)."""
    of = _by_version(papers)
    replacing = {paper.replaced_by_id for paper in papers if paper.replaced_by_id}
    seen, files = _visible(who, replacing).order_by(), _files_with_text(of).order_by()
    successors = seen.values_list("pk", Value(0), Value(""), Value(True))
    rows = files.values_list("version", "order", "text", Value(False))
    texts: dict[int, list[tuple[int, str]]] = defaultdict(list)
    known: set[int] = set()
    for number, order, text, is_successor in rows.union(successors, all=True):
        if is_successor:
            known.add(number)
        else:
            texts[of[number]].append((order, text))
    return {pk: [text for _order, text in sorted(held)] for pk, held in texts.items()}, known


def _by_version(papers: Sequence[Dispatch]) -> dict[int, int]:
    return {paper.shown_version: paper.pk for paper in papers}  # type: ignore[attr-defined]


def _files_with_text(versions: Collection[int]) -> QuerySet[Attachment]:
    return Attachment.objects.filter(~Q(text=""), version__in=versions)


def _record(paper: Dispatch, body: list[str], names: list[str], audience: frozenset[str]) -> Record:
    text: str = paper.shown_text or ""  # type: ignore[attr-defined]
    said = [paper.type.name, str(paper.field or ""), *names]
    return Record(
        key=f"{NAME}:{paper.pk}",
        version=0,
        kind=paper.archive_kind,
        title=paper.subject,
        audience=audience,
        body="\n".join([text, *body])[:MOST_TEXT],
        # Each once: a name that a dozen periods repeat is not a dozen times more to the point.
        names="\n".join(dict.fromkeys(filter(None, said))),
        # Only its own: whoever types a number wants that paper before those which cite it.
        numbers=(paper.code,) if paper.code else (),
        type=paper.type.name,
        issuers=(issuer_value(paper),),
        field=str(paper.field or ""),
        state=state_of(paper),
        day=paper.issued_on or clock.day_of(paper.created_at),
        in_force=not paper.recalled_at and not paper.replaced_by_id,
    )


def _shown(
    paper: Dispatch, files: list[str], mine: tuple[Owed, ...], known: Collection[int]
) -> Shown:
    state = state_of(paper)
    successor = None
    if paper.replaced_by and paper.replaced_by.pk in known:
        url = reverse("documents:dispatch", args=[paper.replaced_by.pk])
        successor = Link(str(paper.replaced_by), url)
    text: str = paper.shown_text or ""  # type: ignore[attr-defined]
    return Shown(
        key=f"{NAME}:{paper.pk}",
        url=reverse("documents:dispatch", args=[paper.pk]),
        kind=paper.archive_kind,
        kind_label=paper.get_archive_kind_display(),
        type=paper.type.name,
        number=paper.code,
        title=paper.subject,
        issuer=issuer_of(paper),
        day=paper.issued_on,
        state=state,
        state_label=str(STATES[state]),
        successor=successor,
        texts=tuple(each[:_PASSAGE] for each in [text, *files] if each.strip()),
        forms=frozenset(number_forms(paper.code)) if paper.code else frozenset(),
        mine=mine,
    )


def _own_circulations(who: Standing, papers: Sequence[Dispatch]) -> QuerySet[Circulation]:
    mine = access.circulations_read_by(who).filter(dispatch__in=[paper.pk for paper in papers])
    return mine.filter(agency__in=who.readers_of).order_by("pk")
