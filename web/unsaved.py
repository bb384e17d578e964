"""Restore a form that could not be saved because the user's session had ended.

The values are stored for an hour, encrypted, in the browser's session. A signed field in each form names the account
it was rendered for: only that account gets the values back, and without that field nothing is stored.
"""

import json
import re
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, resolve_url
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac

from audit import clock
from audit.actors import Reader
from web import limits
from web.callers import actor_of
from web.refill import Refill, words_of
from web.services import delete_drafts

FIELD = "opened_by"
"""Name of the signed field with the account that a form was rendered for."""
SESSION_KEY = "unsaved_forms"
SALT = "web.unsaved"
HOUR = timedelta(hours=1)
OPEN_FOR = timedelta(days=7)
MOST_BYTES = 2 * 1024 * 1024
# Limit for one account and hour, in pieces of 64 KiB: 20 MB, or a few hundred short forms.
PIECE, MOST_PIECES = 64 * 1024, 320
SECRET_FIELDS = re.compile(
    r"password|(^|[_-])secret([_-]|$)|^csrfmiddlewaretoken$|^opened_by$", re.IGNORECASE
)
# Statuses of a form that was saved, or shown again with its text.
ANSWERED = frozenset({200, 302, 409, 422})


@dataclass(frozen=True)
class UnsavedForm:
    """Values posted to a path, and the names of the files, which are not stored."""

    path: str
    page: str
    fields: dict[str, list[str]]
    files: list[str]


