#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/web/case_row.hpp"
#include "daemon/web/last_contact.hpp"
#include "daemon/web/status.hpp"
#include "workflows/decision/recipients.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/model/case.hpp"

/// The matrix of one cohort as a value, before it is drawn. Pure.
namespace fristvakt::daemon {

struct OverviewCell {
    const workflows::Case* item{nullptr};  ///< Null: no such case (yet).
    CaseStatus status;
};

struct OverviewColumn {
    std::string requirement;
    std::string period;
    workflows::Text title;
    std::optional<workflows::Date> due;  ///< What most of its cases have.
    int settled{0};
    int applicable{0};  ///< Cases but those that do not apply.
};

struct OverviewRow {
    const workflows::Organisation* organisation{nullptr};
    std::string id;
    ContactSummary contact;                     ///< Who is written to first.
    std::vector<OverviewCell> cells;            ///< One for each column.
    std::optional<int> worst;                   ///< Fewest days left of what is waited for.
    std::optional<LastContact> last_contact{};  ///< About any of its cells.
};

struct Overview {
    std::vector<OverviewColumn> columns;
    std::vector<OverviewRow> rows;  ///< Most urgent first, then by name.
    std::map<StatusKind, int> counts;
};

struct OverviewFilter {
    std::optional<StatusKind> status;  ///< Rows with a cell like that.
    bool deviations_only{false};
    bool without_contact{false};  ///< Rows at which nobody can be written to.
    bool with_cells_only{false};  ///< Else participants without a case have a row too.
    /// Else a recurring requirement's settled earlier periods are left out.
    bool all_periods{false};
};

/// `cases` are those of `cohort`; pointers into them and into `definitions` stand in the result.
/// Counts are of all that is in the columns, whatever rows the filter leaves. `contacts` may know
/// more cases, and none.
[[nodiscard]] Overview make_overview(const workflows::Cohort& cohort,
                                     const std::vector<workflows::Case>& cases,
                                     const workflows::Definitions& definitions,
                                     workflows::Instant now,
                                     const workflows::RefusedAddresses& refused,
                                     const Contacts& contacts, const OverviewFilter& filter);

}  // namespace fristvakt::daemon
