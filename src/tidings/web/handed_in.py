"""Files in a form are written to disk only where a page takes them, from whoever may come to it.

A form is read before its page is asked, to find its CSRF token; else anybody could fill the disk by any page.
"""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler

TAKES = ("upload_media", "media_frame", "own_portrait", "workspace_logo")  # the pages


class HandedIn(TemporaryFileUploadHandler):
    """Django's way of taking files; what a killed process leaves of one is swept up (media.aside)."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins; raises RequestDataTooBig, which is answered 400, before anything of it is read."""
        request = self.request
        page = request.resolver_match.url_name if request and request.resolver_match else ""
        if request is None or page not in TAKES or not request.user.is_authenticated:
            raise RequestDataTooBig("nobody asked for a file")
        super().new_file(*args, **kwargs)
