"""The forms of connecting, made from what a network declares."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tidings.networks.base import Field, Network, OAuth2, Password


@dataclass(frozen=True)
class Way:
    """One way to connect, with its form."""

    place: int
    declared: OAuth2 | Password
    form: forms.Form


def ways(network: type[Network], known: Mapping[str, str]) -> list[Way]:
    """Every way of a network; `known` fills in what a channel was connected with before."""
    return [
        Way(place, declared, way_form(declared, None, place, known)) for place, declared in enumerate(network.connect)
    ]


def way_form(declared: OAuth2 | Password, data: Any, place: int, known: Mapping[str, str] | None = None) -> forms.Form:
    """A form with the fields this way asks for; what has a default may be left empty."""
    made = {field.name: _field(field) for field in declared.fields}
    kind = type("WayForm", (forms.Form,), made)
    form: forms.Form = kind(data, auto_id=f"way-{place}-%s", initial=dict(known or {}))
    return form


def _field(field: Field) -> forms.CharField:
    attrs = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
    widget = forms.PasswordInput(attrs=attrs) if field.secret else forms.TextInput(attrs=attrs)
    return forms.CharField(
        label=field.label,
        help_text=field.help,
        max_length=500,
        initial=field.default,
        widget=widget,
        required=not (field.default or field.optional),
        empty_value=field.default,
    )


class AppForm(forms.Form):
    """What a network's developer pages gave for our program."""

    client_id = forms.CharField(label=_("Client id"), max_length=500)
    client_secret = forms.CharField(
        label=_("Client secret"), max_length=2000, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
    everywhere = forms.BooleanField(label=_("For every workspace of this instance"), required=False)

    def __init__(self, *args: Any, may_everywhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_everywhere:
            del self.fields["everywhere"]
