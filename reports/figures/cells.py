"""Tables of a paper as plain JSON: every count carries the references of the rows behind it."""

from collections.abc import Iterable, Sequence
from typing import Any

from standards.rates import percent_of

JsonDict = dict[str, Any]

HIGHEST_PERCENT = 100


def count(refs: Iterable[str]) -> JsonDict:
    """Return a counted cell."""
    behind = sorted(set(refs))
    return {"n": len(behind), "refs": behind}


def number(value: int) -> JsonDict:
    """Return a number that counts no rows, such as days."""
    return {"n": value}


def words(text: str) -> JsonDict:
    return {"text": text}


def share(part: Iterable[str], whole: Iterable[str]) -> JsonDict:
    """Return a count of a whole. It is printed as n of N, with the percentage beside it."""
    cell = count(part)
    cell["of"] = len(set(whole))
    cell["percent"] = percent_of(cell["n"], cell["of"])
    return cell


def row(label: str, cells: Sequence[JsonDict], *, is_total: bool = False, ref: str = "") -> JsonDict:
    """Return a line of a table.

    Args:
        ref: the reference of the action that the line is about.
    """
    line: JsonDict = {"label": label, "cells": list(cells)}
    if is_total:
        line["total"] = True
    if ref:
        line["ref"] = ref
    return line


def table(
    key: str, caption: str, columns: Sequence[str], rows: Sequence[JsonDict], *, note: str = ""
) -> JsonDict:
    """Return a table.

    Args:
        key: names the table in addresses and files: letters, digits and hyphens.
        columns: the first is the heading of the line labels.
    """
    made: JsonDict = {"key": key, "caption": caption, "columns": list(columns), "rows": list(rows)}
    if note:
        made["note"] = note
    return made


def text_of(cell: JsonDict) -> str:
    """Return a cell as every form prints it."""
    if "text" in cell:
        return str(cell["text"])
    if "of" in cell:
        rounded = "" if cell["percent"] is None else f" ({cell['percent']}%)"
        return f"{cell['n']:,} of {cell['of']:,}{rounded}"
    return f"{cell['n']:,}"
