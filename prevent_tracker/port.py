"""Ends with a message when a port cannot be listened on: `python -m prevent_tracker.port HOST PORT`.

The server would share its port with another service, and each would get some of the other's visitors.
"""

import errno
import socket
import sys


def main(host: str, port: str) -> None:
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        sys.exit(f"PORT must be a number from 1 to 65535, not {port!r}.")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as attempt:
            # Connections that have just ended are no reason to wait; a program that listens is in the way all the same.
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sys.exit(
                f"Port {port} of {host} is taken by another program, perhaps by Prevent Tracker itself. "
                f"Stop that program, or choose another port: make run PORT={int(port) % 65535 + 1}"
            )
        sys.exit(f"Cannot listen on port {port} of {host}: {error.strerror}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
