#include <algorithm>

#include "tests/model/judge.hpp"

/// The half of the judge that looks at messages.
namespace fristvakt::tests::model {

namespace {

bool takes_a_slot(const MessageSeen& seen) {
    return seen.kind == Kind::Reminder && seen.stage != Stage::Failed &&
           seen.stage != Stage::Dropped;
}

bool contains(const std::vector<std::string>& list, const std::string& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
}

std::string message_text(std::int64_t number) {
    return "message " + std::to_string(number);
}

}  // namespace

// --- messages as they are stored
// ------------------------------------------------------------------

std::vector<Second> Judge::slots_of(const std::string& address, std::int64_t except) const {
    std::vector<Second> slots;
    const auto known = posts_of_.find(address);
    if (known == posts_of_.end()) {
        return slots;
    }
    const auto own = posts_.find(except);
    for (const std::int64_t number : known->second) {
        const MessageSeen& seen = posts_.at(number).seen;
        // Those that wait for the slot that is given up are on their way out of it too.
        const bool given_up =
            number == except || (own != posts_.end() && seen.stage == Stage::Waiting &&
                                 seen.slot_at == own->second.seen.slot_at);
        if (takes_a_slot(seen) && !given_up) {
            slots.push_back(seen.slot_at);
        }
    }
    return slots;
}

void Judge::check_slot(const MessageSeen& seen, const Post* before, Second now) {
    const bool placed = before == nullptr || before->seen.slot_at != seen.slot_at;
    if (!placed || seen.stage != Stage::Waiting) {
        return;
    }
    const Rules& rules = town_.rules();
    Second expected = now;
    if (seen.at_once) {
        expected = seen.made_at;
    } else if (seen.kind == Kind::Reminder) {
        expected = place(rules.window, rules.budget, slots_of(seen.address, seen.number), now);
    } else if (seen.kind == Kind::Change || seen.kind == Kind::Invitation) {
        expected = next_opening(rules.window, before == nullptr ? seen.made_at : now);
    } else {
        expected = seen.made_at;
    }
    if (seen.slot_at != expected) {
        fail(now, message_text(seen.number) + " to " + seen.address + " waits for " +
                      time_text(seen.slot_at) + "; its slot is " + time_text(expected));
    }
}

bool Judge::is_said_beside(const Post& post, const Case& item, Second now) const {
    const auto heard = post.heard_beside.find(item.id);
    return heard != post.heard_beside.end() &&
           invitations_.says_prework(item, post.seen.address, heard->second, now);
}

void Judge::check_dropped(const MessageSeen& seen, Second now) {
    if (seen.kind == Kind::Invitation) {
        return;  // See `Invitations`.
    }
    if (seen.kind == Kind::Reminder) {
        for (const ReminderSeen* reminder : by_message_[seen.number]) {
            if (reminder->account == Account::Waiting || reminder->account == Account::Held) {
                fail(now, message_text(seen.number) + " was dropped with " + reminder->case_id +
                              " " + reminder->step + " in it");
            }
        }
        return;
    }
    const auto& allowed = town_.rules().allowed;
    if (!allowed.empty() && !contains(allowed, seen.address)) {
        return;
    }
    // The store may have taken out what is said no more; what is left of the first is judged.
    for (const MessageSeen::Told& told : posts_.at(seen.number).seen.told) {
        const Case* item = town_.find(told.case_id);
        const bool gone = seen.kind == Kind::Change && item != nullptr &&
                          (item->final || item->version != told.version ||
                           is_said_beside(posts_.at(seen.number), *item, now));
        if (!gone) {
            fail(now, message_text(seen.number) + " was dropped; " + told.case_id + " " +
                          told.notice + " should be told to " + seen.address);
        }
    }
}

/// Whom a server does not know is known with the verdict, and forgotten with another try. A verdict
/// that a crash swallowed is none, though the message may fail of something else afterwards.
void Judge::learn_refusals(const std::vector<Seen>& batch) {
    for (const Seen& seen : batch) {
        const auto* message = std::get_if<MessageSeen>(&seen);
        const auto known = message == nullptr ? posts_.end() : posts_.find(message->number);
        if (known == posts_.end()) {
            continue;
        }
        if (message->stage == Stage::Failed && known->second.recipient_refused &&
            message->reason == "refused by the recipient's server") {
            town_.refuse(message->address);
        } else if (known->second.seen.stage == Stage::Failed && let_go_.contains(message->number)) {
            town_.refused.erase(message->address);
            known->second.recipient_refused = false;
        }
    }
}

void Judge::post(const std::vector<MessageSeen>& messages, Second now) {
    for (const MessageSeen& seen : messages) {
        const auto before = posts_.find(seen.number);
        check_slot(seen, before == posts_.end() ? nullptr : &before->second, now);
        if (seen.stage == Stage::Dropped && before != posts_.end()) {
            check_dropped(seen, now);
        }
    }
    for (const MessageSeen& seen : messages) {
        if (seen.kind == Kind::Invitation) {
            const auto before = posts_.find(seen.number);
            if (before == posts_.end()) {
                invitations_.made(seen, now);
            } else {
                invitations_.changed(before->second.seen, seen, now);
            }
        }
        keep(seen, now);
    }
}

void Judge::keep(const MessageSeen& seen, Second now) {
    const bool is_new = !posts_.contains(seen.number);
    Post& post = posts_[seen.number];
    const Stage before = is_new ? seen.stage : post.seen.stage;
    if (is_new) {
        const bool let_go = releasing_ && seen.kind == Kind::Reminder;
        post.catch_up = catching_up_ && !seen.at_once && !let_go;
        for (const MessageSeen::Told& told : seen.told) {
            const Case* item = seen.kind == Kind::Change ? town_.find(told.case_id) : nullptr;
            const auto heard =
                item == nullptr ? std::nullopt : invitations_.heard_beside(*item, seen.address);
            if (heard) {
                post.heard_beside[told.case_id] = *heard;
            }
        }
        if (seen.kind == Kind::Reminder) {
            posts_of_[seen.address].push_back(seen.number);
        }
    }
    if ((before == Stage::Held || before == Stage::Failed) && seen.stage != before &&
        seen.stage != Stage::Dropped) {
        if (!releasing_ && !let_go_.contains(seen.number)) {
            fail(now, message_text(seen.number) + " was let go by nobody");
        }
        post.catch_up = false;
        post.moved = true;
    }
    if (before == Stage::Uncertain && seen.stage == Stage::Sending &&
        seen.kind != Kind::Invitation && seen.items == post.seen.items &&
        seen.bytes != post.seen.bytes) {
        fail(now, message_text(seen.number) + " may have arrived and is sent in other words");
    }
    if ((before == Stage::Sent || before == Stage::Dropped) && seen.stage != before) {
        fail(now, message_text(seen.number) + " was settled and is not any more");
    }
    post.moved = post.moved || (!is_new && post.seen.slot_at != seen.slot_at);
    post.uncertain = post.uncertain || seen.stage == Stage::Uncertain ||
                     (seen.stage == Stage::Held && seen.reason == "outcome unknown");
    post.seen = seen;
    for (const ReminderSeen* reminder : by_message_[seen.number]) {
        if (seen.made_at == now && is_new && !releasing_ && !seen.at_once &&
            !stands_in(*reminder) && reminder->step_at + kHour < now) {
            post.catch_up = true;
        }
    }
}

void Judge::check_tellings(const std::vector<MessageSeen>& made, Second now) {
    std::multiset<std::string> expected;
    std::multiset<std::string> found;
    for (const Telling& telling : town_.tellings) {
        for (const Recipient& to : telling.to) {
            expected.insert(telling.case_id + " " + telling.notice + " to " + to.address +
                            (to.language == Language::Nb ? " nb" : " nn"));
        }
    }
    town_.tellings.clear();
    for (const MessageSeen& message : made) {
        for (const MessageSeen::Told& told : message.told) {
            if (message.kind == Kind::Invitation) {
                continue;  // Nothing but its meeting asks for it; see `Invitations`.
            }
            found.insert(told.case_id + " " + told.notice + " to " + message.address +
                         (message.language == Language::Nb ? " nb" : " nn"));
        }
    }
    for (const std::string& one : expected) {
        if (expected.count(one) > found.count(one)) {
            fail(now, one + " was not told");
        }
    }
    for (const std::string& one : found) {
        if (found.count(one) > expected.count(one)) {
            fail(now, one + " was told for nothing");
        }
    }
}

// --- letters
// --------------------------------------------------------------------------------------

void Judge::leaves(const Letter& letter, Second now) {
    const auto found = posts_.find(letter.number);
    if (found == posts_.end()) {
        fail(now, message_text(letter.number) + " leaves and is not stored");
        return;
    }
    Post& post = found->second;
    const std::string what = message_text(letter.number) + " to " + letter.to;
    const auto& allowed = town_.rules().allowed;
    std::vector<std::string> all = letter.copies;
    all.push_back(letter.to);
    for (const std::string& address : all) {
        if (!allowed.empty() && !contains(allowed, address)) {
            fail(now, what + " goes to " + address + ", which is not on the allowlist");
        }
    }
    if (on_hold_) {
        fail(now, what + " leaves while sending is on hold");
    }
    if (letter.kind != Kind::Answer && !post.seen.at_once && !is_open(town_.rules().window, now)) {
        fail(now, what + " leaves outside the window");
    }
    if (letter.items.empty()) {
        fail(now, what + " says nothing");
    }
    if (letter.kind == Kind::Reminder) {
        check_reminder_letter(letter, post, now);
    } else if (letter.kind == Kind::Invitation) {
        invitations_.leaves(letter, post.seen, now);
    } else {
        check_told_letter(letter, post, now);
    }
    post.copies = letter.copies;
    check_brake(letter, post, now);
    check_twice(letter, now);
}

void Judge::check_reminder_letter(const Letter& letter, const Post& post, Second now) {
    const std::string what = message_text(letter.number) + " to " + letter.to;
    const bool in_slot = post.seen.at_once || day_at(post.seen.slot_at) == day_at(now);
    if (!in_slot || post.seen.slot_at > now) {
        fail(now, what + " leaves outside its slot, " + time_text(post.seen.slot_at));
    }
    std::set<std::string> expected;
    for (const ReminderSeen* reminder : by_message_[letter.number]) {
        if (reminder->account == Account::Waiting) {
            expected.insert(reminder->case_id + " " + reminder->step);
        }
    }
    std::set<std::string> copies;
    for (const Letter::Item& item : letter.items) {
        if (expected.erase(item.case_id + " " + item.step) == 0) {
            fail(now, what + " carries " + item.case_id + " " + item.step +
                          ", which does not wait in it");
        }
        check_item(letter, item, now, copies);
    }
    for (const std::string& missing : expected) {
        fail(now, what + " leaves out " + missing);
    }
    for (const std::string& copy : letter.copies) {
        if (copy == letter.to || !copies.contains(copy)) {
            fail(now, what + " copies " + copy + " for nothing");
        }
    }
}

/// A request has no deadline of its own: it is about that of its parent.
std::optional<Day> Judge::due_of(const Case& item) const {
    const auto parent = town_.cases.find(item.parent);
    return parent == town_.cases.end() ? item.due : parent->second.due;
}

void Judge::check_item(const Letter& letter, const Letter::Item& item, Second now,
                       std::set<std::string>& copies) {
    const std::string what = message_text(letter.number) + " to " + letter.to + ": " +
                             item.case_id + " " + item.step + ", ";
    const Case* of = town_.find(item.case_id);
    if (of == nullptr || of->final) {
        fail(now, what + "the case is closed");
        return;
    }
    if (is_resting(*of) || of->held) {
        fail(now, what + "the case rests");
    }
    const Occurrence* step = step_of(*of, item.step);
    const std::string version = version_of(*of, town_.rules());
    const auto& all = by_case_[item.case_id];
    const auto own = std::find_if(all.begin(), all.end(), [&](const ReminderSeen* one) {
        return one->message == letter.number && one->step == item.step &&
               one->address == letter.to && one->account == Account::Waiting;
    });
    if (step == nullptr || own == all.end() || (*own)->version != version) {
        fail(now, what + "that is not what is waited for now");
        return;
    }
    if (of->stopped.contains(name_of(*of, item.step, town_.rules()))) {
        fail(now, what + "a person stopped it");
    }
    if (step->at > now) {
        fail(now, what + "its time is " + time_text(step->at));
    }
    if (step->before && now >= instant(*counted(*of, town_.rules()) + 1)) {
        fail(now, what + "the deadline has passed");
    }
    const bool softly = of->softened && state_of(*of, town_.rules())->waits_for == Side::Debtor;
    if (item.softened != softly || item.notice != step->step->notice || item.due != due_of(*of)) {
        fail(now, what + "it says another thing than it should");
    }
    for (const ReminderSeen* other : all) {
        if (other->address == letter.to && other != *own && comes_later(*other, **own) &&
            (other->account == Account::Waiting || other->account == Account::Sent)) {
            fail(now, what + "a later step has gone or waits: " + other->step);
        }
    }
    check_recipient(letter, item, *of, *step->step, now, copies);
}

void Judge::check_recipient(const Letter& letter, const Letter::Item& item, const Case& of,
                            const Step& step, Second now, std::set<std::string>& copies) {
    const std::string what = message_text(letter.number) + " to " + letter.to + ": " +
                             item.case_id + " " + item.step + ", ";
    const auto reached = audience(step, of, town_.rules(), day_at(now), town_.refused);
    const auto recipient =
        std::find_if(reached.to.begin(), reached.to.end(),
                     [&](const Recipient& one) { return one.address == letter.to; });
    if (recipient == reached.to.end()) {
        fail(now, what + "whom the step does not reach today");
    } else if (recipient->language != letter.language) {
        fail(now, what + "in the wrong language");
    }
    for (const Recipient& copy : reached.copy) {
        copies.insert(copy.address);
    }
}

void Judge::check_told_letter(const Letter& letter, const Post& post, Second now) {
    for (const Letter::Item& item : letter.items) {
        const std::string what = message_text(letter.number) + " to " + letter.to + ": " +
                                 item.case_id + " " + item.notice + ", ";
        const auto told = std::find_if(
            post.seen.told.begin(), post.seen.told.end(), [&](const MessageSeen::Told& one) {
                return one.case_id == item.case_id && one.notice == item.notice;
            });
        const Case* of = town_.find(item.case_id);
        if (told == post.seen.told.end() || of == nullptr) {
            fail(now, what + "which was not to be told");
        } else if (letter.kind == Kind::Change && (of->final || of->version != told->version)) {
            fail(now, what + "which is no longer so");
        } else if (letter.kind == Kind::Change && !post.uncertain &&
                   is_said_beside(post, *of, now)) {
            fail(now, what + "which the invitation beside it says");
        } else if (!post.uncertain && item.due != due_of(*of)) {
            // What may have arrived goes again in the same words, though the case has gone on.
            fail(now, what + "with another deadline than the case has");
        }
    }
    if (!letter.copies.empty()) {
        fail(now, message_text(letter.number) + " copies somebody on an answer");
    }
}

void Judge::check_brake(const Letter& letter, const Post& post, Second now) {
    const bool gap = !looked_in_this_life_ || *looked_in_this_life_ + kHour < letter.offered_at;
    const bool late =
        post.catch_up || (gap && !post.moved && post.seen.slot_at + kHour < letter.offered_at);
    if (!late || post.seen.attempts > 1) {
        return;
    }
    auto& together = late_by_offer_[letter.offered_at];
    together.insert(letter.number);
    if (static_cast<int>(together.size()) > town_.rules().brake) {
        fail(now, message_text(letter.number) + " is one more than the brake lets through");
    }
}

void Judge::check_twice(const Letter& letter, Second now) {
    for (const Letter::Item& item : letter.items) {
        for (const ReminderSeen* reminder : by_message_[letter.number]) {
            if (reminder->case_id != item.case_id || reminder->step != item.step) {
                continue;
            }
            const auto said = said_.find(
                {reminder->case_id, reminder->version, reminder->step, reminder->address});
            if (said == said_.end() || said->second == letter.number) {
                continue;
            }
            // What was dropped, held or left out while nobody knew whether it had arrived may be
            // said again, when a person takes back what ended it.
            const Post& before = posts_.at(said->second);
            const auto& carried = by_message_[said->second];
            const bool is_sent =
                std::any_of(carried.begin(), carried.end(), [&](const ReminderSeen* one) {
                    return one->case_id == reminder->case_id && one->step == reminder->step &&
                           one->version == reminder->version && one->account == Account::Sent;
                });
            const bool unknown = before.uncertain && (before.seen.stage == Stage::Dropped ||
                                                      before.seen.stage == Stage::Held || !is_sent);
            if (before.delivered && !unknown) {
                fail(now, message_text(letter.number) + " says again what " +
                              message_text(said->second) + " said: " + item.case_id + " " +
                              item.step + " to " + letter.to);
            }
        }
    }
    const Post& post = posts_.at(letter.number);
    if (post.arrived && !post.uncertain) {
        fail(now, message_text(letter.number) + " to " + letter.to +
                      " arrived, was never called uncertain, and leaves again");
    }
}

void Judge::handed(std::int64_t number, bool arrived, Second now) {
    Post& post = posts_[number];
    if (post.seen.stage != Stage::Sending) {
        fail(now, message_text(number) + " goes out before it is marked");
    }
    if (!arrived) {
        return;
    }
    ++letters_arrived_;
    post.arrived = true;
    if (post.seen.kind == Kind::Invitation) {
        invitations_.arrives(post.seen, now);
    }
    for (const std::string& copy : post.copies) {
        const auto [first, is_new] = copied_.try_emplace({post.seen.slot_at, copy}, number);
        const Post& other = posts_.at(first->second);
        if (!is_new && first->second != number && other.delivered && !other.uncertain) {
            fail(now, message_text(number) + " copies " + copy + " a second time in one slot");
        }
    }
    for (const ReminderSeen* one : by_message_[number]) {
        if (one->account == Account::Waiting) {
            said_.try_emplace({one->case_id, one->version, one->step, one->address}, number);
        }
    }
}

void Judge::says(std::int64_t number, bool delivered, bool recipient_refused) {
    Post& post = posts_[number];
    post.delivered = delivered;
    post.refused = !delivered;
    post.recipient_refused = recipient_refused;
    if (recipient_refused) {
        // Who stands in for somebody whom it did not reach is not one more.
        for (auto& [offered_at, let_go] : late_by_offer_) {
            let_go.erase(number);
        }
    }
}

void Judge::check_slots_at_end() {
    std::map<std::pair<std::string, Day>, std::set<Second>> of_day;
    std::map<std::pair<std::string, Day>, std::set<Second>> of_week;
    std::set<std::pair<std::string, Second>> asked_for;
    for (const auto& [number, post] : posts_) {
        if (post.seen.at_once) {
            asked_for.insert({post.seen.address, post.seen.slot_at});
        }
    }
    for (const auto& [number, post] : posts_) {
        // What comes along with something that a person sent by hand disturbs nobody once more.
        if (post.seen.kind == Kind::Reminder && post.seen.stage == Stage::Sent &&
            !asked_for.contains({post.seen.address, post.seen.slot_at})) {
            const Day day = day_at(post.seen.slot_at);
            of_day[{post.seen.address, day}].insert(post.seen.slot_at);
            of_week[{post.seen.address, monday_of(day)}].insert(post.seen.slot_at);
        }
    }
    for (const auto& [key, slots] : of_day) {
        if (slots.size() > 1) {
            fail(*slots.begin(), key.first + " got reminders in two slots of one day");
        }
    }
    for (const auto& [key, slots] : of_week) {
        if (static_cast<int>(slots.size()) > budget_max_) {
            fail(*slots.begin(), key.first + " got reminders in " + std::to_string(slots.size()) +
                                     " slots of one week");
        }
    }
}

}  // namespace fristvakt::tests::model
