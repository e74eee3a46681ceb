"""Visits: whom to visit, who goes when, what is carried, and what was found.

Light: the web plans anew and takes outcomes in its own process, so nothing here imports pandas,
DuckDB or a room of the pipeline.
"""
