"""How forms look and what several of them share. The renderer dresses every form, django-allauth's too."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tidings.workspaces.members import is_zone
from tidings.workspaces.models import User

# The classes stand here in full, so that Tailwind finds them.
_DRESS: dict[str, tuple[str, str]] = {
    "checkbox": ("checkbox", "checkbox-error"),
    "radio": ("radio", "radio-error"),
    "select": ("select w-full", "select-error"),
    "textarea": ("textarea w-full", "textarea-error"),
    "input": ("input w-full", "input-error"),
}


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.Textarea):
        return "textarea"
    if isinstance(widget, forms.RadioSelect):
        return "radio"
    if isinstance(widget, forms.Select):
        return "select"
    return "checkbox" if isinstance(widget, forms.CheckboxInput) else "input"


class DressedField(BoundField):
    """A field whose widget carries the classes of the style sheet."""

    def build_widget_attrs(self, attrs: Any, widget: forms.Widget | None = None) -> Any:
        """Django's attributes and our classes; no placeholder, for the label says it."""
        built = super().build_widget_attrs(attrs, widget)
        inner = widget or self.field.widget
        inner.attrs.pop("placeholder", None)
        if not inner.is_hidden:
            plain, wrong = _DRESS[_kind(inner)]
            built["class"] = f"{plain} {wrong}" if self.errors else plain
        return built

    @property
    def is_checkbox(self) -> bool:
        """Whether the label belongs behind the box."""
        return _kind(self.field.widget) == "checkbox"


class Renderer(DjangoTemplates):
    """`{{ form }}` renders through our templates."""

    form_template_name = "tidings/partials/form.html"
    field_template_name = "tidings/partials/field.html"
    bound_field_class = DressedField


class ZoneField(forms.CharField):
    """A time zone by its IANA name; the page offers the names as a datalist."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Time zone"))
        attrs = {"list": "zones", "autocomplete": "off", "spellcheck": "false"}
        super().__init__(max_length=64, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> str:
        """The name; an error a person understands when the database does not know it."""
        name: str = super().clean(value)
        if name and not is_zone(name):
            raise forms.ValidationError(_("We do not know this time zone. Choose one from the list."))
        return name


class SignupForm(forms.Form):
    """What registering asks beyond django-allauth's address and password."""

    name = forms.CharField(
        label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-browser-zone": ""}))
    field_order = ("name", "email", "password1", "zone")

    def clean_zone(self) -> str:
        """The browser's zone, or nothing: nobody is kept out by an odd clock."""
        zone: str = self.cleaned_data["zone"]
        return zone if is_zone(zone) else ""

    def signup(self, request: HttpRequest, user: User) -> None:
        """Nothing: the adapter saved it all."""
