"""Who answers a report under section 55, and the chief officer's comments."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import Entry
from inspections.models import Inspection
from inspections.responses.queries import with_answer
from inspections.responses.services.section55 import (
    answer_through,
    clock_of,
    invite_comments,
    mark_not_subject,
    owe_response,
    record_comments,
)
from tests.cast import AT, PEOPLE, TODAY, Cast
from tests.inspections.factories import InspectionFactory
from tests.inspections.letters import letters

WHY = "It speaks of other forces."
RESPONDERS = {"manager", "gold", "opcc_officer", "opcc_director"}
PUBLISHED = date(2020, 3, 9)


def not_subject(cast: Cast, inspection: Inspection, **arguments: Any) -> Inspection:
    fields = {"actor": cast.manager, "reason": WHY, "at": AT} | arguments
    return mark_not_subject(inspection=inspection, **fields)


def through(cast: Cast, inspection: Inspection, other: Inspection, **arguments: Any) -> Inspection:
    fields = {"actor": cast.manager, "reason": "The same findings.", "at": AT} | arguments
    return answer_through(inspection=inspection, other=other, **fields)


def of_force(cast: Cast, **fields: Any) -> Inspection:
    arguments = {"title": "Prevent in West Yorkshire", "short_title": "WY20", "kind": "force"} | fields
    return InspectionFactory(cast=cast, **arguments)


def invited(cast: Cast, inspection: Inspection, **arguments: Any) -> Inspection:
    fields = {
        "actor": cast.manager,
        "invited_on": date(2020, 3, 16),
        "due_on": date(2020, 4, 9),
        "at": AT,
    } | arguments
    return invite_comments(inspection=inspection, **fields)


def commented(cast: Cast, inspection: Inspection, **arguments: Any) -> Inspection:
    fields = {
        "actor": cast.manager,
        "received_on": date(2020, 4, 2),
        "comments": "The force agrees.",
        "at": AT,
    } | arguments
    return record_comments(inspection=inspection, **fields)


def code(raised: Any) -> str | None:
    return getattr(raised.value, "code", None)


ACTS = {
    "mark_not_subject": not_subject,
    "answer_through": lambda cast, inspection, **given: through(cast, inspection, of_force(cast), **given),
    "owe_response": lambda cast, inspection, **given: owe_response(
        inspection=not_subject(cast, inspection),
        **{"actor": cast.manager, "reason": "It does, on page 9.", "at": AT} | given,
    ),
    "invite_comments": invited,
    "record_comments": commented,
}


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("act", ACTS)
def test_who_decides(cast: Cast, act: str, person: str) -> None:
    inspection = InspectionFactory(cast=cast)
    actor = cast.person(person)
    if person in RESPONDERS:
        ACTS[act](cast, inspection, actor=actor)
        assert Entry.objects.filter(verb="section55.changed", actor_id=str(actor.pk)).exists()
    else:
        with pytest.raises(PermissionDenied):
            ACTS[act](cast, inspection, actor=actor)


def test_the_clock_of_ct4_reads_47_days_late(cast: Cast) -> None:
    inspection = letters.report(cast)
    now = clock_of(inspection=inspection, on=TODAY)
    assert now is not None
    assert (now.last_day, now.words) == (date(2020, 5, 3), "47 days late")
    letters.published(cast, letters.approved(cast, letters.drafted(cast, letters.answered(cast, inspection))))
    answered = clock_of(inspection=inspection, on=date(2021, 1, 1))
    assert answered is not None
    assert answered.words == "Answered 47 days late"
    row = with_answer(Inspection.objects.all()).get(pk=inspection.pk)
    assert clock_of(inspection=row, on=TODAY) == clock_of(inspection=inspection, on=TODAY)


@pytest.mark.parametrize(
    "fields",
    [{"published_on": None}, {"body": "OPCC", "body_kind": "internal_audit"}],
)
def test_an_unpublished_or_other_bodys_inspection_has_no_deadline(cast: Cast, fields: Any) -> None:
    inspection = InspectionFactory(cast=cast, **fields)
    assert clock_of(inspection=inspection, on=TODAY) is None
    assert inspection not in Inspection.objects.owing()
    with pytest.raises(ValidationError) as raised:
        invited(cast, inspection)
    assert code(raised) == "state"


def test_a_report_on_a_partner_stops_the_clock_until_withdrawn(cast: Cast) -> None:
    inspection = not_subject(cast, InspectionFactory(cast=cast))
    assert (inspection.owes_response, inspection.not_subject_reason) == (False, WHY)
    assert clock_of(inspection=inspection, on=TODAY) is None
    again = owe_response(actor=cast.gold, inspection=inspection, reason="It does, on page 9.", at=AT)
    assert (again.owes_response, again.not_subject_reason) == (True, "")
    assert Entry.objects.filter(verb="section55.changed").last().note == "It does, on page 9."  # type: ignore[union-attr]
    with pytest.raises(ValidationError) as raised:
        owe_response(actor=cast.gold, inspection=inspection, reason="Once more.", at=AT)
    assert code(raised) == "state"


def test_the_forces_own_report_answers_the_national_one(cast: Cast) -> None:
    national = InspectionFactory(cast=cast)
    own = of_force(cast)
    national = through(cast, national, own)
    assert (national.owes_response, national.answered_through) == (False, own)
    with pytest.raises(ValidationError, match="The response to this report covers"):
        not_subject(cast, own)
    with pytest.raises(ValidationError, match="The response to this report covers"):
        through(cast, own, InspectionFactory(cast=cast, title="A third", short_title=""))
    assert owe_response(actor=cast.manager, inspection=national, reason="Not the same.", at=AT).owes_response


def test_one_decision_takes_the_place_of_the_other(cast: Cast) -> None:
    own = of_force(cast)
    row = not_subject(cast, through(cast, InspectionFactory(cast=cast), own))
    assert (row.answered_through, row.answered_through_reason, row.force_is_subject) == (None, "", False)
    row = through(cast, row, own)
    assert (row.not_subject_reason, row.force_is_subject) == ("", True)


@pytest.mark.parametrize(
    "other",
    [
        lambda cast, row: row,
        lambda cast, row: of_force(cast, published_on=None),
        lambda cast, row: of_force(cast, body_kind="internal_audit"),
        lambda cast, row: not_subject(cast, of_force(cast)),
    ],
    ids=["itself", "unpublished", "audit", "not subject"],
)
def test_only_a_report_that_is_answered_itself_answers_another(cast: Cast, other: Any) -> None:
    row = InspectionFactory(cast=cast)
    with pytest.raises(ValidationError) as raised:
        through(cast, row, other(cast, row))
    assert set(raised.value.message_dict) == {"other"}


@pytest.mark.parametrize("act", ["mark_not_subject", "answer_through", "owe_response"])
def test_each_decision_has_its_reason(cast: Cast, act: str) -> None:
    with pytest.raises(ValidationError) as raised:
        ACTS[act](cast, InspectionFactory(cast=cast), reason=" ")
    assert set(raised.value.message_dict) == {"reason"}


def test_a_report_with_an_approved_letter_stays_to_be_answered(cast: Cast) -> None:
    letter = letters.approved(cast)
    with pytest.raises(ValidationError) as raised:
        not_subject(cast, letter.inspection)
    assert code(raised) == "state"


def test_a_decision_made_meanwhile_is_a_conflict(cast: Cast) -> None:
    inspection = InspectionFactory(cast=cast)
    not_subject(cast, inspection)
    with pytest.raises(ValidationError) as raised:
        not_subject(cast, inspection, version=inspection.version, actor=cast.gold)
    assert code(raised) == "conflict"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"invited_on": TODAY + timedelta(days=1), "due_on": date(2020, 7, 1)}, "invited_on"),
        ({"invited_on": date(2020, 3, 8)}, "invited_on"),
        ({"due_on": date(2020, 3, 15)}, "due_on"),
    ],
)
def test_an_invitation_keeps_its_days_in_order(cast: Cast, fields: Any, wrong: str) -> None:
    inspection = InspectionFactory(cast=cast)
    with pytest.raises(ValidationError) as raised:
        invited(cast, inspection, **fields)
    assert set(raised.value.message_dict) == {wrong}
    same_day = invited(cast, inspection, invited_on=PUBLISHED, due_on=PUBLISHED)
    assert same_day.comments_due_on == PUBLISHED


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"received_on": TODAY + timedelta(days=1)}, "received_on"),
        ({"received_on": date(2020, 3, 15)}, "received_on"),
        ({"comments": "  "}, "comments"),
    ],
)
def test_comments_come_after_the_invitation_and_say_something(cast: Cast, fields: Any, wrong: str) -> None:
    inspection = invited(cast, InspectionFactory(cast=cast))
    with pytest.raises(ValidationError) as raised:
        commented(cast, inspection, **fields)
    assert set(raised.value.message_dict) == {wrong}
    assert commented(cast, inspection).comments == "The force agrees."


def test_comments_may_come_uninvited(cast: Cast) -> None:
    inspection = InspectionFactory(cast=cast)
    with pytest.raises(ValidationError, match="on or after the publication date"):
        commented(cast, inspection, received_on=date(2020, 3, 8))
    assert commented(cast, inspection, received_on=PUBLISHED).comments_received_on == PUBLISHED
