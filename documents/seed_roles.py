"""The fifteen roles on a small world, every confidential field holding a token of its own.

What each role may read is written down by the plan of the seed, not asked from the gate: the crawl
holds the two against each other.
"""

import hashlib
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission

from agencies import clock
from agencies.choices import AgencyKind, Audience, DeputyScope, Role
from agencies.models import Agency, AgencyName, Deputy, Post, Succession, User
from documents import lifecycle, numbering, storage
from documents.choices import FileRole, HandlingRole, RegisterKind, Urgency
from documents.lifecycle.drafting import CitationDraft, FileFacts
from documents.models import Circulation, Dispatch, DocumentType, WorkField

#: The fifteen of every access test, in their order, then those who work on the papers.
ROLES = (
    "anonymous", "deactivated", "outsider_other_agency", "outsider_same_agency",
    "named_recipient", "agency_recipient", "ex_recipient", "deputy", "former_deputy",
    "other_clerk", "other_head", "wagtail_editor", "admin_only", "superuser", "auditor",
)  # fmt: skip
WORKERS = (
    "sender_clerk", "sender_leader", "drafter", "recipient_clerk", "recipient_head",
    "administrator", "heir_clerk", "guest",
)  # fmt: skip


@dataclass
class Seeded:
    """What the seed made: people, papers, tokens, and who may read which by its plan."""

    password: str
    users: dict[str, str] = field(default_factory=dict)
    papers: dict[str, int] = field(default_factory=dict)
    seminars: dict[str, int] = field(default_factory=dict)
    #: Token -> the paper, or whatever else, that it stands in.
    tokens: dict[str, str] = field(default_factory=dict)
    entitled: dict[str, list[str]] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return vars(self)


