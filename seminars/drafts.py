"""Begin an official paper for a seminar, as its drafter would by hand: two verbs of documents."""

from datetime import datetime

from agencies.models import Agency, User
from documents import lifecycle as papers
from documents.choices import Expectation
from documents.models import Dispatch, DocumentType
from seminars.letters import Draft


def begin(agency: Agency, draft: Draft, *, by: User, at: datetime) -> Dispatch:
    """Return a new draft of the agency with these words; it goes the ordinary way from here.

    Raises: what documents.lifecycle.draft and save_draft raise.
    """
    paper = papers.draft(
        agency=agency, type=DocumentType.objects.get(slug=draft.type), by=by, at=at
    )
    return papers.save_draft(
        dispatch=paper,
        by=by,
        at=at,
        seen_edits=paper.edits,
        values={
            "subject": draft.subject,
            "expectation": Expectation.ACKNOWLEDGE,
            "field": draft.field,
        },
        text=draft.text,
        lines=draft.lines,
    )
