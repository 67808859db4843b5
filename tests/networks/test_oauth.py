"""What a token endpoint says of a refusal, and what becomes of it."""

import json
from typing import Any

import pytest

from tidings.core.http import Answer, Request
from tidings.networks.base import App, Endpoints
from tidings.networks.errors import Reaction, Reconnect, Rejected, Unsure
from tidings.networks.oauth import Flow


def reaction_to(said: Any, status: int = 400) -> Reaction:
    """What a refresh raises when the token endpoint answers this."""

    def door(request: Request) -> Answer:
        return Answer(status, {}, json.dumps(said).encode())

    flow = Flow(Endpoints("https://there.example/authorize", "https://there.example/token"), App("us"), door)
    with pytest.raises(Reaction) as raised:
        flow.refresh({"refresh_token": "old"})
    return raised.value


@pytest.mark.parametrize(("said", "reason"), [
    ({"error": {"message": "Invalid code.", "type": "OAuthException", "code": 100}}, "Invalid code."),
    ({"error": "invalid_request", "error_description": "No such code."}, "No such code."),
    ({"error": "invalid_request"}, "invalid_request"),
    ({"error": {"code": 100}}, "The network refused this (HTTP 400)."),
    (["what?"], "The network refused this (HTTP 400)."),
])  # fmt: skip
def test_a_refusal_is_told_in_the_networks_own_words_however_they_are_wrapped(said: Any, reason: str) -> None:
    refused = reaction_to(said)

    assert type(refused) is Rejected
    assert refused.reason == reason


def test_a_grant_that_has_ended_asks_to_connect_again() -> None:
    ended = reaction_to({"error": "invalid_grant", "error_description": "The token was revoked."})

    assert type(ended) is Reconnect
    assert ended.reason == "The token was revoked."


@pytest.mark.parametrize("error", ["invalid_client", "unauthorized_client"])
def test_app_credentials_that_are_not_accepted_are_called_so(error: str) -> None:
    assert "does not accept this instance's app credentials" in reaction_to({"error": error}, 401).reason


def test_a_fault_of_the_network_is_no_refusal() -> None:
    assert type(reaction_to({"error": {"message": "Please try again."}}, 500)) is Unsure
