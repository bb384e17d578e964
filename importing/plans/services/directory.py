"""Who and what a plan's words refer to: organisations, districts, owners and pillars, by the names people use."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.db.models import Field, Model

from actions.models import Action, Pillar, Plan
from importing.plans.services.former_names import FormerNames
from importing.plans.services.specification import NOTHING_SAID
from partners.models import Area, Membership, MouArea, Organisation, OrganisationAlias, Partnership, User
from partners.policies import CAN_OWN, Grant, Rights
from web.tables.specification import plain

PILLAR_PREFIX = re.compile(
    r"^(?:(?:strategic )?(?:pillar|strand|theme|work-?stream|objective)\s*(?:no\.?\s*)?(?:\d+|[ivx]+|[a-z]|one|two|three|four|five)?\s*[:.\-\u2013\u2014)]*\s+"
    r"|\d+\s*[:.\-\u2013\u2014)]\s*)",
    re.IGNORECASE,
)
LIST_SEPARATORS = (r"[\n;]+", r"[,/]+", r"\s+(?:and|&)\s+")


One = TypeVar("One")
Row = TypeVar("Row", bound=Model)


class Unknown(ValueError):
    """A name that means nothing here, or more than one thing; the message says so."""


class Organisations:
    """A partnership's organisations by name, short name and alias, read once: two queries for any number of rows.

    A name that none of them bears today is looked up among their former names.
    """

    def __init__(self, *, partnership: Partnership) -> None:
        self.partnership = partnership
        self.former_names = FormerNames(partnership=partnership)
        self.organisations = self._organisation_names()

    def _organisation_names(self) -> dict[str, set[Organisation]]:
        names: dict[str, set[Organisation]] = {}
        by_pk = {}
        for organisation in Organisation.objects.filter(partnership=self.partnership):
            by_pk[organisation.pk] = organisation
            for name in filter(None, (organisation.name, organisation.short_name)):
                names.setdefault(plain(name), set()).add(organisation)
        aliases = OrganisationAlias.objects.filter(partnership=self.partnership)
        for name, organisation_id in aliases.values_list("name", "organisation_id"):
            names.setdefault(plain(name), set()).add(by_pk[organisation_id])
        return names

    def organisation(self, text: str) -> Organisation:
        """The organisation a name, short name or alias stands for.

        Raises:
            Unknown: when there is none, or more than one.
        """
        return _only(self._named(self.organisations, text), "organisation")

    def _named(self, names: dict[str, set[Row]], text: str) -> set[Row]:
        """Return the rows a text names, by today's names or else by former ones."""
        if known := names.get(plain(text)):
            return known
        every = {row for rows in names.values() for row in rows}
        return self.former_names.bearers(rows=every, text=text, key=plain)


