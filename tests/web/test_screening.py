"""Every page that a service can refuse has room for the reason to keep personal data."""

import re
from pathlib import Path

from django.conf import settings

# Nothing is written freely there: a choice of a file, of values, of days; and sign-in.
WITHOUT = {"importing/upload.html", "actions/bulk/form.html", "desk/notices/notices.html"}


def test_every_posted_form_has_the_box() -> None:
    folder = Path(settings.BASE_DIR, "templates")
    forms = [
        page
        for page in folder.rglob("*.html")
        if page.parent.name != "account"
        and str(page.relative_to(folder)) not in WITHOUT
        and 'error_summary.html" with form=form' in page.read_text()
        and '<form method="post"' in page.read_text()
    ]
    assert len(forms) > 5
    assert [page.name for page in forms if not re.search(r"{% keeping \w+ %}", page.read_text())] == []
