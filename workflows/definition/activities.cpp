#include "workflows/definition/activities.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "workflows/definition/groups.hpp"

namespace fristvakt::workflows {
namespace {

constexpr std::string_view kDeliveryWorkflow = "delivery";
constexpr std::string_view kSuggestionsWorkflow = "suggestions";
constexpr std::size_t kIdMax = 60;

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// Small letters, æ, ø and å among them.
std::string folded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c - 'A' + 'a');
        } else if (i > 0 && text[i - 1] == '\xC3') {
            const auto second = static_cast<unsigned char>(c);
            c = static_cast<char>(second >= 0x80 && second < 0xA0 ? second + 0x20 : second);
        }
        out += c;
    }
    return out;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(separators), text.size());
        if (const auto part = trimmed(text.substr(0, end)); !part.empty()) {
            parts.push_back(part);
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

/// "a og b" at the ` og `.
std::vector<std::string_view> split_at_and(std::string_view text) {
    constexpr std::string_view kAnd{" og "};
    std::vector<std::string_view> parts;
    for (auto end = text.find(kAnd); end != std::string_view::npos; end = text.find(kAnd)) {
        parts.push_back(trimmed(text.substr(0, end)));
        text.remove_prefix(end + kAnd.size());
    }
    parts.push_back(trimmed(text));
    return parts;
}

/// Reads the names of groups.
class NameReader {
 public:
    explicit NameReader(const Cohort& cohort) : cohort_(cohort) {}

    NamedGroups read(std::string_view who) {
        for (const std::string_view part : split(who, ",;")) {
            // A title may have an `og` of its own, and spaces.
            if (!take(part) && !take_all(split_at_and(part)) && !take_all(split(part, " "))) {
                refuse(part);
            }
        }
        return std::move(out_);
    }

 private:
    [[nodiscard]] const Group* find(std::string_view name) const {
        const std::string wanted = folded(name);
        const auto found = std::ranges::find_if(cohort_.groups, [&](const Group& group) {
            return group.id == wanted || folded(group.title.nb) == wanted ||
                   folded(group.title.nn) == wanted;
        });
        return found == cohort_.groups.end() ? nullptr : &*found;
    }
    bool take(std::string_view name) {
        const Group* group = find(name);
        if (group != nullptr && std::ranges::find(out_.ids, group->id) == out_.ids.end()) {
            out_.ids.push_back(group->id);
        }
        return group != nullptr;
    }
    /// All of them, or none.
    bool take_all(const std::vector<std::string_view>& names) {
        if (!std::ranges::all_of(names,
                                 [&](std::string_view name) { return find(name) != nullptr; })) {
            return false;
        }
        for (const std::string_view name : names) {
            take(name);
        }
        return true;
    }
    void refuse(std::string_view part) {
        for (const std::string_view name : split_at_and(part)) {
            if (!take(name)) {
                out_.unknown.emplace_back(name);
            }
        }
    }

    const Cohort& cohort_;
    NamedGroups out_;
};

/// An address, or nothing: words are shown and no more.
std::string address_in(const std::string& responsible) {
    return responsible.find('@') == std::string::npos ? std::string{} : responsible;
}

/// The places of what a row becomes, by the keys that the verifier knows.
Places places_of(const Activity& activity) {
    static constexpr std::array<std::pair<const char*, const char*>, 5> kKeys{
        {{"id", "id"}, {"start", "when"}, {"due", "when"}, {"groups", "who"}, {"debtor", "who"}}};
    Places places;
    for (const auto& [key, column] : kKeys) {
        places.emplace(key, place(activity.places, column, activity.where));
    }
    places.emplace("opens", places.at("due"));
    places.emplace("responsible", place(activity.places, "responsible", activity.where));
    return places;
}

MeetingDate date_of(const DaySpan& span, const Activity& activity) {
    MeetingDate date;
    date.start = span.first + span.from.value_or(Seconds{0});
    date.end = span.until ? span.last + *span.until : LocalTime{span.last + cal::days{1}};
    date.place = activity.place;
    date.lecturer = activity.lecturer;
    date.cancelled = activity.cancelled;
    date.where = activity.where;
    date.places = places_of(activity);
    return date;
}

Meeting meeting_of(const Activity& activity, std::vector<std::string> groups) {
    Meeting meeting;
    meeting.id = activity.id;
    meeting.title = activity.what;
    meeting.groups = std::move(groups);
    meeting.responsible = address_in(activity.responsible);
    meeting.where = activity.where;
    meeting.places = places_of(activity);
    meeting.activity = activity.id;
    for (std::size_t i = 0; i < activity.dates.spans.size(); ++i) {
        meeting.dates.push_back(date_of(activity.dates.spans[i], activity));
        // By number, not by day: one that is moved stays the same.
        meeting.dates.back().id = i == 0 ? std::string{} : std::to_string(i + 1);
    }
    return meeting;
}

DueRule on(std::variant<std::string, Date, LocalTime> when) {
    DueRule rule;
    rule.expression = DeadlineExpression{.anchor = std::move(when), .terms = {}, .time_of_day = {}};
    return rule;
}

Requirement delivery_of(const Activity& activity, std::vector<std::string> debtors,
                        const Cohort& cohort, const Definitions& definitions) {
    Requirement delivery;
    delivery.id = activity.id;
    delivery.title = activity.what;
    delivery.workflow =
        activity.kind == Activity::Kind::Suggestions ? kSuggestionsWorkflow : kDeliveryWorkflow;
    const DaySpan& span = activity.dates.spans.front();
    if (const auto time = span.until ? span.until : span.from) {
        delivery.due = on(LocalTime{span.last + *time});
    } else {
        delivery.due = on(span.last);
    }
    if (span.first != span.last) {
        delivery.opens = on(span.first);
    }
    delivery.debtors = std::move(debtors);
    delivery.responsible = address_in(activity.responsible);
    if (const Organisation* creditor = definitions.find_organisation(cohort.creditor)) {
        delivery.deliver.to = creditor->email;
    }
    delivery.where = activity.where;
    delivery.places = places_of(activity);
    delivery.activity = activity.id;
    return delivery;
}

/// Whether a requirement or meeting of the programme's file has the id.
bool is_taken(const Activity& activity, const Cohort& cohort) {
    const auto is_other = [&](const auto& one) {
        return one.activity.empty() && one.id == activity.id;
    };
    return std::ranges::any_of(
               cohort.requirements,
               [&](const Requirement& one) { return is_other(one) && one.meeting.empty(); }) ||
           std::ranges::any_of(cohort.meetings, is_other);
}

}  // namespace

