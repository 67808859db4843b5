"""How people register, sign in and prove it is they: our answers to django-allauth's questions.

It asks us at each step, so this is also where the security log is written.
"""

from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tidings.core import secrets
from tidings.settings import settings
from tidings.workspaces.factors import only_one
from tidings.workspaces.mail import CANNOT_SEND, log
from tidings.workspaces.members import found_workspace, invited
from tidings.workspaces.models import User, Workspace
from tidings.workspaces.security import NEW, NOWHERE, address, arrived, note

INVITATION = "invitation"  # session: the token of the link somebody came by
NOTED = {  # the mail that tells a person of it, and what the security log calls it
    "account/email/password_changed": "password_changed",
    "account/email/password_set": "password_changed",
    "account/email/password_reset": "password_reset",
    "account/email/email_changed": "address_changed",
    "mfa/email/totp_activated": "factor_added",
    "mfa/email/totp_deactivated": "factor_removed",
    "mfa/email/recovery_codes_generated": "codes_made",
    "mfa/email/webauthn_added": "passkey_added",
    "mfa/email/webauthn_removed": "passkey_removed",
}


class NotFirst(Exception):
    """Somebody has registered already, so nobody can be the first person any more."""


def nobody_yet() -> bool:
    """Whether the instance waits for its first person."""
    return not User.objects.exists()


@transaction.atomic
def settle(email: str, password: str, name: str, workspace: str, zone: str) -> tuple[User, Workspace]:
    """The first person, who runs the instance, and their workspace; raises NotFirst for a second one."""
    if connection.vendor == "postgresql":  # SQLite's transactions are immediate: one at a time as they are
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {User._meta.db_table} IN EXCLUSIVE MODE")
    if not nobody_yet():
        raise NotFirst
    user = User.objects.create_user(email, password, name=name, zone=zone, is_operator=True)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user, found_workspace(user, workspace, zone)


def absolute(request: HttpRequest, path: str) -> str:
    """The address of a page for a mail: the operator's, never one a Host header made up, when it is known."""
    return settings().url + path if settings().base_url else request.build_absolute_uri(path)


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Registration, mails and messages."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether this visitor may register."""
        if nobody_yet():
            raise ImmediateHttpResponse(redirect("first_run"))
        if settings().registration == "invitation":
            return invited(request.session.get(INVITATION, "")) is not None
        return settings().registration == "open"

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where a request comes from; on a local socket nobody knows, which is no reason to refuse it."""
        return address(request) or NOWHERE

    def is_safe_url(self, url: str) -> bool:
        """Whether somebody may be sent on to this address; never to one that is none."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """A new person; their name, zone and language come with the form and the browser."""
        user.name = form.cleaned_data.get("name", "")
        user.zone = form.cleaned_data.get("zone") or "UTC"
        user.language = getattr(request, "LANGUAGE_CODE", "en")
        try:
            with transaction.atomic():
                saved: User = super().save_user(request, user, form, commit)
        except IntegrityError as error:  # the same address registered at the same moment
            raise ImmediateHttpResponse(redirect("account_login")) from error
        note("signed_up", request, saved)
        return saved

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password, of whoever: a known address costs as much as an unknown one."""
        kind = "failed_again" if request.user.is_authenticated else "failed_password"
        note(kind, request, email=credentials.get("email", ""))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Signed in, in whatever way; somewhere new, the person is told."""
        if arrived(request, user) == NEW:
            self.send_notification_mail("account/email/new_sign_in", user)
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        return answer

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """An address is proven by the link that was sent to it."""
        proven: bool = super().confirm_email(request, email_address)
        if proven:
            note("address_confirmed", request, email_address.user)
        return proven

    def logout(self, request: HttpRequest) -> None:
        """Sign out."""
        note("signed_out", request)
        super().logout(request)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Send the link to a new password."""
        note("reset_asked", self.request, user)
        super().send_password_reset_mail(user, email, context)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell a person what happened with their login."""
        if template_prefix in NOTED:
            note(NOTED[template_prefix], self.request, user)
        with translation.override(user.language):
            super().send_notification_mail(template_prefix, user, {"user": user, **(context or {})}, email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send; a mail server that fails is said to the person and does not break the page."""
        login, log_url = (absolute(self.request, reverse(name)) for name in ("account_login", "security_log"))
        ours = {"instance_name": settings().name, "login_url": login, "log_url": log_url}
        try:
            super().send_mail(template_prefix, email, context | ours)
        except CANNOT_SEND as error:
            log.error("mail could not be sent: %s", type(error).__name__)
            text = _(
                "We could not send the e-mail just now. Try again later or ask whoever runs this server."
            )
            messages.error(self.request, text)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """The link in the mail that proves an address."""
        return absolute(request, reverse("account_confirm_email", args=[emailconfirmation.key]))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in the mail that lets a person set a new password."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return absolute(self.request, path.replace("UID-KEY", quote(key)))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to where the link was."""
        return reverse("security")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Home, or to the sign-in page."""
        return "/" if self.request.user.is_authenticated else reverse("account_login")


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]
    """Browsers that a person signs out."""

    def end_sessions(self, sessions: list[UserSession]) -> None:
        """End them all."""
        super().end_sessions(sessions)
        if sessions:
            note("signed_out_everywhere", context.request)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors; their secrets are sealed with the key of the person they belong to."""

    def _person(self) -> User:
        """Who is signed in, or, halfway through a sign-in, whom it is for."""
        request = context.request
        if request is None:
            raise secrets.CannotOpen("second factors open only for a person at a page")
        if request.user.is_authenticated:
            return request.user  # type: ignore[no-any-return]
        stage = get_pending_stage(request)
        if stage is None or stage.login.user is None:
            raise secrets.CannotOpen("nobody is signing in")
        return stage.login.user  # type: ignore[no-any-return]

    def encrypt(self, text: str) -> str:
        """What the database keeps of a TOTP secret or the seed of recovery codes."""
        person = self._person()
        return person.key().seal(text, f"mfa_authenticator:{person.pk}:secret")

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` was given; raises CannotOpen when it belongs to somebody else."""
        person = self._person()
        return person.key().open(encrypted_text, f"mfa_authenticator:{person.pk}:secret")

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether it may go: not the last one where everybody must have one."""
        return not only_one(authenticator.user)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """What a new key is called until its owner names it."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("My key") if number == 1 else _("My key %(number)d") % {"number": number}

    def _get_site_name(self) -> str:
        return settings().name

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Who passkeys are for: the host people type."""
        host = settings().hostname if settings().base_url else context.request.get_host().partition(":")[0]
        return {"id": host, "name": settings().name}
