"""Every address of the house, its methods, and who may be answered with more than a refusal.

The table is a declaration, not a reading of the code: the tests walk the resolver, fail for a
pattern that is not declared here, and try each with every role.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

#: Who a route answers, as roles of `seed_roles`, for the papers of its world.
SENDER = frozenset({"sender_clerk", "sender_leader", "drafter"})
SENDER_OFFICE = SENDER - {"drafter"}
RECIPIENT_CLERK = frozenset({"recipient_clerk", "deputy"})
RECIPIENT_OFFICE = RECIPIENT_CLERK | {"recipient_head"}
RECIPIENTS = RECIPIENT_OFFICE | {"agency_recipient"}
READERS = SENDER | RECIPIENTS | {"guest"}
WEB_TEAM = frozenset({"wagtail_editor", "admin_only", "superuser"})
EVERYBODY = READERS | WEB_TEAM | {
    "outsider_other_agency", "outsider_same_agency", "named_recipient", "office_clerk",
    "ex_recipient", "former_deputy", "other_clerk", "other_head", "auditor", "administrator",
    "heir_clerk",
}  # fmt: skip
ANYBODY = EVERYBODY | {"anonymous", "deactivated"}
#: Holders of a post that writes papers.
WRITERS = EVERYBODY - WEB_TEAM - {"auditor", "administrator"}
NOBODY: frozenset[str] = frozenset()
CLERKS = frozenset(
    {"sender_clerk", "recipient_clerk", "deputy", "office_clerk", "ex_recipient", "other_clerk",
     "heir_clerk"}
)  # fmt: skip

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")


@dataclass(frozen=True)
class Declared:
    methods: tuple[str, ...]
    roles: frozenset[str]


def _all(roles: frozenset[str], methods: tuple[str, ...], *names: str) -> dict[str, Declared]:
    return {name: Declared(methods, roles) for name in names}


#: Route name -> what is promised. Wagtail's admin is declared as a whole: see `ADMIN`.
DECLARED: dict[str, Declared] = {
    **_all(ANYBODY, GET, "healthz", "readyz"),
    # Who is signed in already is led on, not shown the door again.
    **_all(frozenset({"anonymous", "deactivated"}), BOTH, "account_login"),
    **_all(EVERYBODY, BOTH, "account_logout", "account_reauthenticate", "account_change_password",
           "mfa_index", "usersessions_list"),
    # Second factors: not set up by these people, or only after the password was asked again.
    **_all(NOBODY, BOTH, "mfa_activate_totp", "mfa_authenticate", "mfa_reauthenticate",
           "mfa_deactivate_totp",
           "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
           "mfa_download_recovery_codes"),
    # Shut by `account_closed`, which stands before them.
    **_all(NOBODY, BOTH, "account_closed", "account_inactive", "account_signup", "account_email",
           "account_email_verification_sent", "account_set_password", "account_reset_password",
           "account_confirm_login_code", "account_confirm_email",
           "account_reset_password_from_key_done", "account_reset_password_from_key",
           "account_reset_password_done"),
    **_all(EVERYBODY, GET, "wagtail_serve"),
    # No form and no picture is in the world of the roles.
    **_all(NOBODY, GET, "wagtaildocs_serve", "picture"),
    **_all(ANYBODY, POST, "set_language"),
    **_all(EVERYBODY, GET, "home", "search", "search_suggestions", "search_xlsx",
           "documents:incoming", "documents:incoming_print",
           "documents:incoming_xlsx", "documents:outgoing", "documents:outgoing_print",
           "documents:outgoing_xlsx", "documents:drafts", "documents:notices",
           "agencies:directory", "agencies:agency"),
    **_all(EVERYBODY, POST, "documents:read_notices"),
    **_all(EVERYBODY, BOTH, "searches"),
    **_all(frozenset({"guest"}), POST, "search_seen", "search_forget"),
    **_all(READERS, GET, "search_similar"),
    **_all(frozenset({"administrator"}), BOTH, "abbreviations"),
    **_all(frozenset({"administrator"}), POST, "abbreviation_drop"),
    **_all(READERS, GET, "documents:dispatch", "documents:file"),
    **_all(RECIPIENTS | SENDER, GET, "documents:receipt"),
    **_all(RECIPIENT_CLERK, POST, "documents:receive"),
    **_all(RECIPIENT_CLERK, BOTH, "documents:return"),
    **_all(RECIPIENT_OFFICE, BOTH, "documents:assign"),
    **_all(RECIPIENT_OFFICE, POST, "documents:acknowledge", "documents:answer_recall"),
    **_all(CLERKS, BOTH, "documents:register_outside"),
    **_all(EVERYBODY, BOTH, "documents:registers", "agencies:account"),
    **_all(SENDER, GET, "documents:track", "documents:track_xlsx", "documents:track_print"),
    **_all(SENDER_OFFICE, POST, "documents:chase"),
    **_all(SENDER_OFFICE, BOTH, "documents:recall"),
    **_all(frozenset({"sender_clerk"}), BOTH, "documents:update", "documents:circulate"),
    **_all(frozenset({"sender_leader"}), BOTH, "documents:grant"),
    **_all(frozenset({"sender_leader"}), POST, "documents:withdraw_exception"),
    **_all(WRITERS, BOTH, "documents:compose"),
    **_all(WRITERS, GET, "documents:addressees"),
    **_all(frozenset({"drafter"}), BOTH, "documents:draft"),
    **_all(frozenset({"drafter"}), POST, "documents:autosave", "documents:attach",
           "documents:detach", "documents:submit", "documents:discard"),
    **_all(SENDER, POST, "documents:replace"),
    **_all(frozenset({"sender_leader"}), BOTH, "documents:sign"),
    **_all(SENDER_OFFICE, BOTH, "documents:send_back"),
    **_all(frozenset({"sender_clerk"}), POST, "documents:number"),
    **_all(frozenset({"sender_clerk"}), BOTH, "documents:void", "documents:issue"),
    **_all(EVERYBODY, GET, "seminars:seminars", "seminars:calendar", "seminars:month",
           "seminars:week", "seminars:agenda", "seminars:rooms"),
    **_all(EVERYBODY, GET, "seminars:schedules"),
    **_all(SENDER | RECIPIENTS | {"office_clerk"}, GET, "seminars:schedule_week",
           "seminars:schedule_versions", "seminars:schedule_version", "seminars:schedule_print",
           "seminars:schedule_word"),
    **_all(WRITERS, BOTH, "seminars:begin_schedule"),
    **_all(SENDER, GET, "seminars:schedule_draft"),
    **_all(SENDER, BOTH, "seminars:schedule_add", "seminars:schedule_change",
           "seminars:schedule_frame"),
    **_all(SENDER, POST, "seminars:schedule_copy", "seminars:schedule_out",
           "seminars:schedule_back"),
    **_all(SENDER_OFFICE, POST, "seminars:schedule_issue"),
    **_all(EVERYBODY, BOTH, "seminars:feeds"),
    **_all(NOBODY, POST, "seminars:revoke_feed"),
    **_all(frozenset({"administrator"}), BOTH, "seminars:days", "seminars:restore_days"),
    # Whoever holds the secret of one; nobody holds one in the world of the roles.
    **_all(NOBODY, GET, "feed"),
    # Whoever holds the link of a mail, signed in or not.
    **_all(ANYBODY, BOTH, "seminars:answer_by_link"),
    **_all(EVERYBODY, POST, "seminars:news_seen"),
    **_all(WRITERS, BOTH, "seminars:draft"),
    **_all(READERS, BOTH, "seminars:begin"),
    **_all(SENDER, GET, "seminars:board", "seminars:attendance_print", "seminars:find_time",
           "seminars:survey"),
    **_all(SENDER, BOTH, "seminars:ask_for_seminar", "seminars:ask_for_programme",
           "seminars:change_survey", "seminars:plan"),
    **_all(SENDER, POST, "seminars:close_survey"),
    # An office that is asked; others in its agency are not troubled.
    **_all(RECIPIENT_OFFICE, BOTH, "seminars:answer_survey"),
    **_all(SENDER, BOTH, "seminars:end_programme", "seminars:edit", "seminars:move",
           "seminars:places", "seminars:set_agenda", "seminars:invited", "seminars:attendance",
           "seminars:minutes"),
    **_all(SENDER, BOTH, "seminars:repeat"),
    **_all(SENDER, POST, "seminars:take_back"),
    **_all(SENDER, POST, "seminars:hold", "seminars:schedule", "seminars:draft_letter",
           "seminars:consent", "seminars:open", "seminars:close"),
    **_all(SENDER_OFFICE, BOTH, "seminars:postpone", "seminars:cancel", "seminars:let_stand",
           "seminars:invite", "seminars:conclude"),
    **_all(SENDER_OFFICE, POST, "seminars:draft_paper", "seminars:report"),
    **_all(frozenset({"sender_leader"}), POST, "seminars:approve_minutes"),
    **_all(SENDER | RECIPIENTS | {"office_clerk"}, GET, "seminars:seminar"),
    **_all(RECIPIENT_OFFICE, BOTH, "seminars:decline", "seminars:name_delegate",
           "seminars:substitute"),
    **_all(RECIPIENT_OFFICE, POST, "seminars:accept", "seminars:withdraw"),
    # The paper of their world is the recipients' own, handed in and not yet accepted.
    **_all(RECIPIENT_OFFICE, BOTH, "seminars:register_paper", "seminars:submit_paper"),
    **_all(RECIPIENT_OFFICE, POST, "seminars:withdraw_paper"),
    **_all(SENDER | RECIPIENTS, GET, "seminars:paper", "seminars:paper_file"),
    **_all(SENDER, BOTH, "seminars:return_paper"),
    **_all(SENDER, POST, "seminars:accept_paper"),
    **_all(frozenset({"administrator"}), GET, "agencies:people", "agencies:person"),
    **_all(frozenset({"administrator"}), BOTH, "agencies:open_post", "agencies:end_post"),
    **_all(frozenset({"administrator"}), BOTH, "agencies:mailbox"),
    **_all(frozenset({"administrator"}), BOTH, "agencies:create_account", "agencies:give_link"),
    # Whoever holds the token of a link; nobody holds one in the world of the roles.
    **_all(NOBODY, BOTH, "agencies:choose_password"),
    **_all(frozenset({"administrator"}), POST, "agencies:deactivate", "agencies:reactivate"),
    **_all(frozenset({"administrator", "recipient_head", "recipient_clerk"}), BOTH,
           "agencies:appoint"),
    **_all(frozenset({"administrator", "recipient_head", "recipient_clerk", "deputy"}), BOTH,
           "agencies:end_mandate"),
}  # fmt: skip


@dataclass(frozen=True)
class Route:
    """One pattern of the resolver."""

    pattern: str
    name: str

    @property
    def in_admin(self) -> bool:
        return self.pattern.startswith("quan-tri/")


def walk(resolver: URLResolver | None = None, prefix: str = "", space: str = "") -> Iterator[Route]:
    """Yield every pattern, third-party ones included, with its full name."""
    for each in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from walk(each, pattern, inner)
        elif isinstance(each, URLPattern):
            yield Route(pattern, f"{space}{each.name or ''}")


def described() -> list[dict[str, Any]]:
    """Return what `manage.py routes --json` prints: pattern, name, methods, roles."""
    rows = []
    for route in walk():
        declared = declaration(route)
        rows.append(
            {
                "pattern": route.pattern,
                "name": route.name,
                "methods": list(declared.methods) if declared else None,
                "roles": sorted(declared.roles) if declared else None,
            }
        )
    return rows


ADMIN = Declared(BOTH, WEB_TEAM)


def declaration(route: Route) -> Declared | None:
    """Return what is declared for a pattern, or None for one that nobody declared."""
    if route.in_admin:
        return ADMIN
    return DECLARED.get(route.name)
