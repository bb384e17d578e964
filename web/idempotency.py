"""Idempotency keys: a POST or PATCH is carried out once, and repeats get the first response.

The response is stored in the transaction of the change, so a connection lost after the commit does no harm. Of two
equal requests, the second waits for the first (`claim_key`).
"""

import hashlib
import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.views import APIView

from audit import clock
from audit.policies import forbid
from audit.transactions import atomic
from web import problems, uploads
from web.models import StoredResponse
from web.services import KEYS_PER_CALLER, claim_key, has_too_many_keys, store_response

if TYPE_CHECKING:
    from audit.actors import Actor

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 255
KEY = f"^[!-~]{{1,{LONGEST_KEY}}}$"
# Headers about the content of a response; the others depend on the moment.
CONTENT_HEADERS = ("Content-Type", "Content-Disposition", "ETag", "Link", "Location")
# Larger ones are repeated without their body.
LARGEST_BODY = 64 * 1024
TOO_LARGE = "The first response was too large to keep. The request was carried out once: read the row again."
TOO_LARGE_ERROR = (
    "The request was refused. The first response was too large to keep: send it with a new key to read why."
)
TOO_MANY = f"You have used {KEYS_PER_CALLER} keys in two days. Wait, or send fewer requests with a key."
# These responses are not final: a repeat at another time, or with an ETag, may succeed.
NOT_FINAL = frozenset({401, 428, 429})


def key_of(request: Request) -> str | None:
    """Return the request's idempotency key, or None.

    Raises:
        HttpProblem: the key is empty, too long, or has characters other than printable ASCII without spaces.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return None
    key = key.strip()
    if not re.fullmatch(KEY, key):
        message = f"Send a key of 1 to {LONGEST_KEY} printable ASCII characters, without spaces"
        raise problems.HttpProblem(400, message, header=HEADER)
    return key


def once(view: Any, handle: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return a handler of a POST or PATCH that runs only once for each key."""

    def handle_once(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = key_of(request)
        if key is None:
            return handle(request, *args, **kwargs)
        actor: Actor = request.user
        try:
            digest = _digest(request)
        except (exceptions.ParseError, exceptions.UnsupportedMediaType):
            forbid(view.why_not())
            raise
        with atomic():
            stored, is_new = claim_key(actor=actor, key=key, request=digest, at=clock.now())
            if is_new and has_too_many_keys(actor=actor):
                raise problems.HttpProblem(429, TOO_MANY)
            if not is_new and stored.request != digest:
                raise problems.HttpProblem(422, kind=problems.IDEMPOTENCY_KEY)
            if not is_new:
                return _replay(stored)
            response = final_response(view, lambda: handle(request, *args, **kwargs))
            status = response.status_code
            if status in NOT_FINAL or status >= 500:
                transaction.set_rollback(True)
                return response
            headers = {name: response[name] for name in CONTENT_HEADERS if name in response}
            body = without_secrets(view, response.content)
            if len(body) > LARGEST_BODY:
                body, headers["Content-Type"] = _too_large(status)
                headers.pop("ETag", None)
            store_response(actor=actor, stored=stored, status=status, headers=headers, body=body)
        return response

    return handle_once


def final_response(view: Any, handle: Callable[[], HttpResponseBase]) -> Any:
    """Run a handler and return its final response; if it is an error, roll back what it wrote."""
    try:
        with atomic():
            response = view.finalize_response(view.request, handle(), *view.args, **view.kwargs)
            if response.status_code >= 400:
                transaction.set_rollback(True)
    except Exception as error:  # noqa: BLE001 (the view raises unexpected errors again)
        problem = view.handle_exception(error)
        response = view.finalize_response(view.request, problem, *view.args, **view.kwargs)
    if hasattr(response, "render"):
        response.render()
    return response


def without_secrets(view: APIView, content: bytes) -> bytes:
    """Return the content with null for the secrets that the view shows only once, which are never stored."""
    names: frozenset[str] = getattr(view, "shown_once", frozenset())
    fields = json.loads(content) if names and content else {}
    return json.dumps({**fields, **dict.fromkeys(names)}).encode() if names & fields.keys() else content


def _too_large(status: int) -> tuple[bytes, str]:
    """Return what a repeat gets instead of a large body, and its type."""
    if status >= 400:
        return json.dumps({"status": status, "detail": TOO_LARGE_ERROR}).encode(), problems.CONTENT_TYPE
    return json.dumps({"detail": TOO_LARGE}).encode(), "application/json"


def _replay(stored: StoredResponse) -> HttpResponse:
    response = HttpResponse(bytes(stored.body), status=stored.status)
    del response["Content-Type"]
    for name, value in {**stored.headers, REPLAYED: "true"}.items():
        response[name] = value
    return response


def _digest(request: Request) -> str:
    """Return a digest that identifies the request by method, address, ETag and content of the body."""
    identity = {"method": request.method, "address": request.get_full_path(), "body": _plain(request.data)}
    if "If-Match" in request.headers:
        identity["if_match"] = request.headers["If-Match"]
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()


def _plain(data: Any) -> Any:
    if not hasattr(data, "lists"):
        return data
    return {name: [_plain_value(value) for value in values] for name, values in data.lists()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, File):
        return {"file": value.name, "sha256": uploads.sha256(value)}
    return value
