#!/usr/bin/env python
"""Kính gửi: run an administrative command."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "intranet.settings.dev")
    execute_from_command_line(sys.argv)
