"""Which tests send PostgreSQL no statement that other tests do not send: it need not run those (tests/support/databases.py).

`make statements` runs the tests of PostgreSQL with this plugin, which notes what each of them sends, and writes the list. What
a test sends is known by its words: names of savepoints, numbers, texts and the lengths of lists do not tell statements apart,
and a statement that failed is another one than the same that did not.
"""

import json
import os
import re
import sys
from collections.abc import Generator, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.utils import CursorWrapper

from tests.support.databases import SENT_BY_OTHERS, always_runs

HEADER = (
    "# Tests whose statements others send too, so PostgreSQL leaves them out. Written by 'make statements'.\n"
)
Sent = dict[str, set[str]]
"""Statements by `file::function`."""
TIMELESS = (
    (re.compile(r'"s\d+_x\d+"'), "savepoint"),
    (re.compile(r"'[^']*'"), "''"),
    (re.compile(r"\((?:%s(?:::\w+)?(?:, )?)+\)"), "(...)"),
    (re.compile(r"(VALUES \(.*?\))(?:, \(.*?\))+"), r"\1"),
    (re.compile(r'(?<![A-Za-z_"\d])\d+(?![A-Za-z_"\d])'), "0"),
)


@lru_cache(maxsize=50_000)
def shape(sql: str) -> str:
    """Return the words of a statement."""
    for pattern, words in TIMELESS:
        sql = pattern.sub(words, sql)
    return sql


class Recorder:
    """Notes what each test sends, and writes it into the directory that `STATEMENTS` names when the process ends."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.sent: Sent = {}
        self.seconds: dict[str, float] = {}
        self.test = ""

    def record(self, *, sql: Any, failed: bool) -> None:
        self.sent.setdefault(self.test, set()).add(f"{'failed: ' if failed else ''}{shape(str(sql))}")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self.test = item.nodeid.partition("[")[0]
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = report.nodeid.partition("[")[0]
        self.seconds[name] = self.seconds.get(name, 0) + report.duration

    def pytest_sessionfinish(self) -> None:
        if self.sent:
            sent = {name: sorted(statements) for name, statements in self.sent.items()}
            self.directory.mkdir(parents=True, exist_ok=True)
            (self.directory / f"{os.getpid()}.json").write_text(json.dumps([sent, self.seconds]))


def pytest_configure(config: pytest.Config) -> None:
    if not os.environ.get("STATEMENTS"):
        return
    recorder = Recorder(Path(os.environ["STATEMENTS"]))
    config.pluginmanager.register(recorder)
    execute = CursorWrapper._execute  # type: ignore[attr-defined]

    def recorded(cursor: Any, sql: Any, *arguments: Any) -> Any:
        try:
            result = execute(cursor, sql, *arguments)
        except Exception:
            recorder.record(sql=sql, failed=True)
            raise
        recorder.record(sql=sql, failed=False)
        return result

    CursorWrapper._execute = recorded  # type: ignore[attr-defined]


def sent_by_others(sent: Sent, seconds: dict[str, float], must_run: Iterable[str]) -> list[str]:
    """Return the tests that may be left out, so that every statement is still sent.

    Args:
        seconds: how long each test takes: of two that would do, the quicker one runs.
        must_run: tests that run in any case.
    """
    missing = set[str]().union(*sent.values()) - set[str]().union(*(sent[name] for name in must_run))
    candidates = set(sent) - set(must_run)
    while missing:
        best = max(
            sorted(candidates), key=lambda name: len(sent[name] & missing) / (seconds.get(name, 0) + 0.05)
        )
        missing -= sent[best]
        candidates.remove(best)
    return sorted(candidates)


def main(directory: Path) -> None:
    sent: Sent = {}
    seconds: dict[str, float] = {}
    for file in directory.glob("*.json"):
        some_sent, some_seconds = json.loads(file.read_text())
        for name, statements in some_sent.items():
            sent.setdefault(name, set()).update(statements)
        for name, duration in some_seconds.items():
            seconds[name] = seconds.get(name, 0) + duration
    sent.pop("", None)
    names = sent_by_others(sent, seconds, [name for name in sent if always_runs(name)])
    SENT_BY_OTHERS.write_text(HEADER + "".join(f"{name}\n" for name in names))
    print(f"{len(names)} of {len(sent)} tests send what others send too.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
