"""What is peculiar to Ghost publications, over real HTTP against their simulator."""

from datetime import timedelta
from typing import Any, cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks.pieces import document, film, picture
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door, Request
from tidings.networks.base import Access, Outgoing, Profile, Receipt
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected
from tidings.simulators.ghost import ADMIN, GhostSite

GHOST = networks.get("ghost")
TITLED = {"title": "Good morning"}
REFUSALS = [
    Refusal("an article without a title", Outgoing("Hello", options={"title": ""})),
    Refusal("an excerpt of 301 characters", Outgoing("Hello", options={**TITLED, "excerpt": "x" * 301})),
    Refusal("a name of 192 characters in the address", Outgoing("Hello", options={**TITLED, "slug": "x" * 192})),
    Refusal("readers that do not exist", Outgoing("Hello", options={**TITLED, "visibility": "friends"})),
    Refusal("a document", Outgoing("Look", (document(),), TITLED)),
]


@pytest.fixture
def ghost(town: Town) -> GhostSite:
    return cast(GhostSite, town["ghost"])


def case(ghost: GhostSite, door: Door, said: str = "Fresh *rye*.", media: Any = (), **chosen: Any) -> Case:
    return Case(ghost, ghost.access(), Outgoing(said, media, TITLED | chosen), door)


def article(one: Case) -> dict[str, Any]:
    (post,) = one.out().values()
    return cast(dict[str, Any], post)


def speaker(ghost: GhostSite, door: Door) -> Any:
    return GHOST(ghost.access(), door, "connect")


def test_the_publication_is_found_and_its_key_tried(ghost: GhostSite, town: Town, door: Door) -> None:
    found = GHOST.server({"server": f"{ghost.url}/ghost/"}, door)
    grant = speaker(ghost, door).sign_in({"key": " 5f1d:C0FFEE "})
    profile = GHOST(Access(Profile("", "", ""), grant.secrets, found), door, "connect").profile()
    assert (profile.name, profile.url) == ("Harbour News", ghost.url)
    with pytest.raises(Rejected, match="no Ghost"):
        GHOST.server({"server": town["mastodon"].url}, door)


@pytest.mark.parametrize("key", ["5f1d", "5f1d:nothing", ""])
def test_what_is_no_admin_key_is_told(ghost: GhostSite, door: Door, key: str) -> None:
    if key.count(":"):
        with pytest.raises(Rejected, match="no Admin API key"):
            speaker(ghost, door).sign_in({"key": key})
    else:
        grant = speaker(ghost, door).sign_in({"key": key})
        with pytest.raises(Reconnect):
            GHOST(Access(Profile("", "", ""), grant.secrets, ghost.access().server), door, "connect").profile()


def test_newsletters_and_authors_are_looked_up(ghost: GhostSite, door: Door) -> None:
    assert speaker(ghost, door).lookup("newsletter", "bread") == [("daily-bread", "Daily bread")]
    assert speaker(ghost, door).lookup("author", "") == [("1", "Ana"), ("7", "Bo")]


def test_pictures_and_films_stand_where_they_belong(ghost: GhostSite, door: Door) -> None:
    one = case(ghost, door, media=(picture(alt="Rye"), film(), picture(alt="Spelt", name="spelt.jpg")))
    assert one.drive().state == "delivered"
    made = article(one)
    assert (made["feature_image"].endswith("blue.jpg"), made["feature_image_alt"]) == (True, "Rye")
    assert 'alt="Spelt"' in made["html"]
    assert made["html"].index("<em>rye</em>") < made["html"].index("spelt.jpg") < made["html"].index("<video")
    assert made["html"].index("kg-card-begin: html") < made["html"].index("<video")


