"""What cannot be so of training, Channel and profiles is refused in the same words by the API and by an import.

The page is in `test_bad_input`, a return in `tests/returns/test_return_figures.py` and `tests/api/test_return_figures.py`.
"""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from programme.overview.catalogue import resource_at
from tests.cast import Cast
from tests.programme.factories import ChannelPanelFactory, LocalProfileFactory, TrainingProgrammeFactory

FRAME = {"source": "Register", "as_at": "2020-05-31"}
TRAINING, CHANNEL = ("training", "completions"), ("channel", "months")
PROFILE, ALIGNMENT = ("profiles", "register"), ("profiles", "alignments")
ROUTES = {
    TRAINING: "/completions/",
    CHANNEL: "/panel-months/",
    PROFILE: "/local-profiles/",
    ALIGNMENT: "/plan-alignments/",
}


def good(cast: Cast, kind: tuple[str, str]) -> dict[str, Any]:
    """Return the fields of a record that is not refused."""
    if kind == TRAINING:
        days = {"period_from": "2020-05-01", "period_to": "2020-05-31"}
        programme = TrainingProgrammeFactory(cast=cast)
        people = {"eligible": 80, "completed": 60}
        return {"programme": programme, "organisation": cast.bradford_district, **days, **people}
    if kind == CHANNEL:
        return {"panel": ChannelPanelFactory(cast=cast), "month": "2020-05-01", "held": 1, "both": 1}
    if kind == ALIGNMENT:
        about = {"plan": cast.plan, "profile": LocalProfileFactory(cast=cast, title="Bradford profile")}
        return {**about, "organisation": cast.bradford_district, "aligned_on": "2020-05-20"}
    level = {"level": "district", "area": cast.bradford, "state": "issued"}
    return {"title": "District profile", "owner": cast.police, **level}


WRONG: dict[str, tuple[tuple[str, str], dict[str, Any], str, str]] = {
    "more completed than eligible": (
        TRAINING,
        {"completed": 81},
        "completed",
        "More people completed this than were eligible.",
    ),
    "a panel that does not add up": (
        CHANNEL,
        {"held": 3},
        "held",
        "The five numbers must add up to the meetings held.",
    ),
    "neither side without a reason": (
        CHANNEL,
        {"both": 0, "neither": 1},
        "reason",
        "Say why neither police side attended.",
    ),
    "a profile marked SECRET": (
        PROFILE,
        {"document_marking": "SECRET"},
        "document_marking",
        "A profile marked SECRET or above must not be entered",
    ),
    "a title that says SECRET": (
        PROFILE,
        {"title": "Profile (SECRET)"},
        "title",
        "A profile marked SECRET or above must not be entered",
    ),
    "an alignment that says SECRET": (
        ALIGNMENT,
        {"note": "Its annex is SECRET."},
        "note",
        "A profile marked SECRET or above must not be entered",
    ),
    "completions marked SECRET": (TRAINING, {"marking": "SECRET"}, "marking", "OFFICIAL-SENSITIVE"),
    "a month marked SECRET": (CHANNEL, {"marking": "SECRET"}, "marking", "OFFICIAL-SENSITIVE"),
    "a profile record marked SECRET": (PROFILE, {"marking": "SECRET"}, "marking", "OFFICIAL-SENSITIVE"),
}


@pytest.mark.parametrize("case", WRONG)
def test_the_api_and_an_import_refuse_it_in_the_same_words(cast: Cast, signed_in: Any, case: str) -> None:
    kind, fields, field, message = WRONG[case]
    resource, manager = resource_at(*kind), signed_in("manager")
    right = FRAME | good(cast, kind)
    wrong = right | fields

    def post(values: dict[str, Any]) -> Any:
        body = {name: getattr(value, "pk", value) for name, value in values.items()}
        return manager.post(f"/api/v1{ROUTES[kind]}", body, content_type="application/json")

    def upload(values: dict[str, Any]) -> Any:
        lines = [map(resource.label, values), map(str, values.values())]
        file = SimpleUploadedFile("rows.csv", "\n".join(map(",".join, lines)).encode())
        address = reverse("programme:record-import", args=kind)
        return manager.post(address, {"file": file, "sheet": ""})

    refused = post(wrong)
    if kind == PROFILE:
        assert refused.status_code == 405  # the register is read by API and entered by the manager
    else:
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, f"#/{field}")
        assert message in refused.content.decode()
    page = upload(wrong)
    assert (page.status_code, page.context["token"]) == (422, "")
    assert message in page.content.decode()
    assert not resource.model._default_manager.exists()
    assert upload(right).context["token"]
