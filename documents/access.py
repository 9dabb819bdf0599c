"""The gate: who may read a dispatch, and who may do what to it.

Rights follow from rows that live: the circulation list, the posts and mandates of the person, and
the exceptions. The same rule stands here twice, as SQL (`visible_to`) and as tokens
(`reader_tokens`, `tokens_of`), for lists and for the search index; a property test holds the two
equal. A superuser is not a reader.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.authority import Authority, authorities
from agencies.choices import Audience, DeputyScope, Role
from agencies.models import Deputy, Post, User
from agencies.refusals import Reason
from documents.choices import CIRCULATION_RULES, DISPATCH_RULES, Action, LineRole, Rule, State
from documents.models import AgencyGrant, Circulation, Dispatch, Grant, Handling
from documents.models.circulation import LIVE
from documents.refusals import NotFound, NotPermitted, WrongState


@dataclass(frozen=True)
class Standing:
    """What a person holds at a moment: posts, mandates, exceptions. Four queries, then none."""

    user: User
    at: datetime
    authorities: tuple[Authority, ...]
    grants: tuple[int, ...]
    agency_grants: tuple[int, ...]

    @property
    def readers_of(self) -> set[int]:
        """Agencies of which the person reads what was sent to the whole agency."""
        return {a.agency.pk for a in self.authorities if a.role in Role.readers()}

    @property
    def office_of(self) -> set[int]:
        """Agencies in whose office the person sits."""
        return {a.agency.pk for a in self.authorities if a.role in Role.office()}

    @property
    def members(self) -> set[tuple[int, int]]:
        """(agency, user) pairs that the person is, or stands in for: assignments and drafts."""
        return {(a.agency.pk, a.post.user_id) for a in self.authorities if a.role in Role.readers()}


def standing(user: User, *, at: datetime) -> Standing:
    """Resolve what depends on the clock, on the person's side, at this moment."""
    if not user.is_authenticated or not user.is_active:
        return Standing(user, at, (), (), ())
    day = clock.day_of(at)
    held = tuple(authorities(user, on=day))
    reader_agencies = {a.agency.pk for a in held if a.role in Role.readers()}
    grants = Grant.objects.live_on(day).filter(user=user).values_list("pk", flat=True)
    agency_grants: Iterable[int] = ()
    if reader_agencies:
        agency_grants = (
            AgencyGrant.objects.live_on(day)
            .filter(agency__in=reader_agencies)
            .values_list("pk", flat=True)
        )
    return Standing(user, at, held, tuple(grants), tuple(agency_grants))


def standing_of(request: HttpRequest) -> Standing:
    """Return the standing of the person who asks, resolved once a request."""
    cached: Standing | None = getattr(request, "_standing", None)
    if cached is None:
        cached = standing(request.user, at=clock.now())  # type: ignore[arg-type]
        request._standing = cached  # type: ignore[attr-defined]
    return cached


def _standing(user: User | Standing, at: datetime | None) -> Standing:
    if isinstance(user, Standing):
        return user
    return standing(user, at=at or clock.now())


# -- Reading ----------------------------------------------------------------------------------


def visible_to(user: User | Standing, *, at: datetime | None = None) -> QuerySet[Dispatch]:
    """Return the dispatches whose content the person may read at that moment."""
    who = _standing(user, at)
    return Dispatch.objects.filter(_readable(who))


def _readable(who: Standing) -> Q:
    readable = Q(pk__in=())
    offices, readers = who.office_of, who.readers_of
    for agency, member in who.members:
        readable |= Q(registering_agency=agency, drafter=member)
    if offices:
        seen_by_office = ~Q(state__in=(State.DRAFT, State.DISCARDED))
        # A draft that came back was already before the office.
        seen_by_office |= Q(state=State.DRAFT) & ~Q(sent_back_reason="")
        readable |= Q(registering_agency__in=offices) & seen_by_office
    if readers:
        readable |= Q(
            registering_agency__in=readers, state=State.ISSUED, audience=Audience.AGENCY
        )
        readable |= Q(pk__in=circulations_read_by(who).values("dispatch"))
    if who.grants:
        readable |= Q(pk__in=Grant.objects.filter(pk__in=who.grants).values("content_object"))
    if who.agency_grants:
        readable |= Q(
            pk__in=AgencyGrant.objects.filter(pk__in=who.agency_grants).values("dispatch")
        )
    return readable


