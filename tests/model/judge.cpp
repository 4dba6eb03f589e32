#include "tests/model/judge.hpp"

#include <algorithm>
#include <utility>

#include "tests/model/meeting.hpp"

namespace fristvakt::tests::model {

namespace {

constexpr std::size_t kBrokenMax = 20;
constexpr Second kAnswerKept = 7 * kDay;  ///< So long the same request gets the same answer.
/// The reason of a reminder that what ended it, undone, lets come again.
constexpr std::string_view kUndone = "undone";
constexpr std::string_view kStepRemoved = "step removed from the ladder";
constexpr std::string_view kRefused = "refused by the recipient's server";

bool was_taken_back(const ReminderSeen& reminder) {
    return reminder.reason == kUndone || reminder.reason == kStepRemoved;
}

std::optional<By> person(const std::string& by) {
    if (by == "debtor") {
        return By::Debtor;
    }
    if (by == "creditor") {
        return By::Creditor;
    }
    if (by == "attendee") {
        return By::Attendee;
    }
    return by == "operator" ? std::optional{By::Operator} : std::nullopt;
}

std::string name_of(Answer answer) {
    switch (answer) {
        case Answer::Taken:
            return "taken";
        case Answer::Invalid:
            return "invalid";
        case Answer::NotFound:
            return "not found";
        case Answer::Conflict:
            return "conflict";
    }
    return {};
}

}  // namespace

Judge::Judge()
    : invitations_(town_, [this](Second at, const std::string& what) { complain(at, what); }) {
    town_.standing = [this](const Case& item, const std::string& step) {
        return standing(item, step);
    };
}

Second Judge::time_of(const Case& item, const std::string& step) {
    const auto& all = town_.steps(item);
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Occurrence& one) { return one.step->id == step; });
    return found == all.end() ? Second{0} : found->at;
}

Standing Judge::standing(const Case& item, const std::string& step) {
    Standing found;
    const auto all = by_case_.find(item.id);
    const std::string version = version_of(item, town_.rules());
    for (std::size_t index = 0; all != by_case_.end() && index < all->second.size(); ++index) {
        const ReminderSeen& one = *all->second[index];
        if (one.version != version || one.step != step || was_taken_back(one)) {
            continue;
        }
        found.planned.insert(one.address);
        // Refused before its time, it reached nobody, and the step comes in its time.
        found.comes_yet = found.comes_yet && one.account == Account::Failed &&
                          one.reason == kRefused && one.step_at < time_of(item, step);
        const auto post = posts_.find(one.message);
        const bool in_flight = post != posts_.end() && post->second.seen.stage == Stage::Sending;
        const bool waits = one.account == Account::Waiting;
        found.any_waits = found.any_waits || waits;
        if (!in_flight && (waits || one.account == Account::Held)) {
            found.open.insert(one.address);
        }
        if (!in_flight && waits) {
            found.waiting.insert(one.address);
        }
    }
    return found;
}

void Judge::complain(Second at, const std::string& what) {
    if (broken_.size() < kBrokenMax) {
        broken_.push_back(time_text(at) + " " + what);
    }
}

// --- what happens
// ---------------------------------------------------------------------------------

void Judge::starts(Second now) {
    looked_in_this_life_.reset();
    taking_up_ = was_taking_up_ = false;
    catching_up_ = was_catching_up_ = false;
    if (!first_start_) {
        first_start_ = now;
        town_.looked_at = now - 1;
    }
}

void Judge::takes_up(const Rules& rules, Second now) {
    town_.use(rules);
    rules_since_ = now;
    budget_max_ = std::max(budget_max_, rules.budget);
    was_taking_up_ = std::exchange(taking_up_, true);
    was_catching_up_ = std::exchange(catching_up_, true);
}

