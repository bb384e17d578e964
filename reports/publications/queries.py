"""What a public edition says at this point, and what keeps it from leaving."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext

from actions.models import Action
from inspections.models import Inspection, Recommendation
from reports.figures.identities import Difference
from reports.figures.public import FINDINGS, edition_of
from reports.figures.public_basis import PUBLISH, Basis, Decision, Edition, Small, Text, is_public
from reports.figures.public_checks import names_in, public_differences
from reports.papers.models import Paper
from reports.papers.queries import writers_of_each
from reports.publications.models import EditionSection, PublicEdition, PublicWording
from reports.publications.states import OUT, EditionState
from standards.marking import Marking
from standards.suppression import Issue, Sum

# How many former editions of a partnership a new one is compared with.
COMPARED = 24


@dataclass(frozen=True)
class EditionRow:
    """A row that the public can read in an edition.

    Attributes:
        key: the model and the id.
        decides: whether its publication is decided here; other rows have a decision of their own.
    """

    key: str
    label: str
    publication: str
    wording: str
    decides: bool = False

    @property
    def model(self) -> str:
        return self.key.partition(":")[0]

    @property
    def kind(self) -> str:
        return self.model.partition(".")[2]

    @property
    def pk(self) -> int:
        return int(self.key.partition(":")[2])

    @property
    def decision(self) -> str:
        return str(Action.Publication(self.publication).label)


def full(pk: int) -> PublicEdition:
    """Return an edition with the rows it is made of."""
    rows = PublicEdition.objects.select_related(
        "paper__template__board__partnership", "author", "approved_by", "published_by", "corrects"
    )
    return rows.prefetch_related(
        "sections",
        *(f"paper__{name}" for name in ("sections", "passages", "implications", "appendices")),
    ).get(pk=pk)


def compose(edition: PublicEdition) -> tuple[Edition, Basis]:
    """Make an edition from its paper, with the decisions on publication as they are now."""
    basis = _basis(edition)
    return edition_of(basis, number=edition.number, correction=edition.correction), basis


def problems_of(edition: PublicEdition, made: Edition, basis: Basis) -> tuple[list[Difference], list[str]]:
    """Return what does not add up in an edition, and what else keeps it from leaving, in words."""
    undecided = [
        gettext("{heading}: decide whether the section is published.").format(heading=section.heading)
        for section in edition.sections.all()
        if not section.treatment
    ]
    names = names_in(made.content, _names(edition))
    people = [gettext("{name} is named. Leave out who owns an action.").format(name=name) for name in names]
    hidden = [
        gettext("{name} is not published. Leave it out.").format(name=name)
        for name in names_in(made.content, _hidden(edition, basis))
    ]
    return public_differences(made, basis), undecided + people + hidden


def rows_of(edition: PublicEdition, basis: Basis) -> list[EditionRow]:
    """Return the rows of an edition's paper that the public can read, and what is decided on them."""
    content = basis.content
    rows = [
        _row("actions.action", line["id"], f"{line['ref']}: {line['title']}", basis.decisions)
        for line in content["rows"]
        if is_public(line, basis.decisions)
    ]
    kinds = {section["kind"] for section in content["sections"]}
    if FINDINGS in kinds:
        published_on = {line["pk"] for line in content["inspections"] if line["published_on"]}
        rows += [
            _row("inspections.inspection", line["pk"], line["title"], basis.inspections, decides=True)
            for line in content["inspections"]
            if line["pk"] in published_on
        ]
        rows += [
            _row("inspections.recommendation", line["pk"], line["ref"], basis.findings, decides=True)
            for line in content["findings"]
            if line["inspection_id"] in published_on
        ]
    for section in content["sections"]:
        for table in section["tables"]:
            # Months of Channel panels are published as totals alone.
            rows += [
                EditionRow(line["fact"]["key"], line["label"], PUBLISH, basis.facts[line["fact"]["key"]])
                for line in table["rows"]
                if table["key"] != "channel" and "fact" in line and line["fact"]["key"] in basis.facts
            ]
    return rows


def _row(
    model: str, pk: int, label: str, decisions: Mapping[int, Decision], *, decides: bool = False
) -> EditionRow:
    decision = decisions.get(pk, Decision(Action.Publication.UNDECIDED))
    return EditionRow(f"{model}:{pk}", label, decision.publication, decision.wording, decides=decides)


def authors_of(edition: PublicEdition) -> set[int]:
    """Return who prepared an edition and who wrote its paper."""
    return authors_of_each([edition])[edition.pk]


def authors_of_each(editions: Collection[PublicEdition]) -> dict[int, set[int]]:
    """Return the authors of several editions by the id of the edition, in one query."""
    writers = writers_of_each([edition.paper for edition in editions])
    return {edition.pk: writers[edition.paper_id].of() | {edition.author_id} for edition in editions}


def small_as_json(small: Small) -> dict[str, Any]:
    return {
        "counts": small.counts,
        "sums": [[each.whole, list(each.parts)] for each in small.sums],
        "left_out": sorted(small.left_out),
    }


def latest_paper(paper: Paper) -> Paper:
    """Return the issued correction of a paper, or the paper itself."""
    while paper.state == Paper.State.CORRECTED:
        paper = paper.corrected_by
    return paper


def why_no_edition(paper: Paper) -> str:
    """Return why a paper cannot have a public edition now; empty when it can."""
    if paper.state != Paper.State.ISSUED:
        return gettext("Only an issued paper has a public edition.")
    if paper.marking != Marking.OFFICIAL:
        return gettext("This paper is OFFICIAL-SENSITIVE. Only an OFFICIAL paper has a public edition.")
    if PublicEdition.objects.filter(paper=paper).exclude(state=EditionState.ABANDONED).exists():
        return gettext("This paper has a public edition already.")
    return ""


