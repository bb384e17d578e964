"""Organisations by the names that people use for them in files."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Field, Model
from django.utils.translation import gettext

from audit.actors import Actor
from audit.clock import london_date
from audit.policies import forbid
from audit.services import writing
from importing.engine.services.former_names import FormerNames
from partners import policies
from partners.models import Organisation, OrganisationAlias, Partnership
from partners.organisations.services import save_reference
from web.tables.specification import plain

# Words that fill a cell without meaning anything.
BLANK_WORDS = frozenset(
    {"", "-", "\u2013", "\u2014", "n/a", "na", "none", "nil", "tbc", "tbd", "to be confirmed", "vacant", "?"}
)

Item = TypeVar("Item")
Named = TypeVar("Named", bound=Model)


class CellError(ValueError):
    """A cell that cannot be imported; the message says why."""


class Organisations:
    """A partnership's organisations by name, short name and alias: two queries for any number of rows.

    A name that no organisation has today is looked up among their former names.
    """

    renamed_models: ClassVar[tuple[type[Model], ...]] = (Organisation,)

    def __init__(self, *, partnership: Partnership) -> None:
        self.partnership = partnership
        self.former_names = FormerNames(partnership=partnership, models=self.renamed_models)
        self.organisations = self._organisation_names()
        self._unknown: dict[str, str] = {}

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
        """Return the organisation with a name, short name or alias.

        Raises:
            CellError: when there is none, or more than one.
        """
        rows = self._matching_rows(self.organisations, text)
        if not rows:
            self.note_unknown(names=[text])
        return only_one(items=rows, noun=gettext("an organisation"))

    @property
    def unknown(self) -> list[str]:
        """The names that were looked up and that no organisation has, as the file writes them first."""
        return list(self._unknown.values())

    def note_unknown(self, *, names: Iterable[str]) -> None:
        """Remember names that no organisation has."""
        for name in names:
            self._unknown.setdefault(plain(name), " ".join(name.split()))

    def forget_unknown(self, *, name: str) -> None:
        """Forget a name that turns out to be several organisations."""
        self._unknown.pop(plain(name), None)

    def matching(self, *, text: str) -> set[Organisation]:
        """Return the organisations that a text names, which may be none or several."""
        return self._matching_rows(self.organisations, text)

    def _matching_rows(self, names: dict[str, set[Named]], text: str) -> set[Named]:
        """Return the rows that a text names, by today's names or else by former ones."""
        if rows := names.get(plain(text)):
            return rows
        all_rows = {row for rows in names.values() for row in rows}
        return self.former_names.matching_rows(rows=all_rows, text=text, key=plain)


def only_one(*, items: set[Item] | None, noun: str) -> Item:
    """Return the only item of a set.

    Args:
        noun: what one of the items is, for the message, such as "an organisation".

    Raises:
        CellError: when there is none, or more than one.
    """
    if not items:
        raise CellError(gettext("is not {noun} in this partnership").format(noun=noun))
    if len(items) > 1:
        names = " and ".join(sorted(str(item) for item in items))
        raise CellError(
            gettext("could be more than one {value}: {names}").format(
                value=noun.partition(" ")[2], names=names
            )
        )
    return next(iter(items))


def max_length(*, model: type[Model], field: str) -> int:
    """Return how many characters a text field may have."""
    model_field = model._meta.get_field(field)
    assert isinstance(model_field, Field)
    return model_field.max_length or 0


# Words in the name of an organisation that tell what it is, the first that fits.
WORDS_OF_KINDS = (
    (("mosque", "church", "faith", "community", "gurdwara", "interfaith"), Organisation.Kind.COMMUNITY),
    (("district", "division", "lpa"), Organisation.Kind.POLICE_DISTRICT),
    (("commissioner", "opcc", "pcc", "mayor"), Organisation.Kind.LOCAL_POLICING_BODY),
    (("counter terrorism", "ctp", "ctu"), Organisation.Kind.COUNTER_TERRORISM),
    (("police", "constabulary"), Organisation.Kind.POLICE_FORCE),
    (("council", "borough", "authority"), Organisation.Kind.COUNCIL),
    (("nhs", "health", "hospital", "icb", "ccg"), Organisation.Kind.HEALTH),
    (("school", "college", "university", "academy"), Organisation.Kind.EDUCATION),
    (("home office", "department", "ministry", "prison", "probation"), Organisation.Kind.GOVERNMENT),
)


def likely_kind(*, name: str) -> str:
    """Return the kind of organisation that a name suggests; empty when it suggests none."""
    words = f" {plain(name)} "
    return next(
        (kind.value for clues, kind in WORDS_OF_KINDS if any(f" {clue} " in words for clue in clues)), ""
    )


def add_organisations(
    *, actor: Actor, partnership: Partnership, kinds: Mapping[str, str], at: datetime
) -> list[Organisation]:
    """Add organisations to a partnership, all or none.

    Args:
        kinds: the kind of each, by its name.

    Raises:
        PermissionDenied: unless the actor is an administrator or the partnership's programme manager.
        ValidationError: naming the organisation that cannot be added.
    """
    forbid(
        policies.why_not_edit_reference(actor, partnership.pk, london_date(at), gettext("add organisations"))
    )
    organisations = []
    with writing(partnership.ledger_id):
        for name, kind in kinds.items():
            organisation = Organisation(partnership=partnership, name=name, kind=kind)
            try:
                organisations.append(save_reference(actor=actor, row=organisation, at=at))
            except ValidationError as error:
                raise ValidationError(
                    gettext("“{name}” cannot be added: {messages}").format(
                        name=name, messages=" ".join(error.messages)
                    )
                ) from error
    return organisations
