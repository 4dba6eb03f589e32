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

std::optional<Instant> slot_in_week(const Installation& installation, const TimeZone& zone,
                                    Date monday) {
    const auto& when = *installation.weekly_digest;
    const auto day =
        sending_day_on_or_after(installation.send_window, monday + cal::days{when.weekday});
    return day ? std::optional{zone.to_instant(LocalTime{*day} + when.at)} : std::nullopt;
}

}  // namespace

std::optional<Instant> last_digest(const Installation& installation, const TimeZone& zone,
                                   Instant now) {
    if (!installation.weekly_digest) {
        return std::nullopt;
    }
    const Date monday = monday_of(zone.date_of(now));
    for (int week = 0; week < kWeeksLookedAt; ++week) {
        const auto slot = slot_in_week(installation, zone, monday - cal::days{7 * week});
        if (slot && *slot <= now) {
            return slot;
        }
    }
    return std::nullopt;
}

std::optional<Instant> next_digest(const Installation& installation, const TimeZone& zone,
                                   Instant now) {
    if (!installation.weekly_digest) {
        return std::nullopt;
    }
    const Date monday = monday_of(zone.date_of(now));
    for (int week = -kWeeksLookedAt; week < kWeeksLookedAt; ++week) {
        const auto slot = slot_in_week(installation, zone, monday + cal::days{7 * week});
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
