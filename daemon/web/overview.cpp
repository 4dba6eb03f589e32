#include "daemon/web/overview.hpp"

#include <algorithm>
#include <climits>
#include <limits>
#include <set>
#include <unordered_map>

#include "daemon/web/words.hpp"

namespace fristvakt::daemon {

using workflows::Case;
using workflows::Cohort;
using workflows::Date;
using workflows::Definitions;
using workflows::Instant;
using workflows::RefusedAddresses;

namespace {

struct Placed {
    const Case* item;
    CaseStatus status;
};

/// One requirement in one period.
struct Group {
    OverviewColumn column;
    std::size_t order{0};  ///< Of the requirement in the file.
    std::vector<Placed> cases;
    [[nodiscard]] bool is_open() const {
        return std::ranges::any_of(
            cases, [](const Placed& placed) { return !is_settled(placed.status.kind); });
    }
};

/// Our own meetings have a page of theirs.
constexpr std::size_t kElsewhere = std::numeric_limits<std::size_t>::max();

std::vector<Group> group_cases(const Cohort& cohort, const std::vector<Case>& cases,
                               const Definitions& definitions, Instant now) {
    using Requirement = workflows::Requirement;
    std::map<std::pair<std::string_view, std::string_view>, std::size_t> known;
    std::vector<Group> groups;
    for (const Case& item : cases) {
        if (!item.parent.empty()) {
            continue;
        }
        const auto [at, is_new] = known.try_emplace({item.requirement, item.period}, groups.size());
        if (is_new) {
            const auto in_file =
                std::ranges::find(cohort.requirements, item.requirement, &Requirement::id);
            if (in_file != cohort.requirements.end() &&
                in_file->origin == Requirement::Origin::Meeting) {
                at->second = kElsewhere;
                continue;
            }
            groups.push_back(
                {.column = {.requirement = item.requirement,
                            .period = item.period,
                            .title = case_title(item, definitions),
                            .due = {},
                            .settled = 0,
                            .applicable = 0},
                 .order = static_cast<std::size_t>(in_file - cohort.requirements.begin()),
                 .cases = {}});
            groups.back().cases.reserve(cohort.participants.size());
        }
        if (at->second != kElsewhere) {
            groups[at->second].cases.push_back({&item, status_of(item, definitions, now)});
        }
    }
    std::ranges::sort(groups, [](const Group& a, const Group& b) {
        return std::tie(a.order, a.column.requirement, a.column.period) <
               std::tie(b.order, b.column.requirement, b.column.period);
    });
    return groups;
}

/// Leaves out earlier periods in which nothing is open any more.
void drop_settled_periods(std::vector<Group>& groups) {
    std::vector<Group> kept;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const bool is_last = i + 1 == groups.size() ||
                             groups[i + 1].column.requirement != groups[i].column.requirement;
        if (is_last || groups[i].is_open()) {
            kept.push_back(std::move(groups[i]));
        }
    }
    groups = std::move(kept);
}

void sum_up(Group& group) {
    std::map<Date, int> dates;
    for (const Placed& placed : group.cases) {
        if (placed.item->due) {
            ++dates[placed.item->due->date];
        }
        if (placed.status.kind != StatusKind::NotApplicable &&
            placed.status.kind != StatusKind::Voluntary) {
            ++group.column.applicable;
            group.column.settled += is_settled(placed.status.kind) ? 1 : 0;
        }
    }
    const auto most =
        std::ranges::max_element(dates, {}, [](const auto& date) { return date.second; });
    if (most != dates.end()) {
        group.column.due = most->first;
    }
}

bool has_deviation(const OverviewRow& row) {
    return std::ranges::any_of(row.cells, [](const OverviewCell& cell) {
        return cell.item != nullptr && is_deviation(cell.status.kind);
    });
}

bool is_wanted(const OverviewRow& row, const OverviewFilter& filter) {
    const bool has_status = std::ranges::any_of(row.cells, [&](const OverviewCell& cell) {
        return cell.item != nullptr && cell.status.kind == filter.status;
    });
    if (filter.status && !has_status) {
        return false;
    }
    const bool is_reached = row.contact.state == ContactState::Known;
    if ((filter.without_contact && is_reached) ||
        (filter.with_cells_only && std::ranges::all_of(row.cells, [](const OverviewCell& cell) {
             return cell.item == nullptr;
         }))) {
        return false;
    }
    return !filter.deviations_only || !is_reached || has_deviation(row);
}

class Builder {
 public:
    Builder(const Cohort& cohort, const Definitions& definitions)
        : cohort_(cohort), definitions_(definitions) {}