void Judge::took_up(Second now) {
    taking_up_ = false;
    rules_since_ = now;
    std::set<std::string> all;
    const auto called = town_.called(0);
    for (const Called& one : called) {
        if (const Case* item = town_.find(one.id);
            item != nullptr && !item->final && town_.moved_to(*item, one.due)) {
            fail(now, one.id + " was not moved to the deadline " +
                          date_text(*town_.moved_to(*item, one.due)));
        }
        all.insert(one.id);
    }
    // What was over before the first start is asked for no more than if it had never been opened.
    for (const Called& one : town_.called(day_at(*first_start_))) {
        if (const Case* item = town_.find(one.id);
            item != nullptr && item->undo && item->undo->by_configuration &&
            instant(one.opens) <= now && !is_called_off(*item, town_.rules())) {
            fail(now, one.id + " is called for again and did not open again");
        }
    }
    for (const auto& [id, item] : town_.cases) {
        if (!item.final && item.parent.empty() && !all.contains(id) && !town_.is_past(item)) {
            fail(now, id + " goes on though nothing calls for it");
        }
    }
    check_dates(now);
}

/// Cases of meetings follow what stands in the configuration, and invitations follow them.
void Judge::check_dates(Second now) {
    for (const auto& [id, item] : town_.cases) {
        if (const std::string name = date_event(item, town_.rules()); !name.empty()) {
            fail(now, id + " should be " + name);
        }
    }
    invitations_.check_everybody(now);
}

void Judge::looked(Second now) {
    if (taking_up_) {
        // Cases that are not fitted yet to rules half taken up are looked at when they are.
        looked_in_this_life_ = now;
        catching_up_ = false;
        return;
    }
    const bool quiet = quiet_stamp_ == town_.stamp && (!quiet_until_ || now < *quiet_until_);
    if (!quiet) {
        look_through(now);
        quiet_stamp_ = town_.stamp;
        quiet_until_ = town_.next_due(std::max(now, town_.looked_at), day_at(*first_start_));
    }
    town_.looked_at = std::max(town_.looked_at, now);
    looked_in_this_life_ = now;
    catching_up_ = false;
}

void Judge::look_through(Second now) {
    for (auto& [id, item] : town_.cases) {
        const auto at = town_.next_change(item);
        if (at && *at <= now) {
            fail(now, id + " is still in " + item.state + "; time should have moved it at " +
                          time_text(*at));
        }
    }
    for (const Called& one : town_.called(day_at(*first_start_))) {
        if (instant(one.opens) <= now && town_.find(one.id) == nullptr) {
            fail(now, one.id + " should have opened on " + date_text(one.opens));
        }
    }
    check_owed(town_.owed(town_.looked_at, now), now);
}

void Judge::asks(const Event& event, std::size_t request, Second now) {
    asked_ = event;
    request_ = request;
    const Case* item = town_.find(event.case_id);
    if (event.name == kResponded && item != nullptr && says_the_same(*item, event, now)) {
        said_before_.insert(request);
    }
}

/// As if time had done its work by now. Changes nothing unless the refusal was wrong.
Answer Judge::raise_as_of(const Event& event, Second now) {
    const Case* item = town_.find(event.case_id);
    const auto change_at = item == nullptr ? std::nullopt : town_.next_change(*item);
    if (!change_at || *change_at >= now) {
        return town_.raise(event, now);
    }
    Town later = town_;
    Case* of = later.find(event.case_id);
    for (auto at = later.next_change(*of); at && *at < now; at = later.next_change(*of)) {
        later.change(*of, now);
    }
    return later.raise(event, now);
}

bool Judge::has_unseen_steps(const std::string& case_id, Second now) {
    const Case* item = town_.find(case_id);
    if (item == nullptr) {
        return false;
    }
    const auto change_at = town_.next_change(*item);
    const auto& steps = town_.steps(*item);
    // What waited from before the deadline has ended with it.
    const auto deadline = counted(*item, town_.rules());
    const auto over_at = deadline ? std::optional{instant(*deadline + 1)} : std::nullopt;
    return (change_at && *change_at < now) ||
           (over_at && *over_at > town_.looked_at && *over_at <= now) ||
           std::any_of(steps.begin(), steps.end(), [&](const Occurrence& step) {
               return step.at > town_.looked_at && step.at < now;
           });
}

void Judge::crashes() {
    asked_.reset();
    releasing_ = false;
}

