#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tests/model/case.hpp"

/// What the program stores and sends, as somebody sees it who looks over its shoulder.
namespace fristvakt::tests::model {

enum class Account { Waiting, Sent, Held, Suppressed, Superseded, Failed };
enum class Stage { Waiting, Sending, Sent, Held, Failed, Dropped, Uncertain };

struct EventSeen {
    std::string case_id;
    std::string name;
    /// "debtor", "creditor", "operator", "attendee", "clock", "configuration", "release", …
    std::string by;
    Second at{0};
    std::string step{};  ///< That it is about, if any.
};

struct ReminderSeen {
    Second at{0};  ///< Of the entry.
    std::string case_id;
    std::string version;
    std::string step;
    int occurrence{1};
    std::string address;
    std::string notice;
    Second step_at{0};
    Second claimed_at{0};
    bool softened{false};
    bool before{false};
    Account account{Account::Waiting};
    std::string reason;
    std::int64_t message{0};
};

/// One event of a calendar as a message brings it (iTIP, RFC 5546).
struct Invite {
    bool is_cancel{false};
    int sequence{0};
    Occasion when;
    friend bool operator==(const Invite&, const Invite&) = default;
};

struct MessageSeen {
    struct Told {
        std::string case_id;
        std::string notice;
        int version{0};
    };
    std::int64_t number{0};
    Kind kind{Kind::Reminder};
    std::string address;
    Language language{Language::Nb};
    Second slot_at{0};
    Second made_at{0};
    Stage stage{Stage::Waiting};
    std::string reason;
    int attempts{0};
    bool at_once{false};  ///< Sent by hand: waits for no window and no other slot.
    std::vector<Told> told;
    std::string bytes;  ///< Digest of what it was last written as.
    int items{0};       ///< Things said in those bytes.
    /// Of an invitation: what it says since it was last marked; nothing before.
    std::optional<Invite> invite{};
};

struct BooksSeen {
    std::int64_t planned{0};
    std::map<Account, std::int64_t> accounts;
    bool on_hold{false};  ///< All sending, not counted here.
};

using Seen = std::variant<EventSeen, ReminderSeen, MessageSeen, BooksSeen>;

/// A message as its reader gets it.
struct Letter {
    struct Item {
        std::string case_id;
        std::string step;  ///< Empty in answers and changes.
        std::string notice;
        bool softened{false};
        std::optional<Day> due;
    };
    std::int64_t number{0};
    std::string message_id;
    Kind kind{Kind::Reminder};
    Language language{Language::Nb};
    std::string to;
    std::vector<std::string> copies;
    std::vector<Item> items;
    Second offered_at{0};
    std::optional<Invite> invite{};  ///< The event in it.
};

struct CaseSeen {
    std::string id;
    std::string state;
    bool final{false};
    std::optional<Day> due;
    std::optional<Second> due_ends_at;
    bool softened{false};
    bool held{false};
    bool paused{false};
    int resting_children{0};
    std::optional<Occasion> date{};
};

/// What is stored of one person and one meeting.
struct GuestSeen {
    std::string case_id;
    std::string address;
    int sequence{-1};
    Reply reply{Reply::None};
    int reply_sequence{-1};
};

}  // namespace fristvakt::tests::model
