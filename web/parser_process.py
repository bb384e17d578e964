"""The process that reads one file from outside: `python -m web.parser_process SECONDS MEGABYTES`.

It gets a function and its arguments on standard input, and writes whether the call succeeded, with its result or error.
"""

import os
import pickle
import resource
import sys


def main(seconds: int, megabytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    output = os.fdopen(os.dup(1), "wb")
    function, args = pickle.loads(sys.stdin.buffer.read())  # noqa: S301  from the service itself
    try:
        answer = (True, function(*args))
    except MemoryError:
        sys.exit(1)
    except Exception as error:  # noqa: BLE001  the service raises it again
        answer = (False, error)
    output.write(pickle.dumps(answer))
    output.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
