"""One record each."""

from cchc_stats.indicators.records.appointments import staff_changes
from cchc_stats.indicators.records.autonomy import autonomy_share
from cchc_stats.indicators.records.documents import documents_sent, electronic_documents_share
from cchc_stats.indicators.records.dossier_flow import (
    backlog_ratio,
    dossier_count,
    dossiers_online_share,
    pending_overdue_share,
    settlement_rate,
)
from cchc_stats.indicators.records.dossiers import early_share_settled, late_rate, on_time_rate
from cchc_stats.indicators.records.infrastructure import (
    connected_units,
    digital_signatures,
    digital_signatures_per_civil_servant_present,
    digital_signatures_per_person_present,
)
from cchc_stats.indicators.records.inspections import (
    inspected_share_direct,
    inspected_share_with_indirect,
)
from cchc_stats.indicators.records.iso9001 import (
    iso_agencies,
    iso_announced_share,
    iso_compliant_share,
    iso_inspected,
    iso_procedures_share,
)
from cchc_stats.indicators.records.online_services import (
    online_procedures,
    online_procedures_share,
    online_share,
)
from cchc_stats.indicators.records.organisation import departments, public_service_units
from cchc_stats.indicators.records.positions import people_trained, positions_placed_share
from cchc_stats.indicators.records.procedures import (
    interlinked_share,
    one_stop_share,
    procedures_in_force,
    procedures_published,
    procedures_published_on_time_share,
)
from cchc_stats.indicators.records.simplifications import (
    days_saved,
    time_reduction,
    time_reduction_by_dossiers,
    time_reduction_mean,
)
from cchc_stats.indicators.records.staffing import (
    staff_assigned,
    staff_present,
    staffing_rate,
    vacancies,
)
from cchc_stats.indicators.records.training import (
    training_share_of_previous_year,
    training_turns,
    training_turns_per_person_present,
    training_turns_to_date,
)

__all__ = [
    "autonomy_share",
    "backlog_ratio",
    "connected_units",
    "days_saved",
    "departments",
    "digital_signatures",
    "digital_signatures_per_civil_servant_present",
    "digital_signatures_per_person_present",
    "documents_sent",
    "dossier_count",
    "dossiers_online_share",
    "early_share_settled",
    "electronic_documents_share",
    "inspected_share_direct",
    "inspected_share_with_indirect",
    "interlinked_share",
    "iso_agencies",
    "iso_announced_share",
    "iso_compliant_share",
    "iso_inspected",
    "iso_procedures_share",
    "late_rate",
    "on_time_rate",
    "one_stop_share",
    "online_procedures",
    "online_procedures_share",
    "online_share",
    "pending_overdue_share",
    "people_trained",
    "positions_placed_share",
    "procedures_in_force",
    "procedures_published",
    "procedures_published_on_time_share",
    "public_service_units",
    "settlement_rate",
    "staff_assigned",
    "staff_changes",
    "staff_present",
    "staffing_rate",
    "time_reduction",
    "time_reduction_by_dossiers",
    "time_reduction_mean",
    "training_share_of_previous_year",
    "training_turns",
    "training_turns_per_person_present",
    "training_turns_to_date",
    "vacancies",
]
