"""A return that is given back with a question, and what answers it."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from actions.assurance.services import submit_action
from audit.actors import SYSTEM
from returns.models import Return
from returns.services.opening import close_returns
from returns.services.submitting import question_return
from tests.cast import AT, Cast
from tests.factories import ActionFactory, submit_progress
from tests.returns.returns import MAY, open_return, row, row_of, save, submit, submitted_return
from tests.returns.test_returns_submit import AMBER, LATER, lacks, refs


def ask(cast: Cast, report: Return, question: str = "", **about: Any) -> Return:
    facts = {"actor": cast.manager, "rows": {}, "at": AT} | about
    return question_return(report=report, question=question, **facts)


def test_a_row_with_a_question_becomes_a_correction(cast: Cast) -> None:
    """Even after the return closed; the other rows stay as they were given."""
    one = ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    report = submitted_return(cast, open_return(cast), one, other)
    report = ask(cast, report, rows={one.pk: "Is this really green?", other.pk: " "})
    assert (report.state, row_of(report, one).question) == ("returned", "Is this really green?")
    assert lacks(cast, report, at=AT) == {
        f"narrative_{one.pk}": ["Answer the question: change your update on this action"]
    }
    assert save(cast, report, row(one, 3, **AMBER), at=AT).is_whole
    before = row_of(report, one).update
    report = submit(cast, report, at=AT)
    after = row_of(report, one).update
    assert after is not None
    assert (after.corrects, after.rag, after.period) == (before, "amber", MAY)
    assert (report.state, row_of(report, one).question, other.updates.count()) == ("submitted", "", 2)
    one.refresh_from_db()
    assert one.rag == "amber"
    assert close_returns(actor=SYSTEM, plan=cast.plan, at=AT) == []


def test_the_correction_follows_one_from_the_action_page(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    report = submitted_return(cast, open_return(cast), action)
    first = row_of(report, action).update
    second = submit_progress(
        actor=cast.bradford_spoc, action=action, narrative="Amber.", corrects=first, at=LATER, **AMBER
    )
    ask(cast, report, rows={action.pk: "Why?"})
    save(cast, report, row(action, narrative="Because."), at=AT)
    third = row_of(submit(cast, report, at=AT), action).update
    assert third is not None
    assert third.corrects == second


def test_a_question_about_the_whole_return_can_be_answered_anywhere(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    report = ask(cast, submitted_return(cast, open_return(cast), action), "What of the schools?")
    assert save(cast, report, sections={"risks": "None in schools."}, at=AT).is_whole
    report = submit(cast, report, at=AT)
    assert (report.state, report.question, report.risks) == ("submitted", "", "None in schools.")
    assert action.updates.count() == 2


def test_a_row_of_a_closed_action_does_not_change(cast: Cast) -> None:
    one = ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    ended = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    report = submitted_return(cast, open_return(cast), one, ended)
    submit_action(actor=cast.bradford_spoc, action=ended, note="Done.", at=LATER)
    ask(cast, report, rows={ended.pk: "Really?"})
    assert refs(cast, report) == ["WY20-01", "WY20-02"]
    assert set(save(cast, report, row(ended, narrative="Yes."), at=AT).problems) == {ended.pk}
    assert submit(cast, report, at=AT).state == "submitted"


def test_only_a_submitted_return_can_be_returned_with_a_question(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    other = ActionFactory(cast=cast, allocated=True, ref="WY20-02", lead=cast.leeds_district)
    report = open_return(cast)
    with pytest.raises(ValidationError, match="This return is open") as refused:
        ask(cast, report, "Well?")
    assert refused.value.code == "state"
    submitted_return(cast, report, action)
    for question, rows in (
        (" ", {}),
        ("x" * 2001, {}),
        ("", {other.pk: "And this?"}),
        ("", {action.pk: "x" * 2001}),
    ):
        with pytest.raises(ValidationError) as refused:
            ask(cast, report, question, rows=rows)
        assert set(refused.value.message_dict) <= {
            "question",
            f"question_{other.pk}",
            f"question_{action.pk}",
        }
    for who in ("bradford_spoc", "gold", "auditor", "leicestershire_manager"):
        with pytest.raises(PermissionDenied):
            ask(cast, report, "Well?", actor=cast.person(who))
    ask(cast, report, "Well?")
    with pytest.raises(ValidationError, match="returned with a question"):
        ask(cast, report, "And?")


def test_personal_data_in_a_question_is_an_error_at_its_field(cast: Cast) -> None:
    """A telephone number in one row, one text and one question: all the rest is saved."""
    first = ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    second = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    report, number = open_return(cast), "Ring 07700 900123 about it."
    saved = save(
        cast,
        report,
        row(first, narrative=number),
        row(second),
        sections={"risks": number, "training": "One."},
    )
    assert (set(saved.problems), saved.rows, set(saved.text_problems)) == ({first.pk}, [second.pk], {"risks"})
    report.refresh_from_db()
    assert (report.risks, report.training) == ("", "One.")
    submitted_return(cast, report, first, second)
    with pytest.raises(ValidationError) as refused:
        ask(cast, report, number, rows={first.pk: number})
    assert set(refused.value.message_dict) == {"question", f"question_{first.pk}"}
