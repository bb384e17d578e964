"""A partner's system reads a return, fills it in and submits it; the manager's may ask a question."""

from typing import Any

import pytest
from django.test import Client

from actions.models import Action, ProgressUpdate
from audit.models import Entry
from audit.services import verify
from partners.models import MouArea
from returns.models import Return, ReturnRow
from tests.api.asking import all_pages, cost, parameters, problem, recorded, results
from tests.api.clients import API, System, system_of
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.permissions.returns import still_open
from tests.returns import returns as forms

SCOPES = ["returns:read", "returns:write", "actions:read"]
GREEN = {"narrative": "Four of five teams are briefed.", "rag": "green", "percent": 80}
NUMBER = "07700 900123"


@pytest.fixture
def two(cast: Cast) -> list[Action]:
    return [
        ActionFactory(cast=cast, in_progress=True, ref="WY20-01"),
        ActionFactory(cast=cast, in_progress=True, ref="WY20-02"),
    ]


@pytest.fixture
def report(cast: Cast, two: list[Action]) -> Return:
    """Bradford's return for May, late and open on the day."""
    return still_open(cast)


@pytest.fixture
def bradford(cast: Cast) -> System:
    return system_of(cast, cast.bradford_district, scopes=SCOPES)


def read(system: System, report: Return) -> Any:
    response = system.get(f"/returns/{report.pk}/")
    assert response.status_code == 200, response.content
    return response


def fill(system: System, report: Return, etag: str = "*", **body: Any) -> Any:
    return system.patch(f"/returns/{report.pk}/", body, etag=etag)


def filled(system: System, report: Return, actions: list[Action]) -> None:
    response = fill(system, report, rows=[{"action": action.pk, **GREEN} for action in actions])
    assert response.json()["errors"] == []


def submit(system: System, report: Return, **body: Any) -> Any:
    return system.post(f"/returns/{report.pk}/submit/", body)


def codes(body: dict[str, Any]) -> dict[str, str]:
    return {each["pointer"]: each["code"] for each in body["errors"]}


# Reading -------------------------------------------------------------------------------------------------------


def test_returns_are_listed_narrowed_and_in_order(cast: Cast, bradford: System, report: Return) -> None:
    [row] = results(bradford.get("/returns/"))
    assert row["organisation"] == {"id": cast.bradford_district.pk, "name": "Bradford District"}
    assert (row["period"], row["state"], row["late"]) == ("May 2020", "open", True)
    assert results(bradford.get("/returns/", state="late", plan=cast.plan.pk)) == [row]
    assert results(bradford.get("/returns/", state="submitted")) == []
    assert all_pages(bradford, "/returns/", ordering="organisation") == [row]
    assert parameters(bradford.get("/returns/", state="lost", colour="red")) == {"colour"}
    assert parameters(bradford.get("/returns/", state="lost")) == {"state"}
    assert parameters(bradford.get("/returns/", organisation=cast.leeds_district.pk)) == {"organisation"}
    assert bradford.http.get(row["links"]["self"], headers=bradford.headers()).json()["id"] == report.pk


def test_a_return_has_its_rows_with_the_previous_update(
    cast: Cast, bradford: System, report: Return, two: list[Action]
) -> None:
    body = read(bradford, report).json()
    assert body["closed_reason"] == ""
    assert [row["action"]["ref"] for row in body["rows"]] == ["WY20-01", "WY20-02"]
    row = body["rows"][0]
    assert (row["version"], row["narrative"], row["rag"], row["is_editable"]) == (0, "", None, True)
    last = two[0].updates.get()
    assert (row["last_update"]["id"], row["last_update"]["narrative"]) == (last.pk, last.narrative)
    assert row["last_update"]["author"]["name"] == "Bradford spoc"
    assert row["unchanged_refusal"] == ""
    assert body["commentaries"] == []
    assert set(body["sections"].values()) == {""}


def test_returns_of_other_districts_are_not_found(
    cast: Cast, council: System, leicester: System, report: Return
) -> None:
    for organisation in (cast.wakefield_council, cast.city_council):
        system = system_of(cast, organisation, "Returns", scopes=SCOPES)
        assert results(system.get("/returns/")) == []
        for response in (
            system.get(f"/returns/{report.pk}/"),
            fill(system, report),
            submit(system, report),
            system.post(f"/returns/{report.pk}/question/", {"question": "Why?"}),
        ):
            problem(response, 404, "not-found")


