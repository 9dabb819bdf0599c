"""The gate: who may read a dispatch, and who may do what to it.

Rights follow from rows that live: the circulation list, the posts and mandates of the person, and
the exceptions. The same rule stands here twice, as SQL (`visible_to`) and as tokens
(`reader_tokens`, `tokens_of`), for lists and for the search index; a property test holds the two
equal. A superuser is not a reader.
"""

from collections.abc import Callable, Collection
from datetime import datetime

from django.db.models import BigIntegerField, Q
from django.http import Http404
from django.utils.translation import gettext as _

from agencies.authority import Authority
from agencies.choices import Audience, DeputyScope, Role
from agencies.models import User
from agencies.refusals import Reason
from documents.choices import CIRCULATION_RULES, DISPATCH_RULES, Action, Rule, State
from documents.models import AgencyGrant, Circulation, Dispatch, Grant, Handling
from documents.models.circulation import LIVE, CirculationQuerySet
from documents.models.dispatch import DispatchQuerySet
from documents.refusals import NotFound, NotPermitted, WrongState
from documents.standing import Standing, resolved, standing, standing_of

__all__ = [
    "Standing",
    "authority_at",
    "before_the_office",
    "circulation_or_404",
    "circulations_read_by",
    "get_or_404",
    "in_the_register_of",
    "may",
    "reader_tokens",
    "reader_tokens_of",
    "require",
    "require_readable",
    "require_role",
    "standing",
    "standing_of",
    "tokens_of",
    "traces_left_to",
    "tracked_or_404",
    "visible_to",
]

# -- Reading ----------------------------------------------------------------------------------


def visible_to(
    user: User | Standing, *, at: datetime | None = None, among: Collection[int] | None = None
) -> DispatchQuerySet:
    """Return the dispatches whose content the person may read at that moment.

    `among`: of these ids only. No row of another paper is looked at, which tells where somebody
    reads a third of all.
    """
    who = resolved(user, at)
    if among is None:
        return Dispatch.objects.filter(_readable(who))
    # An address may hold a number that no column does: SQLite refuses to be asked for it.
    among = [pk for pk in among if pk <= BigIntegerField.MAX_BIGINT]
    return Dispatch.objects.filter(_readable(who, among), pk__in=among)


def _readable(who: Standing, among: Collection[int] | None = None) -> Q:
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
        readable |= Q(registering_agency__in=readers, state=State.ISSUED, audience=Audience.AGENCY)
        circulations = circulations_read_by(who)
        if among is not None:
            circulations = circulations.filter(dispatch__in=among)
        readable |= Q(pk__in=circulations.values("dispatch"))
    if who.grants:
        readable |= Q(pk__in=Grant.objects.filter(pk__in=who.grants).values("content_object"))
    if who.agency_grants:
        readable |= Q(
            pk__in=AgencyGrant.objects.filter(pk__in=who.agency_grants).values("dispatch")
        )
    return readable


def circulations_read_by(
    user: User | Standing, *, at: datetime | None = None
) -> CirculationQuerySet:
    """Return the circulations that let the person read, as the audience of each says."""
    who = resolved(user, at)
    return Circulation.objects.filter(LIVE, Q(agency__in=who.office_of) | _not_by_office(who))


def _not_by_office(who: Standing) -> Q:
    """What one reads without sitting in the office, which reads all that its agency has."""
    offices = who.office_of
    readable = Q(pk__in=())
    if others := who.readers_of - offices:
        readable |= Q(agency__in=others, audience=Audience.AGENCY)
    for agency, member in who.members:
        if agency not in offices:
            readable |= Q(
                agency=agency,
                pk__in=Handling.objects.filter(assignee=member).values("circulation"),
            )
    return readable


def traces_left_to(user: User | Standing, *, at: datetime | None = None) -> CirculationQuerySet:
    """Return circulations that ended (returned, recalled): the office keeps number, date and reason.

    The content is closed: whoever shows one of these shows neither subject nor text nor files.
    """
    who = resolved(user, at)
    return Circulation.objects.filter(~LIVE, agency__in=who.office_of)


def in_the_register_of(user: User | Standing, *, at: datetime | None = None) -> CirculationQuerySet:
    """Return what the person reads and the traces left to him, in one simple condition.

    It is `circulations_read_by` or `traces_left_to`: an office has all of its agency's register.
    """
    who = resolved(user, at)
    return Circulation.objects.filter(Q(agency__in=who.office_of) | (LIVE & _not_by_office(who)))


def get_or_404(user: User | Standing, pk: int, *, at: datetime | None = None) -> Dispatch:
    """Return a dispatch that the person may read.

    Raises: Http404, the same for one that is not his to read and for one that does not exist.
    """
    found = visible_to(user, at=at, among=[pk]).with_names().first()
    if found is None:
        raise Http404
    return found


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


def tracked_or_404(user: User | Standing, pk: int, *, at: datetime | None = None) -> Circulation:
    """Return a circulation of a dispatch that the person reads and follows. Raises: Http404."""
    who = resolved(user, at)
    readable = Circulation.objects.filter(dispatch__in=visible_to(who))
    found = readable.select_related("dispatch", "agency").filter(pk=pk).first()
    if found is None or not may(who, Action.TRACK, found.dispatch):
        raise Http404
    return found


