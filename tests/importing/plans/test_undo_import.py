"""Undo of an import: what nothing else happened to is taken back, and the rest is named."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from actions.actions.services import edit_action
from actions.models import Action, ProgressUpdate
from actions.questions.services import ask_question
from audit.models import Entry
from audit.services import verify
from importing.engine.services.contents import Outcome
from importing.engine.services.reversal import past_imports, read_reversal
from importing.engine.services.undo import undo_import
from importing.plans.services.importer import PlanImporter
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.importing.plans.tables import comma_separated, import_plan, preview

HEADER = ("Ref", "Pillar", "Action", "Lead agency", "Supporting", "Progress to date")
ROWS = (
    ("U-1", "Identify", "Brief the teams", "Bradford District", "Leeds District", "Dates agreed"),
    ("U-2", "Identify", "Map the practice", "Leeds District", "", ""),
    ("U-3", "Identify", "Visit the schools", "Bradford District", "Leeds District", ""),
)
FILE = comma_separated([HEADER, *ROWS])


@pytest.fixture
def recorded(cast: Cast) -> Action:
    return ActionFactory(cast=cast, unallocated=True, ref="U-3", title="Visit the colleges")


def importer_of(cast: Cast) -> PlanImporter:
    return PlanImporter(partnership=cast.yorkshire, plan_title=cast.plan.title)


def undo(cast: Cast, **other: Any) -> Any:
    importer = importer_of(cast)
    (past,) = past_imports(importer=importer, target=cast.plan)[:1]
    request = {
        "actor": cast.manager,
        "importer": importer,
        "target": cast.plan,
        "entry": past.entry,
        "at": AT,
    }
    return undo_import(**request | other)


def test_what_was_added_is_removed_and_what_was_changed_is_changed_back(cast: Cast, recorded: Action) -> None:
    import_plan(cast, FILE, filename="plan.csv")
    assert ProgressUpdate.objects.count() == 1
    done = undo(cast)
    assert done.summary == "removed 2, changed back 1, remaining 0"
    assert list(Action.objects.values_list("ref", "title")) == [("U-3", "Visit the colleges")]
    assert not recorded.supporting.exists()
    assert not ProgressUpdate.objects.exists()
    entry = Entry.objects.get(verb="plan.import_undone")
    assert entry.note.endswith("plan.csv: removed 2, changed back 1, remaining 0")
    assert verify(ledger=cast.yorkshire.ledger).problems == []
    with pytest.raises(ValidationError, match="Nothing of this import can be undone"):
        undo(cast)


def test_the_same_file_is_imported_again_after_its_undo(cast: Cast, recorded: Action) -> None:
    import_plan(cast, FILE, filename="plan.csv")
    undo(cast)
    outcomes = [row.outcome for row in preview(cast, FILE, filename="plan.csv").rows]
    assert outcomes == [Outcome.CREATED, Outcome.CREATED, Outcome.UPDATED]
    import_plan(cast, FILE, filename="plan.csv")
    assert undo(cast).summary == "removed 2, changed back 1, remaining 0"


def test_rows_that_changed_since_and_what_they_use_remain(
    cast: Cast, recorded: Action, signed_in: Any
) -> None:
    import_plan(cast, FILE, filename="plan.csv")
    action = Action.objects.get(ref="U-1")
    edit_action(actor=cast.manager, action=action, title="Brief every team", at=AT)
    used = Action.objects.get(ref="U-2")
    ask_question(actor=cast.manager, action=used, addressee="manager", text="Which schools?", at=AT)
    client = signed_in("manager")
    address = reverse("importing:plan-import", args=[cast.plan.pk])
    entry = Entry.objects.get(verb="plan.imported")
    assert f'href="{address}?undo={entry.sequence}"' in client.get(address).content.decode()
    confirm = reverse("importing:plan-import-confirm", args=[cast.plan.pk])
    answer = client.post(confirm, {"undo": entry.sequence}, follow=True)
    body = answer.content.decode()
    assert "Import undone: removed 0, changed back 1, remaining 2" in body
    assert f'href="{reverse("actions:action", args=[action.pk])}"' in body
    assert "It was changed after the import." in body
    assert "It is used by" in body
    assert ProgressUpdate.objects.filter(action=action).exists()
    assert sorted(Action.objects.values_list("ref", flat=True)) == ["U-1", "U-2", "U-3"]
    assert client.post(confirm, {"undo": entry.sequence}).status_code == 409
    assert client.get(f"{address}?undo=999999").status_code == 404


def test_only_who_may_import_may_undo(cast: Cast) -> None:
    import_plan(cast, FILE, filename="plan.csv")
    with pytest.raises(PermissionDenied):
        undo(cast, actor=cast.auditor)
    assert Action.objects.count() == 3


def test_a_partial_import_is_undone_alike(cast: Cast, signed_in: Any) -> None:
    rows = [HEADER, *ROWS, ("U-4", "Identify", "Ask", "Nobody Known", "", "")]
    import_plan(cast, comma_separated(rows), filename="plan.csv", leave_out_problems=True)
    assert undo(cast).summary == "removed 3, changed back 0, remaining 0"


def test_the_number_of_queries_does_not_grow(cast: Cast, django_assert_max_num_queries: Any) -> None:
    rows = [(f"U-{number}", "Identify", f"Do {number}", "Bradford District", "", "") for number in range(60)]
    import_plan(cast, comma_separated([HEADER, *rows]), filename="plan.csv")
    (past,) = past_imports(importer=importer_of(cast), target=cast.plan)
    with django_assert_max_num_queries(45):
        assert (
            len(read_reversal(actor=cast.manager, importer=importer_of(cast), entry=past.entry).removals)
            == 60
        )
    with django_assert_max_num_queries(130):
        undo(cast)
