from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"

    def ready(self) -> None:
        from documents import jobs  # noqa: PLC0415
        from search import abbreviations, dispatches, indexing, marking, registry  # noqa: PLC0415

        registry.register(dispatches.Dispatches(), words=dispatches.WORDS)
        marking.connect()
        abbreviations.connect()
        jobs.beside_the_outbox.append(indexing.Drain())
