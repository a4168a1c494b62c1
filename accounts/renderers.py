"""How every form of the product is drawn: our field template, and the reading direction of what is typed."""

from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join

LEFT_TO_RIGHT = {"email", "url", "tel", "password"}
FREE_TEXT = {"text", "search"}
SELECT = "django/forms/widgets/select.html"


class FormRenderer(TemplatesSetting):
    """Labels, hints and errors in our markup. Free text takes the direction of its first letter; codes and
    addresses are always left to right, also inside an Arabic form."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"

    def render(self, template_name, context, request=None):
        if "widget" in context:
            set_direction(context["widget"])
        if template_name == SELECT:
            return draw_select(context["widget"])
        return super().render(template_name, context, request)


def set_direction(widget):
    kind = widget.get("type")
    if kind in LEFT_TO_RIGHT:
        widget["attrs"].setdefault("dir", "ltr")
    elif kind in FREE_TEXT or widget["template_name"].endswith("textarea.html"):
        widget["attrs"].setdefault("dir", "auto")
        # An empty field counts as left-to-right; the stylesheet mends that, but can only see fields with a placeholder.
        widget["attrs"].setdefault("placeholder", " ")


def draw_select(widget):
    """What Django's own template writes; that one calls another template for every option, of which lists have many."""
    groups = (
        format_html('<optgroup label="{}">{}</optgroup>', name, _options(options)) if name else _options(options)
        for name, options, _index in widget["optgroups"]
    )
    inside = format_html_join("", "{}", ((group,) for group in groups))
    return format_html('<select name="{}"{}>{}</select>', widget["name"], flatatt(widget["attrs"]), inside)


def _options(options):
    rows = ((str(option["value"]), flatatt(option["attrs"]), option["label"]) for option in options)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)