def test_a_scope_of_its_own_opens_them(cast: Cast, report: Return) -> None:
    reader = system_of(cast, cast.bradford_district, scopes=["returns:read"])
    writer = system_of(cast, cast.bradford_district, "Writer", scopes=["returns:write"])
    problem(writer.get("/returns/"), 403, "forbidden")
    problem(fill(reader, report), 403, "forbidden")
    problem(submit(reader, report), 403, "forbidden")
    assert fill(writer, report).status_code == 200


def test_more_rows_cost_no_more_queries(cast: Cast, bradford: System, report: Return) -> None:
    few = cost(bradford, f"/returns/{report.pk}/"), cost(bradford, "/returns/")
    for number in range(3, 12):
        ActionFactory(cast=cast, in_progress=True, ref=f"WY20-{number:02}")
    assert len(read(bradford, report).json()["rows"]) == 11
    assert (cost(bradford, f"/returns/{report.pk}/"), cost(bradford, "/returns/")) == few


# Filling in ----------------------------------------------------------------------------------------------------


def test_entries_are_saved_as_a_draft(
    cast: Cast, bradford: System, report: Return, two: list[Action]
) -> None:
    area = MouArea.objects.create(partnership=cast.yorkshire, name="Training")
    response = fill(
        bradford,
        report,
        etag=read(bradford, report)["ETag"],
        rows=[{"action": two[0].pk, "version": 0, **GREEN}, {"action": two[1].pk, "unchanged": True}],
        commentaries=[{"mou_area": area.pk, "version": 0, "text": "Three sessions."}],
        sections={"training": "Forty staff.", "risks": "None."},
    )
    assert response.status_code == 200, response.content
    body = response.json()
    assert (body["errors"], body["findings"]) == ([], [])
    assert body["saved"] == [
        "#/rows/0",
        "#/rows/1",
        "#/commentaries/0",
        "#/sections/training",
        "#/sections/risks",
    ]
    again = read(bradford, report)
    assert response["ETag"] == again["ETag"]
    assert again.json() == {
        name: value for name, value in body.items() if name not in ("saved", "errors", "findings")
    }
    row = body["rows"][0]
    assert (row["version"], row["state"], row["narrative"]) == (1, "in_progress", GREEN["narrative"])
    assert body["rows"][1]["unchanged"] is True
    assert body["sections"]["training"] == "Forty staff."
    assert Entry.objects.filter(verb="return.saved", actor_type="client").count() == 1
    assert ProgressUpdate.objects.count() == 2


def test_omitted_rows_stay_unchanged(bradford: System, report: Return, two: list[Action]) -> None:
    filled(bradford, report, two[:1])
    body = fill(bradford, report, rows=[{"action": two[0].pk, "version": 1, "percent": 90}]).json()
    assert body["rows"][0] | {"percent": 90} == body["rows"][0]
    assert (body["rows"][0]["narrative"], body["rows"][0]["rag"]) == (GREEN["narrative"], "green")
    body = fill(bradford, report, rows=[{"action": two[0].pk, "rag": None}]).json()
    assert (body["rows"][0]["rag"], body["rows"][0]["percent"]) == (None, 90)


def test_one_bad_row_never_loses_the_others(
    cast: Cast, bradford: System, report: Return, two: list[Action]
) -> None:
    foreign = ActionFactory(
        cast=cast, in_progress=True, ref="WY20-03", lead=cast.leeds_district, owner=cast.leeds_spoc
    )
    response = fill(
        bradford,
        report,
        rows=[
            {"action": two[0].pk, **GREEN, "percent": 101},
            {"action": two[1].pk, **GREEN},
            {"action": foreign.pk, **GREEN},
            {"action": two[1].pk, "percent": 5},
            {"action": 999_999},
            {"action": two[0].pk, "colour": "red"},
            [],
        ],
        commentaries=[{"mou_area": 999_999, "text": "Lost."}],
        sections={"training": 5, "risks": "None."},
    )
    assert response.status_code == 200, response.content
    body = response.json()
    assert body["saved"] == ["#/rows/1", "#/sections/risks"]
    assert set(codes(body)) == {
        "#/rows/0/percent",
        "#/rows/2/action",
        "#/rows/3/action",
        "#/rows/4/action",
        "#/rows/5/colour",
        "#/rows/6",
        "#/commentaries/0/mou_area",
        "#/sections/training",
    }
    assert [row["narrative"] for row in body["rows"]] == ["", GREEN["narrative"]]
    assert body["sections"]["risks"] == "None."


