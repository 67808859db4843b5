"""The way in for somebody who has lost theirs."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from tidings.settings import settings
from tidings.workspaces.models import User


def link_for(user: User) -> str:
    """The address of the page on which this person sets a new password, once."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return settings().url + path
