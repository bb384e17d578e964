"""The feed of public editions, as Atom (RFC 4287)."""

from datetime import datetime

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from reports.publications.models import PublicEdition

SHOWN = 50


class EditionFeed(Feed):
    """What was published, corrected or withdrawn last."""

    feed_type = Atom1Feed
    title = "Publications"
    subtitle = "Papers published about the Prevent plan"

    def link(self, request: HttpRequest | None = None) -> str:
        return reverse("reports:publication-list")

    def feed_url(self, request: HttpRequest | None = None) -> str:
        return reverse("reports:publication-feed")

    def items(self) -> QuerySet[PublicEdition]:
        return PublicEdition.objects.out().public()[:SHOWN]

    def item_title(self, item: PublicEdition) -> str:
        state = (
            "" if item.state == PublicEdition.State.PUBLISHED else f" ({item.get_state_display().lower()})"
        )
        return f"{item.public_title}{state}"

    def item_description(self, item: PublicEdition) -> str:
        return item.withdrawal or (item.content or {}).get("correction") or "New publication"

    def item_link(self, item: PublicEdition) -> str:
        return reverse("reports:publication", args=[item.pk])

    def item_pubdate(self, item: PublicEdition) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: PublicEdition) -> datetime | None:
        return item.withdrawn_at or item.published_at
