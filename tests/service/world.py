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
FILL = "from tests.service.world import fill; fill(with_tasks={})"


def fill(*, with_tasks: bool = False) -> None:
    """Print what a caller needs, as JSON: the number of an action, and a client that may report on it.

    Args:
        with_tasks: give two people an action that has just been allocated, so that both get a digest.
    """
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
    if with_tasks:
        ActionFactory(cast=cast, allocated=True, ref="WY20-02")
        leeds = {"owner": cast.leeds_spoc, "lead": cast.leeds_district, "area": cast.leeds}
        ActionFactory(cast=cast, allocated=True, ref="WY20-03", **leeds)
    print(json.dumps({"action": action.pk, "client_id": client.client_id, "secret": secret}))


def fill_service(service: Service, *, with_tasks: bool = False) -> dict[str, Any]:
    done = service.manage("shell", "--no-imports", "--command", FILL.format(with_tasks))
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))
