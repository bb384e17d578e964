"""Read the demonstration's tables. demo/README.md describes them and their sources."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path

from audit.clock import LONDON

TABLES = Path(__file__).resolve().parent / "tables"
FILES = Path(__file__).resolve().parent / "files"

Row = Mapping[str, str]


@dataclass(frozen=True)
class Tables:
    """The tables of one partnership; `fill` replaces placeholders, such as the dates of a sandbox."""

    folder: str
    fill: Callable[[str], str] = str

    def has(self, name: str) -> bool:
        return (TABLES / self.folder / name).exists()

    def text(self, name: str) -> str:
        # As it is stored: a sheet's own line ends are part of it.
        return self.fill((TABLES / self.folder / name).read_bytes().decode("utf-8"))

    def rows(self, name: str) -> list[Row]:
        """Read one table; every value is text, and empty where there is none."""
        return list(csv.DictReader(StringIO(self.text(name), newline="")))


def rows(name: str) -> list[Row]:
    """Read one table, such as `west_yorkshire/areas.csv`."""
    folder, _, table = name.rpartition("/")
    return Tables(folder).rows(table)


def moment(text: str) -> datetime:
    """Read a London wall-clock time such as 2019-04-01T09:00:00."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)
