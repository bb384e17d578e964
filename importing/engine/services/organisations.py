"""Organisations by the names that people use for them in files."""

from typing import ClassVar, TypeVar

from django.db.models import Field, Model

from importing.engine.services.former_names import FormerNames
from partners.models import Organisation, OrganisationAlias, Partnership
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
        return only_one(items=self._matching_rows(self.organisations, text), noun="an organisation")

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
        raise CellError(f"is not {noun} in this partnership")
    if len(items) > 1:
        names = " and ".join(sorted(str(item) for item in items))
        raise CellError(f"could be more than one {noun.partition(' ')[2]}: {names}")
    return next(iter(items))


def max_length(*, model: type[Model], field: str) -> int:
    """Return how many characters a text field may have."""
    model_field = model._meta.get_field(field)
    assert isinstance(model_field, Field)
    return model_field.max_length or 0
