"""The edge of a verb: its own transaction is the outermost, so that its answer is the truth."""

from django.db import connection
from django.db.transaction import TransactionManagementError


def at_the_edge() -> None:
    """Make sure that no transaction is open around the verb about to be called.

    What a verb wrote is then committed before the answer says that it was. The transaction that a
    test case wraps around a test does not count.

    Raises: TransactionManagementError.
    """
    if [each for each in connection.atomic_blocks if not getattr(each, "_from_testcase", False)]:
        raise TransactionManagementError("a transaction is open around a verb")
