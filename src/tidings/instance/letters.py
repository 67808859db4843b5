"""What a person is written when an operator has done something to their login: subject and text, in their language."""

from django.core.mail import EmailMessage
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tidings.settings import settings
from tidings.workspaces.mail import CANNOT_SEND
from tidings.workspaces.models import User

LETTERS = {
    "suspended": (
        _("[%(instance)s] Your sign-in is suspended"),
        _(
            "An operator of %(instance)s has suspended your sign-in. You are signed out everywhere, and your API keys "
            "open nothing. Everything of yours is kept, and what is scheduled goes out.\n\n"
            "If you do not know why, ask whoever runs this server: %(contact)s"
        ),
    ),
    "allowed": (
        _("[%(instance)s] You can sign in again"),
        _("An operator of %(instance)s has allowed your sign-in again:\n%(address)s"),
    ),
    "operator": (
        _("[%(instance)s] You are an operator now"),
        _(
            "You can run %(instance)s now: the instance's pages are in your menu.\n%(address)s/instance\n\n"
            "If you do not know why, ask whoever runs this server: %(contact)s"
        ),
    ),
    "operator_ended": (
        _("[%(instance)s] You are no operator any more"),
        _(
            "You do not run %(instance)s any more. Your workspaces are as they were.\n\n"
            "If you do not know why, ask whoever runs this server: %(contact)s"
        ),
    ),
    "signed_out_everywhere": (
        _("[%(instance)s] You are signed out everywhere"),
        _(
            "An operator of %(instance)s has signed you out of every browser. Sign in again here:\n%(address)s\n\n"
            "If you do not know why, ask whoever runs this server: %(contact)s"
        ),
    ),
    "reset_sent": (
        _("[%(instance)s] Set a new password"),
        _(
            "An operator of %(instance)s sends you a link with which you set a new password. It works once:\n"
            "%(link)s\n\n"
            "If you did not ask for it, do nothing."
        ),
    ),
    "erasure_begun": (
        _("[%(instance)s] Everything about you will be deleted"),
        _(
            "An operator of %(instance)s has asked for everything about you to be deleted. It happens on %(due)s.\n\n"
            "If you want to keep it, sign in before then and press “Keep my data”:\n%(address)s\n\n"
            "If you do not know why, ask whoever runs this server: %(contact)s"
        ),
    ),
}


class NotTaken(Exception):
    """The mail server did not take a mail; the text says what it said."""


def send_test(user: User) -> None:
    """Send this person a mail, to see whether mail works; raises NotTaken."""
    about = {"instance": settings().name, "address": settings().url}
    subject = gettext("[%(instance)s] A test mail") % about
    text = gettext("You asked for it on the page of the instance at %(address)s. Mail works.") % about
    try:
        EmailMessage(subject, text, to=[user.email]).send()
    except CANNOT_SEND as error:
        said = {"why": str(error)[:300] or type(error).__name__}
        raise NotTaken(gettext("The mail server did not take it: %(why)s") % said) from error
