"""Keeping inspections and findings: what is entered, what is refused, and in which words."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import Entry
from audit.services import verify
from inspections.findings.services.inspections import save_inspection
from inspections.findings.services.recommendations import save_recommendation
from inspections.findings.services.register import record_register_status
from inspections.models import Inspection, Recommendation
from tests.cast import AT, PEOPLE, TODAY, Cast
from tests.inspections.factories import InspectionFactory, RecommendationFactory
from tests.inspections.findings import stage
from tests.inspections.letters import letters

GRADES = ["Fundamental", "Significant"]


def change(cast: Cast, inspection: Inspection, **fields: Any) -> Inspection:
    return save_inspection(actor=cast.manager, inspection=inspection, at=AT, **fields)


def edit(cast: Cast, row: Recommendation, **fields: Any) -> Recommendation:
    return save_recommendation(actor=cast.manager, recommendation=row, at=AT, **fields)


def refusal(error: pytest.ExceptionInfo[ValidationError], field: str) -> str:
    return " ".join(error.value.message_dict[field])


def test_an_inspection_is_added_and_changed_in_its_ledger(cast: Cast) -> None:
    inspection = InspectionFactory(cast=cast)
    changed = change(cast, inspection, opinion="Limited", version=inspection.version)
    assert (changed.opinion, changed.version) == ("Limited", 2)
    verbs = Entry.objects.filter(target_type="inspections.inspection").order_by("sequence")
    assert list(verbs.values_list("verb", flat=True)) == ["inspection.added", "inspection.changed"]
    assert verify(ledger=cast.yorkshire.ledger).ok


@pytest.mark.parametrize("person", sorted(PEOPLE.keys() - {"manager"}))
def test_only_the_manager_of_this_partnership_keeps(cast: Cast, person: str) -> None:
    inspection = InspectionFactory(cast=cast)
    actor = cast.person(person)
    row = RecommendationFactory(cast=cast, inspection=inspection)
    entries = Entry.objects.count()
    new = Inspection(partnership=cast.yorkshire, title="X", body="Y", body_kind="other", kind="audit")
    for inspected in (new, inspection):
        with pytest.raises(PermissionDenied):
            save_inspection(actor=actor, inspection=inspected, at=AT)
    for finding in (Recommendation(inspection=inspection, kind="afi", text="Z"), row):
        with pytest.raises(PermissionDenied):
            save_recommendation(actor=actor, recommendation=finding, at=AT)
    assert Entry.objects.count() == entries


def test_a_stale_version_is_a_conflict(cast: Cast) -> None:
    inspection = InspectionFactory(cast=cast)
    row = RecommendationFactory(cast=cast, inspection=inspection)
    change(cast, inspection, opinion="Limited")
    edit(cast, row, addressee="All forces")
    for save in (lambda: change(cast, inspection, version=1), lambda: edit(cast, row, version=1)):
        with pytest.raises(ValidationError) as refused:
            save()
        assert refused.value.code == "conflict"


def test_a_publication_date_is_not_in_the_future(cast: Cast) -> None:
    assert InspectionFactory(cast=cast, published_on=date(2020, 4, 1)).published_on == date(2020, 4, 1)
    with pytest.raises(ValidationError) as refused:
        change(cast, Inspection.objects.get(), published_on=TODAY + timedelta(days=1))
    assert "today or in the past" in refusal(refused, "published_on")
    change(cast, Inspection.objects.get(), published_on=TODAY)


def test_a_report_that_a_letter_answers_stays_published(cast: Cast) -> None:
    inspection = letters.drafted(cast).inspection
    with pytest.raises(ValidationError) as refused:
        change(cast, inspection, published_on=None)
    assert "a letter answers this report" in refusal(refused, "published_on")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"fieldwork_from": date(2020, 2, 1), "fieldwork_to": date(2020, 1, 1)}, "must not end before"),
        ({"marking": "OFFICIAL-SENSITIVE"}, "needs a handling instruction"),
        ({"report_url": "http://example.org/ct4"}, "https"),
        ({"title": ""}, "cannot be blank"),
        ({"body_kind": "ministry"}, "not a valid choice"),
    ],
)
def test_an_impossible_inspection_is_refused(cast: Cast, fields: dict[str, Any], words: str) -> None:
    inspection = InspectionFactory(cast=cast)
    with pytest.raises(ValidationError, match=words):
        change(cast, inspection, **fields)
    assert Inspection.objects.get().version == 1


def test_one_title_is_one_inspection(cast: Cast) -> None:
    InspectionFactory(cast=cast, title="PEEL 2019")
    with pytest.raises(ValidationError, match="already has an inspection with this title"):
        InspectionFactory(cast=cast, title="peel 2019")


def test_a_grade_in_use_stays_in_the_scheme(cast: Cast) -> None:
    inspection = InspectionFactory(cast=cast, priorities=[*GRADES, " Significant "])
    assert inspection.priorities == GRADES
    RecommendationFactory(cast=cast, inspection=inspection, priority="Significant")
    with pytest.raises(ValidationError) as refused:
        change(cast, inspection, priorities=["High", "Low"])
    assert "Significant" in refusal(refused, "priorities")
    with pytest.raises(ValidationError) as refused:
        RecommendationFactory(cast=cast, inspection=inspection, number="2", priority="Urgent")
    assert "Fundamental, Significant" in refusal(refused, "priority")


@pytest.mark.parametrize(
    ("phrase", "due"),
    [
        ("By 30 November 2015, chief constables should", date(2015, 11, 30)),
        ("  By  31 March\n2021 ", date(2021, 3, 31)),
        ("immediately", None),
        ("By 31 February 2021", None),
        ("", None),
    ],
)
def test_a_deadline_is_read_from_its_phrase_and_the_phrase_is_kept(
    cast: Cast, phrase: str, due: date | None
) -> None:
    row = RecommendationFactory(cast=cast, deadline_phrase=phrase)
    assert (row.deadline_phrase, row.due) == (" ".join(phrase.split()), due)
    assert edit(cast, row, deadline_phrase="By 1 May 2022").due == date(2022, 5, 1)
    assert edit(cast, row, deadline_phrase="soon").due is None


def test_a_number_is_unique_among_findings_of_a_kind(cast: Cast) -> None:
    inspection = InspectionFactory(cast=cast)
    RecommendationFactory(cast=cast, inspection=inspection, number="1")
    RecommendationFactory(cast=cast, inspection=inspection, number="1", kind="afi")
    RecommendationFactory(cast=cast, inspection=inspection, number="")
    RecommendationFactory(cast=cast, inspection=inspection, number="")
    with pytest.raises(ValidationError, match="already has a finding of this kind with this number"):
        RecommendationFactory(cast=cast, inspection=inspection, number=" 1 ")


def test_a_recommendation_belongs_to_a_cause_of_concern_of_its_inspection(cast: Cast) -> None:
    inspection = InspectionFactory(cast=cast)
    cause = RecommendationFactory(cast=cast, inspection=inspection, kind="cause_of_concern")
    row = RecommendationFactory(cast=cast, inspection=inspection, number="2", cause=cause)
    elsewhere = InspectionFactory(cast=cast, title="PEEL 2019")
    with pytest.raises(ValidationError) as refused:
        RecommendationFactory(cast=cast, inspection=elsewhere, cause=cause)
    assert "Choose a cause of concern of this inspection" in refusal(refused, "cause")
    with pytest.raises(ValidationError, match="Only a recommendation can be under"):
        edit(cast, row, kind="afi")
    with pytest.raises(ValidationError) as refused:
        edit(cast, cause, kind="recommendation")
    assert "Move the recommendations" in refusal(refused, "kind")


def test_a_lead_belongs_to_the_partnership(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        RecommendationFactory(cast=cast, lead=cast.city_council)
    assert "another partnership" in refusal(refused, "lead")


def test_state_register_and_links_are_not_edited(cast: Cast) -> None:
    row = RecommendationFactory(cast=cast)
    for field in ("state", "due", "closed_on", "inspection"):
        with pytest.raises(TypeError):
            edit(cast, row, **{field: None})
    with pytest.raises(TypeError):
        change(cast, row.inspection, force_is_subject=False)


@pytest.mark.parametrize("person", PEOPLE)
def test_managers_and_auditors_record_what_the_register_says(cast: Cast, person: str) -> None:
    row = RecommendationFactory(cast=cast)
    arguments = {"recommendation": row, "state": "complete", "as_at": TODAY, "comment": " Seen. ", "at": AT}
    if person not in {"manager", "auditor"}:
        with pytest.raises(PermissionDenied):
            record_register_status(actor=cast.person(person), **arguments)
        return
    status = record_register_status(actor=cast.person(person), **arguments)
    after = Recommendation.objects.get()
    assert (status.comment, after.state, after.version) == ("Seen.", "registered", row.version + 1)
    assert Entry.objects.filter(verb="register.recorded").count() == 1
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_the_registers_history_is_its_own_and_by_its_own_dates(cast: Cast) -> None:
    row = RecommendationFactory(cast=cast)
    for state, as_at in (("complete", date(2020, 6, 1)), ("open", date(2020, 3, 9))):
        record_register_status(actor=cast.manager, recommendation=row, state=state, as_at=as_at, at=AT)
    history = list(row.register_statuses.values_list("state", "on"))
    assert history == [("complete", date(2020, 6, 1)), ("open", date(2020, 3, 9))]
    assert Recommendation.objects.with_register().get().register_state == "complete"
    assert [status.state for status in row.own_statuses.all()] == ["registered"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"as_at": TODAY + timedelta(days=1)}, "as_at"), ({"state": "closed"}, "state")],
)
def test_a_register_says_nothing_tomorrow_and_nothing_unknown(
    cast: Cast, fields: dict[str, Any], field: str
) -> None:
    arguments = {"state": "open", "as_at": TODAY} | fields
    with pytest.raises(ValidationError) as refused:
        record_register_status(
            actor=cast.manager, recommendation=RecommendationFactory(cast=cast), at=AT, **arguments
        )
    assert field in refused.value.message_dict


@pytest.mark.parametrize(
    ("own", "register", "differ"),
    [
        ("registered", None, False),
        ("registered", "open", False),
        ("registered", "awaiting_review", False),
        ("registered", "complete", True),
        ("registered", "not_to_be_progressed", True),
        ("registered", "superseded", True),
        ("implemented", None, False),
        ("implemented", "open", True),
        ("implemented", "awaiting_review", True),
        ("implemented", "complete", False),
    ],
)
def test_own_and_register_state_disagree(cast: Cast, own: str, register: str | None, differ: bool) -> None:
    row = stage.closed(cast) if own == "implemented" else RecommendationFactory(cast=cast)
    if register:
        record_register_status(actor=cast.auditor, recommendation=row, state=register, as_at=TODAY, at=AT)
    assert Recommendation.objects.in_disagreement().exists() == differ
    flags = Recommendation.objects.for_list(cast.auditor, TODAY).get()
    assert bool(flags.disagrees) == differ
