"""What lets the pages be installed like a program: the manifest, the worker that answers while there is no network, and
the page it then shows. The worker keeps styles, scripts and signs, never a page of anybody's."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tidings.settings import settings
from tidings.web.static_files import kept

LIGHT, DARK = "#f7f6f3", "#151413"  # the page's own colours (theme.css, --color-base-200)
KEPT = (
    "built/app.css", "built/app.js", "built/inter-latin.woff2", "built/inter-latin-ext.woff2", "icons.svg", "logo.svg",
)  # fmt: skip
ICONS = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"),
         ("maskable-512.png", "512x512", "maskable"))  # fmt: skip
OFFLINE = "/offline"


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Name, icons and colours, for the browser that installs it."""
    name = settings().name
    icons = [{"src": f"/static/app/{file}", "sizes": size, "type": "image/png", "purpose": purpose}
             for file, size, purpose in ICONS]  # fmt: skip
    said: dict[str, Any] = {
        "id": "/", "name": name, "short_name": name[:12], "start_url": "/", "scope": "/", "display": "standalone",
        "description": _("Write, plan and publish to your social networks."),
        "background_color": LIGHT, "theme_color": LIGHT, "icons": icons,
        "shortcuts": [{"name": _("Calendar"), "url": "/"}],
    }  # fmt: skip
    return JsonResponse(said, content_type="application/manifest+json")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; other files, another mark in it, so that browsers take the new ones."""
    files = json.dumps([OFFLINE, *(static(file) for file in KEPT)])
    told = f"const MARK = {json.dumps(kept().mark)}, KEPT = {files}, OFFLINE = {json.dumps(OFFLINE)};\n"
    script = told + kept().files["scripts/worker.js"].decode()
    return HttpResponse(script, "text/javascript", headers={"Cache-Control": "private, no-cache"})


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown while there is no network; the same for everybody, for it is kept in the browser."""
    return render(request, "tidings/offline.html")
