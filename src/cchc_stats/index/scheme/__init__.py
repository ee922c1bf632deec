"""The scheme (bộ chỉ số): a data file of nodes, maxima and rules, checked whenever it is made."""

from cchc_stats.index.scheme.nodes import ROOT, leaves
from cchc_stats.index.scheme.records import ScoreClass, classes_of, classes_text
from cchc_stats.index.scheme.scheme import Scheme, list_schemes, load_scheme

__all__ = [
    "ROOT",
    "Scheme",
    "ScoreClass",
    "classes_of",
    "classes_text",
    "leaves",
    "list_schemes",
    "load_scheme",
]
