"""A client generated from the description, by the command that docs/api.md names, does what a partner does in a month.

Nothing is written by hand but what the generated classes ask for; what came of it is read in the rows.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import httpx
import pytest
from django.conf import settings

from actions.models import Action, DateChange, Dependency
from audit.actors import SYSTEM
from audit.models import Entry
from returns.models import Return
from returns.services.opening import open_returns
from tests.actions.waits import waiting
from tests.api.clients import TOKEN, system_of
from tests.api.generated import PACKAGE, Generated, Month
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.returns import returns

SITE = "https://tracker.example.org"
DOCS = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text()
SECTION = DOCS.split("## Generate a client\n")[1].split("\n## ")[0]
SCOPES = [
    *(
        "actions:read",
        "updates:write",
        "evidence:read",
        "evidence:write",
        "dates:write",
        "dependencies:write",
    ),
    *("returns:read", "returns:write", "changes:read"),
]
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
MAY, LATER = date(2020, 5, 1), date(2020, 11, 30)


@pytest.fixture(scope="module")
def generated(live_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    """The client, generated once as docs/api.md says; a warning is a failure."""
    # Read first: it is worked out once, which may take longer than the program waits on a machine that does much else.
    with urlopen(f"{live_server.url}/api/v1/schema/") as answer:
        schema = json.load(answer)
    folder = tmp_path_factory.mktemp("generated")
    (line,) = re.findall(r"^openapi-python-client .*$", SECTION, re.MULTILINE)
    program, *command = shlex.split(line.replace(SITE, live_server.url))
    programs = Path(sys.executable).parent
    subprocess.run(
        [programs / program, *command, "--fail-on-warning"],
        check=True,
        cwd=folder,
        env=os.environ | {"NO_PROXY": "*", "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"},
    )
    sys.path.insert(0, str(folder))
    yield Generated(schema, folder / PACKAGE)
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def led(transactional_db: None, cast: Cast) -> Action:
    """The council leads it and has said nothing of it yet."""
    return ActionFactory(
        cast=cast, allocated=True, ref="WY20-02", lead=cast.wakefield_council, owner=cast.wakefield_contact
    )


@pytest.fixture
def hidden(transactional_db: None, cast: Cast) -> Action:
    """Bradford's own, out of the council's sight."""
    return ActionFactory(cast=cast, in_progress=True)


@pytest.fixture
def awaited(transactional_db: None, cast: Cast) -> Dependency:
    """Bradford's action that waits on the council."""
    action = ActionFactory(cast=cast, in_progress=True, ref="WY20-03", supporting=[cast.wakefield_council])
    return waiting.waits(cast, action)


@pytest.fixture
def report(cast: Cast, led: Action) -> Return:
    """The council's return for May."""
    returns.request_returns(cast, return_grace=20)
    open_returns(actor=SYSTEM, plan=cast.plan, at=AT)
    return Return.objects.get(organisation=cast.wakefield_council, period_start=MAY)


@pytest.fixture
def month(generated: Generated, cast: Cast, led: Action, live_server: Any) -> Iterator[Month]:
    system = system_of(cast, cast.wakefield_council, scopes=SCOPES)
    with httpx.Client(base_url=live_server.url, trust_env=False) as http:
        credentials = (system.client.client_id, system.secret)
        token_body = http.post(TOKEN, auth=credentials, data={"grant_type": "client_credentials"}).json()
    with generated.client(live_server.url, token_body["access_token"]) as client:
        yield Month(generated, client, system)


def test_every_operation_is_in_it_and_its_names_are_those_of_the_work(generated: Generated) -> None:
    operations = dict(generated.operations())
    assert len(operations) > 60
    assert [name for name, path in operations.items() if not path.exists()] == []
    # What is not named, or may be one of several, is numbered by the generator.
    names = [path.stem for path in (generated.folder / "models").iterdir()]
    assert [name for name in names if re.search(r"_type_\d|^patched_|_fields$", name)] == []
    for name, path in operations.items():
        untyped = re.findall(r"response_(\d+) = cast\(Any", path.read_text())
        assert set(untyped) <= {"204", "304"}, name


