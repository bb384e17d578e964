"""An upgrade without a pause: the version before serves and saves while the next one migrates, and both serve afterwards."""

import shutil
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.architecture.source import ROOT
from tests.service.rig import Service, wait_until
from tests.service.world import fill_service
from tests.service.writers import Writers
from tests.support.template_database import TEMPLATE

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL")
MODELS = Path("actions") / "progress" / "models.py"
ANCHOR = "    imported = "
# The database fills it in for the version before, which does not know it.
FIELD = 'models.CharField(max_length=20, blank=True, default="", db_default="")'
ADDED = f"    weather = {FIELD}\n"
MIGRATION = f"""from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("actions", "0001_initial")]
    operations = [migrations.AddField("progressupdate", "weather", {FIELD})]
"""


def next_version(folder: Path) -> Path:
    """Copy the code and add a column to the table that callers write to, as CONTRIBUTING.md says."""
    packages = [path.parent.name for path in ROOT.glob("*/__init__.py")]
    for name in {*packages, "templates", "static"} - {"tests", "benchmarks"}:
        shutil.copytree(ROOT / name, folder / name)
    for name in ("manage.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    code = (folder / MODELS).read_text("utf-8")
    assert ANCHOR in code
    (folder / MODELS).write_text(code.replace(ANCHOR, ADDED + ANCHOR), "utf-8")
    migrations = folder / "actions" / "migrations"
    (migrations / "0002_weather.py").write_text(MIGRATION)
    (migrations / "max_migration.txt").write_text("0002_weather\n")
    return folder


def test_the_version_before_serves_while_the_next_one_migrates(tmp_path: Path) -> None:
    folder = next_version(tmp_path)
    service = Service(API_WRITES_PER_MINUTE="1000000")
    following = service.beside(folder)
    try:
        world = fill_service(service)
        service.start()
        with Writers(service, world, pause=0.2) as before:
            start = len(before.acknowledged)
            migrated = following.manage("migrate", "--verbosity", "0")
            assert migrated.returncode == 0, migrated.stderr
            following.start()
            during = len(before.acknowledged) - start
            assert service.ready().status == 200
            with Writers(following, world, "xyz") as after:
                wait_until(lambda: len(after.acknowledged) > 3, "callers save at the next version")
        saved = before.saved()
        with psycopg.connect(service.cluster.url(TEMPLATE)) as database:
            weather = database.execute("SELECT DISTINCT weather FROM actions_progressupdate").fetchall()
    finally:
        following.end()
        service.stop()
    print(f"| saved by the version before during the migration | {during} |")
    print(f"| longest time without an acknowledgement | {before.longest_silence:.2f} s |")
    assert (dict(before.troubles), dict(after.troubles)) == ({}, {})
    assert during > 3
    assert sorted(saved) == sorted(before.acknowledged + after.acknowledged)
    assert set(saved.values()) == {1}
    assert weather == [("",)]
