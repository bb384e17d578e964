"""Public editions of papers that wait for somebody to approve or publish them."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from audit.actors import Actor
from desk.my_work.services.papers import DECIDERS
from desk.tasks.subjects import of_paper
from desk.tasks.task import DECIDE, Task
from partners.policies import Rights
from reports.models import PublicEdition
from reports.publications import policies
from reports.publications.queries import authors_of_each
from reports.publications.states import OPEN, EditionState

if TYPE_CHECKING:
    from reports.publications.models import EditionQuerySet


def candidates(*, rights: Rights, on: date) -> "EditionQuerySet":
    partnerships = rights.partnerships(*DECIDERS)
    return PublicEdition.objects.filter(state__in=OPEN, paper__template__board__partnership__in=partnerships)


def tasks(*, actor: Actor, rights: Rights, on: date) -> Iterator[Task]:
    """Yield what is ready for the actor's approval or publication; nobody decides on what they wrote."""
    editions = candidates(rights=rights, on=on).visible_to(actor, on)
    editions = editions.select_related("paper__template__board__partnership", "paper__plan")
    editions = editions.defer("content", "counts", "paper__content")
    parts = (f"paper__{name}" for name in ("sections", "passages", "implications", "appendices"))
    editions = editions.prefetch_related("sections", *parts)
    authors = authors_of_each(editions)
    for edition in editions:
        yield from _edition(edition, authors[edition.pk], rights)


def _edition(edition: PublicEdition, authors: Collection[int], rights: Rights) -> Iterator[Task]:
    """Yield the approval of a draft whose texts are all decided, or the publication of what is approved."""
    partnership = edition.partnership_id
    if edition.state == EditionState.APPROVED:
        refusal = policies.why_not_publish(
            rights, partnership, authors=authors, approver_id=edition.approved_by_id
        )
        step = (
            gettext("Publish the public edition of"),
            gettext("Approved, and not published yet"),
            "reports:edition-publish",
        )
    else:
        refusal = policies.why_not_approve(rights, partnership, authors=authors)
        step = (
            gettext("Approve the public edition of"),
            gettext("Every text is decided"),
            "reports:edition-approve",
        )
        if not all(section.treatment for section in edition.sections.all()):
            return
    if not refusal:
        verb, reason, route = step
        yield Task(of_paper(edition.paper), verb, reason, route, DECIDE, args=(edition.pk,))
