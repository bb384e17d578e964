"""What every record around the plan has: where it comes from, how sure it is, and whether it can be published."""

from collections.abc import Collection, Iterable
from datetime import date
from operator import attrgetter
from typing import Any, ClassVar, Self, TypeVar

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, gettext_lazy

from actions.core.models import Action
from audit.actors import Reader
from audit.models import Tracked
from partners.models import Area, Organisation, Partnership
from partners.policies import Role, rights_of
from programme.records import policies
from programme.records.constraints import in_order
from standards import marking as markings
from standards.quantities import Qualifier, Quantity
from web.language import lazy_text
from web.markings import handling_column, marking_column
from web.text import LongText
from web.wording import QUALIFIERS

Row_co = TypeVar("Row_co", bound="Record", covariant=True)
# Exemptions that hold only where the public interest in them is greater: all but those of section 2(3) of the Act.
QUALIFIED = ("s24", "s31", "s38")
ANOTHER_PARTNERSHIP = lazy_text("Select one in this partnership")


class RecordQuerySet(QuerySet[Row_co]):
    def visible_to(self, user: Reader, on: date) -> Self:
        """Keep what the user may view: the record itself, and the records that it belongs to."""
        rights = rights_of(user, on)
        model: type[Record] = self.model
        rule = policies.visible_records(rights, model.organisation_paths, viewers=model.viewers)
        for path in model.belongs_to:
            parent = _model_at(model, path)
            above = policies.visible_records(
                rights, parent.organisation_paths, f"{path}__", viewers=parent.viewers
            )
            rule &= above | Q(**{f"{path}__isnull": True})
        for name in model.shows:
            related: Any = model._meta.get_field(name).related_model
            rule &= Q(**{f"{name}__in": related.objects.visible_to(user, on)})
        return self.filter(rule)

    def current(self) -> Self:
        """Leave out what a later record corrects."""
        return self.filter(is_current=True) if issubclass(self.model, Fact) else self


