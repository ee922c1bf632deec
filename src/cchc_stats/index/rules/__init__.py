"""The rules by name: what each takes, the parameters it knows, and the function that scores."""

from cchc_stats.index.rules.functions import Given
from cchc_stats.index.rules.rules import ABSENT, NOT_APPLICABLE, RULES, Params, Rule

__all__ = ["ABSENT", "Given", "NOT_APPLICABLE", "Params", "RULES", "Rule"]
