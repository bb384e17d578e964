"""Tables about inspections, returns and the wider record."""

from collections.abc import Mapping, Sequence

from reports.figures.cells import JsonDict, count, row, table, words
from reports.record.rows import FindingRow, InspectionRow, Line, Record

NOT_PUBLISHED = "Not published"


def recommendations(record: Record) -> list[JsonDict]:
    """Count recommendations by inspection and kind: the force's status beside the register's."""
    groups: dict[tuple[str, str], list[FindingRow]] = {}
    for finding in record.findings:
        kind = "Areas for improvement" if finding.kind == "afi" else "Recommendations"
        groups.setdefault((finding.inspection, kind), []).append(finding)
    lines = [
        row(f"{inspection}: {kind.lower()}", _counts(findings))
        for (inspection, kind), findings in sorted(groups.items())
    ]
    if lines:
        lines.append(row("All", _counts(record.findings), is_total=True))
    columns = [
        *("Inspection", "All", "Open", "Proposed for closure", "Closed by the force"),
        *("Complete in the register", "The two disagree"),
    ]
    tables = [
        table(
            "recommendations",
            "Recommendations by inspection",
            columns,
            lines,
            note="Proposed for closure is part of open. The register is the inspectorate's own.",
        )
    ]
    return [*tables, *section55_answers(record)]


def section55_answers(record: Record) -> list[JsonDict]:
    """List the published inspections with the last day for the answer and the day it came."""
    lines = [
        row(
            inspection.title,
            [
                words(f"{inspection.published_on:%-d %B %Y}" if inspection.published_on else NOT_PUBLISHED),
                words(f"{inspection.answer_due:%-d %B %Y}" if inspection.answer_due else "None"),
                words(_answer(record, inspection)),
            ],
        )
        for inspection in record.inspections
    ]
    return [
        table(
            "section-55",
            "Answers under section 55 of the Police Act 1996",
            ["Inspection", "Published", "Last day to answer", "Answer"],
            lines,
        )
    ]


def lines_of(key: str, caption: str, lines: Sequence[Line], before: Mapping[str, str]) -> JsonDict:
    """Return figures of the wider record, each with its own date and source.

    Args:
        before: what the last paper printed of them, by their keys: a board is told that a figure is not new.
    """
    return table(
        key,
        caption,
        ["Figure", "Value", "As at", "Source"],
        [
            row(
                line.label,
                [
                    words(line.words),
                    words(
                        f"{line.as_at:%-d %B %Y}{_unchanged(line, before)}" if line.as_at else "Not stated"
                    ),
                    words(line.source),
                ],
            )
            | _fact(line)
            for line in lines
        ],
    )


def _fact(line: Line) -> JsonDict:
    """Return what a public edition needs to know of a figure, and no page prints."""
    return {"fact": {"key": line.key, "people": line.people, "group": line.group}} if line.key else {}


def _unchanged(line: Line, before: Mapping[str, str]) -> str:
    if line.unchanged_since:
        return f" (unchanged since {line.unchanged_since:%-d %B %Y})"
    return " (unchanged since the last paper)" if before.get(line.key) == line.words else ""


def _counts(rows: Sequence[FindingRow]) -> list[JsonDict]:
    def refs(chosen: Sequence[FindingRow]) -> list[str]:
        return [finding.ref for finding in chosen]

    return [
        count(refs(rows)),
        count(refs([finding for finding in rows if not finding.is_closed])),
        count(refs([finding for finding in rows if finding.own == "proposed"])),
        count(refs([finding for finding in rows if finding.is_closed])),
        count(refs([finding for finding in rows if finding.register_closed])),
        count(refs([finding for finding in rows if disagree(finding)])),
    ]


def disagree(finding: FindingRow) -> bool:
    """Whether one of the force and the register says that it is closed and the other that it is not."""
    return bool(finding.register) and finding.is_closed != finding.register_closed


def _answer(record: Record, inspection: InspectionRow) -> str:
    if inspection.answered_on and inspection.answer_due:
        late = (inspection.answered_on - inspection.answer_due).days
        when = f"{inspection.answered_on:%-d %B %Y}"
        return f"{when}, {late} days late" if late > 0 else f"{when}, in time"
    if inspection.answer_due is None:
        return "Not due"
    late = (record.on - inspection.answer_due).days
    return f"None, {late} days late" if late > 0 else "None yet"
