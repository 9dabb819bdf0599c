"""The fixed vocabularies of seminars, and the table of what may follow what."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.choices import DeputyScope, Role
from documents.choices import Rule


class SeminarKind(models.TextChoices):
    SEMINAR = "seminar", _("Seminar")  # hội thảo
    ROUND_TABLE = "round_table", _("Round table")  # tọa đàm
    CONFERENCE = "conference", _("Conference")  # hội nghị


class HalfDay(models.TextChoices):
    """Buổi: a seminar may have one before it has an hour."""

    MORNING = "morning", _("Morning")
    AFTERNOON = "afternoon", _("Afternoon")
    EVENING = "evening", _("Evening")
    WHOLE = "whole", _("Whole day")


class Free(models.TextChoices):
    """What an agency says of a half-day, where a survey asks for it."""

    BUSY = "busy", _("Busy")  # bận
    POSSIBLE = "possible", _("Possible")  # có thể
    FREE = "free", _("Free")  # rảnh


class Visibility(models.TextChoices):
    INVITED = "invited", _("The organiser and the agencies invited")
    EVERYBODY = "everybody", _("Everybody who signs in")


class ProgrammeState(models.TextChoices):
    OPEN = "open", _("Being carried out")
    CARRIED_OUT = "carried_out", _("Carried out")
    WAIVED = "waived", _("Waived")


class SeminarState(models.TextChoices):
    DRAFT = "draft", _("Draft")  # nháp
    TENTATIVE = "tentative", _("Tentative")  # dự kiến
    SCHEDULED = "scheduled", _("Scheduled")  # đã xếp lịch
    INVITED = "invited", _("Invited")  # đã mời
    UNDER_WAY = "under_way", _("Under way")  # đang diễn ra
    ENDED = "ended", _("Is over")  # đã kết thúc
    CONCLUDED = "concluded", _("Concluded")  # có kết luận
    REPORTED = "reported", _("Reported")  # đã báo cáo
    CANCELLED = "cancelled", _("Cancelled")  # hủy


#: Nobody was invited yet.
UNINVITED = (SeminarState.DRAFT, SeminarState.TENTATIVE, SeminarState.SCHEDULED)
#: Announced inside the house at least, and not begun: seats are given and taken back.
AWAITED = (SeminarState.TENTATIVE, SeminarState.SCHEDULED, SeminarState.INVITED)
#: Something may still speak against the plan.
PLANNED = (SeminarState.DRAFT, *AWAITED)
AHEAD = (*PLANNED, SeminarState.UNDER_WAY)
#: The day is behind it.
HELD = (SeminarState.ENDED, SeminarState.CONCLUDED, SeminarState.REPORTED)
#: It takes a person's or an agency's time.
TAKING_TIME = (*AWAITED, SeminarState.UNDER_WAY, *HELD)


class BookingState(models.TextChoices):
    HELD = "held", _("Held")
    CONFIRMED = "confirmed", _("Booked")


class InvitationRole(models.TextChoices):
    REQUIRED = "required", _("Must be there")
    OPTIONAL = "optional", _("May come")
    INFORMED = "informed", _("For information")


class Answer(models.TextChoices):
    NONE = "none", _("No answer yet")
    ACCEPTED = "accepted", _("Comes")
    DECLINED = "declined", _("Does not come")


class NominationState(models.TextChoices):
    """A delegate's seat. *Chờ xác nhận* waits for the chair, *danh sách chờ* for a seat."""

    PENDING = "pending", _("Waits for the chair's consent")
    CONFIRMED = "confirmed", _("Has a seat")
    QUEUED = "queued", _("In the queue for a seat")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REPLACED = "replaced", _("Replaced")


class Presence(models.TextChoices):
    PRESENT = "present", _("Present")  # có mặt
    SUBSTITUTE = "substitute", _("Substitute present")  # dự thay
    EXCUSED = "excused", _("Absent with a reason")  # vắng có lý do
    ABSENT = "absent", _("Absent without a reason")  # vắng không lý do


class SeminarNews(models.TextChoices):
    """What the office of an invited agency is told on its desk."""

    PROMOTED = "promoted", _("A delegate has a seat now")
    MOVED = "moved", _("Time or place has changed")
    POSTPONED = "postponed", _("Postponed")
    CANCELLED = "cancelled", _("Cancelled")
    CONSENTED = "consented", _("The chair agrees to the substitute")
    REFUSED = "refused", _("The chair does not agree to the substitute")


