"""Whatever changes something is sent by a form of our own pages."""

import pytest
from django.test import Client

from tests.permissions.routes import address
from tests.permissions.scene import victim
from tests.permissions.table import DJANGO
from tests.permissions.visit import undone

pytestmark = [pytest.mark.django_db, pytest.mark.alike]
ELSEWHERE = {"connect/<network>/<wish>"}  # networks' servers tell us something; they sign it


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_is_done_without_the_csrf_token(method: str) -> None:
    scene, found = victim(), {}
    client = Client(enforce_csrf_checks=True)
    client.force_login(scene.owner.user)
    before = scene.checksum()
    for route in DJANGO:
        with undone():
            answer = client.generic(method, address(route, scene.ids))
        if answer.status_code not in (403, 404, 405) and route not in ELSEWHERE:
            found[route] = answer.status_code
    assert found == {}
    assert scene.checksum() == before
