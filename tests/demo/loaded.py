"""The demonstration as it is loaded, once in a process for all modules that read it."""

from io import StringIO

from django.core.management import call_command
from django.test import override_settings

from tests.support.module_fixtures import module_fixture
from tests.support.snapshots import LazySnapshot

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def load() -> str:
    """Return what the command printed."""
    out = StringIO()
    with override_settings(PASSWORD_HASHERS=QUICK):
        call_command("load_demo", without_sandbox=True, stdout=out)
    return out.getvalue()


loaded = module_fixture(LazySnapshot(load).restore)