# -- Reading, as tokens -------------------------------------------------------------------------


def reader_tokens(dispatch: Dispatch) -> set[str]:
    """Return the tokens of which a reader must hold one. They never depend on the clock.

    `agency:12` the readers of an agency, `office:12` its office, `member:12:55` a person as long
    as he is a member of it, `grant:9` and `agency_grant:3` the exceptions.
    """
    return reader_tokens_of([dispatch])[dispatch.pk]


def reader_tokens_of(dispatches: Collection[Dispatch]) -> dict[int, set[str]]:
    """Return the tokens of each, by id, in four queries altogether."""
    pks = [dispatch.pk for dispatch in dispatches]
    tokens = {dispatch.pk: _tokens_at_home(dispatch) for dispatch in dispatches}
    live = Circulation.objects.filter(LIVE, dispatch__in=pks)
    for pk, agency, audience in live.values_list("dispatch", "agency", "audience"):
        tokens[pk].add(f"office:{agency}")
        if audience == Audience.AGENCY:
            tokens[pk].add(f"agency:{agency}")
    handlings = Handling.objects.filter(circulation__in=live)
    for pk, agency, assignee in handlings.values_list(
        "circulation__dispatch", "circulation__agency", "assignee"
    ):
        tokens[pk].add(f"member:{agency}:{assignee}")
    grants = Grant.objects.filter(content_object__in=pks)
    for pk, grant in grants.values_list("content_object", "pk"):
        tokens[pk].add(f"grant:{grant}")
    agency_grants = AgencyGrant.objects.filter(dispatch__in=pks)
    for pk, grant in agency_grants.values_list("dispatch", "pk"):
        tokens[pk].add(f"agency_grant:{grant}")
    return tokens


def _tokens_at_home(dispatch: Dispatch) -> set[str]:
    home = dispatch.registering_agency_id
    tokens = {f"member:{home}:{dispatch.drafter_id}"}
    if before_the_office(dispatch):
        tokens.add(f"office:{home}")
    if dispatch.state == State.ISSUED and dispatch.audience == Audience.AGENCY:
        tokens.add(f"agency:{home}")
    return tokens


def before_the_office(dispatch: Dispatch) -> bool:
    """Say whether it has left its drafter's hands; a draft that came back had."""
    if dispatch.state == State.DRAFT:
        return dispatch.sent_back_reason != ""
    return dispatch.state != State.DISCARDED


def tokens_of(user: User | Standing, *, at: datetime | None = None) -> set[str]:
    """Return the tokens that the person holds at that moment."""
    who = resolved(user, at)
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
    who = resolved(user, at)
    if isinstance(obj, Dispatch):
        readable = visible_to(who, among=[obj.pk]).exists()
    else:
        readable = circulations_read_by(who).filter(pk=obj.pk).exists()
    if not readable:
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
    who = resolved(user, at)
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
    who = resolved(user, at)
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
    who = resolved(user, at)
    found = _first(who, agency, scope, lambda a: a.role in roles)
    if found is None:
        raise NotPermitted([Reason("role", _roles_text(roles))])
    return found


def _rule(action: Action, obj: Dispatch | Circulation) -> tuple[Rule, int]:
    if isinstance(obj, Dispatch):
        return DISPATCH_RULES[action], obj.registering_agency_id
    return CIRCULATION_RULES[action], obj.agency_id


def _authority(who: Standing, rule: Rule, agency: int, dispatch: Dispatch) -> Authority | None:
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
    return _("This is for: %(roles)s.") % {"roles": names}


def _not_permitted(action: Action, rule: Rule) -> Reason:
    names = [str(role.label) for role in Role if role in rule.roles]
    if rule.drafter:
        names.append(str(_("the drafter")))
    return Reason(
        "role",
        _("“%(act)s” is for: %(roles)s.") % {"act": action.label, "roles": ", ".join(names)},
    )


def _wrong_state(action: Action, obj: Dispatch | Circulation) -> Reason:
    return Reason(
        "state",
        _("“%(act)s” does not apply: the paper is in the state “%(state)s”.")
        % {"act": action.label, "state": obj.get_state_display()},
    )


def authority_at(
    user: User | Standing, circulation: Circulation, *, at: datetime | None = None
) -> Authority | None:
    """Return the one post or mandate under which the person reads there, own before borrowed."""
    who = resolved(user, at)
    if not circulations_read_by(who).filter(pk=circulation.pk).exists():
        return None
    assigned = set(circulation.handlings.values_list("assignee", flat=True))

    def lets_read(held: Authority) -> bool:
        to_all = circulation.audience == Audience.AGENCY or held.post.user_id in assigned
        return held.role in Role.office() or (to_all and held.role in Role.readers())

    held = [a for a in who.authorities if a.agency.pk == circulation.agency_id]
    return next((a for a in held if lets_read(a)), None)
