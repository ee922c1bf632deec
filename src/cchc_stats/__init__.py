"""Statistics of Vietnam's public administration reform (cải cách hành chính).

Read a report, check it, measure its indicators, compare quarters, plot. Names are loaded when they
are first used: importing the package costs little more than importing pandas.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__all__.remove("indicators")  # a room, not a name: its functions are names of their own
