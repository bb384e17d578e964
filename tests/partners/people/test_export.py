"""The people of a partnership as a file that an import of people reads again."""

import csv
import io
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partners.memberships.services import end_membership
from tests.cast import AT, Cast


def test_people_are_exported_as_the_list_shows_them(cast: Cast, signed_in: Any) -> None:
    role = cast.leeds_spoc.memberships.get()
    end_membership(actor=cast.administrator, membership=role, ends_on=date(2020, 6, 18), at=AT)
    client = signed_in("administrator")
    kwargs = {"pk": cast.yorkshire.pk, "kind": "csv"}
    address = reverse("partners:people-export", kwargs=kwargs)
    assert address in client.get(reverse("partners:people", args=[cast.yorkshire.pk])).content.decode()

    def rows(**query: str) -> list[dict[str, str]]:
        content = b"".join(client.get(address, query).streaming_content).decode("utf-8-sig")
        lines = [*csv.reader(io.StringIO(content))]
        start = next(number for number, line in enumerate(lines) if line and line[0] == "Organisation")
        return [dict(zip(lines[start], line, strict=True)) for line in lines[start + 1 :]]

    current = {row["Email address"]: row for row in rows()}
    assert cast.leeds_spoc.email not in current
    bradford = current[cast.bradford_spoc.email]
    assert bradford["Organisation"] == "Bradford District"
    assert (bradford["Role"], bradford["Job title"]) == ("Main SPOC", "Bradford spoc")
    (ended,) = rows(show="ended", q="leeds spoc")
    assert ended["Last day"] == "2020-06-18"
    file = SimpleUploadedFile("people.csv", b"".join(client.get(address).streaming_content))
    preview = client.post(reverse("importing:people-import", args=[cast.yorkshire.pk]), {"file": file})
    assert "The file would change no people" in preview.content.decode()
