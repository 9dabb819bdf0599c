from django.apps import AppConfig


class SeminarsConfig(AppConfig):
    name = "seminars"

    def ready(self) -> None:
        from documents.jobs import beside_the_outbox  # noqa: PLC0415
        from documents.storage import spoken_for  # noqa: PLC0415
        from ledger import append_only  # noqa: PLC0415
        from seminars import schedule_witnesses, witnesses  # noqa: F401, PLC0415
        from seminars.jobs import look_at_the_clock, mail_one  # noqa: PLC0415

        append_only.protect("seminars.SeminarEvent")
        append_only.protect("seminars.Minutes", when="approved_at")
        append_only.protect("seminars.PaperVersion")
        append_only.protect("seminars.ScheduleVersion")
        append_only.protect("seminars.ScheduleTold")
        spoken_for.append(witnesses.is_of_a_paper)
        beside_the_outbox += [look_at_the_clock, mail_one]
