"""Keep what was typed into a form that could not be saved because its reader's session had ended.

The text waits for an hour, encrypted, in the session of the browser that sent it. A form names the account that it was
given to, in a signed field: only that account sees the text again, and nothing is kept of anybody who was given no form.
"""

import json
import re
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac

from audit import clock
from web import limits
from web.refill import Refill, words_of

FIELD = "opened_by"
"""The field by which a form names the account that it was given to."""
SESSION_KEY = "unsaved_forms"
SALT = "web.unsaved"
HOUR = timedelta(hours=1)
OPEN_FOR = timedelta(days=7)
MOST_BYTES = 2 * 1024 * 1024
# What one account may put aside in an hour, in pieces of 64 KiB: 20 MB, and a few hundred short forms.
PIECE, MOST_PIECES = 64 * 1024, 320
NEVER_KEPT = re.compile(r"password|(^|[_-])secret([_-]|$)|^csrfmiddlewaretoken$|^opened_by$", re.IGNORECASE)
# The page was answered with what was posted in it, or what was posted is saved.
ANSWERED = frozenset({200, 302, 409, 422})


@dataclass(frozen=True)
class UnsavedForm:
    """What was posted to a path: the values of each field, and the names of the files, which are not kept."""

    path: str
    page: str
    fields: dict[str, list[str]]
    files: list[str]


class UnsavedFormMiddleware:
    """Put aside what is posted after a session has ended, and show it in its form once the same account has signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        token_refused = hasattr(response, "token_refused")
        if request.method == "POST" and (token_refused or _leads_to_sign_in(response)):
            return redirect(request.get_full_path()) if put_aside(request) and token_refused else response
        # No session is read for this alone: public pages do without one, and without the database.
        if request.session.accessed:
            if request.method == "POST" and request.user.is_authenticated:
                _note_work(request, response)
            elif SESSION_KEY in request.session and request.method == "GET" and _is_page(response):
                _show(request, response)
        return response


def sign_reader(account: Any, on: date) -> str:
    """Return the text by which a form names the account that it is given to."""
    return Signer(salt=SALT).sign_object([account.pk, on.isoformat()])


def put_aside(request: HttpRequest) -> bool:
    """Keep a post that was not let through, and say whether it was kept: only for the account that had the form."""
    account = _reader(request)
    if (
        account is None
        or _is_of_sign_in(request)
        or (request.user.is_authenticated and request.user.pk != account)
    ):
        return False
    kept = [account, *_contents(request)]
    text = json.dumps(kept, ensure_ascii=False).encode()
    if len(text) > MOST_BYTES or not _may_keep(account, len(text)):
        return False
    sealed = _cipher().encrypt_at_time(zlib.compress(text), int(clock.now().timestamp())).decode()
    others = {path: form for path, form in _stored(request).items() if path != request.path}
    while others and sum(len(form["sealed"]) for form in others.values()) + len(sealed) > MOST_BYTES:
        del others[next(iter(others))]
    request.session[SESSION_KEY] = {**others, request.path: {"page": request.path, "sealed": sealed}}
    if not request.user.is_authenticated:
        request.session.set_expiry(int(HOUR.total_seconds()))
    return True


def lead_on(request: HttpRequest, page: str) -> None:
    """Show what was posted to an address without a page of its own on another page."""
    if form := _stored(request).get(request.path):
        request.session[SESSION_KEY] = {**_stored(request), request.path: {**form, "page": page}}


def _reader(request: HttpRequest) -> int | None:
    """Return the account that the posted form was given to, if it is known and still open."""
    try:
        account, day = Signer(salt=SALT).unsign_object(request.POST.get(FIELD, ""))
    except (BadSignature, ValueError):
        return None
    if not timedelta() <= clock.today() - date.fromisoformat(day) <= OPEN_FOR:
        return None
    return account if get_user_model().objects.filter(pk=account, is_active=True).exists() else None


def _contents(request: HttpRequest) -> tuple[dict[str, list[str]], list[str]]:
    fields = {name: values for name, values in request.POST.lists() if not NEVER_KEPT.search(name)}
    return fields, [file.name or "" for _, files in request.FILES.lists() for file in files]


def _may_keep(account: int, size: int) -> bool:
    """Count what is put aside for an account: whoever has one of its forms must not fill the database with it."""
    hour = int(clock.now().timestamp() // HOUR.total_seconds())
    pieces = 1 + size // PIECE
    return limits.add(f"unsaved:{account}:{hour}", pieces, seconds=int(HOUR.total_seconds())) <= MOST_PIECES


def _stored(request: HttpRequest) -> dict[str, dict[str, str]]:
    stored: dict[str, dict[str, str]] = request.session.get(SESSION_KEY, {})
    return stored


def _note_work(request: HttpRequest, response: HttpResponse) -> None:
    """Put the end of the session off, and drop what waited for the address that was posted to."""
    request.session.modified = True
    if SESSION_KEY in request.session and response.status_code in ANSWERED:
        _drop(request, request.path)


def _drop(request: HttpRequest, *paths: str) -> None:
    left = {path: form for path, form in _stored(request).items() if path not in paths}
    if not left:
        del request.session[SESSION_KEY]
    elif len(left) < len(_stored(request)):
        request.session[SESSION_KEY] = left


def _opened(request: HttpRequest) -> list[UnsavedForm]:
    """Return what waits for the account that is signed in; what is another's, or is too old, is dropped."""
    opened, now = [], int(clock.now().timestamp())
    for path, form in _stored(request).items():
        try:
            text = _cipher().decrypt_at_time(form["sealed"].encode(), int(HOUR.total_seconds()), now)
        except InvalidToken:
            continue
        account, fields, files = json.loads(zlib.decompress(text))
        if account == request.user.pk:
            opened.append(UnsavedForm(path, form["page"], fields, files))
    _drop(request, *(_stored(request).keys() - {form.path for form in opened}))
    return opened


