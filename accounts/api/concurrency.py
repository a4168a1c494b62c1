"""Two people, one row: who changes a row says which version they have seen (``ETag`` and ``If-Match``)."""

import re

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException

from accounts.exceptions import StaleVersion

TAG = re.compile(r'(?:W/)?"v(\d{1,9})"')


class PreconditionRequired(APIException):
    status_code = 428


def etag(obj):
    return f'"v{obj.version}"'


def is_versioned(obj):
    return hasattr(obj, "version")


def expected_version(request, obj):
    """The version that ``If-Match`` names, when it is the row's own; None for ``*`` (whatever it is now).

    A weak tag (``W/"v3"``) is taken like the strong one: proxies that compress weaken tags on the way.
    Raises PreconditionRequired without the header and StaleVersion for another version.
    """
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise PreconditionRequired(
            _("Send the version you have read as a header: If-Match: %(tag)s.") % {"tag": '"v…"'}
        )
    if given == "*":
        return None
    versions = {int(version) for version in TAG.findall(given)}
    if obj.version not in versions:
        raise StaleVersion(
            _("“%(name)s” has changed since you read it. Look at the current state, then decide again.") % {"name": obj}
        )
    return obj.version
