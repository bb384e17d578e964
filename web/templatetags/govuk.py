"""Template tags and filters available in every template."""

import html
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.template import Context, RequestContext
from django.template.defaulttags import CsrfTokenNode
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from audit import clock
from standards import rag
from standards.cadence import Period
from standards.quantities import Quantity
from web import unsaved
from web.glossary import TERMS
from web.language import day_text, moment_text, month_text, period_text
from web.wording import RATINGS, cadence_text, clock_text, quantity_text, rule_text, texts_of_counter

register = template.Library()

# The apps above define the states; a state that is not listed is grey.
STATE_STYLES = {
    "awaiting_allocation": "govuk-tag--purple",
    "not_started": "govuk-tag--grey",
    "in_progress": "govuk-tag--blue",
    "awaiting_assurance": "govuk-tag--yellow",
    "complete": "govuk-tag--green",
    "live": "govuk-tag--blue",
    "assured": "govuk-tag--green",
    "confirmed": "govuk-tag--green",
    "approved": "govuk-tag--blue",
    "published": "govuk-tag--green",
    "returned": "govuk-tag--orange",
    "reopened": "govuk-tag--orange",
    "registered": "govuk-tag--purple",
    "accepted": "govuk-tag--teal",
    "partly_accepted": "govuk-tag--teal",
    "not_accepted": "govuk-tag--orange",
    "proposed": "govuk-tag--yellow",
    "implemented": "govuk-tag--green",
    "not_implemented": "govuk-tag--orange",
    "open": "govuk-tag--blue",
    "awaiting_review": "govuk-tag--yellow",
    "asked": "govuk-tag--yellow",
    "acknowledged": "govuk-tag--blue",
    "declined": "govuk-tag--orange",
    "met": "govuk-tag--green",
    "submitted": "govuk-tag--green",
    "missed": "govuk-tag--red",
}
# Tags of this many letters or more get a style that avoids breaking words.
LONG_TAG = 19
NAVIGATION_ITEM = '<li class="govuk-service-navigation__item{}"><a class="govuk-service-navigation__link" href="{}"{}>{}</a></li>'
ACTIVE_ITEM = '<strong class="govuk-service-navigation__active-fallback">{}</strong>'


class FormTokensNode(CsrfTokenNode):
    """The CSRF token of a form, and a signed field that names the user the form was rendered for."""

    def render(self, context: Any) -> str:
        token = super().render(context)
        user = getattr(getattr(context, "request", None), "user", None)
        if user is None or not user.is_authenticated:
            return token
        signed = unsaved.sign_reader(user, clock.today())
        return token + format_html('<input type="hidden" name="{}" value="{}">', unsaved.FIELD, signed)


@register.tag
def csrf_token(parser: Any, token: Any) -> FormTokensNode:
    """Replace Django's own tag in every template, so that every form names its user."""
    return FormTokensNode()


@register.simple_tag
def rag_tag(rating: str | None) -> SafeString:
    """Render a rating as a tag with a word and a colour."""
    words = RATINGS.get(str(rating or ""))
    if words is None:
        return format_html('<strong class="govuk-tag govuk-tag--grey">{}</strong>', gettext("Not rated"))
    return format_html('<strong class="govuk-tag app-tag--rag-{}">{}</strong>', str(rating), words)


@register.filter
def rag_word(rating: str | None) -> str:
    """Return a rating inside a sentence, such as amber."""
    words = RATINGS.get(str(rating or ""))
    return words.lower() if words else gettext("not rated")


@register.simple_tag
def counting_words() -> str:
    """Return what the counter of a text's characters says, for its script; nothing in English, which it knows."""
    if (get_language() or "en").startswith("en"):
        return ""
    return json.dumps(texts_of_counter(), ensure_ascii=False)


@register.filter
def quantity(value: Quantity) -> str:
    """Return a number with how exact it is, such as at least 40."""
    return quantity_text(value)


