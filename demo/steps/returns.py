"""Returns: required of a plan, opened, drafted, submitted, questioned and closed."""

from datetime import date

from actions.core.states import State
from actions.models import Plan
from actions.plans.services import change_plan
from audit.clock import london_date
from demo.steps.step import Step, Verb
from returns.models import Return
from returns.services.contents import Line, unchanged_refusal, visible_lines
from returns.services.drafting import RowDraft, save_return
from returns.services.opening import close_returns, open_returns
from returns.services.submitting import question_return, submit_return


def _require(step: Step) -> None:
    """Require returns of a plan's organisations, from the day in `due`, on the day of the month in `note`."""
    change_plan(
        actor=step.actor, plan=_plan(step), returns_from=step.on, return_day=step.row["note"], at=step.at
    )


def _open(step: Step) -> None:
    open_returns(actor=step.actor, plan=_plan(step), at=step.at)


def _close(step: Step) -> None:
    close_returns(actor=step.actor, plan=_plan(step), at=step.at)


def _draft_unchanged(step: Step) -> None:
    """Draft one row without a change; `narrative` is the district's risk."""
    lines = [line for line in _lines(step) if line.action.ref == step.row["ref"]]
    _save(step, lines, risks=step.row["narrative"])


def _submit(step: Step) -> None:
    """Submit a return without changes; `narrative` is the first report on actions that have none."""
    _save(step, _lines(step), training=step.row["next_steps"], good_practice=step.row["reason"])
    submit_return(actor=step.actor, report=_return(step), version=None, at=step.at)


def _question(step: Step) -> None:
    questions = {
        line.action.pk: step.row["note"] for line in _lines(step) if line.action.ref == step.row["ref"]
    }
    question_return(actor=step.actor, report=_return(step), question="", rows=questions, at=step.at)


def _save(step: Step, lines: list[Line], **sections: str) -> None:
    save_return(
        actor=step.actor,
        report=_return(step),
        rows=[_row_draft(step, line) for line in lines],
        commentaries=[],
        sections=sections,
        version=None,
        at=step.at,
    )


def _row_draft(step: Step, line: Line) -> RowDraft:
    if unchanged_refusal(update=line.last_update):
        return RowDraft(
            action=line.action.pk, state=State.NOT_STARTED, percent=0, narrative=step.row["narrative"]
        )
    return RowDraft(action=line.action.pk, unchanged=True)


def _lines(step: Step) -> list[Line]:
    return visible_lines(actor=step.actor, report=_return(step), on=london_date(step.at))


def _return(step: Step) -> Return:
    """Fetch the organisation's return for the period that begins on the day in `starts_on`."""
    rows = Return.objects.select_related("plan__partnership", "organisation")
    begins = date.fromisoformat(step.row["starts_on"])
    return rows.get(plan=_plan(step), organisation=step.organisation, period_start=begins)


def _plan(step: Step) -> Plan:
    return Plan.objects.select_related("partnership").get(
        partnership=step.partnership, title=step.row["title"]
    )


VERBS: dict[str, Verb] = {
    "require_returns": _require,
    "open_returns": _open,
    "draft_return": _draft_unchanged,
    "submit_return": _submit,
    "question_return": _question,
    "close_returns": _close,
}
