"""Let transactional tests empty append-only tables.

`TransactionTestCase` (and `django_db(transaction=True)`) deletes all rows after each test, which
the triggers refuse as they should. Here they are lifted for that flush and put up again. Activated
in the top-level conftest:

    pytest_plugins = ["tests.append_only_flush"]
"""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.test import TransactionTestCase

from ledger import append_only


@pytest.fixture(scope="session", autouse=True)
def append_only_tables_are_flushed() -> Iterator[None]:
    flush = TransactionTestCase._fixture_teardown

    def flush_with_triggers_lifted(test: TransactionTestCase) -> None:
        with ExitStack() as lifted:
            for alias in test._databases_names(include_mirrors=False):
                lifted.enter_context(append_only.lifted(using=alias))
            flush(test)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_with_triggers_lifted)
        yield