@register.simple_tag
def state_tag(state: str, words: str) -> SafeString:
    """Render a state as a tag: `{% state_tag action.state action.get_state_display %}`."""
    style = STATE_STYLES.get(str(state), "govuk-tag--grey")
    length = " app-tag--long" if len(words) >= LONG_TAG else ""
    return format_html('<strong class="govuk-tag {}{}">{}</strong>', style, length, words)


# Tables repeat these two in each row; an included template would take ten times as long.
@register.simple_tag
def tag(text: str, style: str) -> SafeString:
    """Render a state in words; the colour only repeats them.

    Args:
        style: a class: govuk-tag--grey, --blue, --green, --yellow, --orange, --red, --purple or --teal.
    """
    return format_html('<strong class="govuk-tag {}">{}</strong>', style, text)


@register.simple_tag
def count_link(count: int, href: str, noun: str) -> SafeString:
    """Render a count as a link to its rows; zero has no link.

    Args:
        noun: for screen readers, such as "overdue actions in Pillar 1".
    """
    words = format_html('<span class="govuk-visually-hidden"> {}</span>', noun)
    if not count:
        return format_html("0{}", words)
    return format_html('<a class="govuk-link" href="{}">{}{}</a>', href, count, words)


# A paper has hundreds of cells; a loop in its template would take ten times as long.
@register.simple_tag
def figure_rows(rows: Sequence[Mapping[str, Any]]) -> SafeString:
    """Render the rows of a table of figures; what has an address links to the rows that it counts.

    Args:
        rows: each with its label and cells, and perhaps an address; `total` for the last one. A cell has its text, and
            an address or nothing.
    """
    return SafeString("\n".join(map(_figure_row, rows)))


def _figure_row(row: Mapping[str, Any]) -> str:
    label = conditional_escape(row["label"])
    weight = "" if row.get("total") else " govuk-!-font-weight-regular"
    place = f'<span class="govuk-visually-hidden"> {gettext("in {name}").format(name=label)}</span>'
    cells = "".join(
        f'<td class="govuk-table__cell">{_figure(cell["text"], cell["href"], place)}</td>'
        for cell in row["cells"]
    )
    heading = (
        f'<th scope="row" class="govuk-table__header{weight}">{_figure(row["label"], row.get("href"))}</th>'
    )
    return f'<tr class="govuk-table__row">{heading}{cells}</tr>'


def _figure(text: str, href: str | None, place: str = "") -> str:
    # Django's escape() takes four times as long, and a paper has a thousand figures.
    shown = html.escape(text)
    return f'<a class="govuk-link" href="{html.escape(href)}">{shown}{place}</a>' if href else shown


@register.simple_tag(takes_context=True)
def navigation_item(context: Context, text: str, route: str, *sections: str, count: int = 0) -> SafeString:
    """Render one entry of the navigation; nothing where the route does not exist.

    Args:
        sections: first parts of other addresses that belong to the entry.
        count: shown after the text unless it is 0.
    """
    try:
        href = reverse(route)
    except NoReverseMatch:
        return SafeString("")
    is_here = context["section"] in (href, *sections)
    current = SafeString(
        ' aria-current="page"' if context["path"] == href else ' aria-current="true"' if is_here else ""
    )
    active = SafeString(" govuk-service-navigation__item--active" if is_here else "")
    label = f"{text} ({count})" if count else text
    words = format_html(ACTIVE_ITEM, label) if is_here else label
    return format_html(NAVIGATION_ITEM, active, href, current, words)


@register.inclusion_tag("components/rag_key.html")
def rag_key() -> dict[str, Any]:
    return {"key": [(rating.value, gettext(meaning)) for rating, meaning in rag.KEY.items()]}


@register.inclusion_tag("components/explain.html")
def explain(name: str) -> dict[str, Any]:
    """Explain a word of the glossary in place: `{% explain "assurance" %}`."""
    return {"term": TERMS[name]}


@register.inclusion_tag("components/keep.html")
def keeping(form: Any) -> dict[str, Any]:
    """Render the field for the reason why personal data must stay; nothing if the form reported none."""
    return {"field": form.keep_field}


