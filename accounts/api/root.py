"""The door of the API: its list of resources, and a plain answer at addresses that nobody knows."""

from django.http import Http404
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from accounts.api.problems import exception_handler


class OpenView(APIView):
    """A view without an organization: nothing here belongs to anybody."""

    authentication_classes = []
    permission_classes = []
    throttle_classes = []
    schema = None

    def get_exception_handler(self):
        return exception_handler


class RootView(OpenView):
    router = None

    def get(self, request):
        base = request.build_absolute_uri(request.path)
        names = [prefix for prefix, _viewset, _basename in self.router.registry]
        return Response({name: f"{base}{name}/" for name in [*names, "schema", "docs"]})


class UnknownView(OpenView):
    """Anything else under the API: a problem document, not a page."""

    def initial(self, request, *args, **kwargs):
        raise Http404


class Router(SimpleRouter):
    """Resources by their plural; keys are UUIDs, so that nothing else is taken for one."""

    def register(self, prefix, viewset, basename=None):
        super().register(prefix, viewset, basename or f"api-{prefix}")
