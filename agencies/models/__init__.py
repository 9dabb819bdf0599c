from agencies.models.agencies import Agency, AgencyName, Succession
from agencies.models.calendar import DayRule, DemoClock
from agencies.models.links import SignInLink
from agencies.models.lists import DistributionList, ListMember
from agencies.models.people import Deputy, Post, User

__all__ = [
    "Agency",
    "AgencyName",
    "DayRule",
    "DemoClock",
    "Deputy",
    "DistributionList",
    "ListMember",
    "Post",
    "SignInLink",
    "Succession",
    "User",
]
