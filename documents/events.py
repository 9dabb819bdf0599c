"""The one signal of the house: something about a dispatch changed, inside the open transaction."""

from django.dispatch import Signal

#: Sent as the last line of each verb with `instance`, the dispatch. Search marks it dirty.
changed = Signal()
