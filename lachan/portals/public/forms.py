from django.utils.translation import gettext_lazy as _

from lachan.platform.forms import AreaField, Form


class WhereForm(Form):
    area = AreaField(label=_("Commune or ward, district or province"))
