"""Every page of public editions, and the public pages; walked with those of tests/stories/pages.py."""

from collections.abc import Callable

from reports.models import Paper, PublicEdition
from reports.publications.services.publishing import approve_edition, withdraw_edition
from tests.cast import AT
from tests.reports.factories import drafted_edition, issued_paper, published_edition, template_of
from tests.stories.pages import Visit, World

PREPARED, DECIDED, OUT, GONE, NEXT = (
    "A paper with an edition in draft",
    "A paper with an approved edition",
    "A published paper",
    "A withdrawn paper",
    "A paper without an edition",
)
Where = Callable[[World], tuple[int | str, ...]]


def add_editions(world: World) -> None:
    """An edition in each state that has pages of its own."""
    cast = world.cast
    issued_paper(cast, title=NEXT)
    with_findings = {"template": template_of(cast, "gold"), "as_at": AT.date()}
    drafted_edition(cast, issued_paper(cast, title=PREPARED, **with_findings))
    approved = drafted_edition(cast, issued_paper(cast, title=DECIDED))
    approve_edition(actor=cast.opcc_officer, edition=approved, at=AT)
    published_edition(cast, issued_paper(cast, title=OUT))
    gone = published_edition(cast, issued_paper(cast, title=GONE))
    withdraw_edition(actor=cast.manager, edition=gone, reason="A figure was wrong.", at=AT)


def edition_of(title: str) -> Where:
    return lambda world: (PublicEdition.objects.get(paper__title=title).pk,)


def section(world: World) -> tuple[int, int]:
    edition = PublicEdition.objects.get(paper__title=PREPARED)
    return edition.pk, edition.sections.all()[0].pk


def finding(world: World) -> tuple[int, str, int]:
    edition = PublicEdition.objects.get(paper__title=PREPARED)
    [line, *_] = (edition.paper.content or {})["findings"]
    return edition.pk, "recommendation", line["pk"]


def paper(world: World) -> tuple[int]:
    return (Paper.objects.get(title=NEXT).pk,)


EDITION_VISITS = [
    Visit("reports:edition-list", "manager"),
    Visit("reports:edition-create", "manager", paper),
    Visit("reports:edition", "manager", edition_of(PREPARED)),
    Visit("reports:edition-section", "manager", section),
    Visit("reports:edition-wording", "manager", finding),
    Visit("reports:edition-preview", "manager", edition_of(PREPARED)),
    Visit("reports:edition-approve", "opcc_officer", edition_of(PREPARED)),
    Visit("reports:edition-publish", "gold", edition_of(DECIDED)),
    Visit("reports:edition-correct", "manager", edition_of(OUT)),
    Visit("reports:edition-withdraw", "manager", edition_of(OUT)),
    Visit("reports:edition-abandon", "manager", edition_of(PREPARED)),
    Visit("reports:publication-list", ""),
    Visit("reports:publication", "", edition_of(OUT)),
    Visit("reports:publication", "", edition_of(GONE), name="a withdrawn publication", status=410),
]
EDITION_FILES = {
    "reports:edition-preview-file": "a file",
    "reports:publication-file": "a file",
    "reports:publication-feed": "for programs",
}
