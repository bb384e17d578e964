"""Post a message to a checked address, without redirects and with a time limit."""

import math
import socket
import ssl
import threading
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.http import parse_http_date_safe
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import HTTPError

from exchange.webhooks.services.addresses import Target, target_of
from exchange.webhooks.services.secrets import signatures

CONNECT_SECONDS, READ_SECONDS = 5, 15
# A receiver that answers byte by byte is cut off after this.
ALL_SECONDS = 30
MOST_READ = 4096
GONE = 410
# With these statuses the receiver may say when to try again.
BUSY = (429, 503)
# The most digits to read of a number of seconds.
LONGEST_NUMBER = 10
TOO_LONG = f"No answer within {ALL_SECONDS} seconds"


@dataclass(frozen=True)
class Outcome:
    """The result of an attempt. `status` is none where no answer came."""

    status: int | None
    words: str
    retry_after: int = 0
    """Seconds the receiver asks to wait; 0 if it does not say."""

    @property
    def is_delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants no more messages (Standard Webhooks: 410)."""
        return self.status == GONE


def send(*, url: str, message_id: str, body: str, keys: list[str]) -> Outcome:
    """Post a message, signed with each secret, and return the result; raises nothing.

    The signed time is the machine's own, even when the demonstration clock is shifted: receivers compare it with theirs.
    """
    try:
        target = target_of(url)
    except ValidationError as error:
        return Outcome(None, " ".join(error.messages))
    sent_at = int(time.time())
    headers = {
        "Host": target.authority,
        "Content-Type": "application/json",
        "User-Agent": "PreventTracker-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": signatures(keys, message_id=message_id, sent_at=sent_at, body=body),
    }
    return _post(target, headers, body.encode())


def _post(target: Target, headers: dict[str, str], body: bytes) -> Outcome:
    connection = HTTPSConnection(
        target.ip,
        target.port,
        timeout=CONNECT_SECONDS,
        server_hostname=target.host,
        cert_reqs="CERT_REQUIRED",
        ca_certs=settings.WEBHOOK_CA_FILE or None,
    )
    started = time.monotonic()
    guard = threading.Timer(ALL_SECONDS, _cut, [connection])
    guard.daemon = True
    guard.start()
    try:
        connection.connect()
        connection.sock.settimeout(READ_SECONDS)
        connection.request("POST", target.path, body=body, headers=headers, preload_content=False)
        answer = connection.getresponse()
        answer.read(MOST_READ, decode_content=False)
        return _outcome(answer.status, answer.headers.get("Retry-After", ""))
    except (HTTPError, OSError, ValueError) as error:
        late = time.monotonic() - started >= ALL_SECONDS
        return Outcome(None, TOO_LONG if late else _words(error))
    finally:
        guard.cancel()
        connection.close()


def _cut(connection: HTTPSConnection) -> None:
    """Close the connection while another thread waits on it. The TLS socket's own shutdown would wait too."""
    if connection.sock is not None:
        try:
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)
        except OSError:
            return


def _outcome(status: int, retry_after: str) -> Outcome:
    if 300 <= status < 400:
        return Outcome(status, f"Answered {status}: redirects are not followed")
    return Outcome(status, f"Answered {status}", _seconds(retry_after) if status in BUSY else 0)


def _seconds(header: str) -> int:
    """Read `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date by the machine's own clock."""
    header = header.strip()
    if header.isascii() and header.isdigit():
        return int(header[:LONGEST_NUMBER])
    moment = parse_http_date_safe(header)
    return 0 if moment is None else max(0, math.ceil(moment - time.time()))


def _words(error: Exception) -> str:
    reason: BaseException = error
    while reason.__cause__ is not None:
        reason = reason.__cause__
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"The certificate was not accepted: {reason.verify_message}"
    if isinstance(reason, TimeoutError) or "timed out" in str(error):
        return "No answer in time"
    if isinstance(reason, ConnectionRefusedError):
        return "The connection was refused: nothing listens at this address and port"
    if isinstance(reason, ConnectionError):
        return "The connection broke before there was an answer"
    if isinstance(reason, ssl.SSLError):
        return "No secure connection could be made"
    return f"The connection failed: {type(reason).__name__}"
