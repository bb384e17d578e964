"""The papers of the demonstration: what their sources state, and what the record adds."""

import json
from typing import Any

import pytest

from reports.models import Paper, PublicEdition
from reports.papers.queries import content_of, differences_of, full
from tests.demo.loaded import loaded

__all__ = ["loaded"]
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
