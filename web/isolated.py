"""Read files from outside in a process of their own, so that one bad file stops nobody.

The process has limits of time and memory, and what it returns is unpacked only if it consists of tables and errors.
"""

import io
import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, TypeVar

from django.conf import settings
from django.utils.translation import get_language

from web.language import lazy_text

logger = logging.getLogger(__name__)
# On a busy machine a process waits for the processor: it may take this many times its seconds of processor time.
PATIENCE = 3
Result = TypeVar("Result")
ROOT = Path(__file__).resolve().parent.parent
TOO_COSTLY = lazy_text(
    "The selected file takes too long or too much memory to read. Save it again, or split it into smaller files"
)
# Each takes memory of its own; the next waits.
MOST_AT_ONCE = 2
_places = BoundedSemaphore(MOST_AT_ONCE)
RETURNED = {
    "builtins": {"ValueError", "frozenset", "set", "str"},
    "datetime": {"date", "datetime", "time", "timedelta"},
    "django.core.exceptions": {"ValidationError"},
    "standards.dates": {"Period"},
    "web.tables.contents": {
        *(
            "Cell",
            "ColumnTitle",
            "Lone",
            "MissingColumnsError",
            "Problem",
            "RawCell",
            "Row",
            "Table",
            "SheetError",
            "TableError",
        ),
    },
}


class FileTooCostlyError(Exception):
    """A file cannot be read within the limits. The message explains it to the user."""

    def __init__(self) -> None:
        super().__init__(TOO_COSTLY)


def run_isolated(function: Callable[..., Result], *args: Any) -> Result:
    """Call a function of a module in a process with `FILE_PARSER_SECONDS` of the processor and `FILE_PARSER_MEMORY_MB`.

    Raises:
        FileTooCostlyError: it took too long or too much memory, or its process ended.
        Exception: what the function raises.
    """
    seconds = settings.FILE_PARSER_SECONDS
    if not seconds:
        return function(*args)
    if not _places.acquire(timeout=PATIENCE * seconds):
        raise FileTooCostlyError
    try:
        limits = [str(seconds), str(settings.FILE_PARSER_MEMORY_MB)]
        done = subprocess.run(  # noqa: S603  the program is this one
            [sys.executable, "-m", "web.parser_process", *limits, get_language() or settings.LANGUAGE_CODE],
            input=pickle.dumps((function, args)),
            capture_output=True,
            timeout=PATIENCE * seconds,
            check=True,
            cwd=ROOT,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT)},
        )
        succeeded, result = _Unpickler(io.BytesIO(done.stdout)).load()
    except Exception as error:  # an answer that is no table can raise anything
        logger.warning("A file was not read: %s", type(error).__name__)
        raise FileTooCostlyError from error
    finally:
        _places.release()
    if not succeeded:
        raise result
    answer: Result = result
    return answer


class _Unpickler(pickle.Unpickler):
    """Unpacks tables and errors only, whatever a file has made of the process."""

    def find_class(self, module_name: str, global_name: str) -> Any:
        if global_name not in RETURNED.get(module_name, ()):
            raise pickle.UnpicklingError(f"{module_name}.{global_name} is not expected.")
        return super().find_class(module_name, global_name)