class Directory(Organisations):
    """A partnership's names, read once: a constant number of queries for any number of rows."""

    def __init__(self, *, partnership: Partnership, plan: Plan, on: date) -> None:
        super().__init__(partnership=partnership)
        self.plan = plan
        self.areas: dict[str, set[Area]] = _by_name(Area.objects.filter(partnership=partnership))
        self.mou_areas: dict[str, set[MouArea]] = _by_name(MouArea.objects.filter(partnership=partnership))
        self.pillars = [] if plan._state.adding else list(Pillar.objects.filter(plan=plan))
        self.new_pillars: list[Pillar] = []
        self.has_pillars = bool(self.pillars)
        self._read_owners(on)

    def _read_owners(self, on: date) -> None:
        running = Membership.objects.running(on).filter(partnership=self.partnership, user__is_active=True)
        grants: dict[User, list[Grant]] = {}
        for row in running.select_related("user"):
            grants.setdefault(row.user, []).append(Grant(row.role, row.partnership_id, row.organisation_id))
        self.rights = {user.pk: Rights(user_id=user.pk, grants=tuple(held)) for user, held in grants.items()}
        self.owners: dict[str, set[User]] = {}
        for user in grants:
            if self.rights[user.pk].partnerships(*CAN_OWN):
                for name in (user.email.casefold(), plain(user.name)):
                    self.owners.setdefault(name, set()).add(user)

    def supporting(self, text: str) -> list[Organisation]:
        """Every organisation of a list separated by new lines, semicolons, commas, slashes or "and".

        Raises:
            Unknown: naming all that are not known.
        """
        found, unknown = self._split(text, LIST_SEPARATORS)
        if unknown:
            raise Unknown(f"names no organisation of this partnership: {', '.join(unknown)}")
        return sorted(set(found), key=lambda organisation: organisation.pk)

    def _split(self, text: str, separators: tuple[str, ...]) -> tuple[list[Organisation], list[str]]:
        """Take a name whole before taking it apart: "Fire, Rescue and Resilience" may be one body."""
        text = " ".join(text.split(" ")).strip()
        if text.casefold() in NOTHING_SAID:
            return [], []
        if len(known := self._named(self.organisations, text)) == 1:
            return list(known), []
        if known or not separators:
            return [], [text]
        found: list[Organisation] = []
        unknown: list[str] = []
        for part in re.split(separators[0], text):
            organisations, names = self._split(part, separators[1:])
            found += organisations
            unknown += names
        # A name that comes apart into nothing known is reported as it was written.
        return (found, unknown) if found or not unknown else ([], [" ".join(text.split())])

    def owner(self, text: str) -> User:
        """The account an e-mail address or a role title stands for, with a part in the partnership that may own work.

        Raises:
            Unknown: when there is none, or more than one.
        """
        found = self.owners.get(text.strip().casefold()) or self.owners.get(plain(text))
        return _only(found, "account that can own an action")

    def was_owner(self, action: Action, text: str) -> bool:
        """Say whether a text names an action's owner by a former name, or one who can own nothing any more."""
        owner = action.owner
        if owner is None:
            return False
        names = {plain(owner.email), plain(owner.name)}
        return plain(text) in names or bool(self.former_names.bearers(rows=[owner], text=text, key=plain))

    def area(self, text: str) -> Area:
        """Raises Unknown unless the text names a district."""
        return _only(self._named(self.areas, text), "district")

    def mou_area(self, text: str) -> MouArea:
        """Raises Unknown unless the text names an area of the memorandum of understanding."""
        return _only(self._named(self.mou_areas, text), "MOU area")

    def known_pillar(self, text: str) -> Pillar | None:
        return next(
            (pillar for pillar in self.pillars if _pillar_key(pillar.name) == _pillar_key(text)), None
        )

    def pillar(self, text: str) -> Pillar:
        """The pillar a heading names. A plan without pillars takes its pillars from the file.

        Raises:
            Unknown: when the plan has pillars and this is none of them, or the name is too long for one.
        """
        if known := self.known_pillar(text):
            return known
        former = self.former_names.bearers(
            rows=[pillar for pillar in self.pillars if pillar.pk], text=text, key=_pillar_key
        )
        if len(former) == 1:
            return former.pop()
        if self.has_pillars:
            names = ", ".join(pillar.name for pillar in self.pillars)
            raise Unknown(f"is no pillar of this plan. Its pillars are: {names}")
        name = _pillar_name(text)
        if len(name) > longest(model=Pillar, field="name"):
            raise Unknown("is too long for the name of a pillar")
        pillar = Pillar(plan=self.plan, name=name, order=len(self.pillars) + 1)
        self.pillars.append(pillar)
        self.new_pillars.append(pillar)
        return pillar


def longest(*, model: type[Model], field: str) -> int:
    """Return how many characters a text field may hold."""
    found = model._meta.get_field(field)
    assert isinstance(found, Field)
    return found.max_length or 0


def is_called_pillar(*, text: str) -> bool:
    """Say whether a heading tells by itself that it is a pillar: "Pillar 1: Identify"."""
    return bool(
        re.match(r"(?:strategic )?(?:pillar|strand|theme|work-?stream|objective)\b", text, re.IGNORECASE)
    )


def _pillar_name(text: str) -> str:
    """A pillar's name without its number, and not shouted: "PILLAR 3: MANAGE RISK" is "Manage Risk"."""
    whole = " ".join(text.split())
    name = PILLAR_PREFIX.sub("", whole).strip(" :.-\u2013\u2014") or whole
    return name.title().replace(" And ", " and ") if name.isupper() else name


def _pillar_key(text: str) -> str:
    return plain(_pillar_name(text))


def _by_name(rows: Iterable[Any]) -> dict[str, set[Any]]:
    names: dict[str, set[Any]] = {}
    for row in rows:
        names.setdefault(plain(row.name), set()).add(row)
    return names


def _only(found: set[One] | None, what: str) -> One:
    if not found:
        raise Unknown(f"names no {what} of this partnership")
    if len(found) > 1:
        names = " and ".join(sorted(str(one) for one in found))
        raise Unknown(f"stands for more than one {what}: {names}")
    return next(iter(found))
