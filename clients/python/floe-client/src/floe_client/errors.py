"""What can go wrong between a caller and floe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BASE = "https://floe.dev/problems/"


@dataclass(frozen=True)
class FieldProblem:
    """One thing that is wrong in a request."""

    pointer: str
    message: str


@dataclass(frozen=True)
class Problem:
    """Problem details as RFC 9457 has them."""

    type: str
    title: str
    status: int
    detail: str | None = None
    instance: str | None = None
    errors: Sequence[FieldProblem] = ()

    @classmethod
    def from_json(cls, status: int, json: Mapping[str, Any]) -> Problem:
        return cls(
            type=json.get("type", "about:blank"),
            title=json.get("title", f"HTTP {status}"),
            status=json.get("status", status),
            detail=json.get("detail"),
            instance=json.get("instance"),
            errors=tuple(
                FieldProblem(error.get("pointer", ""), error.get("message", ""))
                for error in json.get("errors", ())
            ),
        )


class FloeError(Exception):
    """Everything this package raises."""


class Unreachable(FloeError):
    """No answer came, however often the client tried."""


class WaitTimeout(FloeError):
    """The run had not ended when the caller's time was over; it continues."""


class ProblemError(FloeError):
    """The service refused, and says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        words = f"{problem.title} (HTTP {problem.status})"
        if problem.detail:
            words += f": {problem.detail}"
        for error in problem.errors:
            words += f"\n  {error.pointer}: {error.message}"
        super().__init__(words)

    @property
    def type(self) -> str:
        return self.problem.type

    @property
    def title(self) -> str:
        return self.problem.title

    @property
    def status(self) -> int:
        return self.problem.status

    @property
    def detail(self) -> str | None:
        return self.problem.detail

    @property
    def errors(self) -> Sequence[FieldProblem]:
        return self.problem.errors


class InvalidRequest(ProblemError):
    """The request is not valid, or its body cannot be read; `errors` names each field."""


class Unauthenticated(ProblemError):
    """No token, or one that is not known."""


class NotFound(ProblemError):
    """Nothing by that name, or nothing the caller may see."""


class Conflict(ProblemError):
    """The run is in a state that does not allow this."""


class IdempotencyKeyReused(ProblemError):
    """The key was used before with another payload."""


class TooManyRequests(ProblemError):
    """Too much at once, for longer than the client's patience."""


class Unavailable(ProblemError):
    """Something the service needs is away, for longer than the client's patience."""


_BY_TYPE: Mapping[str, type[ProblemError]] = {
    BASE + "invalid-request": InvalidRequest,
    BASE + "malformed-body": InvalidRequest,
    BASE + "body-too-large": InvalidRequest,
    BASE + "unauthenticated": Unauthenticated,
    BASE + "not-found": NotFound,
    BASE + "conflict": Conflict,
    BASE + "idempotency-key-reused": IdempotencyKeyReused,
    BASE + "too-many-requests": TooManyRequests,
    BASE + "unavailable": Unavailable,
}

_BY_STATUS: Mapping[int, type[ProblemError]] = {
    400: InvalidRequest,
    401: Unauthenticated,
    404: NotFound,
    409: Conflict,
    413: InvalidRequest,
    429: TooManyRequests,
    503: Unavailable,
}


def error_of(problem: Problem) -> ProblemError:
    """The exception for a problem: by its type, and where that is unknown by its status."""
    kind = _BY_TYPE.get(problem.type) or _BY_STATUS.get(problem.status, ProblemError)
    return kind(problem)
