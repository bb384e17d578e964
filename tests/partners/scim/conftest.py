import pytest

from tests.cast import Cast
from tests.partners.scim.clients import Provider, provider_of


@pytest.fixture
def provider(cast: Cast) -> Provider:
    return provider_of(cast, "scim:write")
