"""A secret may come from a file, as container engines and service managers hand them out."""

from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.architecture.test_start_up import RANDOM_KEY, SAFE, run_in, start

SECRETS = ("SECRET_KEY", "DATABASE_URL", "LEDGER_SIGNING_KEY", "EMAIL_URL")
OPTIONAL = {
    "SECRET_KEY_FALLBACKS": RANDOM_KEY[::-1],
    "WEBHOOK_SECRET_KEYS": RANDOM_KEY[1:] + RANDOM_KEY[0],
    "RATE_LIMIT_CACHE_URL": "rediss://:hidden@cache.example.org",
    "ERROR_REPORTS_DSN": "https://hidden@errors.example.org/1",
}


def test_every_secret_may_come_from_a_file(tmp_path: Path) -> None:
    settings = dict(SAFE)
    for name, value in ({name: settings.pop(name) for name in SECRETS} | OPTIONAL).items():
        (tmp_path / name).write_text(f"{value}\n")
        settings[f"{name}_FILE"] = str(tmp_path / name)
    done = start(
        show="SECRET_KEY SECRET_KEY_FALLBACKS EMAIL_HOST RATE_LIMIT_CACHE_URL ERROR_REPORTS_DSN", **settings
    )
    assert (
        done.stdout
        == f"{RANDOM_KEY} ['{RANDOM_KEY[::-1]}'] localhost rediss://:hidden@cache.example.org {OPTIONAL['ERROR_REPORTS_DSN']}\n"
    ), done.stderr


def test_files_that_cannot_be_read_are_named_at_once(tmp_path: Path) -> None:
    settings = dict(SAFE)
    wrong = {"SECRET_KEY": tmp_path / "missing", "DATABASE_URL": tmp_path}
    for name, path in wrong.items():
        settings[f"{name}_FILE"] = str(path)
        del settings[name]
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    settings |= {"CORS_ORIGINS_FILE": str(tmp_path / "bytes"), "EMAIL_URL_FILE": str(tmp_path / "mail")}
    done = start(**settings)
    assert done.returncode != 0
    for name, path in wrong.items():
        assert f"\n- {name} cannot be read from its file {path}, which {name}_FILE names" in done.stderr
    assert "\n- CORS_ORIGINS cannot be read from its file" in done.stderr
    assert (
        "\n- EMAIL_URL cannot be read from its file: EMAIL_URL and EMAIL_URL_FILE are both set" in done.stderr
    )
    assert "Traceback" not in done.stderr.partition("ImproperlyConfigured")[2]


def test_a_value_from_a_file_is_checked_and_not_repeated(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://u:hidden@db.example.org/x\n")
    settings = {name: value for name, value in SAFE.items() if name != "DATABASE_URL"}
    done = start(**settings, DATABASE_URL_FILE=str(tmp_path / "url"), BACKUP_RECIPIENTS="age1nonsense")
    assert "\n- DATABASE_URL must use TLS" in done.stderr
    assert "\n- BACKUP_RECIPIENTS must be public keys that begin with age1" in done.stderr
    assert "hidden" not in done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY_FILE", "DATABASE_URL_FILE"])
def test_with_a_file_a_command_belongs_to_a_deployment(tmp_path: Path, name: str) -> None:
    (tmp_path / "manage.py").write_text((ROOT / "manage.py").read_text())
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "demo.env").write_text(f"SECRET_KEY={RANDOM_KEY}\n")
    done = run_in(tmp_path, "manage.py", "check", **{name: str(tmp_path / "manage.py")})
    assert "Prevent Tracker cannot start with these settings" in done.stderr
    assert "LEDGER_SIGNING_KEY must be set" in done.stderr
