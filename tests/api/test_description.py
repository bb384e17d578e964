"""The API's description is valid, complete and true, and people can read it without a program."""

import inspect
import json
import re
from typing import Any

import jsonschema
import pytest
from django.core.management import call_command
from django.test import Client

from actions.core.api import ChangeSerializer
from actions.lists.filters import ActionFilter
from actions.lists.parameters import NOTES
from inspections.findings.api.parameters import NOTES as NOTES_OF_FINDINGS
from inspections.findings.filters import RecommendationFilter
from partners.scopes import SCOPES
from tests.api.chosen import checked, narrow
from tests.api.clients import System
from tests.cast import Cast
from tests.factories import ActionFactory
from web.api import KeepingSerializer, StrictSerializer
from web.openapi import description

# What every operation of a kind answers with; add a new operation's name where it belongs.
LIST = {"200", "304", "400", "401", "403", "406", "412", "429"}
ONE = LIST | {"404"}
WRITTEN = {"400", "401", "403", "406", "409", "413", "415", "422", "429"}
# Compared with the ETag or the version of what it changes, where that is sent.
STEP = WRITTEN | {"412"}
STATUSES = {
    **dict.fromkeys(("list_actions", "list_plans", "list_pillars", "list_organisations"), LIST),
    **dict.fromkeys(("list_inspections", "list_recommendations", "list_changes", "list_returns"), LIST),
    **dict.fromkeys(("list_my_work", "list_decisions", "list_escalations"), LIST),
    **dict.fromkeys(("get_escalation",), ONE),
    **dict.fromkeys(("acknowledge_escalation",), STEP | {"200", "404"}),
    **dict.fromkeys(("search", "compare_days"), LIST),
    **dict.fromkeys(("list_boards", "list_meetings", "list_arisings"), LIST),
    **dict.fromkeys(("get_board", "get_meeting", "list_minutes", "get_minute", "get_arising"), ONE),
    **dict.fromkeys(("get_agenda_item",), ONE),
    **dict.fromkeys(("add_meeting",), WRITTEN | {"201"}),
    **dict.fromkeys(("add_agenda_item", "write_minute", "record_arising"), STEP | {"201", "404"}),
    **dict.fromkeys(("hold_meeting", "cancel_meeting", "confirm_minutes"), STEP | {"200", "404"}),
    **dict.fromkeys(("record_attendance", "record_decision"), STEP | {"200", "404"}),
    **dict.fromkeys(("remove_agenda_item",), STEP | {"204", "404"}),
    **dict.fromkeys(("change_meeting", "change_agenda_item", "change_minute"), STEP | {"200", "404", "428"}),
    **dict.fromkeys(("report_arising", "close_arising", "make_arising_an_action"), STEP | {"200", "404"}),
    **dict.fromkeys(("list_letters",), ONE),
    **dict.fromkeys(("get_letter", "download_letter_as_pdf", "download_letter_as_docx"), ONE | {"409"}),
    "list_papers": LIST,
    **dict.fromkeys(("get_paper", "list_paper_figures", "download_paper_content"), ONE | {"409"}),
    **dict.fromkeys(("create_own_status", "create_register_status", "link_action"), STEP | {"201", "404"}),
    **dict.fromkeys(("unlink_action",), STEP | {"200", "404"}),
    **dict.fromkeys(("get_action", "get_plan", "get_pillar", "get_organisation", "get_update"), ONE),
    **dict.fromkeys(("get_inspection", "get_recommendation", "get_return"), ONE),
    **dict.fromkeys(("list_updates", "list_linked_actions"), ONE),
    **dict.fromkeys(("list_date_requests", "list_dependencies"), LIST),
    **dict.fromkeys(("list_date_requests_of_action", "list_dependencies_of_action"), ONE),
    **dict.fromkeys(("list_evidence", "list_milestones", "list_questions"), ONE),
    **dict.fromkeys(
        ("get_date_request", "get_dependency", "get_evidence", "get_milestone", "get_question"), ONE
    ),
    **dict.fromkeys(("download_evidence",), ONE | {"409"}),
    **dict.fromkeys(("request_date", "create_dependency", "ask_question"), STEP | {"201", "404"}),
    **dict.fromkeys(("add_evidence",), STEP | {"201", "404"}),
    **dict.fromkeys(("add_milestone",), STEP | {"201", "404"}),
    **dict.fromkeys(("withdraw_date_request", "decide_date_request"), STEP | {"200", "404"}),
    **dict.fromkeys(("answer_dependency", "close_dependency", "answer_question"), STEP | {"200", "404"}),
    **dict.fromkeys(("reach_milestone", "drop_milestone", "submit_action"), STEP | {"200", "404"}),
    **dict.fromkeys(("change_milestone",), STEP | {"200", "404", "428"}),
    **dict.fromkeys(("list_closure_proposals",), LIST),
    **dict.fromkeys(("list_closure_proposals_of_action", "get_closure_proposal"), ONE),
    **dict.fromkeys(("list_assurances", "get_assurance", "list_board_ratings", "get_board_rating"), ONE),
    **dict.fromkeys(("propose_closure", "record_assurance", "rate_by_board"), STEP | {"201", "404"}),
    **dict.fromkeys(("decide_closure_proposal", "retract_closure_proposal"), STEP | {"200", "404"}),
    **dict.fromkeys(("create_update",), STEP | {"201", "404"}),
    **dict.fromkeys(("create_updates",), STEP | {"200", "201", "404"}),
    **dict.fromkeys(("submit_return", "question_return"), STEP | {"200", "404"}),
    **dict.fromkeys(("fill_in_return",), STEP | {"200", "404", "428"}),
    **dict.fromkeys(("list_training_programmes", "list_training_events"), LIST),
    **dict.fromkeys(("list_attendances", "list_completions", "list_champions_counts"), LIST),
    **dict.fromkeys(
        (
            "list_funding_rounds",
            "list_funding_decisions",
            "list_grant_funds",
            "list_grants",
            "list_stated_totals",
            "list_local_profiles",
            "list_profile_briefings",
            "list_plan_alignments",
            "list_channel_panels",
            "list_panel_months",
            "list_frameworks",
            "list_framework_items",
            "list_measures",
            "list_grant_limits",
            "list_grades",
            "list_action_mappings",
            "list_terms",
            "list_memoranda",
            "list_readings",
        ),
        LIST,
    ),
    **dict.fromkeys(
        (
            "get_funding_round",
            "get_funding_decision",
            "get_grant_fund",
            "get_grant",
            "get_stated_total",
            "get_local_profile",
            "get_profile_briefing",
            "get_plan_alignment",
            "get_channel_panel",
            "get_panel_month",
            "get_framework",
            "get_framework_item",
            "get_measure",
            "get_grant_limit",
            "get_grade",
            "get_action_mapping",
            "get_term",
            "get_memorandum",
            "get_reading",
        ),
        ONE,
    ),
    **dict.fromkeys(("add_plan_alignment", "add_panel_month", "add_reading"), WRITTEN | {"201"}),
    **dict.fromkeys(("moderate_reading",), STEP | {"200", "404"}),
    **dict.fromkeys(("add_training_event",), WRITTEN | {"201"}),
    **dict.fromkeys(("change_training_event",), STEP | {"200", "404", "428"}),
    **dict.fromkeys(
        ("correct_plan_alignment", "correct_panel_month", "correct_reading"), STEP | {"201", "404"}
    ),
    **dict.fromkeys(("get_training_programme", "get_training_event"), ONE),
    **dict.fromkeys(("get_attendance", "get_completion", "get_champions_count"), ONE),
    **dict.fromkeys(("add_attendance", "add_completion", "add_champions_count"), WRITTEN | {"201"}),
    **dict.fromkeys(
        ("correct_attendance", "correct_completion", "correct_champions_count"), STEP | {"201", "404"}
    ),
    **dict.fromkeys(("list_webhooks",), LIST),
    **dict.fromkeys(("get_webhook", "list_webhook_messages"), ONE),
    **dict.fromkeys(("create_webhook",), WRITTEN | {"201"}),
    **dict.fromkeys(("create_webhook_secret",), STEP | {"201", "404"}),
    **dict.fromkeys(
        ("replay_webhook", "replay_webhook_message", "skip_webhook_message"), STEP | {"200", "404"}
    ),
    **dict.fromkeys(("change_webhook_address",), WRITTEN | {"200", "404"}),
    **dict.fromkeys(("remove_webhook",), STEP | {"204", "404"}),
    **dict.fromkeys(("change_webhook",), STEP | {"200", "404", "428"}),
}


