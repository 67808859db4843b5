"""What is peculiar to WordPress sites, over real HTTP against their simulator."""

import base64
from datetime import timedelta
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks.pieces import document, film, picture
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door
from tidings.networks.base import Access, Outgoing, Profile, Receipt, Site
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected
from tidings.simulators.wordpress import PASSWORD, WordPressSite

SITE = Site("Tidings", "https://tidings.example", "https://tidings.example/connect/callback")
WORDPRESS = networks.get("wordpress")
TITLED = {"title": "Good morning"}
REFUSALS = [
    Refusal("an article of nothing", Outgoing("", options={"title": ""})),
    Refusal("a film of a type it does not keep", Outgoing("Look", (film(mime="video/x-matroska"),), TITLED)),
    Refusal("a document", Outgoing("Look", (document(),), TITLED)),
    Refusal("a status that does not exist", Outgoing("Look", options={**TITLED, "status": "loud"})),
]


@pytest.fixture
def site(town: Town) -> WordPressSite:
    return cast(WordPressSite, town["wordpress"])


def case(site: WordPressSite, door: Door, said: str = "Fresh *rye*.", media: Any = (), **chosen: Any) -> Case:
    return Case(site, site.access(), Outgoing(said, media, TITLED | chosen), door)


def article(one: Case) -> dict[str, Any]:
    (post,) = one.out().values()
    return cast(dict[str, Any], post)


# connecting


def server(site: WordPressSite, door: Door) -> Any:
    return WORDPRESS.server({"server": site.url}, door)


def test_the_site_is_found_with_and_without_pretty_addresses(site: WordPressSite, door: Door) -> None:
    assert server(site, door)["api"] == f"{site.url}/wp-json"
    site.pretty = False
    assert server(site, door)["api"] == f"{site.url}/?rest_route="


def test_where_there_is_no_such_site_it_is_said(town: Town, door: Door) -> None:
    with pytest.raises(Rejected, match="no WordPress site"):
        WORDPRESS.server({"server": town["mastodon"].url}, door)


def test_a_person_approves_on_their_site_and_comes_back_with_a_password_for_us(
    site: WordPressSite, door: Door
) -> None:
    found = server(site, door)
    pending = WORDPRESS.leave(found, None, SITE)
    body, kind = http.form({"answer": "allow"})
    back = door(http.Request("POST", pending.url, "connect", kind, body)).headers["location"]
    assert back.startswith(SITE.redirect_uri)
    query = dict(parse_qsl(urlsplit(back).query))
    grant = WORDPRESS.arrive(found, None, door, pending.keep, query)
    assert ("demo", grant.secrets["password"]) in site.passwords - {("demo", PASSWORD)}
    with pytest.raises(Rejected):
        WORDPRESS.arrive(found, None, door, pending.keep, query | {"state": "another"})


def test_who_connects_again_is_not_stopped_by_the_name_of_the_first_password(site: WordPressSite, door: Door) -> None:
    body, kind = http.form({"answer": "allow"})
    for _ in range(2):
        url = WORDPRESS.leave(server(site, door), None, SITE).url
        assert "password=" in door(http.Request("POST", url, "connect", kind, body)).headers["location"]


def test_who_says_no_is_not_connected(site: WordPressSite, door: Door) -> None:
    pending = WORDPRESS.leave(server(site, door), None, SITE)
    with pytest.raises(Rejected, match="not granted"):
        WORDPRESS.arrive({}, None, door, pending.keep, {"state": pending.keep["state"], "success": "false"})


def speaker(site: WordPressSite, door: Door, user: str = "demo", password: str = PASSWORD) -> Any:
    secrets = {"user": user, "password": password}
    return WORDPRESS(Access(Profile("", "", ""), secrets, server(site, door)), door, "connect")


def test_it_is_known_who_it_is(site: WordPressSite, door: Door) -> None:
    found = speaker(site, door).profile()
    assert (found.handle, found.name) == (f"demo@{urlsplit(site.url).netloc}", "Harbour News")


def test_who_may_only_read_or_has_a_wrong_password_is_told(site: WordPressSite, door: Door) -> None:
    with pytest.raises(Rejected, match="may not publish"):
        speaker(site, door, "reader").profile()
    with pytest.raises(Reconnect):
        speaker(site, door, password="wrong").profile()


