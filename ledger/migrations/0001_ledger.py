from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import Exact

import ledger.models

GENESIS = "0" * 64


def found_chain(apps, schema_editor):
    head = apps.get_model("ledger", "LedgerHead")
    head.objects.using(schema_editor.connection.alias).create(id=1, seq=0, hash=GENESIS)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", ledger.models.MomentField(db_index=True)),
                ("type", models.CharField(db_index=True, max_length=60)),
                ("entry_bytes", models.BinaryField()),
                ("prev", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "verbose_name_plural": "ledger entries",
                "ordering": ("seq",),
                "constraints": [
                    models.CheckConstraint(
                        name="ledger_entry_first_continues_nothing",
                        condition=models.Q(
                            models.Q(("prev", GENESIS), ("seq", 1)),
                            models.Q(("seq__gt", 1), models.Q(("prev", GENESIS), _negated=True)),
                            _connector="OR",
                        ),
                    ),
                    models.CheckConstraint(
                        name="ledger_entry_hashes_are_whole",
                        condition=models.Q(Exact(Length("prev"), 64), Exact(Length("hash"), 64)),
                    ),
                    models.CheckConstraint(
                        name="ledger_entry_type_given",
                        condition=models.Q(("type", ""), _negated=True),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerHead",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("seq", models.BigIntegerField(default=0)),
                ("hash", models.CharField(default=GENESIS, max_length=64)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        name="ledger_head_is_one", condition=models.Q(("id", 1))
                    ),
                    models.CheckConstraint(
                        name="ledger_head_of_an_empty_chain",
                        condition=models.Q(
                            models.Q(("hash", GENESIS), ("seq", 0)),
                            models.Q(("seq__gt", 0), models.Q(("hash", GENESIS), _negated=True)),
                            _connector="OR",
                        ),
                    ),
                    models.CheckConstraint(
                        name="ledger_head_hash_is_whole",
                        condition=models.Q(Exact(Length("hash"), 64)),
                    ),
                ],
            },
        ),
        # Going back drops the tables, and the head with them.
        migrations.RunPython(found_chain, migrations.RunPython.noop),
    ]
