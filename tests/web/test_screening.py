"""Every page that a service can refuse has room for the reason to keep personal data."""

import re
from pathlib import Path

from django.conf import settings

# These have no free text: a choice of a file, of values, of days.
WITHOUT_TEXT = {
    "importing/upload.html",
    "actions/bulk/form.html",
    "desk/notices/notices.html",
    "partners/people/accounts.html",
}


def test_every_posted_form_has_the_box() -> None:
    templates = Path(settings.BASE_DIR, "templates")
    forms = [
        page
        for page in templates.rglob("*.html")
        if page.parent.name not in {"account", "mfa", "webauthn", "second_factor"}  # passwords and codes
        and str(page.relative_to(templates)) not in WITHOUT_TEXT
        and 'error_summary.html" with form=form' in page.read_text()
        and '<form method="post"' in page.read_text()
    ]
    assert len(forms) > 5
    assert [page.name for page in forms if not re.search(r"{% keeping \w+ %}", page.read_text())] == []
