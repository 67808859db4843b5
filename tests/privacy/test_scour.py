"""PostgreSQL keeps what is deleted for whoever may still look back: nothing is called gone before they have ended."""

import psycopg
import pytest
from django.db import connection

from tidings.privacy import scour
from tidings.workspaces.models import Workspace

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite overwrites what it deletes"),
]
LOOKS_BACK, CHANGES, DONE = "SELECT 1", "SELECT pg_current_xact_id()", "COMMIT"


@pytest.mark.parametrize(
    ("begun", "elsewhere", "waited_for"),
    [(LOOKS_BACK, False, True), (CHANGES, False, True), (CHANGES, True, True), (LOOKS_BACK, True, False),
     (DONE, False, False)],
)  # fmt: skip
def test_whoever_may_hold_back_what_is_deleted_is_waited_for(
    begun: str, elsewhere: bool, waited_for: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = connection.get_connection_params() | ({"dbname": "postgres"} if elsewhere else {})
    with psycopg.connect(**reached) as other:
        other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        other.execute(begun)
        Workspace.objects.create(name="gone", slug="gone").delete()
        with monkeypatch.context() as soon:
            if waited_for:
                soon.setattr(scour, "LOOKS", 1)
            assert scour.scour() is not waited_for
    assert scour.scour()