def _show(request: HttpRequest, response: HttpResponse) -> None:
    """Put what waits into the page's forms, and say so at the head of the page."""
    if not request.user.is_authenticated:
        if _is_of_sign_in(request):
            _announce(response, Refill(response.content.decode(), path=request.path, posts={}), waits=True)
        return
    if request.session.get("_session_expiry") == HOUR.total_seconds():
        request.session.set_expiry(None)  # the hour was that of the visitor who was nobody yet
    forms = {form.path: form for form in _opened(request)}
    page = Refill(
        response.content.decode(),
        path=request.path,
        posts={form.path: form.fields for form in forms.values()},
    )
    here = [form for form in forms.values() if form.page == request.path or form.path in page.filled]
    if here:
        words = [text for form in here for text in words_of(page.absent[form.path])]
        files = [name for form in here for name in form.files]
        is_typed = bool(page.shows_values or words or files)
        _announce(response, page, is_typed=is_typed, words=words, files=files)


def _announce(response: HttpResponse, page: Refill, **context: Any) -> None:
    if page.main is not None:
        banner = render_to_string("components/unsaved.html", context)
        response.content = page.html[: page.main] + banner + page.html[page.main :]


def _leads_to_sign_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and urlsplit(response["Location"]).path == resolve_url(
        settings.LOGIN_URL
    )


def _is_page(response: HttpResponse) -> bool:
    return response.get("Content-Type", "").startswith("text/html") and not response.streaming


def _is_of_sign_in(request: HttpRequest) -> bool:
    """Say whether the page is one of those that ask for passwords: nothing typed into them is kept."""
    return request.path.startswith(resolve_url(settings.LOGIN_URL).removesuffix("login/"))


def _cipher() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (salted_hmac(SALT, "", secret=each, algorithm="sha256").digest() for each in secrets)
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])