@register.simple_tag
def field(bound: BoundField, size: str = "", *, heading: bool = False) -> SafeString:
    """Render one field of a form; with `heading`, its label is the page's h1."""
    renderer = bound.form.renderer
    context = {"field": bound, "label_size": size or ("l" if heading else ""), "is_heading": heading}
    return SafeString(renderer.render(renderer.field_template_name, context))


@register.filter
def attributes(values: dict[str, Any]) -> SafeString:
    """Return the attributes of a widget as its tag has them, in their order."""
    return SafeString(
        "".join(
            f" {name}" if value is True else f' {name}="{conditional_escape(value)}"'
            for name, value in values.items()
            if value is not False
        )
    )


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(
    context: RequestContext, key: str, text: str, *more: str, numeric: bool = False
) -> dict[str, Any]:
    """Render a column heading that sorts by `key`, or reverses the order if the list is already sorted by it.

    Args:
        more: further keys and their texts, for a column that shows several things.
    """
    query = context.request.GET.copy()
    current = query.get("sort", "")
    query.pop("page", None)
    links, order = [], "none"
    for name, words in zip((key, *more[::2]), (text, *more[1::2]), strict=True):
        query["sort"] = f"-{name}" if current == name else name
        direction = {name: "ascending", f"-{name}": "descending"}.get(current, "none")
        order = order if direction == "none" else direction
        links.append({"text": words, "href": f"?{query.urlencode()}", "direction": direction})
    return {"links": links, "direction": order, "numeric": numeric}


@register.inclusion_tag("components/filter.html", takes_context=True)
def filter_panel(
    context: RequestContext, form: Any, chosen: Any, *, action: str = "", clear: str = "?", keep: Any = ()
) -> dict[str, Any]:
    """Render the selected filters of a list and, once opened by its link, the form that changes them.

    Args:
        form: the form of a FilterSet.
        chosen: web.filters.chosen(form, query).
        action: address of the list, if it is not the page's own.
        clear: address without filters.
        keep: pairs of name and value to carry along, such as the sort order.
    """
    query = context.request.GET.copy()
    query.pop("page", None)
    is_open = bool(query.pop("filters", None) or form.errors)
    toggled = query.copy()
    if not is_open:
        toggled["filters"] = "open"
    return {
        "form": form,
        "chosen": chosen,
        "action": action,
        "clear": clear,
        "keep": keep,
        "is_open": is_open,
        "toggle": f"?{toggled.urlencode()}",
    }


@register.simple_block_tag
def scrollable(content: str, label: str) -> SafeString:
    """Wrap wide content in a region that scrolls sideways and can be reached by keyboard."""
    opening = '<div class="app-scroll" tabindex="0" role="region" aria-label="{}">{}</div>'
    return format_html(opening, label, SafeString(content))


@register.filter
def day(value: date | datetime | None) -> str:
    """Return a day as 19 June 2020, in local time."""
    return day_text(value) if value else ""


@register.filter
def month(value: date) -> str:
    """Return a month as June 2020."""
    return month_text(value)


@register.filter
def period(value: Period) -> str:
    """Return a reporting period as May 2020, or April to June 2020."""
    return period_text(value)


register.filter(cadence_text)
register.filter(clock_text)
register.filter(rule_text)


@register.filter
def moment(value: date | datetime | None) -> str:
    """Return a moment as 19 June 2020 at 2:05pm, in local time; a bare date as the day."""
    if not isinstance(value, datetime):
        return day(value)
    return moment_text(value)


@register.filter
def machine_time(value: date | datetime) -> str:
    """Return a moment for <time datetime>, to the second and in local time; a bare date as the day."""
    if not isinstance(value, datetime):
        return value.isoformat()
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return local.isoformat(timespec="seconds")


@register.filter
def yes_no(value: object) -> str:
    return gettext("Yes") if value else gettext("No")


@register.filter
def days_to(first: date, last: date) -> int:
    """Return how many days lie between two days: `{{ since|days_to:on }}`."""
    return (last - first).days
