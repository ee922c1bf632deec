"""Working days of Vietnam: which days are worked, how many lie between two days, by decision."""

from cchc_stats.calendars.vietnam import vietnam_calendar
from cchc_stats.calendars.working_calendar import WorkingCalendar

__all__ = ["WorkingCalendar", "vietnam_calendar"]
