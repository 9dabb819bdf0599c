from django.apps import AppConfig


class IntranetConfig(AppConfig):
    name = "intranet"

    def ready(self) -> None:
        from intranet import checks  # noqa: F401, PLC0415
