"""The returns of one period of a plan, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from actions.models import Plan
from audit.actors import Reader
from returns.models import Return
from returns.states import ReturnState
from web.language import lazy_text, period_text

# What boards ask of a period first.
COLLATED = {
    "escalations": lazy_text("Escalations to Silver"),
    "decisions_sought": lazy_text("Decisions sought"),
    "risks": lazy_text("Risks"),
    "good_practice": lazy_text("Good practice"),
}


@dataclass(frozen=True)
class Text:
    """What an organisation wrote in its return; a draft is not shown."""

    report: Return
    text: str


@dataclass(frozen=True)
class Collation:
    """The texts of a period's returns by question.

    Attributes:
        texts: (title of the question, the texts, the returns that say nothing about it).
        missing: the returns that are not submitted.
        periods: the first days of the plan's periods, the newest first.
    """

    plan: Plan
    period: date
    label: str
    texts: Sequence[tuple[str, Sequence[Text], Sequence[Return]]]
    missing: Sequence[Return]
    periods: Sequence[date]
    total: int


def collate(*, plan: Plan, user: Reader, on: date, period: date | None) -> Collation | None:
    """Return the texts of one period, by default the last; None where the user sees no return for it."""
    visible = Return.objects.visible_to(user, on).filter(plan=plan)
    periods = list(visible.order_by("-period_start").values_list("period_start", flat=True).distinct())
    chosen = period or (periods[0] if periods else None)
    if chosen not in periods or chosen is None:
        return None
    reports = list(
        visible.filter(period_start=chosen).select_related("organisation").order_by("organisation__name")
    )
    submitted = [report for report in reports if report.state == ReturnState.SUBMITTED]
    texts = []
    for name, title in COLLATED.items():
        answers = [Text(report, getattr(report, name).strip()) for report in submitted]
        texts.append(
            (
                title,
                [each for each in answers if each.text],
                [each.report for each in answers if not each.text],
            )
        )
    return Collation(
        plan=plan,
        period=chosen,
        label=period_text(reports[0].period),
        texts=texts,
        missing=[report for report in reports if report not in submitted],
        periods=periods,
        total=len(reports),
    )
