"""Settings from files: NAME_FILE names the file of NAME, as container engines and service managers hand out secrets."""

import os
from pathlib import Path
from typing import Any

from environs import FileAwareEnv

UNREADABLE = "from its file"
# Set with any of these, a process belongs to a deployment and reads nothing from files.
DEPLOYMENT = ("MODE", "SECRET_KEY", "DATABASE_URL", "LEDGER_SIGNING_KEY")
# The Makefile sets the same day.
DEMO_SETTINGS = {"MODE": "demo", "DEMO_DATE": "2020-06-19"}


class SettingsReader(FileAwareEnv):
    """Read each setting from the environment or from its file, and collect the errors of both."""

    def __init__(self) -> None:
        # Collect errors, so that start-up reports all of them at once.
        super().__init__(eager=False, strip_whitespace=True)

    def _get_value(self, env_key: str, default: Any) -> Any:
        file_key = f"{env_key}{self.file_suffix}"
        path = os.environ.get(file_key)
        if path and os.environ.get(env_key):
            self._errors[env_key].append(
                f"cannot be read {UNREADABLE}: {env_key} and {file_key} are both set"
            )
            return default
        try:
            return super()._get_value(env_key, default)
        except (ValueError, OSError):
            self._errors[env_key].append(f"cannot be read {UNREADABLE} {path}, which {file_key} names")
            return default


def use_demo_settings(file: Path) -> None:
    """Set the demonstration's settings in the environment, for a command run by hand after `make run`.

    Does nothing when the file is missing or the environment already has one of the `DEPLOYMENT` settings.
    Only manage.py calls this. The web service reads the environment alone.

    Args:
        file: the keys that `make run` wrote, one `NAME=value` a line.
    """
    if file.is_file() and not any({name, f"{name}_FILE"} & os.environ.keys() for name in DEPLOYMENT):
        lines = (line.partition("=") for line in file.read_text("utf-8").splitlines() if "=" in line)
        settings = DEMO_SETTINGS | {name: value for name, _, value in lines}
        for name, value in settings.items():
            os.environ.setdefault(name, value)
