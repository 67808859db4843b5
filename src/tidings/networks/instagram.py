"""Instagram by way of Facebook: professional profiles that are linked to a page.
https://developers.facebook.com/docs/instagram-platform/instagram-api-with-facebook-login
"""

from typing import Any

from tidings.networks._instagram import InstagramPosts
from tidings.networks._meta import ByFacebook
from tidings.networks.declare import Console, OAuth2
from tidings.networks.seam import Profile, Receipt

SCOPES = (
    "instagram_basic", "instagram_content_publish", "instagram_manage_comments", "pages_show_list",
    "pages_read_engagement", "business_management",
)
PROFILE = "instagram_business_account{id,username,name,profile_picture_url}"


class Instagram(ByFacebook, InstagramPosts):
    """A professional profile on Instagram, reached by the Facebook page it is linked to."""

    name, label = "instagram", "Instagram"
    docs = "https://developers.facebook.com/docs/instagram-platform/instagram-api-with-facebook-login"
    connect = (
        OAuth2(SCOPES, needs_app=True, label="Sign in with Facebook"),
        OAuth2(
            (*SCOPES, "instagram_manage_insights"), needs_app=True, label="Sign in with Facebook, and read numbers"
        ),
    )
    console = Console(
        "https://developers.facebook.com/apps",
        (
            "Make an app, and choose the use case Manage messaging and content on Instagram.",
            "In it, choose the API setup with Facebook login, and add instagram_content_publish and "
            "instagram_manage_comments, pages_read_engagement and business_management.",
            "To read numbers, too, add instagram_manage_insights.",
            "Under Facebook Login, Settings, enter {redirect_uri} as valid OAuth redirect URI.",
            "There, enter {ended_url} as deauthorize callback URL and {erase_url} as data deletion request URL.",
            "Under App roles, add everybody who is to connect a profile.",
            "Copy App ID and App secret from App settings, Basic.",
        ),
        id="App ID", secret="App secret",  # noqa: S106 -- what Meta calls it
        gate="People with a role in the app need no review. For others Meta wants App Review of each right and a "
        "verified business.",
    )

    def profile(self) -> Profile:
        """Whose page's profile this access is for."""
        return _profile(self.read("me", fields=PROFILE)[PROFILE.partition("{")[0]])

    def channels(self) -> list[Profile]:
        """Every profile that is linked to a page of theirs, with that page's own token."""
        linked = [page for page in self.pages(PROFILE) if page.get("instagram_business_account")]
        return [_profile(page["instagram_business_account"], page["access_token"]) for page in linked]

    def delete(self, receipt: Receipt) -> None:
        self.drop(receipt.id)


def _profile(said: dict[str, Any], token: str = "") -> Profile:
    handle, face = str(said["username"]), str(said.get("profile_picture_url") or "")
    page, secrets = f"https://www.instagram.com/{handle}", {"access_token": token} if token else {}
    return Profile(str(said["id"]), f"@{handle}", str(said.get("name") or handle), face, page, secrets)
