"""The rows of programmes, seminars, rooms, invitations and what came of them."""

from seminars.models.feeds import Feed
from seminars.models.holding import Attendance, Conclusion, Minutes
from seminars.models.invitations import Invitation, Nomination
from seminars.models.mails import SeminarMail, SeminarNotice
from seminars.models.papers import Paper, PaperVersion
from seminars.models.policies import Override, Policy, WorkingHours
from seminars.models.programmes import Order, Programme
from seminars.models.rooms import Equipment, Room, RoomBooking, RoomClaim, RoomClosure, RoomHours
from seminars.models.schedules import (
    ScheduleItem,
    ScheduleTold,
    ScheduleVersion,
    WeeklySchedule,
)
from seminars.models.seminars import (
    AgendaItem,
    Person,
    Seminar,
    SeminarEvent,
    Series,
    SkippedDate,
    Venue,
)
from seminars.models.surveys import HalfDaySurvey, SurveyAnswer, SurveyAsked

__all__ = [
    "AgendaItem",
    "Attendance",
    "Conclusion",
    "Equipment",
    "Feed",
    "HalfDaySurvey",
    "Invitation",
    "Minutes",
    "Nomination",
    "Order",
    "Override",
    "Paper",
    "PaperVersion",
    "Person",
    "Policy",
    "Programme",
    "Room",
    "RoomBooking",
    "RoomClaim",
    "RoomClosure",
    "RoomHours",
    "ScheduleItem",
    "ScheduleTold",
    "ScheduleVersion",
    "Seminar",
    "SeminarEvent",
    "SeminarMail",
    "SeminarNotice",
    "Series",
    "SkippedDate",
    "SurveyAnswer",
    "SurveyAsked",
    "Venue",
    "WeeklySchedule",
    "WorkingHours",
]
