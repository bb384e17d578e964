#!/usr/bin/env python
"""Run Django's management commands for Prevent Tracker."""

import os
import sys
from pathlib import Path

try:
    from django.core.management import execute_from_command_line
except ImportError:
    sys.exit(
        "Django is not installed in this Python. Run `make run` once, then `.venv/bin/python manage.py`."
    )

from prevent_tracker.setting_files import use_demo_settings
from prevent_tracker.start_up import plain_refusals

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prevent_tracker.settings")
    use_demo_settings(Path(__file__).resolve().parent / "var" / "demo.env")
    # Migrations, jobs and checks of the ledger take as long as they need: this limit is for requests.
    os.environ["DATABASE_STATEMENT_SECONDS"] = "0"
    with plain_refusals():
        execute_from_command_line(sys.argv)
