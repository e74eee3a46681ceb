"""Measurements that anyone can run: `make bench`; results in docs/benchmarks.md."""
