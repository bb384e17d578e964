"""The former names of the factories and of the snapshot cache, for tests that still use them."""

from typing import Any

from tests.cast import cast_snapshot
from tests.factories import (
    ActionFactory,
    ClosureProposalFactory,
    InspectionFactory,
    RecommendationFactory,
    close_action,
    district_parts,
)
from tests.support.snapshots import reuse_snapshot


class stage:  # noqa: N801
    remembered = staticmethod(reuse_snapshot)


class snapshot:  # noqa: N801
    put_up = cast_snapshot.restore


def unallocated(cast: Any, ref: str = "WY20-01", **fields: Any) -> Any:
    return ActionFactory(cast=cast, unallocated=True, ref=ref, **fields)


def allocated(cast: Any, ref: str = "WY20-01", **fields: Any) -> Any:
    return ActionFactory(cast=cast, allocated=True, ref=ref, **fields)


def under_way(cast: Any, ref: str = "WY20-01", **fields: Any) -> Any:
    return ActionFactory(cast=cast, in_progress=True, ref=ref, **fields)


def submitted(cast: Any, ref: str = "WY20-01", **fields: Any) -> Any:
    return ActionFactory(cast=cast, awaiting_assurance=True, ref=ref, **fields)


def divided(cast: Any, parts: Any = None, ref: str = "WY20-01", **fields: Any) -> Any:
    chosen = {"parts": parts} if parts else {}
    return ActionFactory(cast=cast, by_districts=True, ref=ref, **chosen, **fields)


def proposed(cast: Any, action: Any, superseded_by: Any = None) -> Any:
    return ClosureProposalFactory(cast=cast, action=action, superseded_by=superseded_by)


closed_by_board = close_action
parts_of = district_parts


def inspected(cast: Any, **fields: Any) -> Any:
    return InspectionFactory(cast=cast, **fields)


def finding(cast: Any, inspection: Any = None, **fields: Any) -> Any:
    chosen = {"inspection": inspection} if inspection else {}
    return RecommendationFactory(cast=cast, **chosen, **fields)
