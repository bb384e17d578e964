"""A client that was generated from the API's description, and a program that works with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from audit.models import Entry
from tests.api.clients import System

PACKAGE = "tracker"


@dataclass
class Generated:
    """The package that was generated, and the description that it was generated from."""

    schema: dict[str, Any]
    folder: Path

    @cached_property
    def models(self) -> ModuleType:
        return import_module(f"{PACKAGE}.models")

    @cached_property
    def types(self) -> ModuleType:
        return import_module(f"{PACKAGE}.types")

    def operations(self) -> Iterator[tuple[str, Path]]:
        """Each operation and where its module has to be."""
        for operation in (each for path in self.schema["paths"].values() for each in path.values()):
            tag = operation["tags"][0].lower().replace(" ", "_")
            yield operation["operationId"], self.folder / "api" / tag / f"{operation['operationId']}.py"

    def module(self, name: str) -> ModuleType:
        operation = dict(self.operations())[name]
        return import_module(f"{PACKAGE}.api.{operation.parent.name}.{name}")

    def client(self, base: str, token: str) -> Any:
        made = import_module(PACKAGE).AuthenticatedClient
        return made(
            base_url=base, token=token, httpx_args={"trust_env": False}, raise_on_unexpected_status=True
        )


@dataclass
class Month:
    """The council's program at work: it calls operations by their names."""

    generated: Generated
    client: Any
    system: System

    def __getattr__(self, name: str) -> Any:
        """The answer to an operation, parsed; what is refused is refused by the test."""

        def ask(*ids: int, **fields: Any) -> Any:
            answer = self.whole(name, *ids, **fields).parsed
            assert not isinstance(answer, self.generated.models.Problem), answer
            return answer

        return ask

    def whole(self, name: str, *ids: int, **fields: Any) -> Any:
        return self.generated.module(name).sync_detailed(*ids, client=self.client, **fields)

    def entries(self) -> set[int]:
        """What the ledger holds of this program."""
        account = str(self.system.client.user_id)
        return set(Entry.objects.filter(actor_id=account).values_list("sequence", flat=True))
