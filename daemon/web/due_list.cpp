#include "daemon/web/due_list.hpp"

#include <algorithm>
#include <charconv>

#include "daemon/web/case_row.hpp"
#include "daemon/web/words.hpp"

namespace fristvakt::daemon {

using workflows::Case;
using workflows::DueFilter;
using workflows::Instant;
using workflows::Result;

namespace {

constexpr std::size_t kBatch{400};
constexpr std::size_t kLookedAtMax{40'000};

StateKind kind_of(const workflows::State& state) {
    if (state.final) {
        return StateKind::Final;
    }
    if (state.waits_for == workflows::Party::Debtor) {
        return StateKind::WaitsForDebtor;
    }
    const bool has_term =
        state.deadline && state.deadline->kind == workflows::StateDeadline::Kind::Own;
    return has_term ? StateKind::WaitsForUsInTerm : StateKind::WaitsForUs;
}

/// "1611615600|pulje-5/plan/sel"
std::string encode_place(const Case& item) {
    const auto due = item.due ? item.due->ends_at.time_since_epoch().count() : 0;
    return std::to_string(due) + "|" + item.id;
}

void begin_after(DueFilter& filter, const std::string& place) {
    const std::size_t bar = place.find('|');
    if (bar == std::string::npos) {
        return;
    }
    std::int64_t seconds{0};
    const auto parsed = std::from_chars(place.data(), place.data() + bar, seconds);
    if (parsed.ec == std::errc{} && parsed.ptr == place.data() + bar) {
        filter.after_at = Instant{workflows::Seconds{seconds}};
        filter.after_id = place.substr(bar + 1);
    }
}

}  // namespace

std::vector<std::string> states_of(const workflows::Definitions& definitions, StateKind kind) {
    std::vector<std::string> out;
    for (const workflows::Workflow& workflow : definitions.workflows) {
        for (const workflows::State& state : workflow.states) {
            if (kind_of(state) == kind) {
                out.push_back(state.id);
            }
        }
    }
    if (kind == StateKind::Final) {
        out.emplace_back("withdrawn");
    }
    std::ranges::sort(out);
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

StateKind state_kind_of(StatusKind kind) {
    switch (kind) {
        case StatusKind::Overdue:
        case StatusKind::DueToday:
        case StatusKind::DueSoon:
        case StatusKind::Awaited:
        case StatusKind::MoreTimeAsked:
        case StatusKind::MoreTimeGiven:
        case StatusKind::Incomplete:
            return StateKind::WaitsForDebtor;
        case StatusKind::Claimed:
        case StatusKind::NothingClaimed:
            return StateKind::WaitsForUsInTerm;
        case StatusKind::Received:
        case StatusKind::NothingToReport:
        case StatusKind::Voluntary:
            return StateKind::WaitsForUs;
        case StatusKind::Done:
        case StatusKind::NotApplicable:
            return StateKind::Final;
    }
    return StateKind::WaitsForDebtor;
}

namespace {

/// In the order of the store: those that are due at the same time by id, which pages go by.
Result<DueList> due_in_order(View& view, DueFilter filter, const std::string& after,
                             std::size_t count_max,
                             const std::function<bool(const Case&, const CaseStatus&)>& takes) {
    begin_after(filter, after);
    filter.count_max = kBatch;
    DueList out;
    for (std::size_t looked_at = 0; looked_at < kLookedAtMax;) {
        auto batch = view.snapshot->due_cases(filter);
        if (!batch.ok()) {
            return batch.error();
        }
        const std::vector<Case> cases = std::move(batch).value();
        looked_at += cases.size();
        for (const Case& item : cases) {
            CaseStatus status = status_of(item, *view.definitions, view.now());
            if (!takes(item, status)) {
                continue;
            }
            if (out.cases.size() == count_max) {
                out.next = encode_place(out.cases.back().item);
                return out;
            }
            out.cases.push_back({item, std::move(status)});
        }
        if (cases.size() < kBatch) {
            out.next.clear();
            return out;
        }
        const Case& last = cases.back();
        filter.after_at = last.due ? std::optional{last.due->ends_at} : Instant{};
        filter.after_id = last.id;
        out.next = encode_place(last);
    }
    return out;
}

}  // namespace

Result<DueList> list_due(View& view, DueFilter filter, const std::string& after,
                         std::size_t count_max,
                         const std::function<bool(const Case&, const CaseStatus&)>& takes) {
    auto found = due_in_order(view, std::move(filter), after, count_max, takes);
    if (!found.ok()) {
        return found;
    }
    DueList list = std::move(found).value();
    const auto due_of = [](const Case& item) {
        return item.due ? item.due->ends_at : Instant::max();
    };
    std::ranges::stable_sort(list.cases, [&](const DueCase& a, const DueCase& b) {
        const Instant left = due_of(a.item);
        const Instant right = due_of(b.item);
        return left != right ? left < right
                             : comes_before(organisation_name(a.item.debtor, *view.definitions),
                                            organisation_name(b.item.debtor, *view.definitions));
    });
    return list;
}

Result<std::vector<PlannedSend>> planned_sends(View& view, Instant until, std::size_t count_max,
                                               const workflows::RefusedAddresses& refused) {
    // Some of what the engine looks at is no sending: look at more.
    auto cases = view.snapshot->next_cases(until, 2 * count_max);
    if (!cases.ok()) {
        return cases.error();
    }
    std::vector<PlannedSend> out;
    for (const Case& item : cases.value()) {
        auto reminding = reminding_of(view, item, refused);
        if (!reminding.ok()) {
            return reminding.error();
        }
        for (const workflows::StepOutlook& step : reminding.value().explanation.steps) {
            if (step.next && step.at <= until && !step.to.empty()) {
                out.push_back({item, step});
            }
        }
    }
    std::ranges::stable_sort(out, {}, [](const PlannedSend& one) { return one.step.at; });
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(std::min(count_max, out.size())),
              out.end());
    return out;
}

}  // namespace fristvakt::daemon
