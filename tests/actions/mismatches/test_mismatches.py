"""Declared against computed RAG: the database rates as the rule does, and the page shows where they differ."""

from datetime import date, timedelta
from itertools import product

from actions.core.states import State
from actions.models import Action, Pillar, Plan
from actions.plans.services import create_plan, save_pillar
from standards.rag import Rag
from tests.cast import EARLIER, TODAY, Cast
from tests.factories import ActionFactory

DAY = timedelta(days=1)
# Around every border of the rule: overdue, nearly due, and silent for longer than the cadence and seven days.
DUE = [None, *(TODAY + days * DAY for days in (-1, 0, 28, 29))]
HEARD = [None, *(TODAY - days * DAY for days in (38, 39, 99, 100))]
PERCENT = [74, 75]
RATED = (State.IN_PROGRESS, State.AWAITING_ASSURANCE)
HOPE = {Rag.RED: 0, Rag.AMBER: 1, Rag.GREEN: 2}


def of_every_kind(cast: Cast) -> int:
    """Fill a monthly and a quarterly plan with actions of every state, date, percentage and rating."""
    pattern = ActionFactory(cast=cast, allocated=True, ref="P-0")
    quarterly = create_plan(
        actor=cast.manager,
        partnership=cast.yorkshire,
        title="Prevent Strategy",
        starts_on=date(2019, 4, 1),
        ends_on=date(2021, 3, 31),
        cadence=Plan.Cadence.QUARTERLY,
        at=EARLIER,
    )
    pillar = save_pillar(actor=cast.manager, pillar=Pillar(plan=quarterly, name="Identify"), at=EARLIER)
    rows = []
    kinds = product((cast.plan, quarterly), State, DUE, HEARD, PERCENT, ("last_reported_on", "allocated_on"))
    for number, (plan, state, due, reported_on, percent, heard_by) in enumerate(kinds, start=1):
        fields = {field.attname: getattr(pattern, field.attname) for field in Action._meta.concrete_fields}
        fields |= {
            "id": None,
            "ref": f"P-{number}",
            "plan_id": plan.pk,
            "pillar_id": cast.identify.pk if plan == cast.plan else pillar.pk,
            "state": state,
            "due": due,
            "original_due": due,
            "percent": percent,
            "rag": ["", Rag.GREEN, *Rag][number % 5] if state in RATED else "",
            "allocated_on": TODAY - 400 * DAY,
            "by_districts": number % 7 == 0 or due is None,
            "closed_on": TODAY if state in (State.COMPLETE, State.WITHDRAWN, State.SUPERSEDED) else None,
            "board_reference": "CSB 12/20",
            "superseded_by_id": pattern.pk if state == State.SUPERSEDED else None,
        }
        rows.append(Action(**fields | {heard_by: reported_on}))
    Action.objects.bulk_create(rows)
    return len(rows)


def declared_steps(action: Action) -> int:
    return HOPE[Rag(action.rag or "green")]


def test_the_database_rates_as_the_rule_does(cast: Cast) -> None:
    number = of_every_kind(cast)
    rows = list(Action.objects.with_computed_rag(TODAY).select_related("plan"))
    assert len(rows) == number + 1
    expected = {row.pk: row.computed_rag(TODAY) for row in rows}
    assert {row.pk: row.computed for row in rows} == {
        pk: computed.rag.value if computed else "" for pk, computed in expected.items()
    }
    assert {rating.rag for rating in expected.values() if rating} == set(Rag)
    rag_gap = {
        row.pk: declared_steps(row) - HOPE[computed.rag]
        for row in rows
        if (computed := expected[row.pk]) is not None
    }
    assert {row.pk: row.rag_gap(TODAY) for row in rows} == {row.pk: rag_gap.get(row.pk, 0) for row in rows}
    for how, holds in {
        "any": lambda steps: steps != 0,
        "better": lambda steps: steps > 0,
        "worse": lambda steps: steps < 0,
    }.items():
        steps_of = dict(Action.objects.mismatched(TODAY, how).values_list("pk", "steps"))
        assert steps_of == {pk: steps for pk, steps in rag_gap.items() if holds(steps)}
        assert steps_of