def test_the_partners_month(
    month: Month, cast: Cast, led: Action, awaited: Dependency, report: Return
) -> None:
    models = month.generated.models
    start = month.list_changes(after="now").cursor
    assert reads_what_is_asked(month) == {led.ref, awaited.action.ref}

    action = month.get_action(led.pk)
    assert (action.lead.name, action.state, action.rag) == (
        "Wakefield Council",
        models.ActionState.NOT_STARTED,
        None,
    )
    new_update = models.NewUpdate(
        narrative="Thirty staff were trained.", rag=models.Rag.GREEN, percent=60, version=action.version
    )
    first, again = (
        month.whole("create_update", led.pk, body=new_update, idempotency_key="june") for _ in range(2)
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.parsed == again.parsed
    assert again.headers["Idempotency-Replayed"] == "true"
    update = led.updates.get()
    assert (update.pk, update.percent, update.submitted_at) == (
        first.parsed.id,
        60,
        first.parsed.submitted_at,
    )

    attaches_evidence(month, led)
    asks_for_another_date(month, led)
    answers(month, awaited)
    fills_in_the_return(month, report, led)
    ActionFactory(cast=cast, in_progress=True)  # Bradford's own, out of the council's sight
    follows(month, start)


def reads_what_is_asked(month: Month) -> set[str]:
    """The council's list, a row on each page."""
    page = month.list_actions(page_size=1)
    refs = [row.ref for row in page.results]
    while page.next_:
        (cursor,) = parse_qs(urlsplit(page.next_).query)["cursor"]
        page = month.list_actions(page_size=1, cursor=cursor)
        refs += [row.ref for row in page.results]
    assert len(refs) == len(set(refs))
    return set(refs)


def attaches_evidence(month: Month, led: Action) -> None:
    file = month.generated.types.File(BytesIO(PDF), "attendance.pdf", "application/pdf")
    body = month.generated.models.NewEvidenceFile(
        title="Attendance", file=file, effective_on=date(2020, 6, 12), update=led.updates.get().pk
    )
    evidence = month.add_evidence(led.pk, body=body, idempotency_key="attendance")
    row = led.evidence.get()
    assert (row.pk, row.title, row.effective_on, row.update_id) == (
        evidence.id,
        "Attendance",
        body.effective_on,
        body.update,
    )
    assert (evidence.filename, evidence.size, evidence.effective_on) == (
        "attendance.pdf",
        len(PDF),
        body.effective_on,
    )
    assert month.download_evidence(evidence.id).payload.read() == PDF == Path(row.file.path).read_bytes()


def asks_for_another_date(month: Month, led: Action) -> None:
    models = month.generated.models
    body = models.NewDateRequest(new_due=LATER, reason="Both trainers are ill.")
    date_request = month.request_date(led.pk, body=body, idempotency_key="date")
    assert (date_request.state, date_request.level, date_request.new_due) == (
        models.RequestState.REQUESTED,
        models.DateRequestLevel.MANAGER,
        LATER,
    )
    row = DateChange.objects.get(action=led)
    assert (row.pk, row.new_due, row.state) == (date_request.id, LATER, "requested")


def answers(month: Month, awaited: Dependency) -> None:
    models = month.generated.models
    (row,) = month.list_dependencies(waiting=models.ListDependenciesWaiting.UNANSWERED).results
    body = models.DependencyAnswer(accept=True, answer="It is compiled.", expected_on=date(2020, 6, 24))
    dependency = month.answer_dependency(row.id, body=body)
    awaited.refresh_from_db()
    assert (dependency.id, dependency.state, dependency.expected_on) == (
        awaited.pk,
        "acknowledged",
        awaited.expected_on,
    )
    assert (awaited.state, awaited.answer) == ("acknowledged", body.answer)


def fills_in_the_return(month: Month, report: Return, led: Action) -> None:
    models = month.generated.models
    assert [row.id for row in month.list_returns().results] == [report.pk]
    read = month.whole("get_return", report.pk)
    (row,) = read.parsed.rows
    assert (row.action.id, row.state, row.version) == (led.pk, None, 0)
    draft = models.ReturnDraft(
        rows=[
            models.ReturnRowDraft(
                action=row.action.id,
                version=row.version,
                state=models.NewUpdateState.IN_PROGRESS,
                narrative="The second course is booked.",
                rag=models.Rag.GREEN,
                percent=70,
            )
        ],
        sections=models.ReturnSectionDrafts(training="Three sessions, forty staff."),
    )
    etag = read.headers["ETag"]
    saved = month.fill_in_return(report.pk, body=draft, if_match=etag)
    assert (saved.errors, saved.findings) == ([], [])
    assert set(saved.saved) == {"#/rows/0", "#/sections/training"}
    stale = month.whole("fill_in_return", report.pk, body=draft, if_match=etag)
    assert (stale.status_code, stale.parsed.type_) == (412, "/problems/precondition-failed")

    submitted = month.submit_return(report.pk, body=models.ReturnSubmission(version=saved.version))
    report.refresh_from_db()
    assert (submitted.state, report.state) == (models.ReturnState.SUBMITTED, "submitted")
    assert submitted.submitted_by.id == month.system.client.user_id == report.submitted_by_id
    assert led.updates.get(narrative="The second course is booked.").percent == 70


def follows(month: Month, start: str) -> None:
    """The feed tells all that the program did since, and nothing of what it may not see."""
    changes, page = [], month.list_changes(after=start, page_size=2)
    while True:
        changes += page.results
        if not page.more:
            break
        page = month.list_changes(after=page.cursor, page_size=2)
    assert {change.position for change in changes} == month.entries()
    assert all(change.own for change in changes)
    assert {"update", "evidence", "date-request", "dependency", "return"} <= {
        each.subject.type_ for each in changes
    }
    assert month.list_changes(after=page.cursor).results == []


def test_a_refusal_is_a_problem_that_names_the_place(month: Month, led: Action, hidden: Action) -> None:
    models, entries = month.generated.models, Entry.objects.count()
    update = models.NewUpdate(narrative="The trainer left.", rag=models.Rag.RED)
    answer = month.whole("create_update", led.pk, body=update)
    problem = answer.parsed
    assert isinstance(problem, models.Problem)
    assert (answer.status_code, problem.type_, problem.status) == (400, "/problems/invalid", 400)
    assert {error.pointer for error in problem.errors} == {"#/reason", "#/path_to_green"}
    assert problem.request_id == answer.headers["X-Request-ID"]

    unseen = month.whole("get_action", hidden.pk)
    assert (unseen.status_code, unseen.parsed.type_) == (404, "/problems/not-found")
    assert not unseen.parsed.errors
    assert Entry.objects.count() == entries
    assert not led.updates.exists()


def test_an_unchanged_row_is_not_sent_again(month: Month, led: Action) -> None:
    etag = month.whole("get_action", led.pk).headers["ETag"]
    again = month.whole("get_action", led.pk, if_none_match=etag)
    assert (again.status_code, again.parsed, again.content) == (304, None, b"")


@pytest.fixture
def program(month: Month, live_server: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Any:
    """The program of docs/api.md, as a function of what a person answers; it returns what it printed."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("CLIENT_ID", month.system.client.client_id)
    monkeypatch.setenv("CLIENT_SECRET", month.system.secret)
    (text,) = re.findall(r"```python\n(.*?)```", SECTION, re.DOTALL)
    code = compile(text.replace(SITE, live_server.url), "docs/api.md", "exec")

    def run(*answers: str) -> str:
        responses = iter(answers)

        def answer(question: str) -> str:
            try:
                return next(responses)
            except StopIteration:
                raise EOFError from None

        exec(code, {"input": answer})
        assert list(responses) == []
        printed: str = capsys.readouterr().out
        return printed

    return run


def test_the_documented_program_records_an_update(program: Any, led: Action) -> None:
    printed = program("The second course was held.", "green", "yes")
    update = led.updates.get()
    assert (update.narrative, update.rag) == ("The second course was held.", "green")
    assert "'narrative': 'The second course was held.'" in printed
    assert printed.endswith(f"Update {update.pk} of {led.ref} recorded\n")


def test_the_program_asks_why_where_an_action_is_not_green(program: Any, led: Action) -> None:
    program("The trainer left.", "red", "Nobody can train.", "A new trainer starts in July.", "yes")
    update = led.updates.get()
    assert (update.rag, update.reason) == ("red", "Nobody can train.")


@pytest.mark.parametrize(
    "answers",
    [
        [""],
        ["  "],
        ["The second course was held.", "green", ""],
        ["The second course was held.", "green", "y"],
        ["The trainer left.", "amber", "Ill.", "In July.", "no"],
    ],
)
def test_the_program_records_nothing_without_a_yes(program: Any, led: Action, answers: list[str]) -> None:
    entries = Entry.objects.count()
    assert led.ref in program(*answers)
    assert not led.updates.exists()
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("answers", [[], ["Held."], ["Held.", "green"]])
def test_the_program_records_nothing_where_nobody_answers(
    program: Any, led: Action, answers: list[str]
) -> None:
    with pytest.raises(EOFError):
        program(*answers)
    assert not led.updates.exists()


def test_the_program_stops_at_a_rating_that_is_none(program: Any, led: Action) -> None:
    with pytest.raises(ValueError, match="blue"):
        program("Held.", "blue")
    assert not led.updates.exists()