void Judge::answered(bool ok, bool repeated, std::string_view refusal, Second now) {
    const Event event = *std::exchange(asked_, std::nullopt);
    const std::string what = event.case_id + " " + event.name + " ";
    const auto written = taken_.find(request_);
    const bool is_written = written != taken_.end();
    if (is_written && written->second + kAnswerKept <= now) {
        return;
    }
    if (ok) {
        if (!is_written && !said_before_.contains(request_)) {
            fail(now, what + "was acknowledged and is not written");
        }
        return;
    }
    if (is_written || repeated) {
        fail(now, what + "was taken before, and refused when it was raised again");
        return;
    }
    const bool of_steps = event.name == "reminder_stopped" || event.name == "sent_now";
    if (of_steps && has_unseen_steps(event.case_id, now)) {
        return;  // Which steps were left is known when they have been planned.
    }
    const std::string expected = name_of(raise_as_of(event, now));
    if (expected != refusal) {
        fail(now, what + "was refused as " + std::string{refusal} + "; it is " + expected);
    }
}

void Judge::gives_up(const Rules& rules) {
    town_.use(rules);
    taking_up_ = was_taking_up_;
    catching_up_ = was_catching_up_;
}

void Judge::happen(const EventSeen& event, Second now) {
    ++events_seen_;
    happened_.insert(event.case_id);
    Case* item = town_.find(event.case_id);
    const std::string what = event.case_id + " " + event.name + " by " + event.by;
    if (event.by == "configuration") {
        happen_by_configuration(event, item, now);
    } else if (item == nullptr) {
        fail(now, what + ": there should be no such case");
    } else if (event.by == "release") {
        if (!item->held || !releasing_) {
            fail(now, what + ": nobody let it go");
        }
        item->held = false;
        ++item->changes;
    } else if (event.by == "clock") {
        const auto early = town_.changed_early.find({event.case_id, event.at});
        const auto at = town_.next_change(*item);
        if (early != town_.changed_early.end()) {
            town_.changed_early.erase(early);
        } else if (at != event.at) {
            fail(now, what + " at " + time_text(event.at) + "; it is due " +
                          (at ? time_text(*at) : "never"));
        } else {
            town_.change(*item, now);
        }
    } else if (const auto by = person(event.by)) {
        if (!asked_ || asked_->case_id != event.case_id || asked_->name != event.name ||
            asked_->by != *by) {
            fail(now, what + ": nobody raised it");
            return;
        }
        const auto [taken, is_first] = taken_.try_emplace(request_, now);
        if (!is_first && taken->second + kAnswerKept > now) {
            fail(now, what + ": raised once and taken twice");
            return;
        }
        Event raised = *asked_;
        raised.called = event.step;
        const Answer answer = town_.raise(raised, now);
        if (answer != Answer::Taken) {
            fail(now, what + " was taken; it is " + name_of(answer));
        }
        if (event.name == "reverted") {
            reverted_.insert(event.case_id);
        }
    }  // What parent and child raise has followed in the model already.
}

void Judge::happen_by_configuration(const EventSeen& event, Case* item, Second now) {
    const std::string what = event.case_id + " " + event.name;
    const bool opening = event.name == "opened";
    // What was opened stays called for when the first start has moved out of sight.
    const auto& all = town_.called(opening ? day_at(*first_start_) : 0);
    const auto called = std::find_if(all.begin(), all.end(),
                                     [&](const Called& one) { return one.id == event.case_id; });
    const bool exists = called != all.end();
    if (opening) {
        const bool in_time =
            exists && instant(called->opens) <= now &&
            (event.at == instant(called->opens) || (taking_up_ && event.at == now));
        if (item != nullptr || !in_time) {
            fail(now, what + ": not called for now");
            return;
        }
        town_.open(*called, event.at);
    } else if (event.name == "deadline_moved") {
        const auto due =
            item == nullptr || !exists ? std::nullopt : town_.moved_to(*item, called->due);
        if (!due) {
            fail(now, what + ": the configuration does not say so");
            return;
        }
        town_.move_deadline(*item, *due, event.at);
    } else if (event.name == "withdrawn") {
        if (item == nullptr || exists || town_.is_past(*item)) {
            fail(now, what + ": the configuration does not say so");
            return;
        }
        town_.withdraw(*item, By::Configuration, event.at);
    } else if (is_of_date(event.name)) {
        const std::string expected = item == nullptr ? "" : date_event(*item, town_.rules());
        if (event.name != expected) {
            fail(now, what + ": the configuration does not say so");
            return;
        }
        town_.follow_date(*item, event.at);
    } else if (event.name == "reverted") {
        const bool taken_out = item != nullptr && item->undo && item->undo->by_configuration;
        if (!taken_out || !exists || is_called_off(*item, town_.rules())) {
            fail(now, what + ": the configuration does not say so");
            return;
        }
        (void)town_.raise({event.case_id, "reverted", By::Configuration, {}}, event.at);
        reverted_.insert(event.case_id);
    } else {
        fail(now, what + ": the configuration raises no such event");
    }
}

