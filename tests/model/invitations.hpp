#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/model/seen.hpp"
#include "tests/model/town.hpp"

/// The part of the judge that looks at invitations: that everybody who is called to a meeting, and
/// nobody else, hears what is so, once; and that their calendars show it, whatever went wrong.
namespace fristvakt::tests::model {

/// Keeps the town's guests as what has been written says. One thread; uses `town` as long as it
/// lives.
class Invitations {
 public:
    using Complain = std::function<void(Second, const std::string&)>;
    Invitations(Town& town, Complain complain) : town_(town), fail_(std::move(complain)) {}

    /// A message to bring somebody up to date has been made.
    void made(const MessageSeen& message, Second now);
    /// What has been written of one that was `before`.
    void changed(const MessageSeen& before, const MessageSeen& after, Second now);
    /// It goes out as `letter`.
    void leaves(const Letter& letter, const MessageSeen& message, Second now);
    /// It stands in their calendar.
    void arrives(const MessageSeen& message, Second now);

    /// SEQUENCE of what `address` has heard of the meeting that the case is brought to, where an
    /// invitation to it is theirs; nothing: none is, or the case is no pre-work.
    [[nodiscard]] std::optional<int> heard_beside(const Case& prework,
                                                  const std::string& address) const;
    /// The invitation tells `address` by when it is due: it has, since `sequence`, or is about to.
    [[nodiscard]] bool says_prework(const Case& prework, const std::string& address, int sequence,
                                    Second now) const;

    /// Whoever should hear something is about to, unless it has been refused.
    /// REQUIRES: all cases fit the rules.
    void check_everybody(Second now);
    /// Nothing is under way; answers are what was acknowledged, calendars what people were told.
    void ends(const std::vector<GuestSeen>& stored, Second now);

 private:
    /// One person's calendar, as RFC 5546 section 2.1.5 wants it kept.
    struct Calendar {
        std::optional<Occasion> entry;
        int sequence{-1};
        bool is_unsure{false};   ///< What was sent last may have arrived or not.
        bool is_refused{false};  ///< They do not take what was sent last.
    };
    using Key = std::pair<std::string, std::string>;

    [[nodiscard]] const Guest* guest_beside(const Case& prework, const std::string& address) const;
    void marked(const MessageSeen& before, const MessageSeen& after, Second now);
    void check_truth(const MessageSeen& message, const Guest& guest, bool is_again, Second now);
    void check_sequence(const MessageSeen& before, const MessageSeen& after, const Guest& guest,
                        Second now);
    void check_dropped(const MessageSeen& message, const Guest& guest, Second now);
    void goes_never(const MessageSeen& message, Guest& guest);
    void heard(const MessageSeen& message, Guest& guest);
    [[nodiscard]] std::optional<Occasion> wanted(const Case& item,
                                                 const std::string& address) const;
    [[nodiscard]] bool may_write_to(const std::string& address) const;
    [[nodiscard]] Calendar& calendar_of(const MessageSeen& message);

    Town& town_;
    Complain fail_;
    std::map<Key, Calendar> calendars_;  ///< By case and address.
};

}  // namespace fristvakt::tests::model
