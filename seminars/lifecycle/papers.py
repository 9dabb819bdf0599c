"""Tham luận: an agency registers a paper and hands it in; the organiser accepts or returns it.

The file is stored, under its SHA-256, before these verbs are called; they write the row about it.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.models import User
from agencies.refusals import Reason, Reasons
from documents import secrecy
from documents.lifecycle import FileFacts
from documents.refusals import EditedMeanwhile, Incomplete, WrongState
from seminars import access
from seminars.choices import PAPER_RULES, PAPERS_TAKEN, Act, PaperState, SeminarState
from seminars.lifecycle.evidence import Facts, record
from seminars.lifecycle.locks import locked
from seminars.models import AgendaItem, Invitation, Paper, PaperVersion, Seminar
from seminars.people import LONGEST_NAME, person_of, squeezed
from seminars.policy import papers_by, policy_of

#: An agency announces at most so many papers for one seminar, and hands in each so often.
MOST_PAPERS = 20
MOST_VERSIONS = 50


# -- What the author's agency does ------------------------------------------------------------


@transaction.atomic
def register_paper(
    *, invitation: Invitation, title: str, author: tuple[str, str], by: User, at: datetime
) -> Paper:
    """Announce a paper of one's agency. The day on which it is due is computed now and stored.

    `author` is a name and the office held.

    Raises: NotFound, NotPermitted, WrongState, Incomplete, secrecy.SecretPaper.
    """
    seminar = locked(invitation.seminar)
    invitation = Invitation.objects.select_related("agency").get(pk=invitation.pk)
    authority = access.answering(by, invitation, at=at)
    _refuse_unless_taken(seminar)
    name, office = map(squeezed, author)
    secrecy.refuse_if_secret(title)
    found = Reasons()
    found.against(not title.strip(), "title", _("Say what it is about."))
    found.against(len(title.strip()) > 255, "title", _("The title is too long."))
    found.against(not name, "author_name", _("Say who the author is."))
    found.against(len(name) > LONGEST_NAME, "author_name", _("The name is too long."))
    found.against(len(office) > LONGEST_NAME, "author_office", _("The name is too long."))
    standing = invitation.papers.exclude(state=PaperState.WITHDRAWN)
    text = _("An agency registers at most %(most)s papers.") % {"most": MOST_PAPERS}
    found.against(standing.count() >= MOST_PAPERS, "title", text)
    twice = standing.filter(title=title.strip()).exists()
    found.against(twice, "title", _("Your agency has registered a paper of this title."))
    found.refuse(Incomplete)
    due = (
        papers_by(policy_of(seminar.agency, clock.day_of(at)), seminar.day) if seminar.day else None
    )
    paper = Paper.objects.create(
        invitation=invitation, seminar=seminar, title=title.strip(),
        author=person_of(invitation.agency, name, office), due_on=due,
        registered_at=at, registered_by=by,
    )  # fmt: skip
    record(
        seminar, Act.REGISTER_PAPER, authority, at=at, paper=paper.pk, invitation=invitation.pk,
        due_on=str(due or ""),
    )  # fmt: skip
    return paper


@transaction.atomic
def submit_paper(*, paper: Paper, file: FileFacts, by: User, at: datetime) -> PaperVersion:
    """Hand in a paper of one's agency, or the next version of it, as a file that is stored already.

    After the day that stands as due it is taken all the same, and marked late.

    Raises: NotFound, NotPermitted, WrongState (accepted or withdrawn; the seminar is over or
    called off), Incomplete (too often).
    """
    seminar, paper = _locked(paper)
    authority = access.answering(by, paper.invitation, at=at)
    _refuse_unless_taken(seminar)
    last = paper.versions.order_by("-no").first()
    no = last.no + 1 if last else 1
    found = Reasons()
    text = _("A paper is handed in at most %(most)s times.") % {"most": MOST_VERSIONS}
    found.against(no > MOST_VERSIONS, "file", text)
    found.refuse(Incomplete)
    _to(paper, Act.SUBMIT_PAPER)
    row = PaperVersion.objects.create(
        paper=paper, no=no, name=file.name, sha256=file.sha256, size=file.size,
        media_type=file.media_type, pages=file.pages,
        late=paper.due_on is not None and clock.day_of(at) > paper.due_on,
        submitted_at=at, submitted_by=by,
    )  # fmt: skip
    record(
        seminar, Act.SUBMIT_PAPER, authority, at=at, proof="seminar.paper_submitted",
        paper=paper.pk, version=row.pk, no=no, sha256=row.sha256, size=row.size, late=row.late,
    )  # fmt: skip
    return row


@transaction.atomic
def withdraw_paper(*, paper: Paper, by: User, at: datetime) -> Paper:
    """Take a paper of one's agency back; what was handed in stays on record.

    Raises: NotFound, NotPermitted, WrongState.
    """
    seminar, paper = _locked(paper)
    authority = access.answering(by, paper.invitation, at=at)
    _refuse_unless_taken(seminar)
    _to(paper, Act.WITHDRAW_PAPER)
    record(seminar, Act.WITHDRAW_PAPER, authority, at=at, paper=paper.pk)
    return paper


# -- What the organiser does ------------------------------------------------------------------


@transaction.atomic
def accept_paper(
    *, paper: Paper, no: int, item: AgendaItem | None = None, by: User, at: datetime
) -> Paper:
    """Accept version `no`, the one that the page showed: every agency invited may read it now.

    `item` is the line of the agenda under which it is read.

    Raises: NotFound, NotPermitted, WrongState, EditedMeanwhile, Incomplete (a line of another
    agenda).
    """
    seminar, paper = _locked(paper)
    authority = access.require(by, Act.ACCEPT_PAPER, seminar, at=at)
    _refuse_unless_in_state(paper, Act.ACCEPT_PAPER)
    _refuse_if_newer(paper, no)
    found = Reasons()
    foreign = item is not None and item.seminar_id != seminar.pk
    found.against(foreign, "item", _("The agenda has changed since you opened this page."))
    found.refuse(Incomplete)
    paper.item = item
    _to(paper, Act.ACCEPT_PAPER)
    record(
        seminar, Act.ACCEPT_PAPER, authority, at=at, proof="seminar.paper_accepted",
        paper=paper.pk, no=no,
    )  # fmt: skip
    return paper


@transaction.atomic
def return_paper(*, paper: Paper, no: int, reason: str, by: User, at: datetime) -> Paper:
    """Return version `no` with a reason; the agency may hand in the next one.

    Raises: NotFound, NotPermitted, WrongState, EditedMeanwhile, Incomplete, secrecy.SecretPaper.
    """
    seminar, paper = _locked(paper)
    authority = access.require(by, Act.RETURN_PAPER, seminar, at=at)
    secrecy.refuse_if_secret(reason)
    found = Reasons()
    found.against(not reason.strip(), "reason", _("State the reason."))
    found.refuse(Incomplete)
    _refuse_unless_in_state(paper, Act.RETURN_PAPER)
    _refuse_if_newer(paper, no)
    _to(paper, Act.RETURN_PAPER, reason=reason.strip())
    record(
        seminar, Act.RETURN_PAPER, authority, at=at, reason=reason.strip(), paper=paper.pk, no=no
    )
    return paper


# -- When the seminar moves -------------------------------------------------------------------


def let_papers_follow(seminar: Seminar, *, at: datetime) -> Facts:
    """Give the papers that are still awaited the due day of the seminar's new day.

    Part of the act that moved it: returns what that act records. A day that has passed is never
    computed anew by anything else.
    """
    awaited = seminar.papers.exclude(state__in=(PaperState.ACCEPTED, PaperState.WITHDRAWN))
    day = seminar.day
    due = papers_by(policy_of(seminar.agency, clock.day_of(at)), day) if day else None
    moved = awaited.update(due_on=due)
    return {"papers": moved, "papers_due_on": str(due or "")} if moved else {}


# -- Shared -----------------------------------------------------------------------------------


def _locked(paper: Paper) -> tuple[Seminar, Paper]:
    """Return seminar and paper as they are now, under the lock of the seminar's row."""
    seminar = locked(paper.seminar)
    rows = Paper.objects.select_related("invitation__agency")
    return seminar, rows.get(pk=paper.pk)


def _refuse_unless_taken(seminar: Seminar) -> None:
    if seminar.state not in PAPERS_TAKEN:
        text = _("No papers are taken: the seminar is in the state “%(state)s”.")
        raise WrongState([Reason("state", text % {"state": SeminarState(seminar.state).label})])


def _refuse_if_newer(paper: Paper, no: int) -> None:
    last = paper.versions.order_by("-no").values_list("no", flat=True).first()
    if last != no:
        text = _("Another version has been handed in since you opened this page.")
        raise EditedMeanwhile([Reason("no", text)])


def _refuse_unless_in_state(paper: Paper, act: Act) -> None:
    if paper.state not in PAPER_RULES[act][0]:
        text = _("“%(act)s” does not apply: the seminar paper is in the state “%(state)s”.")
        values = {"act": act.label, "state": PaperState(paper.state).label}
        raise WrongState([Reason("state", text % values)])


def _to(paper: Paper, act: Act, *, reason: str = "") -> None:
    _refuse_unless_in_state(paper, act)
    paper.state, paper.reason = PAPER_RULES[act][1], reason
    paper.save()
