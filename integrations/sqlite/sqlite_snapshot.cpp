#include "integrations/sqlite/sqlite_snapshot.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "integrations/sqlite/body.hpp"
#include "integrations/sqlite/codec.hpp"
#include "integrations/sqlite/deflate.hpp"
#include "integrations/sqlite/projections.hpp"
#include "integrations/sqlite/sha256.hpp"

namespace fristvakt::integrations {

using workflows::Case;
using workflows::CaseFilter;
using workflows::Error;
using workflows::HistoryEntry;
using workflows::Ledger;
using workflows::Message;
using workflows::MessageFilter;
using workflows::MessageState;
using workflows::Person;
using workflows::Reminder;
using workflows::Result;
using workflows::StoredMessage;

namespace {

/// Greater than every text in UTF-8.
const std::string kAfterAll = "\xff";

constexpr std::size_t kConfigurationBytesMax = 256UL * 1024 * 1024;

std::int64_t limit_of(std::size_t count_max) {
    constexpr auto kMost = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
    return static_cast<std::int64_t>(std::min(count_max, kMost));
}

#define FRISTVAKT_CASE_CONDITIONS                                                             \
    "id > ?1 AND id < ?2 AND (?3 = '' OR requirement = ?3) AND (?4 = '' OR debtor = ?4) AND " \
    "(?5 = '' OR state = ?5) AND (?6 < 0 OR final = ?6) ORDER BY id LIMIT ?7"

class SqliteSnapshot final : public workflows::Snapshot {
 public:
    explicit SqliteSnapshot(std::shared_ptr<ReaderPool> pool) : pool_(std::move(pool)) {
        try {
            connection_ = pool_->take();
            connection_->query("BEGIN").run();
            // The view begins with the first read, not with BEGIN.
            static_cast<void>(connection_->query("SELECT value FROM meta LIMIT 1").step());
        } catch (const SQLite::Exception& exception) {
            failure_ = unavailable(exception, pool_->file(), "opening it for reading");
        }
    }
    ~SqliteSnapshot() override {
        if (connection_ != nullptr && connection_->database().tryExec("ROLLBACK") == SQLite::OK) {
            pool_->give_back(std::move(connection_));
        }
    }
    SqliteSnapshot(const SqliteSnapshot&) = delete;
    SqliteSnapshot& operator=(const SqliteSnapshot&) = delete;

    Result<std::vector<Case>> cases(const CaseFilter& filter) override {
        return guarded("listing cases", [&] { return read_cases(filter); });
    }

    Result<std::optional<Case>> find_case(std::string_view id) override {
        return guarded("reading a case",
                       [&] { return integrations::find_case(*connection_, std::string(id)); });
    }

    Result<std::vector<Reminder>> reminders_of(std::string_view case_id) override {
        return guarded("reading reminders", [&] {
            return integrations::reminders_of(*connection_, std::string(case_id));
        });
    }

    Result<std::vector<HistoryEntry>> history_of(std::string_view case_id,
                                                 std::size_t count_max) override {
        return guarded("reading the log", [&] { return read_history(case_id, count_max); });
    }

    Result<std::vector<StoredMessage>> messages(const MessageFilter& filter) override {
        return guarded("listing messages", [&] {
            std::vector<StoredMessage> found;
            for (const std::int64_t number : numbers(filter)) {
                if (found.size() == filter.count_max) {
                    break;
                }
                auto message = integrations::find_message(*connection_, number);
                if (message && (!filter.state || message->state == *filter.state)) {
                    found.push_back(stored(std::move(*message), false));
                }
            }
            return found;
        });
    }

    Result<std::optional<StoredMessage>> message(std::int64_t number) override {
        return guarded("reading a message", [&]() -> std::optional<StoredMessage> {
            auto found = integrations::find_message(*connection_, number);
            if (!found) {
                return std::nullopt;
            }
            return stored(std::move(*found), true);
        });
    }

    Result<Ledger> ledger() override {
        return guarded("reading the ledger", [&] { return read_ledger(*connection_); });
    }

    Result<std::vector<Count>> counts() override {
        return guarded("counting cases", [&] {
            Query rows = connection_->query(
                "SELECT cohort, requirement, state, cases FROM case_counts "
                "ORDER BY cohort, requirement, state");
            std::vector<Count> all;
            while (rows.step()) {
                all.push_back({rows.text(0), rows.text(1), rows.text(2), rows.integer(3)});
            }
            return all;
        });
    }

