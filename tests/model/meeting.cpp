#include "tests/model/meeting.hpp"

#include <algorithm>
#include <map>

namespace fristvakt::tests::model {

namespace {

const MeetingDate* date_of(const Case& item, const Rules& rules) {
    const Requirement* requirement = rules.find_requirement(item.requirement);
    return requirement == nullptr ? nullptr : rules.find_date(*requirement);
}

std::string field(const Event& event, const std::string& name) {
    const auto found = event.fields.find(name);
    return found == event.fields.end() ? std::string{} : found->second;
}

Reply reply_of(const Event& event) {
    static const std::map<std::string, Reply> kReplies{{"accepted", Reply::Accepted},
                                                       {"tentative", Reply::Tentative},
                                                       {"declined", Reply::Declined},
                                                       {"delegated", Reply::Delegated}};
    const auto found = kReplies.find(field(event, "answer"));
    return found == kReplies.end() ? Reply::None : found->second;
}

/// Which message is answered: the last one, where the answer does not say.
int answered_by(const Event& event, const Guest& guest) {
    const std::string sequence = field(event, "sequence");
    return sequence.empty() ? std::max(guest.sequence, 0) : std::stoi(sequence);
}

/// Nobody answers before they do.
Second given_at(const Event& event, Second now) {
    const std::string stamp = field(event, "stamped_at");
    return stamp.empty() ? now : std::min(parse_utc(stamp), now);
}

}  // namespace

bool is_of_date(std::string_view event) {
    return event == kDated || event == kMoved || event == kUndated || event == kCancelled;
}

bool is_meeting(const Case& item, const Rules& rules) {
    const Requirement* requirement = rules.find_requirement(item.requirement);
    return requirement != nullptr && item.parent.empty() &&
           requirement->of == Requirement::Of::Meeting;
}

std::string date_event(const Case& item, const Rules& rules) {
    const State* state = state_of(item, rules);
    if (item.final || state == nullptr || !is_meeting(item, rules)) {
        return {};
    }
    const MeetingDate* date = date_of(item, rules);
    std::string_view name;
    if (date == nullptr) {
        name = item.date ? kUndated : std::string_view{};
    } else if (!date->cancelled.empty()) {
        name = kCancelled;
    } else if (item.date != date->when) {
        name = item.date ? kMoved : kDated;
    }
    const bool is_possible = std::any_of(state->on.begin(), state->on.end(),
                                         [&](const Transition& one) { return one.event == name; });
    return is_possible ? std::string{name} : std::string{};
}

bool was_held(const Case& item, const Rules& rules) {
    Case before = item;
    if (before.undo && before.undo->by_configuration) {
        before.state = before.undo->state;
    }
    const State* state = state_of(before, rules);
    return state != nullptr && state->invites &&
           std::none_of(state->on.begin(), state->on.end(),
                        [](const Transition& one) { return one.event == kMoved; });
}

std::string meeting_of(const Case& prework) {
    const std::string before = prework.id.substr(0, prework.id.rfind('/'));
    return before.substr(0, before.rfind('/'));
}

bool is_called_off(const Case& item, const Rules& rules) {
    const MeetingDate* date = date_of(item, rules);
    return date != nullptr && !date->cancelled.empty();
}

bool is_over(const Occasion& when, Second now) {
    return instant_of(when.end) <= now;
}

// --- guests
// ---------------------------------------------------------------------------------------

std::vector<Recipient> called_to(const Case& item, const Rules& rules) {
    std::vector<Recipient> called;
    const MeetingDate* date = date_of(item, rules);
    if (date == nullptr) {
        return called;
    }
    const std::string& id = rules.find_requirement(item.requirement)->meeting;
    const auto meeting = std::find_if(rules.meetings.begin(), rules.meetings.end(),
                                      [&](const Meeting& one) { return one.id == id; });
    std::vector<std::string> roles = meeting->audience;
    roles.insert(roles.end(), date->also.begin(), date->also.end());
    for (const std::string& organisation : rules.participants) {
        for (const Contact& contact : rules.contacts) {
            const bool is_called =
                contact.organisation == organisation &&
                std::any_of(roles.begin(), roles.end(), [&](const std::string& role) {
                    return holds(contact, role, day_of(date->when.start));
                });
            if (is_called) {
                const Organisation* of = rules.find_organisation(organisation);
                add(called, {contact.address, organisation, language(*of, &contact, rules)});
            }
        }
    }
    return called;
}

std::optional<Occasion> announced(const Case& item, const Rules& rules) {
    const State* state = state_of(item, rules);
    return state != nullptr && state->invites ? item.date : std::nullopt;
}

bool is_of_guests(const Role& role) {
    return !role.at_creditor && (role.name == "attendees" || role.name == "unanswered");
}

bool is_of_guests(const Step& step) {
    return std::any_of(step.to.begin(), step.to.end(),
                       [](const Role& role) { return is_of_guests(role); });
}

std::vector<Recipient> reached_guests(const Role& role, const Case& item, const Rules& rules,
                                      const std::set<std::string>& refused) {
    std::vector<Recipient> reached = called_to(item, rules);
    std::erase_if(reached, [&](const Recipient& one) {
        const auto guest = item.guests.find(one.address);
        if (refused.contains(one.address) || guest == item.guests.end() || !guest->second.knows) {
            return true;
        }
        const Reply reply = guest->second.counting_reply();
        return role.name == "unanswered" ? reply != Reply::None : reply == Reply::Declined;
    });
    return reached;
}

// --- answers
// --------------------------------------------------------------------------------------

Answer check_reply(const Case& item, const Event& event, Second now) {
    const auto known = item.guests.find(field(event, "attendee"));
    if (known == item.guests.end()) {
        return Answer::NotFound;
    }
    if (reply_of(event) == Reply::None) {
        return Answer::Invalid;
    }
    const Guest& guest = known->second;
    const bool is_called = guest.knows || guest.message != 0;
    if (item.final || !is_called || !item.date || is_over(*item.date, now)) {
        return Answer::Conflict;
    }
    const int answered = answered_by(event, guest);
    const bool is_earlier = answered < guest.sequence ||
                            (guest.reply != Reply::None && answered == guest.reply_sequence &&
                             given_at(event, now) < guest.replied_at);
    if (is_earlier) {
        return Answer::Conflict;
    }
    return answered > std::max(guest.sequence, 0) ? Answer::Invalid : Answer::Taken;
}

bool says_the_same(const Case& item, const Event& event, Second now) {
    if (check_reply(item, event, now) != Answer::Taken) {
        return false;
    }
    const Guest& guest = item.guests.at(field(event, "attendee"));
    return guest.reply == reply_of(event) && guest.reply_sequence == answered_by(event, guest);
}

void note_reply(Case& item, const Event& event, Second now) {
    Guest& guest = item.guests.at(field(event, "attendee"));
    guest.reply_sequence = answered_by(event, guest);
    guest.reply = reply_of(event);
    guest.replied_at = given_at(event, now);
    guest.since = now;
}

}  // namespace fristvakt::tests::model
