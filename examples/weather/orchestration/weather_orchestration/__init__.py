"""The weather product's pipeline in Dagster: each step is a floe run."""

from weather_orchestration.definitions import defs

__all__ = ["defs"]