class MailTrouble(models.TextChoices):
    """Why an agency may not have the mail that tells of its invitation as it stands."""

    NO_MAILBOX = "no_mailbox", _("no mailbox is known: told here only")
    REFUSED = "refused", _("the mail was refused so far and is sent again")
    GIVEN_UP = "given_up", _("the mail could not be delivered")


class PaperState(models.TextChoices):
    """Tham luận: where a paper for the seminar stands."""

    REGISTERED = "registered", _("Registered")  # đăng ký
    SUBMITTED = "submitted", _("Submitted")  # đã nộp
    RETURNED = "returned", _("Returned")  # trả lại
    ACCEPTED = "accepted", _("Accepted")  # chấp nhận
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Repeats(models.TextChoices):
    """By what rule a seminar comes again."""

    WEEKS = "weeks", _("Every so many weeks, on the same weekday")
    MONTH_WEEKDAY = "month_weekday", _("Every so many months, on the same weekday of the month")
    MONTH_DAY = "month_day", _("Every so many months, on the same day of the month")


class FeedScope(models.TextChoices):
    """What a calendar feed shows; each within what its owner may see."""

    MINE = "mine", _("What concerns my agencies")
    AGENCY = "agency", _("What one agency holds or is invited to")
    EVERYBODY = "everybody", _("What is shown to everybody")


class Level(models.TextChoices):
    """What a finding does: a block stands against publishing until it is settled or overridden."""

    BLOCK = "block", _("Stands against it")
    WARN = "warn", _("Warning")


class FindingCode(models.TextChoices):
    ROOM_TOO_SMALL = "room_too_small", _("Room too small")
    ROOM_CLOSED = "room_closed", _("Room closed")
    PERSON_TWICE = "person_twice", _("Somebody in two places")
    TRAVEL_GAP = "travel_gap", _("Too little time to travel")
    AGENCY_TWICE = "agency_twice", _("Agency invited twice at one time")
    DAY_OFF = "day_off", _("Not a working day")
    OUTSIDE_HOURS = "outside_hours", _("Outside working hours")
    INVITE_LATE = "invite_late", _("Invitation late")
    PAPERS_LATE = "papers_late", _("Paper late")
    AGENDA_LONG = "agenda_long", _("Agenda longer than the seminar")
    AFTER_DEADLINE = "after_deadline", _("After the deadline")
    OVER_CAP = "over_cap", _("More delegates than allowed")


class Act(models.TextChoices):
    """What people do to seminars: every act asks the gate with one of these."""

    EDIT = "edit", _("Edit")
    HOLD = "hold", _("Hold the date")
    SCHEDULE = "schedule", _("Schedule")
    MOVE = "move", _("Move")
    SET_PLACES = "set_places", _("Change places and seats")
    SET_AGENDA = "set_agenda", _("Change the agenda")
    REPEAT = "repeat", _("Repeat")
    LIST_INVITED = "list_invited", _("Say who is invited")
    SURVEY = "survey", _("Ask when agencies are free")
    INVITE = "invite", _("Invite")
    POSTPONE = "postpone", _("Postpone")
    CANCEL = "cancel", _("Cancel")
    OPEN = "open", _("Open")
    CLOSE = "close", _("Close")
    MARK = "mark", _("Take attendance")
    WRITE_MINUTES = "write_minutes", _("Write the minutes")
    APPROVE_MINUTES = "approve_minutes", _("Approve the minutes")
    CONCLUDE = "conclude", _("Conclude")
    REPORT = "report", _("Report back")
    OVERRIDE = "override", _("Let a finding stand")
    ACCEPT_PAPER = "accept_paper", _("Accept a paper")
    RETURN_PAPER = "return_paper", _("Return a paper")
    # What invited agencies and the clock do: kept in the events, with rules of their own.
    DRAFT_PAPER = "draft_paper", _("Draft a paper")
    ANSWER = "answer", _("Answer the invitation")
    ANSWER_BY_LINK = "answer_by_link", _("Answered by the link in the mail")
    NAME = "name", _("Name a delegate")
    WITHDRAW = "withdraw", _("Take a delegate back")
    SUBSTITUTE = "substitute", _("Name a substitute")
    CONSENT = "consent", _("Answer for the chair")
    REGISTER_PAPER = "register_paper", _("Register a paper")
    SUBMIT_PAPER = "submit_paper", _("Submit a paper")
    WITHDRAW_PAPER = "withdraw_paper", _("Withdraw a paper")
    PROMOTE = "promote", _("A seat fell free")
    SAY_FREE = "say_free", _("Say when one is free")
    ROOM_LOST = "room_lost", _("The hold of a room ran out")


