"""Addresses of the programme's records in the API."""

from django.urls import URLPattern, path

from programme.records.api import Endpoints
from programme.training import api as training

RECORDS: dict[str, tuple[str, Endpoints]] = {
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


urlpatterns = [each for folder, (name, views) in RECORDS.items() for each in _paths(folder, name, views)]
