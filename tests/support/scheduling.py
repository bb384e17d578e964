"""How parallel processes divide the suite: whole modules, the longest first.

A module stays in one process, so what it sets up once is set up once. Tests that take long on their own are handed out
one by one and before all others, so that no process is left with a long one when the rest have finished.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

ONE_BY_ONE = ("tests/stories/",)
# All read the demonstration, which one process loads once for all of them.
TOGETHER = {
    f"tests/demo/test_{name}.py": "tests/demo/test_history.py"
    for name in ("as_at", "inspections", "meetings", "papers", "programme")
}
FIRST = (
    "tests/stories/test_accessibility.py",
    "tests/demo/test_history.py",
    *ONE_BY_ONE,
    "tests/permissions/test_matrix.py",
)


class ModuleScheduling(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.split("::", 1)[0]
        return nodeid if module.startswith(ONE_BY_ONE) else TOGETHER.get(module, module)

    def _assign_work_unit(self, node: object) -> None:
        waiting = (unit for prefix in FIRST for unit in self.workqueue if unit.startswith(prefix))
        if longest := next(waiting, None):
            self.workqueue.move_to_end(longest, last=False)
        super()._assign_work_unit(node)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "module_state(name): the state of the module that the test begins with"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of one module state one after another, in whatever order tests and states come."""
    first: dict[object, int] = {}
    order: dict[pytest.Item, int] = {}
    for place, item in enumerate(items):
        state = item.get_closest_marker("module_state")
        order[item] = first.setdefault((item.path, state.args), place) if state else place
    items.sort(key=order.__getitem__)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ModuleScheduling:
    return ModuleScheduling(config, log)
