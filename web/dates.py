"""The GOV.UK date input: separate day, month and year, and errors that name the wrong part."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from web.language import day_text, lazy_text

EARLIEST = date(1990, 1, 1)
LATEST = date(2100, 12, 31)
YEAR_DIGITS = 4
LONGEST_NUMBER = 6
PARTS = ("day", "month", "year")
LABELS = {"day": gettext_lazy("Day"), "month": gettext_lazy("Month"), "year": gettext_lazy("Year")}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONG_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)


class DateInput(forms.MultiWidget):
    """Three text boxes named <name>_day, <name>_month and <name>_year.

    It also reads an ISO date under the plain name, so that links and programs can send `due=2020-03-31`.
    """

    template_name = "govuk/widgets/date.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        widths = (2, 2, 4)
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            part: forms.TextInput(attrs={"inputmode": "numeric", "width": width})
            for part, width in zip(PARTS, widths, strict=True)
        }
        super().__init__(boxes, attrs)
        self.names = [f"_{part}" for part in PARTS]
        self.wrong: frozenset[int] = frozenset()

    def mark(self, wrong: Iterable[int]) -> None:
        self.wrong = frozenset(wrong)

    def decompress(self, value: Any) -> list[str]:
        return parts_of(value)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        parts = [part or "" for part in super().value_from_datadict(data, files, name)]
        return parts if any(parts) else self.decompress(data.get(name))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and super().value_omitted_from_data(data, files, name)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for index, (part, box) in enumerate(zip(PARTS, context["widget"]["subwidgets"], strict=True)):
            wrong = index in self.wrong
            width = box["attrs"].pop("width", 2)
            style = f"govuk-input govuk-date-input__input govuk-input--width-{width}"
            box["label"] = LABELS[part]
            box["attrs"]["class"] = f"{style} govuk-input--error" if wrong else style
            if wrong:
                box["attrs"]["aria-invalid"] = "true"
        return context


class GovukDateField(forms.Field):
    """A date. Months may be numbers or names.

    Args:
        earliest, latest: first and last accepted day. Absurd years are never accepted.
    """

    widget = DateInput
    subject = lazy_text("Date")

    def __init__(self, *, earliest: date = EARLIEST, latest: date = LATEST, **kwargs: Any) -> None:
        self.earliest, self.latest = earliest, latest
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        parts = parts_of(value) if isinstance(value, str) else list(value)
        texts = [str(part).strip() for part in parts]
        if not any(texts):
            return None
        self._refuse_missing(texts)
        return self._within(self._real(texts))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True

    def _refuse_missing(self, texts: list[str]) -> None:
        missing = [index for index, part in enumerate(texts) if not part]
        if missing == [1, 2] and not _is_number(texts[0]):
            # Words or a malformed date in the first box, not a day without its month and year.
            raise self._unreal([0, 1, 2])
        if missing:
            first, *rest = [LABELS[PARTS[index]].lower() for index in missing]
            text = (
                gettext("{subject} must include a {first} and {second}")
                if rest
                else gettext("{subject} must include a {first}")
            )
            sentence = text.format(subject=self.subject, first=first, second="".join(rest))
            raise self._invalid(sentence, missing, "incomplete")

    def _real(self, texts: list[str]) -> date:
        day, month, year = texts[0], _month(texts[1]), texts[2]
        if _is_number(year) and len(year) != YEAR_DIGITS:
            raise self._invalid(gettext("Year must include 4 numbers"), [2], "invalid")
        if not (_is_number(day) and month and _is_number(year)):
            wrong = [
                index for index, good in enumerate((_is_number(day), month, _is_number(year))) if not good
            ]
            raise self._unreal(wrong)
        try:
            return date(int(year), month, int(day))
        except (ValueError, OverflowError) as error:
            raise self._unreal([0, 1, 2]) from error

    def _within(self, value: date) -> date:
        if not EARLIEST <= value <= LATEST:
            sentence = gettext("{subject} must be between {year} and {year2}").format(
                subject=self.subject, year=EARLIEST.year, year2=LATEST.year
            )
            raise self._invalid(sentence, [2], "out_of_range")
        if value < self.earliest:
            raise self._invalid(
                gettext("{subject} must be {earliest} or later").format(
                    subject=self.subject, earliest=day_text(self.earliest)
                ),
                [0, 1, 2],
                "out_of_range",
            )
        if value > self.latest:
            raise self._invalid(
                gettext("{subject} must be {latest} or earlier").format(
                    subject=self.subject, latest=day_text(self.latest)
                ),
                [0, 1, 2],
                "out_of_range",
            )
        return value

    def _unreal(self, wrong: list[int]) -> ValidationError:
        return self._invalid(
            gettext("{subject} must be a real date").format(subject=self.subject), wrong, "invalid"
        )

    def _invalid(self, message: str, parts: list[int], code: str) -> ValidationError:
        return ValidationError(message, code=code, params={"parts": parts})


def parts_of(value: date | str | None) -> list[str]:
    """Return a date, or an ISO date in a string, as day, month and year; other text as a day that is wrong."""
    if not value:
        return ["", "", ""]
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return [str(value), "", ""]
    return [str(day.day), str(day.month), str(day.year)]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


def _month(text: str) -> int:
    """Return 1 to 12 for a number or an English name; 0 for anything else."""
    if _is_number(text):
        return int(text) if 1 <= int(text) <= len(MONTHS) else 0
    name = text.lower().removesuffix(".")
    known = name in LONG_MONTHS or name in {*MONTHS, "sept"}
    return MONTHS.index(name[:3]) + 1 if known else 0
