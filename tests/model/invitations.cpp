#include "tests/model/invitations.hpp"

#include <algorithm>

#include "tests/model/meeting.hpp"

namespace fristvakt::tests::model {

namespace {

const std::string& case_of(const MessageSeen& message) {
    return message.told.front().case_id;
}

std::string text_of(const Invite& invite) {
    return std::string{invite.is_cancel ? "CANCEL " : "REQUEST "} +
           std::to_string(invite.sequence) + " of " + model::text_of(invite.when);
}

std::string text_of(const MessageSeen& message) {
    return case_of(message) + ", message " + std::to_string(message.number) + " to " +
           message.address + (message.invite ? " " + text_of(*message.invite) : "");
}

bool says_the_same(const std::optional<Invite>& one, const Invite& other) {
    return one && one->is_cancel == other.is_cancel && one->when == other.when;
}

std::optional<Occasion> shown_by(const Invite& invite) {
    return invite.is_cancel ? std::nullopt : std::optional{invite.when};
}

bool may_have_arrived(const MessageSeen& message) {
    return message.stage == Stage::Uncertain ||
           (message.stage == Stage::Held && message.reason == "outcome unknown");
}

}  // namespace

bool Invitations::may_write_to(const std::string& address) const {
    const auto& allowed = town_.rules().allowed;
    return allowed.empty() || std::find(allowed.begin(), allowed.end(), address) != allowed.end();
}

Invitations::Calendar& Invitations::calendar_of(const MessageSeen& message) {
    return calendars_[{case_of(message), message.address}];
}

std::optional<Occasion> Invitations::wanted(const Case& item, const std::string& address) const {
    const auto when = announced(item, town_.rules());
    if (!when) {
        return std::nullopt;
    }
    const auto called = called_to(item, town_.rules());
    const bool is_called = std::any_of(
        called.begin(), called.end(), [&](const Recipient& one) { return one.address == address; });
    return is_called ? when : std::nullopt;
}

// --- messages
// -------------------------------------------------------------------------------------

void Invitations::made(const MessageSeen& message, Second now) {
    Case* item = town_.find(case_of(message));
    if (item == nullptr) {
        fail_(now, text_of(message) + " is about no case");
        return;
    }
    Guest& guest = item->guests[message.address];
    if (guest.message != 0) {
        fail_(now, text_of(message) + " was made beside message " + std::to_string(guest.message));
    }
    const auto should_know = wanted(*item, message.address);
    if (should_know == guest.knows) {
        fail_(now, text_of(message) + " was made for nothing");
    }
    guest.message = message.number;
}

void Invitations::changed(const MessageSeen& before, const MessageSeen& after, Second now) {
    Case& item = *town_.find(case_of(after));
    Guest& guest = item.guests.at(after.address);
    if (after.stage == Stage::Sending && before.stage != Stage::Sending) {
        marked(before, after, now);
        return;
    }
    if (after.stage == before.stage || guest.message != after.number) {
        return;
    }
    if (after.stage == Stage::Sent) {
        guest.message = 0;
        heard(after, guest);
        guest.refused.reset();
        guest.since = now;
        Calendar& calendar = calendar_of(after);
        calendar.is_unsure = calendar.is_refused = false;
        if (calendar.entry != guest.knows) {
            fail_(now, text_of(after) + " was sent, and their calendar shows " +
                           (calendar.entry ? model::text_of(*calendar.entry) : "nothing"));
        }
    } else if (may_have_arrived(after)) {
        heard(after, guest);
        guest.since = now;
        calendar_of(after).is_unsure = true;
    } else if (after.stage == Stage::Failed) {
        guest.message = 0;
        calendar_of(after).is_refused = true;
        goes_never(after, guest);
        guest.since = now;
    } else if (after.stage == Stage::Dropped) {
        check_dropped(after, guest, now);
        guest.message = 0;
        if (!may_write_to(after.address)) {
            MessageSeen unsaid = after;
            unsaid.invite.reset();
            goes_never(unsaid, guest);
        }
    }
}

void Invitations::heard(const MessageSeen& message, Guest& guest) {
    guest.knows = shown_by(*message.invite);
}

/// What was tried is not tried again, be it that it changes; whoever is not called any more and
/// cannot be told is left in peace.
void Invitations::goes_never(const MessageSeen& message, Guest& guest) {
    const auto tried = message.invite ? shown_by(*message.invite)
                                      : wanted(*town_.find(case_of(message)), message.address);
    if (tried) {
        guest.refused = tried;
    } else {
        guest.knows.reset();
    }
}

void Invitations::marked(const MessageSeen& before, const MessageSeen& after, Second now) {
    Guest& guest = town_.find(case_of(after))->guests.at(after.address);
    if (!after.invite) {
        fail_(now, text_of(after) + " says nothing");
        return;
    }
    if (guest.message != 0 && guest.message != after.number) {
        fail_(now, text_of(after) + " goes out beside message " + std::to_string(guest.message));
    }
    const bool is_again =
        before.stage == Stage::Uncertain && says_the_same(before.invite, *after.invite);
    if (is_again && before.bytes != after.bytes) {
        fail_(now, text_of(after) + " may have arrived and is sent in other words");
    }
    check_truth(after, guest, is_again, now);
    check_sequence(before, after, guest, now);
    guest.message = after.number;
    guest.sequence = std::max(guest.sequence, after.invite->sequence);
}

void Invitations::check_truth(const MessageSeen& message, const Guest& guest, bool is_again,
                              Second now) {
    const Invite& invite = *message.invite;
    const auto should_know = wanted(*town_.find(case_of(message)), message.address);
    if (shown_by(invite) != should_know) {
        fail_(now, text_of(message) + "; they should know of " +
                       (should_know ? model::text_of(*should_know) : "nothing"));
    }
    if (is_over(invite.when, now)) {
        fail_(now, text_of(message) + " is about the past");
    }
    if (is_again) {
        return;
    }
    if (invite.is_cancel && guest.knows != invite.when) {
        fail_(now, text_of(message) + " takes back what they were not told");
    }
    if (!invite.is_cancel && guest.knows == invite.when) {
        fail_(now, text_of(message) + " tells what they know");
    }
}

/// Another thing told has a higher one, and the same once more has the same: a second attempt is no
/// second change.
void Invitations::check_sequence(const MessageSeen& before, const MessageSeen& after,
                                 const Guest& guest, Second now) {
    const bool same =
        says_the_same(before.invite, *after.invite) && before.invite->sequence == guest.sequence;
    const int sequence = after.invite->sequence;
    if (same ? sequence != guest.sequence : sequence <= guest.sequence) {
        fail_(now, text_of(after) + " comes behind number " + std::to_string(guest.sequence));
    }
}

void Invitations::check_dropped(const MessageSeen& message, const Guest& guest, Second now) {
    const Case& item = *town_.find(case_of(message));
    const auto should_know = wanted(item, message.address);
    const auto& about = should_know ? should_know : guest.knows;
    const bool is_news = should_know != guest.knows && about && !is_over(*about, now);
    if (is_news && may_write_to(message.address)) {
        fail_(now, text_of(message) + " was dropped; they should know of " +
                       (should_know ? model::text_of(*should_know) : "nothing"));
    }
}

void Invitations::leaves(const Letter& letter, const MessageSeen& message, Second now) {
    const std::string what = text_of(message);
    if (!letter.invite || letter.invite != message.invite) {
        fail_(now, what + " goes out as " + (letter.invite ? text_of(*letter.invite) : "nothing"));
    }
    if (letter.to != message.address || !letter.copies.empty()) {
        fail_(now, what + " goes to somebody else");
    }
    if (calendar_of(message).is_unsure) {
        return;  // Once more as it was.
    }
    for (const Recipient& one : called_to(*town_.find(case_of(message)), town_.rules())) {
        if (one.address == letter.to && letter.invite && !letter.invite->is_cancel &&
            one.language != letter.language) {
            fail_(now, what + " is in the wrong language");
        }
    }
}

void Invitations::arrives(const MessageSeen& message, Second now) {
    if (!message.invite) {
        return;
    }
    const Invite& invite = *message.invite;
    Calendar& calendar = calendar_of(message);
    const bool is_repeat = invite.sequence == calendar.sequence;
    if (is_repeat ? shown_by(invite) != calendar.entry || !calendar.is_unsure
                  : invite.sequence < calendar.sequence) {
        fail_(now, text_of(message) + " is taken for old news, behind number " +
                       std::to_string(calendar.sequence));
        return;
    }
    if (shown_by(invite) == calendar.entry && !calendar.is_unsure && !calendar.is_refused) {
        fail_(now, text_of(message) + " changes nothing in their calendar");
    }
    calendar.entry = shown_by(invite);
    calendar.sequence = invite.sequence;
}

// --- pre-work
// -------------------------------------------------------------------------------------

const Guest* Invitations::guest_beside(const Case& prework, const std::string& address) const {
    const Requirement* requirement = town_.rules().find_requirement(prework.requirement);
    const auto meeting = town_.cases.find(meeting_of(prework));
    if (requirement == nullptr || requirement->of != Requirement::Of::Prework ||
        meeting == town_.cases.end()) {
        return nullptr;
    }
    const auto& contacts = town_.rules().contacts;
    const bool is_theirs = std::any_of(contacts.begin(), contacts.end(), [&](const Contact& one) {
        return one.organisation == prework.debtor && one.address == address;
    });
    if (!is_theirs) {
        return nullptr;
    }
    const auto guest = meeting->second.guests.find(address);
    return guest == meeting->second.guests.end() ? nullptr : &guest->second;
}

std::optional<int> Invitations::heard_beside(const Case& prework,
                                             const std::string& address) const {
    const Guest* guest = guest_beside(prework, address);
    return guest == nullptr ? std::nullopt : std::optional{guest->sequence};
}

bool Invitations::says_prework(const Case& prework, const std::string& address, int sequence,
                               Second now) const {
    const Guest* guest = guest_beside(prework, address);
    if (guest == nullptr) {
        return false;
    }
    const auto should_know = wanted(town_.cases.at(meeting_of(prework)), address);
    const bool is_about_to_hear = guest->message != 0 && should_know &&
                                  should_know != guest->knows && should_know != guest->refused &&
                                  !is_over(*should_know, now);
    return is_about_to_hear ||
           (guest->sequence > sequence && should_know && should_know == guest->knows);
}

// --- everybody
// ------------------------------------------------------------------------------------

void Invitations::check_everybody(Second now) {
    for (auto& [id, item] : town_.cases) {
        const auto when = announced(item, town_.rules());
        if ((!when && item.guests.empty()) || (when && item.final)) {
            continue;  // Of a meeting that is over and done with nobody hears any more.
        }
        std::vector<std::string> called;
        for (const Recipient& one :
             when ? called_to(item, town_.rules()) : std::vector<Recipient>{}) {
            called.push_back(one.address);
            const auto known = item.guests.find(one.address);
            const Guest guest = known == item.guests.end() ? Guest{} : known->second;
            const bool cannot_be_told =
                !may_write_to(one.address) || town_.refused.contains(one.address);
            if (guest.knows != when && guest.refused != when && guest.message == 0 &&
                !cannot_be_told && !is_over(*when, now)) {
                fail_(now, id + ": nobody is about to tell " + one.address + " of " +
                               model::text_of(*when));
            }
        }
        for (const auto& [address, guest] : item.guests) {
            const bool is_called = std::find(called.begin(), called.end(), address) != called.end();
            if (!is_called && guest.knows && guest.message == 0 && !is_over(*guest.knows, now)) {
                fail_(now, id + ": nobody is about to tell " + address + " that it is off");
            }
        }
    }
}

void Invitations::ends(const std::vector<GuestSeen>& stored, Second now) {
    std::size_t guests = 0;
    for (const auto& [id, item] : town_.cases) {
        guests += item.guests.size();
        for (const auto& [address, guest] : item.guests) {
            const Calendar& calendar = calendars_[{id, address}];
            if (guest.message != 0) {
                fail_(now, id + ": a message to " + address + " is not settled");
            }
            if (!calendar.is_unsure && !calendar.is_refused && calendar.entry != guest.knows) {
                fail_(now, id + ": the calendar of " + address +
                               " shows another thing than it was "
                               "told");
            }
        }
    }
    for (const GuestSeen& seen : stored) {
        const Case* item = town_.find(seen.case_id);
        const auto known = item == nullptr ? std::map<std::string, Guest>::const_iterator{}
                                           : item->guests.find(seen.address);
        if (item == nullptr || known == item->guests.end()) {
            fail_(now, seen.case_id + ": " + seen.address + " was never called");
        } else if (seen.sequence != known->second.sequence || seen.reply != known->second.reply ||
                   (seen.reply != Reply::None &&
                    seen.reply_sequence != known->second.reply_sequence)) {
            fail_(now, seen.case_id + ": the answer of " + seen.address +
                           " is not the one that was acknowledged last");
        }
    }
    if (stored.size() != guests) {
        fail_(now, std::to_string(stored.size()) + " people have been called, and not " +
                       std::to_string(guests));
    }
}

}  // namespace fristvakt::tests::model
