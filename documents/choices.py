"""The fixed vocabularies of dispatches, and the two tables of what may follow what."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.choices import DeputyScope, Role


class TypeFamily(models.TextChoices):
    ADMINISTRATIVE = "administrative", _("Administrative")  # Decree 30/2020, article 7
    LEGAL = "legal", _("Legal instrument")
    SPECIALISED = "specialised", _("Specialised")
    PARTY = "party", _("Party")
    OTHER = "other", _("Other")


class ArchiveKind(models.TextChoices):
    DIRECTIVE = "directive", _("Directive")
    GUIDANCE = "guidance", _("Guidance")
    REPORT = "report", _("Report")
    CONCLUSION = "conclusion", _("Conclusion")
    OTHER = "other", _("Other")


class Urgency(models.TextChoices):
    """Decree 30/2020, Appendix I: the stamps of urgency, and their absence."""

    ORDINARY = "ordinary", _("Ordinary")
    URGENT = "urgent", _("Urgent")  # Khẩn
    VERY_URGENT = "very_urgent", _("Very urgent")  # Thượng khẩn
    EXPRESS = "express", _("Express")  # Hỏa tốc


class Capacity(models.TextChoices):
    """In what capacity a paper is signed: Decree 30/2020, article 13."""

    HEAD = "head", _("In his own right")
    TM = "tm", _("TM. (on behalf of the collective)")
    KT = "kt", _("KT. (for the head, by a deputy)")
    Q = "q", _("Q. (acting head)")
    TL = "tl", _("TL. (by order)")
    TUQ = "tuq", _("TUQ. (under a power of attorney)")


class Expectation(models.TextChoices):
    """What the sender expects of a recipient."""

    INFORM = "inform", _("For information")
    ACKNOWLEDGE = "acknowledge", _("Acknowledge receipt")
    ACT = "act", _("Act on it")
    REPORT = "report", _("Act and report")


#: Who expects more than reading expects an acknowledgement.
ACKNOWLEDGED = frozenset({Expectation.ACKNOWLEDGE, Expectation.ACT, Expectation.REPORT})


class LineRole(models.TextChoices):
    TO = "to", _("Addressed to")  # Kính gửi
    COPY = "copy", _("Copy to")  # Nơi nhận
    ARCHIVE = "archive", _("File copy")  # Lưu


class Tone(models.TextChoices):
    ORDERED = "ordered", _("Ordered")  # yêu cầu, giao
    ASKED = "asked", _("Asked")  # đề nghị: a body outside the chain of command


class DueSource(models.TextChoices):
    NONE = "none", _("No deadline")
    PRINTED = "printed", _("Printed in the paper")
    SENDER = "sender", _("Set by the sender when issuing")


class RegisterKind(models.TextChoices):
    OUTGOING = "outgoing", _("Outgoing")
    INCOMING = "incoming", _("Incoming")


class NumberState(models.TextChoices):
    ISSUED = "issued", _("Given")
    VOIDED = "voided", _("Voided")


class CitationKind(models.TextChoices):
    CITES = "cites", _("Cites")
    IMPLEMENTS = "implements", _("Implements")
    REPLIES_TO = "replies_to", _("Replies to")
    REPLACES = "replaces", _("Replaces")
    AMENDS = "amends", _("Amends")
    CORRECTS = "corrects", _("Corrects")


class FileRole(models.TextChoices):
    MAIN = "main", _("Main text")
    ANNEX = "annex", _("Annex")
    SCAN = "scan", _("Scan")


class ReceiptKind(models.TextChoices):
    """What happened to one circulation. Each is a fact of its own and is never rewritten."""

    DELIVERED = "delivered", _("Delivered")
    OPENED = "opened", _("Opened")
    RECEIVED = "received", _("Received")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    ASSIGNED = "assigned", _("Assigned")
    RETURNED = "returned", _("Returned")
    RECALLED = "recalled", _("Recalled")
    RECALL_REQUESTED = "recall_requested", _("Recall requested")
    RECALL_AGREED = "recall_agreed", _("Recall agreed")
    RECALL_REFUSED = "recall_refused", _("Recall refused")


class HandlingRole(models.TextChoices):
    LEAD = "lead", _("Leads")  # chủ trì
    SUPPORT = "support", _("Supports")  # phối hợp
    INFORM = "inform", _("Is informed")


class NoticeKind(models.TextChoices):
    ARRIVED = "arrived", _("A dispatch has arrived")
    UPDATED = "updated", _("A dispatch was updated")
    CHASED = "chased", _("A reminder from the sender")
    RETURNED = "returned", _("A recipient returned a dispatch")
    RECALLED = "recalled", _("A dispatch was recalled")
    RECALL_REQUESTED = "recall_requested", _("The sender asks for a dispatch back")
    RECALL_ANSWERED = "recall_answered", _("A recipient answered a recall")
    ASSIGNED = "assigned", _("A dispatch was assigned to you")
    SUBMITTED = "submitted", _("A draft waits for signature")
    SENT_BACK = "sent_back", _("A draft came back")
    SIGNED = "signed", _("A signed paper waits for its number")


# -- Lifecycles -------------------------------------------------------------------------------


class State(models.TextChoices):
    """Where a dispatch stands in the house that registers it."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for signature")
    SIGNED = "signed", _("Signed")
    NUMBERED = "numbered", _("Numbered")
    ISSUED = "issued", _("Issued")
    DISCARDED = "discarded", _("Discarded")