def circulations_read_by(
    user: User | Standing, *, at: datetime | None = None
) -> QuerySet[Circulation]:
    """Return the circulations that let the person read: those of his agencies, as their audience says."""
    who = _standing(user, at)
    assigned = Q(pk__in=())
    for agency, member in who.members:
        assigned |= Q(
            agency=agency,
            pk__in=Handling.objects.filter(assignee=member).values("circulation"),
        )
    return Circulation.objects.filter(
        LIVE,
        Q(agency__in=who.readers_of, audience=Audience.AGENCY)
        | Q(agency__in=who.office_of)
        | assigned,
    )


def traces_left_to(
    user: User | Standing, *, at: datetime | None = None
) -> QuerySet[Circulation]:
    """Return circulations that ended (returned, recalled): the office keeps number, date and reason.

    The content is closed: whoever shows one of these shows neither subject nor text nor files.
    """
    who = _standing(user, at)
    return Circulation.objects.filter(~LIVE, agency__in=who.office_of)


def get_or_404(user: User | Standing, pk: int, *, at: datetime | None = None) -> Dispatch:
    """Return a dispatch that the person may read.

    Raises: Http404, the same for one that is not his to read and for one that does not exist.
    """
    found = visible_to(user, at=at).with_names().filter(pk=pk).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found  # type: ignore[no-any-return]


