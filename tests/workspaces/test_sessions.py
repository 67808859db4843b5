"""An update that seals sessions in another way leaves none behind that nobody can open."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tidings.core import clock

BEFORE = ("workspaces", "0002_privacy")


@pytest.mark.django_db(transaction=True)
def test_sessions_of_before_the_update_are_ended_by_it() -> None:
    MigrationExecutor(connection).migrate([BEFORE])
    try:
        Session.objects.create(session_key="k" * 32, session_data="sealed as before", expire_date=clock.now())
    finally:
        forward = MigrationExecutor(connection)
        forward.migrate(forward.loader.graph.leaf_nodes())  # of every app: later tests want the newest tables
    assert not Session.objects.exists()
