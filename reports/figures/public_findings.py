"""The findings of a public edition, and how many of a paper's rows are published, withheld and not decided."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from reports.figures.cells import JsonDict, row, table, words
from reports.figures.public_basis import PUBLISH, WITHHOLD, Basis, Decision, is_public
from reports.figures.wider import recommendations
from reports.record.rows import FindingRow, Record, finding_of, inspection_of
from standards.marking import Marking


def numbers_of_actions(basis: Basis) -> JsonDict:
    """Count what is published, withheld and not decided. OFFICIAL-SENSITIVE actions are not in scope, and not counted."""
    lines = [line for line in basis.content["rows"] if _in_scope(line, basis)]
    published = sum(is_public(line, basis.decisions) for line in lines)
    decisions = (basis.decisions.get(line["id"]) for line in lines)
    return _add_up(decisions, all=len(lines), published=published, basis=basis)


def numbers_of_findings(basis: Basis) -> JsonDict:
    """Count the findings of published inspections: published, withheld and not decided."""
    published_on = {line["pk"] for line in basis.content.get("inspections", ()) if line["published_on"]}
    lines = [line for line in basis.content.get("findings", ()) if line["inspection_id"] in published_on]
    decisions = (basis.findings.get(line["pk"]) for line in lines)
    return _add_up(decisions, all=len(lines), published=len(published_findings(basis)), basis=basis)


def published_inspections(basis: Basis) -> dict[int, str]:
    """Return what the public reads of the inspections that are published and decided for publication, by id."""
    decisions = basis.inspections
    return {
        line["pk"]: decisions[line["pk"]].wording or line["title"]
        for line in basis.content.get("inspections", ())
        if line["published_on"] and _is_open(line["pk"], line["marking"], decisions)
    }


def published_findings(basis: Basis) -> list[FindingRow]:
    """Return the findings of these inspections that are decided for publication, under their public names."""
    names = published_inspections(basis)
    return [
        finding_of(line, inspection=names[line["inspection_id"]])
        for line in basis.content.get("findings", ())
        if line["inspection_id"] in names and _is_open(line["pk"], Marking.OFFICIAL, basis.findings)
    ]


def _is_open(pk: int, marking: str, decisions: Mapping[int, Decision]) -> bool:
    """Whether a row is decided for publication, and was and is OFFICIAL."""
    decision = decisions.get(pk)
    return (
        decision is not None
        and decision.publication == PUBLISH
        and {marking, decision.marking} == {Marking.OFFICIAL}
    )


def findings_tables(basis: Basis) -> list[JsonDict]:
    """Count the published findings again, and list them in their public wording."""
    names, findings = published_inspections(basis), published_findings(basis)
    inspections = [
        inspection_of(line, title=names[line["pk"]])
        for line in basis.content.get("inspections", ())
        if line["pk"] in names
    ]
    record = Record(
        on=date.fromisoformat(basis.content["on"]), actions=(), findings=findings, inspections=inspections
    )
    lines = [
        row(
            finding.ref,
            [
                words(basis.findings[finding.pk].wording or "See the report"),
                words(finding.own_label),
                words(finding.register or "None"),
            ],
        )
        for finding in findings
    ]
    columns = ["Recommendation", "In public words", "Status", "Status in the register"]
    return [*recommendations(record), table("findings", "Published recommendations", columns, lines)]


def _in_scope(line: Mapping[str, Any], basis: Basis) -> bool:
    decision = basis.decisions.get(line["id"])
    return line["marking"] == Marking.OFFICIAL and (decision is None or decision.marking == Marking.OFFICIAL)


def _add_up(
    decisions: Iterable[Decision | None],
    *,
    all: int,  # noqa: A002
    published: int,
    basis: Basis,
) -> JsonDict:
    """Return how many rows are published, withheld by exemption, and not decided: they come to all."""
    withheld: dict[str, int] = {}
    for decision in decisions:
        if decision is not None and decision.publication == WITHHOLD:
            name = basis.exemptions.get(decision.exemption, decision.exemption)
            withheld[name] = withheld.get(name, 0) + 1
    return {
        "all": all,
        "published": published,
        "withheld": [[name, number] for name, number in sorted(withheld.items())],
        "undecided": all - published - sum(withheld.values()),
    }
