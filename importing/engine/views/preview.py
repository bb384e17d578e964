"""What the page of a preview shows of it."""

from typing import Any

from django.utils.translation import gettext

from importing.engine.services.contents import MOST_LISTED, Outcome, Preview
from importing.engine.services.running import OUTCOMES, counts_in_words
from partners.models import Organisation

TAGS = {
    Outcome.CREATED: "govuk-tag--green",
    Outcome.UPDATED: "govuk-tag--blue",
    Outcome.UNCHANGED: "govuk-tag--grey",
    Outcome.SKIPPED: "govuk-tag--yellow",
    Outcome.REJECTED: "govuk-tag--red app-tag--long",
}


def preview_context(preview: Preview[Any, Any]) -> dict[str, Any]:
    """Return a preview as its template reads it: of very many rows and problems, those to look at first."""
    return {
        "preview": preview,
        "counts": counts_in_words(preview=preview),
        "most_listed": MOST_LISTED,
        "problems": preview.problems[:MOST_LISTED],
        "personal": preview.personal[:MOST_LISTED],
        "rows": [(row, OUTCOMES[row.outcome], TAGS[row.outcome]) for row in preview.listed_rows],
        "kinds": Organisation.Kind.choices,
    }


def preview_errors(preview: Preview[Any, Any]) -> list[dict[str, str]]:
    """Return the summary of the problems that stop an import."""
    number = len(preview.problems)
    if not number:
        return []
    one = gettext("1 cell cannot be imported, so nothing was imported")
    many = gettext("{number} cells cannot be imported, so nothing was imported").format(number=number)
    return [{"href": "#problems", "text": one if number == 1 else many}]
