"""The scheme (bộ chỉ số): a data file of nodes, maxima and rules, checked whenever it is made."""

from cchc_stats.index.scheme.nodes import ROOT, FigureAsked, Leaf, ScoreClass
from cchc_stats.index.scheme.scheme import (
    Scheme,
    classes_of,
    classes_text,
    list_schemes,
    load_scheme,
)

__all__ = [
    "ROOT",
    "FigureAsked",
    "Leaf",
    "Scheme",
    "ScoreClass",
    "classes_of",
    "classes_text",
    "list_schemes",
    "load_scheme",
]
