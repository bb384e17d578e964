"""The register of local profiles by district: which profile is current, how old it is, and what was aligned to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, ngettext

from audit.actors import Reader
from partners.models import Area
from programme.profiles.models import LocalProfile, PlanAlignment


@dataclass(frozen=True)
class DistrictLine:
    """A district with its current profile, or none."""

    area: Area
    profile: LocalProfile | None
    alignments: Sequence[PlanAlignment]
    on: date

    @property
    def age(self) -> str:
        if self.profile is None:
            return ""
        months = self.profile.age_in_months(self.on)
        return (
            gettext("Date not stated")
            if months is None
            else ngettext("{months} month", "{months} months", months).format(months=months)
        )

    @property
    def is_review_overdue(self) -> bool:
        due = self.profile.review_due if self.profile else None
        return due is not None and due < self.on


def districts(*, user: Reader, on: date) -> list[DistrictLine]:
    """Return every district with its current profile."""
    profiles = LocalProfile.objects.visible_to(user, on).filter(
        level=LocalProfile.Level.DISTRICT, state__in=LocalProfile.CURRENT
    )
    current = {profile.area_id: profile for profile in profiles}
    alignments: dict[int, list[PlanAlignment]] = {}
    rows = PlanAlignment.objects.visible_to(user, on).current()
    for row in rows.select_related("plan", "profile", "organisation"):
        if row.organisation.area_id is not None:
            alignments.setdefault(row.organisation.area_id, []).append(row)
    return [
        DistrictLine(area, current.get(area.pk), alignments.get(area.pk, []), on)
        for area in Area.objects.visible_to(user, on)
    ]


def force_profiles(*, user: Reader, on: date) -> list[LocalProfile]:
    """Return the current profiles of the whole force area."""
    rows = LocalProfile.objects.visible_to(user, on)
    return list(rows.filter(level=LocalProfile.Level.FORCE, state__in=LocalProfile.CURRENT))
