#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/definition/definitions.hpp"
#include "workflows/language.hpp"
#include "workflows/model/reminder.hpp"
#include "workflows/model/weekly_digest.hpp"
#include "workflows/time/deadline.hpp"
#include "workflows/time/instant.hpp"

namespace fristvakt::workflows {

/// Stored: never renumber.
enum class MessageState {
    Waiting = 0,  ///< For its slot, or for the next attempt.
    Sending = 1,  ///< Handed to the transport; no verdict yet.
    Sent = 2,
    Held = 3,       ///< Until released.
    Failed = 4,     ///< Refused for good.
    Dropped = 5,    ///< Nothing left to say when its time came.
    Uncertain = 6,  ///< Was `Sending` when the program ended; sent again with the same bytes.
};
[[nodiscard]] std::string_view to_string(MessageState state);
[[nodiscard]] std::string_view to_string(NoticeKind kind);

/// What `Message::channel` may be.
inline constexpr std::string_view kEmailChannel = "email";
inline constexpr std::string_view kTeamsChannel = "teams";
/// The address under which a channel in Teams is known: "teams:saksbehandlere".
[[nodiscard]] std::string teams_address(std::string_view id);
/// The id behind such an address; empty for others.
[[nodiscard]] std::string_view teams_id(std::string_view address);

/// What one address gets on one channel in one slot. Holds no address and no text: those stand
/// beside the log, where they can be erased.
struct Message {
    /// What an answer or a change says; reminders refer to it from their side.
    struct Told {
        std::string case_id;
        std::string notice;
        int revision{0};                             ///< The case's, when it was told.
        std::map<std::string, std::string> fields;   ///< Facts of the event: until, …
        std::map<std::string, std::string> texts{};  ///< Free text of it; stored beside the log.
        friend bool operator==(const Told&, const Told&) = default;
    };
    std::int64_t number{0};  ///< From 1, in the order of making.
    NoticeKind kind{NoticeKind::Reminder};
    std::string channel{kEmailChannel};
    std::string person;
    std::string organisation;  ///< The recipient's.
    Language language{Language::Nb};
    std::vector<std::string> copies;  ///< Persons, sorted.
    Instant slot_at{};
    std::vector<Told> told;
    bool catch_up{false};  ///< Made after a gap, a reload or a first start: counts for the brake.
    bool at_once{false};   ///< A person asked for it: waits for no window and no other slot.

    MessageState state{MessageState::Waiting};
    Reason reason{Reason::None};
    int attempts{0};
    std::optional<Instant> next_at;  ///< Slot or next attempt; the agenda. Empty: nothing to do.
    Instant made_at{};
    std::optional<Instant> settled_at;
    std::string bytes_sha256;  ///< Of the message as handed over; empty before.
    int items_written{0};      ///< Reminders and tellings that those bytes speak of.
    std::string reply;         ///< The transport's last answer, without addresses.

    friend bool operator==(const Message&, const Message&) = default;
};

/// A person as a channel needs to know them; stands beside the log.
struct Person {
    std::string id;  ///< Pseudonym, made from the address and the installation's salt.
    std::string address;
    std::string name;
    friend bool operator==(const Person&, const Person&) = default;
};

/// All that is needed to write one message, taken while the store was at rest: an immutable value
/// that sender threads read without asking anybody.
struct MessageSnapshot {
    /// One case in the message.
    struct Item {
        std::string case_id;
        std::string step;  ///< Empty in answers and changes.
        std::string notice;
        bool softened{false};
        Text requirement_title;
        Text cohort_title;
        std::string debtor_name;
        std::optional<Deadline> due;
        std::optional<Deadline> answer_by;  ///< The state's own deadline, e.g. of a claim.
        Text state_title;
        Text instructions;
        std::string deliver_to;
        std::vector<std::string> deliver_copy;
        std::string case_number;
        std::string responsible_name;  ///< Whom to ring and write to, at the creditor.
        std::string responsible_email;
        std::string responsible_phone;
        std::string debtor_contact_name;  ///< Whom the creditor may ring.
        std::string debtor_contact_email;
        std::string debtor_contact_phone;
        std::map<std::string, std::string> fields;  ///< Of the event that is answered.
        Instant event_at{};
        friend bool operator==(const Item&, const Item&) = default;
    };
    /// The calendar entry of an invitation: what one person's calendar is told of one meeting
    /// (iMIP, RFC 6047). Answers go to the installation's reply address.
    struct Meeting {
        std::string uid;  ///< The same for ever, and the same as in feeds.
        int sequence{0};  ///< RFC 5546 section 2.1.4.
        bool is_cancel{false};
        bool is_held{true};  ///< Of a cancel: it takes place, without this person.
        LocalTime start{};
        LocalTime end{};  ///< Exclusive; at least `start`.
        std::string place;
        std::string title;
        std::string agenda;
        std::string answer_link;
        friend bool operator==(const Meeting&, const Meeting&) = default;
    };
    std::int64_t number{0};
    std::string message_id;               ///< Without angle brackets; the same at each attempt.
    std::vector<std::string> references;  ///< Message-IDs of the thread, oldest first.
    NoticeKind kind{NoticeKind::Reminder};
    std::string channel{kEmailChannel};
    Language language{Language::Nb};
    Instant at{};  ///< The time of the Date header and of "in 3 days".
    Person to;
    std::vector<Person> copies;
    std::string recipient_role;
    std::string organisation;
    std::string organisation_name;
    std::vector<Item> items;  ///< Ordered by case and step; at least one, but in a digest none.
    std::optional<WeeklyDigest> digest{};     ///< Of kind Digest alone, and there always.
    std::optional<Meeting> meeting{};         ///< Of kind Invitation alone, and there always.
    std::optional<std::string> stored_bytes;  ///< Resend of an uncertain message: sent as they are.
    int attempt{1};
    friend bool operator==(const MessageSnapshot&, const MessageSnapshot&) = default;
};

/// A message as it goes out.
struct RenderedMessage {
    std::string subject;
    std::string text;
    std::string html;
};

/// What a channel says of one attempt.
enum class Verdict { Delivered, RetryLater, Refused };

struct DeliveryReport {
    std::int64_t number{0};
    Verdict verdict{Verdict::RetryLater};
    bool recipient_refused{false};  ///< Refused: this address, not the message or the server.
    std::string reply{};            ///< "250 2.0.0 queued"; no address, no secret.
    bool uncertain{false};          ///< RetryLater: all was handed over, but no answer came.
    Seconds retry_after{0};         ///< RetryLater: not before that, as the receiver wishes.
    /// Delivered: positions in Envelope::to of the copies that were refused and got nothing.
    std::vector<std::size_t> copies_refused{};
};

}  // namespace fristvakt::workflows
