import dagster as dg


@dg.asset
def orders() -> int:
    return 3


defs = dg.Definitions(assets=[orders])