// --- what is written
// ------------------------------------------------------------------------------

void Judge::written(const std::vector<Seen>& batch, Second now) {
    learn_refusals(batch);
    turns_before_ = town_.turns_taken;
    happened_.clear();
    reverted_.clear();
    std::vector<MessageSeen> messages;
    const BooksSeen* stated = nullptr;
    for (const Seen& seen : batch) {
        if (const auto* event = std::get_if<EventSeen>(&seen)) {
            happen(*event, now);
        } else if (const auto* reminder = std::get_if<ReminderSeen>(&seen)) {
            enter_in_books(*reminder, now);
        } else if (const auto* message = std::get_if<MessageSeen>(&seen)) {
            messages.push_back(*message);
        } else {
            stated = std::get_if<BooksSeen>(&seen);
        }
    }
    if (stated != nullptr) {
        stated_ = *stated;
        on_hold_ = stated->on_hold;
    }
    for (const std::string& id : reverted_) {
        check_brought_back(town_.cases.at(id), now);
    }
    check_books(stated_, now);
    check_owed(std::exchange(town_.owed_earlier, {}), now);
    std::vector<MessageSeen> made;
    std::copy_if(messages.begin(), messages.end(), std::back_inserter(made),
                 [&](const MessageSeen& one) { return !posts_.contains(one.number); });
    check_tellings(made, now);
    post(messages, now);
    if (!taking_up_ && (!happened_.empty() || !messages.empty())) {
        check_dates(now);
    }
}

void Judge::enter_in_books(const ReminderSeen& reminder, Second now) {
    const Key key{reminder.case_id, reminder.version, reminder.step, reminder.occurrence,
                  reminder.address};
    const std::string what =
        reminder.case_id + " " + reminder.version + " " + reminder.step + " to " + reminder.address;
    const auto [known, is_new] = reminders_.try_emplace(key, Booked{reminder, turns_before_});
    ReminderSeen& stored = known->second.seen;
    bool is_news = true;
    if (is_new) {
        ++counted_.planned;
        by_case_[reminder.case_id].push_back(&stored);
        check_planned(reminder, now);
    } else {
        const Account before = stored.account;
        --counted_.accounts[before];
        const bool changed = before != reminder.account;
        const bool was_final = before == Account::Sent || before == Account::Superseded ||
                               before == Account::Suppressed;
        if (changed && was_final && reminder.reason != kUndone) {
            fail(now, what + " left an account that is final");
        }
        if (reminder.message != stored.message) {
            std::erase(by_message_[stored.message], &stored);
        }
        is_news = changed || stored.reason != reminder.reason;
        stored = reminder;
        if (is_news && reminder.reason != kUndone) {
            const bool ended =
                reminder.account == Account::Superseded || reminder.account == Account::Suppressed;
            const Case* item = town_.find(reminder.case_id);
            const bool by_deed = item != nullptr && happened_.contains(reminder.case_id);
            known->second.ended_by = ended && by_deed ? item->deeds : 0;
        }
    }
    ++counted_.accounts[reminder.account];
    auto& carried = by_message_[reminder.message];
    if (reminder.message != 0 &&
        std::find(carried.begin(), carried.end(), &stored) == carried.end()) {
        carried.push_back(&stored);
    }
    if (is_news && was_taken_back(reminder)) {
        if (Case* item = town_.find(reminder.case_id)) {
            item->sent.erase(reminder.version + " " + reminder.step);  // It comes in its time.
        }
    }
    const std::string untrue = is_news ? why_untrue(reminder, known->second.order) : "";
    if (!untrue.empty()) {
        fail(now, what + " is in an account for \"" + reminder.reason + "\", but " + untrue);
    }
}

