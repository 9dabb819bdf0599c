"""How many examples a property gets that needs a whole world for each: fewer than one of pure code.

The profile counts (tests/conftest.py): some in `make test`, many in `make prove`. A property in its
long form is the same class again, marked `prove`.
"""

from hypothesis import Phase, settings


def a_share(of: int) -> settings:
    """Return settings with the profile's examples divided by `of`; nothing is shrunk."""
    return settings(
        max_examples=max(settings.default.max_examples // of, 1),
        # A world is too large to be shrunk.
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
    )
