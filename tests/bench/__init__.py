"""Load and latency on a large archive: `make bench`."""

import tests.races  # noqa: F401 - Django stands ready for whatever is imported next
