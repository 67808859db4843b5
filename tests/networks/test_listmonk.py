"""What is peculiar to listmonk, over real HTTP against its simulator."""

from typing import Any, cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks.pieces import film, picture
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door, Request, Transport
from tidings.networks.base import Access, Outgoing, Profile, Receipt
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected, Unsure
from tidings.simulators.listmonk import FRIENDS, ListmonkServer

LISTMONK = networks.get("listmonk")
CHOSEN = {"subject": "Good morning", "list": "3"}
REFUSALS = [
    Refusal("a mail without a subject", Outgoing("Hello", options={**CHOSEN, "subject": ""})),
    Refusal("a film", Outgoing("Look", (film(),), CHOSEN)),
    Refusal("a format that does not exist", Outgoing("Hello", options={**CHOSEN, "format": "fax"})),
]


@pytest.fixture
def listmonk(town: Town) -> ListmonkServer:
    return cast(ListmonkServer, town["listmonk"])


def case(listmonk: ListmonkServer, door: Door, said: str = "Fresh *rye*.", media: Any = (), **chosen: Any) -> Case:
    return Case(listmonk, listmonk.access(), Outgoing(said, media, CHOSEN | chosen), door)


def campaign(one: Case) -> dict[str, Any]:
    (post,) = one.out().values()
    return cast(dict[str, Any], post)


def speaker(listmonk: ListmonkServer, door: Door) -> Any:
    return LISTMONK(listmonk.access(), door, "connect")


def test_the_server_is_found_and_the_token_tried(listmonk: ListmonkServer, town: Town, door: Door) -> None:
    found = LISTMONK.server({"server": f"{listmonk.url}/"}, door)
    grant = speaker(listmonk, door).sign_in({"user": " other ", "token": " token-of-other "})
    profile = LISTMONK(Access(Profile("", "", ""), grant.secrets, found), door, "connect").profile()
    assert profile.handle.startswith("other@")
    wrong = {"user": "other", "token": "token-of-demo"}
    with pytest.raises(Reconnect, match="invalid API credentials"):
        LISTMONK(Access(Profile("", "", ""), wrong, found), door, "connect").profile()
    with pytest.raises(Rejected, match="no listmonk"):
        LISTMONK.server({"server": f"{town['wordpress'].url}/nowhere"}, door)


def test_lists_are_looked_up_with_their_readers_and_templates_for_campaigns_only(
    listmonk: ListmonkServer, door: Door
) -> None:
    one = speaker(listmonk, door)
    readers = listmonk.crowd("demo@news.sim", "subscriber_count") - FRIENDS
    assert one.lookup("list", "re") == [("3", f"Readers ({readers})")]
    assert one.lookup("template", "") == [("1", "Default"), ("6", "Harbour")]


def test_pictures_are_kept_by_listmonk_and_stand_in_the_mail(listmonk: ListmonkServer, door: Door) -> None:
    one = case(listmonk, door, media=(picture(alt="Rye"),))
    assert one.drive().state == "delivered"
    body = campaign(one)["body"]
    assert f'<img src="{listmonk.url}/uploads/1-blue.jpg" alt="Rye">' in body
    assert "<em>rye</em>" in body


def test_options_arrive_as_chosen(listmonk: ListmonkServer, door: Door) -> None:
    chosen: dict[str, Any] = {"list": "4", "template": "6", "preview": "Rye & salt", "from": "Ana <ana@example.org>",
              "tags": ["bread"], "archive": True}
    one = case(listmonk, door, **chosen)
    receipt = cast(Receipt, one.drive().receipt)
    made = campaign(one)
    assert receipt.url == f"{listmonk.url}/archive/{made['uuid']}"
    assert (made["lists"], made["template_id"], made["tags"]) == ([4], 6, ["bread"])
    assert (made["from_email"], made["archive"], made["type"]) == ("Ana <ana@example.org>", True, "regular")
    assert made["body"].startswith('<div style="display:none">Rye &amp; salt</div>')


@pytest.mark.parametrize(("kind", "body"), [
    ("html", "<p>Fresh <em>rye</em>, {{ .Subscriber.Name }}.</p>\n"),
    ("markdown", "Fresh *rye*, {{ .Subscriber.Name }}."),
    ("plain", "Fresh *rye*, {{ .Subscriber.Name }}."),
])
def test_the_format_is_the_authors_choice(listmonk: ListmonkServer, door: Door, kind: str, body: str) -> None:
    one = case(listmonk, door, "Fresh *rye*, {{ .Subscriber.Name }}.", format=kind)
    assert one.drive().state == "delivered"
    assert (campaign(one)["content_type"], campaign(one)["body"]) == (kind, body)


def test_characters_are_counted_as_they_are() -> None:
    fits = "\N{THUMBS UP SIGN}" * 500_000
    assert check(LISTMONK, Outgoing(fits, options=CHOSEN), {}) == []
    assert [problem.where for problem in check(LISTMONK, Outgoing(f"{fits}!", options=CHOSEN), {})] == ["text"]


