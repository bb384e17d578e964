"""The project's own Python files, parsed once for the guards that read them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "prevent_tracker",
    "desk",
    "exchange",
    "reports",
    "returns",
    "programme",
    "importing",
    "inspections",
    "actions",
    "meetings",
    "partners",
    "web",
    "audit",
    "standards",
    "demo",
)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Module:
    name: str  # as it stands in the repository: 'actions/plans/services.py'
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)

    @property
    def parts(self) -> list[str]:
        return [part.removesuffix(".py") for part in self.name.split("/")]

    def is_on(self, floor: str) -> bool:
        """Whether this module is a `floor.py` of its app or capability, or lies in a `floor/` folder."""
        return floor in self.parts[1:]


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the apps, migrations left out."""
    paths = sorted(
        path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
    )
    return tuple(
        Module(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths
    )


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, FUNCTIONS))
