"""The port for those who run the service: `/livez`, `/readyz` and `/metrics`, answered by threads that no visitor can occupy."""

import json
import logging
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from threading import Thread

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from audit.roles import is_superuser
from prevent_tracker.metrics import CONTENT_TYPE_LATEST, metrics
from web.health import Monitor, start_monitor

logger = logging.getLogger(__name__)
JSON = "application/json"
# Answered only to programs on this machine.
FIGURES = "/metrics"
SUPERUSER = (
    "Prevent Tracker does not serve as a superuser of its database, who could rewrite the ledger. Connect as the role that "
    "`manage.py database_roles` describes, or set DATABASE_SUPERUSER_ALLOWED=true."
)
Answer = tuple[int, str, bytes]


def start(address: str) -> ThreadingHTTPServer | None:
    """Serve the port in threads of this process, until it ends.

    The service's processes share the port: each connection reaches one of them.

    Args:
        address: host and port, such as 127.0.0.1:8001; nothing is served when it is empty.
    """
    if not address:
        return None
    host, _, port = address.rpartition(":")
    server = _Server((host.strip("[]"), int(port)), _handler(routes(start_monitor())))
    Thread(target=server.serve_forever, name="operations", daemon=True).start()
    return server


def refuse_superuser() -> None:
    """Refuse to serve with a database role that could rewrite the record. A database that is away is health's to tell.

    Raises:
        ImproperlyConfigured: the role of DATABASE_URL is a superuser.
    """
    try:
        if is_superuser(connection):
            raise ImproperlyConfigured(SUPERUSER)
    except DatabaseError:
        logger.error("The database does not answer.")  # noqa: TRY400  one line
    finally:
        connection.close()


def routes(monitor: Monitor) -> dict[str, Callable[[], Answer]]:
    """Return what the port answers, by path."""

    def ready() -> Answer:
        health = monitor.latest
        return health.status, JSON, json.dumps(health.body).encode()

    return {
        "/livez": lambda: (200, JSON, b'{"status": "ok"}'),
        "/readyz": ready,
        FIGURES: lambda: (200, CONTENT_TYPE_LATEST, metrics(monitor.latest)),
    }


class _Server(ThreadingHTTPServer):
    allow_reuse_port = True
    daemon_threads = True


def _handler(answers: dict[str, Callable[[], Answer]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 5

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            try:
                if path == FIGURES and not self._is_on_this_machine():
                    status, content_type, body = 403, JSON, b"{}"
                else:
                    status, content_type, body = answers[path]() if path in answers else (404, JSON, b"{}")
            finally:
                # Each question has a thread, and so a connection, of its own.
                connection.close()
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _is_on_this_machine(self) -> bool:
            """Return whether a program here asks, for itself: a proxy adds a header for whom it asks."""
            is_passed_on = "X-Forwarded-For" in self.headers or "Forwarded" in self.headers
            return ip_address(self.client_address[0]).is_loopback and not is_passed_on

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
            logger.debug(format, *args)

    return Handler
