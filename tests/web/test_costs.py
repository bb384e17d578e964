"""Looking into a file from outside costs no more than its size, whatever it is filled with."""

import io
import time
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.web.test_active import SCRIPTS, packed
from web import active
from web.uploads import EVIDENCE, OFFICE_FOLDERS, TYPES, check_content

# PDF: the bytes that are unpacked are counted ------------------------------------------------------------------


class Counter:
    """Inflates, and counts the bytes that go in and come out."""

    work = 0

    def __init__(self) -> None:
        self.inflater = zlib.decompressobj()

    def decompress(self, data: bytes, most: int) -> bytes:
        unpacked = self.inflater.decompress(data, most)
        rest = self.inflater.unconsumed_tail or self.inflater.unused_data
        Counter.work += len(data) - len(rest) + len(unpacked)
        return unpacked

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inflater, name)


@pytest.fixture
def work_on(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], tuple[int, str]]:
    monkeypatch.setattr(active, "zlib", SimpleNamespace(decompressobj=Counter, error=zlib.error))

    def check(content: bytes) -> tuple[int, str]:
        Counter.work = 0
        try:
            active.refuse_active_pdf(content)
        except ValidationError as error:
            return Counter.work, str(error.messages[0])
        return Counter.work, ""

    return check


STREAM = b"stream\n\x78\x01"


def block(data: bytes) -> bytes:
    """A block of deflate that holds its data as they are."""
    size = len(data)
    return b"\0" + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little") + data


def nested(size: int) -> bytes:
    """Streams that each begin inside the one before, and hold all that follow."""
    return b"%PDF-1.7\n" + STREAM + block(STREAM) * (size // len(block(STREAM)))


def in_a_row(size: int) -> bytes:
    """Streams as programs write them, packed or not."""
    text = zlib.compress(bytes(range(256)) * 3)
    pair = b"stream\n" + text + b"\nendstream\nstream\nBT (Minutes) Tj ET\nendstream\n"
    return b"%PDF-1.7\n" + pair * (size // len(pair))


@pytest.mark.parametrize(("make", "refusal"), [(nested, "cannot be checked"), (in_a_row, "")])
def test_a_pdf_is_unpacked_in_proportion_to_its_size(
    work_on: Callable[[bytes], tuple[int, str]], make: Callable[[int], bytes], refusal: str
) -> None:
    for size in (100_000, 400_000):
        content = make(size)
        work, words = work_on(content)
        assert work < 5 * len(content) + 4 * active.CHUNK
        assert refusal in words
        assert bool(words) == bool(refusal)


def test_a_small_pdf_cannot_unfold_to_a_large_one() -> None:
    bomb = packed(b"0" * (active.SMALL_BYTES + 1))
    assert len(bomb) < 20_000
    with pytest.raises(ValidationError, match="too large when it is unpacked"):
        active.refuse_active_pdf(bomb)


def test_objects_that_no_table_of_the_file_names_are_looked_into() -> None:
    orphan = (
        packed(b"5 0 << /S /JavaScript >>")
        + b"xref\n0 1\n0000000000 65535 f \ntrailer << >>\nstartxref\n0\n%%EOF\n"
    )
    with pytest.raises(ValidationError, match=SCRIPTS):
        active.refuse_active_pdf(orphan)


# Every kind: the time of the processor is compared -------------------------------------------------------------

OFFICE = frozenset(OFFICE_FOLDERS) | {"odt", "ods"}
FRAGMENTS = [
    b"stream\n",
    b"1 0 obj ",
    b"/Subtype ",
    b"/#58FA",
    b"#4a",
    b"<",
    b"<a:",
    b"&",
    b"&amp",
    b"&#x",
    b"<!--",
    b"(",
    b" ",
    b"\n",
    b"\0",
    b"a",
]


def filled(extension: str, filling: bytes) -> bytes:
    """A file of a kind, with something in each place that is looked into."""
    if extension in OFFICE:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("mimetype", TYPES[extension])
            archive.writestr("[Content_Types].xml", b"<Types/>")
            for name in (
                "content.xml",
                "META-INF/manifest.xml",
                "word/_rels/a.rels",
                "xl/a.xml",
                "ppt/a.xml",
            ):
                archive.writestr(name, b"<x>" + filling)
        return buffer.getvalue()
    head = {
        "pdf": b"%PDF-1.7\n",
        "png": b"\x89PNG\r\n\x1a\n",
        "jpg": b"\xff\xd8\xff",
        "jpeg": b"\xff\xd8\xff",
    }
    return head.get(extension, b"") + filling


def seconds(extension: str, data: bytes) -> float:
    """Return the processor time of a check, the least of three."""
    times = []
    for _ in range(3):
        start = time.process_time()
        with suppress(ValidationError):
            check_content(extension, data)
        times.append(time.process_time() - start)
    return min(times)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    extension=st.sampled_from(sorted(EVIDENCE)),
    fragment=st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=4).map(b"".join),
)
@example(extension="pdf", fragment=block(STREAM))
def test_the_cost_of_a_check_grows_no_faster_than_the_file(extension: str, fragment: bytes) -> None:
    times = 20_000 // len(fragment)
    small, large = (filled(extension, fragment * count) for count in (times, times * 4))
    assert seconds(extension, large) < 8 * seconds(extension, small) + 0.05
