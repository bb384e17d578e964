"""The figures of a return through the API: read, filled in one by one, and refused at the same fields as on the page."""

from typing import Any

import pytest

from programme.models import Completion, LocalProfile, PanelMonth, PlanAlignment
from returns.models import Return, ReturnFigure
from tests.api.asking import problem
from tests.api.clients import System, system_of
from tests.api.test_returns import SCOPES, fill, read
from tests.cast import Cast
from tests.returns.test_return_figures import CHANNEL, TRAINING, report, save, submit

__all__ = ["report"]
PROFILE = {"aligned_on": "2020-05-20"}


@pytest.fixture
def bradford(cast: Cast) -> System:
    return system_of(cast, cast.bradford_district, scopes=SCOPES)


def keys(system: System, report: Return) -> list[str]:
    return [each["key"] for each in read(system, report).json()["figures"]]


def test_figures_are_read_and_filled_in_and_become_records(
    cast: Cast, bradford: System, report: Return
) -> None:
    blank = read(bradford, report).json()["figures"]
    assert [(each["part"], each["subject"]["name"], each["month"], each["version"]) for each in blank] == [
        ("training", "Prevent awareness", None, 0),
        ("channel", "Channel panel of Wakefield Council", "2020-05-01", 0),
        ("profile", LocalProfile.objects.get().title, None, 0),
    ]
    values = [TRAINING, CHANNEL, PROFILE]
    drafts = [{"key": each["key"], "version": 0, **value} for each, value in zip(blank, values, strict=True)]
    response = fill(bradford, report, figures=drafts).json()
    assert (response["errors"], response["saved"]) == ([], [f"#/figures/{index}" for index in range(3)])
    for each, value in zip(response["figures"], values, strict=True):
        own = {name: each[name] for name in (*TRAINING, *CHANNEL, *PROFILE)}
        assert own == dict.fromkeys(own) | value
        assert each["version"] == 1
    assert read(bradford, report).json()["figures"] == response["figures"]
    submit(cast, report)
    assert (Completion.objects.get().completed, PanelMonth.objects.get().held) == (60, 2)
    assert PlanAlignment.objects.get().aligned_on.isoformat() == PROFILE["aligned_on"]
    assert read(bradford, report).json()["figures"] == response["figures"]


def test_what_is_left_out_stays(cast: Cast, bradford: System, report: Return) -> None:
    save(cast, report, TRAINING)
    key = keys(bradford, report)[0]
    assert fill(bradford, report, figures=[{"key": key, "completed": 61}]).json()["errors"] == []
    row = ReturnFigure.objects.get()
    assert (row.eligible, row.completed) == (80, 61)


WRONG: dict[str, tuple[int, dict[str, Any], str]] = {
    "more completed than eligible": (0, {"eligible": 10, "completed": 12}, "completed"),
    "panel that does not add up": (1, CHANNEL | {"both": 2}, "held"),
    "no reason": (1, CHANNEL | {"reason": ""}, "reason"),
    "no number of meetings": (1, CHANNEL | {"held": None}, "held"),
}


@pytest.mark.parametrize("case", WRONG)
def test_page_and_api_refuse_the_same_figures_at_the_same_field(
    bradford: System, report: Return, signed_in: Any, case: str
) -> None:
    position, values, name = WRONG[case]
    key = keys(bradford, report)[position]
    good = {"key": keys(bradford, report)[2], **PROFILE}
    response = fill(bradford, report, figures=[{"key": key, **values}, good]).json()
    [error] = response["errors"]
    assert (error["pointer"], response["saved"]) == (f"#/figures/0/{name}", ["#/figures/1"])

    browser, page = signed_in("bradford_spoc"), f"/returns/{report.pk}/"
    prefix = f"figures-{key}"
    data = {f"{prefix}-{field}": "" if value is None else value for field, value in values.items()}
    refused = browser.post(page, {"version": "2", f"{prefix}-version": "0", **data})
    [form] = [each for each in refused.context["form"].figures if each.line.key == key]
    assert (refused.status_code, form.errors[name]) == (422, [error["detail"]])


def test_bodies_that_cannot_be_read_are_refused_by_field(bradford: System, report: Return) -> None:
    training, channel, profile = keys(bradford, report)
    drafts = [
        {"key": training, "held": 2},
        {"key": "training-999999", "completed": 2},
        {"key": channel, "held": 40_000},
        {"key": profile, "aligned_on": "20 May 2020"},
        {"completed": 1},
        {"key": training, "eligible": 80, "completed": 60},
        {"key": training, "completed": 61},
    ]
    response = fill(bradford, report, figures=drafts).json()
    assert response["saved"] == ["#/figures/5"]
    assert [error["pointer"].removeprefix("#/figures/") for error in response["errors"]] == [
        *("0/held", "1/key", "2/held", "3/aligned_on", "4/key", "6/key")
    ]
    assert ReturnFigure.objects.get().completed == 60


def test_what_somebody_else_saved_meanwhile_stays(cast: Cast, bradford: System, report: Return) -> None:
    key = keys(bradford, report)[0]
    save(cast, report, TRAINING)
    late = fill(bradford, report, figures=[{"key": key, "version": 0, "eligible": 90, "completed": 60}])
    assert problem(late, 412, "precondition-failed")["errors"][0]["pointer"] == "#/figures/0"
    assert ReturnFigure.objects.get().eligible == 80


def test_personal_data_in_a_reason_is_reported_at_its_field(bradford: System, report: Return) -> None:
    draft = {"key": keys(bradford, report)[1], **CHANNEL, "reason": "Ring 07700 900123."}
    refused = fill(bradford, report, figures=[draft])
    [finding] = problem(refused, 422, "personal-data")["findings"]
    assert finding["pointer"] == "#/figures/0/reason"
    saved = fill(bradford, report, figures=[draft], keep_personal_data_reason="The office's own number.")
    assert saved.json()["errors"] == []
