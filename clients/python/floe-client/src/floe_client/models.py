"""What job-launcher answers. Fields that a newer service adds are left aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")


class RunState(str, Enum):
    """Where a run stands."""

    QUEUED = "QUEUED"
    LAUNCHING = "LAUNCHING"
    RUNNING = "RUNNING"
    RETRYING = "RETRYING"
    CANCELLING = "CANCELLING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def terminal(self) -> bool:
        """Whether nothing will change any more."""
        return self in (RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED)


class AttemptState(str, Enum):
    """Where one attempt of a run stands."""

    LAUNCHING = "LAUNCHING"
    PENDING = "PENDING"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def terminal(self) -> bool:
        """Whether the attempt has ended."""
        return self in (AttemptState.SUCCEEDED, AttemptState.FAILED, AttemptState.CANCELLED)


class VerdictCategory(str, Enum):
    """Who has to act on an ending."""

    SUCCESS = "SUCCESS"
    APPLICATION = "APPLICATION"
    INFRASTRUCTURE = "INFRASTRUCTURE"
    CONFIGURATION = "CONFIGURATION"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class Verdict:
    """How an attempt or a run ended; `exit_code` is 128 + n for a signal n."""

    category: VerdictCategory
    reason: str
    message: str
    exit_code: int | None = None

    @classmethod
    def from_json(cls, json: Mapping[str, Any]) -> Verdict:
        return cls(
            category=VerdictCategory(json["category"]),
            reason=json["reason"],
            message=json["message"],
            exit_code=json.get("exitCode"),
        )


@dataclass(frozen=True)
class Run:
    """A run; `request` is what was asked for, as it stands in JSON."""

    id: str
    state: RunState
    request: Mapping[str, Any]
    attempt: int
    created_at: datetime
    updated_at: datetime
    waiting_for: str | None = None
    verdict: Verdict | None = None
    idempotency_key: str | None = None
    trace_id: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    next_attempt_at: datetime | None = None
    version: int = 0

    @classmethod
    def from_json(cls, json: Mapping[str, Any]) -> Run:
        return cls(
            id=json["id"],
            state=RunState(json["state"]),
            request=json["request"],
            attempt=json.get("attempt", 0),
            created_at=_instant(json["createdAt"]),
            updated_at=_instant(json["updatedAt"]),
            waiting_for=json.get("waitingFor"),
            verdict=_verdict(json),
            idempotency_key=json.get("idempotencyKey"),
            trace_id=json.get("traceId"),
            started_at=_maybe_instant(json, "startedAt"),
            finished_at=_maybe_instant(json, "finishedAt"),
            next_attempt_at=_maybe_instant(json, "nextAttemptAt"),
            version=json.get("version", 0),
        )


@dataclass(frozen=True)
class Attempt:
    """One try of a run, numbered from 1."""

    run_id: str
    number: int
    state: AttemptState
    name: str
    created_at: datetime
    namespace: str | None = None
    pod: str | None = None
    node: str | None = None
    memory: str | None = None
    verdict: Verdict | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    log_bytes: int = 0
    log_truncated: bool = False

    @classmethod
    def from_json(cls, json: Mapping[str, Any]) -> Attempt:
        return cls(
            run_id=json["runId"],
            number=json["number"],
            state=AttemptState(json["state"]),
            name=json["name"],
            created_at=_instant(json["createdAt"]),
            namespace=json.get("namespace"),
            pod=json.get("pod"),
            node=json.get("node"),
            memory=json.get("memory"),
            verdict=_verdict(json),
            started_at=_maybe_instant(json, "startedAt"),
            finished_at=_maybe_instant(json, "finishedAt"),
            log_bytes=json.get("logBytes", 0),
            log_truncated=json.get("logTruncated", False),
        )


@dataclass(frozen=True)
class RunEvent:
    """Something that happened to a run; `id` is what `Last-Event-ID` takes."""

    id: str
    run_id: str
    sequence: int
    type: str
    state: RunState
    attempt: int
    message: str
    time: datetime
    verdict: Verdict | None = None

    @classmethod
    def from_json(cls, event_id: str, json: Mapping[str, Any]) -> RunEvent:
        return cls(
            id=event_id,
            run_id=json["runId"],
            sequence=json["sequence"],
            type=json["type"],
            state=RunState(json["state"]),
            attempt=json.get("attempt", 0),
            message=json.get("message", ""),
            time=_instant(json["time"]),
            verdict=_verdict(json),
        )


@dataclass(frozen=True)
class Explanation:
    """Why a run is where it is, and what to do next."""

    run_id: str
    state: RunState
    summary: str
    cause: str | None = None
    verdict: Verdict | None = None
    next_actions: Sequence[str] = ()
    retries: str | None = None
    next_attempt_at: datetime | None = None
    log_tail: Sequence[str] = ()

    @classmethod
    def from_json(cls, json: Mapping[str, Any]) -> Explanation:
        return cls(
            run_id=json["runId"],
            state=RunState(json["state"]),
            summary=json["summary"],
            cause=json.get("cause"),
            verdict=_verdict(json),
            next_actions=tuple(json.get("nextActions", ())),
            retries=json.get("retries"),
            next_attempt_at=_maybe_instant(json, "nextAttemptAt"),
            log_tail=tuple(json.get("logTail", ())),
        )


@dataclass(frozen=True)
class LogLine:
    """One line of an attempt's log, without its line end."""

    attempt: int
    text: str


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list; `next_cursor` is absent on the last one."""

    items: Sequence[Item]
    next_cursor: str | None = None


def _verdict(json: Mapping[str, Any]) -> Verdict | None:
    verdict = json.get("verdict")
    return None if verdict is None else Verdict.from_json(verdict)


def _maybe_instant(json: Mapping[str, Any], name: str) -> datetime | None:
    text = json.get(name)
    return None if text is None else _instant(text)


def _instant(text: str) -> datetime:
    """An ISO 8601 instant in UTC; digits beyond microseconds, which Python cannot hold, are dropped."""
    moment, dot, fraction = text.removesuffix("Z").partition(".")
    return datetime.fromisoformat(f"{moment}{dot}{fraction[:6]:0<6}+00:00" if dot else f"{moment}+00:00")