def test_what_a_mail_or_plain_text_cannot_hold_is_told_before() -> None:
    moving = check(LISTMONK, Outgoing("Look", (film(),), CHOSEN), {})
    plain = check(LISTMONK, Outgoing("Look", (picture(),), {**CHOSEN, "format": "plain", "preview": "x"}), {})
    assert [problem.where for problem in (*moving, *plain)] == ["media", "media", "preview"]


def test_a_list_that_nobody_reads_is_no_success(listmonk: ListmonkServer, door: Door) -> None:
    outcome = case(listmonk, door, list="5").drive()
    assert (outcome.state, outcome.reason) == ("failed", "Nobody is on this list.")
    assert listmonk.campaigns == {}


def test_an_expression_that_is_not_closed_is_told(listmonk: ListmonkServer, door: Door) -> None:
    outcome = case(listmonk, door, "Dear {{ .Subscriber.Name").drive()
    assert (outcome.state, listmonk.posts) == ("failed", {})
    assert "unclosed action" in outcome.reason


@pytest.mark.parametrize("where", ["POST /api/campaigns", "PUT /api/campaigns"])
def test_whichever_answer_is_lost_there_is_one_campaign(listmonk: ListmonkServer, door: Door, where: str) -> None:
    one = case(listmonk, door)
    listmonk.trick("lose", where)
    assert one.drive().state == "delivered"
    assert len(listmonk.campaigns) == len(one.out()) == 1


def test_a_campaign_that_somebody_cancelled_meanwhile_is_not_started_again(
    listmonk: ListmonkServer, door: Door
) -> None:
    one = case(listmonk, door)
    listmonk.trick("lose", "PUT /api/campaigns")
    one.once(Points())
    campaign(one)["status"] = "cancelled"
    assert one.drive().state == "delivered"
    assert campaign(one)["status"] == "cancelled"


def test_taking_back_stops_what_runs_and_a_second_time_is_fine(listmonk: ListmonkServer, door: Door) -> None:
    one = case(listmonk, door)
    receipt = cast(Receipt, one.drive().receipt)
    campaign(one)["status"] = "paused"
    network = speaker(listmonk, door)
    network.delete(receipt)
    network.delete(receipt)
    assert listmonk.requests("PUT /api/campaigns") == 2
    assert (network.present(receipt), listmonk.campaigns) == (False, {})


def test_who_may_not_send_is_asked_to_connect_again(listmonk: ListmonkServer, door: Door) -> None:
    one = Case(listmonk, listmonk.access("reader"), Outgoing("Hello", options=CHOSEN), door)
    outcome = one.once(Points())
    assert outcome.reconnect
    assert "campaigns:manage" in outcome.reason


def test_a_user_that_was_deleted_asks_to_connect_again(listmonk: ListmonkServer, door: Door) -> None:
    one = case(listmonk, door)
    listmonk.lock_out()
    outcome = one.once(Points())
    assert (outcome.reconnect, outcome.reason, listmonk.campaigns) == (True, "invalid API credentials", {})
    assert not LISTMONK.has("renew")


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (400, "Invalid list IDs.", Rejected),
        (401, "invalid session", Reconnect),
        (403, "permission denied: campaigns:send", Reconnect),
        (404, "Campaign not found.", Rejected),
        (429, "Slow down", Later),
        (500, "Error creating campaign", Unsure),
    ],
)
def test_its_errors_lead_to_what_we_do(
    status: int, message: str, kind: type[Reaction], listmonk: ListmonkServer, door: Door
) -> None:
    body, _kind = http.json_body({"message": message})
    with pytest.raises(kind) as raised:
        speaker(listmonk, door).judge(Answer(status, {}, body))
    assert raised.value.reason == message


# numbers


def measuring(listmonk: ListmonkServer, door: Transport, account: str = "demo") -> Any:
    return LISTMONK(listmonk.access(account), door, "measure")


def test_numbers_come_without_the_text_of_the_mail(listmonk: ListmonkServer, door: Door) -> None:
    receipt, answers = cast(Receipt, case(listmonk, door).drive().receipt), []

    def listening(request: Request) -> Answer:
        answers.append(door(request))
        return answers[-1]

    said = measuring(listmonk, listening).measure([receipt])
    assert said[receipt.id].keys() == {"sent", "views", "clicks", "bounces"}
    assert [answer.json()["data"]["body"] for answer in answers] == [""]


@pytest.mark.parametrize("status", [400, 404])
def test_a_campaign_that_is_not_there_is_passed_over(listmonk: ListmonkServer, door: Door, status: int) -> None:
    receipt = cast(Receipt, case(listmonk, door).drive().receipt)
    listmonk.missing = status
    listmonk.drop(receipt.id)
    assert measuring(listmonk, door).measure([receipt]) == {}


def test_who_may_not_ask_is_told_to_connect_again(listmonk: ListmonkServer, door: Door) -> None:
    receipt = cast(Receipt, case(listmonk, door).drive().receipt)
    listmonk.lock_out()
    with pytest.raises(Reconnect, match="invalid API credentials"):
        measuring(listmonk, door).measure([receipt])


def test_the_readers_of_all_lists_are_added_up(listmonk: ListmonkServer, door: Door) -> None:
    (reading,) = measuring(listmonk, door).audience(clock.now().date())
    assert reading.value == listmonk.crowd("demo@news.sim", "subscriber_count")
