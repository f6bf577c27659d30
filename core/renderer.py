"""How forms are drawn: our own markup for a field and for a whole form, from ``templates/components``."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    """Label, hint, error, widget in that order, tied together for screen readers."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
