"""Every page of papers and templates, who opens it, and how it is reached; walked with those of tests/stories/pages.py."""

from collections.abc import Callable

from reports.models import Paper
from reports.papers.services.drafting import write_section
from reports.papers.services.issuing import reconcile_paper
from tests.cast import AT
from tests.reports.factories import PaperFactory, TemplateFactory, issued_paper, template_of
from tests.stories.pages import Visit, World, press

DRAFT, COMMITTEE, OUTCOMES, ISSUED = (
    "A draft",
    "A committee paper",
    "A paper of two voices",
    "An issued paper",
)
PAPER_FILES = {"reports:paper-file": "a file"}
LONG_WORD = "neighbourhoods-" * 12
Where = Callable[[World], tuple[int | str, ...]]


def add_papers(world: World) -> None:
    """A draft, an issued paper, a committee paper with nothing entered, and a reconciled one of two voices."""
    cast = world.cast
    issued_paper(cast, title=ISSUED)
    draft = PaperFactory(cast=cast, title=DRAFT, as_at=AT.date())
    section = draft.sections.all()[1]
    write_section(actor=cast.manager, section=section, text=f"One.\n\n{LONG_WORD}", at=AT)
    PaperFactory(cast=cast, title=COMMITTEE, template=TemplateFactory(cast=cast, layout="committee"))
    outcomes = PaperFactory(cast=cast, title=OUTCOMES, template=TemplateFactory(cast=cast, layout="outcomes"))
    for part in outcomes.sections.all():
        write_section(actor=cast.manager, section=part, text="Nil.", at=AT)
    reconcile_paper(actor=cast.manager, paper=outcomes, at=AT)


def paper(title: str, *more: int | str) -> Where:
    return lambda world: (Paper.objects.get(title=title).pk, *more)


def part(title: str, name: str) -> Where:
    def address(world: World) -> tuple[int, int]:
        paper = Paper.objects.get(title=title)
        return paper.pk, getattr(paper, name).all()[0].pk

    return address


def template(world: World) -> tuple[int]:
    return (template_of(world.cast).pk,)


PAPER_VISITS = [
    Visit("reports:paper-list", "manager"),
    Visit("reports:paper-list", "stranger"),
    Visit("reports:paper", "manager", paper(DRAFT)),
    Visit("reports:paper", "gold", paper(ISSUED), name="an issued paper"),
    Visit("reports:paper", "manager", paper(COMMITTEE), name="a committee paper"),
    Visit("reports:paper-rows", "manager", paper(DRAFT, "districts", 0, 0)),
    Visit("reports:paper-create", "manager"),
    Visit(
        *("reports:paper-create", "manager"),
        then=press("Save"),
        name="a paper that says nothing",
        status=422,
    ),
    Visit("reports:paper-edit", "manager", paper(DRAFT)),
    Visit("reports:section-edit", "manager", part(DRAFT, "sections")),
    Visit("reports:passage-edit", "manager", part(DRAFT, "passages")),
    Visit("reports:implication-edit", "manager", part(COMMITTEE, "implications")),
    Visit("reports:appendix-edit", "manager", part(COMMITTEE, "appendices")),
    Visit("reports:paper-reconcile", "manager", paper(DRAFT)),
    Visit("reports:paper-approve", "gold", paper(OUTCOMES, "chief")),
    Visit("reports:paper-issue", "gold", paper(OUTCOMES)),
    Visit("reports:paper-correct", "manager", paper(ISSUED)),
    Visit("reports:paper-edit", "manager", paper(ISSUED), name="a paper that was issued", status=409),
    Visit("reports:paper-abandon", "manager", paper(DRAFT)),
    Visit("reports:template-list", "manager"),
    Visit("reports:compare", "manager"),
    Visit("reports:compare", "manager", query="?start=2020-04-01", name="two days"),
    Visit(
        "reports:compare",
        "stranger",
        query="?start=2020-04-02&end=2020-04-01",
        name="days in the wrong order",
        status=422,
    ),
    Visit("reports:template-create", "manager"),
    Visit("reports:template", "manager", template),
    Visit("reports:template-edit", "manager", template),
]
