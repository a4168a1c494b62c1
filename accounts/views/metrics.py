"""``/metrics``: what the machinery is doing, for Prometheus. Numbers of the whole installation, of no organization."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from accounts.dispatch.figures import figures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@never_cache
@require_safe
def metrics(request):
    """Only with the token of the settings; without one there is no such page."""
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    if not wanted or scheme.lower() != "bearer" or not constant_time_compare(given, wanted):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Dispatch())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE)


class Dispatch(Collector):
    def describe(self):
        """Without this the database would be asked once more only for the names."""
        return []

    def collect(self):
        found = figures()
        queue = GaugeMetricFamily("rafiq_dispatch_messages", "Messages in the queue.", labels=["lane", "state"])
        delay = GaugeMetricFamily(
            "rafiq_dispatch_delay_seconds", "How long the message that is due longest has waited.", labels=["lane"]
        )
        for line in found.queue:
            queue.add_metric([line.lane.queue, line.state], line.rows)
            if line.state == "due":
                delay.add_metric([line.lane.queue], line.oldest)
        yield from (queue, delay)
        outcomes = CounterMetricFamily(
            "rafiq_dispatch_outcomes", "What attempts have come to.", labels=["lane", "outcome"]
        )
        for lane, outcome, total in found.outcomes:
            outcomes.add_metric([lane, outcome], total)
        yield outcomes
        yield from providers(found)
        age = GaugeMetricFamily(
            "rafiq_dispatch_worker_silence_seconds", "Since a worker of the lane last asked for work.", labels=["lane"]
        )
        alive = GaugeMetricFamily("rafiq_dispatch_workers", "Workers heard of in the last minute.", labels=["lane"])
        for worker in found.workers:
            age.add_metric([worker.lane.queue], worker.silence)
            alive.add_metric([worker.lane.queue], worker.alive)
        yield from (age, alive)
        yield GaugeMetricFamily(
            "rafiq_dispatch_held", "1 after a restore, until dispatch_release.", value=int(found.is_held)
        )


def providers(found):
    breaker = GaugeMetricFamily("rafiq_dispatch_breaker_open", "1 while nobody asks the provider.", labels=["provider"])
    slow = GaugeMetricFamily("rafiq_dispatch_slowed", "1 while its rate is halved.", labels=["provider"])
    tokens = GaugeMetricFamily("rafiq_dispatch_tokens", "Messages it takes at once, now.", labels=["provider"])
    for provider in found.providers:
        breaker.add_metric([provider.name], int(provider.is_open))
        slow.add_metric([provider.name], int(provider.is_slow))
        if provider.tokens is not None:
            tokens.add_metric([provider.name], provider.tokens)
    yield from (breaker, slow, tokens)
    yield GaugeMetricFamily(
        "rafiq_dispatch_endpoints_open", "Endpoints of webhooks that nobody calls now.", value=found.closed_endpoints
    )
