"""Empty for now: reviews of many members are opened by the worker, one member a transaction (`usecases/runs.py`).

A screening over a population in a lake or a warehouse, with the same domain functions over partitions, belongs here.
"""
