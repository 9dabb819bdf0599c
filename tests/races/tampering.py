"""The trials of tests/ledger, as a campaign among the others."""

from tests.ledger import tampering
from tests.races.outcome import Outcome


def ledger_tampering(*, trials: int, seed: int = 1) -> Outcome:
    """Change one thing in the ledger, again and again: verification must find each at its place."""
    outcome = Outcome(tampering.campaign(trials, seed))
    outcome.facts["trials"] = trials
    return outcome
