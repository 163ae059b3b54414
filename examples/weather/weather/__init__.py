"""Daily weather of Seattle: a data product in three steps, ingest, transform and check."""
