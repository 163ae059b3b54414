"""Dagster steps that run as floe runs."""

from floe_dagster.resource import FloeResource

__all__ = ["FloeResource"]
