"""An update that seals sessions in another way leaves none behind that nobody can open."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tidings.core import clock

BEFORE, AFTER = ("workspaces", "0002_privacy"), ("workspaces", "0003_sessions_anew")


@pytest.mark.django_db(transaction=True)
def test_sessions_of_before_the_update_are_ended_by_it() -> None:
    MigrationExecutor(connection).migrate([BEFORE])
    try:
        Session.objects.create(session_key="k" * 32, session_data="sealed as before", expire_date=clock.now())
    finally:
        MigrationExecutor(connection).migrate([AFTER])
    assert not Session.objects.exists()