def _basis(edition: PublicEdition) -> Basis:
    paper = edition.paper
    content = paper.content or {}
    ids = [line["id"] for line in content["rows"]]
    wordings = wordings_of(edition)
    decisions = {
        pk: Decision(publication, exemption, marking, _text_of(wordings, f"actions.action:{pk}"))
        for pk, publication, exemption, marking in Action.objects.filter(pk__in=ids).values_list(
            "pk", "publication", "exemption", "marking"
        )
    }
    return Basis(
        content=content,
        texts=[_text(section) for section in edition.sections.all()],
        decisions=decisions,
        findings=_decisions(Recommendation, "inspection__marking", content.get("findings", ()), wordings),
        inspections=_decisions(Inspection, "marking", content.get("inspections", ()), wordings),
        facts={key: _text_of(wordings, key) for key in _published_facts(content)},
        last=_last(edition),
        earlier=_earlier(edition),
        largest_small=settings.SMALL_NUMBERS_UP_TO,
        exemptions={key: str(label) for key, label in Action.Exemption.choices},
    )


def wordings_of(edition: PublicEdition) -> dict[str, PublicWording]:
    """Return the public wordings of an edition's partnership by the key of their row."""
    rows = PublicWording.objects.filter(partnership=edition.partnership_id)
    return {row.key: row for row in rows}


def _text_of(wordings: Mapping[str, PublicWording], key: str) -> str:
    return wordings[key].text if key in wordings else ""


def _decisions(
    model: type[Model],
    marking: str,
    lines: Iterable[Mapping[str, Any]],
    wordings: Mapping[str, PublicWording],
) -> dict[int, Decision]:
    """Return what is decided on findings or inspections, with their markings as they are now."""
    ids = [line["pk"] for line in lines]
    return {
        pk: Decision(wording.publication, wording.exemption, now, wording.text)
        for pk, now in model._default_manager.filter(pk__in=ids).values_list("pk", marking)
        if (wording := wordings.get(f"{model._meta.label_lower}:{pk}")) is not None
    }


def _text(section: EditionSection) -> Text:
    is_published = section.treatment == EditionSection.Treatment.PUBLISHED
    return Text(section.kind, section.heading, section.text if is_published else "", is_published)


def _published_facts(content: dict[str, Any]) -> Iterable[str]:
    """Yield the keys of the paper's figures whose record, in its newest version, is decided for publication."""
    by_model: dict[str, set[int]] = {}
    for section in content["sections"]:
        for table in section["tables"]:
            for line in table["rows"]:
                if "fact" in line:
                    label, _, pk = line["fact"]["key"].partition(":")
                    by_model.setdefault(label, set()).add(int(pk))
    for label, ids in by_model.items():
        for pk, newest in _newest_versions(apps.get_model(label), ids).items():
            if (newest.publication, newest.marking) == (PUBLISH, Marking.OFFICIAL):
                yield f"{label}:{pk}"


def _newest_versions(model: Any, ids: Collection[int]) -> dict[int, Any]:
    """Return records by their ids, each as it was corrected last. Some records are never corrected by another."""
    rows = model._default_manager.all()
    newest: dict[int, Any] = {row.pk: row for row in rows.filter(pk__in=ids)}
    corrected = dict(newest) if any(field.name == "supersedes" for field in model._meta.fields) else {}
    while corrected:
        later = {row.supersedes_id: row for row in rows.filter(supersedes__in=corrected.values())}
        corrected = {pk: later[row.pk] for pk, row in corrected.items() if row.pk in later}
        newest |= corrected
    return newest


def _last(edition: PublicEdition) -> dict[str, Any] | None:
    """Return the public edition of the paper that this paper opens from, or of one before it."""
    paper = edition.paper.previous
    while paper is not None:
        last = PublicEdition.objects.filter(paper=paper, state=EditionState.PUBLISHED).first()
        if last is not None:
            return last.content
        paper = paper.previous
    return None


def edition_key(edition: PublicEdition) -> str:
    """Name an edition where a difference has it on one side."""
    return f"{edition._meta.label_lower}:{edition.pk}"


def _earlier(edition: PublicEdition) -> dict[str, Issue]:
    """Return the counts of former editions by their keys, the oldest first."""
    former = PublicEdition.objects.filter(
        paper__template__board__partnership=edition.partnership_id, state__in=OUT
    ).exclude(pk=edition.pk)
    rows = former.order_by("-published_at").only("pk", "counts")[:COMPARED]
    return {
        edition_key(row): _issue(row.counts) for row in reversed(rows) if row.counts and row.counts["counts"]
    }


def _issue(counts: dict[str, Any]) -> Issue:
    sums = [Sum(whole, tuple(parts)) for whole, parts in counts["sums"]]
    return Issue(counts["counts"], sums, frozenset(counts["left_out"]))


def _hidden(edition: PublicEdition, basis: Basis) -> list[str]:
    """Return the references of the paper's other actions, and what OFFICIAL-SENSITIVE inspections are called."""
    refs = [line["ref"] for line in basis.content["rows"] if not is_public(line, basis.decisions)]
    inspections = Inspection.objects.filter(partnership=edition.partnership_id).exclude(
        marking=Marking.OFFICIAL
    )
    return refs + [
        name for names in inspections.values_list("title", "short_title") for name in names if name
    ]


def _names(edition: PublicEdition) -> list[str]:
    """Return how the owners and alternates of the paper's actions are called, and their addresses."""
    ids = [line["id"] for line in (edition.paper.content or {})["rows"]]
    people = Action.objects.filter(pk__in=ids).values_list(
        "owner__name", "owner__email", "alternate__name", "alternate__email"
    )
    return [name for names in people for name in names if name]
