"""Texts and dates in the language of the service."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from functools import lru_cache, wraps
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy

from standards.cadence import Period

# Django shortens the months of British English.
ENGLISH = {"DATE_FORMAT": "j F Y", "YEAR_MONTH_FORMAT": "F Y"}
NOON = 12
P = ParamSpec("P")
T = TypeVar("T")


class LanguageMiddleware:
    """Set the language of each answer, which is the same for everybody.

    Without a language, Django falls back to it for each text anew. A page has hundreds, and each takes twice as long.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        translation.activate(settings.LANGUAGE_CODE)
        return self.get_response(request)


def lazy_text(text: str) -> str:
    """Mark a text for translation; it is translated each time it is shown.

    Tables of texts are typed as text, and what shows them treats the result as text.
    """
    return cast("str", gettext_lazy(text))


def english() -> AbstractContextManager[None]:
    """Let texts be in English meanwhile: those that are recorded, and those that files and programs exchange."""
    return translation.override("en-gb")


def in_english(function: Callable[P, T]) -> Callable[P, T]:
    """Let a function work in English: one that writes for the record, or a file that other services read."""

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        with english():
            return function(*args, **kwargs)

    return wrapper


def english_html(text: str) -> SafeString:
    """Return a text of the record inside an element that says it is in English."""
    return format_html('<span lang="en-GB">{}</span>', text)


def own_models() -> Iterator[type[Model]]:
    """Yield the models of the service, not those of libraries."""
    for config in apps.get_app_configs():
        if Path(config.path).parent == settings.BASE_DIR:
            yield from config.get_models()


def name_fields() -> None:
    """Let the names that Django derives from models and fields be translated each time they are shown.

    Migrations do not see them, so that a field needs no name where its own is plain enough.
    """
    for model in own_models():
        options = model._meta
        for column in options.concrete_fields:
            if type(column.verbose_name) is str:
                column.verbose_name = lazy_text(column.verbose_name)
        if type(options.verbose_name) is str:
            options.verbose_name_plural = lazy_text(str(options.verbose_name_plural))
            options.verbose_name = lazy_text(options.verbose_name)


def with_article(noun: str) -> str:
    """Return a noun as "an action"; a language without the article translates it away."""
    words = gettext("an {noun}") if noun[:1].lower() in "aeiou" else gettext("a {noun}")
    return words.format(noun=noun)


def day_text(value: date | datetime | None) -> str:
    """Return a day as 8 October 2019, in local time; empty for None."""
    return "" if value is None else _formatted(_local_day(value), "DATE_FORMAT", get_language())


def month_text(value: date | datetime) -> str:
    """Return a month as October 2019, in local time."""
    return _formatted(_local_day(value), "YEAR_MONTH_FORMAT", get_language())


def short_day_text(value: date) -> str:
    """Return a day as 8 Oct 19, for charts."""
    return _formatted(value, "j M y", get_language())


def months_text(first: date, last: date) -> str:
    """Return a period as April to June 2020."""
    return gettext("{first} to {last}").format(
        first=_formatted(first, "F", get_language()), last=month_text(last)
    )


def period_text(period: Period) -> str:
    """Return a reporting period as May 2020, or April to June 2020."""
    if period.frequency.months == 1:
        return month_text(period.first_day)
    return months_text(period.first_day, period.last_day)


def time_text(value: datetime) -> str:
    """Return a time as 2:05pm, in local time."""
    local = _local(value)
    clock = f"{local:%I:%M}".lstrip("0")
    return (gettext("{clock}am") if local.hour < NOON else gettext("{clock}pm")).format(clock=clock)


def moment_text(value: datetime | None) -> str:
    """Return a moment as 19 June 2020 at 2:05pm, in local time; empty for None."""
    if value is None:
        return ""
    return gettext("{day} at {time}").format(day=day_text(value), time=time_text(value))


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _local_day(value: date | datetime) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


# Lists repeat their dates.
@lru_cache(maxsize=4096)
def _formatted(day: date, form: str, language: str | None) -> str:
    is_english = (language or "en").startswith("en")
    return date_format(day, ENGLISH.get(form, form) if is_english else form)