    void add_participants() {
        for (const workflows::Participant& participant : cohort_.participants) {
            (void)row_of(participant.organisation);
        }
    }

    void add(std::vector<Group>& groups) {
        for (const Group& group : groups) {
            for (const Placed& placed : group.cases) {
                (void)row_of(placed.item->debtor);
            }
        }
        for (OverviewRow& row : out_.rows) {
            row.cells.resize(groups.size());
        }
        for (std::size_t i = 0; i < groups.size(); ++i) {
            sum_up(groups[i]);
            for (Placed& placed : groups[i].cases) {
                place(placed, i);
            }
            out_.columns.push_back(std::move(groups[i].column));
        }
    }

    void find_contacts(Date today, const RefusedAddresses& refused) {
        for (OverviewRow& row : out_.rows) {
            const auto first = std::ranges::find_if(
                row.cells, [](const OverviewCell& cell) { return cell.item != nullptr; });
            if (first == row.cells.end()) {
                row.contact.state = ContactState::Known;
            } else {
                row.contact = contact_of(*first->item, definitions_, today, refused);
            }
        }
    }

    void find_last(const Contacts& contacts) {
        for (OverviewRow& row : out_.rows) {
            for (const OverviewCell& cell : row.cells) {
                const auto known =
                    cell.item == nullptr ? contacts.end() : contacts.find(cell.item->id);
                if (known != contacts.end() && known->second &&
                    (!row.last_contact || row.last_contact->at < known->second->at)) {
                    row.last_contact = known->second;
                }
            }
        }
    }

    Overview finish(const OverviewFilter& filter) {
        std::erase_if(out_.rows, [&](const OverviewRow& row) { return !is_wanted(row, filter); });
        const auto name = [](const OverviewRow& row) -> const std::string& {
            return row.organisation == nullptr ? row.id : row.organisation->name;
        };
        std::ranges::sort(out_.rows, [&](const OverviewRow& a, const OverviewRow& b) {
            const auto rank = [](const OverviewRow& row) {
                return std::pair{row.worst.value_or(INT_MAX), !has_deviation(row)};
            };
            return rank(a) != rank(b) ? rank(a) < rank(b) : comes_before(name(a), name(b));
        });
        return std::move(out_);
    }

 private:
    OverviewRow& row_of(const std::string& organisation) {
        const auto [at, is_new] = rows_.try_emplace(organisation, out_.rows.size());
        if (is_new) {
            OverviewRow row;
            row.id = organisation;
            row.organisation = definitions_.find_organisation(organisation);
            out_.rows.push_back(std::move(row));
        }
        return out_.rows[at->second];
    }

    void place(Placed& placed, std::size_t column) {
        OverviewRow& row = row_of(placed.item->debtor);
        ++out_.counts[placed.status.kind];
        if (placed.status.days_left) {
            row.worst = std::min(row.worst.value_or(INT_MAX), *placed.status.days_left);
        }
        row.cells[column] = {placed.item, std::move(placed.status)};
    }

    const Cohort& cohort_;
    const Definitions& definitions_;
    Overview out_;
    std::unordered_map<std::string, std::size_t> rows_;
};

}  // namespace

Overview make_overview(const Cohort& cohort, const std::vector<Case>& cases,
                       const Definitions& definitions, Instant now, const RefusedAddresses& refused,
                       const Contacts& contacts, const OverviewFilter& filter) {
    std::vector<Group> groups = group_cases(cohort, cases, definitions, now);
    if (!filter.all_periods) {
        drop_settled_periods(groups);
    }
    Builder builder{cohort, definitions};
    builder.add_participants();
    builder.add(groups);
    builder.find_contacts(definitions.time_zone().date_of(now), refused);
    builder.find_last(contacts);
    return builder.finish(filter);
}

}  // namespace fristvakt::daemon
