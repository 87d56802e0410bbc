"""The journal, the worlds folded from it, saved statuses and object contents: all that is on disk."""

from stillup.engine.store.errors import StoreUnusable
from stillup.engine.store.store import Store, open_store

__all__ = ["Store", "StoreUnusable", "open_store"]
