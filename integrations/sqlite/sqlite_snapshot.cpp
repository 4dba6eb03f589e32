#include "integrations/sqlite/sqlite_snapshot.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include "integrations/sqlite/body.hpp"
#include "integrations/sqlite/codec.hpp"
#include "integrations/sqlite/deflate.hpp"
#include "integrations/sqlite/projections.hpp"
#include "integrations/sqlite/sha256.hpp"

namespace fristvakt::integrations {

using workflows::Books;
using workflows::Case;
using workflows::CaseFilter;
using workflows::DueFilter;
using workflows::Error;
using workflows::HistoryEntry;
using workflows::Instant;
using workflows::Ledger;
using workflows::LogFilter;
using workflows::LogPage;
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
/// In one answer: what a large cohort has.
constexpr std::size_t kCasesExpected = 8192;

std::int64_t limit_of(std::size_t count_max) {
    constexpr auto kMost = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
    return static_cast<std::int64_t>(std::min(count_max, kMost));
}

#define FRISTVAKT_CASE_CONDITIONS                                                             \
    "id > ?1 AND id < ?2 AND (?3 = '' OR requirement = ?3) AND (?4 = '' OR debtor = ?4) AND " \
    "(?5 = '' OR state = ?5) AND (?6 < 0 OR final = ?6) ORDER BY id LIMIT ?7"

#define FRISTVAKT_DUE_CONDITIONS                                                             \
    "state = ?1 AND id > ?2 AND id < ?3 AND (?4 = '' OR requirement = ?4) AND due_at >= ?5 " \
    "AND due_at < ?6 AND (due_at > ?9 OR id > ?7) ORDER BY due_at, id LIMIT ?8"

#define FRISTVAKT_LOG_COLUMNS "sequence, at, kind, case_id, payload, aside, hash"

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

/// Ids begin with the cohort: one cohort is one stretch of the index, up to '0', which is the
/// character after the slash.
std::pair<std::string, std::string> stretch_of(const std::string& cohort) {
    return cohort.empty() ? std::pair<std::string, std::string>{"", kAfterAll}
                          : std::pair{cohort + "/", cohort + "0"};
}

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

