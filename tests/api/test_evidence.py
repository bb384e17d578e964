"""A partner's system attaches evidence, replaces it, and gets files back as they were added."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, encode_multipart

from actions.evidence.services import add_evidence
from actions.models import Action, Evidence
from audit.models import Entry
from tests.api.asking import all_pages, cost, parameters, places, problem, recorded, results
from tests.api.clients import API, System, system_of
from tests.api.test_description import described, validate
from tests.cast import AT, TODAY, Cast
from tests.factories import ActionFactory

__all__ = ["described"]
# The test client would encode what is sent under its own constant.
FORM = f"multipart/form-data; boundary={BOUNDARY}"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
LINK = {"title": "Minutes", "link": "https://example.org/minutes"}


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def action(cast: Cast) -> Action:
    return ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])


@pytest.fixture
def system(cast: Cast) -> System:
    """Wakefield council's system with what evidence needs."""
    scopes = ["actions:read", "evidence:read", "evidence:write"]
    return system_of(cast, cast.wakefield_council, scopes=scopes)


@pytest.fixture
def foreign(cast: Cast) -> System:
    scopes = ["actions:read", "evidence:read", "evidence:write"]
    return system_of(cast, cast.city_council, scopes=scopes)


def path(action: Action) -> str:
    return f"/actions/{action.pk}/evidence/"


