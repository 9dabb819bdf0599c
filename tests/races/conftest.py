"""A migrated database for the campaigns, once a test run."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from documents.models import DocumentType
from tests.races import database


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("races")


@pytest.fixture(scope="session")
def template(folder: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A copy of the test database, which costs nothing; migrated anew if a flush emptied that."""
    with ExitStack() as kept, django_db_blocker.unblock():
        if not DocumentType.objects.exists():
            yield kept.enter_context(database.migrated(folder))
        elif connection.vendor == "sqlite":
            file = folder / "template.sqlite3"
            with sqlite3.connect(file) as copy:
                connection.connection.backup(copy)
            copy.close()
            yield f"sqlite:///{file}"
        else:
            connection.close()
            tested = database.on_the_server(str(connection.settings_dict["NAME"]))
            yield kept.enter_context(database.copied(tested, folder))