class Record(Tracked):
    """A record around the plan. Registers are changed in place, facts are corrected by a new record."""

    class Basis(models.TextChoices):
        RECORDED = "recorded", gettext_lazy("Recorded here")
        STATED = "stated", gettext_lazy("Stated in a paper")
        ILLUSTRATIVE = "illustrative", gettext_lazy("Illustrative")

    ledger_path = "partnership__ledger"

    organisation_paths: ClassVar[tuple[str, ...]] = ()
    """Paths to the organisations that the record is about; their people view it whatever its marking."""
    reported: ClassVar[bool] = False
    """Whether these organisations record it themselves."""
    viewers: ClassVar[tuple[Role, ...]] = ()
    """Roles that view OFFICIAL records of this kind, besides those that view the work."""
    keepers: ClassVar[tuple[Role, ...]] = ()
    """Roles that record this kind, besides the programme manager and, if it is reported, its organisations."""
    belongs_to: ClassVar[tuple[str, ...]] = ()
    """Paths to the records that this one names: nobody views it who may not view them."""
    shows: ClassVar[tuple[str, ...]] = ()
    """Foreign keys to rows of the plan that it shows: nobody views it who may not view them."""
    set_apart: ClassVar[frozenset[str]] = frozenset()
    """Fields that other services set, on one record: `save_record` neither sets them nor copies them to a correction."""
    quantities: ClassVar[tuple[str, ...]] = ()
    """Numbers with a qualifier of their own, in a field with the suffix `_qualifier`."""

    whole_months: ClassVar[tuple[str, ...]] = ()
    """Dates that stand for their month, and are stored as its first day."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(
        max_length=250, help_text=gettext_lazy("The paper and its paragraph, or the system, that says so.")
    )
    basis = models.CharField(
        max_length=12,
        choices=Basis,
        default=Basis.RECORDED,
        help_text=gettext_lazy("Illustrative records are examples. They are marked as such everywhere."),
    )
    as_at = models.DateField(gettext_lazy("as at"), help_text=gettext_lazy("The day on which this was so."))
    publication = models.CharField(
        gettext_lazy("publication decision"),
        max_length=10,
        choices=Action.Publication,
        default=Action.Publication.UNDECIDED,
    )
    exemption = models.CharField(
        max_length=8,
        choices=Action.Exemption,
        blank=True,
        help_text=gettext_lazy("If you withhold the record. Freedom of Information Act 2000."),
    )
    withheld_reason = LongText(
        gettext_lazy("reason to withhold"),
        max_length=1000,
        blank=True,
        help_text=gettext_lazy("The harm that publication would do, in a sentence."),
    )
    public_interest = LongText(
        gettext_lazy("public interest"),
        max_length=1000,
        blank=True,
        help_text=gettext_lazy(
            "Why the public interest is in withholding it. Needed for sections 24, 31 and 38."
        ),
    )
    marking = marking_column()
    handling_instruction = handling_column(help_text=gettext_lazy("Needed for OFFICIAL-SENSITIVE."))
    note = LongText(max_length=2000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(marking=markings.Marking.OFFICIAL.value) | ~Q(handling_instruction=""),
                name="%(class)s_sensitive_has_handling",
            ),
            models.CheckConstraint(
                condition=~Q(publication="withhold")
                | (
                    ~Q(exemption="")
                    & ~Q(withheld_reason="")
                    & (~Q(exemption__in=QUALIFIED) | ~Q(public_interest=""))
                ),
                name="%(class)s_withheld_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(publication="withhold") | Q(exemption="", withheld_reason="", public_interest=""),
                name="%(class)s_exemption_only_withheld",
            ),
            models.CheckConstraint(
                condition=~Q(publication="publish") | Q(marking=markings.Marking.OFFICIAL.value),
                name="%(class)s_published_is_official",
            ),
        ]

    def clean_fields(self, exclude: Any = None) -> None:
        for name in self.whole_months:
            day = getattr(self, name)
            if isinstance(day, date):
                setattr(self, name, day.replace(day=1))
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        errors = dict(self._frame_errors())
        for field in self._meta.concrete_fields:
            if field.is_relation and getattr(self, field.attname) is not None:
                other = getattr(self, field.name)
                if getattr(other, "partnership_id", self.partnership_id) != self.partnership_id:
                    errors[field.name] = ANOTHER_PARTNERSHIP
        for name in self.quantities:
            errors |= self._quantity_errors(name)
        if errors:
            raise ValidationError(errors)

    def quantity(self, name: str) -> Quantity:
        """Return a number with its qualifier."""
        return Quantity(getattr(self, name), Qualifier(getattr(self, f"{name}_qualifier")))

    def organisations(self) -> set[int | None]:
        """Return the ids of the organisations that the record is about."""
        ids = set()
        for path in self.organisation_paths:
            try:
                ids.add(attrgetter(f"{path.replace('__', '.')}_id")(self))
            except (AttributeError, ObjectDoesNotExist):
                continue  # not chosen yet, which validation says
        return ids

    def why_not_save(self, rights: Any) -> str:
        """Object rule: who adds, changes and corrects this record."""
        if self.reported:
            return policies.why_not_report(rights, self.partnership_id, self.organisations())
        return policies.why_not_manage(rights, self.partnership_id, keepers=self.keepers)

    def _frame_errors(self) -> Iterable[tuple[str, str]]:
        withheld = self.publication == Action.Publication.WITHHOLD
        if self.marking != markings.Marking.OFFICIAL:
            if not self.handling_instruction:
                yield (
                    "handling_instruction",
                    gettext("OFFICIAL-SENSITIVE needs a handling instruction."),
                )
            if self.publication == Action.Publication.PUBLISH:
                yield (
                    "publication",
                    gettext("You cannot publish an OFFICIAL-SENSITIVE record. Change its marking first."),
                )
        if withheld and not self.exemption:
            yield "exemption", gettext("Choose an exemption to withhold the record.")
        if withheld and not self.withheld_reason:
            yield "withheld_reason", gettext("Say what harm publication would do.")
        if not withheld and self.exemption:
            yield "exemption", gettext("Choose “None”. Only a withheld record has an exemption.")
        if not withheld and self.withheld_reason:
            yield (
                "withheld_reason",
                gettext("Leave this empty. Only a withheld record has a reason to withhold."),
            )
        if withheld and self.exemption in QUALIFIED and not self.public_interest:
            yield (
                "public_interest",
                gettext("Say why the public interest is in withholding the record."),
            )
        if not withheld and self.public_interest:
            yield "public_interest", gettext("Leave this empty. Only a withheld record needs it.")

    def _quantity_errors(self, name: str) -> dict[str, str]:
        unknown = getattr(self, f"{name}_qualifier") == Qualifier.UNKNOWN
        if unknown and getattr(self, name) is not None:
            return {name: gettext("Leave this empty, or say how exact the number is.")}
        if not unknown and getattr(self, name) is None:
            return {name: gettext("Enter a number, or choose “Unknown”.")}
        return {}


class Fact(Record):
    """A fact or figure. A correction is a new record; the one that it corrects stays, and counts nowhere."""

    is_current = models.BooleanField(default=True, editable=False)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="superseded_by"
    )

    class Meta(Record.Meta):
        abstract = True

    def carried_over(self) -> Iterable[Tracked]:
        return [self.supersedes] if self.supersedes is not None else []


def choices_of(model: Any, *, user: Reader, on: date, partnerships: Collection[int]) -> Any:
    """Return the rows that a record can name: those the user may view, of the partnerships they may record in.

    Whoever records in a partnership chooses among all of its organisations and districts.
    """
    if partnerships and model in (Organisation, Area):
        return model._default_manager.filter(partnership__in=partnerships)
    rows = model.objects.visible_to(user, on)
    path = getattr(model, "partnership_path", "partnership")
    if partnerships:
        rows = rows.filter(**{f"{path}__in": partnerships})
    return rows.current() if hasattr(rows, "current") else rows


def _model_at(model: type[Record], path: str) -> type[Record]:
    """Return the model of the records that a path of foreign keys leads to."""
    for name in path.split("__"):
        related: Any = model._meta.get_field(name).related_model
        model = related
    return model


class QualifierField(models.CharField[str, str]):
    """How exact a number is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 10)
        kwargs.setdefault("choices", [(qualifier.value, label) for qualifier, label in QUALIFIERS.items()])
        kwargs.setdefault("default", Qualifier.EXACTLY.value)
        super().__init__(*args, **kwargs)


class OrganisationFact(Fact):
    """A fact about one organisation."""

    organisation_paths: ClassVar[tuple[str, ...]] = ("organisation",)

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        abstract = True


class PeriodFact(OrganisationFact):
    """A fact about one organisation in a period."""

    constraint_fields: ClassVar = {"%(class)s_period_to_in_order": "period_to"}

    period_from = models.DateField(gettext_lazy("first day"))
    period_to = models.DateField(gettext_lazy("last day"))

    class Meta(OrganisationFact.Meta):
        abstract = True
        constraints: ClassVar = [*OrganisationFact.Meta.constraints, in_order("period_from", "period_to")]


class InDistrict(models.Model):
    """What may be about one district."""

    area = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("district"),
        help_text=gettext_lazy("Leave empty if it is not about one district."),
    )

    class Meta:
        abstract = True