void Judge::check_books(const BooksSeen& stated, Second now) {
    std::int64_t sum = 0;
    bool same = stated.planned == counted_.planned;
    for (const Account account : {Account::Waiting, Account::Sent, Account::Held,
                                  Account::Suppressed, Account::Superseded, Account::Failed}) {
        const auto said = stated.accounts.find(account);
        const std::int64_t amount = said == stated.accounts.end() ? 0 : said->second;
        sum += amount;
        same = same && amount == counted_.accounts[account];
    }
    if (!same || sum != stated.planned) {
        fail(now, "the books are not what a recount gives");
    }
}

void Judge::check_planned(const ReminderSeen& reminder, Second now) {
    const std::string what =
        reminder.case_id + " " + reminder.version + " " + reminder.step + " to " + reminder.address;
    Case* item = town_.find(reminder.case_id);
    if (item == nullptr) {
        fail(now, what + " is of no case");
        return;
    }
    const bool open = reminder.account == Account::Waiting || reminder.account == Account::Held;
    if (reminder.occurrence > 1) {
        for (const ReminderSeen* other : by_case_[reminder.case_id]) {
            if (other->version == reminder.version && other->step == reminder.step &&
                other->address == reminder.address && other->occurrence < reminder.occurrence &&
                !was_taken_back(*other)) {
                fail(now, what + " was planned twice");
            }
        }
    }
    if (!open || version_of(*item, town_.rules()) != reminder.version) {
        return;  // Its account says why; a state that was left within the transaction is judged so.
    }
    const Occurrence* step = step_of(*item, reminder.step);
    if (step == nullptr || step->at > now) {
        fail(now, what + " was planned before its time");
    } else if (!reaches(reminder, *item, day_at(step->at)) &&
               !reaches(reminder, *item, day_at(now))) {
        fail(now, what + " was planned for somebody whom the step does not reach");
    } else if (is_of_guests(*step->step) && takes_a_place(reminder)) {
        fail(now, what + " was planned in the place of somebody else");
    }
}

/// Of somebody who was not reached, or is not to be reached any more, just now.
bool Judge::takes_a_place(const ReminderSeen& reminder) const {
    const auto& all = by_case_.at(reminder.case_id);
    return !reverted_.contains(reminder.case_id) &&
           std::any_of(all.begin(), all.end(), [&](const ReminderSeen* other) {
               return other->version == reminder.version && other->step == reminder.step &&
                      other->at == reminder.at &&
                      (other->reason == kRefused || other->reason == "recipient changed");
           });
}

bool Judge::stands_in(const ReminderSeen& reminder) const {
    const auto& all = by_case_.at(reminder.case_id);
    return std::any_of(all.begin(), all.end(), [&](const ReminderSeen* other) {
        return other->version == reminder.version && other->step == reminder.step &&
               other->reason == kRefused;
    });
}

/// What was undone had ended it, or another of the same step.
bool Judge::is_undone(const ReminderSeen& reminder, const Case& item) const {
    if (!reverted_.contains(item.id)) {
        return false;
    }
    auto one = reminders_.lower_bound({item.id, reminder.version, reminder.step, 0, ""});
    for (; one != reminders_.end(); ++one) {
        const ReminderSeen& other = one->second.seen;
        if (other.case_id != item.id || other.version != reminder.version ||
            other.step != reminder.step) {
            return false;
        }
        if (one->second.ended_by == item.undone) {
            return true;
        }
    }
    return false;
}

