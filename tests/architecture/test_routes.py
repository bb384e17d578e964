"""Nothing is served that the permission matrix does not speak of."""

from collections import Counter

from tests.permissions.matrix import MATRIX, METHODS, ROLES
from tests.permissions.routes import routes

KEYS = [route.key for route in routes() if not route.is_admin]


def test_every_address_has_a_name_of_its_own() -> None:
    assert [key for key, times in Counter(KEYS).items() if times > 1 or not key] == []


def test_every_route_method_and_role_is_in_the_matrix_once() -> None:
    counts = Counter((cell.route, cell.method, cell.role) for cells in MATRIX.values() for cell in cells)
    expected = {(key, method, role) for key in KEYS for method in METHODS for role in ROLES}
    assert sorted(expected - counts.keys()) == [], "addresses, methods or roles without a row"
    assert sorted(counts.keys() - expected) == [], "rows of addresses that are not there"
    assert [cell for cell, times in counts.items() if times > 1] == [], "rows told twice"


def test_the_matrix_lets_no_anonymous_visitor_change_anything() -> None:
    """Without a session or a token only sign-in pages and the token endpoint take a form, and the answer is no change.

    The link of a mail carries a signed token of its own: mail programs unsubscribe with it (RFC 8058), and a client's
    organisation takes the secret.
    """
    open_forms = {
        cell.route
        for cells in MATRIX.values()
        for cell in cells
        if cell.role == "anonymous" and cell.method == "POST" and cell.status not in {302, 401, 405}
    }
    assert open_forms == {
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_from_key",
        "oauth-token",
        "desk:unsubscribe",
        "partners:client-secret-claim",
        "sign_on",
    }


def test_the_matrix_shows_no_action_to_another_partnership() -> None:
    outsiders = {"stranger", "observer", "former_spoc", "administrator", "leicestershire_manager", "foreign"}
    cells_of_outsiders = [
        cell
        for cells in MATRIX.values()
        for cell in cells
        if cell.role in outsiders
        and cell.route.startswith(("actions:action", "api:action", "api:update", "actions:evidence"))
        and not cell.route.startswith("api:action-mapping")
        and cell.route not in {"actions:action-list", "actions:action-bulk", "api:action-list"}
        and not cell.route.startswith("actions:action-export")
        and cell.status not in {302, 401, 404, 405}
    ]
    assert cells_of_outsiders == []