def pdf(name: str = "attendance.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def form(**parts: Any) -> bytes:
    return encode_multipart(BOUNDARY, {"title": "Attendance", "file": pdf()} | parts)


def send(system: System, action: Action, **parts: Any) -> Any:
    return system.post(path(action), form(**parts), FORM)


def attached(cast: Cast, action: Action, **fields: Any) -> Evidence:
    arguments = {"title": "Attendance", "file": pdf(), "at": AT} | fields
    return add_evidence(actor=cast.bradford_spoc, action=action, **arguments)


def nothing_is_stored(files: Path) -> bool:
    return not Evidence.objects.exists() and not [each for each in files.rglob("*") if each.is_file()]


# Attaching ---------------------------------------------------------------------------------------------------


def test_a_file_is_stored_and_downloaded_unchanged(system: System, action: Action) -> None:
    response = send(system, action, effective_on="2020-06-12", version=str(action.version))
    assert response.status_code == 201, response.content
    row = response.json()
    assert response["Location"] == row["links"]["self"]
    assert (row["kind"], row["filename"], row["content_type"], row["size"]) == (
        "file",
        "attendance.pdf",
        "application/pdf",
        len(PDF),
    )
    assert (row["effective_on"], row["expires_on"], row["status"]) == ("2020-06-12", None, None)
    assert row["action"] == {"id": action.pk, "ref": "WY20-01", "version": action.version + 1}
    assert row["added_by"]["name"] == "Case system (API client)"
    assert system.http.get(response["Location"], headers=system.headers()).json() == row
    file = system.http.get(row["links"]["file"], headers=system.headers(accept="application/pdf"))
    assert b"".join(file.streaming_content) == PDF
    assert file["Content-Disposition"] == 'attachment; filename="attendance.pdf"'
    assert (file["Content-Type"], file["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert file["ETag"] == f'"{row["sha256"]}"'
    entry = Entry.objects.get(verb="evidence.added")
    assert (entry.target_id, entry.actor_type) == (str(row["id"]), "client")


def test_a_file_is_sent_as_bytes_on_request(system: System, action: Action) -> None:
    row = send(system, action).json()
    for accept, kind in (
        ("application/octet-stream", "application/octet-stream"),
        ("*/*", "application/pdf"),
    ):
        file = system.http.get(row["links"]["file"], headers=system.headers(accept=accept))
        assert (file["Content-Type"], b"".join(file.streaming_content)) == (kind, PDF)
        assert file["Content-Disposition"] == 'attachment; filename="attendance.pdf"'


def test_a_file_that_the_caller_has_already_is_not_sent_again(
    cast: Cast, system: System, action: Action
) -> None:
    row = attached(cast, action)
    known = system.headers(**{"if-none-match": f'"{row.sha256}"'})
    assert system.http.get(f"{API}/evidence/{row.pk}/file/", headers=known).status_code == 304


def test_a_link_is_kept(system: System, action: Action) -> None:
    response = system.post(path(action), LINK | {"expires_on": "2020-07-01"})
    assert response.status_code == 201, response.content
    row = response.json()
    assert (row["kind"], row["link"], row["filename"], row["links"]["file"]) == (
        "link",
        LINK["link"],
        "",
        None,
    )
    assert (row["effective_on"], row["expires_on"], row["status"]) == (
        str(TODAY),
        "2020-07-01",
        "expiring",
    )
    problem(system.get(f"/evidence/{row['id']}/file/"), 404, "not-found")


def test_evidence_belongs_to_an_update_and_takes_the_place_of_an_earlier_version(
    cast: Cast, system: System, action: Action
) -> None:
    first, update = attached(cast, action), action.updates.get()
    row = send(system, action, supersedes=str(first.pk), update=str(update.pk)).json()
    assert (row["number"], row["supersedes"], row["update"]) == (2, first.pk, update.pk)
    earlier = system.get(f"/evidence/{first.pk}/").json()
    assert earlier["superseded_by"] == row["id"]
    again = system.post(path(action), LINK | {"supersedes": first.pk})
    assert "already been replaced" in problem(again, 409, "conflict")["detail"]


def test_evidence_is_added_while_an_auditor_looks(cast: Cast, system: System) -> None:
    waiting = ActionFactory(cast=cast, awaiting_assurance=True, supporting=[cast.wakefield_council])
    assert system.post(path(waiting), LINK).status_code == 201


def test_a_stale_version_is_a_conflict(system: System, action: Action, files: Path) -> None:
    stale = str(action.version)
    assert system.post(path(action), LINK).status_code == 201
    entries = recorded()
    problem(send(system, action, version=stale), 412, "precondition-failed")
    assert (Evidence.objects.count(), recorded()) == (1, entries)
    assert not [each for each in files.rglob("*") if each.is_file()]


def test_a_form_sent_again_with_its_key_is_carried_out_once(
    system: System, action: Action, files: Path
) -> None:
    body = form()
    first, again = (system.once(path(action), body, content_type=FORM) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert Evidence.objects.count() == len([each for each in files.rglob("*") if each.is_file()]) == 1
    other = system.once(path(action), form(file=pdf(content=PDF + b"%")), content_type=FORM)
    problem(other, 422, "idempotency-key")
    assert Evidence.objects.count() == 1


def test_a_person_sends_a_file_with_their_session(signed_in: Any, action: Action) -> None:
    response = signed_in("bradford_spoc").post(
        f"{API}{path(action)}", {"title": "Rota", "file": pdf("rota.pdf")}
    )
    assert response.status_code == 201, response.content
    twice = {"title": ["Rota", "Roster"], "file": pdf("rota.pdf")}
    assert list(places(signed_in("bradford_spoc").post(f"{API}{path(action)}", twice))) == ["#/title"]


# What is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ({"file": pdf("attendance.exe")}, "#/file"),
        ({"file": pdf("attendance.pdf", b"MZ\x90")}, "#/file"),
        ({"file": pdf("attendance.pdf", b"")}, "#/file"),
        ({"file": pdf("x" * 160 + ".pdf")}, "#/file"),
        ({"file": "attendance.pdf"}, "#/file"),
        ({"file": [pdf("one.pdf"), pdf("two.pdf")]}, "#/file"),
        ({"photo": pdf("photo.pdf")}, "#/photo"),
        ({"colour": "red"}, "#/colour"),
        ({"kind": "file"}, "#/kind"),
        ({"link": "https://example.org/"}, "#/link"),
        ({"title": ""}, "#/title"),
        ({"title": "x" * 201}, "#/title"),
        ({"title": pdf("title.pdf")}, "#/title"),
        ({"title": ["One", "Two"]}, "#/title"),
        ({"effective_on": "June"}, "#/effective_on"),
        ({"effective_on": "2020-06-20"}, "#/effective_on"),
        ({"expires_on": "2020-06-18"}, "#/expires_on"),
        ({"expires_on": ""}, "#/expires_on"),
        ({"update": "x"}, "#/update"),
        ({"update": "999999"}, "#/update"),
        ({"supersedes": "9" * 30}, "#/supersedes"),
        ({"version": "-1"}, "#/version"),
    ],
)
def test_a_wrong_part_is_refused_by_name(
    system: System, action: Action, files: Path, parts: dict[str, Any], place: str
) -> None:
    entries = recorded()
    assert list(places(send(system, action, **parts))) == [place]
    assert nothing_is_stored(files)
    assert recorded() == entries


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"link": "https://example.org/"}, "#/title"),
        ({"title": "Minutes"}, "#/link"),
        (LINK | {"link": "http://example.org/"}, "#/link"),
        (LINK | {"link": "minutes"}, "#/link"),
        (LINK | {"link": "https://reader:secret@example.org/"}, "#/link"),
        (LINK | {"link": "https://example.org/" + "x" * 500}, "#/link"),
        (LINK | {"link": 5}, "#/link"),
        (LINK | {"title": 5}, "#/title"),
        (LINK | {"file": "x"}, "#/file"),
        (LINK | {"url": "https://example.org/"}, "#/url"),
        (LINK | {"update": "1"}, "#/update"),
        (LINK | {"supersedes": True}, "#/supersedes"),
        (LINK | {"effective_on": None}, "#/effective_on"),
        (LINK | {"expires_on": "2020-06-01"}, "#/expires_on"),
    ],
)
def test_a_wrong_field_of_a_link_is_refused_by_name(
    system: System, action: Action, body: dict[str, Any], place: str
) -> None:
    entries = recorded()
    assert list(places(system.post(path(action), body))) == [place]
    assert recorded() == entries


