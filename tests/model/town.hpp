#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/model/case.hpp"

/// All cases of an installation and what events and time do to them.
namespace fristvakt::tests::model {

/// Of a guest: `attendee` an address, `answer`, and perhaps `sequence` and `stamped_at`.
inline constexpr const char* kResponded = "responded";

struct Event {
    std::string case_id;
    std::string name;
    By by{By::Creditor};
    std::map<std::string, std::string> fields;
    std::string called{};  ///< Of a taken one: what the log calls the step that it is about.
};

/// Where the reminders of one step stand, apart from those that were taken back.
struct Standing {
    std::set<std::string> planned;  ///< Addresses.
    bool comes_yet{true};           ///< In its time: it has reached nobody, or not been planned.
    std::set<std::string> open;     ///< Wait or are held, and are not with the transport.
    std::set<std::string> waiting;  ///< Of these, those that wait.
    bool any_waits{false};          ///< Be it with the transport.
};

/// What the debtor's people must be told, at once or when the window opens.
struct Telling {
    std::string case_id;
    std::string notice;
    Kind kind{Kind::Answer};
    Second at{0};
    int version{0};
    std::vector<Recipient> to;
};

/// A step that fell due while its ladder counted: each of these has a reminder of it.
struct Owed {
    std::string case_id;
    std::string version;
    std::string step;
    Second at{0};
    std::vector<Recipient> to;
};

class Town {
 public:
    /// Takes other rules into use; the cases learn of their deadlines one by one.
    void use(Rules rules);
    [[nodiscard]] const Rules& rules() const { return rules_; }

    /// What the rules call for; see `called_for`.
    [[nodiscard]] const std::vector<Called>& called(Day first_start);
    void open(const Called& called, Second at);
    /// Whether the event is taken; a refused one changes nothing. What follows in parent and
    /// children follows at once.
    Answer raise(const Event& event, Second now);
    /// When time alone changes the case next.
    [[nodiscard]] std::optional<Second> next_change(const Case& item) const;
    /// Does what `next_change` says; `now` is when somebody looks.
    void change(Case& item, Second now);
    /// It is a meeting that was held, or what was brought to one by who still takes part: no rules
    /// change it any more.
    [[nodiscard]] bool is_past(const Case& item) const;
    /// Where the rules, which call it for `called`, move its deadline now; nothing: it stays.
    [[nodiscard]] std::optional<Day> moved_to(const Case& item, Day called) const;
    void move_deadline(Case& item, Day due, Second now);
    void withdraw(Case& item, By by, Second now);
    /// Does what `date_event` says.
    void follow_date(Case& item, Second now);
    void refuse(const std::string& address) { refused.insert(address); }

    /// The earliest that anything is due after `now`, while `stamp` stands.
    [[nodiscard]] std::optional<Second> next_due(Second now, Day first_start);
    /// All steps that fell due after `looked_at` and up to `now`.
    [[nodiscard]] std::vector<Owed> owed(Second looked_at, Second now);
    [[nodiscard]] const std::vector<Occurrence>& steps(const Case& item);
    [[nodiscard]] Case* find(const std::string& id);

    /// Asked of the present version's step; whoever keeps the books sets it.
    std::function<Standing(const Case&, const std::string& step)> standing;
    std::map<std::string, Case> cases;
    std::set<std::string> refused;   ///< Addresses that a server does not know.
    std::vector<Telling> tellings;   ///< Since they were last taken.
    std::vector<Owed> owed_earlier;  ///< Of ladders that were left; since they were last taken.
    /// What time did to cases that something followed in, before anybody has seen it written.
    std::multiset<std::pair<std::string, Second>> changed_early;
    int turns_taken{0};
    int stamp{0};         ///< Moves on with whatever may bring a step or a change nearer.
    Second looked_at{0};  ///< Up to here nothing is owed any more.

 private:
    struct Known {
        int changes{-1};
        int generation{-1};
        std::vector<Occurrence> steps;
    };
    struct FollowUp {
        std::vector<Event> raised;
        std::vector<Case> opened;
    };

    Answer apply(Case& item, const Event& event, Second now, FollowUp& after);
    Answer apply_built_in(Case& item, const Event& event, Second now, FollowUp& after);
    Answer move_by_hand(Case& item, const Event& event, Second now);
    Answer stop_step(Case& item, const Event& event, Second now);
    Answer choose_to_send(const Case& item, const Event& event, bool ahead, Step& chosen);
    Answer send_now(Case& item, const Event& event, Second now);
    [[nodiscard]] std::vector<Occurrence> by_time(const Case& item);
    Answer respond(Case& item, const Event& event, Second now);
    void remember(Case& item, bool in_place);
    void wake(Case& item, Second at);
    Answer revert(Case& item, Second now, FollowUp& after);
    void revert_in_place(Case& item, const Case::Undo& undo, Second now);
    [[nodiscard]] Answer check(const Case& item, const Transition& transition, const Event& event,
                               Second now) const;
    [[nodiscard]] bool is_new_due(const Case& item, const std::string& text, Second now) const;
    void follow(Case& item, const Transition& transition, const Event& event, Second now,
                FollowUp& after);
    void enter(Case& item, const std::string& state, Second at, Second entered_at,
               const Event* event, FollowUp& after);
    void tell_parent(const Case& item, const Event* event, FollowUp& after);
    void cancel_children(const Case& item, FollowUp& after);
    [[nodiscard]] bool waits_for_due(const Case& item) const;
    void set_due(Case& item, Day due, Second at);
    void grant(Case& item, Day until, Second now);
    void tell(const Case& item, const std::string& notice, Second now);
    void tell_new_deadline(const Case& item, Second now);
    void open_child(Case& item, const Transition& transition, Second now, FollowUp& after);
    void carry_out(Case& item, FollowUp& after, Second now);
    void soften(Case& item, bool softly);
    void turn(Case& item, Turn::Kind kind) {
        ++stamp;
        item.turns.push_back({++turns_taken, kind});
    }
    /// The ladder stops counting as it did; with `owing`, what fell due until then is owed.
    void stop(Case& item, Second at, bool owing);
    void end_stretch(Case& item, Second at, bool owing);
    void go_on(Case& item, Second at);
    void look_at(Case& item, Second now);
    [[nodiscard]] std::optional<Owed> owed_of(const Case& item, const Occurrence& step) const;
    [[nodiscard]] FreeDay rule_of(const Case& item) const;
    [[nodiscard]] std::optional<Day> called_due(const Case& item);

    Rules rules_;
    int generation_{0};
    std::map<std::string, Known> known_;
    std::map<Day, std::vector<Called>> called_;
};

}  // namespace fristvakt::tests::model
