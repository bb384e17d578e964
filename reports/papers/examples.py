"""Examples of papers in the API."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

SITE = "https://tracker.example.org/api/v1"
ISSUED: dict[str, Any] = {
    "id": 3,
    "title": "Silver paper, 22 May 2020",
    "number": 1,
    "state": "issued",
    "board": {"id": 2, "name": "Prevent Silver group"},
    "plan": {"id": 4, "title": "Prevent Business Plan 2020/21"},
    "meeting": 9,
    "as_at": "2020-05-21T22:59:59.999999Z",
    "marking": "OFFICIAL",
    "handling_instruction": "",
    "previous": None,
    "corrects": None,
    "correction": "",
    "issued_at": "2020-05-22T09:00:00.000000Z",
    "sha256": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
    "ledger_sequence": 1767,
    "ledger_digest": "953e649def4256cb821b37cf74f461eca21aa84ef88513ba312a9f2e54f1fe22",
    "links": {
        "self": f"{SITE}/papers/3/",
        "figures": f"{SITE}/papers/3/figures/",
        "content": f"{SITE}/papers/3/content/",
    },
}
CELL = {"n": 14, "of": 48, "percent": 29, "text": "14 of 48 (29%)", "refs": ["WY20-ID-01", "WY20-ID-02"]}
SECTION = {
    "kind": "overdue",
    "heading": "Overdue actions",
    "voice": "chief",
    "paragraphs": [{"number": 1, "text": "One action is overdue."}],
    "facts_on": None,
    "tables": [
        {
            "key": "overdue",
            "caption": "Overdue actions by age",
            "columns": ["Days overdue", "By the due date now"],
            "note": "",
            "rows": [{"label": "1 to 30 days", "is_total": False, "cells": [CELL]}],
        }
    ],
    "passages": [],
}
FIGURE_ROW = {
    "section": "Overdue actions",
    "section_number": 7,
    "table": "overdue",
    "caption": "Overdue actions by age",
    "row_number": 1,
    "row": "1 to 30 days",
    "column_number": 1,
    "column": "By the due date now",
    "value": 14,
    "of": 48,
    "percent": 29,
    "text": "14 of 48 (29%)",
    "references": ["WY20-ID-01", "WY20-ID-02"],
}


def _example(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, response_only=True, status_codes=["200"], value=value)


PAPER = _example("An issued paper", ISSUED)
WHOLE_PAPER = _example("An issued paper with its sections", {**ISSUED, "sections": [SECTION]})
FIGURES = _example("A figure", {"results": [FIGURE_ROW]})
