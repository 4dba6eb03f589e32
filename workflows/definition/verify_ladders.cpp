#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "workflows/definition/usage.hpp"
#include "workflows/definition/verification.hpp"
#include "workflows/time/holidays.hpp"

namespace fristvakt::workflows {
namespace {

constexpr std::array<NoticeKind, 1> kReminder{NoticeKind::Reminder};

std::string written(const RoleReference& role) {
    return role.party == Party::Creditor ? "creditor." + role.role : role.role;
}

const SourcePosition& at(const LadderStep& step, std::string_view key) {
    return place(step.places, key, step.where);
}

/// The role that two steps have in common, or nullptr.
const RoleReference* common_role(const LadderStep& one, const LadderStep& other) {
    for (const auto& role : one.to) {
        if (std::ranges::find(other.to, role) != other.to.end()) {
            return &role;
        }
    }
    return nullptr;
}

void check_when(Verification& verification, const LadderStep& step) {
    const auto* anchor = std::get_if<std::string>(&step.at.anchor);
    const auto is_hours = [](const auto& term) { return term.unit == TimeUnit::Hour; };
    const auto is_minus = [](const auto& term) { return term.minus; };
    if (anchor == nullptr || *anchor != "due") {
        verification.error(at(step, "at"), "a step hangs on `due`, the deadline that counts",
                           "write such as `due - 3 working days`");
    } else if (step.at.time_of_day || std::ranges::any_of(step.at.terms, is_hours)) {
        verification.error(at(step, "at"), "a step is a day",
                           "leave the time out and write `time: \"12:00\"` beside it");
    } else if (std::ranges::any_of(step.at.terms, is_minus) &&
               !std::ranges::all_of(step.at.terms, is_minus)) {
        verification.error(at(step, "at"), "plus and minus in one step",
                           "write how far before or after the deadline it lies");
    }
}

void check_step(Verification& verification, const LadderStep& step) {
    check_when(verification, step);
    check_notice(verification, step.notice, at(step, "notice"), kReminder);
    if (reaches_attendees(step) && (step.to.size() > 1 || !step.copy.empty())) {
        verification.error(place(step.places, "to", step.where),
                           fmt::format("`{}` stands beside other roles", written(step.to.front())),
                           "who is called to a meeting gets a step of their own, without copies");
    }
    for (const auto& role : step.copy) {
        if (std::ranges::find(step.to, role) != step.to.end()) {
            verification.error(at(step, "copy"),
                               fmt::format("`{}` is recipient and copy of one step", written(role)),
                               "leave it in one of the two");
        }
    }
}

void check_time(Verification& verification, const LadderStep& step) {
    const SendWindow& window = verification.definitions.installation.send_window;
    if (!step.time_of_day || verification.unreadable.installation) {
        return;
    }
    if (*step.time_of_day < window.opens || *step.time_of_day >= window.closes) {
        verification.error(at(step, "time"), "the send window is shut at that time",
                           "choose a time within `send_window.hours`, or leave it out");
    }
}

/// Two steps of one ladder that have a recipient in common.
struct Pair {
    const LadderStep* earlier;
    const LadderStep* later;
    const RoleReference* role;
};

std::vector<Pair> pairs_of(const Ladder& ladder) {
    std::vector<Pair> pairs;
    for (std::size_t j = 0; j < ladder.steps.size(); ++j) {
        for (std::size_t i = 0; i < j; ++i) {
            if (const auto* role = common_role(ladder.steps[i], ladder.steps[j])) {
                pairs.push_back({&ladder.steps[i], &ladder.steps[j], role});
            }
        }
    }
    return pairs;
}

/// Tries every working day of two years as the deadline: the days of two steps for one role may
/// meet around a holiday only.
void check_days(Verification& verification, const Ladder& ladder) {
    const TimeZone& zone = verification.definitions.time_zone();
    const Date first{cal::local_days{cal::year{2026} / cal::January / 1}};
    const Date last{cal::local_days{cal::year{2027} / cal::December / 31}};
    auto pairs = pairs_of(ladder);
    std::map<const LadderStep*, Date> days;
    for (const auto& step : ladder.steps) {
        const bool is_paired = std::ranges::any_of(
            pairs, [&](const Pair& p) { return p.earlier == &step || p.later == &step; });
        if (!evaluate_day(step.at, {{"due", first}}, zone).ok()) {
            verification.error(at(step, "at"), "this step lies out of all years",
                               "write a smaller number");
            return;
        }
        if (is_paired) {
            days[&step] = first;
        }
    }
    Anchors anchors{{"due", first}};
    for (Date due = first; due <= last && !pairs.empty(); due += cal::days{1}) {
        if (!is_working_day(due)) {
            continue;
        }
        anchors.begin()->second = due;
        for (auto& [step, day] : days) {
            const auto evaluated = evaluate_day(step->at, anchors, zone);
            day = evaluated.ok() ? evaluated.value() : due;
        }
        std::erase_if(pairs, [&](const Pair& pair) {
            if (days[pair.earlier] != days[pair.later]) {
                return false;
            }
            verification.error(
                at(*pair.later, "at"),
                fmt::format("`{}` and `{}` both go to `{}` on {} when {} is the deadline",
                            pair.earlier->id, pair.later->id, written(*pair.role),
                            iso_date(days[pair.earlier]), iso_date(due)),
                "keep the days of two steps apart, also around holidays");
            return true;
        });
    }
}

void check_ids(Verification& verification, const Ladder& ladder) {
    std::map<std::string_view, int> lines;
    std::vector<const LadderStep*> steps;
    for (const auto& step : ladder.steps) {
        steps.push_back(&step);
    }
    std::ranges::sort(steps, {}, [](const LadderStep* step) { return step->where.line; });
    for (const LadderStep* step : steps) {
        const auto [other, is_new] = lines.emplace(step->id, step->where.line);
        if (!is_new) {
            verification.error(
                at(*step, "id"),
                fmt::format("the step `{}` stands in line {} already", step->id, other->second),
                "give each step an id of its own");
        }
    }
}

}  // namespace

void verify_ladders(Verification& verification) {
    const Usage usage = usage_of(verification.definitions);
    for (const auto& [id, ladder] : verification.definitions.ladders) {
        const std::size_t findings_before = verification.findings.size();
        if (ladder.steps.empty()) {
            verification.error(place(ladder.places, "steps", ladder.where),
                               "the ladder has no steps", "add one, or leave the ladder out");
            continue;
        }
        check_ids(verification, ladder);
        for (const auto& step : ladder.steps) {
            check_step(verification, step);
            if (usage.ladders.contains(id)) {
                check_time(verification, step);
            }
        }
        if (verification.findings.size() == findings_before) {
            check_days(verification, ladder);
        }
    }
}

}  // namespace fristvakt::workflows
