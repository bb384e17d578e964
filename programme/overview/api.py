"""Addresses of the programme's records in the API."""

from django.urls import URLPattern, path

from programme.channel import api as channel
from programme.frameworks import api as frameworks
from programme.funding import api as funding
from programme.mou import api as mou
from programme.profiles import api as profiles
from programme.records.api import Endpoints
from programme.training import api as training

RECORDS: dict[str, tuple[str, Endpoints]] = {
    "funding-rounds": ("funding-round", funding.rounds),
    "funding-decisions": ("funding-decision", funding.decisions),
    "grant-funds": ("grant-fund", funding.funds),
    "grant-limits": ("grant-limit", funding.limits),
    "grants": ("grant", funding.grants),
    "stated-totals": ("stated-total", funding.totals),
    "local-profiles": ("local-profile", profiles.register),
    "profile-briefings": ("profile-briefing", profiles.briefings),
    "plan-alignments": ("plan-alignment", profiles.alignments),
    "channel-panels": ("channel-panel", channel.panels),
    "panel-months": ("panel-month", channel.months),
    "frameworks": ("framework", frameworks.versions),
    "framework-items": ("framework-item", frameworks.items),
    "grades": ("grade", frameworks.grades),
    "measures": ("measure", frameworks.measures),
    "readings": ("reading", frameworks.readings),
    "action-mappings": ("action-mapping", frameworks.mappings),
    "terms": ("term", frameworks.terms),
    "memoranda": ("memorandum", mou.memoranda),
    "training-programmes": ("training-programme", training.programmes),
    "training-events": ("training-event", training.events),
    "attendances": ("attendance", training.attendances),
    "completions": ("completion", training.completions),
    "champions-counts": ("champions-count", training.champions),
}


def _paths(folder: str, name: str, views: Endpoints) -> list[URLPattern]:
    paths = [
        path(f"{folder}/", views.list.as_view(), name=f"{name}-list"),
        path(f"{folder}/<int:pk>/", views.detail.as_view(), name=name),
    ]
    if views.correction is not None:
        paths.append(path(f"{folder}/<int:pk>/correct/", views.correction.as_view(), name=f"{name}-correct"))
    return paths


urlpatterns = [
    *(each for folder, (name, views) in RECORDS.items() for each in _paths(folder, name, views)),
    path("readings/<int:pk>/moderate/", frameworks.ReadingModeration.as_view(), name="reading-moderate"),
]
