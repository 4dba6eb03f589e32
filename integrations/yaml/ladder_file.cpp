#include <algorithm>

#include <fmt/format.h>

#include "integrations/yaml/files.hpp"
#include "integrations/yaml/keys.hpp"

namespace fristvakt::integrations {
namespace {

using workflows::Calendar;
using workflows::Ladder;
using workflows::LadderStep;
using workflows::Party;
using workflows::RoleReference;
using workflows::SoftPeriod;

/// `ressursperson`, or `creditor.saksbehandler`.
std::optional<RoleReference> read_role(Findings& findings, const YamlNode& node) {
    if (node.kind != YamlNode::Kind::Scalar) {
        findings.error(node, "a role is wanted here",
                       "write such as ressursperson or creditor.saksbehandler");
        return std::nullopt;
    }
    std::string_view text = node.text;
    RoleReference role;
    for (const auto& [prefix, party] : {std::pair{std::string_view("creditor."), Party::Creditor},
                                        std::pair{std::string_view("debtor."), Party::Debtor}}) {
        if (text.starts_with(prefix)) {
            text.remove_prefix(prefix.size());
            role.party = party;
            break;
        }
    }
    if (!is_id(text, "_")) {
        findings.error(node, fmt::format("`{}` cannot be a role", node.text),
                       "write such as ressursperson or creditor.saksbehandler");
        return std::nullopt;
    }
    role.role = std::string(text);
    return role;
}

std::vector<RoleReference> read_roles(Findings& findings, const YamlNode& node) {
    std::vector<RoleReference> roles;
    const auto items = read_one_or_more(findings, node);
    for (const YamlNode* item : items) {
        auto role = read_role(findings, *item);
        if (role && std::ranges::find(roles, *role) != roles.end()) {
            findings.error(*item, fmt::format("`{}` stands twice", item->text), "keep one");
        } else if (role) {
            roles.push_back(std::move(*role));
        }
    }
    if (items.empty() && node.kind == YamlNode::Kind::Sequence) {
        findings.error(node, "nobody is named", "name at least one role");
    }
    return roles;
}

LadderStep read_step(Findings& findings, const YamlNode& node) {
    LadderStep step;
    step.where = findings.at(node);
    const Mapping map(findings, node, keys::kStepTable);
    map.add_places(step.places);
    if (const YamlNode* id = map.find("id")) {
        put(step.id, read_id(findings, *id, "+_"));
    }
    if (const YamlNode* at = map.find("at")) {
        put(step.at, read_expression(findings, *at));
    }
    if (const YamlNode* to = map.find("to")) {
        step.to = read_roles(findings, *to);
    }
    if (const YamlNode* copy = map.find("copy")) {
        step.copy = read_roles(findings, *copy);
    }
    if (const YamlNode* notice = map.find("notice")) {
        put(step.notice, read_id(findings, *notice));
    }
    if (const YamlNode* time = map.find("time")) {
        const auto text = read_line(findings, *time);
        step.time_of_day = workflows::parse_time_of_day(text.value_or(""));
        if (text && !step.time_of_day) {
            findings.error(*time, fmt::format("`{}` is no time of day", *text),
                           "write such as \"12:00\"");
        }
    }
    return step;
}

template <typename Value>
std::optional<workflows::YearlyDates> yearly(std::optional<Value>&& from,
                                             std::optional<Value>&& to) {
    if (!from || !to) {
        return std::nullopt;
    }
    return workflows::YearlyDates{.from = *from, .to = *to};
}

std::optional<workflows::YearlyDates> read_yearly(Findings& findings, const Mapping& map) {
    const YamlNode* from = map.find("from");
    const YamlNode* to = map.find("to");
    if (from == nullptr || to == nullptr) {
        return std::nullopt;
    }
    return yearly(read_month_day(findings, *from), read_month_day(findings, *to));
}

/// {from: N, to: N}, the first not after the last.
std::optional<std::pair<int, int>> read_range(Findings& findings, const YamlNode& node, int min,
                                              int max) {
    const Mapping map(findings, node, keys::kFromToTable);
    const YamlNode* from_node = map.find("from");
    const YamlNode* to_node = map.find("to");
    if (from_node == nullptr || to_node == nullptr) {
        return std::nullopt;
    }
    const auto from = read_integer(findings, *from_node, min, max);
    const auto to = read_integer(findings, *to_node, min, max);
    if (!from || !to) {
        return std::nullopt;
    }
    if (*from > *to) {
        findings.error(*from_node, fmt::format("from {} comes after to {}", *from, *to),
                       "write the earlier one first");
        return std::nullopt;
    }
    return std::pair{*from, *to};
}

SoftPeriod read_soft_period(Findings& findings, const YamlNode& node) {
    constexpr int kEasterReach = 60;
    constexpr int kWeeksMax = 53;
    SoftPeriod period{.id = {}, .title = {}, .days = workflows::EasterDays{}};
    const Mapping map(findings, node, keys::kSoftTable);
    if (!map.is_map()) {
        return period;
    }
    if (const YamlNode* id = map.find("id")) {
        put(period.id, read_id(findings, *id));
    }
    if (const YamlNode* title = map.find("title")) {
        put(period.title, read_text(findings, *title));
    }
    const YamlNode* easter = map.find("easter");
    const YamlNode* weeks = map.find("weeks");
    const bool has_dates = map.find("from") != nullptr && map.find("to") != nullptr;
    const bool has_any_date = map.find("from") != nullptr || map.find("to") != nullptr;
    if ((easter != nullptr) + (weeks != nullptr) + has_any_date != 1 || has_dates != has_any_date) {
        findings.error(node, "it is not clear which days these are",
                       "write `from:` and `to:` (MM-DD), or `easter: {from, to}` (days from Easter "
                       "Sunday), or `weeks: {from, to}`; one of them");
    } else if (easter != nullptr) {
        if (const auto range = read_range(findings, *easter, -kEasterReach, kEasterReach)) {
            period.days = workflows::EasterDays{.from = range->first, .to = range->second};
        }
    } else if (weeks != nullptr) {
        if (const auto range = read_range(findings, *weeks, 1, kWeeksMax)) {
            period.days = workflows::IsoWeeks{.from = range->first, .to = range->second};
        }
    } else if (const auto dates = read_yearly(findings, map)) {
        period.days = *dates;
    }
    return period;
}

void read_semester(Findings& findings, const YamlNode& node, workflows::YearlyDates& semester) {
    const Mapping map(findings, node, keys::kFromToTable);
    const auto dates = read_yearly(findings, map);
    if (dates && dates->from > dates->to) {
        findings.error(node, "the semester ends before it begins",
                       "write `from` and `to` within one year");
    } else if (dates) {
        semester = *dates;
    }
}

void read_semesters(Findings& findings, const YamlNode& node, Calendar& calendar) {
    const int errors_before = findings.errors();
    const Mapping map(findings, node, keys::kSemestersTable);
    if (const YamlNode* spring = map.find("spring")) {
        read_semester(findings, *spring, calendar.spring);
    }
    if (const YamlNode* autumn = map.find("autumn")) {
        read_semester(findings, *autumn, calendar.autumn);
    }
    if (findings.errors() == errors_before && calendar.spring.to >= calendar.autumn.from) {
        findings.error(node, "the spring runs into the autumn",
                       "let `spring` end before `autumn` begins");
    }
}

}  // namespace

void read_ladder(const YamlNode& root, Findings& findings, Draft& draft) {
    Ladder ladder;
    ladder.where = findings.at(root);
    const Mapping map(findings, root, keys::kLadderTable);
    map.add_places(ladder.places);
    if (const YamlNode* id = map.find("ladder")) {
        put(ladder.id, read_id(findings, *id));
    }
    if (const YamlNode* steps = map.find("steps")) {
        for (const YamlNode* item : read_items(findings, *steps)) {
            ladder.steps.push_back(read_step(findings, *item));
        }
    }
    if (const YamlNode* fallback = map.find("fallback")) {
        put(ladder.fallback, read_id(findings, *fallback, "_"));
    }
    if (findings.errors() > 0) {
        draft.unreadable.ladders.insert(declared_id(root, "ladder"));
        return;
    }
    const auto [other, is_new] = draft.definitions.ladders.try_emplace(ladder.id, ladder);
    if (!is_new) {
        findings.error(
            place(ladder.places, "ladder", ladder.where),
            fmt::format("the ladder `{}` stands in {} too", ladder.id, other->second.where.file),
            "give one of them another id");
    }
}

void read_calendar(const YamlNode& root, Findings& findings, Draft& draft) {
    Calendar calendar;
    const Mapping map(findings, root, keys::kCalendarTable);
    if (const YamlNode* id = map.find("calendar")) {
        put(calendar.id, read_id(findings, *id));
    }
    if (const YamlNode* soft = map.find("soft")) {
        for (const YamlNode* item : read_items(findings, *soft)) {
            SoftPeriod period = read_soft_period(findings, *item);
            if (!period.id.empty() && std::ranges::find(calendar.soft, period.id,
                                                        &SoftPeriod::id) != calendar.soft.end()) {
                findings.error(*item, fmt::format("the soft period `{}` stands twice", period.id),
                               "give one of them another id");
            }
            calendar.soft.push_back(std::move(period));
        }
    }
    if (const YamlNode* semesters = map.find("semesters")) {
        read_semesters(findings, *semesters, calendar);
    }
    if (findings.errors() > 0) {
        draft.unreadable_calendars.insert(declared_id(root, "calendar"));
        return;
    }
    const auto [other, is_new] = draft.calendars.try_emplace(calendar.id, calendar);
    if (!is_new) {
        findings.error(root,
                       fmt::format("the calendar `{}` stands in {} too", calendar.id,
                                   draft.calendar_places[calendar.id].file),
                       "give one of them another id");
    } else {
        draft.calendar_places[calendar.id] = findings.at(root);
    }
}

}  // namespace fristvakt::integrations