void Judge::check_brought_back(const Case& item, Second now) {
    for (auto one = reminders_.lower_bound({item.id, "", "", 0, ""});
         one != reminders_.end() && one->second.seen.case_id == item.id; ++one) {
        const ReminderSeen& gone = one->second.seen;
        if (one->second.ended_by != item.undone) {
            continue;
        }
        const std::string what =
            gone.case_id + " " + gone.version + " " + gone.step + " to " + gone.address;
        if (gone.reason != kUndone) {
            if (!may_stay_away(gone, item, now)) {
                fail(now, what + " did not come back when what ended it was undone");
            }
            continue;
        }
        const auto& all = by_case_[item.id];
        const bool came = std::any_of(all.begin(), all.end(), [&](const ReminderSeen* other) {
            return other->version == gone.version && other->step == gone.step &&
                   other->address == gone.address && other->occurrence > gone.occurrence;
        });
        // Of a deadline that was moved in the same breath nothing comes.
        const bool counts = version_of(item, town_.rules()) == gone.version;
        if (!came && counts && !lies_ahead(item, gone.step, now) &&
            reaches(gone, item, day_at(now))) {
            fail(now, what + " was taken back and did not come again");
        }
    }
}

bool Judge::may_stay_away(const ReminderSeen& reminder, const Case& item, Second now) {
    const Occurrence* step = step_of(item, reminder.step);
    const auto& all = by_case_[item.id];
    return item.final || is_resting(item) || version_of(item, town_.rules()) != reminder.version ||
           step == nullptr || !step->counts || step->at > now ||
           item.sent.contains(name_of(item, reminder.step, town_.rules())) ||
           audience(*step->step, item, town_.rules(), day_at(now), town_.refused).to.empty() ||
           std::any_of(all.begin(), all.end(), [&](const ReminderSeen* later) {
               return later->version == reminder.version && later->step_at > step->at &&
                      !was_taken_back(*later);
           });
}

const Occurrence* Judge::sent_by_hand(const Case& item, const std::string& step) {
    const auto sent = item.sent.find(name_of(item, step, town_.rules()));
    const Ladder* ladder = ladder_of(item, town_.rules());
    if (sent == item.sent.end() || ladder == nullptr) {
        return nullptr;
    }
    auto& [own, occurrence] = by_hand_[{item.id, sent->first}];
    const auto known = std::find_if(ladder->steps.begin(), ladder->steps.end(),
                                    [&](const Step& one) { return one.id == step; });
    if (known != ladder->steps.end()) {
        own = *known;
    } else if (step.starts_with("sent_now.")) {
        own = {.id = step,
               .offset = {},
               .to = those_concerned(*ladder),
               .copy = {},
               .notice = sent->second.notice,
               .time = {}};
    } else {
        return nullptr;
    }
    occurrence = {.step = &own, .at = sent->second.at, .before = sent->second.before};
    return &occurrence;
}

bool Judge::lies_ahead(const Case& item, const std::string& step, Second now) {
    const auto& all = town_.steps(item);
    return std::any_of(all.begin(), all.end(),
                       [&](const Occurrence& one) { return one.step->id == step && one.at > now; });
}

const Occurrence* Judge::step_of(const Case& item, const std::string& step) {
    if (const Occurrence* sent = sent_by_hand(item, step)) {
        return sent;
    }
    for (const Occurrence& one : town_.steps(item)) {
        if (one.step->id == step) {
            return &one;
        }
    }
    return nullptr;
}

bool Judge::reaches(const ReminderSeen& reminder, const Case& item, Day day) {
    const Occurrence* step = step_of(item, reminder.step);
    if (step == nullptr) {
        return false;
    }
    const auto to = audience(*step->step, item, town_.rules(), day, town_.refused).to;
    return std::any_of(to.begin(), to.end(),
                       [&](const Recipient& one) { return one.address == reminder.address; });
}

bool Judge::was_counting(const Case& item, const std::string& version, Second at) const {
    const bool now_counts = !item.final && !is_resting(item) &&
                            version_of(item, town_.rules()) == version &&
                            at >= item.stretch_began_at;
    return now_counts ||
           std::any_of(item.stretches.begin(), item.stretches.end(), [&](const Stretch& one) {
               return one.version == version && at >= one.begin && at < one.end;
           });
}

