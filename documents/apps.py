from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"

    def ready(self) -> None:
        from documents import witnesses  # noqa: F401, PLC0415
        from ledger import append_only  # noqa: PLC0415

        append_only.protect("documents.Receipt")
        append_only.protect("documents.DispatchVersion", when="issued_at")