@pytest.fixture
def described(db: None) -> dict[str, Any]:
    response = Client().get("/api/v1/schema/")
    assert response.status_code == 200
    body: dict[str, Any] = response.json()
    return body


def operations(described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["operationId"]: each for path in described["paths"].values() for each in path.values()}


def validate(described: dict[str, Any], name: str, value: Any) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
    jsonschema.Draft202012Validator(schema).validate(value)


def test_the_description_is_valid_and_nothing_in_it_is_guessed(db: None) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file="/dev/null")


def test_it_is_openapi_3_1_and_open_to_everyone(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    assert described == json.loads(json.dumps(description()))


def test_every_operation_tells_its_problems(described: dict[str, Any]) -> None:
    operations_of = operations(described)
    assert {name: set(each["responses"]) for name, each in operations_of.items()} == STATUSES
    for each in operations_of.values():
        for status, response in each["responses"].items():
            if status < "400":
                continue
            content = response["content"]["application/problem+json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
            assert content["example"]["status"] == int(status)
            validate(described, "Problem", content["example"])


def test_every_operation_has_words_a_scope_and_the_ways_in(described: dict[str, Any]) -> None:
    for each in operations(described).values():
        assert each["summary"]
        assert each["description"]
        assert "extends it" not in each["description"]
        assert each["tags"]
        (scope,) = each["security"][0]["oauth2"]
        assert scope in SCOPES
        assert each["security"] == [{"oauth2": [scope]}, {"personalToken": [scope]}, {"cookieAuth": []}]
    flow = described["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == "/oauth/token/"
    assert flow["scopes"] == SCOPES


def test_every_filter_of_the_pages_is_described(described: dict[str, Any]) -> None:
    for name, filters, notes in (
        ("list_actions", ActionFilter, NOTES),
        ("list_recommendations", RecommendationFilter, NOTES_OF_FINDINGS),
    ):
        described_parameters = operations(described)[name]["parameters"]
        parameters = {each["name"] for each in described_parameters if each["in"] == "query"}
        assert parameters == {*filters.base_filters, "ordering", "cursor", "page_size", "fields", "as_at"}
        assert set(notes) == set(filters.base_filters)


def test_the_examples_are_true(described: dict[str, Any]) -> None:
    operations_of = operations(described)
    request_examples = operations_of["create_update"]["requestBody"]["content"]["application/json"][
        "examples"
    ]
    made = operations_of["create_update"]["responses"]["201"]["content"]["application/json"]["examples"]
    read = {
        name: operations_of[operation]["responses"]["200"]["content"]["application/json"]["examples"]
        for name, operation in (
            ("Action", "get_action"),
            ("Inspection", "get_inspection"),
            ("PaginatedRecommendationList", "list_recommendations"),
            ("RecommendationWithHistories", "get_recommendation"),
            ("PaginatedLinkList", "list_linked_actions"),
        )
    }
    for name, examples in (("NewUpdate", request_examples), ("Update", made), *read.items()):
        assert examples
        for example in examples.values():
            validate(described, name, example["value"])


def test_the_answers_are_as_described(cast: Cast, council: System, described: dict[str, Any]) -> None:
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    body = {"narrative": "Trained.", "rag": "green", "percent": 60}
    validate(described, "PaginatedActionList", council.get("/actions/").json())
    validate(described, "PaginatedPlanList", council.get("/plans/").json())
    validate(described, "Update", council.post(f"/actions/{action.pk}/updates/", body).json())
    validate(described, "PaginatedUpdateList", council.get(f"/actions/{action.pk}/updates/").json())
    validate(described, "Problem", council.get("/actions/", colour="red").json())
    validate(described, "Problem", council.get("/actions/0/").json())


def test_requests_and_responses_have_schemas_of_their_own(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    requests, answered = set(), set()
    for each in operations(described).values():
        requests |= structures_in(schemas, each.get("requestBody", {}))
        answered |= structures_in(schemas, each["responses"])
    both = {name for name in requests & answered if "enum" not in schemas[name]}
    assert both == set()
    # What is sent refuses what it does not know; an answer may come to hold more, and holds all of this.
    assert all(
        schemas[name]["additionalProperties"] is False for name in requests if "enum" not in schemas[name]
    )
    for name in answered:
        assert "additionalProperties" not in schemas[name]
        if not name.startswith("Problem"):
            assert set(schemas[name].get("required", ())) == set(schemas[name].get("properties", ())), name


def structures_in(schemas: dict[str, Any], part: Any) -> set[str]:
    """The structures a part of the description refers to, with those they are made of."""
    waiting, structures = [part], set()
    while waiting:
        for name in set(re.findall(r"#/components/schemas/(\w+)", json.dumps(waiting.pop()))) - structures:
            structures.add(name)
            waiting.append(schemas[name])
    return structures


def test_no_structure_is_described_by_the_code_that_it_is_made_of(described: dict[str, Any]) -> None:
    code = {inspect.getdoc(each) for each in (StrictSerializer, KeepingSerializer, ChangeSerializer)}
    for name, structure in described["components"]["schemas"].items():
        assert structure.get("description") not in code, name


def test_the_headers_are_described_where_they_come(described: dict[str, Any]) -> None:
    operations_of = operations(described)
    request_headers = {
        name: {each["name"]: each for each in operation.get("parameters", []) if each["in"] == "header"}
        for name, operation in operations_of.items()
    }
    assert set(request_headers["get_action"]) == {"If-Match", "If-None-Match"}
    assert (
        set(request_headers["create_update"])
        == set(request_headers["change_milestone"])
        == {"If-Match", "Idempotency-Key"}
    )
    assert set(request_headers["create_updates"]) == {"Idempotency-Key"}
    assert request_headers["change_milestone"]["If-Match"]["required"]
    assert not request_headers["create_update"]["If-Match"].get("required")
    assert "`/api/v1/actions/{id}/`" in request_headers["submit_action"]["If-Match"]["description"]
    assert "`/api/v1/recommendations/{id}/`" in request_headers["unlink_action"]["If-Match"]["description"]
    response_headers = {
        (name, status): set(response["headers"])
        for name, operation in operations_of.items()
        for status, response in operation["responses"].items()
    }
    always = {"RateLimit", "RateLimit-Policy", "X-Request-ID"}
    assert all(always <= headers for headers in response_headers.values())
    assert response_headers["get_action", "200"] == response_headers["get_action", "304"] == always | {"ETag"}
    assert response_headers["list_actions", "200"] == always | {"ETag", "Link"}
    assert response_headers["create_update", "201"] == always | {"Idempotency-Replayed", "Location"}
    assert response_headers["get_action", "429"] == always | {"Retry-After"}
    assert (
        response_headers["get_action", "401"]
        == response_headers["get_action", "403"]
        == always | {"WWW-Authenticate"}
    )
    known = described["components"]["headers"]
    for operation in operations_of.values():
        for response in operation["responses"].values():
            for name, header in response["headers"].items():
                assert header.get("description") or known[name]["description"]


def test_an_answer_with_chosen_fields_is_described_too(cast: Cast, council: System) -> None:
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    described = Client().get("/api/v1/schema/").json()
    operation = operations(described)["list_actions"]
    narrowed = narrow(operation["responses"]["200"]["content"]["application/json"]["schema"], ["id", "lead"])
    answer = council.get("/actions/", fields="id,lead").json()
    checked(narrowed, answer)
    (row,) = answer["results"]
    for wrong in ({}, {"id": row["id"]}, row | {"lead": "Bradford"}, row | {"ref": "WY20-01"}):
        with pytest.raises(jsonschema.ValidationError):
            checked(narrowed, answer | {"results": [wrong]})


def test_the_front_page_links_everything(described: dict[str, Any]) -> None:
    links = Client().get("/api/v1/").json()["links"]
    paths = described["paths"].items()
    lists = {path.split("/")[3] for path, methods in paths if "get" in methods and "{" not in path}
    assert set(links) == {*lists, "schema", "docs"}
    open_to_all = {"schema": 200, "docs": 200}
    assert {name: Client().get(link).status_code for name, link in links.items()} == {
        **dict.fromkeys(lists, 401),
        **open_to_all,
    }
