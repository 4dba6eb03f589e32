#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "tests/model/invitations.hpp"
#include "tests/model/seen.hpp"
#include "tests/model/town.hpp"

/// Judges what an installation does by what was promised: every event taken or refused, every
/// reminder in its account, every letter that leaves, and whatever should have come and did not.
namespace fristvakt::tests::model {

/// One thread. Stays where it was made.
class Judge {
 public:
    Judge();
    Judge(const Judge&) = delete;
    Judge& operator=(const Judge&) = delete;

    /// The daemon of this life has not looked at anything yet.
    void starts(Second now);
    /// The new rules did not come into force, or are no news.
    void gives_up(const Rules& rules);
    /// `rules` are in force from here on; until `took_up`, cases are fitted to them at `now`.
    void takes_up(const Rules& rules, Second now);
    void took_up(Second now);
    /// Everything due up to `now` has been dealt with.
    void looked(Second now);
    /// Somebody raises this, for the first time or again; `request` tells one from another.
    void asks(const Event& event, std::size_t request, Second now);
    /// `refusal` is empty when it was taken: "invalid", "not found" or "conflict".
    void answered(bool ok, bool repeated, std::string_view refusal, Second now);
    /// No answer came: what was written counts, the rest did not happen.
    void crashes();

    /// Between these somebody lets go all that is held.
    void releases() { releasing_ = true; }
    void released() { releasing_ = false; }
    /// That message alone: held as uncertain, or failed.
    void lets_go(std::int64_t number) { let_go_.insert(number); }

    /// One transaction has become durable at `now`.
    void written(const std::vector<Seen>& batch, Second now);
    /// The message has been marked and goes out now.
    void leaves(const Letter& letter, Second now);
    /// What became of it: whether it arrived, whether this is known.
    void handed(std::int64_t number, bool arrived, Second now);
    void says(std::int64_t number, bool delivered, bool recipient_refused);
    void cannot_be_written(std::int64_t number) { unwritable_.insert(number); }

    /// At the end: all is settled, nothing is missing, the books are what a recount gives.
    void ends(const std::vector<CaseSeen>& cases, const std::vector<GuestSeen>& guests,
              const BooksSeen& books, Second now);

    /// What whoever runs the world finds wrong.
    void complain(Second at, const std::string& what);
    [[nodiscard]] const std::vector<std::string>& broken() const { return broken_; }
    [[nodiscard]] std::int64_t letters_arrived() const { return letters_arrived_; }
    [[nodiscard]] std::int64_t events_seen() const { return events_seen_; }
    [[nodiscard]] const Town& town() const { return town_; }

 private:
    using Key = std::tuple<std::string, std::string, std::string, int, std::string>;
    struct Post {
        MessageSeen seen;
        bool catch_up{false};   ///< Made after a gap, a reload or a first start.
        bool moved{false};      ///< Since it was made, or released.
        bool uncertain{false};  ///< The daemon has called it so.
        bool arrived{false};
        bool delivered{false};  ///< The transport said so.
        bool refused{false};
        bool recipient_refused{false};
        std::map<std::string, int> heard_beside;  ///< When it was made; see `Invitations`.
        std::vector<std::string> copies;          ///< Of the last attempt.
    };

