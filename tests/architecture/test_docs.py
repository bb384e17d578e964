"""The documents list every setting and command, and their links and paths exist."""

import ast
import re
import tomllib
from pathlib import Path

import yaml
from django.conf import settings

from prevent_tracker.setting_files import DEMO_SETTINGS
from tests.architecture.source import ROOT

OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "prevent_tracker" / "settings.py").read_text(encoding="utf-8")
# Commands of Django and its packages that operators run.
OTHER_COMMANDS = {
    *("check", "clearsessions", "cleartokens", "collectstatic", "createcachetable", "migrate"),
    "prune_db_task_results",
}


def read_from_environment() -> set[str]:
    """List the variables that settings.py reads: the first argument of every call on `env`."""
    names = set()
    for node in ast.walk(ast.parse(SETTINGS)):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="env")), args=[ast.Constant(value=str(name)), *_]
            ):
                names.add(name)
            case _:
                pass
    return names


def commands() -> set[str]:
    files = ROOT.glob("*/management/commands/*.py")
    return {path.stem for path in files if not path.stem.startswith("_")}


def test_every_setting_is_documented_and_every_documented_setting_is_read() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", OPERATIONS, re.MULTILINE))
    assert len(documented) > 10
    assert documented == read_from_environment()


def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    documented = set(re.findall(r"manage\.py (\w+)", OPERATIONS))
    assert documented - OTHER_COMMANDS == commands()


def test_every_variable_of_the_example_environment_is_used_by_the_compose_file() -> None:
    example = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))
    required = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text("utf-8")))
    assert example == required


def test_every_make_target_explains_itself() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = set(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split())
    assert phony == set(re.findall(r"^([a-z]+):.*## \w", makefile, re.MULTILINE))


def test_the_api_has_the_version_of_the_product_and_its_changes_are_listed() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert settings.SPECTACULAR_SETTINGS["VERSION"] == version
    api = (ROOT / "docs" / "api.md").read_text("utf-8")
    assert re.findall(r"^\| (\d+\.\d+\.\d+) \|", api, re.MULTILINE)[0] == version


def test_the_commit_hooks_run_what_make_lint_runs() -> None:
    configuration = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    assert [repository["repo"] for repository in configuration["repos"]] == ["local"]
    hooks = [hook["entry"].removeprefix(".venv/bin/") for hook in configuration["repos"][0]["hooks"]]
    recipe = re.findall(r"^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)[0]
    assert hooks == re.findall(r"\$\(BIN\)/(.*)", recipe)


def test_every_link_between_documents_leads_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "demo" / "README.md"]
    anchors = {path.resolve(): list_anchors(path) for path in documents}
    for path in documents:
        for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", path.read_text("utf-8")):
            name, _, anchor = target.partition("#")
            linked = (path.parent / name).resolve() if name else path.resolve()
            assert linked.exists(), f"{path.name}: {target}"
            assert not anchor or anchor in anchors[linked], f"{path.name}: {target}"


def list_anchors(path: Path) -> set[str]:
    """List the anchors of a document, formed from its headings as GitHub does."""
    headings = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_path_of_code_that_a_document_names_is_there() -> None:
    documents = [
        ROOT / "README.md",
        ROOT / "ARCHITECTURE.md",
        ROOT / "CONTRIBUTING.md",
        *ROOT.glob("docs/**/*.md"),
    ]
    apps = "|".join(path.parent.name for path in ROOT.glob("*/__init__.py"))
    for path in documents:
        for name in re.findall(rf"`((?:{apps}|templates|assets)/[\w./-]+)`", path.read_text("utf-8")):
            assert (ROOT / name).exists(), f"{path.name}: {name}"


def test_the_index_of_decisions_lists_every_decision() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text("utf-8"))
    assert listed == sorted(path.name for path in folder.glob("[0-9]*.md"))


def test_make_and_manage_py_use_the_same_day() -> None:
    day = re.findall(r"^DEMO_DATE \?= (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert day == [DEMO_SETTINGS["DEMO_DATE"]]
