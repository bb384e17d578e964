from collections.abc import Iterator

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections


@pytest.fixture(autouse=True)
def closing_a_response_leaves_the_database_alone() -> Iterator[None]:
    """A response made without a client ends no request, so there is no connection to tidy up."""
    request_finished.disconnect(close_old_connections)
    yield
    request_finished.connect(close_old_connections)
