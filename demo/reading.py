"""The demonstration's tables, read from their folder. demo/README.md says what is in them and where it came from."""

import csv
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from audit.clock import LONDON

TABLES = Path(__file__).resolve().parent / "tables"
FILES = Path(__file__).resolve().parent / "files"

Row = Mapping[str, str]


def rows(name: str) -> list[Row]:
    """Read one table, such as `west_yorkshire/areas.csv`; every value is text, an absent one is empty."""
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def moment(text: str) -> datetime:
    """Read a London wall-clock time such as 2019-04-01T09:00:00."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)
