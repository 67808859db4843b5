"""Instagram by its own sign-in: professional profiles, no page on Facebook needed.
https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login
"""

from collections.abc import Mapping
from typing import Any

from tidings.networks._instagram import InstagramPosts
from tidings.networks._meta import LongLived
from tidings.networks.declare import Console, Endpoints, OAuth2
from tidings.networks.seam import Profile

SCOPES = (
    "instagram_business_basic", "instagram_business_content_publish", "instagram_business_manage_comments",
)


class InstagramDirect(LongLived, InstagramPosts):
    """A professional profile on Instagram, reached by itself."""

    name, label = "instagram_standalone", "Instagram (direct)"
    docs = "https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login"
    grants = "https://www.instagram.com/accounts/manage_access/"
    family = "ig"
    hosts = {
        "page": "https://www.instagram.com", "token": "https://api.instagram.com", "api": "https://graph.instagram.com",
    }
    connect = (
        OAuth2(SCOPES, needs_app=True, label="Sign in with Instagram"),
        OAuth2(
            (*SCOPES, "instagram_business_manage_insights"), needs_app=True,
            label="Sign in with Instagram, and read numbers",
        ),
    )
    console = Console(
        "https://developers.facebook.com/apps",
        (
            "Make an app, and choose the use case Manage messaging and content on Instagram.",
            "In it, choose the API setup with Instagram login, and add instagram_business_content_publish and "
            "instagram_business_manage_comments.",
            "To read numbers, too, add instagram_business_manage_insights.",
            "Under Set up Instagram business login, enter {redirect_uri} as redirect URL, {ended_url} as "
            "deauthorize callback URL and {erase_url} as data deletion request URL.",
            "Under App roles, add every profile as an Instagram tester; the person accepts on Instagram, in Settings, "
            "Website permissions, Apps and websites, Tester invites.",
            "Copy the Instagram app ID and the Instagram app secret; the app's own ID and secret are others.",
        ),
        id="Instagram app ID", secret="Instagram app secret",  # noqa: S106 -- what Meta calls it
        gate="Testers of the app need no review. Other people's profiles need App Review for each right.",
    )

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        """Scopes go in a list with commas; there is no PKCE and nothing to revoke by."""
        page, token = f"{cls.hosts['page']}/oauth/authorize", f"{cls.hosts['token']}/oauth/access_token"
        return Endpoints(page, token, pkce=False, separator=",")

    def person(self) -> str:
        """The id of the sign-in, by which Instagram says that it has ended."""
        return str(self.read("me", fields="id")["id"])

    def profile(self) -> Profile:
        """Whose access this is; the id that posts are made under is not the one of the sign-in."""
        me = self.read("me", fields="user_id,username,name,profile_picture_url")
        handle, face = str(me["username"]), str(me.get("profile_picture_url") or "")
        page = f"https://www.instagram.com/{handle}"
        return Profile(str(me["user_id"]), f"@{handle}", str(me.get("name") or handle), face, page)
