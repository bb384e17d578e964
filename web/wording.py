"""The rules of the public record in words, in the language of the service. `standards` has them in English, for files and the API."""

from django.utils.translation import gettext, ngettext

from standards.cadence import Cadence, Frequency
from standards.dates import ImpossibleDate
from standards.quantities import Qualifier, Quantity
from standards.rag import Computed, Rag, Reason
from standards.section55 import Clock
from standards.working_days import LAST
from web.language import lazy_text

REFERENCE_RULE = lazy_text(
    "Use letters, digits, spaces, brackets, full stops, hyphens, slashes, underscores and ampersands only."
)
RATINGS = {
    Rag.RED.value: lazy_text("Red"),
    Rag.AMBER.value: lazy_text("Amber"),
    Rag.GREEN.value: lazy_text("Green"),
}
RATING_CHOICES = list(RATINGS.items())
GREEN_FIRST = RATING_CHOICES[::-1]
RATINGS_EXPLAINED = [
    (Rag.GREEN.value, lazy_text("Green: on track")),
    (Rag.AMBER.value, lazy_text("Amber: at risk, with recovery in hand")),
    (Rag.RED.value, lazy_text("Red: overdue, or will miss its date")),
]
# A number of each kind for which languages may have a plural form of its own; Welsh has all of them.
EXAMPLES = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 6, "other": 100}
# Places from 1 to 15, and the last.
PLACES = {
    1: lazy_text("First"),
    2: lazy_text("Second"),
    3: lazy_text("Third"),
    4: lazy_text("Fourth"),
    5: lazy_text("Fifth"),
    6: lazy_text("Sixth"),
    7: lazy_text("Seventh"),
    8: lazy_text("Eighth"),
    9: lazy_text("Ninth"),
    10: lazy_text("Tenth"),
    11: lazy_text("Eleventh"),
    12: lazy_text("Twelfth"),
    13: lazy_text("Thirteenth"),
    14: lazy_text("Fourteenth"),
    15: lazy_text("Fifteenth"),
    LAST: lazy_text("Last"),
}
WEEKDAYS = (
    *(lazy_text("Monday"), lazy_text("Tuesday"), lazy_text("Wednesday"), lazy_text("Thursday")),
    lazy_text("Friday"),
)
QUALIFIERS = {
    Qualifier.EXACTLY: lazy_text("Exactly"),
    Qualifier.AT_LEAST: lazy_text("At least"),
    Qualifier.ABOUT: lazy_text("About"),
    Qualifier.UP_TO: lazy_text("Up to"),
    Qualifier.UNKNOWN: lazy_text("Unknown"),
}

DATE_PROBLEMS = {
    "is a number, not a date: format the cell as a date": lazy_text(
        "is a number, not a date: format the cell as a date"
    ),
    "is not a real date: write the day before the month, like 31/03/2020": lazy_text(
        "is not a real date: write the day before the month, like 31/03/2020"
    ),
    "is not a real date": lazy_text("is not a real date"),
    "must have a year between {first} and {last}": lazy_text("must have a year between {first} and {last}"),
    "includes an unknown month: {month}": lazy_text("includes an unknown month: {month}"),
    "needs a year, like 31 March 2020": lazy_text("needs a year, like 31 March 2020"),
}


def date_problem_text(error: ImpossibleDate) -> str:
    """Return why a value is no date, and how to correct it, to continue a sentence that names its cell."""
    return DATE_PROBLEMS[error.text].format(**error.values)


def cadence_text(cadence: Cadence) -> str:
    """Return the day on which returns are due, and the day used when it is a bank holiday."""
    place = PLACES[cadence.nth].lower()
    if cadence.weekday is None:
        if cadence.frequency is Frequency.MONTHLY:
            return gettext("the {place} working day of the following month").format(place=place)
        return gettext("the {place} working day of the month after the quarter").format(place=place)
    if cadence.frequency is Frequency.MONTHLY:
        words = gettext(
            "the {place} {weekday} of the following month, or the next working day if that is a bank holiday"
        )
    else:
        words = gettext(
            "the {place} {weekday} of the month after the quarter, or the next working day if that is a bank holiday"
        )
    return words.format(place=place, weekday=WEEKDAYS[cadence.weekday])


def rule_text(computed: Computed) -> str:
    """Return the rule that gave a rating."""
    days = computed.days
    match computed.reason:
        case Reason.OVERDUE:
            words = ngettext("Overdue by {days} day", "Overdue by {days} days", days)
        case Reason.NO_UPDATE:
            words = ngettext("No update for {days} day", "No update for {days} days", days)
        case Reason.NEARLY_DUE if days:
            words = ngettext(
                "Due in {days} day and {percent}% done", "Due in {days} days and {percent}% done", days
            )
        case Reason.NEARLY_DUE:
            words = gettext("Due today and {percent}% done")
        case Reason.ON_TRACK:
            return gettext("Updates are recent and the due date is ahead")
    return words.format(days=days, percent=computed.percent)


def clock_text(clock: Clock) -> str:
    """Return how the time for an answer under section 55 stands."""
    late, days_left = clock.days_late, clock.days_left
    if clock.answered_on:
        if not late:
            return gettext("Answered in time")
        return ngettext("Answered {days} day late", "Answered {days} days late", late).format(days=late)
    if late:
        return ngettext("{days} day late", "{days} days late", late).format(days=late)
    if not days_left:
        return gettext("Today is the last day")
    return ngettext("{days} day left", "{days} days left", days_left).format(days=days_left)


def quantity_text(quantity: Quantity) -> str:
    """Return a number with how exact it is, as at least 40."""
    if quantity.value is None:
        return gettext("unknown")
    number = f"{quantity.value:,}"
    match quantity.qualifier:
        case Qualifier.AT_LEAST:
            return gettext("at least {number}").format(number=number)
        case Qualifier.ABOUT:
            return gettext("about {number}").format(number=number)
        case Qualifier.UP_TO:
            return gettext("up to {number}").format(number=number)
    return number


def texts_of_counter() -> dict[str, str | dict[str, str]]:
    """Return what the counter of a text's characters says, as GOV.UK Frontend takes it: by kind of number."""
    count = "%{count}"
    left, over = {}, {}
    for kind, number in EXAMPLES.items():
        left[kind] = ngettext(
            "You have {count} character remaining", "You have {count} characters remaining", number
        ).format(count=count)
        over[kind] = ngettext(
            "You have {count} character too many", "You have {count} characters too many", number
        ).format(count=count)
    at_limit = gettext("You have 0 characters remaining")
    return {"charactersUnderLimit": left, "charactersAtLimit": at_limit, "charactersOverLimit": over}