def circulation_or_404(
    user: User | Standing, pk: int, *, at: datetime | None = None
) -> Circulation:
    """Return a circulation at one of the person's own agencies that lets him read. Raises: Http404."""
    found = (
        circulations_read_by(user, at=at)
        .select_related("dispatch__type", "dispatch__issuing_agency", "agency")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def tracked_or_404(
    user: User | Standing, pk: int, *, at: datetime | None = None
) -> Circulation:
    """Return a circulation that the person may follow as its sender. Raises: Http404."""
    who = _standing(user, at)
    found = Circulation.objects.select_related("dispatch", "agency").filter(pk=pk).first()
    if found is None or not may(who, Action.TRACK, found.dispatch):
        raise Http404
    return found


# -- Reading, as tokens -------------------------------------------------------------------------


def reader_tokens(dispatch: Dispatch) -> set[str]:
    """Return the tokens of which a reader must hold one. They never depend on the clock.

    `agency:12` the readers of an agency, `office:12` its office, `member:12:55` a person as long
    as he is a member of it, `grant:9` and `agency_grant:3` the exceptions.
    """
    home = dispatch.registering_agency_id
    tokens = {f"member:{home}:{dispatch.drafter_id}"}
    if _before_the_office(dispatch):
        tokens.add(f"office:{home}")
    if dispatch.state == State.ISSUED and dispatch.audience == Audience.AGENCY:
        tokens.add(f"agency:{home}")
    live = Circulation.objects.filter(LIVE, dispatch=dispatch)
    for agency, audience in live.values_list("agency", "audience"):
        tokens.add(f"office:{agency}")
        if audience == Audience.AGENCY:
            tokens.add(f"agency:{agency}")
    handlings = Handling.objects.filter(circulation__in=live)
    for agency, assignee in handlings.values_list("circulation__agency", "assignee"):
        tokens.add(f"member:{agency}:{assignee}")
    grants = Grant.objects.filter(content_object=dispatch).values_list("pk", flat=True)
    tokens.update(f"grant:{pk}" for pk in grants)
    agency_grants = AgencyGrant.objects.filter(dispatch=dispatch).values_list("pk", flat=True)
    tokens.update(f"agency_grant:{pk}" for pk in agency_grants)
    return tokens


def _before_the_office(dispatch: Dispatch) -> bool:
    """Say whether it has left its drafter's hands; a draft that came back had."""
    if dispatch.state == State.DRAFT:
        return dispatch.sent_back_reason != ""
    return dispatch.state != State.DISCARDED


def tokens_of(user: User | Standing, *, at: datetime | None = None) -> set[str]:
    """Return the tokens that the person holds at that moment."""
    who = _standing(user, at)
    return (
        {f"agency:{pk}" for pk in who.readers_of}
        | {f"office:{pk}" for pk in who.office_of}
        | {f"member:{agency}:{member}" for agency, member in who.members}
        | {f"grant:{pk}" for pk in who.grants}
        | {f"agency_grant:{pk}" for pk in who.agency_grants}
    )


# -- Acting -----------------------------------------------------------------------------------


def require_readable(
    user: User | Standing, obj: Dispatch | Circulation, *, at: datetime | None = None
) -> None:
    """Raises: NotFound unless the person reads the dispatch, or reads by that circulation."""
    who = _standing(user, at)
    readable = visible_to(who) if isinstance(obj, Dispatch) else circulations_read_by(who)
    if not readable.filter(pk=obj.pk).exists():
        raise NotFound


def require(
    user: User | Standing,
    action: Action,
    obj: Dispatch | Circulation,
    *,
    at: datetime | None = None,
) -> Authority:
    """Return the one authority, own before borrowed, under which the person does this act now.

    An act stands on a single post or mandate: rights of two are never added up. Call it after
    locking.

    Raises: NotFound (may not even read it), NotPermitted, WrongState.
    """
    who = _standing(user, at)
    require_readable(who, obj)
    dispatch = obj if isinstance(obj, Dispatch) else obj.dispatch
    rule, agency = _rule(action, obj)
    fitting = _authority(who, rule, agency, dispatch)
    if fitting is None:
        raise NotPermitted([_not_permitted(action, rule)])
    if obj.state not in rule.states:
        raise WrongState([_wrong_state(action, obj)])
    return fitting


def may(
    user: User | Standing,
    action: Action,
    obj: Dispatch | Circulation,
    *,
    at: datetime | None = None,
) -> bool:
    """Say whether a button for this act has a place on the person's page.

    The object must be one that he may read; costs no query for a standing.
    """
    who = _standing(user, at)
    rule, agency = _rule(action, obj)
    if obj.state not in rule.states:
        return False
    dispatch = obj if isinstance(obj, Dispatch) else obj.dispatch
    return _authority(who, rule, agency, dispatch) is not None


def require_role(
    user: User | Standing,
    agency: int,
    roles: frozenset[Role],
    *,
    scope: DeputyScope = DeputyScope.OUTGOING,
    at: datetime | None = None,
) -> Authority:
    """Return an authority in one of these roles at that agency, for acts on no dispatch yet.

    Raises: NotPermitted.
    """
    who = _standing(user, at)
    found = _first(who, agency, scope, lambda a: a.role in roles)
    if found is None:
        raise NotPermitted([Reason("role", _roles_text(roles))])
    return found


def _rule(action: Action, obj: Dispatch | Circulation) -> tuple[Rule, int]:
    if isinstance(obj, Dispatch):
        return DISPATCH_RULES[action], obj.registering_agency_id
    return CIRCULATION_RULES[action], obj.agency_id


def _authority(
    who: Standing, rule: Rule, agency: int, dispatch: Dispatch
) -> Authority | None:
    def fits(held: Authority) -> bool:
        drafted = rule.drafter and held.post.user_id == dispatch.drafter_id
        return held.role in rule.roles or (drafted and held.role in Role.readers())

    return _first(who, agency, rule.scope, fits)


def _first(
    who: Standing, agency: int, scope: DeputyScope, fits: Callable[[Authority], bool]
) -> Authority | None:
    for held in who.authorities:
        if held.agency.pk == agency and held.covers(scope) and fits(held):
            return held
    return None


def _roles_text(roles: frozenset[Role]) -> str:
    names = ", ".join(str(role.label) for role in Role if role in roles)
    return _("This is for: %(roles)s.") % {"roles": names}  # type: ignore[return-value]


def _not_permitted(action: Action, rule: Rule) -> Reason:
    names = [str(role.label) for role in Role if role in rule.roles]
    if rule.drafter:
        names.append(str(_("the drafter")))
    return Reason(
        "role",
        _("“%(act)s” is for: %(roles)s.")  # type: ignore[arg-type]
        % {"act": action.label, "roles": ", ".join(names)},
    )


def _wrong_state(action: Action, obj: Dispatch | Circulation) -> Reason:
    return Reason(
        "state",
        _("“%(act)s” does not apply: the paper is in the state “%(state)s”.")  # type: ignore[arg-type]
        % {"act": action.label, "state": obj.get_state_display()},
    )


def _read_at_home(who: Standing, dispatch: Dispatch) -> bool:
    """Say whether the person reads it as one of the agency that registers it."""
    home = dispatch.registering_agency_id
    if home in who.office_of:
        return _before_the_office(dispatch)
    issued_to_all = dispatch.state == State.ISSUED and dispatch.audience == Audience.AGENCY
    return issued_to_all and home in who.readers_of


# -- Why --------------------------------------------------------------------------------------


def why_readable(user: User | Standing, dispatch: Dispatch, *, at: datetime | None = None) -> list[str]:
    """Return, in words, each reason for which the person reads this dispatch."""
    who = _standing(user, at)
    reasons: list[str] = []
    home = dispatch.registering_agency_id
    if (home, dispatch.drafter_id) in who.members:
        reasons.append(_("It was drafted by you, or by somebody whom you stand in for."))  # type: ignore[arg-type]
    if _read_at_home(who, dispatch):
        reasons.append(_("%(agency)s registered it.") % {"agency": dispatch.registering_agency})
    rows = circulations_read_by(who).filter(dispatch=dispatch).select_related("agency")
    for row in rows.prefetch_related("lines"):
        line = next((str(line) for line in row.lines.all()), "")
        text = (
            _("%(agency)s is addressed, in the line “%(line)s”.")
            if row.role == LineRole.TO
            else _("%(agency)s receives a copy, in the line “%(line)s”.")
        )
        reasons.append(text % {"agency": row.agency, "line": line})
    for grant in Grant.objects.filter(pk__in=who.grants, content_object=dispatch):
        reasons.append(_("You were named: %(cause)s") % {"cause": grant.cause})
    for given in AgencyGrant.objects.filter(pk__in=who.agency_grants, dispatch=dispatch):
        reasons.append(_("Your agency was named: %(cause)s") % {"cause": given.cause})
    return reasons


# -- People -----------------------------------------------------------------------------------


def authority_at(
    user: User | Standing, circulation: Circulation, *, at: datetime | None = None
) -> Authority | None:
    """Return under which post or mandate the person reads at the recipient, own before borrowed."""
    who = _standing(user, at)
    if not circulations_read_by(who).filter(pk=circulation.pk).exists():
        return None
    held = [a for a in who.authorities if a.agency.pk == circulation.agency_id]
    return next((a for a in held if a.role in Role.readers()), None)


def members_of(agency: int, *, on: date) -> QuerySet[User]:
    """Return the active people who hold a reading post at an agency that day."""
    return User.objects.filter(
        pk__in=Post.objects.live_on(on)
        .filter(agency=agency, role__in=Role.readers())
        .values("user"),
        is_active=True,
    )


def office_members(agencies: Iterable[int], *, on: date) -> list[tuple[int, int]]:
    """Return (agency, user) of those who must be told what reaches an agency.

    Its clerks and those who stand in for them; where there is none, the rest of its office.
    """
    wanted = set(agencies)
    posts = Post.objects.live_on(on).filter(
        agency__in=wanted, role__in=Role.office(), user__is_active=True
    )
    rows = list(posts.values_list("agency", "user", "role"))
    mandates = Deputy.objects.in_force_on(on).filter(
        of__agency__in=wanted, of__role__in=Role.office(), deputy__is_active=True
    )
    rows += list(mandates.values_list("of__agency", "deputy", "of__role"))
    with_clerk = {agency for agency, _user, role in rows if role == Role.CLERK}
    return sorted(
        {
            (agency, user)
            for agency, user, role in rows
            if role == Role.CLERK or agency not in with_clerk
        }
    )
