"""Spans of a step, sent where the standard OTEL_* variables say, or nowhere when they name no endpoint."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping
from types import FrameType
from typing import NoReturn

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from weather.warehouse import WarehouseNotBound

FAILED = 1
"""The step ran, and part of it failed."""

DATA_VIOLATION = 65
"""The check ran, and the data violates a rule: EX_DATAERR of sysexits.h.

floe reads this exit code of a check as QualityGateFailed. It reads exit code 1 as a check without a
result, because Python ends with 1 after any uncaught exception.
"""

NOT_RUN = 2
"""The step could not be carried out."""

_FLUSH_MILLIS = 10_000


def run_step(name: str, step: Callable[[Tracer], int]) -> NoReturn:
    """Runs a step inside a span that continues TRACEPARENT, sends what was recorded, exits with its code.

    A termination signal ends the step with 143 and still sends its spans. Telemetry that cannot be sent
    never changes how the step ends.
    """
    signal.signal(signal.SIGTERM, _terminated)
    shutdown = _install_exporter(os.environ)
    code = NOT_RUN
    try:
        code = _in_span(name, step)
    finally:
        shutdown()
    sys.exit(code)


def _in_span(name: str, step: Callable[[Tracer], int]) -> int:
    tracer = trace.get_tracer("weather")
    with tracer.start_as_current_span(name, _parent(os.environ)) as span:
        try:
            code = step(tracer)
        except WarehouseNotBound as problem:
            print(f"{name}: {problem}", file=sys.stderr)
            span.record_exception(problem)
            code = NOT_RUN
        span.set_attribute("process.exit.code", code)
        if code:
            span.set_status(Status(StatusCode.ERROR, f"exit code {code}"))
        return code


def _parent(env: Mapping[str, str]) -> Context:
    carrier = {
        header: env[header.upper()] for header in ("traceparent", "tracestate") if header.upper() in env
    }
    return TraceContextTextMapPropagator().extract(carrier)


def _install_exporter(env: Mapping[str, str]) -> Callable[[], None]:
    wanted = (
        env.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or env.get("OTEL_EXPORTER_OTLP_ENDPOINT")
    ) and env.get("OTEL_TRACES_EXPORTER", "otlp") == "otlp"
    if not wanted:
        return lambda: None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        trace.set_tracer_provider(provider)
    except Exception as problem:  # whatever is wrong with telemetry, the data comes first
        print(f"telemetry is off: {problem}", file=sys.stderr)
        return lambda: None

    def shutdown() -> None:
        try:
            provider.force_flush(_FLUSH_MILLIS)
            provider.shutdown()
        except Exception as problem:  # as above
            print(f"telemetry was not sent: {problem}", file=sys.stderr)

    return shutdown


def _terminated(signum: int, frame: FrameType | None) -> None:
    sys.exit(128 + signum)
