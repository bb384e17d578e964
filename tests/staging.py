"""The former place of these names, for tests that still import them from here."""

from tests.support.snapshots import LazySnapshot, Snapshot, reuse_snapshot
from tests.support.snapshots import take_snapshot as played

__all__ = ["Scene", "Snapshot", "Stage", "played"]

Scene = Snapshot
Scene.put_up = Scene.restore
LazySnapshot.put_up = LazySnapshot.restore
Snapshot = LazySnapshot  # type: ignore[misc]


class Stage:
    remembered = staticmethod(reuse_snapshot)
