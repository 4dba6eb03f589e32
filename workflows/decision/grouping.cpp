#include "workflows/decision/grouping.hpp"

#include <algorithm>
#include <tuple>

namespace fristvakt::workflows {

namespace {

Date monday_of(Date day) {
    return day - (cal::weekday{day} - cal::Monday);
}

std::string key_of(const std::string& person, const std::string& channel) {
    return person + '\n' + channel;
}

Person person_of(const Recipient& recipient, PersonIds& persons) {
    return {
        .id = persons.of(recipient.address), .address = recipient.address, .name = recipient.name};
}

bool can_carry(const Message& message, const Claim& claim, Instant slot) {
    return message.kind == NoticeKind::Reminder && message.state == MessageState::Waiting &&
           message.person == claim.reminder.person && message.language == claim.to.language &&
           message.slot_at == slot && message.at_once == claim.at_once &&
           message.copies == claim.reminder.copies;
}

}  // namespace

bool is_late(Instant due_at, Instant now) {
    constexpr Seconds kLate{3600};
    return due_at + kLate < now;
}

Instant start_of_week(Instant instant, const TimeZone& zone) {
    return zone.start_of_day(monday_of(zone.date_of(instant)));
}

void SlotBook::know(const Slot& slot) {
    auto& slots = slots_[key_of(slot.person, slot.channel)];
    const auto place = std::lower_bound(slots.begin(), slots.end(), slot.at);
    if (place == slots.end() || *place != slot.at) {
        slots.insert(place, slot.at);
    }
}

Instant SlotBook::start_of_week_after(Instant instant) const {
    const TimeZone& zone = definitions_.time_zone();
    return zone.start_of_day(monday_of(zone.date_of(instant)) + cal::days{7});
}

std::optional<Instant> SlotBook::place(const std::string& person, const std::string& channel,
                                       Instant earliest) {
    const TimeZone& zone = definitions_.time_zone();
    const Installation& installation = definitions_.installation;
    const std::vector<Instant> known = slots_[key_of(person, channel)];
    Instant candidate = earliest;
    // Each round goes at least to the next day; two years without room means that none will come.
    constexpr int kRoundsMax = 800;
    for (int round = 0; round < kRoundsMax; ++round) {
        const auto opening = next_opening(installation.send_window, candidate, zone);
        if (!opening) {
            return std::nullopt;
        }
        const Date day = zone.date_of(*opening);
        const Date monday = monday_of(day);
        int in_week = 0;
        std::optional<Instant> same_day;
        for (const Instant slot : known) {
            const Date slot_day = zone.date_of(slot);
            in_week += monday_of(slot_day) == monday ? 1 : 0;
            if (slot_day == day) {
                same_day = slot;
            }
        }
        if (same_day) {
            if (*same_day >= earliest) {
                return *same_day;  // Still ahead: goes along.
            }
            candidate = zone.start_of_day(day + cal::days{1});
        } else if (in_week >= installation.nag_budget) {
            candidate = start_of_week_after(*opening);
        } else {
            know({person, channel, *opening});
            return opening;
        }
    }
    return std::nullopt;
}

Grouping group(std::vector<Claim> claims, const std::vector<Message>& waiting, SlotBook& slots,
               std::int64_t& last_number, bool catch_up, Instant now, PersonIds& persons) {
    std::sort(claims.begin(), claims.end(), [](const Claim& a, const Claim& b) {
        // What goes by hand last: nobody is drawn along into a slot outside the window.
        return std::tie(a.at_once, a.reminder.case_id, a.reminder.step_at, a.to.address) <
               std::tie(b.at_once, b.reminder.case_id, b.reminder.step_at, b.to.address);
    });
    Grouping grouping;
    std::map<std::string, std::vector<std::size_t>> made_for;  // Person to indexes of `made`.
    for (Claim& claim : claims) {
        std::optional<Instant> slot;
        if (claim.at_once) {
            slot = now;
            slots.know({claim.reminder.person, "email", now});
        } else {
            slot =
                slots.place(claim.reminder.person, "email", std::max(now, claim.reminder.step_at));
        }
        if (!slot) {
            continue;  // The verifier refuses such windows; the reminder stays in `waiting`.
        }
        const bool late = !claim.at_once && !claim.released &&
                          (catch_up || claim.catch_up || is_late(claim.reminder.step_at, now));
        std::int64_t number = 0;
        for (const std::size_t index : made_for[claim.reminder.person]) {
            if (can_carry(grouping.made[index], claim, *slot)) {
                number = grouping.made[index].number;
                grouping.made[index].catch_up = grouping.made[index].catch_up || late;
            }
        }
        for (const Message& message : waiting) {
            if (number == 0 && can_carry(message, claim, *slot)) {
                number = message.number;
            }
        }
        if (number == 0) {
            Message message;
            message.number = number = ++last_number;
            message.person = claim.reminder.person;
            message.organisation = claim.to.organisation;
            message.language = claim.to.language;
            message.copies = claim.reminder.copies;
            message.slot_at = *slot;
            message.next_at = *slot;
            message.made_at = now;
            message.catch_up = late;
            message.at_once = claim.at_once;
            made_for[claim.reminder.person].push_back(grouping.made.size());
            grouping.made.push_back(std::move(message));
            grouping.persons.push_back(person_of(claim.to, persons));
            for (const Recipient& copy : claim.copy) {
                grouping.persons.push_back(person_of(copy, persons));
            }
        }
        claim.reminder.message = number;
        grouping.carried.push_back(std::move(claim.reminder));
    }
    return grouping;
}

Grouping tell(const Telling& telling, const std::vector<Recipient>& recipients,
              std::int64_t& last_number, bool catch_up, const Definitions& definitions,
              PersonIds& persons) {
    Grouping grouping;
    const auto opening = telling.kind == NoticeKind::Answer
                             ? telling.at
                             : next_opening(definitions.installation.send_window, telling.at,
                                            definitions.time_zone())
                                   .value_or(telling.at);
    const auto make = [&](const std::string& person, const std::string& organisation,
                          Language language) {
        Message message;
        message.number = ++last_number;
        message.kind = telling.kind;
        message.person = person;
        message.organisation = organisation;
        message.language = language;
        message.slot_at = opening;
        message.next_at = opening;
        message.made_at = telling.at;
        message.told = {telling.told};
        message.catch_up = catch_up;
        grouping.made.push_back(std::move(message));
    };
    for (const Recipient& recipient : recipients) {
        make(persons.of(recipient.address), recipient.organisation, recipient.language);
        grouping.persons.push_back(person_of(recipient, persons));
    }
    for (const Invitation& one : telling.signed_up) {
        make(one.person, one.organisation, one.language);
    }
    return grouping;
}

}  // namespace fristvakt::workflows
