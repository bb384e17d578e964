"""Import of organisations and people: one file opens districts, organisations, boards, accounts and roles."""

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from audit.models import Entry
from audit.services import system_ledger, verify
from importing.engine.services.flow import apply_import, preview_import
from importing.engine.services.reversal import Reversal, past_imports
from importing.engine.services.undo import undo_import
from importing.people.services.contents import PeoplePreview
from importing.people.services.importer import SIGNED_IN, PeopleImporter
from partners.models import Board, BoardSeat, Membership, Organisation, User
from tests.cast import AT, Cast
from tests.support.task_queue import run_tasks

HEADER = "Organisation,Short name,Kind,District,Boards,Board tier,Job title,Email,Role"
ROWS = (
    "Elm Council,,Council,Elm,Silver Group,Silver,Safety lead,safety@elm.example,Partner contact",
    "Elm Council,Elm,,,Silver Group; Gold Board,Gold,Safety deputy,deputy@elm.example,Partner contact",
    "Ash District,,Police district,Ash,,,Ash SPOC,ash@force.example,District SPOC",
    "Ash District,,,,,,Ash deputy,ash.deputy@force.example,Alternate SPOC",
    "Elm Mosque,,Community or faith body,Elm,,,,,",
)


def request(cast: Cast, *rows: str, invites: bool = False, **other: Any) -> dict[str, Any]:
    return {
        "actor": cast.administrator,
        "importer": PeopleImporter(partnership=cast.yorkshire, invites=invites),
        "data": "\n".join((HEADER, *(rows or ROWS))).encode(),
        "filename": "people.csv",
        "at": AT,
    } | other


def preview(cast: Cast, *rows: str, **other: Any) -> PeoplePreview:
    return preview_import(**request(cast, *rows, **other))


def problems(cast: Cast, *rows: str, **other: Any) -> list[str]:
    return [problem.message for problem in preview(cast, *rows, **other).problems]


def test_one_file_adds_districts_organisations_boards_accounts_and_roles(cast: Cast) -> None:
    done = apply_import(**request(cast))
    assert done.counts["created"] == len(ROWS)
    council = Organisation.objects.get(name="Elm Council")
    assert (council.short_name, council.kind, str(council.area)) == ("Elm", "council", "Elm")
    assert list(Board.objects.order_by("name").values_list("name", "tier")) == [
        ("Gold Board", "Gold"),
        ("Silver Group", "Silver"),
    ]
    seats = BoardSeat.objects.filter(organisation=council).order_by("board__name")
    assert [str(seat.board) for seat in seats] == ["Gold Board", "Silver Group"]
    roles = Membership.objects.filter(user__email__endswith=".example").order_by("user__email")
    assert [row.capacity for row in roles] == [
        "Alternate SPOC",
        "Main SPOC",
        "Partner contact",
        "Partner contact",
    ]
    assert preview(cast).counts["unchanged"] == len(ROWS)
    assert Entry.objects.filter(verb="people.imported").count() == 1


def test_new_people_are_invited_when_that_is_asked_for(cast: Cast) -> None:
    apply_import(**request(cast, ROWS[0], invites=True))
    run_tasks()
    (message,) = mail.outbox
    assert message.to == ["safety@elm.example"]
    assert "/accounts/invitation/" in message.body
    apply_import(**request(cast, ROWS[2]))
    assert run_tasks() == []


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Elm Council,,Chess club,,,,,,", "is not a kind of organisation"),
        ("Elm Council,,,,Silver Group,,,,", "is a new board: enter its tier, such as Gold, Silver or Bronze"),
        (
            "Elm Council,,,,,,Lead,lead at elm,Partner contact",
            "is not an email address, like name@example.org",
        ),
        ("Elm Council,,,,,,Lead,lead@elm.example,King", "is not a role: use District SPOC"),
        ("Elm Council,,,,,,,lead@elm.example,Partner contact", "has no job title for a new account"),
        ("Elm Council,,,,,,Lead,,Partner contact", "has a role but no email address"),
        ("Bradford District,,,,,,Second,second@elm.example,District SPOC", "is the second main SPOC"),
        (",,,,,,Lead,lead@elm.example,Partner contact", "has no organisation"),
    ],
)
def test_a_row_that_cannot_be_imported_says_what_to_enter(cast: Cast, row: str, message: str) -> None:
    (problem,) = problems(cast, row)
    assert problem.startswith(message)


def test_existing_organisations_and_accounts_stay_as_they_are(cast: Cast) -> None:
    before = cast.wakefield_council.name
    row = "wakefield council,WMDC,Health,Elsewhere,,,Another post,leeds.spoc@example.org,Partner contact"
    done = apply_import(**request(cast, row))
    cast.wakefield_council.refresh_from_db()
    assert (cast.wakefield_council.name, cast.wakefield_council.short_name) == (before, "")
    assert User.objects.get(email="leeds.spoc@example.org").name == "Leeds spoc"
    assert done.rows[0].skipped[0].reason.startswith("The account has another job title")
    assert cast.leeds_spoc.memberships.count() == 2


def test_a_manager_adds_organisations_but_no_accounts(cast: Cast) -> None:
    apply_import(**request(cast, ROWS[4], actor=cast.manager))
    (problem,) = problems(cast, ROWS[0], actor=cast.manager)
    assert problem == "has no account yet. Only an administrator can create an account."
    with pytest.raises(PermissionDenied):
        preview(cast, actor=cast.bradford_spoc)


def test_nobody_gives_themselves_a_role(cast: Cast) -> None:
    (problem,) = problems(cast, "Elm Council,,,,,,,administrator@example.org,Partner contact")
    assert "You cannot grant or end your own membership" in problem


def undo(cast: Cast, actor: Any) -> Reversal:
    importer = PeopleImporter(partnership=cast.yorkshire)
    past = past_imports(importer=importer, target=cast.yorkshire)[0]
    return undo_import(actor=actor, importer=importer, target=cast.yorkshire, entry=past.entry, at=AT)


def test_an_import_of_people_is_undone_but_for_who_signed_in_and_what_is_used(cast: Cast) -> None:
    apply_import(**request(cast))
    User.objects.filter(email="safety@elm.example").update(last_login=AT)
    done = undo(cast, cast.administrator)
    remaining = {(step.kind, step.label): step.reason for step in done.remaining}
    assert remaining[("user", "Safety lead")] == SIGNED_IN
    assert "is used by" in remaining[("organisation", "Elm Council")]
    assert "is used by" in remaining[("area", "Elm")]
    assert sorted(User.objects.filter(email__endswith=".example").values_list("name", flat=True)) == [
        "Safety lead"
    ]
    assert not Organisation.objects.filter(name__in=("Ash District", "Elm Mosque")).exists()
    assert Membership.objects.filter(user__email__endswith=".example").count() == 1
    for ledger in (cast.yorkshire.ledger, system_ledger()):
        assert verify(ledger=ledger).problems == []


def test_a_manager_removes_no_account_by_undoing_an_import(cast: Cast) -> None:
    apply_import(**request(cast, ROWS[0]))
    done = undo(cast, cast.manager)
    assert "Only an administrator can remove an account." in [step.reason for step in done.remaining]
    assert User.objects.filter(email="safety@elm.example").exists()
