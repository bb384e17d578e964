"""Fill a deployed service's database with the cast, for tests that talk to it over HTTP."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from actions.evidence.services import add_evidence
from partners.accounts.services.users import record_password_change
from partners.clients.services.clients import create_client
from tests.cast import AT, build_cast
from tests.factories import ActionFactory
from tests.service.rig import Service

EMAIL, PASSWORD = "bradford.spoc@example.org", "correct horse battery staple"
FILL = "from tests.service.world import fill; fill()"


def fill() -> None:
    """Print what a caller needs, as JSON: the number of an action, and a client that may report on it."""
    cast = build_cast()
    spoc = cast.bradford_spoc
    record_password_change(actor=spoc, user=spoc, password=PASSWORD, at=AT)
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    file = SimpleUploadedFile("attendance.csv", b"name,attended\nAda,yes\n", "text/csv")
    add_evidence(actor=spoc, action=action, title="Attendance list", file=file, at=AT)
    client, secret = create_client(
        actor=cast.administrator,
        organisation=cast.wakefield_council,
        name="Case system",
        scopes=["actions:read", "updates:write"],
        at=timezone.now(),
    )
    print(json.dumps({"action": action.pk, "client_id": client.client_id, "secret": secret}))


def fill_service(service: Service) -> dict[str, Any]:
    done = service.manage("shell", "--no-imports", "--command", FILL)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))
