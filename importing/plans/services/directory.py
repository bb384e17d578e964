"""Organisations, districts, owners and pillars by the names that plans use for them."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.db.models import Model
from django.utils.translation import gettext

from actions.models import Action, Pillar, Plan
from importing.engine.services.organisations import (
    BLANK_WORDS,
    CellError,
    Organisations,
    max_length,
    only_one,
)
from partners.models import Area, Membership, MouArea, Organisation, Partnership, User
from partners.policies import CAN_OWN, Grant, Rights
from web.tables.specification import plain

PILLAR_PREFIX = re.compile(
    r"^(?:(?:strategic )?(?:pillar|strand|theme|work-?stream|objective)\s*(?:no\.?\s*)?(?:\d+|[ivx]+|[a-z]|one|two|three|four|five)?\s*[:.\-\u2013\u2014)]*\s+"
    r"|\d+\s*[:.\-\u2013\u2014)]\s*)",
    re.IGNORECASE,
)
LIST_SEPARATORS = (r"[\n;]+", r"[,/]+", r"\s+(?:and|&)\s+")


class Directory(Organisations):
    """A partnership's names, read once: a constant number of queries for any number of rows."""

    renamed_models: ClassVar[tuple[type[Model], ...]] = (Area, MouArea, Organisation, Pillar, User)

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
        self.rights = {user.pk: Rights(user_id=user.pk, grants=tuple(rows)) for user, rows in grants.items()}
        self.owners: dict[str, set[User]] = {}
        for user in grants:
            if self.rights[user.pk].partnerships(*CAN_OWN):
                for name in (user.email.casefold(), plain(user.name)):
                    self.owners.setdefault(name, set()).add(user)

    def supporting(self, text: str) -> list[Organisation]:
        """Return every organisation of a list separated by new lines, semicolons, commas, slashes or "and".

        Raises:
            CellError: naming all that are not known.
        """
        organisations, unknown = self._split(text, LIST_SEPARATORS)
        if unknown:
            self.note_unknown(names=unknown)
            raise CellError(
                gettext("includes names that are not organisations in this partnership: {unknown}").format(
                    unknown=", ".join(unknown)
                )
            )
        return sorted(set(organisations), key=lambda organisation: organisation.pk)

    def _split(self, text: str, separators: tuple[str, ...]) -> tuple[list[Organisation], list[str]]:
        """Try the whole name before its parts: "Fire, Rescue and Resilience" may be one body."""
        text = " ".join(text.split(" ")).strip()
        if text.casefold() in BLANK_WORDS:
            return [], []
        if len(matches := self._matching_rows(self.organisations, text)) == 1:
            return list(matches), []
        if matches or not separators:
            return [], [text]
        organisations: list[Organisation] = []
        unknown: list[str] = []
        for part in re.split(separators[0], text):
            part_organisations, part_unknown = self._split(part, separators[1:])
            organisations += part_organisations
            unknown += part_unknown
        # A name without any known part is reported as it was written.
        return (organisations, unknown) if organisations or not unknown else ([], [" ".join(text.split())])

    def owner(self, text: str) -> User:
        """Return the account with an e-mail address or a role title that may own actions of the partnership.

        Raises:
            CellError: when there is none, or more than one.
        """
        users = self.owners.get(text.strip().casefold()) or self.owners.get(plain(text))
        return only_one(items=users, noun=gettext("an account that can own an action"))

    def was_owner(self, action: Action, text: str) -> bool:
        """Return whether a text names the action's owner: by a former name, or one who may no longer own actions."""
        owner = action.owner
        if owner is None:
            return False
        names = {plain(owner.email), plain(owner.name)}
        return plain(text) in names or bool(
            self.former_names.matching_rows(rows=[owner], text=text, key=plain)
        )

    def area(self, text: str) -> Area:
        """Return a district by its name, or raise CellError."""
        return only_one(items=self._matching_rows(self.areas, text), noun=gettext("a district"))

    def mou_area(self, text: str) -> MouArea:
        """Return an area of the memorandum of understanding by its name, or raise CellError."""
        return only_one(items=self._matching_rows(self.mou_areas, text), noun=gettext("an MOU area"))

    def known_pillar(self, text: str) -> Pillar | None:
        return next(
            (pillar for pillar in self.pillars if _pillar_key(pillar.name) == _pillar_key(text)), None
        )

    def pillar(self, text: str) -> Pillar:
        """Return the pillar that a heading names. A plan without pillars takes its pillars from the file.

        Raises:
            CellError: when the plan has other pillars, or the name is too long.
        """
        if pillar := self.known_pillar(text):
            return pillar
        former = self.former_names.matching_rows(
            rows=[pillar for pillar in self.pillars if pillar.pk], text=text, key=_pillar_key
        )
        if len(former) == 1:
            return former.pop()
        if self.has_pillars:
            names = ", ".join(pillar.name for pillar in self.pillars)
            raise CellError(
                gettext("is not a pillar of this plan. Its pillars are: {names}").format(names=names)
            )
        name = _pillar_name(text)
        if len(name) > max_length(model=Pillar, field="name"):
            raise CellError(gettext("is too long for the name of a pillar"))
        pillar = Pillar(plan=self.plan, name=name, order=len(self.pillars) + 1)
        self.pillars.append(pillar)
        self.new_pillars.append(pillar)
        return pillar


def is_called_pillar(*, text: str) -> bool:
    """Return whether a heading calls itself a pillar: "Pillar 1: Identify"."""
    return bool(
        re.match(r"(?:strategic )?(?:pillar|strand|theme|work-?stream|objective)\b", text, re.IGNORECASE)
    )


def _pillar_name(text: str) -> str:
    """Return a pillar's name without its number and capitals: "PILLAR 3: MANAGE RISK" is "Manage Risk"."""
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
