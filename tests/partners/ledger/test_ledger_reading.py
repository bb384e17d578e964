"""Finding an entry of the ledger and reading it in words, with links to its record and back."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils.html import escape

from actions.actions.services import edit_action
from actions.models import Action, ProgressUpdate
from audit.models import Entry
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.reports.factories import issued_paper
from tests.support.snapshots import reuse_snapshot

LEDGER = "/ledger/"


@pytest.fixture
@reuse_snapshot
def action(cast: Cast) -> Action:
    """An action under way, with a new title and Leeds as its lead, beside another one."""
    ActionFactory(cast=cast, ref="WY20-01")
    action = ActionFactory(cast=cast, in_progress=True, ref="WY20-02", title="Brief the teams")
    return edit_action(
        actor=cast.manager, action=action, title="Brief every team", lead=cast.leeds_district, at=AT
    )


def entry_page(client: Any, cast: Cast, entry: Entry) -> Any:
    return client.get(reverse("partners:ledger-entry", args=[cast.yorkshire.pk, entry.sequence]))


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ({"record": "wy20-02"}, lambda entry: "WY20-02" in entry.target_label),
        (
            {"action": "wy20-02"},
            lambda entry: (
                "WY20-02" in entry.target_label
                or entry.target_type in ("actions.evidence", "actions.progressupdate")
            ),
        ),
        ({"person": "bradford"}, lambda entry: entry.actor_label == "Bradford spoc"),
        ({"kind": "actions.progressupdate"}, lambda entry: entry.target_type == "actions.progressupdate"),
        (
            {"first_day": "19", "first_month": "6", "first_year": "2020"},
            lambda entry: entry.at >= AT.replace(hour=0),
        ),
        (
            {"last_day": "18", "last_month": "6", "last_year": "2020"},
            lambda entry: entry.at < AT.replace(hour=0),
        ),
    ],
)
def test_the_filters_find_the_matching_entries(
    cast: Cast, signed_in: Any, action: Action, query: dict[str, str], matches: Any
) -> None:
    entries = Entry.objects.filter(ledger=cast.yorkshire.ledger_id)
    expected = {entry.sequence for entry in entries if matches(entry)}
    assert expected
    assert len(expected) < entries.count()
    pages = signed_in("auditor").get(LEDGER, query).context["pages"]
    assert {entry.sequence for entry in pages} == expected


def test_a_wrong_filter_lists_nothing_and_says_why(cast: Cast, signed_in: Any, action: Action) -> None:
    response = signed_in("auditor").get(LEDGER, {"first_day": "31", "first_month": "2", "first_year": "2020"})
    assert list(response.context["pages"]) == []
    assert response.context["form"].errors.keys() == {"first"}
    assert "No entries match these filters" in response.content.decode()


def test_an_entry_is_in_words_and_links_to_its_record_and_neighbours(
    cast: Cast, signed_in: Any, action: Action
) -> None:
    entry = Entry.objects.filter(verb="action.edited").latest("sequence")
    response = entry_page(signed_in("auditor"), cast, entry)
    assert [(change.field, change.old, change.new) for change in response.context["changes"]] == [
        ("Lead organisation", "Bradford District", "Leeds District"),
        ("Title", "Brief the teams", "Brief every team"),
        *([("Version", *map(str, entry.changes["version"]))] if "version" in entry.changes else []),
    ]
    page = response.content.decode()
    assert f'Entry {entry.sequence}: <span lang="en-GB">Action edited</span>' in page
    assert f'href="{reverse("actions:action", args=[action.pk])}"' in page
    assert f"/{entry.sequence - 1}/" in page
    assert f"/{entry.sequence + 1}/" not in page, "it is the latest"


def test_an_entry_leads_back_to_the_filter_and_on_within_it(
    cast: Cast, signed_in: Any, action: Action
) -> None:
    client, query = signed_in("auditor"), "kind=actions.action&first_day=1&first_month=1&first_year=2020"
    ledger = client.get(f"{reverse('partners:ledger')}?{query}")
    entries = [entry for entry, _ in ledger.context["lines"]]
    assert {entry.target_type for entry in entries} == {"actions.action"}
    address = reverse("partners:ledger-entry", args=[cast.yorkshire.pk, entries[1].sequence])
    assert f'href="{address}?{escape(query)}"' in ledger.content.decode()
    context = client.get(f"{address}?{query}").context
    assert (context["next"], context["previous"]) == (entries[0].sequence, entries[2].sequence)
    back = client.get(context["back"].partition("#")[0]).context["lines"]
    assert [entry.sequence for entry, _ in back] == [entry.sequence for entry in entries]


def test_an_entry_of_an_update_links_to_its_action(cast: Cast, signed_in: Any, action: Action) -> None:
    update = ProgressUpdate.objects.get()
    entry = Entry.objects.get(target_type="actions.progressupdate", target_id=str(update.pk))
    page = entry_page(signed_in("auditor"), cast, entry).content.decode()
    assert f'href="{reverse("actions:action", args=[action.pk])}"' in page


def test_an_entry_of_a_paper_and_of_its_section_link_to_the_paper(cast: Cast, signed_in: Any) -> None:
    paper, auditor = issued_paper(cast), signed_in("auditor")
    for label in ("reports.paper", "reports.section"):
        entry = Entry.objects.filter(target_type=label).latest("sequence")
        page = entry_page(auditor, cast, entry).content.decode()
        assert f'href="{reverse("reports:paper", args=[paper.pk])}"' in page, label
    issued = Entry.objects.get(verb="paper.issued")
    changes = {change.field: change.new for change in entry_page(auditor, cast, issued).context["changes"]}
    assert changes["Issued at"] == "19 June 2020 at 10:00am"


def test_only_an_auditor_gets_links_from_the_timeline_to_the_ledger(
    cast: Cast, signed_in: Any, action: Action
) -> None:
    entry = Entry.objects.filter(verb="action.edited").latest("sequence")
    address = reverse("partners:ledger-entry", args=[cast.yorkshire.pk, entry.sequence])
    where = reverse("actions:action", args=[action.pk])
    assert f'href="{address}"' in signed_in("auditor").get(where).content.decode()
    page = signed_in("manager").get(where).content.decode()
    assert "Ledger entry" not in page
    assert f'datetime="{AT.isoformat()}"' in page


def test_an_auditor_exports_the_ledger_to_verify_it_elsewhere(
    cast: Cast, signed_in: Any, action: Action, tmp_path: Path
) -> None:
    address = reverse("partners:ledger-export", args=[cast.yorkshire.pk])
    assert address in signed_in("auditor").get(LEDGER).content.decode()
    response = signed_in("auditor").get(address)
    assert response["Content-Disposition"] == 'attachment; filename="ledger-west-yorkshire-2020-06-19.jsonl"'
    file = tmp_path / "ledger.jsonl"
    file.write_bytes(b"".join(response.streaming_content))
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert lines[0]["header"]["entries"] == len(lines) - 1 == cast.yorkshire.ledger.entries.count()
    assert signed_in("manager").get(address).status_code == 403


def test_a_ledger_without_checkpoints_says_what_that_means(cast: Cast, signed_in: Any) -> None:
    assert "Nothing has been signed" in signed_in("auditor").get(LEDGER).content.decode()
