"""The papers of the demonstration: what their sources state, and what the record adds."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from actions.core.models import Action
from reports.models import Paper, PublicEdition
from reports.papers.queries import content_of, differences_of, full
from tests.demo.loaded import loaded

__all__ = ["loaded"]
# Sections and tables by the names that docs/papers.md gives them.
NAMED = {
    "Current position",
    "Funding",
    "Guidance adopted",
    "Inspections",
    "Key information",
    "Legislation and the national review",
    "Local delivery",
    "Mental health",
    "Partnership contribution",
    "Police and Crime Plan",
    "Purpose of the report",
    "Recommendation",
    "Returnees from conflict zones",
    "Summary",
    "Supporting documentation",
    "The military",
}
pytestmark = [pytest.mark.usefixtures("loaded"), pytest.mark.django_db]


def paper_called(title: str) -> Paper:
    return full(Paper.objects.filter(title=title).latest("number").pk)


def lines_of(content: dict[str, Any], key: str) -> dict[str, list[Any]]:
    tables = [table for section in content["sections"] for table in section["tables"]]
    rows = next(table["rows"] for table in tables if table["key"] == key)
    return {row["label"]: [cell.get("n", cell.get("text")) for cell in row["cells"]] for row in rows}


def test_the_paper_of_october_2019_has_the_order_and_the_numbers_of_its_source() -> None:
    paper = paper_called("Counter Terrorism")
    content: Any = paper.content
    assert (paper.state, paper.number) == (Paper.State.ISSUED, 2)
    assert "were not in the record" in content["paper"]["correction"]
    assert [section["heading"] for section in content["sections"]][:5] == [
        "Cover",
        "Police and Crime Plan",
        "Key information",
        "Partnership contribution",
        "Summary",
    ]
    assert content["sections"][-1]["text"] == "Nil"
    pillars = lines_of(content, "state-by-pillar")
    assert [pillars[name][-1] for name in ("Identify", "Safeguard", "Manage Risk", "All")] == [18, 21, 11, 50]
    # The one that is OFFICIAL-SENSITIVE makes 51 = 18 + 21 + 12.
    assert content["left_out"] == 1
    (fund,) = [row for label, row in lines_of(content, "funding").items() if "Safer" in label]
    assert "£82,058.98 to 20 projects" in fund[0]
    assert "£82,058.98 is not itemised" in fund[0]
    assert "unchanged since" in fund[1]
    words = " ".join(section["text"] for section in content["sections"])
    assert "over 130 people" in words
    assert "three nurses" in words
    assert all("Servator" not in section["text"] for section in content["sections"])


def test_the_public_edition_of_october_2019_waits_for_a_publisher() -> None:
    edition = PublicEdition.objects.get(paper__title="Counter Terrorism")
    content: Any = edition.content
    assert (edition.state, edition.paper.number) == ("approved", 2)
    assert [row["ref"] for row in content["rows"]] == ["WY19-ID-09", "WY19-SG-06", "WY19-SG-10"]
    numbers = content["numbers"]
    assert (numbers["all"], numbers["published"], numbers["undecided"]) == (50, 3, 47)
    headings = [section["heading"] for section in content["sections"]]
    assert "Key information" in headings
    assert not {"Inspections", "The military", "Returnees from conflict zones"} & set(headings)
    assert "CT3" not in json.dumps(content)


def test_the_paper_of_december_2017_has_six_implications_and_appendix_a() -> None:
    paper = paper_called("Prevent and counterterrorism")
    content: Any = paper.content
    assert (content["paper"]["paper_letter"], content["marking"]) == ("B", "OFFICIAL")
    assert content["implications"][0]["text"] == "Nil"
    assert len(content["implications"]) == 6
    listed = lines_of(content, "appendix")
    assert len(listed) == len(content["rows"]) == lines_of(content, "state-by-pillar")["All"][-1]
    numbers = [line["number"] for section in content["sections"] for line in section["paragraphs"]]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_silver_paper_of_june_2020_opens_with_what_may_closed_with() -> None:
    may, june = paper_called("Silver paper, 22 May 2020"), paper_called("Silver paper, 19 June 2020")
    assert june.previous == may
    content = content_of(june)
    assert differences_of(june, content) == []
    frozen: Any = may.content
    assert lines_of(content, "roll-forward")["All"][0] == lines_of(frozen, "roll-forward")["All"][-1]
    districts = lines_of(content, "districts")
    assert set(districts) == {"Bradford", "Calderdale", "Kirklees", "Leeds", "Wakefield", "Force-wide", "All"}
    assert sum(row[0] for label, row in districts.items() if label != "All") == districts["All"][0]
    assert "Not received" in districts["Bradford"][-1]


@pytest.mark.parametrize(
    ("heading", "title", "prefix"),
    [
        ("Community Outcomes, 8 October 2019", "Counter Terrorism", "WY19-"),
        ("Ethics, Integrity and Complaints Committee", "Prevent and counterterrorism", ""),
    ],
    ids=["Community Outcomes", "committee"],
)
def test_each_point_of_a_source_is_in_the_paper_where_the_table_says(
    heading: str, title: str, prefix: str
) -> None:
    content: Any = paper_called(title).content
    listed = {row["ref"] for row in content["rows"]}
    places = {section["heading"] for section in content["sections"]}
    places |= {table["caption"] for section in content["sections"] for table in section["tables"]}
    recorded = set(Action.objects.values_list("ref", flat=True))
    points = table_of_points(heading)
    assert len(points) > 20
    for point, place, record in points:
        refs = {prefix + ref for ref in refs_of(record)}
        assert with_parts(refs, recorded) == refs, point
        if place != "not in the paper" and "that are OFFICIAL" not in place:
            assert with_parts(refs, listed) == refs, point
        assert {name for name in re.split(r"[;,:]| prints", place) if name in NAMED} <= places, point
    assert {name for _, place, _ in points for name in NAMED if place.startswith(name)}


def with_parts(refs: set[str], among: set[str]) -> set[str]:
    """Return the references that are there, themselves or as the district actions of a joint one."""
    return {ref for ref in refs if any(other == ref or other.startswith(f"{ref}-") for other in among)}


def table_of_points(heading: str) -> list[tuple[str, str, str]]:
    """Return the point, its place in the paper and its place in the record, line by line."""
    text = (Path(settings.BASE_DIR) / "docs/papers.md").read_text()
    table = text.split(f"### {heading}", 1)[1].split("###", 1)[0]
    lines = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| l.")]
    return [(point, place, record) for _, point, place, record in lines]


def refs_of(record: str) -> list[str]:
    """Return the references in words such as "SG-01 to SG-05; ID-07"."""
    refs = re.findall(r"\b(?:LLR|ID|SG|MR)-\d{2}\b", record)
    for letters, first, last in re.findall(r"\b(LLR|ID|SG|MR)-(\d{2}) to \1-(\d{2})", record):
        refs += [f"{letters}-{number:02}" for number in range(int(first), int(last) + 1)]
    return refs
