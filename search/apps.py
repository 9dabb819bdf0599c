from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"

    def ready(self) -> None:
        from documents import jobs  # noqa: PLC0415
        from search import (  # noqa: PLC0415
            abbreviations,
            dispatches,
            indexing,
            issuers,
            marking,
            registry,
            saved,
            seminars,
        )

        registry.register(dispatches.Dispatches(), words=dispatches.WORDS)
        registry.register(seminars.Seminars(), words=seminars.WORDS)
        marking.connect()
        abbreviations.connect()
        issuers.connect()
        jobs.beside_the_outbox += [indexing.Drain(), saved.watch]
