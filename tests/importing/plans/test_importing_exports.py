"""The app's own export can be imported again: what was not changed in the file is neither a change nor refused."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.actions.services import allocate_action
from actions.models import Action
from actions.plans.services import save_pillar
from audit.actors import SYSTEM
from importing.engine.services.contents import Outcome
from partners.accounts.services.users import change_user, create_user
from partners.memberships.services import end_membership, grant_membership
from partners.models import MouArea, Organisation
from partners.organisations.services import save_reference
from tests.cast import AT, EARLIER, SINCE, Cast
from tests.factories import ActionFactory
from tests.importing.plans.tables import import_plan, messages, preview

FILES = Path(__file__).parent / "files"
LATER = AT + timedelta(days=1)
KINDS = pytest.mark.parametrize("kind", ["csv", "xlsx"])


def exported(client: Client, kind: str) -> bytes:
    response = client.get(reverse("actions:action-export", kwargs={"kind": kind}))
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def whole(cast: Cast) -> Action:
    """An action with a value in every field that an export shows and an import reads."""
    mou_area = save_reference(
        actor=SYSTEM, row=MouArea(partnership=cast.yorkshire, name="Training"), at=EARLIER
    )
    return ActionFactory(
        cast=cast,
        allocated=True,
        title="=Brief the  teams",
        description="- First\n- Second",
        success_measure="@all of them",
        mou_area=mou_area,
        tier="targeted",
        priority="high",
        source="+ CT4",
        marking="OFFICIAL-SENSITIVE",
        handling_instruction="-Silver group only",
        supporting=[cast.wakefield_council, cast.opcc],
    )


def leave(cast: Cast) -> None:
    membership = cast.bradford_spoc.memberships.get()
    end_membership(actor=SYSTEM, membership=membership, ends_on=date(2020, 6, 1), at=EARLIER)


def close_account(cast: Cast) -> None:
    change_user(actor=SYSTEM, user=cast.bradford_spoc, is_active=False, at=AT)


def rename_owner_who_left(cast: Cast) -> None:
    change_user(actor=SYSTEM, user=cast.bradford_spoc, name="Former Bradford lead", at=AT)
    leave(cast)


def add_namesake(cast: Cast) -> None:
    twin = create_user(actor=SYSTEM, email="second@example.org", name=cast.bradford_spoc.name, at=EARLIER)
    grant_membership(
        actor=SYSTEM,
        user=twin,
        partnership=cast.yorkshire,
        organisation=cast.opcc,
        role="partner_contact",
        starts_on=SINCE,
        at=EARLIER,
    )


def rename(name: str) -> Callable[[Cast], None]:
    def change(cast: Cast) -> None:
        row: Any = MouArea.objects.get() if name == "mou_area" else getattr(cast, name)
        row.name = "Another name"
        save_reference(actor=SYSTEM, row=row, at=AT)

    return change


def rename_pillar(cast: Cast) -> None:
    cast.identify.name = "Understand"
    save_pillar(actor=cast.manager, pillar=cast.identify, at=AT)


def share_a_name(cast: Cast) -> None:
    """Another organisation's short name is the lead's name."""
    other = Organisation(
        partnership=cast.yorkshire, name="Other", short_name=cast.bradford_district.name, kind="other"
    )
    save_reference(actor=SYSTEM, row=other, at=AT)


CHANGES = {
    "nothing": lambda cast: None,
    "owner left": leave,
    "owner's account closed": close_account,
    "owner renamed and left": rename_owner_who_left,
    "a second person of that name": add_namesake,
    "lead renamed": rename("bradford_district"),
    "supporter renamed": rename("wakefield_council"),
    "district renamed": rename("bradford"),
    "MOU area renamed": rename("mou_area"),
    "pillar renamed": rename_pillar,
    "a name that two bear": share_a_name,
}


@KINDS
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_export_is_imported_again_without_a_change(
    kind: str, change: Callable[[Cast], None], cast: Cast, signed_in: Any
) -> None:
    whole(cast)
    data = exported(signed_in("manager"), kind)
    change(cast)
    plan_preview = preview(cast, data, filename=f"actions.{kind}")
    assert messages(plan_preview) == []
    assert [row.outcome for row in plan_preview.rows] == [Outcome.UNCHANGED]


def test_the_case_of_an_owner_who_left(cast: Cast) -> None:
    owner = create_user(
        actor=SYSTEM,
        email="hub@example.org",
        name="Liaison officer, Northern Vulnerability Support Hub",
        at=EARLIER,
    )
    membership = grant_membership(
        actor=SYSTEM,
        user=owner,
        partnership=cast.yorkshire,
        organisation=cast.police,
        role="partner_contact",
        starts_on=SINCE,
        at=EARLIER,
    )
    change_user(actor=SYSTEM, user=cast.manager, name="Prevent programme manager", at=EARLIER)
    title = "Embed the work of the Vulnerability Support Hubs"
    action = ActionFactory(cast=cast, unallocated=True, ref="WY20-SG-12", title=title)
    allocate_action(
        actor=cast.manager, action=action, lead=cast.police, owner=owner, due=date(2020, 9, 30), at=EARLIER
    )
    ActionFactory(
        cast=cast,
        allocated=True,
        ref="WY20-SG-11",
        title="Support places of worship that want better security",
        owner=cast.manager,
        lead=cast.police,
    )
    end_membership(actor=SYSTEM, membership=membership, ends_on=date(2020, 6, 1), at=EARLIER)
    plan_preview = preview(cast, (FILES / "unchanged.csv").read_bytes(), filename="unchanged.csv")
    assert messages(plan_preview) == []
    assert [row.outcome for row in plan_preview.rows] == [Outcome.UNCHANGED, Outcome.UNCHANGED]


def test_another_cell_of_the_row_can_be_changed_after_the_owner_left(cast: Cast, signed_in: Any) -> None:
    whole(cast)
    data = exported(signed_in("manager"), "csv").replace(b"- First", b"- Zeroth\n- First")
    leave(cast)
    outcome = import_plan(cast, data, filename="actions.csv", at=LATER)
    assert [(change.name, change.value) for change in outcome.rows[0].changes] == [
        ("description", "- Zeroth\n- First\n- Second")
    ]
    assert Action.objects.get().description == "- Zeroth\n- First\n- Second"


def test_a_line_break_alone_is_a_change(cast: Cast, signed_in: Any) -> None:
    whole(cast)
    data = exported(signed_in("manager"), "csv").replace(b"- First", b"- First\n")
    (row,) = preview(cast, data, filename="actions.csv").rows
    assert row.new_value("description") == "- First\n\n- Second"


def test_an_owner_who_left_is_no_owner_for_another_action(cast: Cast, signed_in: Any) -> None:
    whole(cast)
    ActionFactory(cast=cast, unallocated=True, ref="WY20-02")
    leave(cast)
    data = f"Ref,Action,Owner\nWY20-02,Brief,{cast.bradford_spoc.name}\n".encode()
    (problem,) = messages(preview(cast, data, filename="plan.csv"))
    assert "is not an account that can own an action" in problem


@KINDS
@pytest.mark.parametrize("ref", ["REF-01", "Action-1", "No-7", "Theme-1", "ABC", "Pillar-2"])
def test_a_recorded_reference_is_read_as_it_is(kind: str, ref: str, cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, unallocated=True, ref="WY20-01")
    ActionFactory(cast=cast, unallocated=True, ref=ref)
    plan_preview = preview(cast, exported(signed_in("manager"), kind), filename=f"actions.{kind}")
    assert messages(plan_preview) == []
    assert {row.ref for row in plan_preview.rows} == {"WY20-01", ref}
    assert not plan_preview.changes_anything


AWKWARD = st.text(
    st.one_of(
        st.sampled_from("=+-@\t\r\n\v'\"; ,\uff1d\uff0b\u200b\ufeff\u00a0\ufffe_xn/aA1"), st.characters(codec="utf-8", exclude_characters="\x00")
    ),
    max_size=40,
)  # fmt: skip


@pytest.mark.django_db
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(title=AWKWARD, description=AWKWARD, source=AWKWARD)
def test_an_export_with_any_text_imports_without_changes(
    title: str, description: str, source: str, cast: Cast, signed_in: Any
) -> None:
    action = Action.objects.first() or ActionFactory(cast=cast, unallocated=True)
    Action.objects.filter(pk=action.pk).update(title=title, description=description, source=source)
    for kind in ("csv", "xlsx"):
        plan_preview = preview(cast, exported(signed_in("manager"), kind), filename=f"actions.{kind}")
        assert messages(plan_preview) == []
        assert [row.outcome for row in plan_preview.rows] == [Outcome.UNCHANGED]
