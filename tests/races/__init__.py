"""Races and kills: what many do at the same moment, and what a kill leaves behind.

A campaign is a function with its sizes as parameters: short in `make test`, long in `make prove`.
It runs as a program of its own (`python -m tests.races NAME SIZES`) on a database of its own, a
copy of a migrated one, and its actors are processes with a connection each. So nothing here needs
the database of the test run, whose migrated rows the flush of transactional tests takes away.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "intranet.settings.test")
# Whatever imports a campaign, a process of a crew among them, finds Django ready.
django.setup()
