from documents.models.circulation import (
    AddresseeLine,
    Chase,
    Circulation,
    Handling,
    Receipt,
)
from documents.models.dispatch import Attachment, Citation, Dispatch, DispatchVersion
from documents.models.exceptions import AgencyGrant, Grant
from documents.models.outbox import Notice, OutboxItem, WorkerBeat
from documents.models.reference import DeadlinePolicy, DocumentType, WorkField
from documents.models.registers import Register, RegisterEntry

__all__ = [
    "AddresseeLine",
    "AgencyGrant",
    "Attachment",
    "Chase",
    "Circulation",
    "Citation",
    "DeadlinePolicy",
    "Dispatch",
    "DispatchVersion",
    "DocumentType",
    "Grant",
    "Handling",
    "Notice",
    "OutboxItem",
    "Receipt",
    "Register",
    "RegisterEntry",
    "WorkField",
    "WorkerBeat",
]
