"""The former place of these names, for tests that still import them from here."""

from tests.support.module_fixtures import ModuleState as House
from tests.support.module_fixtures import module_fixture as standing
from tests.support.module_fixtures import rollback as rolled_back

__all__ = ["House", "rolled_back", "standing"]

House.put_on = House.switch_to
