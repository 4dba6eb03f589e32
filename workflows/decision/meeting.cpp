#include "workflows/decision/meeting.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "workflows/definition/meetings.hpp"

namespace fristvakt::workflows {
namespace {

constexpr const char* kStart = "start";
constexpr const char* kEnd = "end";
constexpr const char* kPlace = "place";
constexpr std::string_view kWas = "was_";

}  // namespace

std::optional<MeetingTime> meeting_time(const Case& item) {
    return meeting_time(item.fields);
}

std::optional<MeetingTime> meeting_time(const std::map<std::string, std::string>& fields) {
    const auto text = [&](const char* name) {
        const auto found = fields.find(name);
        return found == fields.end() ? std::string{} : found->second;
    };
    const auto start = parse_local_time(text(kStart));
    if (!start) {
        return std::nullopt;
    }
    return MeetingTime{.start = *start,
                       .end = parse_local_time(text(kEnd)).value_or(*start),
                       .place = text(kPlace)};
}

std::string written(LocalTime time) {
    const Date day = day_of(time);
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(time - day).count();
    return fmt::format("{}T{:02}:{:02}", iso_date(day), minutes / 60, minutes % 60);
}

bool is_whole_days(const MeetingTime& time) {
    return is_whole_days(time.start, time.end);
}

Date last_day_of(const MeetingTime& time) {
    return time.end == time.start ? day_of(time.start) : day_of(time.end - Seconds{1});
}

MeetingTime time_of(const MeetingDate& date) {
    return {.start = date.start, .end = date.end, .place = date.place};
}

std::map<std::string, std::string> fields_of(const MeetingTime& time) {
    std::map<std::string, std::string> fields{{kStart, written(time.start)},
                                              {kEnd, written(time.end)}};
    if (!time.place.empty()) {
        fields.emplace(kPlace, time.place);
    }
    return fields;
}

std::map<std::string, std::string> former_fields_of(const MeetingTime& time) {
    std::map<std::string, std::string> former;
    for (const auto& [name, value] : fields_of(time)) {
        former.emplace(std::string{kWas} + name, value);
    }
    return former;
}

std::optional<MeetingTime> former_meeting_time(const std::map<std::string, std::string>& fields) {
    std::map<std::string, std::string> former;
    for (const auto& [name, value] : fields) {
        if (is_former_field(name)) {
            former.emplace(name.substr(kWas.size()), value);
        }
    }
    return meeting_time(former);
}

bool is_former_field(std::string_view name) {
    return name.starts_with(kWas);
}

std::string time_in_words(const MeetingTime& time, Language language) {
    const Date first = day_of(time.start);
    if (is_whole_days(time)) {
        const Date last = last_day_of(time);
        return long_date(first, language) +
               (last == first ? std::string{} : " til " + long_date(last, language));
    }
    const Date last = day_of(time.end);
    std::string text = long_date(first, language) + " " + clock_time(time.start);
    if (time.end == time.start) {
        return text;
    }
    if (first == last) {
        constexpr std::string_view kBefore{"kl. "};
        return text + "–" + clock_time(time.end).substr(kBefore.size());
    }
    return text + " til " + long_date(last, language) + " " + clock_time(time.end);
}

bool has_been_held(const CaseContext& context) {
    return context.state != nullptr && context.state->invites &&
           std::ranges::find(context.state->on, kMoved, &Transition::event) ==
               context.state->on.end();
}

std::string shared_name(std::string_view what) {
    return std::string{what} + "_shared";
}

std::string shared_by(std::string_view what) {
    return "_" + shared_name(what);
}

std::string agenda_of(const Case& item, const MeetingDate* date, Language language) {
    const auto written = item.fields.find(std::string{kAgenda});
    if (written != item.fields.end() && !written->second.empty()) {
        return written->second;
    }
    return date == nullptr ? std::string{} : date->agenda.in(language);
}

std::string description_of(const Case& item, const MeetingDate* date, Language language) {
    const std::string agenda = agenda_of(item, date, language);
    if (date == nullptr || date->lecturer.empty()) {
        return agenda;
    }
    const char* const word = language == Language::Nb ? "Foreleser: " : "Forelesar: ";
    return word + date->lecturer + (agenda.empty() ? "" : "\n" + agenda);
}

bool is_far_off(const Case& item, const CaseContext& context, Date today) {
    constexpr cal::days kNear{14};
    return is_configured_meeting(item, context) && item.state_deadline &&
           item.state_deadline->date > today + kNear;
}

bool is_date_of_meeting(std::string_view event) {
    return event == kDated || event == kMoved || event == kUndated || event == kCancelled;
}

bool is_configured_meeting(const Case& item, const CaseContext& context) {
    return context.requirement != nullptr && item.parent.empty() &&
           context.requirement->origin == Requirement::Origin::Meeting;
}

void forget_meeting_time(Case& item) {
    for (const char* name : {kStart, kEnd, kPlace}) {
        item.fields.erase(name);
    }
}

}  // namespace fristvakt::workflows