class CirculationState(models.TextChoices):
    """Where a circulation stands at its recipient; national codes in brackets."""

    SENT = "sent", _("Sent")  # 01 đã đến
    RECEIVED = "received", _("Received")  # 03 đã tiếp nhận
    ASSIGNED = "assigned", _("Assigned")  # 04 phân công
    IN_PROGRESS = "in_progress", _("In progress")  # 05 đang xử lý
    DONE = "done", _("Done")  # 06 hoàn thành
    RETURNED = "returned", _("Returned")  # 02 từ chối


class RecallState(models.TextChoices):
    NONE = "none", _("Not recalled")
    REQUESTED = "requested", _("Recall requested")  # 13
    AGREED = "agreed", _("Recalled")  # 15
    REFUSED = "refused", _("Recall refused")  # 16


class Action(models.TextChoices):
    """What people do to dispatches and circulations: every act asks the gate with one of these."""

    EDIT = "edit", _("Edit the draft")
    SUBMIT = "submit", _("Submit for signature")
    SEND_BACK = "send_back", _("Send back")
    SIGN = "sign", _("Sign")
    NUMBER = "number", _("Give a number")
    VOID = "void", _("Void the number")
    ISSUE = "issue", _("Issue")
    DISCARD = "discard", _("Discard the draft")
    UPDATE = "update", _("Add files")
    CIRCULATE = "circulate", _("Circulate further")
    TRACK = "track", _("Follow the recipients")
    CHASE = "chase", _("Remind late offices")
    RECALL = "recall", _("Recall")
    GRANT = "grant", _("Let somebody else read")
    RECEIVE = "receive", _("Receive")
    RETURN = "return", _("Return as misdirected")
    ASSIGN = "assign", _("Assign")
    ACKNOWLEDGE = "acknowledge", _("Acknowledge")
    ANSWER_RECALL = "answer_recall", _("Answer a recall")


@dataclass(frozen=True)
class Rule:
    """Who may do an act, in which states, and which state follows (None: it stays)."""

    states: frozenset[str]
    roles: frozenset[Role]
    scope: DeputyScope
    to: str | None = None
    #: The one who wrote the draft may do it too, whatever his role.
    drafter: bool = False


_WRITERS = frozenset({Role.CLERK, Role.OFFICER, Role.LEADER, Role.HEAD})
_LEADERS = frozenset({Role.LEADER, Role.HEAD})
_CLERK = frozenset({Role.CLERK})
_OFFICE = Role.office()
_OUT = DeputyScope.OUTGOING
_IN = DeputyScope.INCOMING


def _states(*states: str) -> frozenset[str]:
    return frozenset(states)


#: The lifecycle of a dispatch in the agency that registers it. The only place that says so.
DISPATCH_RULES: dict[Action, Rule] = {
    Action.EDIT: Rule(_states(State.DRAFT), _CLERK, _OUT, drafter=True),
    Action.SUBMIT: Rule(_states(State.DRAFT), _CLERK, _OUT, State.SUBMITTED, drafter=True),
    Action.DISCARD: Rule(_states(State.DRAFT), frozenset(), _OUT, State.DISCARDED, drafter=True),
    Action.SEND_BACK: Rule(_states(State.SUBMITTED, State.SIGNED), _OFFICE, _OUT, State.DRAFT),
    Action.SIGN: Rule(_states(State.SUBMITTED), _LEADERS, _OUT, State.SIGNED),
    # Decree 30/2020, articles 14 to 16: the records clerk numbers and dates, nobody else.
    Action.NUMBER: Rule(_states(State.SIGNED), _CLERK, _OUT, State.NUMBERED),
    Action.VOID: Rule(_states(State.NUMBERED), _CLERK, _OUT, State.SIGNED),
    Action.ISSUE: Rule(_states(State.NUMBERED), _CLERK, _OUT, State.ISSUED),
    Action.UPDATE: Rule(_states(State.ISSUED), _CLERK, _OUT),
    Action.CIRCULATE: Rule(_states(State.ISSUED), _CLERK, _OUT),
    Action.TRACK: Rule(_states(State.ISSUED), _WRITERS, _OUT),
    Action.CHASE: Rule(_states(State.ISSUED), _OFFICE, _OUT),
    Action.RECALL: Rule(_states(State.ISSUED), _OFFICE, _OUT),
    Action.GRANT: Rule(_states(State.ISSUED), _LEADERS, _OUT),
}

#: The ladder of a circulation at its recipient.
CIRCULATION_RULES: dict[Action, Rule] = {
    Action.RECEIVE: Rule(_states(CirculationState.SENT), _CLERK, _IN, CirculationState.RECEIVED),
    Action.RETURN: Rule(
        _states(CirculationState.SENT, CirculationState.RECEIVED),
        _CLERK,
        _IN,
        CirculationState.RETURNED,
    ),
    Action.ASSIGN: Rule(
        _states(CirculationState.RECEIVED, CirculationState.ASSIGNED, CirculationState.IN_PROGRESS),
        _OFFICE,
        _IN,
        CirculationState.ASSIGNED,
    ),
    Action.ACKNOWLEDGE: Rule(
        _states(
            CirculationState.RECEIVED,
            CirculationState.ASSIGNED,
            CirculationState.IN_PROGRESS,
            CirculationState.DONE,
        ),
        _OFFICE,
        _IN,
    ),
    Action.ANSWER_RECALL: Rule(
        _states(
            CirculationState.SENT,
            CirculationState.RECEIVED,
            CirculationState.ASSIGNED,
            CirculationState.IN_PROGRESS,
            CirculationState.DONE,
        ),
        _OFFICE,
        _IN,
    ),
}

#: States in which the recipient has taken the paper over: a recall must then be asked for.
TAKEN_OVER = _states(
    CirculationState.RECEIVED,
    CirculationState.ASSIGNED,
    CirculationState.IN_PROGRESS,
    CirculationState.DONE,
)
