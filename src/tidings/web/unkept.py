"""What no browser keeps, not even for the way back: pages with a secret, or with what happened to somebody or in a
workspace, and all that the API says.

Every other page is kept by the browser alone and shown again only after asking: so whoever comes back to a form, the
composer above all, finds it as they left it. Signing out empties what was kept (tidings.web.headers).
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tidings.problem import wanted

SECRETS = {
    "account_confirm_email", "account_reset_password_from_key", "api_keys", "calendar_file", "calendar_link",
    "connect_links", "connect_with", "connect_with_network", "connect_with_pick", "deletion_status", "join",
    "mfa_activate_totp", "mfa_add_webauthn", "mfa_download_recovery_codes", "mfa_generate_recovery_codes",
    "mfa_view_recovery_codes", "report_links", "shared_report", "workspace_members",
}  # fmt: skip
HISTORIES = {
    "audit", "erasure", "export_progress", "exports", "instance", "instance_acts", "instance_failures",
    "instance_keeping", "instance_user", "instance_users", "mfa_list_webauthn", "security", "security_log",
    "usersessions_list",
}  # fmt: skip
UNKEPT = SECRETS | HISTORIES
NEVER, ASKING = "no-store", "private, no-cache"


def unkept(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: says so in each answer that says nothing itself, and lets no shared cache keep any."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        name = request.resolver_match.url_name if request.resolver_match else ""
        never = name in UNKEPT or wanted(request)
        response.headers.setdefault("Cache-Control", NEVER if never else ASKING)
        return response

    return answer
