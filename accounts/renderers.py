"""How every form of the product is drawn: our field template, and the reading direction of what is typed."""

from django.forms.renderers import TemplatesSetting

LEFT_TO_RIGHT = {"email", "url", "tel", "password"}
FREE_TEXT = {"text", "search"}


class FormRenderer(TemplatesSetting):
    """Labels, hints and errors in our markup. Free text takes the direction of its first letter; codes and
    addresses are always left to right, also inside an Arabic form."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"

    def render(self, template_name, context, request=None):
        if "widget" in context:
            set_direction(context["widget"])
        return super().render(template_name, context, request)


def set_direction(widget):
    kind = widget.get("type")
    if kind in LEFT_TO_RIGHT:
        widget["attrs"].setdefault("dir", "ltr")
    elif kind in FREE_TEXT or widget["template_name"].endswith("textarea.html"):
        widget["attrs"].setdefault("dir", "auto")
        # An empty field counts as left-to-right; the stylesheet mends that, but can only see fields with a placeholder.
        widget["attrs"].setdefault("placeholder", " ")
