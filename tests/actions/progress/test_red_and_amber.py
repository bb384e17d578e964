"""Red and amber are declared with a reason and a path to green, whichever door they come through."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from actions.evidence.services import NewEvidence
from actions.models import Action, ProgressUpdate
from tests.api.clients import System, council
from tests.cast import AT, Cast
from tests.factories import ActionFactory, submit_progress
from tests.importing.plans.tables import HEADER, import_plan, workbook

__all__ = ["council"]  # a fixture

SAID = {"narrative": "One of five teams is left.", "percent": 50}
WORDS = {"reason": "Illness.", "path_to_green": "A relief sergeant from July."}
LACKING = [
    ({}, {"reason", "path_to_green"}),
    ({"reason": " \n", "path_to_green": "\t"}, {"reason", "path_to_green"}),
    ({"reason": WORDS["reason"]}, {"path_to_green"}),
    ({"path_to_green": WORDS["path_to_green"]}, {"reason"}),
]
both = pytest.mark.parametrize("rag", ["red", "amber"])
lacking = pytest.mark.parametrize(("words", "fields"), LACKING)


def unchanged(action: Action) -> bool:
    return Action.objects.get(pk=action.pk).rag == "green" and ProgressUpdate.objects.count() == 1


@both
@lacking
@pytest.mark.parametrize("evidence", [None, NewEvidence(title="Rota", url="https://example.org/rota")])
def test_no_service_takes_them_without(
    cast: Cast, rag: str, words: dict[str, str], fields: set[str], evidence: NewEvidence | None
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    for corrects in (None, action.updates.get()):
        with pytest.raises(ValidationError) as refused:
            submit_progress(
                actor=cast.bradford_spoc,
                action=action,
                rag=rag,
                corrects=corrects,
                evidence=evidence,
                at=AT,
                **SAID,
                **words,
            )
        assert set(refused.value.message_dict) == fields
    assert unchanged(action)


@both
@lacking
def test_nor_does_the_page(
    cast: Cast, signed_in: Any, rag: str, words: dict[str, str], fields: set[str]
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    answer = {"version": action.version, "state": "in_progress", "rag": rag} | SAID | words
    response = signed_in("bradford_spoc").post(reverse("actions:progress-create", args=[action.pk]), answer)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == fields
    assert unchanged(action)


@both
@lacking
def test_nor_the_api(cast: Cast, council: System, rag: str, words: dict[str, str], fields: set[str]) -> None:
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    response = council.post(f"/actions/{action.pk}/updates/", SAID | {"rag": rag} | words)
    assert response.status_code == 400
    assert {error["pointer"] for error in response.json()["errors"]} == {f"#/{field}" for field in fields}
    assert unchanged(action)


@both
def test_an_import_declares_no_rating_at_all(cast: Cast, rag: str) -> None:
    row = ("1.1", "Brief the teams", "Bradford District", None, "Bradford", "bradford.spoc@example.org")
    more = (date(2020, 9, 30), None, "One team is left", rag)
    import_plan(cast, workbook([HEADER, ("PILLAR 1: IDENTIFY",), (*row, *more)], merges=["A2:J2"]))
    assert (Action.objects.get().rag, ProgressUpdate.objects.get().rag) == ("", "")


@both
def test_nor_does_the_database_hold_one(cast: Cast, rag: str) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        action.updates.update(rag=rag)


@both
def test_with_both_they_stand(cast: Cast, rag: str) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    submit_progress(actor=cast.bradford_spoc, action=action, rag=rag, at=AT, **SAID, **WORDS)
    assert Action.objects.get().rag == rag
