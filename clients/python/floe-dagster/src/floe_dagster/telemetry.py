"""The step's own span, so that the trace of a Dagster run begins in Dagster.

Without the OpenTelemetry SDK (the extra `telemetry`), or without an endpoint in the standard OTEL_*
variables, no span is sent; the trace context is handed on all the same.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from floe_dagster.step import StepTry

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

_FLUSH_MILLIS = 5_000


class TraceContext:
    """The trace context of a step; knows the floe run as soon as there is one."""

    def __init__(self, traceparent: str) -> None:
        self.traceparent = traceparent

    def of_run(self, run_id: str) -> None:
        """Names the floe run on the step's span, where one is sent."""


@contextmanager
def step_trace(step: StepTry) -> Iterator[TraceContext]:
    """The trace context that is current, or else one derived from the step, with a span sent at the end."""
    current = _current()
    if current is not None:
        yield TraceContext(current)
        return
    provider = _provider(step)
    if provider is None:
        yield TraceContext(step.traceparent)
        return
    try:
        with _sent_step(step, provider) as context:
            yield context
    finally:
        provider.force_flush(_FLUSH_MILLIS)
        provider.shutdown()


@contextmanager
def _sent_step(step: StepTry, provider: TracerProvider) -> Iterator[TraceContext]:
    from opentelemetry.context import Context
    from opentelemetry.trace import Status, StatusCode

    attributes: dict[str, str | int] = {
        "dagster.run.id": step.run_id,
        "dagster.job.name": step.job_name,
        "dagster.step.key": step.step_key,
        "dagster.step.retry": step.retry_number,
    }
    span = provider.get_tracer("floe-dagster").start_span(
        f"dagster step {step.step_key}", context=Context(), attributes=attributes
    )

    class Sent(TraceContext):
        def of_run(self, run_id: str) -> None:
            span.set_attribute("floe.run.id", run_id)

    try:
        yield Sent(step.traceparent)
    except BaseException as problem:
        span.set_status(Status(StatusCode.ERROR, str(problem) or type(problem).__name__))
        raise
    finally:
        span.end()


def _current() -> str | None:
    try:
        from opentelemetry import trace
    except ImportError:
        return None
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def _provider(step: StepTry) -> TracerProvider | None:
    endpoint = os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or os.environ.get(
        "OTEL_EXPORTER_OTLP_ENDPOINT"
    )
    if not endpoint or os.environ.get("OTEL_TRACES_EXPORTER", "otlp") != "otlp":
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.sdk.trace.id_generator import IdGenerator

        class StepIds(IdGenerator):
            def generate_trace_id(self) -> int:
                return step.trace_id

            def generate_span_id(self) -> int:
                return step.span_id

        name = os.environ.get("OTEL_SERVICE_NAME", "dagster")
        provider = TracerProvider(
            id_generator=StepIds(), resource=Resource.create({"service.name": name}), shutdown_on_exit=False
        )
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        return provider
    except ImportError:
        return None
    except Exception as problem:  # whatever is wrong with telemetry, the step comes first
        logging.getLogger(__name__).warning("telemetry is off: %s", problem)
        return None
