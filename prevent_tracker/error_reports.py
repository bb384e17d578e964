"""Reports of errors to a server that speaks Sentry's protocol. Nothing is sent unless a setting names one."""

import logging
from typing import Any

from audit.request_id import request_id
from web.logs import REFUSALS, hide_secrets

# What may hold texts of the record, addresses of people, or secrets.
LEFT_OUT = ("request", "user", "breadcrumbs", "extra", "server_name", "modules", "contexts", "logentry")


def start(dsn: str, *, version: str, transport: Any = None) -> None:
    """Report each error of the log, in a thread of its own, so that nobody waits for the server.

    Args:
        dsn: the project's address, with its key; nothing is reported when it is empty.
        transport: takes the reports instead of the server, for tests.
    """
    if not dsn or not is_dsn(dsn):
        return
    # Loaded only where a server is named: it would take a third of the start of every command.
    import sentry_sdk  # noqa: PLC0415
    from sentry_sdk.integrations.logging import LoggingIntegration  # noqa: PLC0415

    sentry_sdk.init(
        dsn=dsn,
        release=version,
        transport=transport,
        default_integrations=False,
        integrations=[LoggingIntegration(level=None, event_level=logging.ERROR)],
        before_send=scrub,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        propagate_traces=False,
        send_client_reports=False,
        auto_session_tracking=False,
    )


def scrub(event: Any, _hint: Any = None) -> Any:
    """Return the event with what happened and where, without any value of the record.

    The message of an error can repeat what somebody typed, so only its kind and its place in the code are sent. The request's
    id leads to the line of the log. A request that Django refused is not reported.
    """
    if str(event.get("logger", "")).startswith(REFUSALS):
        return None
    for name in LEFT_OUT:
        event.pop(name, None)
    event["tags"] = {"request_id": request_id.get() or "-"}
    for error in event.get("exception", {}).get("values", []):
        error["value"] = ""
    return _without_secrets(event)


def _without_secrets(value: Any) -> Any:
    match value:
        case str():
            return hide_secrets(value)
        case dict():
            return {name: _without_secrets(each) for name, each in value.items()}
        case list() | tuple():
            return [_without_secrets(each) for each in value]
    return value


def is_dsn(text: str) -> bool:
    """Return whether this is the address of a project."""
    from sentry_sdk.utils import BadDsn, Dsn  # noqa: PLC0415  as above

    try:
        Dsn(text)
    except BadDsn:
        return False
    return True
