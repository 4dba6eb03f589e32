#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "workflows/decision/decide.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/model/message.hpp"
#include "workflows/ports.hpp"

/// Which slot a reminder goes in, and with which others in one message (design, promise 7).
namespace fristvakt::workflows {

/// The slots of some persons, used and reserved. One thread.
class SlotBook {
 public:
    explicit SlotBook(const Definitions& definitions) : definitions_(definitions) {}

    void know(const Slot& slot);

    /// The first slot for `person` not before `earliest`: the window is open; there is no other
    /// slot that day (an own one still ahead is joined); the ISO week has room in the nag budget.
    /// Reserves it. Empty when the window never opens.
    [[nodiscard]] std::optional<Instant> place(const std::string& person,
                                               const std::string& channel, Instant earliest);

 private:
    [[nodiscard]] Instant start_of_week_after(Instant instant) const;

    const Definitions& definitions_;
    std::map<std::string, std::vector<Instant>> slots_;  ///< By person and channel; sorted.
};

/// Messages as grouping knows them: those that wait already and those made just now.
struct Grouping {
    std::vector<Message> made;      ///< New ones, numbered.
    std::vector<Reminder> carried;  ///< The claims' reminders, each with its message.
    std::vector<Person> persons;    ///< Recipients and copies of the new messages.
};

/// Groups `claims` by address × language × channel × slot × set of copies. `waiting` are messages
/// of the same persons that have not gone yet; `last_number` is the number of the newest message
/// and is moved on. With `catch_up`, or when a step is more than an hour late, the message counts
/// for the brake. What a person asked for goes now, and its slot counts from then on. Order: case,
/// step, recipient.
[[nodiscard]] Grouping group(std::vector<Claim> claims, const std::vector<Message>& waiting,
                             SlotBook& slots, std::int64_t& last_number, bool catch_up, Instant now,
                             PersonIds& persons);

/// A message for each contact of the debtor that says `telling`: at once when it is an answer, at
/// the next opening of the window when it is a change.
[[nodiscard]] Grouping tell(const Telling& telling, const std::vector<Recipient>& recipients,
                            std::int64_t& last_number, bool catch_up,
                            const Definitions& definitions, PersonIds& persons);

/// More than an hour after its time: there was a gap, and the brake counts it.
[[nodiscard]] bool is_late(Instant due_at, Instant now);

/// The start of the ISO week (Monday) that `instant` lies in: slots before it do not matter.
[[nodiscard]] Instant start_of_week(Instant instant, const TimeZone& zone);

}  // namespace fristvakt::workflows
