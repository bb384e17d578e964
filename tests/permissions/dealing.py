"""Which cells of an address are worth a request each, where what answers one answers others.

A HEAD is answered by what answers a GET, so it is asked once for each answer that a GET has. A method that an address does
not have is refused before anybody looks who asks, so of these each role asks with one, in turn, and each is asked by
several. All else is asked as every role.
"""

from collections.abc import Iterable
from itertools import groupby

from tests.permissions.matrix import METHODS, ROLES, Cell

ANONYMOUS = "anonymous"


def dealt(cells: Iterable[Cell], roles: tuple[str, ...]) -> list[Cell]:
    """Return the cells that are asked for: every role, every method and every answer is among them."""
    by_method = {method: _row(cells, method) for method in METHODS}
    missing = [method for method, row in by_method.items() if _is_missing(row)]
    found = []
    for method, row in by_method.items():
        here = {role: cell for role, cell in row.items() if role in roles}
        if method in missing:
            found += [
                cell
                for role, cell in here.items()
                if role == ANONYMOUS or missing[ROLES.index(role) % len(missing)] == method
            ]
        elif method == "HEAD":
            found += _one_of_each_answer(here.values())
        else:
            found += here.values()
    return found


def _row(cells: Iterable[Cell], method: str) -> dict[str, Cell]:
    return {cell.role: cell for cell in cells if cell.method == method}


def _is_missing(row: dict[str, Cell]) -> bool:
    """Whoever is signed in is told that there is no such method; elsewhere than at the API a token signs nobody in."""
    signed_in = {cell.status for cell in row.values() if cell.status != row[ANONYMOUS].status}
    return signed_in == {405} or {cell.status for cell in row.values()} == {405}


def _one_of_each_answer(cells: Iterable[Cell]) -> list[Cell]:
    """One of those who get it, not the same at every address."""
    by_status = groupby(sorted(cells, key=lambda cell: cell.status), key=lambda cell: cell.status)
    answers = [list(alike) for _, alike in by_status]
    return [alike[len(alike[0].route) % len(alike)] for alike in answers]
