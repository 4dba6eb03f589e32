#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/engine/transaction.hpp"
#include "workflows/model/message.hpp"

namespace fristvakt::daemon {

/// Who is copied on which message in which slot, so that each address gets one copy a slot.
class CopyRegister {
 public:
    /// True when `message` may copy `person` in its slot: nobody else's copy went there first.
    [[nodiscard]] bool claim(const std::string& person, const workflows::Message& message);
    /// The message does not go after all: others may copy whom it would have.
    void forget(std::int64_t message);
    void forget_before(workflows::Instant instant);

 private:
    using Place = std::pair<workflows::Instant, std::string>;  ///< Slot and person.
    std::map<Place, std::int64_t> copied_;
    std::map<std::int64_t, std::vector<Place>> places_;  ///< Of each message in `copied_`.
};

/// What the last look at a message, before it goes, came to.
struct LastLook {
    enum class Verdict { Go, NotNow, Never };
    Verdict verdict{Verdict::Never};
    std::optional<workflows::MessageSnapshot> snapshot;  ///< With Go.
    workflows::Message message{};  ///< With Go: without what fell away, in the slot it goes in.
};

struct Circumstances {
    bool brake{false};      ///< More was due at once than the brake lets through.
    bool after_gap{false};  ///< Nobody looked for a while; what was due then is late now.
    CopyRegister& copies;
};

/// Whether the message is one of those that the brake counts and, once pulled, holds: never tried,
/// and made by a first start, a reload or a gap, or due during a gap.
[[nodiscard]] bool counts_for_brake(const workflows::Message& message, bool after_gap,
                                    workflows::Instant now);

/// Whether a change or an invitation has been overtaken: it will be dropped, and counts for
/// nothing. False for messages of other kinds. The message is loaded.
[[nodiscard]] bool says_nothing(Transaction& transaction, const workflows::Message& message);

/// The last-moment check (design, promise 1): derives anew, from what `transaction` has loaded,
/// which of the message's reminders still hold; settles those that do not; holds, moves or drops
/// the message. What it finds goes into the transaction, not yet into the store.
[[nodiscard]] workflows::Result<LastLook> look_last(Transaction& transaction,
                                                    workflows::Message message,
                                                    Circumstances circumstances);

/// The message as it would be written now, with these reminders; its persons must be known.
/// Unavailable: the store did not answer.
[[nodiscard]] workflows::Result<workflows::MessageSnapshot> describe_message(
    Transaction& transaction, const workflows::Message& message,
    const std::vector<workflows::Reminder>& reminders);

/// What a message says of a case on `day`: its names, its deadline, where to send it, whom to ask.
/// The notice, the step and what was told stay empty.
[[nodiscard]] workflows::MessageSnapshot::Item describe_case(
    const workflows::Case& of, const workflows::Definitions& definitions, workflows::Date day);

/// The Message-ID without angle brackets: the same at every attempt, and after a restart.
[[nodiscard]] std::string message_id_of(const workflows::Message& message,
                                        const workflows::Installation& installation);

}  // namespace fristvakt::daemon
