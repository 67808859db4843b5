"""Codes of a second factor, typed in: what fails is written down, and each counts once, at whichever process."""

from datetime import timedelta

from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError

from tidings.workspaces.rates import Rate, knock
from tidings.workspaces.security import note

ONCE = Rate(1, timedelta(minutes=2))  # longer than a code is good for


class _Careful(forms.BaseAuthenticateForm):  # type: ignore[misc]
    failing = ""

    def clean_code(self) -> str:
        """The code, or the reason why not."""
        try:
            code: str = super().clean_code()
        except ValidationError:
            note(self.failing, context.request, self.user)
            raise
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            note("code_used", context.request, self.user)
        elif knock(ONCE, "code", str(self.user.pk), normalize_user_code(code)):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SignInForm(_Careful, forms.AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    failing = "failed_code"


class AgainForm(_Careful, forms.ReauthenticateForm):  # type: ignore[misc]
    """A signed-in person says again who they are."""

    failing = "failed_again"
