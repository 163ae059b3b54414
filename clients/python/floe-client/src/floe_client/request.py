"""What a caller asks to be run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any

from floe_client.models import VerdictCategory

DATA_VIOLATION = 65
"""Exit code with which a check says that it ran and that the data violates a rule (EX_DATAERR of sysexits.h).

Runs of kind QUALITY_CHECK and DBT_TEST that end with it get the verdict QualityGateFailed. Any other exit
code but 0 means that the check gave no result: Python ends with 1 after any uncaught exception.
"""


class RunKind(str, Enum):
    """What a run does."""

    DBT_RUN = "dbt-run"
    DBT_TEST = "dbt-test"
    QUALITY_CHECK = "quality-check"
    INGESTION = "ingestion"
    CUSTOM = "custom"


@dataclass(frozen=True)
class Resources:
    """What one attempt may use, as Kubernetes quantities."""

    cpu: str | None = None
    memory: str | None = None

    def to_json(self) -> dict[str, Any]:
        return _present({"cpu": self.cpu, "memory": self.memory})


@dataclass(frozen=True)
class SecretEnv:
    """An environment variable whose value stands in a Secret of the domain's namespace."""

    name: str
    secret: str
    key: str

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "secret": self.secret, "key": self.key}


@dataclass(frozen=True)
class Backoff:
    """The delay before another attempt; what is left out has the service's default."""

    initial: timedelta | None = None
    multiplier: float | None = None
    max: timedelta | None = None
    jitter: float | None = None

    def to_json(self) -> dict[str, Any]:
        return _present(
            {
                "initial": _duration(self.initial),
                "multiplier": self.multiplier,
                "max": _duration(self.max),
                "jitter": self.jitter,
            }
        )


@dataclass(frozen=True)
class RetryRule:
    """An exception from the budgets: `action` is RETRY, FAIL or RETRY_WITH_MEMORY."""

    action: str
    exit_codes: Sequence[int] = ()
    reasons: Sequence[str] = ()
    memory_factor: float | None = None
    memory_max: str | None = None

    def to_json(self) -> dict[str, Any]:
        return _present(
            {
                "exitCodes": list(self.exit_codes),
                "reasons": list(self.reasons),
                "action": self.action,
                "memoryFactor": self.memory_factor,
                "memoryMax": self.memory_max,
            }
        )


@dataclass(frozen=True)
class RetryPolicy:
    """When a failed attempt is followed by another; `max_attempts` counts the first one too."""

    max_attempts: Mapping[VerdictCategory, int] = field(default_factory=dict)
    backoff: Backoff | None = None
    rules: Sequence[RetryRule] = ()

    def to_json(self) -> dict[str, Any]:
        return _present(
            {
                "maxAttempts": {category.value: most for category, most in self.max_attempts.items()},
                "backoff": self.backoff.to_json() if self.backoff else None,
                "rules": [rule.to_json() for rule in self.rules],
            }
        )


@dataclass(frozen=True)
class RunRequest:
    """What is to be run, and on whose behalf; what is left out has the service's default.

    `timeout` is for one attempt, `run_timeout` for all attempts and the waiting between them.
    """

    platform: str
    domain: str
    product: str
    kind: RunKind
    image: str
    command: Sequence[str] = ()
    args: Sequence[str] = ()
    pipeline: str | None = None
    requires: Sequence[str] | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    secret_refs: Sequence[SecretEnv] = ()
    resources: Resources | None = None
    timeout: timedelta | None = None
    run_timeout: timedelta | None = None
    retry_policy: RetryPolicy | None = None
    priority: int | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        body = _present(
            {
                "platform": self.platform,
                "domain": self.domain,
                "product": self.product,
                "pipeline": self.pipeline,
                "kind": self.kind.value,
                "image": self.image,
                "command": list(self.command),
                "args": list(self.args),
                "env": dict(self.env),
                "secretRefs": [secret.to_json() for secret in self.secret_refs],
                "resources": self.resources.to_json() if self.resources else None,
                "timeout": _duration(self.timeout),
                "runTimeout": _duration(self.run_timeout),
                "retryPolicy": self.retry_policy.to_json() if self.retry_policy else None,
                "priority": self.priority,
                "labels": dict(self.labels),
            }
        )
        if self.requires is not None:  # an empty list means something else than none
            body["requires"] = list(self.requires)
        return body


def iso_duration(duration: timedelta) -> str:
    """The duration as ISO 8601 has it, to the millisecond: `PT90S`, `PT0.5S`."""
    return f"PT{duration.total_seconds():.3f}".rstrip("0").rstrip(".") + "S"


def _duration(duration: timedelta | None) -> str | None:
    return None if duration is None else iso_duration(duration)


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, [], {})}
