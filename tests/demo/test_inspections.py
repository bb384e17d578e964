"""What the demonstration holds of inspections on 19 June 2020: findings, both their histories, and the answer to CT4."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from actions.models import Action
from demo.loading import histories
from demo.reading import moment, rows
from inspections.core.states import State
from inspections.letters.content import is_intact
from inspections.models import Inspection, PublishedResponse, Recommendation, Response
from inspections.responses.services.responses import missing_responses
from inspections.responses.services.section55 import clock_of
from partners.models import User
from tests.demo.loaded import loaded

TODAY = date(2020, 6, 19)
Kind = Recommendation.Kind

__all__ = ["loaded"]
pytestmark = [pytest.mark.usefixtures("loaded"), pytest.mark.django_db]


def report(short_title: str) -> Inspection:
    return Inspection.objects.get(short_title=short_title)


def visible_to(name: str) -> Any:
    user = User.objects.get_by_natural_key(f"{name}@example.org")
    return Recommendation.objects.visible_to(user, TODAY)


def test_history_tables_are_in_order_of_time() -> None:
    names = histories("west_yorkshire")
    assert len(names) == 8
    for name in names:
        moments = [moment(row["at"]) for row in rows(name)]
        assert moments == sorted(moments), name
        # The demonstration can be loaded at any hour of its day.
        assert max(moments) < moment("2020-06-19T00:00:02"), name
    files = ["meetings.csv", "history.csv", "papers.csv", "access_reviews.csv"]
    assert histories("leicestershire") == [f"leicestershire/{name}" for name in files]


def test_the_inspections_named_in_the_sources_exist() -> None:
    inspections = Inspection.objects.values_list("short_title", "body_kind", "published_on")
    assert set(inspections) == {
        ("CT3", "inspectorate", None),
        ("CT4", "inspectorate", date(2020, 3, 9)),
        ("OPCC audit 2018", "internal_audit", None),
        ("Parsons Green", "parliamentary_committee", None),
        ("National review", "national_review", None),
    }
    assert not Inspection.objects.exclude(opinion="").exists()


def test_ct4_was_answered_47_days_late() -> None:
    clock = clock_of(inspection=report("CT4"), on=TODAY)
    assert clock is not None
    assert (clock.last_day, clock.answered_on, clock.days_late) == (date(2020, 5, 3), TODAY, 47)
    assert clock.words == "Answered 47 days late"


def test_the_one_letter_was_drafted_approved_and_sent_by_the_office() -> None:
    letter = PublishedResponse.objects.get()
    assert (letter.inspection, letter.state, letter.dated) == (report("CT4"), "published", TODAY)
    assert letter.sent_to_secretary_of_state_on == letter.sent_to_inspectors_on == TODAY
    assert (letter.drafted_by.email, letter.approved_by and letter.approved_by.email) == (
        "opcc@example.org",
        "opcc.director@example.org",
    )
    assert is_intact(letter=letter)
    content = letter.content or {}
    assert (len(content["recommendations"]), len(content["areas_for_improvement"])) == (8, 3)
    assert all(section["paraphrased"] for section in content["recommendations"])


def test_the_chief_officers_comments_were_invited_and_arrived_in_time() -> None:
    ct4 = report("CT4")
    assert (ct4.comments_invited_on, ct4.comments_due_on, ct4.comments_received_on) == (
        date(2020, 3, 16),
        date(2020, 4, 9),
        date(2020, 4, 8),
    )
    assert missing_responses(inspection=ct4) == []
    assert Response.objects.filter(recommendation__inspection=ct4).count() == 11


def test_no_finding_quotes_the_words_numbers_or_dates_of_a_report() -> None:
    for row in Recommendation.objects.all():
        assert row.paraphrased, row.text
        assert (row.number, row.deadline_phrase, row.due, row.priority) == ("", "", None, ""), row.text


def test_ct4_has_eight_recommendations_and_the_three_areas_for_improvement_of_the_letter() -> None:
    findings = Recommendation.objects.filter(inspection=report("CT4"))
    assert Counter(findings.values_list("kind", flat=True)) == {Kind.RECOMMENDATION: 8, "afi": 3}
    states = findings.filter(kind=Kind.RECOMMENDATION).values_list("state", flat=True)
    assert Counter(states) == {
        "accepted": 1,
        "partly_accepted": 1,
        "in_progress": 4,
        "proposed": 1,
        "implemented": 1,
    }


def test_one_is_proposed_and_its_actions_are_complete() -> None:
    row = Recommendation.objects.get(state=State.PROPOSED)
    assert set(row.actions.values_list("state", flat=True)) == {Action.State.COMPLETE}
    assert not Recommendation.objects.in_question().exists()


def test_the_auditor_closed_three_and_the_register_disagrees_on_one() -> None:
    closed = Recommendation.objects.filter(state=State.IMPLEMENTED)
    assert set(closed.values_list("inspection__short_title", flat=True)) == {
        "CT4",
        "OPCC audit 2018",
        "Parsons Green",
    }
    row = Recommendation.objects.in_disagreement().get()
    assert (row.inspection.short_title, row.state) == ("CT4", State.IMPLEMENTED)
    history = row.register_statuses.values_list("state", "on")
    assert list(history) == [("awaiting_review", date(2020, 6, 9)), ("open", date(2020, 4, 3))]
    assert all(status.comment for status in row.register_statuses.all())


def test_no_live_action_answers_the_training_of_strategic_leads() -> None:
    row = Recommendation.objects.without_live_action().get()
    assert "Strategic leads" in row.text
    assert row.state == State.ACCEPTED


def test_every_link_says_what_the_action_answers() -> None:
    links = Recommendation.objects.filter(links__answers="", links__isnull=False)
    assert not links.exists()


def test_ct3_is_sensitive_and_partners_do_not_see_it() -> None:
    ct3 = report("CT3")
    assert (ct3.marking, bool(ct3.handling_instruction)) == ("OFFICIAL-SENSITIVE", True)
    assert clock_of(inspection=ct3, on=TODAY) is None
    for name, sees in (
        ("manager", True),
        ("auditor", True),
        ("bradford.spoc", False),
        ("ctpne.prevent", False),
    ):
        assert visible_to(name).filter(inspection=ct3).exists() is sees, name


def test_the_council_sees_the_findings_its_actions_answer() -> None:
    assert visible_to("wakefield.council").filter(inspection=report("CT4")).exists()
    assert not visible_to("leicestershire.manager").exists()