def test_a_row_changed_meanwhile_is_not_overwritten(
    cast: Cast, bradford: System, report: Return, two: list[Action]
) -> None:
    forms.save(cast, report, forms.row(two[0], narrative="Five of five."), at=AT)
    body = fill(
        bradford,
        report,
        rows=[{"action": two[0].pk, "version": 0, **GREEN}, {"action": two[1].pk, "version": 0, **GREEN}],
    ).json()
    assert (body["saved"], codes(body)) == (["#/rows/1"], {"#/rows/0": "precondition_failed"})
    assert body["rows"][0]["narrative"] == "Five of five."


def test_nothing_is_written_where_nothing_could_be_stored(
    bradford: System, report: Return, two: list[Action]
) -> None:
    before = recorded()
    refusal = problem(
        fill(bradford, report, rows=[{"action": two[0].pk, "percent": "80"}], sections={"risks": 1}),
        400,
        "invalid",
    )
    assert set(codes(refusal)) == {"#/rows/0/percent", "#/sections/risks"}
    assert recorded() == before


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"colour": "red"}, "#/colour"),
        ({"state": "submitted"}, "#/state"),
        ({"rows": {"1": {}}}, "#/rows"),
        ({"rows": None}, "#/rows"),
        ({"sections": []}, "#/sections"),
        ({"sections": {"weather": "Fine."}}, "#/sections/weather"),
        ({"commentaries": "text"}, "#/commentaries"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_by_name(
    bradford: System, report: Return, body: dict[str, Any], place: str
) -> None:
    before = recorded()
    assert list(codes(problem(fill(bradford, report, **body), 400, "invalid"))) == [place]
    assert recorded() == before


def test_personal_data_is_reported_at_its_field_and_the_form_keeps_its_text(
    bradford: System, report: Return, two: list[Action]
) -> None:
    row = {"action": two[0].pk, **GREEN, "narrative": f"Parents ring {NUMBER}."}
    response = fill(bradford, report, rows=[row, {"action": two[1].pk, **GREEN}])
    body = response.json()
    assert (body["saved"], codes(body)) == (["#/rows/1"], {"#/rows/0/narrative": "personal_data"})
    assert body["findings"] == [
        {"pointer": "#/rows/0/narrative", "kind": "telephone", "start": 13, "end": 25}
    ]
    assert NUMBER not in response.content.decode()
    problem(fill(bradford, report, rows=[row]), 422, "personal-data")
    with_reason = fill(bradford, report, rows=[row], keep_personal_data_reason="The course's own.").json()
    assert (with_reason["saved"], with_reason["rows"][0]["narrative"]) == (["#/rows/0"], row["narrative"])
    assert Entry.objects.filter(note__contains="The course's own.").exists()


def test_only_who_read_it_as_it_is_may_change_it(bradford: System, report: Return, two: list[Action]) -> None:
    etag = read(bradford, report)["ETag"]
    filled(bradford, report, two[:1])
    before = recorded()
    problem(fill(bradford, report, etag=etag, sections={"risks": "None."}), 412, "precondition-failed")
    problem(bradford.patch(f"/returns/{report.pk}/", {}), 428, "precondition-required")
    assert recorded() == before


# Submitting ----------------------------------------------------------------------------------------------------


def test_a_return_is_submitted_and_its_rows_become_updates(
    cast: Cast, bradford: System, report: Return, two: list[Action]
) -> None:
    filled(bradford, report, two)
    version = read(bradford, report).json()["version"]
    problem(submit(bradford, report, version=version - 1), 412, "precondition-failed")
    response = submit(bradford, report, version=version)
    assert response.status_code == 200, response.content
    body = response.json()
    assert (body["state"], body["submitted_by"]["name"]) == ("submitted", "Case system (API client)")
    assert body["closed_reason"].startswith("This return was submitted by Case system (API client)")
    assert [row["update"] for row in body["rows"]] == [action.updates.latest("pk").pk for action in two]
    problem(submit(bradford, report), 422, "unprocessable")
    problem(fill(bradford, report, sections={"risks": "None."}), 422, "unprocessable")
    assert verify(ledger=cast.yorkshire.ledger).problems == []


def test_missing_fields_of_a_row_are_named_and_nothing_is_submitted(
    bradford: System, report: Return, two: list[Action]
) -> None:
    fill(bradford, report, rows=[{"action": two[0].pk, **GREEN, "rag": "red"}])
    before = recorded()
    refusal = problem(submit(bradford, report), 422, "unprocessable")
    assert {(each["action"], each["field"]) for each in refusal["errors"]} == {
        (two[0].pk, "reason"),
        (two[0].pk, "path_to_green"),
        (two[1].pk, "narrative"),
    }
    assert recorded() == before
    assert ProgressUpdate.objects.count() == 2


def test_a_reader_of_a_return_cannot_change_it(signed_in: Any, report: Return, two: list[Action]) -> None:
    before = recorded()
    for name in ("manager", "gold", "auditor"):
        person: Client = signed_in(name)
        address = f"{API}/returns/{report.pk}/"
        fields: dict[str, Any] = {"content_type": "application/json"}
        assert person.get(address).status_code == 200
        body = {"rows": [{"action": two[0].pk, **GREEN}]}
        problem(person.patch(address, body, headers={"if-match": "*"}, **fields), 403, "forbidden")
        problem(person.post(f"{address}submit/", {}, **fields), 403, "forbidden")
    assert recorded() == before


# Asking --------------------------------------------------------------------------------------------------------


@pytest.fixture
def submitted(cast: Cast, report: Return, two: list[Action]) -> Return:
    """The return, submitted."""
    forms.save(cast, report, *(forms.row(action) for action in two), at=AT)
    return forms.submit(cast, report, at=AT)


def ask(person: Client, report: Return, **body: Any) -> Any:
    address = f"{API}/returns/{report.pk}/question/"
    return person.post(address, body, content_type="application/json")


def test_the_manager_returns_a_return_and_it_is_resubmitted(
    signed_in: Any, bradford: System, report: Return, two: list[Action]
) -> None:
    filled(bradford, report, two)
    problem(ask(signed_in("manager"), report, question="Why?"), 422, "unprocessable")
    submit(bradford, report)
    problem(bradford.post(f"/returns/{report.pk}/question/", {"question": "Why?"}), 403, "forbidden")
    response = ask(signed_in("manager"), report, rows=[{"action": two[0].pk, "question": "Which team?"}])
    assert response.status_code == 200, response.content
    body = read(bradford, report).json()
    assert (body["state"], body["rows"][0]["question"]) == ("returned", "Which team?")
    refusal = problem(submit(bradford, report), 422, "unprocessable")
    assert [(each["action"], each["field"]) for each in refusal["errors"]] == [(two[0].pk, "narrative")]
    fill(bradford, report, rows=[{"action": two[0].pk, "narrative": "The fifth is briefed too."}])
    assert submit(bradford, report).json()["state"] == "submitted"
    assert ReturnRow.objects.get(action=two[0]).update.corrects is not None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "#/question"),
        ({"question": "  "}, "#/question"),
        ({"question": "x" * 2001}, "#/question"),
        ({"question": 5}, "#/question"),
        ({"rows": [{"action": 999_999, "question": "Why?"}]}, "#/rows/0/question"),
        ({"rows": [{"action": 1, "question": "Why?"}, {"action": 1, "question": "?"}]}, "#/rows/1/action"),
        ({"rows": [{"action": 1}]}, "#/rows/0/question"),
        ({"colour": "red"}, "#/colour"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_by_its_place(
    signed_in: Any, submitted: Return, body: dict[str, Any], place: str
) -> None:
    before = recorded()
    assert list(codes(problem(ask(signed_in("manager"), submitted, **body), 400, "invalid"))) == [place]
    assert recorded() == before


def test_personal_data_in_a_question_is_reported_by_its_place(
    signed_in: Any, submitted: Return, two: list[Action]
) -> None:
    rows = [{"action": two[0].pk, "question": f"Whose is {NUMBER}?"}]
    refusal = problem(ask(signed_in("manager"), submitted, rows=rows), 422, "personal-data")
    assert [each["pointer"] for each in refusal["findings"]] == ["#/rows/0/question"]
    response = ask(signed_in("manager"), submitted, rows=rows, keep_personal_data_reason="The college's.")
    assert response.status_code == 200