def test_a_password_that_is_given_back_is_dead(site: WordPressSite, door: Door) -> None:
    one = speaker(site, door)
    one.revoke()
    with pytest.raises(Reconnect):
        one.profile()


def test_kinds_and_categories_are_looked_up(site: WordPressSite, door: Door) -> None:
    one = speaker(site, door)
    assert one.lookup("type", "") == [("posts", "Posts"), ("pages", "Pages")]
    assert one.lookup("category", "bre") == [("7", "Bread")]


# publishing


def test_markdown_becomes_html_and_raw_html_stays_text(site: WordPressSite, door: Door) -> None:
    one = case(site, door, "## Rye\n\nFresh *today* <script>alert(1)</script>")
    assert one.drive().state == "delivered"
    content = article(one)["content"]
    assert "<h2>Rye</h2>" in content
    assert "<em>today</em>" in content
    assert "<script>" not in content


def test_the_first_picture_stands_above_the_others_in_the_text(site: WordPressSite, door: Door) -> None:
    one = case(site, door, media=(picture(alt="Rye"), picture(alt='Spelt "new"'), film()))
    assert one.drive().state == "delivered"
    made = article(one)
    assert site.media[str(made["featured_media"])]["alt"] == "Rye"
    assert made["content"].count("<img") == 1
    assert 'alt="Spelt &quot;new&quot;"' in made["content"]
    assert "<video controls" in made["content"]


def test_options_arrive_as_chosen(site: WordPressSite, door: Door) -> None:
    site.tags["Rye"] = 3
    chosen: dict[str, Any] = {
        "type": "pages", "category": "7", "tags": ["rye", "New"], "excerpt": "Short", "slug": "bread-today",
        "sticky": True, "comments": False, "status": "private",
    }
    one = case(site, door, **chosen)
    assert one.drive().state == "delivered"
    made = article(one)
    assert (made["kind"], made["status"], made["slug"], made["excerpt"]) == ("pages", "private", "bread-today", "Short")
    assert (made["categories"], made["tags"]) == ([7], [3, site.tags["New"]])
    assert (made["sticky"], made["comment_status"]) == (True, "closed")


def test_without_a_name_of_its_own_the_address_is_made_from_the_title(site: WordPressSite, door: Door) -> None:
    first, second = case(site, door), case(site, door)
    ends = [one.drive().receipt for one in (first, second)]
    assert [cast(Receipt, end).url for end in ends] == [f"{site.url}/good-morning/", f"{site.url}/good-morning-2/"]


def test_a_title_of_signs_only_leads_to_the_number(site: WordPressSite, door: Door) -> None:
    one = case(site, door, title="???")
    assert cast(Receipt, one.drive().receipt).url == f"{site.url}/{article(one)['id']}/"


def test_signs_of_html_in_title_and_excerpt_stay_text(site: WordPressSite, door: Door) -> None:
    one = case(site, door, title="1 < 2 & <script>", excerpt="a <i> & b")
    assert one.drive().state == "delivered"
    assert (article(one)["title"], article(one)["excerpt"]) == ("1 &lt; 2 &amp; &lt;script&gt;", "a &lt;i&gt; &amp; b")


def test_a_picture_keeps_its_name(site: WordPressSite, door: Door) -> None:
    assert case(site, door, media=(picture(name='Grüße "北京".jpg'),)).drive().state == "delivered"
    assert [kept["name"] for kept in site.media.values()] == ["Grüße 北京.jpg"]


def test_characters_are_counted_as_they_are() -> None:
    assert check(WORDPRESS, Outgoing("\N{THUMBS UP SIGN}" * 500_000, options=TITLED), {}) == []
    assert [problem.where for problem in check(WORDPRESS, Outgoing("x" * 500_001, options=TITLED), {})] == ["text"]


def test_a_title_is_asked_for() -> None:
    assert [problem.where for problem in check(WORDPRESS, Outgoing("Words"), {})] == ["title"]


def test_a_second_part_is_not_taken() -> None:
    (problem,) = check(WORDPRESS, Outgoing("More", options=TITLED, position=1), {})
    assert "one part only" in problem.message


