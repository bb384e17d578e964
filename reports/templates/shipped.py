"""The five layouts that come with the product. A board's template starts from one and is arranged from there."""

from dataclasses import dataclass, field
from typing import Any

from reports.figures.catalogue import KINDS
from web.language import lazy_text

OPCC = "opcc"
CHIEF = "chief"
COMMITTEE_IMPLICATIONS = (
    "Financial",
    "Legal",
    "Equality Impact Assessment",
    "Risks and Impact",
    "Link to Police and Crime Plan",
    "Communications",
)


@dataclass(frozen=True)
class Layout:
    """A layout to start from: its sections in order, and the fields of a template."""

    key: str
    name: str
    sections: tuple[dict[str, str], ...]
    fields: dict[str, Any] = field(default_factory=dict)


def section(kind: str, heading: str = "", voice: str = CHIEF) -> dict[str, str]:
    return {"kind": kind, "heading": heading or KINDS[kind].heading, "voice": voice}


def text(heading: str, voice: str = CHIEF) -> dict[str, str]:
    return section("narrative", heading, voice)


LAYOUTS = {
    layout.key: layout
    for layout in (
        Layout(
            "bronze",
            lazy_text("Bronze report"),
            (
                section("cover"),
                section("by_pillar"),
                section("overdue"),
                section("waiting"),
                section("training"),
                section("risks"),
                section("escalations", "Escalations to Silver"),
                section("good_practice"),
                section("decisions"),
                section("appendix"),
            ),
            {"purpose": "To report progress in the district."},
        ),
        Layout(
            "silver",
            lazy_text("Silver paper"),
            (
                section("cover"),
                section("since_last"),
                section("roll_forward"),
                section("districts"),
                section("by_pillar"),
                section("by_district"),
                section("overdue"),
                section("slippage"),
                section("waiting"),
                section("date_changes"),
                section("escalations"),
                section("training"),
                section("channel"),
                section("good_practice"),
                section("decisions"),
                section("appendix"),
            ),
            {"purpose": "To review progress in every district."},
        ),
        Layout(
            "gold",
            lazy_text("Steering board paper"),
            (
                section("cover"),
                text("Summary"),
                section("since_last"),
                section("roll_forward"),
                section("by_pillar"),
                section("overdue"),
                section("slippage"),
                section("recommendations"),
                section("escalations"),
                section("funding"),
                section("decisions"),
                section("appendix"),
            ),
            {"purpose": "To report progress against the plan, and to seek decisions."},
        ),
        Layout(
            "outcomes",
            lazy_text("Community Outcomes paper"),
            (
                section("cover", "Cover", OPCC),
                text("Police and Crime Plan", OPCC),
                text("Key information", OPCC),
                text("Partnership contribution", OPCC),
                text("Summary"),
                section("by_pillar"),
                text("Legislation and the national review"),
                text("Guidance adopted"),
                section("recommendations", "Inspections"),
                section("funding"),
                section("training", "Local delivery"),
                text("The military"),
                text("Mental health"),
                text("Returnees from conflict zones"),
                text("Supporting documentation"),
            ),
            {
                "report_of": "Chief Constable",
                "purpose": "To scrutinise Force performance in respect of Prevent.",
                "two_voices": True,
                "includes_sensitive": False,
            },
        ),
        Layout(
            "committee",
            lazy_text("Committee paper"),
            (
                section("cover"),
                text("Purpose of the report"),
                text("Recommendation"),
                text("Current position"),
                section("by_pillar"),
                section("implications"),
                text("List of appendices"),
                text("Background papers"),
                section("appendix", "Appendix A: Prevent Delivery Plan"),
            ),
            {
                "report_of": "Chief Constable",
                "includes_sensitive": False,
                "implications": list(COMMITTEE_IMPLICATIONS),
                "appendices": [{"letter": "A", "title": "Prevent Delivery Plan", "holds": "appendix"}],
            },
        ),
    )
}
CHOICES = [(layout.key, layout.name) for layout in LAYOUTS.values()]
