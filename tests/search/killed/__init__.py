"""Workers that are killed while they fill the index: `python -m tests.search.killed FOLDER SIZES`.

A program of its own, on a database of its own (DATABASE_URL), as the campaigns of `tests.races`.
"""

import tests.races  # noqa: F401 - Django stands ready for whatever imports this
