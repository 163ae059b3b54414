"""Who asks: one try of one step of one Dagster run, and the names that follow from it."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass

_KEY_MAX = 255


@dataclass(frozen=True)
class StepTry:
    """One try of a step. Two processes that carry out the same try derive the same names."""

    run_id: str
    step_key: str
    retry_number: int
    job_name: str = ""

    @property
    def idempotency_key(self) -> str:
        """The key under which a restarted step finds its run again."""
        key = f"dagster:{self.run_id}:{self.step_key}:{self.retry_number}"
        if len(key) <= _KEY_MAX and key.isascii():
            return key
        digest = hashlib.sha256(self.step_key.encode()).hexdigest()
        return f"dagster:{self.run_id}:{digest}:{self.retry_number}"

    @property
    def trace_id(self) -> int:
        """The bytes of the Dagster run's UUID, so that all its steps share one trace."""
        try:
            return uuid.UUID(self.run_id).int
        except ValueError:  # not every Dagster run id was made by Dagster
            return int.from_bytes(hashlib.sha256(self.run_id.encode()).digest()[:16], "big")

    @property
    def span_id(self) -> int:
        return int.from_bytes(hashlib.sha256(self.idempotency_key.encode()).digest()[:8], "big")

    @property
    def traceparent(self) -> str:
        """The W3C trace context that the floe run belongs to."""
        return f"00-{self.trace_id:032x}-{self.span_id:016x}-01"
