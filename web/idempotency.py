"""A POST or PATCH with an Idempotency-Key is done once, however often it is sent: the first answer is given again.

What the caller gets is kept in the transaction of the change, so a connection that dies after the commit loses nothing,
and of two equal requests the second waits for the first (`take_key`).
"""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from rest_framework.request import Request
from rest_framework.views import APIView

from audit import clock
from audit.transactions import atomic
from web import problems, uploads
from web.models import KeptAnswer
from web.services import keep_answer, take_key

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 255
KEY = f"^[!-~]{{1,{LONGEST_KEY}}}$"
# Of an answer these are about its content; all others are about the moment.
CONTENT_HEADERS = ("Content-Type", "Content-Disposition", "ETag", "Link", "Location")
# They say nothing of what was asked: who asks again later, or sends the ETag too, may be answered otherwise.
NOT_KEPT = frozenset({401, 428, 429})


def key_of(request: Request) -> str | None:
    """Return the request's key, none where it has none.

    Raises:
        HttpProblem: the key is empty, too long, or not made of printable ASCII without spaces.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return None
    key = key.strip()
    if not re.fullmatch(KEY, key):
        words = f"Give a key of 1 to {LONGEST_KEY} printable ASCII characters, none of them a space"
        raise problems.HttpProblem(400, words, header=HEADER)
    return key


def once(view: Any, handle: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return the handler of a POST or PATCH that carries each key out once."""

    def handle_once(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = key_of(request)
        if key is None:
            return handle(request, *args, **kwargs)
        actor: Any = request.user
        asked = _digest(request)
        with atomic():
            kept, is_new = take_key(actor=actor, key=key, request=asked, at=clock.now())
            if not is_new and kept.request != asked:
                raise problems.HttpProblem(422, kind=problems.IDEMPOTENCY_KEY)
            if not is_new:
                return _again(kept)
            response = answered(view, lambda: handle(request, *args, **kwargs))
            status = response.status_code
            if status in NOT_KEPT or status >= 500:
                transaction.set_rollback(True)
                return response
            headers = {name: response[name] for name in CONTENT_HEADERS if name in response}
            body = without_secrets(view, response.content)
            keep_answer(actor=actor, kept=kept, status=status, headers=headers, body=body)
        return response

    return handle_once


def answered(view: Any, handle: Callable[[], HttpResponseBase]) -> Any:
    """Carry out and return the answer in its final form; where it is a refusal, all that was written is taken back."""
    try:
        with atomic():
            response = view.finalize_response(view.request, handle(), *view.args, **view.kwargs)
            if response.status_code >= 400:
                transaction.set_rollback(True)
    except Exception as error:  # noqa: BLE001 (what is no refusal is raised again by the view)
        refused = view.handle_exception(error)
        response = view.finalize_response(view.request, refused, *view.args, **view.kwargs)
    if hasattr(response, "render"):
        response.render()
    return response


def without_secrets(view: APIView, content: bytes) -> bytes:
    """Return an answer without the fields that the view shows once, which are kept nowhere."""
    names: frozenset[str] = getattr(view, "shown_once", frozenset())
    said = json.loads(content) if names and content else {}
    return json.dumps({**said, **dict.fromkeys(names)}).encode() if names & said.keys() else content


def _again(kept: KeptAnswer) -> HttpResponse:
    response = HttpResponse(bytes(kept.body), status=kept.status)
    del response["Content-Type"]
    for name, value in {**kept.headers, REPLAYED: "true"}.items():
        response[name] = value
    return response


def _digest(request: Request) -> str:
    """Return what tells one request from another: a JSON body by what it says, a form by its fields and files.

    What the change hangs on is part of it too: with another ETag it is another request.
    """
    what = {"method": request.method, "address": request.get_full_path(), "body": _plain(request.data)}
    if "If-Match" in request.headers:
        what["if_match"] = request.headers["If-Match"]
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()


def _plain(data: Any) -> Any:
    if not hasattr(data, "lists"):
        return data
    return {name: [_plain_value(value) for value in values] for name, values in data.lists()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, File):
        return {"file": value.name, "sha256": uploads.sha256(value)}
    return value
