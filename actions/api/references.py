"""How one row names another, of whatever app it is: see web/references.py."""

from web.references import NamedSerializer, OrNull, RefSerializer, TitledSerializer, address, chosen

__all__ = ["NamedSerializer", "OrNull", "RefSerializer", "TitledSerializer", "address", "chosen"]
