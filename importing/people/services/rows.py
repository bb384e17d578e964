"""Comparison of a row of the file with the partnership: what would be added."""

import re
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext

from audit.actors import Actor
from importing.engine.services.contents import FieldChange, SkippedChange
from importing.engine.services.organisations import BLANK_WORDS, CellError, max_length
from importing.engine.services.screening import personal_data
from importing.people.services.contents import PersonChange
from importing.people.services.register import KINDS, ROLES, Register, role_words
from partners import policies
from partners.models import Area, Board, Membership, Organisation, Role, User
from standards.dates import ImpossibleDate, NoDate, read_plan_date
from web.language import day_text
from web.tables import Row, Table
from web.tables.specification import plain

LENGTHS = {
    "organisation": (Organisation, "name"),
    "short_name": (Organisation, "short_name"),
    "district": (Area, "name"),
    "board": (Board, "name"),
    "tier": (Board, "tier"),
    "post": (User, "name"),
    "email": (User, "email"),
}
BOARDS = re.compile(r"[;\n]+")


@dataclass
class Comparison:
    """One row under comparison."""

    table: Table
    register: Register
    actor: Actor
    row: Row

    def result(self) -> PersonChange:
        row = self.row
        texts = {
            key: "" if cell.text.casefold() in BLANK_WORDS else " ".join(cell.text.split())
            for key, cell in row.cells.items()
        }
        change = PersonChange(
            number=row.number, organisation_name=texts.get("organisation", ""), post=texts.get("post", "")
        )
        self.texts, self.change = texts, change
        if not change.organisation_name:
            self._refuse("organisation", gettext("has no organisation"))
            return change
        for key, (model, field) in LENGTHS.items():
            if key != "board" and len(texts.get(key, "")) > (limit := max_length(model=model, field=field)):
                self._refuse(
                    key,
                    gettext("has {number:,} characters: shorten it to {limit:,}").format(
                        number=len(texts[key]), limit=limit
                    ),
                )
        if not change.problems:
            self._organisation()
            self._boards()
            self._person()
        change.personal = personal_data(table=self.table, row=row, changes=change.changes, record=None)
        return change

    def _refuse(self, key: str, message: str) -> None:
        self.change.problems.append(self.table.problem(self.row, key, message))

    def _add(self, name: str, label: str, new: str, *, value: str | None = None) -> None:
        self.change.changes.append(FieldChange(name, label, "", new, new if value is None else value))

    def _organisation(self) -> None:
        number = len(self.register.new_organisations)
        try:
            organisation = self.register.organisation(self.texts["organisation"])
        except CellError as error:
            self._refuse("organisation", str(error))
            return
        self.change.organisation = organisation
        self.change.record = None if organisation._state.adding else organisation
        if len(self.register.new_organisations) > number:
            self._add("organisation", gettext("New organisation"), organisation.name)
        if organisation._state.adding:
            self._describe(organisation)

    def _describe(self, organisation: Organisation) -> None:
        """Set what the row says of a new organisation. A blank cell leaves what an earlier row said."""
        if kind := self.texts.get("kind", ""):
            if plain(kind) not in KINDS:
                self._refuse(
                    "kind",
                    gettext("is not a kind of organisation: use {labels}").format(
                        labels=", ".join(str(label) for label in Organisation.Kind.labels)
                    ),
                )
            else:
                organisation.kind = KINDS[plain(kind)]
        organisation.short_name = self.texts.get("short_name", "") or organisation.short_name
        if district := self.texts.get("district", ""):
            number = len(self.register.new_areas)
            organisation.area = self.register.area(district)
            if len(self.register.new_areas) > number:
                self._add("district", gettext("New district"), organisation.area.name)

    def _boards(self) -> None:
        organisation = self.change.organisation
        if organisation is None:
            return
        for name in filter(None, (part.strip() for part in BOARDS.split(self.row.text("board")))):
            if name.casefold() in BLANK_WORDS:
                continue
            number = len(self.register.new_boards)
            try:
                board = self.register.board(name, self.texts.get("tier", ""))
            except CellError as error:
                self._refuse("board", str(error))
                continue
            if len(self.register.new_boards) > number:
                self._add("board", gettext("New board"), f"{board.name}, {board.tier}")
            seat = (board.pk or plain(board.name), organisation.pk or plain(organisation.name))
            if seat not in self.register.seats:
                self.register.seats.add(seat)
                self.change.seats.append(board)
                self._add("seat", gettext("Seat on"), board.name)

    def _person(self) -> None:
        email, role_text = self.texts.get("email", "").lower(), self.texts.get("role", "")
        if not email:
            if role_text:
                self._refuse("role", gettext("has a role but no email address"))
            return
        try:
            validate_email(email)
        except ValidationError:
            self._refuse("email", gettext("is not an email address, like name@example.org"))
            return
        if plain(role_text) not in ROLES:
            problem = gettext("is not a role") if role_text else gettext("has no role")
            self._refuse(
                "role",
                gettext("{problem}: use {role_words}").format(problem=problem, role_words=role_words()),
            )
            return
        role, alternate = ROLES[plain(role_text)]
        user = self._account(email)
        starts_on = self._first_day()
        if user is None or starts_on is None or self.change.organisation is None:
            return
        self._membership(user, role, alternate, starts_on)

    def _account(self, email: str) -> User | None:
        """Return the account of an address; a new one when there is none."""
        post = self.change.post
        user = self.register.users.get(email)
        if user is not None:
            if post and plain(post) != plain(user.name):
                reason = gettext("The account has another job title. Change it on the page of the person.")
                self.change.skipped.append(SkippedChange(gettext("Job title"), user.name, post, reason))
            return user
        if reason := policies.why_not_administer(self.actor, gettext("create an account")):
            self._refuse("email", gettext("has no account yet. {reason}").format(reason=reason))
            return None
        if not post:
            self._refuse("post", gettext("has no job title for a new account"))
            return None
        user = self.register.users[email] = User(email=email, name=post)
        self._add("post", gettext("New account"), f"{post}, {email}", value=post)
        return user

    def _first_day(self) -> date | None:
        cell = self.row.cells.get("starts_on")
        if cell is None or cell.text.casefold() in BLANK_WORDS:
            return self.register.on
        try:
            day = read_plan_date(cell.text if isinstance(cell.value, str) else cell.value, edge="start").on
        except (NoDate, ImpossibleDate):
            day = None
        if day is None:
            self._refuse("starts_on", gettext("is not a date, like 1 April 2020"))
        return day

    def _membership(self, user: User, role: str, alternate: bool, starts_on: date) -> None:
        organisation, register = self.change.organisation, self.register
        assert organisation is not None
        key = (user.email.casefold(), plain(organisation.name), role)
        if (
            user.pk and organisation.pk and register.role_of(user, organisation, role)
        ) or key in register.new_roles:
            return
        membership = Membership(
            partnership=register.partnership, role=role, alternate=alternate, starts_on=starts_on
        )
        if user.pk:
            membership.user = user
            if reason := policies.why_not_grant(self.actor, membership, register.on):
                self._refuse("role", gettext("cannot be given. {reason}").format(reason=reason))
                return
        if role == Role.SPOC and not alternate:
            if main := register.main_spoc(organisation):
                self._refuse(
                    "role",
                    gettext("is the second main SPOC, after {main}: use Alternate SPOC").format(main=main),
                )
                return
            register.new_main_spocs[plain(organisation.name)] = user.name
        register.new_roles.add(key)
        self.change.user, self.change.membership = user, membership
        waits = self.register.four_eyes and policies.waits_for_approval(role, starts_on, register.on)
        after = gettext(", once another administrator approves it") if waits else ""
        self._add(
            "role",
            gettext("Role"),
            gettext("{capacity} from {starts_on}{after}").format(
                capacity=membership.capacity, starts_on=day_text(starts_on), after=after
            ),
        )