def test_options_arrive_as_chosen(ghost: GhostSite, door: Door) -> None:
    chosen: dict[str, Any] = {"kind": "pages", "tags": ["bread"], "author": "7", "visibility": "paid", "featured": True,
              "excerpt": "Short", "canonical_url": "https://example.org/rye", "slug": "rye-today", "cover": False}
    one = case(ghost, door, media=(picture(),), **chosen)
    assert cast(Receipt, one.drive().receipt).url == f"{ghost.url}/rye-today/"
    made = article(one)
    assert (made["kind"], made["tags"], made["authors"]) == ("pages", [{"name": "bread"}], [{"id": "7"}])
    assert (made["visibility"], made["featured"], made["custom_excerpt"]) == ("paid", True, "Short")
    assert made["canonical_url"] == "https://example.org/rye"
    assert "feature_image" not in made


@pytest.mark.parametrize(("ends", "told"), [("submitted", False), ("failed", True), ("pending", False)])
def test_an_article_that_is_out_while_its_mail_failed_says_so(
    ghost: GhostSite, door: Door, ends: str, told: bool
) -> None:
    ghost.mail_ends = ends
    one = case(ghost, door, newsletter="weekly")
    outcome = one.drive()
    assert outcome.receipt
    assert (outcome.state, "the mail was not sent" in outcome.receipt.note) == ("delivered", told)
    assert len(ghost.mails) == len(one.out()) == 1


def test_what_does_not_go_with_a_newsletter_is_told_before() -> None:
    alone = check(GHOST, Outgoing("Hello", options={**TITLED, "email_only": True}), {})
    paged = check(GHOST, Outgoing("Hello", options={**TITLED, "newsletter": "weekly", "kind": "pages"}), {})
    assert [problem.where for problem in (*alone, *paged)] == ["newsletter", "newsletter"]


def test_a_long_article_is_counted_in_characters() -> None:
    assert check(GHOST, Outgoing("é" * 500_000, options=TITLED), {}) == []
    assert [problem.where for problem in check(GHOST, Outgoing("é" * 500_001, options=TITLED), {})] == ["text"]


def test_an_answer_of_success_that_left_a_draft_is_gone_for_readers(ghost: GhostSite, door: Door) -> None:
    receipt = cast(Receipt, case(ghost, door).drive().receipt)
    ghost.articles[receipt.id]["status"] = "draft"
    assert speaker(ghost, door).present(receipt) is False


def test_what_is_mailed_only_counts_as_out(ghost: GhostSite, door: Door) -> None:
    one = case(ghost, door, newsletter="weekly", segment="status:free", email_only=True)
    receipt = cast(Receipt, one.drive().receipt)
    assert (article(one)["status"], ghost.mails) == ("sent", [(receipt.id, "weekly", "status:free")])
    assert speaker(ghost, door).present(receipt)


@pytest.mark.parametrize("where", [f"POST {ADMIN}/posts/", f"PUT {ADMIN}/posts/"])
def test_whichever_answer_is_lost_there_is_one_article_and_one_mail(ghost: GhostSite, door: Door, where: str) -> None:
    case(ghost, door).drive()  # so that the name in the address is taken, and the repetition would change it
    one = case(ghost, door, newsletter="weekly")
    ghost.trick("lose", where)
    assert one.drive().state == "delivered"
    assert article(one)["slug"] == "good-morning-2"
    assert (len(ghost.articles), len(ghost.mails)) == (2, 1)


def test_a_draft_that_somebody_changed_meanwhile_is_not_published(ghost: GhostSite, door: Door) -> None:
    one = case(ghost, door)
    ghost.trick("limit", f"PUT {ADMIN}/posts/")
    one.once(Points())
    (draft,) = ghost.articles.values()
    draft["lock"] += 1
    outcome = one.drive()
    assert (outcome.state, one.out()) == ("failed", {})
    assert "Someone else is editing" in outcome.reason


def test_a_proof_is_fresh_and_a_clock_that_is_wrong_is_no_lost_access(ghost: GhostSite, door: Door) -> None:
    ghost.ahead = 301
    outcome = case(ghost, door).once(Points())
    assert (outcome.state, outcome.reconnect) == ("waiting", False)
    assert "maxAge" in outcome.reason