std::string id_from(std::string_view title) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kLetters{
        {{"æ", "ae"},
         {"ø", "o"},
         {"å", "a"},
         {"é", "e"},
         {"ö", "o"},
         {"ä", "a"},
         {"ü", "u"},
         {"á", "a"}}};
    const std::string text = folded(title);
    std::string id;
    for (std::size_t i = 0; i < text.size() && id.size() < kIdMax; ++i) {
        const auto letter = std::ranges::find_if(kLetters, [&](const auto& one) {
            return std::string_view{text}.substr(i).starts_with(one.first);
        });
        if (letter != kLetters.end()) {
            id += letter->second;
            i += letter->first.size() - 1;
        } else if ((text[i] >= 'a' && text[i] <= 'z') || (text[i] >= '0' && text[i] <= '9')) {
            id += text[i];
        } else if (!id.empty() && id.back() != '-') {
            id += '-';
        }
    }
    while (!id.empty() && id.back() == '-') {
        id.pop_back();
    }
    return id;
}

NamedGroups groups_named(std::string_view who, const Cohort& cohort) {
    return NameReader{cohort}.read(who);
}

bool is_called(const Activity& activity, const Cohort& cohort) {
    const NamedGroups named = groups_named(activity.who, cohort);
    return named.unknown.empty() && !named.ids.empty() && !is_taken(activity, cohort);
}

void call_activities(Definitions& definitions) {
    for (Cohort& cohort : definitions.cohorts) {
        for (const Activity& activity : cohort.activities) {
            if (!is_called(activity, cohort)) {
                continue;
            }
            std::vector<std::string> groups = groups_named(activity.who, cohort).ids;
            if (activity.is_meeting()) {
                cohort.meetings.push_back(meeting_of(activity, std::move(groups)));
                continue;
            }
            auto debtors = debtors_in(groups, cohort, definitions);
            if (debtors.empty()) {
                continue;  // Not everybody instead of nobody; the verifier says so.
            }
            if (debtors == debtors_of(cohort, {})) {
                debtors.clear();  // Each participant, as in most requirements.
            }
            cohort.requirements.push_back(
                delivery_of(activity, std::move(debtors), cohort, definitions));
        }
    }
}

}  // namespace fristvakt::workflows
