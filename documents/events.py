"""The one signal of the house: something about a dispatch changed, inside the open transaction."""

from django.dispatch import Signal

#: Sent as the last line of each verb with `instance`, the dispatch, and `progress`: whether all that
#: changed is how far a recipient has come. Then nobody reads it who did not, and nothing is found by
#: other words; else search marks it dirty.
changed = Signal()