    Result<std::vector<workflows::StoredInvitation>> invitations_of(
        std::string_view case_id) override {
        return guarded("reading invitations", [&] {
            std::vector<workflows::StoredInvitation> found;
            for (auto& invitation :
                 integrations::invitations_of(*connection_, std::string(case_id))) {
                Person of = person(invitation.person);
                found.push_back({std::move(invitation), std::move(of)});
            }
            return found;
        });
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

    Result<std::vector<Case>> due_cases(const DueFilter& filter) override {
        return guarded("listing deadlines", [&] {
            std::vector<Case> found;
            for (const std::string& state : filter.states) {
                read_due(filter, state, found);
            }
            const auto key = [&](const Case& item) {
                return std::tuple{filter.without_deadline ? Instant{} : item.due->ends_at,
                                  std::string_view{item.id}};
            };
            std::ranges::sort(found, {}, key);
            found.resize(std::min(found.size(), filter.count_max));
            return found;
        });
    }

    Result<std::int64_t> count_due(const DueFilter& filter) override {
        return guarded("counting deadlines", [&] {
            std::int64_t count{0};
            for (const std::string& state : filter.states) {
                count += number_due(filter, state);
            }
            return std::min(count, limit_of(filter.count_max));
        });
    }

    Result<std::vector<Case>> next_cases(Instant until, std::size_t count_max) override {
        return guarded("reading the agenda", [&] {
            Query rows =
                connection_->query("SELECT " FRISTVAKT_CASE_COLUMNS
                                   " FROM cases INDEXED BY cases_agenda WHERE next_at <= ? "
                                   "ORDER BY next_at, id LIMIT ?");
            rows.bind(until).bind(limit_of(count_max));
            std::vector<Case> found;
            while (rows.step()) {
                found.push_back(case_in(rows));
            }
            return found;
        });
    }

    Result<LogPage> log(const LogFilter& filter) override {
        return guarded("reading the log", [&] { return read_log(filter); });
    }

    Result<std::map<std::string, std::int64_t>> sent_counts(std::string_view cohort) override {
        return guarded("counting reminders", [&] {
            const std::string first = std::string(cohort) + "/";
            const std::string end = std::string(cohort) + "0";
            Query rows = connection_->query(
                "SELECT r.case_id, count(DISTINCT r.version || ' ' || r.step) FROM reminders r "
                "JOIN cases c ON c.id = r.case_id WHERE r.case_id > ? AND r.case_id < ? AND "
                "r.account = 1 AND r.data ->> '$.o' = c.debtor GROUP BY r.case_id");
            rows.bind(first).bind(end);
            std::map<std::string, std::int64_t> counts;
            while (rows.step()) {
                counts.emplace(rows.text(0), rows.integer(1));
            }
            return counts;
        });
    }

    Result<std::int64_t> size_bytes() override {
        return guarded("measuring the file", [&] {
            return connection_->integer("PRAGMA page_count") *
                   connection_->integer("PRAGMA page_size");
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
            for (const MessageState state :
                 {MessageState::Waiting, MessageState::Sending, MessageState::Uncertain}) {
                const auto oldest = oldest_slot(state);
                if (oldest && (!outbox.oldest_queued_at || *oldest < *outbox.oldest_queued_at)) {
                    outbox.oldest_queued_at = oldest;
                }
            }
            outbox.oldest_held_at = oldest_slot(MessageState::Held);
            return outbox;
        });
    }

    Result<Books> recount() override {
        return guarded("counting all reminders", [&] { return count_books(*connection_); });
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
    [[nodiscard]] const char* case_statement(const CaseFilter& filter) const {
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
    [[nodiscard]] bool is_rare(const std::string& state) const {
        constexpr std::int64_t kRareMax = 5000;
        Query row = connection_->query("SELECT sum(cases) FROM case_counts WHERE state = ?");
        row.bind(state);
        return row.step() && row.integer(0) <= kRareMax;
    }

    std::vector<Case> read_cases(const CaseFilter& filter) {
        const auto [first, end] = stretch_of(filter.cohort);
        const std::string after = std::max(first, filter.after_id);
        Query rows = connection_->query(case_statement(filter));
        rows.bind(after).bind(end).bind(filter.requirement).bind(filter.debtor).bind(filter.state);
        rows.bind(filter.final ? static_cast<int>(*filter.final) : -1);
        rows.bind(limit_of(filter.count_max));
        std::vector<Case> found;
        // Cases are large to move; room that is not used costs nothing.
        found.reserve(std::min(filter.count_max, kCasesExpected));
        while (rows.step()) {
            found.push_back(case_in(rows));
        }
        return found;
    }

    /// One stretch of the index for each state: by deadline already, so that the limit counts.
    void read_due(const DueFilter& filter, const std::string& state, std::vector<Case>& found) {
        const auto [first, end] = stretch_of(filter.cohort);
        Query rows = connection_->query(
            filter.without_deadline
                ? "SELECT " FRISTVAKT_CASE_COLUMNS
                  " FROM cases INDEXED BY cases_state WHERE state = ?1 AND due_at IS NULL AND "  //
                  "id > max(?2, ?7) AND id < ?3 AND (?4 = '' OR requirement = ?4) "
                  "ORDER BY id LIMIT ?8"
            : filter.cohort.empty()
                ? "SELECT " FRISTVAKT_CASE_COLUMNS
                  " FROM cases INDEXED BY cases_state WHERE " FRISTVAKT_DUE_CONDITIONS
                : "SELECT " FRISTVAKT_CASE_COLUMNS
                  " FROM cases INDEXED BY sqlite_autoindex_cases_1 "
                  "WHERE " FRISTVAKT_DUE_CONDITIONS);
        rows.bind(state).bind(first).bind(end).bind(filter.requirement);
        rows.bind(first_deadline(filter)).bind(last_deadline(filter)).bind(filter.after_id);
        rows.bind(limit_of(filter.count_max));
        if (!filter.without_deadline) {
            rows.bind(filter.after_at ? filter.after_at->time_since_epoch().count() : kLeast);
        }
        while (rows.step()) {
            found.push_back(case_in(rows));
        }
    }

    std::int64_t number_due(const DueFilter& filter, const std::string& state) {
        const auto [first, end] = stretch_of(filter.cohort);
        Query row = connection_->query(
            filter.without_deadline
                ? "SELECT count(*) FROM (SELECT 1 FROM cases INDEXED BY cases_state WHERE "
                  "state = ?1 AND due_at IS NULL AND id > ?2 AND id < ?3 AND "
                  "(?4 = '' OR requirement = ?4) LIMIT ?7)"
            : filter.cohort.empty()
                ? "SELECT count(*) FROM (SELECT 1 FROM cases INDEXED BY cases_state WHERE "
                  "state = ?1 AND due_at >= ?5 AND due_at < ?6 AND (?4 = '' OR requirement = ?4) "
                  "LIMIT ?7)"
                : "SELECT count(*) FROM (SELECT 1 FROM cases INDEXED BY sqlite_autoindex_cases_1 "
                  "WHERE id > ?2 AND id < ?3 AND state = ?1 AND due_at >= ?5 AND due_at < ?6 AND "
                  "(?4 = '' OR requirement = ?4) LIMIT ?7)");
        row.bind(state).bind(first).bind(end).bind(filter.requirement);
        row.bind(filter.from ? filter.from->time_since_epoch().count() : kLeast);
        row.bind(last_deadline(filter)).bind(limit_of(filter.count_max));
        return row.step() ? row.integer(0) : 0;
    }

    static std::int64_t first_deadline(const DueFilter& filter) {
        const auto from = filter.from ? filter.from->time_since_epoch().count() : kLeast;
        return filter.after_at ? std::max(from, filter.after_at->time_since_epoch().count()) : from;
    }
    static std::int64_t last_deadline(const DueFilter& filter) {
        return filter.until ? filter.until->time_since_epoch().count()
                            : std::numeric_limits<std::int64_t>::max();
    }

    static HistoryEntry entry_in(const Query& rows) {
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
        return entry;
    }

    std::vector<HistoryEntry> read_history(std::string_view case_id, std::size_t count_max) {
        Query rows = connection_->query("SELECT " FRISTVAKT_LOG_COLUMNS
                                        " FROM log WHERE case_id = ? ORDER BY sequence DESC "
                                        "LIMIT ?");
        rows.bind_copy(case_id).bind(limit_of(count_max));
        std::vector<HistoryEntry> entries;
        while (rows.step()) {
            entries.push_back(entry_in(rows));
        }
        std::reverse(entries.begin(), entries.end());
        return entries;
    }

    LogPage read_log(const LogFilter& filter) {
        std::int64_t before = filter.before_sequence > 0 ? filter.before_sequence
                                                         : std::numeric_limits<std::int64_t>::max();
        if (filter.until) {
            before = std::min(before, first_entry_at(*filter.until));
        }
        if (filter.case_ids.empty() && filter.cohort.empty()) {
            return scan_log(filter, before);
        }
        std::vector<std::int64_t> sequences;
        const auto gather = [&](const std::string& first, const std::string& end) {
            Query rows = connection_->query(
                "SELECT sequence, kind FROM log INDEXED BY log_case WHERE case_id >= ? AND "
                "case_id < ? AND sequence < ?");
            rows.bind(first).bind(end).bind(before);
            while (rows.step()) {
                if (is_wanted(rows.text(1), filter)) {
                    sequences.push_back(rows.integer(0));
                }
            }
        };
        if (filter.case_ids.empty()) {
            gather(filter.cohort + "/", filter.cohort + "0");
        }
        for (const std::string& id : filter.case_ids) {
            gather(id, id + '\x01');
        }
        std::ranges::sort(sequences, std::greater{});
        LogPage page;
        for (const std::int64_t sequence : sequences) {
            if (page.entries.size() == filter.count_max) {
                page.next_before = page.entries.back().sequence;
                break;
            }
            Query row =
                connection_->query("SELECT " FRISTVAKT_LOG_COLUMNS " FROM log WHERE sequence = ?");
            row.bind(sequence);
            if (row.step()) {
                page.entries.push_back(entry_in(row));
            }
        }
        return page;
    }

    LogPage scan_log(const LogFilter& filter, std::int64_t before) {
        Query rows = connection_->query("SELECT " FRISTVAKT_LOG_COLUMNS
                                        " FROM log WHERE sequence < ? ORDER BY sequence DESC "
                                        "LIMIT ?");
        rows.bind(before).bind(limit_of(filter.scan_max));
        LogPage page;
        std::int64_t last{0};
        while (page.entries.size() < filter.count_max && rows.step()) {
            last = rows.integer(0);
            if (is_wanted(rows.text(2), filter)) {
                page.entries.push_back(entry_in(rows));
            }
        }
        page.next_before = last > 1 ? last : 0;
        return page;
    }

    static bool is_wanted(const std::string& kind, const LogFilter& filter) {
        return filter.kinds.empty() || std::ranges::find(filter.kinds, kind) != filter.kinds.end();
    }

    /// The log is by time: halve it until the place is found.
    std::int64_t first_entry_at(Instant time) {
        std::int64_t low{1};
        std::int64_t high = read_head(*connection_).sequence + 1;
        while (low < high) {
            const std::int64_t middle = low + (high - low) / 2;
            Query row = connection_->query("SELECT at FROM log WHERE sequence = ?");
            row.bind(middle);
            if (row.step() && row.instant(0) < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
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

    std::optional<Instant> oldest_slot(MessageState state) {
        Query row = connection_->query(
            "SELECT min(slot_at) FROM messages INDEXED BY messages_state WHERE state = ?");
        row.bind(static_cast<int>(state));
        return row.step() ? row.optional_instant(0) : std::nullopt;
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