@pytest.mark.parametrize("body", [b"", b"--x", b"nonsense", b"--BoUnDaRyStRiNg\r\n\r\n"])
def test_a_form_that_is_none_is_refused(system: System, action: Action, body: bytes) -> None:
    response = system.post(path(action), body, FORM)
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


def test_text_that_is_not_utf_8_is_refused_by_name(system: System, action: Action) -> None:
    body = encode_multipart(BOUNDARY, {"title": "Cafe", "file": pdf()}).replace(b"Cafe", b"Caf\xe9")
    assert list(places(system.post(path(action), body, FORM))) == ["#/title"]


def test_a_form_without_its_boundary_is_refused(system: System, action: Action) -> None:
    problem(system.post(path(action), b"x", "multipart/form-data"), 400, "bad-request")


@pytest.mark.parametrize("content_type", ["application/pdf", "application/x-www-form-urlencoded", "x"])
def test_another_media_type_is_not_read(system: System, action: Action, content_type: str) -> None:
    problem(system.post(path(action), PDF, content_type), 415, "unsupported-media-type")


def test_a_file_that_is_too_large_is_413(system: System, action: Action, files: Path, settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = 20
    assert "smaller than" in problem(send(system, action), 413, "too-large")["detail"]
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 20
    problem(send(system, action), 413, "too-large")
    assert nothing_is_stored(files)


def test_text_beyond_all_measure_is_413(system: System, action: Action) -> None:
    problem(send(system, action, title="x" * (3 * 1024 * 1024)), 413, "too-large")


def test_a_caller_without_rights_is_refused_before_the_file_is_read(cast: Cast, action: Action) -> None:
    response = Client().post(f"{API}{path(action)}", form(), content_type=FORM)
    assert response.status_code == 401
    reader = system_of(cast, cast.wakefield_council, "Reader", scopes=["actions:read"])
    assert "evidence:write" in problem(send(reader, action), 403, "forbidden")["detail"]


def test_a_reader_needs_the_scope_for_files(cast: Cast, action: Action) -> None:
    row = attached(cast, action)
    reader = system_of(cast, cast.wakefield_council, "Reader", scopes=["actions:read"])
    assert reader.get(f"/evidence/{row.pk}/").status_code == 200
    assert "evidence:read" in problem(reader.get(f"/evidence/{row.pk}/file/"), 403, "forbidden")["detail"]


def test_an_action_in_another_state_takes_none(cast: Cast, system: System) -> None:
    loose = ActionFactory(cast=cast, unallocated=True, supporting=[cast.wakefield_council])
    refusal = problem(system.post(path(loose), LINK), 422, "unprocessable")
    assert "awaiting allocation" in refusal["detail"]


@pytest.mark.parametrize("name", ["leeds_spoc", "auditor", "manager", "gold"])
def test_a_reader_who_does_not_report_is_forbidden(signed_in: Any, action: Action, name: str) -> None:
    response = signed_in(name).post(f"{API}{path(action)}", LINK, content_type="application/json")
    problem(response, 403, "forbidden")
    assert not Evidence.objects.exists()


def test_evidence_of_others_is_not_found(cast: Cast, system: System, foreign: System, action: Action) -> None:
    row = attached(cast, action)
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    hidden = attached(cast, other)
    for asks, evidence in ((foreign, row), (system, hidden)):
        problem(asks.get(f"/evidence/{evidence.pk}/"), 404, "not-found")
        problem(asks.get(f"/evidence/{evidence.pk}/file/"), 404, "not-found")
        problem(asks.get(path(evidence.action)), 404, "not-found")
        problem(send(asks, evidence.action), 404, "not-found")
    assert list(places(system.post(path(action), LINK | {"supersedes": hidden.pk}))) == ["#/supersedes"]
    assert list(places(send(system, action, update=str(other.updates.get().pk)))) == ["#/update"]


def test_personal_data_is_asked_about_by_the_names_of_the_body(
    system: System, action: Action, files: Path
) -> None:
    number = "07700 900123"
    refusal = problem(send(system, action, title=f"Ring {number}"), 422, "personal-data")
    assert [each["pointer"] for each in refusal["findings"]] == ["#/title"]
    refusal = problem(send(system, action, file=pdf(f"{number}.pdf")), 422, "personal-data")
    assert [each["pointer"] for each in refusal["findings"]] == ["#/file"]
    refusal = problem(system.post(path(action), LINK | {"title": f"Ring {number}"}), 422, "personal-data")
    assert number not in str(refusal)
    assert nothing_is_stored(files)
    response = send(
        system, action, title=f"Ring {number}", keep_personal_data_reason="The course's own number."
    )
    assert response.status_code == 201


# Files that are not what they were ---------------------------------------------------------------------------


def test_an_altered_file_is_not_handed_out(cast: Cast, system: System, action: Action, files: Path) -> None:
    row = attached(cast, action)
    (files / row.file.name).write_bytes(b"%PDF-1.7 something else")
    refusal = problem(system.get(f"/evidence/{row.pk}/file/"), 409, "altered-file")
    assert "auditor" in refusal["detail"]


def test_a_missing_file_is_reported(cast: Cast, system: System, action: Action, files: Path) -> None:
    row = attached(cast, action)
    (files / row.file.name).unlink()
    assert "administrator" in problem(system.get(f"/evidence/{row.pk}/file/"), 404, "not-found")["detail"]


# Lists -------------------------------------------------------------------------------------------------------


def test_evidence_is_narrowed_and_ordered(cast: Cast, system: System, action: Action) -> None:
    lasting = attached(cast, action, title="A")
    attached(cast, action, title="B", supersedes=lasting, at=AT + timedelta(minutes=1))
    attached(cast, action, title="C", expires_on=TODAY + timedelta(3), at=AT + timedelta(minutes=2))
    long_ago = {"effective_on": TODAY - timedelta(40), "expires_on": TODAY - timedelta(30)}
    attached(cast, action, title="D", **long_ago, at=AT - timedelta(35))

    def titles(**query: Any) -> str:
        return "".join(row["title"] for row in results(system.get(path(action), **query)))

    assert titles() == "CBAD"
    assert titles(ordering="added") == "DABC"
    assert titles(ordering="-title") == "DCBA"
    assert titles(ordering="expires") == "DCAB"
    assert titles(status="newest") == "CBD"
    assert titles(status="current") == "CB"
    assert titles(status="expiring") == "C"
    assert titles(status="expired") == "D"
    assert "".join(row["title"] for row in all_pages(system, path(action))) == "CBAD"
    assert parameters(system.get(path(action), status="lost")) == {"status"}
    assert parameters(system.get(path(action), colour="red")) == {"colour"}


def test_the_list_costs_the_same_for_few_rows_and_for_many(
    cast: Cast, system: System, action: Action
) -> None:
    earlier = attached(cast, action)
    few = cost(system, path(action))
    for number in range(4):
        earlier = attached(cast, action, title=f"Version {number}", supersedes=earlier)
        attached(cast, action, file=None, url="https://example.org/", title=f"Link {number}")
    assert cost(system, path(action)) == few


def test_the_answers_are_as_described(system: System, action: Action, described: dict[str, Any]) -> None:
    validate(described, "Evidence", send(system, action).json())
    validate(described, "Evidence", system.post(path(action), LINK).json())
    validate(described, "PaginatedEvidenceList", system.get(path(action)).json())
