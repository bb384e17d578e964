"""A district superintendent with four minutes says where an action stands."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.assurance.services import submit_action
from actions.models import Action, Evidence, ProgressUpdate
from audit.models import Entry
from tests.cast import AT, LONDON, Cast
from tests.factories import ActionFactory, PillarFactory, PlanFactory, submit_progress

ANSWER = {
    "version": "1",
    "state": "in_progress",
    "rag": "green",
    "percent": "60",
    "narrative": "Three of five teams are briefed.",
    "next_steps": "Brief the last two.",
}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def page(action: Action) -> str:
    return reverse("actions:progress-create", args=[action.pk])


def post(client: Client, action: Action, **changes: Any) -> Any:
    return client.post(page(action), ANSWER | {"version": str(action.version)} | changes)


def pdf(name: str = "attendance.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def test_the_page_shows_the_last_words_and_the_key(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    response = signed_in("bradford_spoc").get(page(action))
    assert response.status_code == 200
    words = response.content.decode()
    assert action.title in words
    assert "Two of five teams are briefed." in words
    assert "30 September 2020" in words
    assert "Red: overdue, or will miss its date" in words
    assert f'name="version" value="{action.version}"' in words
    assert response.context["form"]["percent"].value() == 40
    assert not response.context["form"]["rag"].value()


def test_an_update_is_saved_and_the_next_step_offered(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    response = signed_in("bradford_spoc").post(
        page(action), ANSWER | {"version": action.version}, follow=True
    )
    assert response.redirect_chain == [(reverse("actions:action", args=[action.pk]), 302)]
    update = action.updates.first()
    assert (update.narrative, update.percent, update.author) == (
        ANSWER["narrative"],
        60,
        cast.bradford_spoc,
    )
    action.refresh_from_db()
    assert (action.rag, action.percent) == ("green", 60)
    assert reverse("actions:action-submit", args=[action.pk]) in response.content.decode()


def test_a_supporting_partner_is_not_offered_what_is_not_theirs(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, allocated=True, supporting=[cast.wakefield_council])
    response = signed_in("wakefield_contact").post(
        page(action), ANSWER | {"version": action.version}, follow=True
    )
    assert action.updates.count() == 1
    assert reverse("actions:action-submit", args=[action.pk]) not in response.content.decode()


def test_evidence_comes_with_the_update(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    assert post(signed_in("bradford_spoc"), action, title="Attendance", file=pdf()).status_code == 302
    evidence = Evidence.objects.get()
    assert evidence.update == action.updates.first()
    assert (evidence.filename, evidence.content_type) == ("attendance.pdf", "application/pdf")
    with evidence.file.open() as file:
        assert file.read() == PDF


def test_a_link_is_evidence_too(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    url = "https://example.org/minutes"
    assert post(signed_in("bradford_spoc"), action, title="Minutes", url=url).status_code == 302
    assert Evidence.objects.get().url == url


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"file": pdf(content=b"MZ\x90\x00"), "title": "x"}, "file", "not a real PDF file"),
        ({"file": pdf("attack.exe"), "title": "x"}, "file", "must be one of"),
        ({"file": pdf(content=b""), "title": "x"}, "file", "empty"),
        ({"title": "Minutes"}, "file", "Select a file, or enter a link"),
        ({"url": "javascript:alert(1)", "title": "x"}, "url", "starts with https://"),
        ({"url": "http://example.org/", "title": "x"}, "url", "starts with https://"),
        ({"url": "https://example.org/", "file": pdf(), "title": "x"}, "url", "a file or a link, not both"),
    ],
)
def test_refused_evidence_leaves_nothing_half_written(
    cast: Cast, signed_in: Any, changes: dict[str, Any], field: str, words: str
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    if "file" in changes:
        changes["file"].seek(0)
    response = post(signed_in("bradford_spoc"), action, **changes)
    assert response.status_code == 422
    assert words in " ".join(response.context["form"].errors[field])
    assert ANSWER["narrative"] in response.content.decode()
    assert action.updates.count() == 1
    assert not Evidence.objects.exists()


def test_a_file_stays_with_the_form_after_another_error(
    cast: Cast, signed_in: Any, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    action = ActionFactory(cast=cast, in_progress=True)
    client = signed_in("bradford_spoc")
    response = post(client, action, rag="red", title="Attendance", file=pdf())
    assert response.status_code == 422
    form = response.context["form"]
    assert form.errors["reason"] == ["Enter why the action is red."]
    assert "File kept: " in response.content.decode()
    assert not Evidence.objects.exists()
    token = {"file-token": form.stored_files["file"].token, "title": "Attendance"}
    assert post(client, action, **token).status_code == 302
    assert Evidence.objects.get().title == "Attendance"


def test_a_file_does_not_outlive_the_change_that_was_refused(
    cast: Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    action = ActionFactory(cast=cast, in_progress=True)

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the ledger is out of reach")

    monkeypatch.setattr("actions.core.services.change.Change.record", fail)
    client = signed_in("bradford_spoc")
    add = reverse("actions:evidence-add", args=[action.pk])
    with pytest.raises(RuntimeError):
        client.post(add, {"version": action.version, "title": "Attendance", "file": pdf()})
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"narrative": ""}, "narrative"),
        ({"narrative": "x" * 4001}, "narrative"),
        ({"next_steps": "x" * 2001}, "next_steps"),
        ({"reason": "x" * 2001}, "reason"),
        ({"narrative": "a\x00b"}, "narrative"),
        ({"percent": "101"}, "percent"),
        ({"percent": "-1"}, "percent"),
        ({"percent": "half"}, "percent"),
        ({"percent": ""}, "percent"),
        ({"percent": "9" * 5000}, "percent"),
        ({"rag": "purple"}, "rag"),
        ({"rag": ""}, "rag"),
        ({"state": "complete"}, "state"),
        ({"state": ""}, "state"),
        ({"state": "not_started"}, "rag"),
        ({"rag": "amber", "reason": "Staff are away."}, "path_to_green"),
        ({"version": ""}, "version"),
        ({"version": "latest"}, "version"),
        ({"title": "x" * 201, "url": "https://example.org/"}, "title"),
        ({"title": "x", "url": "https://example.org/" + "x" * 500}, "url"),
    ],
)
def test_bad_input_names_its_field_and_keeps_the_words(
    cast: Cast, signed_in: Any, changes: dict[str, str], field: str
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    response = post(signed_in("bradford_spoc"), action, **changes)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "There is a problem" in response.content.decode()
    assert response.context["form"]["next_steps"].value() == changes.get("next_steps", ANSWER["next_steps"])
    assert action.updates.count() == 1


def test_a_stale_form_shows_what_changed_and_applies_when_sent_again(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    submit_progress(
        actor=cast.bradford_spoc, action=action, narrative="Colleagues told us more.", rag="green", at=AT
    )
    client = signed_in("bradford_spoc")
    response = post(client, action)
    words = response.content.decode()
    assert response.status_code == 409
    assert "Colleagues told us more." in words
    assert ANSWER["narrative"] in words
    assert action.updates.count() == 2
    form = response.context["form"]
    again = {name: form[name].value() or "" for name in form.fields if name != "file"}
    assert client.post(page(action), again).status_code == 302
    assert action.updates.first().narrative == ANSWER["narrative"]


def test_words_outlive_a_change_of_state(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    submit_action(actor=cast.bradford_spoc, action=action, note="Done.", at=AT)
    response = post(signed_in("bradford_spoc"), action)
    assert response.status_code == 409
    assert ANSWER["narrative"] in response.content.decode()
    assert "Submitted for assurance" in response.content.decode()
    again = post(signed_in("bradford_spoc"), action, version=str(action.version + 1))
    assert again.status_code == 409
    assert "awaiting assurance" in again.content.decode()


def test_a_correction_starts_from_the_words_it_corrects(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    wrong = action.updates.get()
    client = signed_in("bradford_spoc")
    address = f"{page(action)}?corrects={wrong.pk}"
    form = client.get(address).context["form"]
    assert form["narrative"].value() == wrong.narrative
    assert form["rag"].value() == wrong.rag
    assert client.post(address, ANSWER | {"version": action.version}).status_code == 302
    correction = action.updates.first()
    assert (correction.corrects, correction.period) == (wrong, wrong.period)
    refused = client.get(address)
    assert refused.status_code == 409
    assert "already been corrected" in refused.content.decode()


def test_a_correction_of_an_old_update_leaves_where_the_action_stands(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    old = action.updates.get()
    submit_progress(
        actor=cast.bradford_spoc,
        action=action,
        narrative="Four of five.",
        rag="green",
        percent=80,
        at=datetime(2020, 6, 15, tzinfo=LONDON),
    )
    action.refresh_from_db()
    client = signed_in("bradford_spoc")
    address = f"{page(action)}?corrects={old.pk}"
    assert client.post(address, ANSWER | {"version": action.version, "percent": "30"}).status_code == 302
    action.refresh_from_db()
    assert action.percent == 80
    newest = ProgressUpdate.objects.get(narrative="Four of five.")
    address = f"{page(action)}?corrects={newest.pk}"
    assert client.post(address, ANSWER | {"version": action.version, "percent": "75"}).status_code == 302
    action.refresh_from_db()
    assert action.percent == 75


@pytest.mark.parametrize("number", ["0", "99999", "x", "", "1" * 40, "²"])
def test_there_is_no_such_update_to_correct(cast: Cast, signed_in: Any, number: str) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    assert signed_in("bradford_spoc").get(f"{page(action)}?corrects={number}").status_code == 404


def test_an_update_of_another_action_cannot_be_corrected_here(cast: Cast, signed_in: Any) -> None:
    here = ActionFactory(cast=cast, in_progress=True)
    there = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    foreign = there.updates.get()
    client = signed_in("bradford_spoc")
    assert client.get(f"{page(here)}?corrects={foreign.pk}").status_code == 404
    assert client.post(f"{page(here)}?corrects={foreign.pk}", ANSWER).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("bradford_spoc", 200),
        ("leeds_spoc", 403),
        ("manager", 403),
        ("gold", 403),
        ("auditor", 403),
        ("wakefield_contact", 404),
        ("observer", 404),
        ("former_spoc", 404),
        ("leicestershire_manager", 404),
        ("administrator", 404),
        ("stranger", 404),
    ],
)
def test_roles_that_may_report(cast: Cast, signed_in: Any, who: str, status: int) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    client = signed_in(who)
    assert client.get(page(action)).status_code == status
    assert post(client, action).status_code == (302 if status == 200 else status)
    assert action.updates.count() == (2 if status == 200 else 1)


def test_a_visitor_signs_in_first(cast: Cast, client: Client) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    response = client.get(page(action))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_an_action_that_is_not_open_for_reports_says_so(cast: Cast, signed_in: Any) -> None:
    waiting = ActionFactory(cast=cast, awaiting_assurance=True)
    response = signed_in("bradford_spoc").get(page(waiting))
    assert response.status_code == 409
    assert "This action is awaiting assurance, so it cannot be reported on." in response.content.decode()
    unowned = ActionFactory(cast=cast, unallocated=True, ref="WY20-02", lead=cast.bradford_district)
    assert signed_in("bradford_spoc").get(page(unowned)).status_code == 409


def test_an_update_and_its_evidence_are_one_change(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    before = Entry.objects.count()
    post(signed_in("bradford_spoc"), action, title="Attendance", file=pdf())
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))[before:]
    assert verbs == ["progress.submitted", "evidence.added", "action.reported"]
    assert Action.objects.get(pk=action.pk).version == action.version + 1


def test_the_page_costs_the_same_however_long_the_history(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    client = signed_in("bradford_spoc")
    client.get(page(action))
    with CaptureQueriesContext(connection) as few:
        client.get(page(action))
    for day in range(2, 12):
        submit_progress(
            actor=cast.bradford_spoc,
            action=action,
            narrative="More.",
            rag="green",
            at=datetime(2020, 6, day, tzinfo=LONDON),
        )
    with CaptureQueriesContext(connection) as many:
        client.get(page(action))
    assert len(many) == len(few)


def test_the_actions_page_names_the_quarter_of_an_update(cast: Cast, signed_in: Any) -> None:
    plan = PlanFactory(
        actor=cast.manager,
        partnership=cast.yorkshire,
        title="Prevent Strategy",
        cadence="quarterly",
        state="live",
    )
    pillar = PillarFactory(actor=cast.manager, plan=plan)
    action = ActionFactory(cast=cast, in_progress=True, ref="PS-01", plan=plan, pillar=pillar)
    html = signed_in("bradford_spoc").get(reverse("actions:action", args=[action.pk])).content.decode()
    assert "April to June 2020: " in html
