"""Where the product's tables live, as the platform's warehouse binding says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import dlt


class WarehouseNotBound(Exception):
    """The warehouse binding is missing or incomplete; the message says what to set."""


@dataclass(frozen=True)
class DuckDb:
    """A DuckDB file; one process at a time may write to it."""

    path: str

    name = "duckdb"

    def destination(self) -> Any:
        return dlt.destinations.duckdb(self.path)


@dataclass(frozen=True)
class Postgres:
    """A PostgreSQL database."""

    host: str
    port: int
    database: str
    user: str
    password: str

    name = "postgres"

    def __repr__(self) -> str:
        return f"Postgres({self.user}@{self.host}:{self.port}/{self.database})"

    def destination(self) -> Any:
        from dlt.destinations.impl.postgres.configuration import PostgresCredentials

        credentials = PostgresCredentials()
        credentials.host = self.host
        credentials.port = self.port
        credentials.database = self.database
        credentials.username = self.user
        credentials.password = self.password
        return dlt.destinations.postgres(credentials)


Warehouse = DuckDb | Postgres


def bound_warehouse(env: Mapping[str, str] = os.environ) -> Warehouse:
    """Reads the binding.

    Raises:
        WarehouseNotBound: a variable is missing, or the type is none this product knows.
    """
    match _needed(env, "FLOE_WAREHOUSE_TYPE"):
        case "duckdb":
            return DuckDb(_needed(env, "FLOE_WAREHOUSE_PATH"))
        case "postgres":
            port = env.get("FLOE_WAREHOUSE_PORT", "5432")
            if not port.isdigit():
                raise WarehouseNotBound(f"FLOE_WAREHOUSE_PORT is not a port number: {port}")
            return Postgres(
                host=_needed(env, "FLOE_WAREHOUSE_HOST"),
                port=int(port),
                database=_needed(env, "FLOE_WAREHOUSE_DATABASE"),
                user=_needed(env, "FLOE_WAREHOUSE_USER"),
                password=_needed(env, "FLOE_WAREHOUSE_PASSWORD"),
            )
        case other:
            raise WarehouseNotBound(
                f"FLOE_WAREHOUSE_TYPE is {other!r}; this product knows duckdb and postgres"
            )


def _needed(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "")
    if not value:
        raise WarehouseNotBound(
            f"{name} is not set. The platform's warehouse binding sets it for every run; "
            "to run the step by hand, see the README beside this package"
        )
    return value
