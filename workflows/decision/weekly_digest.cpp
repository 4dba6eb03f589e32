#include "workflows/decision/weekly_digest.hpp"

#include <algorithm>
#include <map>

#include "workflows/model/digest.hpp"
#include "workflows/time/send_window.hpp"

namespace fristvakt::workflows {

namespace {

/// A slot may be moved on by soft days, such as the weeks of summer.
constexpr int kWeeksLookedAt = 12;

Date monday_of(Date day) {
    return day - (cal::weekday{day} - cal::weekday{1});
}

/// Of a week's digest, the one of the week that begins on `monday`; of a daily one, that day's.
std::optional<Instant> slot_of(const DigestTime& when, const SendWindow& window,
                               const TimeZone& zone, Date start) {
    const Date wanted = start + cal::days{when.weekday.value_or(0)};
    const auto day = sending_day_on_or_after(window, wanted);
    if (!day || (!when.weekday && *day != wanted)) {
        return std::nullopt;
    }
    return zone.to_instant(LocalTime{*day} + when.at);
}

}  // namespace

std::optional<Instant> last_digest(const std::optional<DigestTime>& when, const SendWindow& window,
                                   const TimeZone& zone, Instant now) {
    if (!when) {
        return std::nullopt;
    }
    const int step = when->weekday ? 7 : 1;
    const Date today = zone.date_of(now);
    const Date start = when->weekday ? monday_of(today) : today;
    for (int back = 0; back < kWeeksLookedAt * 7; back += step) {
        const auto slot = slot_of(*when, window, zone, start - cal::days{back});
        if (slot && *slot <= now) {
            return slot;
        }
    }
    return std::nullopt;
}

std::optional<Instant> next_digest(const std::optional<DigestTime>& when, const SendWindow& window,
                                   const TimeZone& zone, Instant now) {
    if (!when) {
        return std::nullopt;
    }
    const int step = when->weekday ? 7 : 1;
    const Date today = zone.date_of(now);
    const Date start = when->weekday ? monday_of(today) : today;
    const int first = when->weekday ? -kWeeksLookedAt * 7 : 0;  // One may have been moved on.
    for (int ahead = first; ahead < kWeeksLookedAt * 7; ahead += step) {
        const auto slot = slot_of(*when, window, zone, start + cal::days{ahead});
        if (slot && *slot > now) {
            return slot;
        }
    }
    return std::nullopt;
}

std::vector<Recipient> case_officers(const Definitions& definitions, Date day,
                                     const RefusedAddresses& refused) {
    std::map<std::string, Recipient> found;
    Case nowhere;
    for (const auto& [id, organisation] : definitions.organisations) {
        nowhere.creditor = id;
        for (Recipient& officer :
             holders({Party::Creditor, "saksbehandler"}, nowhere, {}, definitions, day, refused)) {
            found.try_emplace(lower_case(officer.address), std::move(officer));
        }
    }
    std::vector<Recipient> out;
    out.reserve(found.size());
    for (auto& [address, officer] : found) {
        out.push_back(std::move(officer));
    }
    return out;
}

bool is_case_officer(std::string_view address, const Definitions& definitions, Date day,
                     const RefusedAddresses& refused) {
    const std::string wanted = lower_case(address);
    const auto officers = case_officers(definitions, day, refused);
    return std::any_of(officers.begin(), officers.end(), [&](const Recipient& officer) {
        return lower_case(officer.address) == wanted;
    });
}

}  // namespace fristvakt::workflows