    Result<Head> head() override {
        return guarded("reading the log", [&] {
            const LogHead last = read_head(*connection_);
            Query row = connection_->query("SELECT at FROM log WHERE sequence = ?");
            row.bind(last.sequence);
            return Head{last.sequence, hex_of(last.hash),
                        row.step() ? row.instant(0) : workflows::Instant{}};
        });
    }

    Result<std::optional<std::string>> configuration(std::string_view hash) override {
        return guarded("reading a configuration", [&]() -> std::optional<std::string> {
            Query row = connection_->query("SELECT content FROM configurations WHERE hash = ?");
            row.bind_copy(hash);
            if (!row.step()) {
                return std::nullopt;
            }
            auto files = inflate_text(row.bytes(0), kConfigurationBytesMax);
            if (!files) {
                throw_corrupt("the configuration " + std::string(hash) + " cannot be read");
            }
            return files;
        });
    }

    Result<Outbox> outbox() override {
        return guarded("counting messages", [&] {
            Outbox outbox;
            Query rows = connection_->query("SELECT state, messages FROM message_counts");
            while (rows.step()) {
                outbox.messages[static_cast<MessageState>(rows.integer(0))] = rows.integer(1);
            }
            Query first = connection_->query(
                "SELECT next_at FROM messages WHERE next_at IS NOT NULL AND +state = 0 "
                "ORDER BY next_at LIMIT 1");
            if (first.step()) {
                outbox.oldest_due_at = first.instant(0);
            }
            return outbox;
        });
    }

 private:
    template <typename Read>
    auto guarded(std::string_view doing, Read read) -> Result<decltype(read())> {
        if (failure_) {
            return *failure_;
        }
        try {
            return read();
        } catch (const SQLite::Exception& exception) {
            return unavailable(exception, pool_->file(), doing);
        }
    }

    static std::string hex_of(const std::string& hash) {
        Sha256 bytes{};
        if (hash.size() != bytes.size()) {
            return "";
        }
        std::copy(hash.begin(), hash.end(), bytes.begin());
        return to_hex(bytes);
    }

    /// The statement that has least to look at. Each asks the same, in the same order.
    const char* case_statement(const CaseFilter& filter) const {
        if (!filter.debtor.empty()) {
            return "SELECT " FRISTVAKT_CASE_COLUMNS
                   " FROM cases INDEXED BY cases_debtor WHERE debtor = ?4 "
                   "AND " FRISTVAKT_CASE_CONDITIONS;
        }
        if (filter.cohort.empty() && !filter.state.empty() && is_rare(filter.state)) {
            return "SELECT " FRISTVAKT_CASE_COLUMNS
                   " FROM cases INDEXED BY cases_state WHERE state = ?5 "
                   "AND " FRISTVAKT_CASE_CONDITIONS;
        }
        if (filter.cohort.empty() && filter.final == false) {
            return "SELECT " FRISTVAKT_CASE_COLUMNS
                   " FROM cases INDEXED BY cases_open WHERE final = 0 "
                   "AND " FRISTVAKT_CASE_CONDITIONS;
        }
        return "SELECT " FRISTVAKT_CASE_COLUMNS
               " FROM cases INDEXED BY sqlite_autoindex_cases_1 WHERE " FRISTVAKT_CASE_CONDITIONS;
    }

    /// Cheaper to sort all of them than to look for them among the others.
    bool is_rare(const std::string& state) const {
        constexpr std::int64_t kRareMax = 5000;
        Query row = connection_->query("SELECT sum(cases) FROM case_counts WHERE state = ?");
        row.bind(state);
        return row.step() && row.integer(0) <= kRareMax;
    }

    std::vector<Case> read_cases(const CaseFilter& filter) {
        // Ids begin with the cohort: one cohort is one stretch of the index, up to '0', which is
        // the character after the slash.
        const std::string first = filter.cohort.empty() ? "" : filter.cohort + "/";
        const std::string end = filter.cohort.empty() ? kAfterAll : filter.cohort + "0";
        const std::string after = std::max(first, filter.after_id);
        Query rows = connection_->query(case_statement(filter));
        rows.bind(after).bind(end).bind(filter.requirement).bind(filter.debtor).bind(filter.state);
        rows.bind(filter.final ? static_cast<int>(*filter.final) : -1);
        rows.bind(limit_of(filter.count_max));
        std::vector<Case> found;
        while (rows.step()) {
            found.push_back(case_in(rows));
        }
        return found;
    }

