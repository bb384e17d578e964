"""Factories for templates and papers; see tests/factories.py."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from factory import LazyAttribute, SelfAttribute

from reports.models import Paper, PublicEdition, Template
from reports.papers.services.drafting import draft_paper, write_section
from reports.papers.services.issuing import issue_paper, reconcile_paper
from reports.publications.services.preparing import draft_edition, treat_section
from reports.publications.services.publishing import approve_edition, publish_edition
from reports.templates.services import add_template
from tests.meetings.factories import steering_board
from tests.support.clock import AT, EARLIER, LONDON
from tests.support.service_factory import ServiceFactory

if TYPE_CHECKING:
    from tests.cast import Cast

LATER = datetime(2020, 6, 18, 9, tzinfo=LONDON)


class TemplateFactory(ServiceFactory):
    """A template of the Steering Board; give `cast`, and `layout` where it is not Silver's."""

    class Meta:
        model = Template

    class Params:
        cast = None

    actor = SelfAttribute("cast.manager")
    at = EARLIER
    board = LazyAttribute(lambda fields: steering_board(fields.cast))
    layout = "silver"

    @staticmethod
    def service(**fields: Any) -> Template:
        return add_template(**fields)


class PaperFactory(ServiceFactory):
    """A draft as at 12 June 2020 on the cast's plan; give `cast`, and `template` where it is not Silver's."""

    class Meta:
        model = Paper

    class Params:
        cast = None

    actor = SelfAttribute("cast.manager")
    at = AT
    template = LazyAttribute(lambda fields: template_of(fields.cast))
    plan = SelfAttribute("cast.plan")
    as_at = date(2020, 6, 12)

    @staticmethod
    def service(**fields: Any) -> Paper:
        return draft_paper(**fields)


def template_of(cast: Cast, layout: str = "silver") -> Template:
    board = steering_board(cast)
    known = Template.objects.filter(board=board, is_current=True, name__istartswith=layout).first()
    return known or TemplateFactory(cast=cast, layout=layout)


def write_every_text(cast: Cast, paper: Paper, *, at: datetime = AT) -> None:
    """Fill the sections that cannot be empty."""
    for section in paper.sections.filter(kind="narrative"):
        write_section(actor=cast.manager, section=section, text="Nil.", at=at)


def reconciled_paper(cast: Cast, *, at: datetime = AT, **fields: Any) -> Paper:
    paper = PaperFactory(cast=cast, at=at, **fields)
    write_every_text(cast, paper, at=at)
    return reconcile_paper(actor=cast.manager, paper=paper, at=at)


def issued_paper(cast: Cast, *, at: datetime = AT, **fields: Any) -> Paper:
    return issue_paper(actor=cast.gold, paper=reconciled_paper(cast, at=at, **fields), at=at)


def drafted_edition(cast: Cast, paper: Paper, *, at: datetime = AT) -> PublicEdition:
    """Draft the public edition of an issued paper, with its tables and without its texts."""
    edition = draft_edition(actor=cast.manager, paper=paper, at=at)
    for section in edition.sections.filter(treatment=""):
        treat_section(actor=cast.manager, section=section, treatment="left_out", at=at)
    edition.refresh_from_db()
    return edition


def published_edition(cast: Cast, paper: Paper, *, at: datetime = AT) -> PublicEdition:
    edition = drafted_edition(cast, paper, at=at)
    edition = approve_edition(actor=cast.opcc_officer, edition=edition, at=at)
    return publish_edition(actor=cast.opcc_director, edition=edition, at=at)
