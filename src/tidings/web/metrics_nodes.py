"""Figures of the nodes, as each last wrote them down: who works, and what tries came to."""

from collections.abc import Iterator
from datetime import datetime
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from tidings.deliveries import nodes
from tidings.deliveries.models import Node
from tidings.deliveries.tally import BOUNDS, Counts


def works(now: datetime) -> Iterator[Metric]:
    """Who works, and since when each has been silent."""
    yield GaugeMetricFamily("tidings_nodes", "Processes that work", len(nodes.alive(now)))
    silence = GaugeMetricFamily("tidings_node_silence_seconds", "Since a node last said that it works", labels=["node"])
    for node in Node.objects.order_by("name"):
        silence.add_metric([node.name], (now - node.beat_at).total_seconds())
    yield silence


def tries() -> Iterator[Metric]:
    """Tries by outcome, retries, and how late tries began, of each node and network."""
    per = ["node", "network"]
    outcomes = CounterMetricFamily("tidings_tries", "Tries by what they came to", labels=[*per, "outcome"])
    retries = CounterMetricFamily("tidings_retries", "Tries that were not the first of their delivery", labels=per)
    lag = HistogramMetricFamily("tidings_lag_seconds", "How long after its time a try began", labels=per)
    for node in Node.objects.order_by("name"):
        for network, counted in Counts.model_validate(node.counts).networks.items():
            for outcome, many in counted.tries.items():
                outcomes.add_metric([node.name, network, outcome], many)
            retries.add_metric([node.name, network], counted.retries)
            up_to = zip((*map(str, BOUNDS), "+Inf"), accumulate(counted.lag.buckets), strict=True)
            lag.add_metric([node.name, network], list(up_to), counted.lag.seconds)
    yield from (outcomes, retries, lag)
