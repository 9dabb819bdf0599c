"""The verbs of seminars: each atomic, permission and state asked after locking."""

from seminars.lifecycle.agenda import Line, set_agenda
from seminars.lifecycle.announcing import (
    cancel,
    hold,
    let_holds_run_out,
    let_stand,
    postpone,
    schedule,
)
from seminars.lifecycle.concluding import (
    attach_paper,
    begin_programme,
    close_programme,
    conclude,
    report,
)
from seminars.lifecycle.feeds import NewFeed, make_feed, revoke_feed
from seminars.lifecycle.holding import (
    Mark,
    WalkIn,
    approve_minutes,
    close,
    mark,
    open_seminar,
    write_minutes,
)
from seminars.lifecycle.inviting import (
    Invited,
    answer,
    answer_by_link,
    attach_letter,
    invite,
    list_invited,
)
from seminars.lifecycle.issuing_schedules import issue_schedule
from seminars.lifecycle.mailing import begin_mail, mail_sent
from seminars.lifecycle.papers import (
    accept_paper,
    register_paper,
    return_paper,
    submit_paper,
    withdraw_paper,
)
from seminars.lifecycle.planning import draft, edit, move, set_places
from seminars.lifecycle.plans import Details, Place, Time
from seminars.lifecycle.schedules import (
    Additions,
    Frame,
    ScheduleLine,
    add_item,
    begin_schedule,
    change_item,
    copy_last_week,
    put_back,
    set_frame,
    take_out,
)
from seminars.lifecycle.seats import (
    consent,
    name_delegate,
    promote_after_deadline,
    substitute,
    withdraw_delegate,
)
from seminars.lifecycle.series import Occurrence, repeat, take_back
from seminars.lifecycle.surveys import (
    Question,
    answer_survey,
    ask_half_days,
    change_survey,
    close_survey,
)
from seminars.lifecycle.whole import apply_plan

__all__ = [
    "Additions",
    "Details",
    "Frame",
    "Invited",
    "Line",
    "Mark",
    "NewFeed",
    "Occurrence",
    "Place",
    "Question",
    "ScheduleLine",
    "Time",
    "WalkIn",
    "accept_paper",
    "add_item",
    "answer",
    "answer_by_link",
    "answer_survey",
    "apply_plan",
    "approve_minutes",
    "ask_half_days",
    "attach_letter",
    "attach_paper",
    "begin_mail",
    "begin_programme",
    "begin_schedule",
    "cancel",
    "change_item",
    "change_survey",
    "close",
    "close_programme",
    "close_survey",
    "conclude",
    "consent",
    "copy_last_week",
    "draft",
    "edit",
    "hold",
    "invite",
    "issue_schedule",
    "let_holds_run_out",
    "let_stand",
    "list_invited",
    "mail_sent",
    "make_feed",
    "mark",
    "move",
    "name_delegate",
    "open_seminar",
    "postpone",
    "promote_after_deadline",
    "put_back",
    "register_paper",
    "repeat",
    "report",
    "return_paper",
    "revoke_feed",
    "schedule",
    "set_agenda",
    "set_frame",
    "set_places",
    "submit_paper",
    "substitute",
    "take_back",
    "take_out",
    "withdraw_delegate",
    "withdraw_paper",
    "write_minutes",
]
