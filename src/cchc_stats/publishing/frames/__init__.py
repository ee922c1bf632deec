"""Styled tables for notebooks."""

from cchc_stats.publishing.frames.labelled import with_labels
from cchc_stats.publishing.frames.styled import styled_comparison, styled_form, styled_scores

__all__ = ["styled_comparison", "styled_form", "styled_scores", "with_labels"]
