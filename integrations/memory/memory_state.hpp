#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "workflows/ports.hpp"

namespace fristvakt::integrations {

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
        return std::hash<std::string_view>{}(text);
    }
};
template <typename Value>
using ByText = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

/// Everything a MemoryStore holds, with the indexes that its questions need. One thread at a time.
class MemoryState {
 public:
    struct CaseRecord {
        std::optional<workflows::Case> value;
        std::vector<workflows::Reminder> reminders;                             ///< Sorted by key.
        std::map<std::string, workflows::Invitation, std::less<>> invitations;  ///< By person.
        std::vector<std::string> children;
        std::set<std::int64_t> told;  ///< Messages that are not reminders.
        std::vector<std::shared_ptr<const workflows::HistoryEntry>> history;
    };
    struct MessageRecord {
        workflows::Message value;
        std::set<std::string> cases;  ///< Whose reminders it carries or has carried.
        std::shared_ptr<const workflows::Batch::Body> body;
    };
    struct PersonRecord {
        std::optional<workflows::Person> value;
        /// Reminder messages that take, or took, a slot.
        std::set<std::pair<workflows::Instant, std::int64_t>> slots;
        std::set<std::int64_t> waiting;
    };

    MemoryState() = default;
    MemoryState(const MemoryState& other);
    MemoryState& operator=(const MemoryState&) = delete;

    void fold(const workflows::Change& change);
    void append(const workflows::LogEntry& entry, bool keep_history, bool keep_change);
    void put(const workflows::Person& person) { persons[person.id].value = person; }
    void put(const workflows::Batch::Body& body);

    [[nodiscard]] const CaseRecord* find_case(std::string_view id) const;
    [[nodiscard]] const MessageRecord* find_message(std::int64_t number) const;
    [[nodiscard]] const workflows::Person* find_person(std::string_view id) const;
    /// Whether the message carries a reminder of that case now.
    [[nodiscard]] bool carries(std::int64_t number, std::string_view case_id) const;
    /// By key.
    [[nodiscard]] std::vector<workflows::Reminder> reminders_in(std::int64_t number) const;

    ByText<CaseRecord> cases;
    std::map<std::int64_t, MessageRecord> messages;
    ByText<PersonRecord> persons;
    std::map<std::string, workflows::Batch::Idempotency, std::less<>> answers;
    std::map<std::string, std::string, std::less<>> configurations;
    workflows::Ledger ledger;
    std::vector<std::shared_ptr<const workflows::HistoryEntry>> log;
    std::int64_t sequence{0};
    workflows::Instant last_at{};  ///< Of the last entry.

    // Indexes. The views are into the keys of `cases`, which never move and never go.
    std::set<std::string_view> ids;
    std::set<std::string_view> open_ids;
    std::set<std::pair<workflows::Instant, std::string_view>> case_agenda;
    std::set<std::pair<workflows::Instant, std::int64_t>> message_agenda;
    std::map<std::array<std::string, 3>, std::int64_t> counts;  ///< Cohort, requirement, state.
    std::map<workflows::MessageState, std::set<std::int64_t>> messages_by_state;

 private:
    void put(const workflows::Case& value);
    void put(const workflows::Reminder& value);
    void put(const workflows::Message& value);
    void put(const workflows::Invitation& value);
    void index(std::string_view id, const workflows::Case& value);
};

/// The order in which reminders are given, and in which no two are equal.
[[nodiscard]] bool reminder_before(const workflows::Reminder& left,
                                   const workflows::Reminder& right);

}  // namespace fristvakt::integrations
