"""An import of people where memberships wait for a second administrator."""

from importing.engine.services.flow import apply_import, preview_import
from importing.engine.services.reversal import past_imports
from importing.engine.services.undo import undo_import
from importing.people.services.importer import PeopleImporter
from partners.approvals.services import approve_change
from partners.models import ChangeRequest, Membership, User
from tests.cast import AT, Cast
from tests.importing.people.test_people_import import request
from tests.partners.approvals.test_approvals import add_administrator

CHAIR = "Elm Council,,Council,,,,Chair,chair@elm.example,Board member"
CONTACT = "Elm Council,,Council,,,,Contact,contact@elm.example,Partner contact"


def test_a_board_members_role_waits_and_a_contacts_begins(cast: Cast) -> None:
    second = add_administrator("Second administrator")
    shown = preview_import(**request(cast, CHAIR, CONTACT))
    texts = [change.new for row in shown.rows for change in row.changes]
    assert [text for text in texts if "once another administrator approves it" in str(text)] == [
        "Board member from 19 June 2020, once another administrator approves it"
    ]
    apply_import(**request(cast, CHAIR, CONTACT))
    roles = Membership.objects.filter(user__email__endswith="@elm.example")
    assert [row.role for row in roles] == ["partner_contact"]
    change = ChangeRequest.objects.get()
    assert (change.user.email, change.reason) == ("chair@elm.example", "From an import of people.")
    # The same file again requests nothing twice.
    apply_import(**request(cast, CHAIR))
    assert ChangeRequest.objects.count() == 1
    approve_change(actor=second, change=change, at=AT)
    assert roles.all().count() == 2


def test_an_import_is_undone_with_the_requests_it_made(cast: Cast) -> None:
    add_administrator("Second administrator")
    apply_import(**request(cast, CHAIR))
    importer = PeopleImporter(partnership=cast.yorkshire)
    entry = past_imports(importer=importer, target=cast.yorkshire)[0].entry
    undo_import(actor=cast.administrator, importer=importer, target=cast.yorkshire, entry=entry, at=AT)
    assert not ChangeRequest.objects.exists()
    assert not User.objects.filter(email="chair@elm.example").exists()
