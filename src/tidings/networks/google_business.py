"""Google Business Profile, by its API v4.9: https://developers.google.com/my-business/content/posts-data

A post is looked over by Google after it was taken: it is out when it is LIVE, and may be REJECTED. Pictures are fetched
from an address of ours. It takes every repeat for a new post, so a lost answer is looked for in the location's list.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from tidings.core.http import Answer
from tidings.networks import _google, _localposts
from tidings.networks._reviews import Reviewed
from tidings.networks.base import Sending
from tidings.networks.declare import Limits, OAuth2, Option, Rate
from tidings.networks.errors import Reconnect, Rejected
from tidings.networks.look import Look
from tidings.networks.seam import Outgoing, Problem, Profile, Receipt, Seen

SCOPES = (f"{_google.SCOPE}business.manage",)


class GoogleBusiness(Reviewed):
    """A location of a business on Google. Its id is its name below its account; v1 of the API leaves that out."""

    name, label = "google_business", "Google Business Profile"
    docs = "https://developers.google.com/my-business/content/posts-data"
    checked = date(2026, 11, 23)
    look = Look(
        "card", ("share",), cut=230, lines=5, more="read", handle=False, pictures="first", most=1,
        ratio=(1.3333, 1.3333), marked=("link",), card="", title="event_title", link="action_url",
    )
    connect = (OAuth2(SCOPES, needs_app=True),)
    console = _google.console(
        "Google My Business API, My Business Account Management API, My Business Business Information API, Business "
        "Profile Performance API", SCOPES,
        "Google grants the Business Profile APIs on application; until then the project's quota is 0.",
    )
    hosts = {
        **_google.HOSTS, "posts": "https://mybusiness.googleapis.com",
        "owners": "https://mybusinessaccountmanagement.googleapis.com",
        "locations": "https://mybusinessbusinessinformation.googleapis.com",
        "performance": "https://businessprofileperformance.googleapis.com",
    }
    limits = Limits(text=1500, pictures=1, picture_bytes=5_000_000, picture_least=(250, 250))
    rates = (Rate(10, timedelta(minutes=1)),)
    options = (
        Option("topic", "Kind", "choice", (("", "What's new"), ("EVENT", "Event"), ("OFFER", "Offer"))),
        Option("action", "Button", "choice", (
            ("", "None"), ("BOOK", "Book"), ("ORDER", "Order online"), ("SHOP", "Buy"), ("LEARN_MORE", "Learn more"),
            ("SIGN_UP", "Sign up"), ("CALL", "Call now"),
        )),
        Option("action_url", "Where the button leads", "url", longest=2000),
        Option("event_title", "Title of the event or offer", longest=300),
        Option("start", "Begins", "time"),
        Option("end", "Ends", "time"),
        Option("coupon", "Coupon code", longest=100, help="Of an offer, as are the next two."),
        Option("redeem_url", "Where the offer is taken up", "url", longest=2000),
        Option("terms", "Terms", longest=1500),
        Option("language", "Language", longest=10, help="Such as en or de."),
    )
    codes = {**_google.CODES, "PERMISSION_DENIED": Reconnect, "NOT_FOUND": Reconnect}
    threads = ""
    fetches = True
    reads_free = True

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterator[Problem]:
        """What belongs together, and what Google is known not to like."""
        return iter(()) if outgoing.reply_to else _localposts.objections(outgoing)

    # connecting

    def person(self) -> str:
        """The account that Google lists first, which is the person's own."""
        return str(next(self._listed("owners", "accounts", {}))["name"])

    def profile(self) -> Profile:
        """The first location."""
        return self.channels()[0]

    def channels(self) -> list[Profile]:
        """Every location of every account that this person manages."""
        found = [
            self._profile(owner["name"], place) for owner in self._listed("owners", "accounts", {})
            for place in self._listed("locations", f"{owner['name']}/locations", {
                "readMask": "name,title,storefrontAddress,metadata", "pageSize": "100",
            })
        ]
        if not found:
            raise Rejected("This Google account manages no business location.")
        return found

    def _profile(self, owner: str, place: Mapping[str, Any]) -> Profile:
        where = place.get("storefrontAddress", {}).get("locality") or place["title"]
        url, kept = place.get("metadata", {}).get("mapsUri", ""), {"location": place["name"]}
        return Profile(f"{owner}/{place['name']}", where, place["title"], "", url, server=kept)

    def _listed(self, host: str, path: str, query: dict[str, str]) -> Iterator[dict[str, Any]]:
        while True:
            said = self.call("GET", f"{self.hosts[host]}/v1/{path}?{urlencode(query)}").json()
            yield from said.get(path.rpartition("/")[2], ())
            if not said.get("nextPageToken"):
                return
            query = {**query, "pageToken": said["nextPageToken"]}

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """One request, and then Google's verdict; or the answer to a review."""
        if outgoing.reply_to:
            return self.answer(outgoing, outgoing.reply_to, sending)
        wish, place = _localposts.body(outgoing), self.at(f"{self.access.profile.id}/localPosts")
        if outgoing.media:
            wish["media"] = [{"mediaFormat": "PHOTO", "sourceUrl": piece.link()} for piece in outgoing.media]
        made = sending.commit(lambda: str(self.call("POST", place, json=wish, seconds=60).json()["name"]))
        return sending.until(20, partial(self._live, made))

    def _live(self, made: str) -> Receipt | None:
        post = self.call("GET", self.at(made)).json()
        if post["state"] == "REJECTED":
            raise Rejected("Google has rejected this post; its content policy says what may be the reason.")
        return _localposts.receipt(post) if post["state"] == "LIVE" else None

    # afterwards

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Look through the location's posts for the words and the button."""
        if outgoing.reply_to:
            return self.find_answer(outgoing, outgoing.reply_to)
        wish, since = _localposts.body(outgoing), sending.first_try - timedelta(minutes=1)
        ours = [post for post in self._posts(since) if post["name"] not in sending.known]
        return self.the_one([_localposts.receipt(post) for post in ours if _localposts.same(post, wish)])

    def recent(self, since: datetime) -> list[Seen]:
        return [_localposts.seen(post) for post in self._posts(since)]

    def _posts(self, since: datetime) -> list[dict[str, Any]]:
        said = self.call("GET", self.at(f"{self.access.profile.id}/localPosts?pageSize=100")).json()
        return [post for post in said.get("localPosts", ()) if _localposts.made_at(post) >= since]

    def present(self, receipt: Receipt) -> bool:
        """A post that Google has rejected meanwhile is gone, too, and so is an answer."""
        if review := receipt.extra.get("review"):
            return self.answered(review)
        at = self.at(receipt.id)
        return self.there(at) and self.call("GET", at).json()["state"] != "REJECTED"

    def edit(self, receipt: Receipt, outgoing: Outgoing) -> None:
        """Everything but the picture and the kind; of an answer, its words."""
        if "review" in receipt.extra:
            self.call("PUT", self.at(receipt.id), json={"comment": outgoing.text})
            return
        wish = _localposts.body(outgoing)
        del wish["topicType"]
        self.call("PATCH", self.at(f"{receipt.id}?updateMask={','.join(wish)}"), json=wish)

    def delete(self, receipt: Receipt) -> None:
        """Take it back; one that is gone already is fine."""
        review = receipt.extra.get("review")
        if self.answered(review) if review else self.there(self.at(receipt.id)):
            self.call("DELETE", self.at(receipt.id))

    # speaking

    def said(self, answer: Answer) -> str:
        """Its sentence, with the fields that are wrong; a quota of nothing means that the APIs are not granted."""
        told = _google.problem(answer)
        details = [detail for detail in told.get("details", ()) if isinstance(detail, dict)]
        if any(detail.get("metadata", {}).get("quota_limit_value") == "0" for detail in details):
            return "Google has not granted the Business Profile APIs to this instance's project yet."
        wrong = [error for detail in details for error in detail.get("errorDetails", ())]
        return " ".join([super().said(answer), *(f"{one.get('field')}: {one.get('message')}" for one in wrong)])