class Seed:
    """Builds the world by the verbs. `seed` decides the tokens, and nothing else is random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - tokens of a test world
        self.seed = seed
        self.now = clock.now()
        self.start = clock.day_of(self.now) - timedelta(days=400)
        self.made = Seeded(password=f"roles-{seed}-{self.random.randrange(10**8):08d}")
        self.hash = make_password(self.made.password)

    def token(self, paper: str) -> str:
        """Return a new 24-character token that stands in `paper`."""
        letters = "abcdefghijklmnopqrstuvwxyz"
        word = "".join(self.random.choice(letters) for _ in range(24))
        self.made.tokens[word] = paper
        return word

    def build(self) -> Seeded:
        self._agencies()
        self._people()
        self._papers()
        self._entitlements()
        return self.made

    # -- Who exists -----------------------------------------------------------------------------

    def _agency(self, name: str, abbreviation: str, **values: Any) -> Agency:
        row = Agency.objects.create(
            kind=values.pop("kind", AgencyKind.DEPARTMENT), from_on=self.start, **values
        )
        AgencyName.objects.create(
            agency=row,
            name=name,
            short_name=name,
            abbreviation=abbreviation,
            identifier=f"ROLE.{self.seed}.{row.pk}",
            from_on=self.start,
            place="Tây Ninh",
        )
        row.read_names()
        year = clock.day_of(self.now).year
        for kind, title in (
            (RegisterKind.OUTGOING, "Công văn đi"),
            (RegisterKind.INCOMING, "Văn bản đến"),
        ):
            numbering.open_register(agency=row, kind=kind, name=title, year=year)
        return row

    def _agencies(self) -> None:
        self.sender = self._agency("Cơ quan gửi", "CQG", kind=AgencyKind.COMMITTEE, collective=True)
        self.whole = self._agency("Cơ quan nhận", "CQN")
        self.office = self._agency("Văn phòng nhận", "VPN", default_audience=Audience.OFFICE)
        self.dropped = self._agency("Cơ quan bị rút", "CQR")
        self.other = self._agency("Cơ quan khác", "CQK")
        self.heir = self._agency("Cơ quan kế thừa", "CQT")
        Succession.objects.create(
            predecessor=self.whole,
            successor=self.heir,
            kind="merge",
            on=clock.day_of(self.now),
            basis="Mẫu",
        )

    def _user(self, role: str, *posts: tuple[Agency, Role], **values: Any) -> User:
        user = User.objects.create(
            username=f"{role}_{self.seed}",
            last_name="Vai",
            first_name=role,
            password=self.hash,
            **values,
        )
        for body, held in posts:
            Post.objects.create(user=user, agency=body, role=held, from_on=self.start)
        self.made.users[role] = user.username
        return user

    def _people(self) -> None:
        today = clock.day_of(self.now)
        make = self._user
        self.clerk = make("sender_clerk", (self.sender, Role.CLERK))
        self.leader = make("sender_leader", (self.sender, Role.LEADER))
        self.drafter = make("drafter", (self.sender, Role.OFFICER))
        self.recipient_clerk = make("recipient_clerk", (self.whole, Role.CLERK))
        make("recipient_head", (self.whole, Role.HEAD))
        self.office_clerk = make("office_clerk", (self.office, Role.CLERK))
        make("ex_recipient", (self.dropped, Role.CLERK))
        make("deactivated", (self.whole, Role.OFFICER), is_active=False)
        make("outsider_other_agency", (self.other, Role.OFFICER))
        make("outsider_same_agency", (self.office, Role.OFFICER))
        self.named = make("named_recipient", (self.office, Role.OFFICER))
        make("agency_recipient", (self.whole, Role.OFFICER))
        make("other_clerk", (self.other, Role.CLERK))
        make("other_head", (self.other, Role.HEAD))
        make("heir_clerk", (self.heir, Role.CLERK))
        make("auditor", (self.whole, Role.AUDITOR))
        make("administrator", (self.whole, Role.ADMINISTRATOR))
        make("superuser", is_superuser=True)
        only = make("admin_only")
        only.user_permissions.add(Permission.objects.get(codename="access_admin"))
        self.guest = make("guest", (self.other, Role.OFFICER))
        make("wagtail_editor")
        post = self.recipient_clerk.posts.get()
        deputy = make("deputy", (self.other, Role.OFFICER))
        self.made.ids["mandate"] = self._mandate(post, deputy, today, today).pk
        self.made.ids["post"] = post.pk
        self.made.ids["agency"] = self.whole.pk
        self.made.ids["person"] = self.recipient_clerk.pk
        yesterday = today - timedelta(days=1)
        former = make("former_deputy", (self.other, Role.OFFICER))
        self._mandate(post, former, yesterday - timedelta(days=5), yesterday)

    def _mandate(self, post: Post, deputy: User, first: date, last: date) -> Deputy:
        return Deputy.objects.create(
            of=post, deputy=deputy, scope=DeputyScope.ALL, from_on=first, to_on=last
        )

    # -- What is confidential ---------------------------------------------------------------------

    def _file(self, paper: str) -> FileFacts:
        content = f"tệp {self.token(paper)}\n".encode()
        sha256 = hashlib.sha256(content).hexdigest()
        store = storage.attachments()
        store.keep(BytesIO(content), sha256, size=len(content))
        return FileFacts(
            name=f"{self.token(paper)}.txt",
            sha256=sha256,
            size=len(content),
            media_type="text/plain",
            role=FileRole.ANNEX,
            text=content.decode(),
        )

    def _draft(self, name: str, *to: Agency) -> Dispatch:
        paper = lifecycle.draft(
            agency=self.sender,
            type=DocumentType.objects.get(slug="cong-van"),
            by=self.drafter,
            at=self.now,
        )
        lifecycle.save_draft(
            dispatch=paper,
            by=self.drafter,
            at=self.now,
            seen_edits=0,
            values={
                "subject": f"về {self.token(name)}",
                "field": WorkField.objects.get(code="NC"),
                "circulation_note": self.token(name),
                "urgency": Urgency.URGENT,
            },
            text=f"Nội dung {self.token(name)}./.",
            lines=[
                lifecycle.LineDraft(f"{body} {self.token(name)}", agencies=[body.pk]) for body in to
            ],
            citations=[CitationDraft(code="01/CT-TTg", title=self.token(name))],
        )
        lifecycle.attach(dispatch=paper, file=self._file(name), by=self.drafter, at=self.now)
        self.made.papers[name] = paper.pk
        return paper

    def _issue(self, name: str, *to: Agency) -> Dispatch:
        paper = self._draft(name, *to)
        lifecycle.submit(dispatch=paper, by=self.drafter, at=self.now)
        lifecycle.sign(
            dispatch=paper,
            by=self.leader,
            at=self.now,
            signer_as_printed=self.token(name),
            signer_title=self.token(name),
        )
        return lifecycle.number_and_issue(dispatch=paper, by=self.clerk, at=self.now)

    def _papers(self) -> None:
        self._draft("draft", self.whole)
        for name in ("submitted", "signed", "numbered"):
            self._before_issue(name)
        self._sent_to_all()
        self._shared_with_persons()
        self._withdrawn()
        self._outside()

    def _before_issue(self, name: str) -> None:
        """A paper at one of the steps between its drafter and its recipients."""
        paper = self._draft(name, self.whole)
        lifecycle.submit(dispatch=paper, by=self.drafter, at=self.now)
        if name == "submitted":
            return
        lifecycle.sign(dispatch=paper, by=self.leader, at=self.now)
        if name == "numbered":
            lifecycle.number(dispatch=paper, by=self.clerk, at=self.now)

    def _sent_to_all(self) -> None:
        paper = self._issue("issued", self.whole)
        row = Circulation.objects.get(dispatch=paper, agency=self.whole)
        self.made.ids["circulation"] = row.pk
        lifecycle.receive(circulation=row, by=self.recipient_clerk, at=self.now)
        version = paper.current_version
        receipt = lifecycle.acknowledge(
            circulation=row,
            version_no=version.no,
            digest=version.digest,
            by=self.recipient_clerk,
            at=self.now,
        )
        self.made.ids["receipt"] = receipt.pk
        lifecycle.grant_person(
            dispatch=paper,
            person=self.guest,
            cause=self.token("issued"),
            to_on=None,
            by=self.leader,
            at=self.now,
        )
        self._issue("open", self.whole)

    def _shared_with_persons(self) -> None:
        paper = self._issue("persons", self.office)
        row = Circulation.objects.get(dispatch=paper, agency=self.office)
        lifecycle.receive(circulation=row, by=self.office_clerk, at=self.now)
        lifecycle.assign(
            circulation=row,
            assignee=self.named,
            role=HandlingRole.LEAD,
            due_at=None,
            note=self.token("persons"),
            by=self.office_clerk,
            at=self.now,
        )

    def _withdrawn(self) -> None:
        paper = self._issue("withdrawn", self.whole, self.dropped)
        row = Circulation.objects.get(dispatch=paper, agency=self.dropped)
        lifecycle.recall(
            dispatch=paper, reason="gửi nhầm", by=self.clerk, at=self.now, only=[row.pk]
        )

    def _outside(self) -> None:
        row = lifecycle.register_outside(
            agency=self.whole,
            paper=lifecycle.OutsidePaper(
                type=DocumentType.objects.get(slug="thong-bao"),
                issuer=self.token("outside"),
                code=f"{self.seed}/TB-NGOAI",
                issued_on=clock.day_of(self.now),
                subject=self.token("outside"),
                text=self.token("outside"),
                signer=self.token("outside"),
            ),
            files=[self._file("outside")],
            by=self.recipient_clerk,
            at=self.now,
        )
        self.made.papers["outside"] = row.dispatch_id

    # -- Who may read which -------------------------------------------------------------------------

    def _entitlements(self) -> None:
        """The plan. It names papers by what was done to them above, and asks no code of the gate."""
        sent = ["issued", "open", "withdrawn", "outside"]
        at_home = [
            *("submitted", "signed", "numbered"),
            *("issued", "open", "persons", "withdrawn"),
        ]
        plan = {
            "named_recipient": ["persons"],
            "office_clerk": ["persons"],
            "agency_recipient": sent,
            "deputy": sent,
            "recipient_clerk": sent,
            "recipient_head": sent,
            "guest": ["issued"],
            "sender_clerk": at_home,
            "sender_leader": at_home,
            "drafter": ["draft", *at_home],
        }
        for role in ("anonymous", *self.made.users):
            self.made.entitled[role] = plan.get(role, [])
