"""Addresses of the rows that a paper names: actions, findings, facts and parts of papers, where the reader may view them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from actions.models import Action
from audit import clock
from inspections.models import Recommendation
from programme.overview.catalogue import RESOURCES
from reports.figures.identities import Difference
from reports.papers.models import Paper

Content = Mapping[str, Any]
Link = dict[str, str]
RECORDS = {resource.model._meta.label_lower: resource for resource in RESOURCES}


def addresses_of_actions(request: HttpRequest, *contents: Content) -> dict[str, str]:
    """Return the addresses of the actions that papers name and the user may view, by reference."""
    ids = {row["id"]: row["ref"] for content in contents for row in content["rows"]}
    visible = Action.objects.visible_to(request.user, clock.today()).filter(pk__in=ids)
    return _addresses("actions:action", visible, ids)


def addresses_of_findings(request: HttpRequest, *contents: Content) -> dict[str, str]:
    """Return the addresses of the findings that papers count and the user may view, by reference."""
    ids = {row["pk"]: row["ref"] for content in contents for row in content.get("findings", ())}
    visible = Recommendation.objects.visible_to(request.user, clock.today()).filter(pk__in=ids)
    return _addresses("inspections:recommendation", visible, ids)


def _addresses(route: str, rows: QuerySet[Any], refs: Mapping[int, str]) -> dict[str, str]:
    """Return the addresses of rows by their references: the route is looked up once for all of them."""
    before, after = reverse(route, args=[0]).rsplit("0", 1)
    return {refs[pk]: f"{before}{pk}{after}" for pk in rows.values_list("pk", flat=True)}


def links_to_facts(request: HttpRequest, content: Content) -> dict[str, Link]:
    """Return the figures of the wider record that a paper prints, by key, with an address where the user may view them."""
    labels: dict[str, dict[int, str]] = {}
    for section in content["sections"]:
        for table in section["tables"]:
            for line in table["rows"]:
                if "fact" in line:
                    model, _, pk = line["fact"]["key"].partition(":")
                    labels.setdefault(model, {})[int(pk)] = f"{line['label']}: {line['cells'][0]['text']}"
    links: dict[str, Link] = {}
    for model, rows in labels.items():
        resource, manager = RECORDS[model], apps.get_model(model)._default_manager
        visible: Any = manager
        ids = set(
            visible.visible_to(request.user, clock.today()).filter(pk__in=rows).values_list("pk", flat=True)
        )
        for pk, label in rows.items():
            args = [resource.room, resource.slug, pk]
            href = reverse("programme:record-page", args=args) if pk in ids else ""
            links[f"{model}:{pk}"] = {"ref": label, "href": href}
    return links


def links_to_parts(paper: Paper) -> dict[str, Link]:
    """Return the parts of a draft, and the papers that it follows, by the name that a difference gives them."""
    links = {
        section.heading: reverse("reports:section-edit", args=[paper.pk, section.pk])
        for section in paper.sections.all()
    }
    for passage in paper.passages.all():
        links[passage.source] = reverse("returns:return", args=[passage.report_id])
    previous = paper.previous
    while previous is not None:
        links[str(previous)] = reverse("reports:paper", args=[previous.pk])
        previous = getattr(previous, "corrected_by", None)
    return {name: {"ref": name, "href": href} for name, href in links.items()}


def with_links(differences: Iterable[Difference], *known: Mapping[str, str | Link]) -> list[dict[str, Any]]:
    """Return differences with the rows of both sides and their addresses.

    Args:
        known: addresses by reference, or names with addresses by key.
    """
    links: dict[str, Link] = {}
    for each in known:
        for name, link in each.items():
            links[name] = {"ref": name, "href": link} if isinstance(link, str) else link

    def rows(names: Sequence[str]) -> list[Link]:
        return [links.get(name, {"ref": name, "href": ""}) for name in names]

    return [
        {"number": each.number, "text": each.text, "left": rows(each.left), "right": rows(each.right)}
        for each in differences
    ]
