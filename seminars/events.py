"""The one signal: something about a seminar changed, inside the open transaction."""

from django.dispatch import Signal

#: Sent as the last line of each verb with `instance`, the seminar. Search marks it dirty.
changed = Signal()
