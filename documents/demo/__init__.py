"""The demonstration: Tây Ninh in June 2016, and one real dispatch going round.

Everything is done by the verbs, at stated moments, as people would have done it. The officials are
invented; the agencies are those of 2016; the text is the real one, slips included.
"""

from agencies.demo import PASSWORD, people
from documents.demo.story import tell

__all__ = ["PASSWORD", "people", "tell"]
