#!/usr/bin/env python
"""Run Django's management commands for Prevent Tracker."""

import os
import sys

from django.core.management import execute_from_command_line

from prevent_tracker.start_up import plain_refusals

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prevent_tracker.settings")
    with plain_refusals():
        execute_from_command_line(sys.argv)