def test_what_a_site_holds_for_review_is_not_called_published(site: WordPressSite, door: Door) -> None:
    site.moderated = True
    one = case(site, door)
    outcome = one.drive()
    assert (outcome.state, one.out()) == ("failed", {})
    assert "pending" in outcome.reason


@pytest.mark.parametrize(("status", "word"), [("draft", "draft"), ("pending", "review"), ("publish", "")])
def test_what_is_kept_there_unpublished_as_the_author_wished_says_so(
    site: WordPressSite, door: Door, status: str, word: str
) -> None:
    receipt = case(site, door, status=status).drive().receipt
    assert receipt
    assert (word in receipt.note) == bool(receipt.note or not word)
    assert bool(receipt.note) == bool(word)


# exactly once


@pytest.mark.parametrize("where", ["POST /wp-json/wp/v2/posts", "POST /wp-json/wp/v2/posts/1"])
def test_whichever_answer_is_lost_there_is_one_article_and_no_draft_beside_it(
    site: WordPressSite, door: Door, where: str
) -> None:
    one = case(site, door)
    site.trick("lose", where)
    assert one.drive().state == "delivered"
    assert len(one.out()) == len(site.articles) == 1


def test_a_repeated_publishing_changes_nothing(site: WordPressSite, door: Door) -> None:
    one = case(site, door)
    site.trick("broken", "POST /wp-json/wp/v2/posts/")
    one.once(Points())
    before = article(one)["slug"]
    assert one.drive().state == "delivered"
    assert article(one)["slug"] == before


# answers


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, {"code": "rest_cannot_create", "message": "Sorry"}, Reconnect),
        (401, {"code": "rest_not_logged_in", "message": "You are not currently logged in."}, Reconnect),
        (403, {"code": "rest_cannot_create", "message": "Sorry, this kind is not for you"}, Rejected),
        (500, {"code": "rest_upload_unknown_error", "message": "The uploaded file exceeds"}, Rejected),
        (403, {"code": "rest_forbidden", "message": "Sorry"}, Reconnect),
        (404, {"code": "rest_no_route", "message": "No route"}, Reconnect),
        (400, {"code": "rest_invalid_param", "message": "Invalid parameter(s): status"}, Rejected),
        (413, {"code": "rest_upload_file_too_big", "message": "Too big"}, Rejected),
        (500, {"code": "rest_upload_sideload_error", "message": "Not this type"}, Rejected),
        (429, {"code": "", "message": "Slow down"}, Later),
    ],
)
def test_its_errors_lead_to_what_we_do(
    status: int, body: dict[str, str], kind: type[Reaction], site: WordPressSite, door: Door
) -> None:
    raw, _headers = http.json_body(body)
    with pytest.raises(kind):
        speaker(site, door).judge(Answer(status, {}, raw))


def test_the_password_goes_along_with_every_call_and_nowhere_else(site: WordPressSite, door: Door) -> None:
    case(site, door).drive()
    expected = base64.b64encode(f"demo:{PASSWORD}".encode()).decode()
    assert {seen.headers["authorization"] for seen in site.seen} == {f"Basic {expected}"}
    assert not any(PASSWORD in seen.path for seen in site.seen)


def test_what_is_taken_back_goes_into_the_bin_and_a_second_time_is_fine(site: WordPressSite, door: Door) -> None:
    one = case(site, door)
    receipt = cast(Receipt, one.drive().receipt)
    network = WORDPRESS(site.access(), door, "publish")
    network.delete(receipt)
    network.delete(receipt)
    assert not one.out()
    assert network.present(receipt) is False


# numbers


def measured(site: WordPressSite, door: Door, receipt: Receipt | None) -> Any:
    assert receipt
    with clock.shifted(timedelta(hours=5)):
        return WORDPRESS(site.access(), door, "measure").measure([receipt])


@pytest.mark.parametrize("pretty", [True, False])
def test_comments_are_counted_at_both_kinds_of_address(site: WordPressSite, door: Door, pretty: bool) -> None:
    site.pretty = pretty
    receipt = case(site, door).drive().receipt
    (numbers,) = measured(site, door, receipt).values()
    assert numbers.keys() == {"comments"}
    assert numbers["comments"] > 0


