"""The forms of connecting, made from what a network declares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tidings.networks.base import App, Console, Field, Link, Network, OAuth2, Password
from tidings.speech import translated

Declared = OAuth2 | Password | Link
QUIET = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


@dataclass(frozen=True)
class Example:
    """What a network's simulator takes, and its page that codes are carried over to."""

    typed: Mapping[str, str]
    place: str = ""


examples: dict[str, Example] = {}  # by network; only the demo puts any in


@dataclass(frozen=True)
class Shown:
    """A code that the person carries over to the network."""

    name: str
    label: str
    help: str
    code: str


@dataclass(frozen=True)
class Way:
    """One way to connect, with its form and the codes it shows."""

    place: int
    declared: Declared
    form: forms.Form
    codes: tuple[Shown, ...] = ()

    @property
    def label(self) -> str:
        """What it is called."""
        return translated(self.declared.label)

    def fields(self) -> dict[str, str]:
        """Everything this way asks for, typed or shown; the form must have been found valid."""
        return self.form.cleaned_data | {code.name: code.code for code in self.codes}


def ways(network: type[Network], known: Mapping[str, str], codes: Mapping[str, str]) -> list[Way]:
    """Every way of a network; `known` fills in what a channel was connected with before."""
    return [
        Way(place, declared, way_form(declared, None, place, known), _shown(declared, place, codes))
        for place, declared in enumerate(network.connect)
    ]


def _shown(declared: Declared, place: int, codes: Mapping[str, str]) -> tuple[Shown, ...]:
    return tuple(
        Shown(field.name, translated(field.label), translated(field.help), codes[f"{place}-{field.name}"])
        for field in declared.fields
        if field.shown
    )


def way_form(declared: Declared, data: Any, place: int, known: Mapping[str, str] | None = None) -> forms.Form:
    """A form with the fields this way asks for; what has a default may be left empty."""
    return _form([field for field in declared.fields if not field.shown], data, f"way-{place}-%s", known or {})


def _form(fields: Sequence[Field], data: Any, auto_id: str, known: Mapping[str, str]) -> forms.Form:
    made = {field.name: _field(field, filled=field.name in known) for field in fields}
    kind = type("DeclaredForm", (forms.Form,), made)
    form: forms.Form = kind(data, auto_id=auto_id, initial=dict(known))
    return form


def _field(field: Field, filled: bool) -> forms.Field:
    if field.choices:
        return forms.ChoiceField(
            label=translated(field.label), help_text=translated(field.help), initial=field.default, required=False,
            choices=[(value, translated(label)) for value, label in field.choices],
        )
    widget = forms.PasswordInput(attrs=QUIET, render_value=filled) if field.secret else forms.TextInput(attrs=QUIET)
    return forms.CharField(
        label=translated(field.label),
        help_text=translated(field.help),
        max_length=5000 if field.secret else 500,
        initial=field.default,
        widget=widget,
        required=not (field.default or field.optional),
        empty_value=field.default,
    )


def app_form(console: Console, data: Any, may_everywhere: bool, known: Mapping[str, Any]) -> forms.Form:
    """What a network's console gave, under the names it has there. What is known already may be left empty."""
    kept = _("Leave it empty to keep the present one.") if known.get("client_id") else ""
    fields = [
        Field("client_id", console.id),
        *(
            [Field("client_secret", console.secret, str(kept), secret=True, optional=bool(kept))]
            if console.secret
            else []
        ),
        *(
            Field(f.name, f.label, " ".join(filter(None, (f.help, str(kept)))), True, optional=bool(kept) or f.optional)
            for f in console.more
        ),
    ]
    form = _form(fields, data, "app-%s", known)
    if may_everywhere:
        form.fields["everywhere"] = forms.BooleanField(
            label=_("For every workspace of this instance"),
            help_text=_("Otherwise only this workspace uses them."),
            required=False,
        )
    return form


def app_of(console: Console, said: Mapping[str, Any]) -> App:
    """What was typed into an `app_form`."""
    more = {field.name: str(said.get(field.name, "")).strip() for field in console.more}
    return App(said["client_id"].strip(), str(said.get("client_secret", "")).strip(), more)
