"""A file that was sent with a form that has an error: it need not be selected again.

It is stored for the person and the address, outside the record, for a day at most. The form carries a signed token for it.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase

from audit import clock
from web import limits
from web.bodies import takes_any_files
from web.callers import actor_of
from web.refusals import AGAIN
from web.services import delete_temporary_file, store_temporary_file

SUFFIX, REMOVE = "-token", "-remove"
SALT = "web.temporary_files"
USABLE_FOR = timedelta(hours=8)
HOUR = 3600
# Limit for one account and hour, in pieces of 64 KiB: 50 MB.
PIECE, MOST_PIECES = 64 * 1024, 800


@dataclass(frozen=True)
class TemporaryFile:
    """Where the file of a form is stored, for whom and for which address."""

    account: int
    address: str
    path: str
    name: str

    @property
    def token(self) -> str:
        return signing.dumps(asdict(self), salt=SALT)


class StoredUpload(UploadedFile):
    """A stored file as a form takes one."""

    def __init__(self, stored: TemporaryFile) -> None:
        file = default_storage.open(stored.path)
        super().__init__(file, name=stored.name, size=default_storage.size(stored.path))
        self.stored = stored


class TemporaryFilesMiddleware:
    """Put the stored file of a form among its files when none was selected instead; delete it once the form is saved."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for file in _stored_among(request):
            if response.status_code < 400:
                delete_temporary_file(actor=actor_of(request), path=file.stored.path)
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        if request.method != "POST" or not request.user.is_authenticated or not takes_any_files(request):
            return
        for field in [name for name in request.POST if name.endswith(SUFFIX)]:
            name = field.removesuffix(SUFFIX)
            if name in request.FILES or f"{name}{REMOVE}" in request.POST:
                continue
            if (stored := _open(request, request.POST[field])) is not None:
                request.FILES[name] = stored


def store_files(request: HttpRequest, form: Any) -> None:
    """Store the files of a form that is shown again, so that they need not be selected again.

    A file with an error of its own is not stored. Where there is no room, the form asks for the file again.
    """
    form.stored_files = {}
    for name, field in form.fields.items():
        html_name = form.add_prefix(name)
        file = request.FILES.get(html_name)
        if not isinstance(field, forms.FileField) or file is None or form.has_error(name):
            continue
        stored = file.stored if isinstance(file, StoredUpload) else _store(request, file)
        if stored is None:
            form.add_error(name, AGAIN)
        else:
            form.stored_files[html_name] = stored


def _store(request: HttpRequest, file: UploadedFile) -> TemporaryFile | None:
    """Store a file; None where the account has stored too much, or there is no space."""
    account = int(request.user.pk or 0)
    hour = int(clock.now().timestamp() // HOUR)
    pieces = 1 + (file.size or 0) // PIECE
    if limits.add(f"files:{account}:{hour}", pieces, seconds=HOUR) > MOST_PIECES:
        return None
    try:
        path = store_temporary_file(actor=actor_of(request), file=file)
    except ValidationError:
        return None
    return TemporaryFile(account, request.path, path, str(file.name))


def _open(request: HttpRequest, token: str) -> StoredUpload | None:
    """Return the file of a token; None where it is another person's, of another form, too old or gone."""
    try:
        stored = TemporaryFile(**signing.loads(token, salt=SALT, max_age=USABLE_FOR))
        if (stored.account, stored.address) == (request.user.pk, request.path):
            return StoredUpload(stored)
    except (signing.BadSignature, OSError, TypeError):
        pass
    return None


def _stored_among(request: HttpRequest) -> list[StoredUpload]:
    files = getattr(request, "_files", None)  # reading FILES would parse a body that no view has read
    return [file for file in files.values() if isinstance(file, StoredUpload)] if files else []
