import logging

from audit.request_id import request_id


class RequestIdFilter(logging.Filter):
    """Put the request's id on each log line; a dash where no request is behind it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get() or "-"
        return True
