"""How parallel processes share the suite: whole modules, the longest work first.

A module stays in one process, so what it sets up once is set up once. Tests that take long on their own are dealt out
one by one and before all others, so that no process is left with a long one when the rest are done.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

ONE_BY_ONE = ("tests/stories/",)
# Both read the demonstration, which one process loads once for both.
TOGETHER = {"tests/demo/test_inspections.py": "tests/demo/test_history.py"}
FIRST = (
    "tests/stories/test_accessibility.py",
    "tests/demo/test_history.py",
    *ONE_BY_ONE,
    "tests/permissions/test_matrix.py",
)


class Sharing(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.split("::", 1)[0]
        return nodeid if module.startswith(ONE_BY_ONE) else TOGETHER.get(module, module)

    def _assign_work_unit(self, node: object) -> None:
        waiting = (unit for prefix in FIRST for unit in self.workqueue if unit.startswith(prefix))
        if longest := next(waiting, None):
            self.workqueue.move_to_end(longest, last=False)
        super()._assign_work_unit(node)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "scene(name): what the test begins with, put up once for all that do")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Play the tests of one scene one after another, in whatever order tests and scenes come."""
    first: dict[object, int] = {}
    order: dict[pytest.Item, int] = {}
    for place, item in enumerate(items):
        scene = item.get_closest_marker("scene")
        order[item] = first.setdefault((item.path, scene.args), place) if scene else place
    items.sort(key=order.__getitem__)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Sharing:
    return Sharing(config, log)
