"""The fixed vocabularies of who exists."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgencyKind(models.TextChoices):
    COMMITTEE = "committee", _("People's Committee")
    DEPARTMENT = "department", _("Department")
    PARTY = "party", _("Party body")
    FRONT = "front", _("Front or mass organisation")
    PRESS = "press", _("Press and broadcasting")
    DISTRICT = "district", _("District or city")
    COMMUNE = "commune", _("Commune or ward")
    UNIT = "unit", _("Unit inside an agency")
    OUTSIDE = "outside", _("Body outside the network")


class Audience(models.TextChoices):
    """Who inside an agency reads what was sent to it."""

    AGENCY = "agency", _("The whole agency")
    OFFICE = "office", _("Its office, and whom it assigns")


class Role(models.TextChoices):
    CLERK = "clerk", _("Records clerk")  # văn thư
    OFFICER = "officer", _("Officer")  # chuyên viên
    LEADER = "leader", _("Leader")  # lãnh đạo
    HEAD = "head", _("Head")  # thủ trưởng
    ARCHIVIST = "archivist", _("Archivist")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")

    @classmethod
    def readers(cls) -> frozenset["Role"]:
        """Roles whose holders read what was sent to their agency as a whole."""
        return frozenset({cls.CLERK, cls.OFFICER, cls.LEADER, cls.HEAD, cls.ARCHIVIST})

    @classmethod
    def office(cls) -> frozenset["Role"]:
        """Roles that make up the office of an agency: they read whatever reaches it."""
        return frozenset({cls.CLERK, cls.LEADER, cls.HEAD})


class DeputyScope(models.TextChoices):
    """What a deputy may do in the place of the one who is away; each scope lets him read."""

    ALL = "all", _("All acts")
    INCOMING = "incoming", _("Incoming dispatches")
    OUTGOING = "outgoing", _("Outgoing dispatches")
    READING = "reading", _("Reading only")


class SuccessionKind(models.TextChoices):
    RENAME = "rename", _("Renamed")
    MERGE = "merge", _("Merged")
    SPLIT = "split", _("Split")
    TRANSFER = "transfer", _("Functions transferred")
    ABOLISH = "abolish", _("Abolished")
    ABSORB = "absorb", _("Absorbed")


class DayKind(models.TextChoices):
    WORKING = "working", _("Working day")
    OFF = "off", _("Day off")
