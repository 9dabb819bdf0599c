from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from ledger import append_only


class LedgerConfig(AppConfig):
    name = "ledger"

    def ready(self) -> None:
        append_only.protect("ledger.LedgerEntry")
        post_migrate.connect(append_only.restore, dispatch_uid="ledger.append_only.restore")
        post_migrate.connect(found_chain, sender=self, dispatch_uid="ledger.found_chain")


def found_chain(sender: AppConfig, using: str, **kwargs: object) -> None:
    """Give a flushed database the head that its migration once made."""
    from ledger import record  # noqa: PLC0415 - needs the models
    from ledger.models import LedgerEntry, LedgerHead  # noqa: PLC0415

    needed = {LedgerEntry._meta.db_table, LedgerHead._meta.db_table}
    if needed <= set(connections[using].introspection.table_names()):
        record.found(using)
