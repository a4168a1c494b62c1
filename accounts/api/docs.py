"""The documentation page: Swagger UI from our own files, under a policy relaxed for this one address."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.negotiation import DefaultContentNegotiation


class DocsView(SpectacularSwaggerSplitView):
    authentication_classes = []
    permission_classes = []
    content_negotiation_class = DefaultContentNegotiation
    url_name = "api-schema"


# Swagger UI writes style attributes; scripts still come only from our files.
docs_view = csp_replace({"style-src": [SELF, UNSAFE_INLINE]})(DocsView.as_view())
