"""Calendar feeds: made and revoked by their owner."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, User
from agencies.refusals import Reason, Reasons
from documents import access as papers
from documents.refusals import Incomplete, NotFound, WrongState
from seminars.choices import FeedScope
from seminars.models import Feed

#: One telephone, one computer, one wall in the office: more are forgotten ones.
MOST_FEEDS = 20


@dataclass(frozen=True)
class NewFeed:
    """A feed with its secret, which is shown now and never again."""

    feed: Feed
    token: str


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_feed(*, scope: str, agency: Agency | None = None, by: User, at: datetime) -> NewFeed:
    """Make a feed of one's own; its secret is 32 random bytes.

    Raises: Incomplete (too many; the agency is not one of the person's).
    """
    who = papers.standing(by, at=at)
    found = Reasons()
    living = Feed.objects.living().filter(owner=by).count()
    text = _("You have %(most)s feeds already: revoke those that nobody uses.")
    found.against(living >= MOST_FEEDS, "scope", text % {"most": MOST_FEEDS})
    if scope == FeedScope.AGENCY:
        own = agency is not None and agency.pk in who.readers_of
        found.against(not own, "agency", _("Choose one of your agencies."))
    found.refuse(Incomplete)
    token = secrets.token_urlsafe(32)
    feed = Feed.objects.create(
        owner=by, scope=scope, agency=agency if scope == FeedScope.AGENCY else None,
        token_hash=hash_of(token), made_at=at,
    )  # fmt: skip
    return NewFeed(feed, token)


@transaction.atomic
def revoke_feed(*, feed: Feed, by: User, at: datetime) -> None:
    """End a feed at once; its address answers like one that never was.

    Raises: NotFound (another person's), WrongState.
    """
    row = Feed.objects.select_for_update().filter(pk=feed.pk, owner=by).first()
    if row is None:
        raise NotFound
    if row.revoked_at is not None:
        raise WrongState([Reason("feed", _("This feed was revoked already."))])
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