_PLANNERS = frozenset({Role.CLERK, Role.OFFICER, Role.LEADER, Role.HEAD})
_LEADERS = frozenset({Role.LEADER, Role.HEAD})
_OFFICE = Role.office()
_OUT = DeputyScope.OUTGOING

_NEW = frozenset({SeminarState.DRAFT})
_SET = frozenset(AWAITED)
_AHEAD = frozenset(PLANNED)
_AFTER = frozenset({SeminarState.ENDED})
#: Papers are registered, handed in and read from the invitation until the minutes are done.
PAPERS_TAKEN = _SET | {SeminarState.UNDER_WAY, SeminarState.ENDED}

#: The life of a seminar at the agency that organises it. The only place that says so.
SEMINAR_RULES: dict[Act, Rule] = {
    Act.EDIT: Rule(_AHEAD, _PLANNERS, _OUT),
    Act.HOLD: Rule(_NEW, _PLANNERS, _OUT, SeminarState.TENTATIVE),
    Act.SCHEDULE: Rule(
        frozenset({SeminarState.TENTATIVE}), _PLANNERS, _OUT, SeminarState.SCHEDULED
    ),
    Act.MOVE: Rule(_AHEAD, _PLANNERS, _OUT),
    Act.SET_PLACES: Rule(_AHEAD, _PLANNERS, _OUT),
    Act.SET_AGENDA: Rule(_AHEAD, _PLANNERS, _OUT),
    Act.REPEAT: Rule(_AHEAD, _PLANNERS, _OUT),
    Act.LIST_INVITED: Rule(_AHEAD, _PLANNERS, _OUT),
    Act.SURVEY: Rule(_AHEAD, _PLANNERS, _OUT),
    Act.ACCEPT_PAPER: Rule(PAPERS_TAKEN, _PLANNERS, _OUT),
    Act.RETURN_PAPER: Rule(PAPERS_TAKEN, _PLANNERS, _OUT),
    # Once invited: those who were listed since, or more time to answer.
    Act.INVITE: Rule(
        frozenset({SeminarState.SCHEDULED, SeminarState.INVITED}),
        _OFFICE,
        _OUT,
        SeminarState.INVITED,
    ),
    # Hoãn returns it to dự kiến; hủy is final.
    Act.POSTPONE: Rule(_SET, _OFFICE, _OUT, SeminarState.TENTATIVE),
    Act.CANCEL: Rule(_AHEAD, _OFFICE, _OUT, SeminarState.CANCELLED),
    Act.OPEN: Rule(
        frozenset({SeminarState.SCHEDULED, SeminarState.INVITED}),
        _PLANNERS,
        _OUT,
        SeminarState.UNDER_WAY,
    ),
    Act.MARK: Rule(frozenset({SeminarState.UNDER_WAY, SeminarState.ENDED}), _PLANNERS, _OUT),
    Act.OVERRIDE: Rule(_AHEAD, _OFFICE, _OUT),
    Act.CLOSE: Rule(frozenset({SeminarState.UNDER_WAY}), _PLANNERS, _OUT, SeminarState.ENDED),
    Act.WRITE_MINUTES: Rule(
        frozenset({SeminarState.UNDER_WAY, SeminarState.ENDED}), _PLANNERS, _OUT
    ),
    Act.APPROVE_MINUTES: Rule(_AFTER, _LEADERS, _OUT),
    Act.CONCLUDE: Rule(_AFTER, _OFFICE, _OUT, SeminarState.CONCLUDED),
    Act.REPORT: Rule(frozenset({SeminarState.CONCLUDED}), _OFFICE, _OUT, SeminarState.REPORTED),
}

_OPEN_PAPERS = frozenset({PaperState.REGISTERED, PaperState.SUBMITTED, PaperState.RETURNED})

#: From which states of a paper an act leads, and to which.
PAPER_RULES: dict[Act, tuple[frozenset[PaperState], PaperState]] = {
    Act.SUBMIT_PAPER: (_OPEN_PAPERS, PaperState.SUBMITTED),
    Act.ACCEPT_PAPER: (frozenset({PaperState.SUBMITTED}), PaperState.ACCEPTED),
    Act.RETURN_PAPER: (frozenset({PaperState.SUBMITTED}), PaperState.RETURNED),
    Act.WITHDRAW_PAPER: (_OPEN_PAPERS, PaperState.WITHDRAWN),
}
