"""LinkedIn, a member's own profile: https://learn.microsoft.com/linkedin/consumer/integrations/self-serve/share-on-linkedin

A member cannot list their posts. What makes a lost answer bearable is that LinkedIn refuses the same post for some
minutes, and names the one that is there.
"""

from datetime import date, timedelta

from tidings.core import clock
from tidings.networks._linkedin import OPTIONS, console
from tidings.networks._linkedinnumbers import MemberNumbers
from tidings.networks.base import Sending
from tidings.networks.declare import OAuth2, Option
from tidings.networks.seam import Profile, Rendition

NUMBERED = ("r_basicprofile", "w_member_social", "r_member_postAnalytics", "r_member_profileAnalytics")
SETTLES = timedelta(seconds=5)  # a member may not ask whether a picture is ready


class LinkedIn(MemberNumbers):
    """The profile of a member."""

    name, label = "linkedin", "LinkedIn"
    docs = "https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api"
    policy = "https://www.linkedin.com/legal/privacy-policy"
    grants = "https://www.linkedin.com/psettings/permitted-services"
    checked = date(2026, 11, 23)
    connect = (
        OAuth2(("openid", "profile", "email", "w_member_social"), needs_app=True),
        OAuth2(NUMBERED, needs_app=True, label="Sign in there, and read numbers"),
    )
    console = console(
        "Sign In with LinkedIn using OpenID Connect", "Share on LinkedIn",
        more="To read numbers, too, make an app with “Community Management API” instead. LinkedIn reviews that.",
        gate="Both products are granted at once. Access ends after 60 days and must then be given again.",
    )
    options = (
        Option("visibility", "Who can see it", "choice", (
            ("PUBLIC", "Everyone"), ("CONNECTIONS", "Connections only"), ("LOGGED_IN", "LinkedIn members"),
        ), default="PUBLIC"),
        *OPTIONS,
    )
    unheard = "LinkedIn lets programs read comments under the posts of pages only, not under those of members."

    def profile(self) -> Profile:
        """Whose token this is; members have no handle that a program may know. An app that reads numbers may have no
        other product, and then does not know OpenID."""
        scope = self.access.secrets.get("scope", "")
        if "r_basicprofile" in scope and "openid" not in scope:
            me = self.call("GET", self.at("/v2/me")).json()
            name = f"{me['localizedFirstName']} {me['localizedLastName']}".strip()
            return Profile(me["id"], name, name, "", self.hosts["authorize"])
        me = self.call("GET", self.at("/v2/userinfo")).json()
        return Profile(me["sub"], me["name"], me["name"], me.get("picture", ""), self.hosts["authorize"])

    def author(self) -> str:
        """The member."""
        return f"urn:li:person:{self.access.profile.id}"

    def _upload(self, piece: Rendition, n: int, sending: Sending) -> str:
        urn = super()._upload(piece, n, sending)
        if piece.kind != "film":
            since = sending.once(f"sent-{n}", lambda: clock.now().isoformat())
            sending.until(SETTLES.seconds, lambda: clock.now() - clock.from_iso(since) >= SETTLES or None)
        return urn
