"""Measure pages as at a past day, each compared with the page now: at most 3 times."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from actions.models import Action
from audit.services import Item, append_many, writing
from benchmarks.stage import AT, Stage
from inspections.findings.services.inspections import save_inspection
from inspections.findings.services.links import link_action
from inspections.findings.services.recommendations import save_recommendation
from inspections.models import Inspection, Recommendation

ACTIONS, FINDINGS, CHANGES = 1_000, 20, 4
PAST = "2026-06-15"
Compare = Callable[[str, Callable[[], object], str, Callable[[], object]], None]


def run(compare: Compare) -> None:
    stage = Stage("Past", ACTIONS)
    findings = _add_findings(stage)
    _live_on(stage)
    pages = {
        f"action list, {ACTIONS:,} actions": "/actions/",
        "action": f"/actions/{stage.first.pk}/",
        "plan": f"/plans/{stage.plan.pk}/",
        "slippage": f"/plans/{stage.plan.pk}/slippage/",
        f"recommendation list, {FINDINGS} findings": "/recommendations/",
        "recommendation": f"/recommendations/{findings[0].pk}/",
        "coverage": "/coverage/",
    }
    for name, path in pages.items():
        compare(
            f"{name} as at a past day",
            lambda path=path: stage.get(f"{path}?as_at={PAST}"),
            "the page now",
            lambda path=path: stage.get(path),
        )
    compare(
        "compare two days",
        lambda: stage.get(f"/compare/?start=2026-04-02&end={PAST}"),
        "the action list now",
        lambda: stage.get("/actions/"),
    )


def _add_findings(stage: Stage) -> list[Recommendation]:
    manager: dict[str, Any] = {"actor": stage.manager, "at": AT}
    inspection = save_inspection(
        inspection=Inspection(partnership=stage.partnership),
        title="Report",
        body="HMICFRS",
        body_kind=Inspection.BodyKind.INSPECTORATE,
        kind=Inspection.Kind.NATIONAL,
        published_on=date(2026, 3, 9),
        **manager,
    )
    actions = list(Action.objects.filter(plan=stage.plan).order_by("pk")[1 : FINDINGS + 1])
    findings = []
    for number, action in enumerate(actions):
        finding = save_recommendation(
            recommendation=Recommendation(inspection=inspection),
            kind=Recommendation.Kind.RECOMMENDATION,
            number=str(number + 1),
            text="Review how referrals are shared.",
            **manager,
        )
        link_action(recommendation=finding, action=action, **manager)
        findings.append(finding)
    return findings


def _live_on(stage: Stage) -> None:
    """Move and rate every action once a month, as a year of updates does."""
    for month in range(1, CHANGES + 1):
        rows = list(Action.objects.filter(plan=stage.plan, state="in_progress").order_by("pk"))
        for row in rows:
            row.percent, row.moves = (row.percent + 7) % 100, month
            row.due = (row.due or AT.date()) + timedelta(days=10)
        with writing(stage.partnership.ledger_id) as ledger:
            Action.objects.bulk_update(rows, ["percent", "moves", "due"])
            items = [Item(verb="action.edited", target=row) for row in rows]
            append_many(actor=stage.manager, ledger=ledger, at=AT + timedelta(days=30 * month), items=items)