bool Judge::comes_later(const ReminderSeen& other, const ReminderSeen& than) const {
    if (other.step_at != than.step_at) {
        return other.step_at > than.step_at;
    }
    const Case& item = town_.cases.at(than.case_id);
    const Ladder* ladder = ladder_of(item, town_.rules());
    if (ladder == nullptr) {
        return false;
    }
    const auto place = [&](const std::string& id) {
        return std::find_if(ladder->steps.begin(), ladder->steps.end(),
                            [&](const Step& step) { return step.id == id; });
    };
    return place(than.step) < place(other.step) && place(other.step) != ladder->steps.end();
}

// --- reasons
// --------------------------------------------------------------------------------------

bool Judge::is_true_of_case(const ReminderSeen& reminder, const Case& item, int order) {
    const auto turned = [&](auto... kinds) {
        return std::any_of(item.turns.begin(), item.turns.end(), [&](const Turn& turn) {
            return turn.order > order && ((turn.kind == kinds) || ...);
        });
    };
    const std::string& why = reminder.reason;
    // A step that an edited ladder puts before the edit has been missed too.
    // So has one that reached nobody in its time.
    const bool missed = !was_counting(item, reminder.version, reminder.step_at) ||
                        reminder.step_at < rules_since_ ||
                        unreachable_.contains({reminder.case_id, reminder.version, reminder.step});
    if (why == "case moved on") {
        return turned(Turn::Kind::State, Turn::Kind::Softness);
    }
    if (why == "deadline moved") {
        return turned(Turn::Kind::Deadline);
    }
    if (why == "paused") {
        return missed || turned(Turn::Kind::Rest);
    }
    if (why == "withdrawn") {
        return item.state == "withdrawn" || turned(Turn::Kind::State);
    }
    if (why == "before the deadline began to count" && !reminder.version.starts_with('v')) {
        // A state's own deadline counts from its beginning, whatever is edited.
        return !was_counting(item, reminder.version, reminder.step_at);
    }
    if (why == "case was not waiting for the recipient" || why == "before the case opened" ||
        why == "before the deadline began to count") {
        return missed;
    }
    if (why == "deadline passed") {
        const auto deadline = item.deadlines.find(reminder.version);
        return reminder.before && deadline != item.deadlines.end() &&
               reminder.at >= instant(deadline->second + 1);
    }
    if (why == "stopped by hand") {
        return item.stopped.contains(reminder.version + " " + reminder.step);
    }
    if (why == kUndone) {
        return is_undone(reminder, item);
    }
    const Occurrence* step = step_of(item, reminder.step);
    if (why == kStepRemoved) {
        return step == nullptr || step->at > reminder.at ||
               lies_ahead(item, reminder.step, reminder.at);
    }
    if (why == "recipient changed") {
        return !reaches(reminder, item, day_at(reminder.at));
    }
    return why == "opened after its deadline" && item.held;
}

bool Judge::is_true_of_message(const ReminderSeen& reminder) const {
    const auto found = posts_.find(reminder.message);
    if (found == posts_.end()) {
        return false;
    }
    const Post& post = found->second;
    if (reminder.account == Account::Sent) {
        return post.delivered;
    }
    if (reminder.reason == kRefused) {
        return post.refused;
    }
    if (reminder.reason == "bad address") {
        return unwritable_.contains(reminder.message);
    }
    if (reminder.reason == "not on the allowlist") {
        const auto& allowed = town_.rules().allowed;
        return !allowed.empty() &&
               std::find(allowed.begin(), allowed.end(), reminder.address) == allowed.end();
    }
    if (reminder.reason == "sending is on hold") {
        return on_hold_;
    }
    if (reminder.reason == "outcome unknown") {
        const auto notice = town_.rules().notices.find(reminder.notice);
        return notice != town_.rules().notices.end();
    }
    if (reminder.reason == "brake") {
        // Those that were let go before it count with it, as long as there was no end to them.
        auto late = std::count_if(posts_.begin(), posts_.end(),
                                  [](const auto& one) { return one.second.seen.attempts == 0; });
        for (const auto& [offered_at, let_go] : late_by_offer_) {
            late += std::ssize(let_go);
        }
        return late > town_.rules().brake;
    }
    return false;
}