def test_an_integration_that_was_deleted_asks_to_connect_again(ghost: GhostSite, door: Door) -> None:
    ghost.lock_out()
    assert case(ghost, door).once(Points()).reconnect


def test_what_is_taken_back_is_gone_and_a_second_time_is_fine(ghost: GhostSite, door: Door) -> None:
    receipt = cast(Receipt, case(ghost, door).drive().receipt)
    network = speaker(ghost, door)
    network.delete(receipt)
    network.delete(receipt)
    assert (network.present(receipt), ghost.articles) == (False, {})


@pytest.mark.parametrize(
    ("status", "type", "message", "kind"),
    [
        (400, "BadRequestError", "Invalid token", Reconnect),
        (401, "UnauthorizedError", "Unknown Admin API Key", Reconnect),
        (401, "UnauthorizedError", "Invalid token: maxAge exceeded", Later),
        (403, "NoPermissionError", "You do not have permission", Reconnect),
        (403, "HostLimitError", "Your plan supports up to 1 newsletter", Rejected),
        (409, "UpdateCollisionError", "Someone else is editing this post", Rejected),
        (422, "ValidationError", "Validation error", Rejected),
        (500, "EmailError", "Mail is not set up", Rejected),
        (503, "MaintenanceError", "Booting", Later),
    ],
)
def test_its_errors_lead_to_what_we_do(
    status: int, type: str, message: str, kind: type[Reaction], ghost: GhostSite, door: Door
) -> None:
    body, _kind = http.json_body({"errors": [{"message": message, "context": "Title", "type": type, "code": None}]})
    with pytest.raises(kind) as raised:
        speaker(ghost, door).judge(Answer(status, {}, body))
    assert raised.value.reason == f"{message} Title"


# numbers


def measured(ghost: GhostSite, door: Door, *receipts: Receipt) -> Any:
    ghost.seen.clear()
    with clock.shifted(timedelta(hours=5)):
        return GHOST(ghost.access(), door, "measure").measure(receipts)


def put_out(ghost: GhostSite, door: Door, **chosen: Any) -> Receipt:
    return cast(Receipt, case(ghost, door, **chosen).drive().receipt)


def test_posts_and_pages_are_each_asked_for_once(ghost: GhostSite, door: Door) -> None:
    out = [put_out(ghost, door, kind=kind) for kind in ("posts", "pages", "posts", "pages")]
    said = measured(ghost, door, *out)
    assert said.keys() == {receipt.id for receipt in out}
    assert len(ghost.seen) == 2


def test_of_an_article_that_was_not_mailed_no_openings_are_made_up(ghost: GhostSite, door: Door) -> None:
    mailed, plain = put_out(ghost, door, newsletter="weekly"), put_out(ghost, door)
    said = measured(ghost, door, mailed, plain)
    assert said[mailed.id].keys() == {metric.theirs for metric in GHOST.metrics}
    assert said[plain.id].keys() == {"count.signups", "count.paid_conversions"}


def test_where_mails_are_not_followed_their_zeros_are_not_taken_for_numbers(ghost: GhostSite, door: Door) -> None:
    mailed = put_out(ghost, door, newsletter="weekly")
    ghost.watches = False
    said = measured(ghost, door, mailed)
    assert said[mailed.id].keys() == {"email.delivered_count", "count.signups", "count.paid_conversions"}


def test_of_a_member_nothing_but_an_id_is_fetched_to_count_them(ghost: GhostSite, door: Door) -> None:
    answers = []

    def listening(request: Request) -> Answer:
        answers.append(door(request))
        return answers[-1]

    (reading,) = GHOST(ghost.access(), listening, "measure").audience(clock.now().date())
    assert reading.value == ghost.crowd(ghost.url, "meta.pagination.total")
    assert answers[0].json()["members"] == [{"id": "6310"}]
