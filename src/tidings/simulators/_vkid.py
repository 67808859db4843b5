"""VK ID in a box: a code that belongs to a device, refresh tokens that are good once and on that device only.

https://id.vk.com/about/business/go/docs
"""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.core import clock
from tidings.simulators._vkwall import error
from tidings.simulators.base import OAuthBox, Refusal

CLIENT, DEVICE = "52000000", "device-of-the-browser"


class VkId(OAuthBox):
    """Its clients have no secret; PKCE proves them."""

    def __init__(self, name: str, url: str) -> None:
        super().__init__(name, url, clients={CLIENT: ""}, access_lives=timedelta(hours=1), gives_refresh=True)

    def extra(self) -> dict[str, str]:
        """The callback names the device."""
        return {"device_id": DEVICE, "type": "code_v2"}

    async def exchange(self, request: Request) -> Response:
        """The device is named again, and the state too."""
        form = await request.form()
        if form.get("device_id") != DEVICE or not form.get("state"):
            raise Refusal(200, {"error": "invalid_grant", "error_description": "device_id or state is invalid"})
        return await super().exchange(request)

    def person(self, access: str) -> str:
        """Whose token this is, refusing as VK's methods do."""
        for token in self.tokens:
            if token.access == access and not token.revoked and (token.ends is None or token.ends > clock.now()):
                return token.account
        raise error(5, "User authorization failed: access_token has expired.")

    async def revoke(self, request: Request) -> Response:
        """With its access token the whole access ends."""
        access = (await request.form()).get("access_token")
        for token in self.tokens:
            token.revoked = token.revoked or token.access == access
        return JSONResponse({"response": 1})
