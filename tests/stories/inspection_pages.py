"""Every page of inspections and findings, who opens it, and how it is reached; walked with those of tests/stories/pages.py."""

from collections.abc import Callable
from datetime import date

from playwright.sync_api import Page

from inspections.findings.services.links import link_action
from inspections.findings.services.register import record_register_status
from inspections.models import ActionLink, Inspection, Recommendation
from tests.cast import AT
from tests.inspections.factories import InspectionFactory, RecommendationFactory
from tests.inspections.findings import stage
from tests.stories.pages import Visit, World, press, upload


def add_findings(world: World) -> None:
    """Two inspections: one with findings of every kind and in every kind of state, one with none."""
    cast = world.cast
    inspection = InspectionFactory(
        cast=cast, priorities=["High", "Low"], report_url="https://example.org/ct4"
    )
    long_phrase = "By 30 September 2020, " + "chief-constables-and-local-policing-bodies-" * 3
    cause = RecommendationFactory(
        cast=cast, inspection=inspection, kind="cause_of_concern", deadline_phrase="immediately"
    )
    under = RecommendationFactory(
        cast=cast,
        inspection=inspection,
        number="2",
        cause=cause,
        deadline_phrase=long_phrase,
        paraphrased=True,
    )
    link_action(actor=cast.manager, recommendation=under, action=world.moving, answers="The briefing.", at=AT)
    RecommendationFactory(
        cast=cast, inspection=inspection, number="", kind="afi", deadline_phrase="", lead=cast.police
    )
    proposed = stage.proposed(cast, world.done, inspection=inspection, number="3", priority="High")
    closed = stage.closed(cast, inspection=inspection, number="4", action=stage.complete(cast, "WY20-44"))
    for row, state in ((proposed, "complete"), (closed, "open")):
        record_register_status(
            actor=cast.auditor,
            recommendation=row,
            state=state,
            as_at=date(2020, 6, 1),
            comment="As on their portal.",
            at=AT,
        )
    InspectionFactory(
        cast=cast, title="Internal audit", short_title="", body_kind="internal_audit", kind="audit"
    )


def inspection(world: World) -> tuple[int]:
    return (Inspection.objects.get(short_title="CT4").pk,)


def audit(world: World) -> tuple[int]:
    return (Inspection.objects.get(body_kind="internal_audit").pk,)


def finding(number: str) -> Callable[[World], tuple[int]]:
    return lambda world: (Recommendation.objects.get(inspection__short_title="CT4", number=number).pk,)


def link(world: World) -> tuple[int, int]:
    row = ActionLink.objects.get(recommendation__number="2")
    return row.recommendation_id, row.pk


def choose(outcome: str, button: str) -> Callable[..., None]:
    def send(page: Page) -> None:
        page.get_by_label(outcome).check()
        press(button)(page)

    return send


FINDING_VISITS = [
    Visit("inspections:inspection-list", "manager"),
    Visit("inspections:inspection-list", "stranger"),
    Visit("inspections:inspection-create", "manager"),
    Visit(
        *("inspections:inspection-create", "manager"),
        then=press("Save"),
        name="an inspection that says nothing",
        status=422,
    ),
    Visit("inspections:inspection", "manager", inspection),
    Visit("inspections:inspection", "auditor", inspection),
    Visit("inspections:inspection", "manager", audit, name="an inspection without findings"),
    Visit("inspections:inspection-edit", "manager", inspection),
    Visit("inspections:recommendation-create", "manager", inspection),
    Visit("inspections:recommendation-list", "manager"),
    Visit("inspections:recommendation-list", "auditor", query="?disagree=yes", name="disagreements"),
    Visit("inspections:recommendation-list", "manager", query="?kind=none-such", status=422),
    Visit("inspections:recommendation-list", "stranger"),
    Visit("importing:recommendation-import", "manager", inspection),
    Visit(
        *("importing:recommendation-import", "manager", inspection),
        then=upload(b"No.,Type,Recommendation\n7,Recommendation,Brief every team.\n"),
        name="a preview of findings",
    ),
    Visit(
        *("importing:recommendation-import", "manager", inspection),
        then=upload(b"No.,Type,Recommendation\n7,Wish,Brief every team.\n"),
        name="rejected findings",
        status=422,
    ),
    Visit("inspections:coverage", "manager"),
    Visit("inspections:coverage", "leeds_spoc", query="?by=district"),
    Visit("inspections:coverage", "manager", query="?by=phase", status=422),
    Visit("inspections:coverage", "stranger"),
    Visit("inspections:coverage-actions", "manager"),
    Visit("inspections:coverage-actions", "manager", query="?gap=complete_early"),
    Visit("inspections:coverage-actions", "manager", query="?gap=none-such", status=422),
    Visit("inspections:recommendation", "manager", finding("1"), name="a cause of concern"),
    Visit("inspections:recommendation", "manager", finding("2")),
    Visit("inspections:recommendation", "auditor", finding("3")),
    Visit("inspections:recommendation", "auditor", finding("4"), name="a closed finding"),
    Visit("inspections:recommendation-edit", "manager", finding("2")),
    Visit("inspections:recommendation-state", "manager", finding("2")),
    Visit(
        *("inspections:recommendation-state", "manager", finding("2")),
        then=choose("Not accepted: say why", "Save force status"),
        name="an answer without a reason",
        status=422,
    ),
    Visit(
        "inspections:recommendation-state", "manager", finding("4"), name="a step out of state", status=409
    ),
    Visit("inspections:recommendation-judge", "auditor", finding("3")),
    Visit("inspections:recommendation-judge", "auditor", finding("4"), name="a reopening"),
    Visit("inspections:recommendation-register", "auditor", finding("3")),
    Visit("inspections:link-add", "manager", finding("2")),
    Visit("inspections:link-remove", "manager", link),
    Visit("desk:my-work", "auditor", name="what an auditor judges"),
    Visit(
        *("actions:action", "bradford_spoc", lambda world: (world.moving.pk,)),
        name="an action with a finding",
    ),
]