def test_an_article_in_the_bin_or_gone_for_good_has_no_numbers(site: WordPressSite, door: Door) -> None:
    receipt = case(site, door).drive().receipt
    assert receipt
    WORDPRESS(site.access(), door, "delete").delete(receipt)
    assert measured(site, door, receipt) == {receipt.id: None}
    del site.articles[receipt.id]
    assert measured(site, door, receipt) == {receipt.id: None}


def test_a_site_that_hides_its_comments_is_not_told_to_connect_again(site: WordPressSite, door: Door) -> None:
    receipt = case(site, door).drive().receipt
    site.discusses = False
    with pytest.raises(Rejected, match="nothing to count"):
        measured(site, door, receipt)


def test_where_the_total_is_not_told_nothing_is_made_up(site: WordPressSite, door: Door) -> None:
    receipt = case(site, door).drive().receipt
    site.totals = False
    assert measured(site, door, receipt) == {}


# messages


def heard(site: WordPressSite, door: Door) -> Any:
    return WORDPRESS(site.access(), door, "inbox").inbox(clock.now() - timedelta(hours=1), [])


def commented(site: WordPressSite, door: Door, words: str = "I like *rye*.") -> Any:
    post = case(site, door).drive().receipt
    assert post
    id = site.remark(words, on=post.id)
    return next(one for one in heard(site, door) if one.receipt.id == id)


def answered(site: WordPressSite, door: Door, message: Any, said: str = "So do I") -> Case:
    return Case(site, site.access(), Outgoing(said, reply_to=message.receipt, position=1), door)


def test_a_comment_is_plain_text_with_its_signs(site: WordPressSite, door: Door) -> None:
    assert commented(site, door, "1 < 2 & that's all").text == "1 < 2 & that’s all"


def test_a_comment_is_heard_once_it_is_approved_days_later(site: WordPressSite, door: Door) -> None:
    message = commented(site, door)
    site.held.add(message.receipt.id)
    assert heard(site, door) == []
    site.held.clear()
    with clock.shifted(timedelta(days=6)):
        assert [one.text for one in heard(site, door)] == ["I like *rye*."]


def test_comments_are_read_page_by_page_the_newest_first_and_not_without_end(site: WordPressSite, door: Door) -> None:
    post = case(site, door).drive().receipt
    assert post
    ids = [site.remark(f"Comment {n}", on=post.id) for n in range(320)]
    site.seen.clear()
    assert {one.receipt.id for one in heard(site, door)} == set(ids[-300:])
    assert site.requests("GET /wp-json/wp/v2/comments") == 3


def test_an_answer_is_words_that_need_no_title_and_signs_of_html_in_it_stay_text(
    site: WordPressSite, door: Door
) -> None:
    message = commented(site, door)
    one = answered(site, door, message, "Use <b> & \"rye\" - it's best")
    assert check(WORDPRESS, one.outgoing, {}) == []
    assert one.drive().state == "delivered"
    assert max(heard(site, door), key=lambda one: one.at).text == "Use <b> & \"rye\" – it’s best"


@pytest.mark.parametrize("said", ["So do I", "It's so - isn't it?"])
def test_an_answer_whose_answer_was_lost_is_known_by_where_it_stands_and_what_it_says(
    site: WordPressSite, door: Door, said: str
) -> None:
    one = answered(site, door, commented(site, door), said)
    site.trick("lose", "POST /wp-json/wp/v2/comments")
    assert one.drive().state == "delivered"
    assert len(one.out()) == 1


def test_an_answer_that_waits_for_approval_says_so(site: WordPressSite, door: Door) -> None:
    one = answered(site, door, commented(site, door))
    site.holds = True
    receipt = one.drive().receipt
    assert receipt
    assert "approval" in receipt.note


def test_an_answer_can_be_taken_back(site: WordPressSite, door: Door) -> None:
    receipt = answered(site, door, commented(site, door)).drive().receipt
    assert receipt
    network = WORDPRESS(site.access(), door, "publish")
    assert network.present(receipt)
    network.delete(receipt)
    assert not network.present(receipt)


def test_a_site_that_hides_its_comments_says_so_and_goes_on_publishing(site: WordPressSite, door: Door) -> None:
    site.discusses = False
    with pytest.raises(Rejected, match="shows programs no comments"):
        heard(site, door)