    std::vector<HistoryEntry> read_history(std::string_view case_id, std::size_t count_max) {
        Query rows = connection_->query(
            "SELECT sequence, at, kind, case_id, payload, aside, hash FROM log "
            "WHERE case_id = ? ORDER BY sequence DESC LIMIT ?");
        rows.bind_copy(case_id).bind(limit_of(count_max));
        std::vector<HistoryEntry> entries;
        while (rows.step()) {
            const LogColumns columns{rows.integer(0), rows.instant(1), rows.text(2), rows.text(3)};
            auto payload = decode_payload(rows.bytes(4), columns, nullptr);
            if (!payload.ok()) {
                throw_corrupt("entry " + std::to_string(columns.sequence) +
                              " of the log: " + payload.error().message);
            }
            HistoryEntry entry{.sequence = columns.sequence,
                               .entry = std::move(payload).value().entry,
                               .hash = hex_of(rows.text(6))};
            if (!rows.is_null(5)) {
                auto aside = decode_aside(rows.bytes(5));
                if (!aside.ok()) {
                    throw_corrupt("entry " + std::to_string(columns.sequence) +
                                  " of the log, aside: " + aside.error().message);
                }
                entry.entry.aside = std::move(aside).value();
            }
            entries.push_back(std::move(entry));
        }
        std::reverse(entries.begin(), entries.end());
        return entries;
    }

    /// Newest first; those of a case include all states.
    std::vector<std::int64_t> numbers(const MessageFilter& filter) {
        const std::int64_t before = filter.before_number == 0
                                        ? std::numeric_limits<std::int64_t>::max()
                                        : filter.before_number;
        const std::int64_t limit = limit_of(filter.count_max);
        if (!filter.case_id.empty()) {
            Query rows = connection_->query(
                "SELECT message FROM reminders WHERE case_id = ?1 AND message < ?2 "
                "UNION SELECT message FROM told WHERE case_id = ?1 AND message < ?2 "
                "ORDER BY 1 DESC");
            return column_of(rows.bind(filter.case_id).bind(before));
        }
        if (filter.state) {
            Query rows = connection_->query(
                "SELECT number FROM messages INDEXED BY messages_state "
                "WHERE state = ? AND number < ? ORDER BY number DESC LIMIT ?");
            return column_of(rows.bind(static_cast<int>(*filter.state)).bind(before).bind(limit));
        }
        Query rows = connection_->query(
            "SELECT number FROM messages WHERE number < ? ORDER BY number DESC LIMIT ?");
        return column_of(rows.bind(before).bind(limit));
    }

    static std::vector<std::int64_t> column_of(Query& rows) {
        std::vector<std::int64_t> values;
        while (rows.step()) {
            values.push_back(rows.integer(0));
        }
        return values;
    }

    Person person(const std::string& id) {
        Query row = connection_->query("SELECT address, name FROM persons WHERE id = ?");
        row.bind(id);
        if (!row.step()) {
            return {.id = id, .address = {}, .name = {}};
        }
        return {.id = id, .address = row.text(0), .name = row.text(1)};
    }

    StoredMessage stored(Message message, bool with_bytes) {
        StoredMessage stored;
        stored.to = person(message.person);
        for (const std::string& copy : message.copies) {
            stored.copies.push_back(person(copy));
        }
        stored.reminders = reminders_in(*connection_, message.number);
        Query row = connection_->query("SELECT content FROM bodies WHERE message = ?");
        row.bind(message.number);
        if (row.step()) {
            auto body = unpack_body(row.bytes(0));
            if (!body) {
                throw_corrupt("the body of message " + std::to_string(message.number) +
                              " cannot be read");
            }
            stored.rendered = std::move(body->rendered);
            if (with_bytes) {
                stored.bytes = std::move(body->bytes);
            }
        }
        stored.message = std::move(message);
        return stored;
    }

    std::shared_ptr<ReaderPool> pool_;
    std::unique_ptr<Connection> connection_;
    std::optional<Error> failure_;
};

}  // namespace

std::unique_ptr<Connection> ReaderPool::take() {
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            std::unique_ptr<Connection> connection = std::move(idle_.back());
            idle_.pop_back();
            return connection;
        }
    }
    return std::make_unique<Connection>(file_, Access::Reader);
}

void ReaderPool::give_back(std::unique_ptr<Connection> connection) {
    constexpr std::size_t kIdleMax = 8;
    const std::lock_guard lock(mutex_);
    if (idle_.size() < kIdleMax) {
        idle_.push_back(std::move(connection));
    }
}

std::unique_ptr<workflows::Snapshot> take_snapshot(std::shared_ptr<ReaderPool> pool) {
    return std::make_unique<SqliteSnapshot>(std::move(pool));
}

}  // namespace fristvakt::integrations
