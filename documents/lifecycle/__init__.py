"""The verbs of a dispatch, in the order of its life.

Each takes the actor (`by`) and the moment (`at`), locks in the order register, dispatch,
circulation, ledger, asks the gate after locking, writes everything or nothing, and ends with one
ledger line and one event. None touches network, mail or files.
"""

from documents.lifecycle.drafting import (
    FileFacts,
    LineDraft,
    attach,
    detach,
    discard,
    draft,
    record_refused_secret,
    save_draft,
    submit,
)
from documents.lifecycle.exceptions import grant_agency, grant_person, withdraw_exception
from documents.lifecycle.filing import file_as
from documents.lifecycle.issuing import (
    Deadline,
    circulate,
    issue,
    number,
    number_and_issue,
    update,
    void_number,
)
from documents.lifecycle.outside import OutsidePaper, register_outside
from documents.lifecycle.recalling import answer_recall, recall
from documents.lifecycle.receiving import (
    acknowledge,
    assign,
    chase,
    open_text,
    receive,
    return_to_sender,
)
from documents.lifecycle.signing import send_back, sign

__all__ = [
    "Deadline",
    "FileFacts",
    "LineDraft",
    "OutsidePaper",
    "acknowledge",
    "answer_recall",
    "assign",
    "attach",
    "chase",
    "circulate",
    "detach",
    "discard",
    "draft",
    "file_as",
    "grant_agency",
    "grant_person",
    "issue",
    "number",
    "number_and_issue",
    "open_text",
    "recall",
    "receive",
    "record_refused_secret",
    "register_outside",
    "return_to_sender",
    "save_draft",
    "send_back",
    "sign",
    "submit",
    "update",
    "void_number",
    "withdraw_exception",
]
