"""The figures of a return: training completed, Channel panels and the local profile, which become records of the programme."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from audit.actors import Actor
from audit.screening import keeping
from programme.models import (
    ChannelPanel,
    Completion,
    LocalProfile,
    PanelMonth,
    PlanAlignment,
    TrainingProgramme,
)
from programme.records.services.records import save_record
from returns.models import Return, ReturnFigure
from returns.services.contents import ReturnChange, closed_reason
from standards.quantities import Qualifier
from web.language import day_text, lazy_text, month_text
from web.refusals import error_lists

COUNTS = ("both", "local_only", "ctp_only", "neither", "not_recorded")
NO_MEETINGS = gettext_lazy("Enter how many meetings were held. If there were none, enter 0.")
# The draft was screened, with a reason for what was kept.
SCREENED = "Accepted when the return was drafted."


@dataclass(frozen=True, eq=False)
class Part:
    """A part of the figures.

    Attributes:
        record: what the figures become.
        subject: the field that names what they are about, in the return and in the record.
    """

    slug: str
    title: str
    record: Any
    subject: str
    fields: tuple[str, ...]


TRAINING = Part(
    "training", lazy_text("Training completed"), Completion, "programme", ("eligible", "completed")
)
CHANNEL = Part("channel", lazy_text("Channel panels"), PanelMonth, "panel", ("held", *COUNTS, "reason"))
PROFILE = Part("profile", lazy_text("Local profile"), PlanAlignment, "profile", ("aligned_on",))


@dataclass(frozen=True)
class FigureLine:
    """What a return may give figures on, with the figures so far."""

    part: Part
    subject: Any
    month: date | None = None
    row: ReturnFigure | None = None

    @property
    def key(self) -> str:
        month = f"-{self.month:%Y-%m}" if self.month else ""
        return f"{self.part.slug}-{self.subject.pk}{month}"

    @property
    def title(self) -> str:
        return f"{self.subject}, {month_text(self.month)}" if self.month else str(self.subject)

    @property
    def is_filled_in(self) -> bool:
        return self.row is not None and not _is_blank(content_of(row=self.row, part=self.part))

    @property
    def answers(self) -> list[tuple[str, Any]]:
        """The figures with their labels, for pages that show them."""
        values = content_of(row=self.row, part=self.part)
        labels = {name: str(ReturnFigure._meta.get_field(name).verbose_name) for name in values}  # type: ignore[union-attr]
        return [
            (labels[name], day_text(value) if isinstance(value, date) else value)
            for name, value in values.items()
            if value not in (None, "")
        ]


@dataclass(frozen=True, kw_only=True)
class FigureDraft:
    """Draft figures.

    Attributes:
        key: of their line.
        version: of the row when the sender read it, 0 if there was none; None to skip the check for changes.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    version: int | None = None


def figure_lines(*, actor: Actor, report: Return, on: date) -> list[FigureLine]:
    """Return what the return may give figures on while it can be changed; afterwards what it gave figures on."""
    rows = report.figures.select_related("programme", "panel__council", "profile")
    stored = [_line_of(row) for row in rows]
    if closed_reason(report=report, on=on):
        return [line for line in stored if line.is_filled_in]
    by_key = {line.key: line for line in stored}
    return [by_key.get(line.key, line) for line in _possible(actor, report, on)]


def content_of(*, row: ReturnFigure | None, part: Part) -> dict[str, Any]:
    """Return the figures of a row; of none, the empty ones."""
    return {name: getattr(row, name) if row else _empty(name) for name in part.fields}


def figure_errors(
    *, report: Return, line: FigureLine, values: Mapping[str, Any], on: date
) -> ValidationError | None:
    """Return why the figures cannot become a record, keyed by field; None if they can, or if there are none."""
    if _is_blank(values):
        return None
    if line.part is CHANNEL and values["held"] is None:
        return ValidationError({"held": NO_MEETINGS})
    existing = _recorded(report, line)
    trial = line.part.record(partnership=report.plan.partnership, pk=existing.pk if existing else None)
    trial._state.adding = existing is None
    for name, value in _fields_of(report, line, values, on).items():
        setattr(trial, name, value)
    texts = {
        column.name
        for column in trial._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField) and not column.choices
    }
    try:
        trial.clean_fields(exclude=texts)
        trial.clean()
        trial.validate_constraints()
    except ValidationError as error:
        return error
    return None