class UnsavedFormMiddleware:
    """Store a form posted after the session has ended, and restore it when the same account signs in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= 500:
            return response  # what failed may be the database, which all that follows needs
        token_refused = hasattr(response, "token_refused")
        if request.method == "POST" and (token_refused or _leads_to_sign_in(response)):
            return redirect(request.get_full_path()) if put_aside(request) and token_refused else response
        # Do not load a session only for this: public pages need neither a session nor the database.
        if request.session.accessed:
            if request.method == "POST" and request.user.is_authenticated:
                _note_work(request, response)
            elif SESSION_KEY in request.session and request.method == "GET" and _is_page(response):
                _show(request, response)
        return response


def sign_reader(account: Reader, on: date) -> str:
    """Return the value of the signed field that names the account."""
    return Signer(salt=SALT).sign_object([account.pk, on.isoformat()])


def put_aside(request: HttpRequest) -> bool:
    """Store a refused POST for the account that had the form, and return whether it was stored."""
    account = _reader(request)
    if (
        account is None
        or _is_of_sign_in(request)
        or (request.user.is_authenticated and request.user.pk != account)
    ):
        return False
    sealed = seal_form(request, account)
    if not sealed:
        return False
    others = {path: form for path, form in _stored(request).items() if path != request.path}
    while others and sum(len(form["sealed"]) for form in others.values()) + len(sealed) > MOST_BYTES:
        del others[next(iter(others))]
    request.session[SESSION_KEY] = {**others, request.path: {"page": request.path, "sealed": sealed}}
    if not request.user.is_authenticated:
        request.session.set_expiry(int(HOUR.total_seconds()))
    return True


def lead_on(request: HttpRequest, page: str) -> None:
    """Restore values posted to an address without its own page on another page instead."""
    if form := _stored(request).get(request.path):
        request.session[SESSION_KEY] = {**_stored(request), request.path: {**form, "page": page}}


def discard(request: HttpRequest, paths: Sequence[str]) -> bool:
    """Delete what was posted to the paths before its hour is over, and return whether there was anything."""
    is_stored = bool(_stored(request).keys() & set(paths))
    if request.user.is_authenticated and delete_drafts(actor=actor_of(request), addresses=paths):
        return True
    if is_stored:
        _drop(request, *paths)
    return is_stored


def _reader(request: HttpRequest) -> int | None:
    """Return the account that the posted form was rendered for, if it is valid and active."""
    try:
        account, day = Signer(salt=SALT).unsign_object(request.POST.get(FIELD, ""))
    except (BadSignature, ValueError):
        return None
    if not timedelta() <= clock.today() - date.fromisoformat(day) <= OPEN_FOR:
        return None
    return account if get_user_model().objects.filter(pk=account, is_active=True).exists() else None


def seal_form(request: HttpRequest, account: int) -> str:
    """Return what was posted, encrypted; empty when it is too long, or the account has stored too much."""
    text = json.dumps([account, *_contents(request)], ensure_ascii=False).encode()
    if len(text) > MOST_BYTES or not _has_room(account, len(text)):
        return ""
    return _cipher().encrypt_at_time(zlib.compress(text), int(clock.now().timestamp())).decode()


def open_form(sealed: str, *, seconds: int) -> tuple[int, dict[str, list[str]], list[str]] | None:
    """Return the account, values and names of files of what was sealed; None when it is older than that."""
    try:
        text = _cipher().decrypt_at_time(sealed.encode(), seconds, int(clock.now().timestamp()))
    except InvalidToken:
        return None
    account, fields, files = json.loads(zlib.decompress(text))
    return account, fields, files


def _contents(request: HttpRequest) -> tuple[dict[str, list[str]], list[str]]:
    fields = {name: values for name, values in request.POST.lists() if not SECRET_FIELDS.search(name)}
    return fields, [file.name or "" for _, files in request.FILES.lists() for file in files]


def _has_room(account: int, size: int) -> bool:
    """Limit what is stored for an account, so that nobody can fill the database with one of its forms."""
    hour = int(clock.now().timestamp() // HOUR.total_seconds())
    pieces = 1 + size // PIECE
    return limits.add(f"unsaved:{account}:{hour}", pieces, seconds=int(HOUR.total_seconds())) <= MOST_PIECES


def _stored(request: HttpRequest) -> dict[str, dict[str, str]]:
    stored: dict[str, dict[str, str]] = request.session.get(SESSION_KEY, {})
    return stored


def _note_work(request: HttpRequest, response: HttpResponse) -> None:
    """Extend the session, and delete the stored form of this address unless the next page of it asks for its text."""
    request.session.modified = True
    if SESSION_KEY not in request.session or response.status_code not in ANSWERED:
        return
    if not (
        response.status_code == HTTPStatus.OK and _is_page(response) and _fill_next_page(request, response)
    ):
        _drop(request, request.path)


def _fill_next_page(request: HttpRequest, response: HttpResponse) -> bool:
    """Put stored text into the second page of two at one address, such as the reason for a bulk change.

    Returns:
        Whether the page asks for any of it.
    """
    form = next((form for form in _opened(request) if form.path == request.path), None)
    if form is None:
        return False
    fields = {name: values for name, values in form.fields.items() if name not in request.POST}
    page = Refill(response.content.decode(), path=request.path, posts={form.path: fields}, text_only=True)
    if page.shows_values:
        announce_typed(request, response, page, [form])
    return page.shows_values


def _drop(request: HttpRequest, *paths: str) -> None:
    remaining = {path: form for path, form in _stored(request).items() if path not in paths}
    if not remaining:
        del request.session[SESSION_KEY]
    elif len(remaining) < len(_stored(request)):
        request.session[SESSION_KEY] = remaining


def _opened(request: HttpRequest) -> list[UnsavedForm]:
    """Return the stored forms of the signed-in account; delete those of others and expired ones."""
    opened = []
    for path, form in _stored(request).items():
        contents = open_form(form["sealed"], seconds=int(HOUR.total_seconds()))
        if contents is not None and contents[0] == request.user.pk:
            opened.append(UnsavedForm(path, form["page"], *contents[1:]))
    _drop(request, *(_stored(request).keys() - {form.path for form in opened}))
    return opened


def _show(request: HttpRequest, response: HttpResponse) -> None:
    """Put stored values back into the page's forms, with a banner at the top."""
    if not request.user.is_authenticated:
        if _is_of_sign_in(request):
            _announce(response, Refill(response.content.decode(), path=request.path, posts={}), waits=True)
        return
    if request.session.get("_session_expiry") == HOUR.total_seconds():
        request.session.set_expiry(None)  # the hour was for the visitor before sign-in
    forms = {form.path: form for form in _opened(request)}
    page = Refill(
        response.content.decode(),
        path=request.path,
        posts={form.path: form.fields for form in forms.values()},
    )
    here = [form for form in forms.values() if form.page == request.path or form.path in page.filled]
    if here:
        announce_typed(request, response, page, here)


def announce_typed(
    request: HttpRequest,
    response: HttpResponse,
    page: Refill,
    forms: Sequence[UnsavedForm],
    saved_at: datetime | None = None,
) -> None:
    words = [text for form in forms for text in words_of(page.absent[form.path])]
    files = [name for form in forms for name in form.files]
    _announce(
        response,
        page,
        is_typed=bool(page.shows_values or words or files),
        words=words,
        files=files,
        paths=[form.path for form in forms],
        page=request.get_full_path(),
        saved_at=saved_at,
        token=get_token(request),
    )


def _announce(response: HttpResponse, filled: Refill, **context: Any) -> None:
    if filled.main is not None:
        banner = render_to_string("components/unsaved.html", context)
        response.content = filled.html[: filled.main] + banner + filled.html[filled.main :]


def _leads_to_sign_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and urlsplit(response["Location"]).path == resolve_url(
        settings.LOGIN_URL
    )


def _is_page(response: HttpResponse) -> bool:
    return response.get("Content-Type", "").startswith("text/html") and not response.streaming


def _is_of_sign_in(request: HttpRequest) -> bool:
    """Return whether this is a sign-in page, whose text is never stored."""
    return request.path.startswith(resolve_url(settings.LOGIN_URL).removesuffix("login/"))


def _cipher() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (salted_hmac(SALT, "", secret=each, algorithm="sha256").digest() for each in secrets)
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])
