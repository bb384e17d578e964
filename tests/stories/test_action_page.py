"""The page of an action about which much happened, as of the fullest of the demonstration: two screens of a laptop, with its contents beside it."""

from datetime import timedelta
from typing import Any

from actions.questions.services import answer_question
from inspections.findings.services.links import link_action
from tests.actions.waits.waiting import supported
from tests.cast import AT, Cast
from tests.factories import (
    DateChangeFactory,
    EvidenceFactory,
    MilestoneFactory,
    ProgressUpdateFactory,
    QuestionFactory,
)
from tests.inspections.factories import RecommendationFactory
from tests.stories.browser_walk import BrowserWalk
from tests.stories.test_accessibility import only_on_sqlite
from tests.support.browser import NewPage

SCREEN = {"width": 1280, "height": 800}
FOLDED = "Supporting organisations, source, marking and other details"
SECTIONS = [
    "Inspection findings",
    "Due date",
    "Milestones",
    "Questions",
    "Evidence",
    "History",
]


def full_action(cast: Cast) -> Any:
    """An action that waits for a later date, with a finding, milestones, questions, evidence and updates."""
    action = supported(
        cast, title="Support vulnerability to radicalisation as a discipline of public protection"
    )
    link_action(actor=cast.manager, recommendation=RecommendationFactory(cast=cast), action=action, at=AT)
    for title in ("The partner has signed", "The force has signed"):
        MilestoneFactory(action=action, title=title)
    EvidenceFactory(action=action)
    for _ in range(3):
        ProgressUpdateFactory(
            action=action, rag="red", reason="The meeting is late.", path_to_green="On the agenda."
        )
    question = QuestionFactory(cast=cast, action=action)
    answer_question(actor=cast.bradford_spoc, question=question, answer="Two.", at=AT + timedelta(hours=1))
    QuestionFactory(cast=cast, action=action, text="Who signs?", at=AT + timedelta(hours=2))
    DateChangeFactory(action=action)
    return action


@only_on_sqlite
def test_everything_about_an_action_is_on_two_screens(
    transactional_db: None, cast: Cast, live_server: Any, new_page: NewPage
) -> None:
    action = full_action(cast)
    page = BrowserWalk(live_server.url, new_page, cast).page_of("manager")
    page.set_viewport_size(SCREEN)  # type: ignore[arg-type]
    page.goto(f"/actions/{action.pk}/")
    last = page.get_by_text("The latest 3 of").bounding_box()
    assert last is not None
    assert last["y"] + last["height"] <= 2 * SCREEN["height"]
    assert page.locator("main h2:visible").all_inner_texts()[1:-1] == SECTIONS
    contents = page.get_by_role("navigation", name="On this page")
    for section in SECTIONS:
        contents.get_by_role("link", name=section).click()
        assert page.evaluate("document.querySelector(location.hash).innerText") == section
    assert not page.get_by_text("Supporting organisations", exact=True).is_visible()
    page.get_by_text(FOLDED).click()
    assert page.get_by_text("Supporting organisations", exact=True).is_visible()