def carry_figures(*, actor: Actor, change: ReturnChange) -> None:
    """Add the figures of a return to the programme, or correct the records that are there already.

    Raises:
        ValidationError: naming what the figures are about, when they cannot be recorded.
    """
    for row in change.report.figures.select_related("programme", "panel__council", "profile"):
        line = _line_of(row)
        values = content_of(row=row, part=line.part)
        if _is_blank(values):
            continue
        _carry(actor, change, line, values)


def _carry(actor: Actor, change: ReturnChange, line: FigureLine, values: Mapping[str, Any]) -> None:
    report, existing = change.report, _recorded(change.report, line)
    fields = _fields_of(report, line, values, change.on)
    if existing is not None and all(getattr(existing, name) == fields[name] for name in line.part.fields):
        return
    record = existing or line.part.record(partnership=report.plan.partnership)
    try:
        with keeping(lambda: SCREENED):
            save_record(actor=actor, row=record, at=change.at, **fields)
    except ValidationError as error:
        messages = [
            text for errors in error_lists(error).values() for each in errors for text in each.messages
        ]
        raise ValidationError([f"{line.title}: {text}" for text in messages]) from error


def _possible(actor: Actor, report: Return, on: date) -> Iterator[FigureLine]:
    partnership, organisation = report.plan.partnership_id, report.organisation
    programmes = TrainingProgramme.objects.visible_to(actor, on).filter(partnership=partnership)
    for programme in programmes:
        yield FigureLine(TRAINING, programme)
    own_panels = Q(monitored_by=organisation) | Q(council=organisation)
    panels = ChannelPanel.objects.visible_to(actor, on).filter(own_panels, partnership=partnership)
    for panel in panels.select_related("council"):
        for month in _months(report, on):
            yield FigureLine(CHANNEL, panel, month)
    level = Q(area=organisation.area_id) if organisation.area_id else Q(level=LocalProfile.Level.FORCE)
    profiles = LocalProfile.objects.visible_to(actor, on).filter(
        level, partnership=partnership, state__in=LocalProfile.CURRENT
    )
    for profile in profiles:
        yield FigureLine(PROFILE, profile)


def _months(report: Return, on: date) -> Iterator[date]:
    month = report.period_start.replace(day=1)
    while month <= min(report.period_end, on):
        yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _line_of(row: ReturnFigure) -> FigureLine:
    if row.programme is not None:
        return FigureLine(TRAINING, row.programme, row=row)
    if row.panel is not None:
        return FigureLine(CHANNEL, row.panel, row.month, row)
    return FigureLine(PROFILE, row.profile, row=row)


def _key_of(report: Return, line: FigureLine) -> dict[str, Any]:
    """Return the fields that the record is known by."""
    subject = {line.part.subject: line.subject}
    if line.part is TRAINING:
        period = {"period_from": report.period_start, "period_to": report.period_end}
        return subject | {"organisation": report.organisation} | period
    if line.part is CHANNEL:
        return subject | {"month": line.month}
    return subject | {"organisation": report.organisation, "plan": report.plan}


def _recorded(report: Return, line: FigureLine) -> Any:
    return line.part.record.objects.current().filter(**_key_of(report, line)).first()


def _fields_of(report: Return, line: FigureLine, values: Mapping[str, Any], on: date) -> dict[str, Any]:
    """Return everything that is recorded: the key, the figures, how exact they are, and their source."""
    fields = dict(values)
    for name in line.part.record.quantities:
        fields[f"{name}_qualifier"] = Qualifier.UNKNOWN if values[name] is None else Qualifier.EXACTLY
    if line.part is CHANNEL:
        fields |= {name: values[name] or 0 for name in COUNTS}
    origin = {"source": f"Return of {report}"[:250], "basis": "recorded", "as_at": min(on, report.period_end)}
    return _key_of(report, line) | fields | origin


def _empty(name: str) -> Any:
    return "" if name == "reason" else None


def _is_blank(values: Mapping[str, Any]) -> bool:
    return all(value in (None, "") for value in values.values())
