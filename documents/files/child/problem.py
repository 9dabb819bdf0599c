"""How a check says no."""


class Problem(Exception):
    """The file is refused: a code of `documents.files.refusals.REASONS`, and the limit it broke."""

    def __init__(self, code: str, limit: int | None = None) -> None:
        self.code = code
        self.limit = limit
        super().__init__(code)
