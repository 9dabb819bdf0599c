from django.apps import AppConfig


class SeminarsConfig(AppConfig):
    name = "seminars"

    def ready(self) -> None:
        from ledger import append_only  # noqa: PLC0415

        append_only.protect("seminars.SeminarEvent")
