"""A province's quarter: who is missing, what is wrong, sums, changes, ranks, letters, forms."""

from cchc_stats.publishing.provinces.folder import Published as PublishedProvince
from cchc_stats.publishing.provinces.folder import province, publish_province
from cchc_stats.publishing.provinces.notices import say as province_words

__all__ = ["PublishedProvince", "province", "province_words", "publish_province"]