std::string Judge::why_untrue(const ReminderSeen& reminder, int order) {
    static const std::set<std::string> kOfMessages{"accepted by the transport",
                                                   "refused by the recipient's server",
                                                   "bad address",
                                                   "not on the allowlist",
                                                   "sending is on hold",
                                                   "outcome unknown",
                                                   "brake"};
    if (reminder.account == Account::Waiting) {
        return {};
    }
    const Case* item = town_.find(reminder.case_id);
    if (item == nullptr) {
        return "there is no such case";
    }
    if (kOfMessages.contains(reminder.reason)) {
        return is_true_of_message(reminder) ? "" : "its message does not bear that out";
    }
    if (reminder.reason == "later step") {
        const auto& others = by_case_[reminder.case_id];
        const bool overtaken =
            std::any_of(others.begin(), others.end(), [&](const ReminderSeen* other) {
                return other->address == reminder.address && comes_later(*other, reminder) &&
                       (other->account == Account::Waiting || other->account == Account::Sent);
            });
        return overtaken ? "" : "no later step waits or has gone";
    }
    return is_true_of_case(reminder, *item, order) ? "" : "the case does not bear that out";
}

// --- what is missing
// ------------------------------------------------------------------------------

void Judge::check_owed(const std::vector<Owed>& owed, Second now) {
    for (const Owed& one : owed) {
        const auto& known = by_case_[one.case_id];
        if (one.to.empty()) {
            unreachable_.insert({one.case_id, one.version, one.step});
        }
        for (const Recipient& to : one.to) {
            const bool there =
                std::any_of(known.begin(), known.end(), [&](const ReminderSeen* reminder) {
                    return reminder->version == one.version && reminder->step == one.step &&
                           reminder->address == to.address;
                });
            // A step that a configuration put on the ladder later may have been planned for others.
            const bool planned =
                std::any_of(known.begin(), known.end(), [&](const ReminderSeen* reminder) {
                    return reminder->version == one.version && reminder->step == one.step;
                });
            if (!there && !planned) {
                fail(now, one.case_id + " " + one.version + " " + one.step + " of " +
                              time_text(one.at) + " was never planned for " + to.address);
            }
        }
    }
}

void Judge::ends(const std::vector<CaseSeen>& cases, const std::vector<GuestSeen>& guests,
                 const BooksSeen& books, Second now) {
    for (const CaseSeen& seen : cases) {
        const Case* item = town_.find(seen.id);
        if (item == nullptr) {
            fail(now, seen.id + " should not exist");
        } else if (item->state != seen.state || item->final != seen.final ||
                   item->due != seen.due || item->softened != seen.softened ||
                   item->held != seen.held || item->paused != seen.paused ||
                   item->resting_children != seen.resting_children || item->date != seen.date ||
                   (item->due && instant(*item->due + 1) != seen.due_ends_at)) {
            fail(now, seen.id + " is " + seen.state + " due " +
                          (seen.due ? date_text(*seen.due) : "never") + "; it should be " +
                          item->state + " due " + (item->due ? date_text(*item->due) : "never"));
        }
    }
    if (cases.size() != town_.cases.size()) {
        fail(now, "there are " + std::to_string(cases.size()) + " cases; there should be " +
                      std::to_string(town_.cases.size()));
    }
    check_books(books, now);
    invitations_.ends(guests, now);
    for (const auto& [key, booked] : reminders_) {
        const ReminderSeen& reminder = booked.seen;
        if (reminder.account == Account::Waiting || reminder.account == Account::Held) {
            fail(now, reminder.case_id + " " + reminder.version + " " + reminder.step + " to " +
                          reminder.address + " of " + time_text(reminder.step_at) +
                          " is not settled: " + reminder.reason);
        }
    }
    for (const auto& [number, post] : posts_) {
        const Stage stage = post.seen.stage;
        if (stage != Stage::Sent && stage != Stage::Failed && stage != Stage::Dropped) {
            fail(now, "message " + std::to_string(number) + " to " + post.seen.address +
                          " is not settled");
        }
    }
    check_slots_at_end();
}

}  // namespace fristvakt::tests::model
