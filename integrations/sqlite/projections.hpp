#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "integrations/sqlite/codec.hpp"
#include "integrations/sqlite/connection.hpp"
#include "workflows/ports.hpp"

/// The tables that follow from the log: how a row is read, and how a change is folded into them.
/// Everything may throw SQLite::Exception, with SQLITE_CORRUPT for a row that cannot be read.
namespace fristvakt::integrations {

[[nodiscard]] std::optional<workflows::Case> find_case(Connection& connection,
                                                       const std::string& id);
/// By key.
[[nodiscard]] std::vector<workflows::Reminder> reminders_of(Connection& connection,
                                                            const std::string& case_id);
/// By key.
/// By person.
[[nodiscard]] std::vector<workflows::Invitation> invitations_of(Connection& connection,
                                                                const std::string& case_id);
[[nodiscard]] std::vector<workflows::Reminder> reminders_in(Connection& connection,
                                                            std::int64_t message);
[[nodiscard]] std::optional<workflows::Message> find_message(Connection& connection,
                                                             std::int64_t number);
[[nodiscard]] workflows::Ledger read_ledger(Connection& connection);
/// The books by counting all rows; one in no account we know is in none, and not planned.
[[nodiscard]] workflows::Books count_books(Connection& connection);

/// The columns that `case_in` reads, in their order.
#define FRISTVAKT_CASE_COLUMNS "id, requirement, debtor, parent, state, final, next_at, data"
[[nodiscard]] workflows::Case case_in(const Query& row);

/// Folds changes into the tables of one connection, in one transaction: `begin`, then for each
/// entry of the log the coding of its payload and `fold`, then `finish`. Committing and rebuilding
/// both come through here, so that they cannot differ. One thread.
class Projections final : public Before {
 public:
    /// `connection` must outlive it.
    explicit Projections(Connection& connection) : connection_(connection) {}

    /// Forgets what an earlier transaction left, written or not.
    void begin();
    void fold(const workflows::Change& change);
    void finish();
    /// As of all entries folded so far.
    [[nodiscard]] const workflows::Ledger& ledger() const { return ledger_; }

    [[nodiscard]] const workflows::Case& case_before(const std::string& id) override;
    [[nodiscard]] const workflows::Reminder& reminder_before(
        const workflows::Reminder& key) override;
    [[nodiscard]] const workflows::Invitation& invitation_before(
        const workflows::Invitation& key) override;
    [[nodiscard]] const workflows::Message& message_before(std::int64_t number) override;
    [[nodiscard]] const workflows::Ledger& ledger_before() override { return ledger_; }

 private:
    void put(const workflows::Case& value);
    void insert(const workflows::Case& value);
    void update(const workflows::Case& value, const workflows::Case& old);
    void put(const workflows::Message& value);
    void insert(const workflows::Message& value);
    void update(const workflows::Message& value, const workflows::Message& old);
    void put(const workflows::Reminder& value);
    void put(const workflows::Invitation& value);
    std::optional<workflows::Case>& old_case(const std::string& id);
    std::optional<workflows::Message>& old_message(std::int64_t number);
    std::optional<workflows::Reminder>& old_reminder(const workflows::Reminder& key);
    std::optional<workflows::Invitation>& old_invitation(const workflows::Invitation& key);
    void bound_caches();

    struct KeyLess {
        bool operator()(const workflows::Reminder& left, const workflows::Reminder& right) const;
    };

    Connection& connection_;
    // What the rows hold now; so that a row is not read again and again in one transaction.
    std::unordered_map<std::string, std::optional<workflows::Case>> cases_;
    std::unordered_map<std::int64_t, std::optional<workflows::Message>> messages_;
    std::map<workflows::Reminder, std::optional<workflows::Reminder>, KeyLess> reminders_;
    /// By case and person.
    std::map<std::pair<std::string, std::string>, std::optional<workflows::Invitation>>
        invitations_;
    std::map<std::array<std::string, 3>, std::int64_t> case_counts_;  ///< To be added.
    std::map<int, std::int64_t> message_counts_;
    // The bases of what is new.
    workflows::Case new_case_;
    workflows::Reminder new_reminder_;
    workflows::Invitation new_invitation_;
    workflows::Message new_message_;
    workflows::Ledger ledger_;
    bool ledger_changed_{false};
};

/// The end of the log.
struct LogHead {
    std::int64_t sequence{0};
    std::string hash;  ///< 32 bytes; empty when there is no entry.
};
[[nodiscard]] LogHead read_head(Connection& connection);

/// Folds the whole log of `source` into the empty projections of `target`, which may be the same.
void refold(Connection& source, Connection& target);

}  // namespace fristvakt::integrations
