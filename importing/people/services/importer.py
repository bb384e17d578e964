"""Import of a partnership's districts, organisations, boards and people."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext

from audit.actors import Actor
from audit.clock import london_date
from audit.models import Ledger, Tracked
from audit.services import append
from audit.state import state_of
from importing.engine.services.contents import Outcome
from importing.engine.services.flow import Importer, ImportFile, naming_row, sort_problems
from importing.people.services.contents import PeoplePreview, PersonChange
from importing.people.services.register import Register
from importing.people.services.rows import Comparison
from importing.people.services.specification import PEOPLE, SAMPLE
from partners import policies
from partners.accounts.four_eyes import ApprovalRequired
from partners.accounts.services.invitations import invite
from partners.accounts.services.users import create_user
from partners.approvals.services import request_change
from partners.memberships.services import grant_membership
from partners.models import BoardSeat, ChangeRequest, Membership, Partnership, User
from partners.organisations.services import save_reference
from web.language import lazy_text

IMPORTED = "From an import of people."
SIGNED_IN = lazy_text("The person has signed in. End the role on the page of the person.")


@dataclass(frozen=True)
class PeopleImporter(Importer[PeoplePreview]):
    """Import of organisations and people. It adds what is missing, and changes nothing that is there.

    Args:
        invites: whether each new person gets an email with a link to choose a password.
    """

    partnership: Partnership
    invites: bool = False

    specification = PEOPLE
    sample = SAMPLE
    verb = "people.imported"
    changed_since_preview = lazy_text(
        "The people have changed since this preview. Check what the import would do now, then confirm again."
    )

    @property
    def ledger_id(self) -> int:
        return self.partnership.ledger_id

    def why_not_import(self, *, actor: Actor, on: date) -> str:
        return policies.why_not_edit_reference(actor, self.partnership.pk, on, gettext("import people"))

    def why_not_undo(self, *, actor: Actor, row: Tracked) -> str:
        if isinstance(row, User) and (
            reason := policies.why_not_administer(actor, gettext("remove an account"))
        ):
            return reason
        user = row if isinstance(row, User) else row.user if isinstance(row, Membership) else None
        return SIGNED_IN if user is not None and user.last_login is not None else ""

    def compare(self, *, actor: Actor, file: ImportFile, at: datetime) -> PeoplePreview:
        table, register = file.table, Register(self.partnership, london_date(at))
        rows = [Comparison(table, register, actor, row).result() for row in table.rows if row.lone is None]
        # An organisation alone on its row has no other filled cell.
        rows += [
            Comparison(table, register, actor, row).result()
            for row in table.rows
            if row.lone is not None and row.text("organisation")
        ]
        rows.sort(key=lambda row: row.number)
        file.add_problems(rows)
        return PeoplePreview(
            target=self.partnership,
            **file.facts,
            warnings=table.warnings,
            notes=[row.lone.text for row in table.rows if row.lone and not row.text("organisation")],
            rows=rows,
            new_areas=register.new_areas,
            new_organisations=register.new_organisations,
            new_boards=register.new_boards,
            problems=sort_problems(groups=[table.problems, *(row.problems for row in rows)]),
            personal=[cell for row in rows for cell in row.personal],
        )

    def write(self, *, actor: Actor, preview: PeoplePreview, ledger: Ledger, at: datetime) -> None:
        for area in preview.new_areas:
            save_reference(actor=actor, row=area, at=at)
        for organisation in preview.new_organisations:
            # Its district had no id when it was set.
            organisation.area = organisation.area
            save_reference(actor=actor, row=organisation, at=at)
        for board in preview.new_boards:
            save_reference(actor=actor, row=board, at=at)
        users: list[User] = []
        for row in preview.rows:
            if row.outcome not in (Outcome.CREATED, Outcome.UPDATED):
                continue
            with naming_row(preview=preview, row=row):
                users += _write_row(actor, row, at)
        append(
            actor=actor,
            ledger=ledger,
            at=at,
            verb=self.verb,
            target=self.partnership,
            before=state_of(self.partnership),
            note=preview.summary,
        )
        if self.invites:
            invite(actor=actor, users=users, partnership_id=self.partnership.pk, at=at)


def _write_row(actor: Actor, row: PersonChange, at: datetime) -> list[User]:
    """Save a row's seats, account and membership; return the account when it is new."""
    organisation = row.organisation
    new: list[User] = []
    assert organisation is not None
    for board in row.seats:
        seat = BoardSeat(
            board=board, organisation=organisation, post=gettext("Member"), starts_on=london_date(at)
        )
        save_reference(actor=actor, row=seat, at=at)
    membership, user = row.membership, row.user
    if membership is None or user is None:
        return new
    if user._state.adding:
        stored = create_user(actor=actor, email=user.email, name=user.name, at=at)
        # Another row may name the same person.
        user.__dict__.update(stored.__dict__)
        new.append(user)
    try:
        grant_membership(
            actor=actor,
            user=user,
            partnership=membership.partnership,
            organisation=organisation,
            role=membership.role,
            alternate=membership.alternate,
            starts_on=membership.starts_on,
            at=at,
        )
    except ApprovalRequired as needed:
        same = ChangeRequest.objects.filter(kind=needed.kind, user=needed.user, values=needed.values)
        if not same.waiting(london_date(at)).exists():
            request_change(actor=actor, needed=needed, at=at, reason=IMPORTED)
    return new