    /// The invitation to a meeting says what the message was to say of its pre-work.
    [[nodiscard]] bool is_said_beside(const Post& post, const Case& item, Second now) const;
    void fail(Second at, const std::string& what) { complain(at, what); }
    [[nodiscard]] Answer raise_as_of(const Event& event, Second now);
    void look_through(Second now);
    void happen(const EventSeen& event, Second now);
    void happen_by_configuration(const EventSeen& event, Case* item, Second now);
    void check_dates(Second now);
    void enter_in_books(const ReminderSeen& reminder, Second now);
    void check_books(const BooksSeen& stated, Second now);
    [[nodiscard]] std::string why_untrue(const ReminderSeen& reminder, int order);
    [[nodiscard]] bool is_true_of_case(const ReminderSeen& reminder, const Case& item, int order);
    [[nodiscard]] bool is_true_of_message(const ReminderSeen& reminder) const;
    [[nodiscard]] bool reaches(const ReminderSeen& reminder, const Case& item, Day day);
    [[nodiscard]] bool comes_later(const ReminderSeen& other, const ReminderSeen& than) const;
    [[nodiscard]] Standing standing(const Case& item, const std::string& step);
    [[nodiscard]] Second time_of(const Case& item, const std::string& step);
    [[nodiscard]] bool has_unseen_steps(const std::string& case_id, Second now);
    [[nodiscard]] const Occurrence* sent_by_hand(const Case& item, const std::string& step);
    [[nodiscard]] bool lies_ahead(const Case& item, const std::string& step, Second now);
    [[nodiscard]] const Occurrence* step_of(const Case& item, const std::string& step);
    [[nodiscard]] bool was_counting(const Case& item, const std::string& version, Second at) const;
    /// For somebody whom the server did not know.
    [[nodiscard]] bool stands_in(const ReminderSeen& reminder) const;
    [[nodiscard]] bool takes_a_place(const ReminderSeen& reminder) const;
    [[nodiscard]] bool is_undone(const ReminderSeen& reminder, const Case& item) const;
    void check_planned(const ReminderSeen& reminder, Second now);
    void check_brought_back(const Case& item, Second now);
    [[nodiscard]] bool may_stay_away(const ReminderSeen& reminder, const Case& item, Second now);
    void check_owed(const std::vector<Owed>& owed, Second now);
    void check_tellings(const std::vector<MessageSeen>& made, Second now);
    void learn_refusals(const std::vector<Seen>& batch);
    void post(const std::vector<MessageSeen>& messages, Second now);
    void keep(const MessageSeen& seen, Second now);
    void check_slot(const MessageSeen& seen, const Post* before, Second now);
    [[nodiscard]] std::vector<Second> slots_of(const std::string& address,
                                               std::int64_t except) const;
    void check_dropped(const MessageSeen& seen, Second now);
    void check_reminder_letter(const Letter& letter, const Post& post, Second now);
    void check_item(const Letter& letter, const Letter::Item& item, Second now,
                    std::set<std::string>& copies);
    [[nodiscard]] std::optional<Day> due_of(const Case& item) const;
    void check_recipient(const Letter& letter, const Letter::Item& item, const Case& of,
                         const Step& step, Second now, std::set<std::string>& copies);
    void check_told_letter(const Letter& letter, const Post& post, Second now);
    void check_brake(const Letter& letter, const Post& post, Second now);
    void check_twice(const Letter& letter, Second now);
    void check_slots_at_end();

    Town town_;
    Invitations invitations_;
    std::optional<Event> asked_;
    std::size_t request_{0};
    std::map<std::size_t, Second> taken_;  ///< Requests that are in the log, and since when.
    std::set<std::size_t> said_before_;    ///< Those that change nothing and are not written.
    bool taking_up_{false};                ///< Fitting cases to new rules.
    bool was_taking_up_{false};            ///< To those before the ones that are being taken up.
    bool catching_up_{false};              ///< Until the first look after that.
    bool was_catching_up_{false};          ///< Before the rules that are being taken up.
    bool on_hold_{false};
    bool releasing_{false};
    std::optional<Second> looked_in_this_life_;
    std::optional<Second> first_start_;
    Second rules_since_{0};
    int quiet_stamp_{-1};                ///< Of the town, when it was last looked through.
    std::optional<Second> quiet_until_;  ///< Nothing is due before, while that stands.
    struct Booked {
        ReminderSeen seen;
        int order{0};     ///< Of the town's turns, before it was planned.
        int ended_by{0};  ///< The deed of its case that took it out of its account; 0: no deed did.
    };
    int turns_before_{0};             ///< This transaction.
    std::set<std::string> happened_;  ///< Cases with an event in this transaction.
    std::set<std::string> reverted_;  ///< Of these, those in which something was undone.
    std::map<Key, Booked> reminders_;
    /// Steps that were sent by hand, by case and name, as the ladder has them now.
    std::map<std::pair<std::string, std::string>, std::pair<Step, Occurrence>> by_hand_;
    std::map<std::string, std::vector<const ReminderSeen*>> by_case_;
    std::map<std::int64_t, std::vector<const ReminderSeen*>> by_message_;
    std::map<std::int64_t, Post> posts_;
    std::map<std::string, std::vector<std::int64_t>> posts_of_;  ///< Reminder messages, by address.
    int budget_max_{0};  ///< Slots were given out under several budgets; the largest binds.
    /// Steps that reached nobody when they fell due: case, version, step.
    std::set<std::tuple<std::string, std::string, std::string>> unreachable_;
    std::set<std::int64_t> let_go_;
    std::set<std::int64_t> unwritable_;
    std::map<Second, std::set<std::int64_t>> late_by_offer_;
    std::map<std::pair<Second, std::string>, std::int64_t> copied_;
    std::map<std::tuple<std::string, std::string, std::string, std::string>, std::int64_t> said_;
    BooksSeen counted_;
    BooksSeen stated_;
    std::vector<std::string> broken_;
    std::int64_t letters_arrived_{0};
    std::int64_t events_seen_{0};
};

}  // namespace fristvakt::tests::model
