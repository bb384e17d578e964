"""The process that reads one file from outside: `python -m web.parser_process SECONDS MEGABYTES LANGUAGE`.

It gets a function and its arguments on standard input, and writes whether the call succeeded, with its result or error.
"""

import os
import pickle
import resource
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.utils.functional import Promise

ROOT = Path(__file__).resolve().parent.parent


class PlainPickler(pickle.Pickler):
    """Packs texts that are translated when they are shown as the texts they are in this process."""

    def reducer_override(self, value: object) -> Any:
        return (str, (str(value),)) if isinstance(value, Promise) else NotImplemented


def set_language(language: str) -> None:
    """Word errors in the language of the caller, without the service's settings and their secrets."""
    settings.configure(LANGUAGE_CODE=language, LOCALE_PATHS=[ROOT / "locale"])
    django.setup(set_prefix=False)


def main(seconds: int, megabytes: int, language: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    output = os.fdopen(os.dup(1), "wb")
    set_language(language)
    function, args = pickle.loads(sys.stdin.buffer.read())  # noqa: S301  from the service itself
    try:
        answer = (True, function(*args))
    except MemoryError:
        sys.exit(1)
    except Exception as error:  # noqa: BLE001  the service raises it again
        answer = (False, error)
    PlainPickler(output).dump(answer)
    output.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
