#include "integrations/sqlite/sqlite_store.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include <sqlite3.h>

#include "integrations/sqlite/body.hpp"
#include "integrations/sqlite/checkpointer.hpp"
#include "integrations/sqlite/codec.hpp"
#include "integrations/sqlite/connection.hpp"
#include "integrations/sqlite/deflate.hpp"
#include "integrations/sqlite/files.hpp"
#include "integrations/sqlite/log_writer.hpp"
#include "integrations/sqlite/projections.hpp"
#include "integrations/sqlite/schema.hpp"
#include "integrations/sqlite/sqlite_snapshot.hpp"

namespace fristvakt::integrations {

using workflows::Account;
using workflows::Agenda;
using workflows::Batch;
using workflows::CommitOutcome;
using workflows::Epoch;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::Keys;
using workflows::Ledger;
using workflows::Loaded;
using workflows::Message;
using workflows::MessageState;
using workflows::Person;
using workflows::Reminder;
using workflows::Result;
using workflows::Slot;

namespace {

std::int64_t limit_of(std::size_t count_max) {
    constexpr auto kMost = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
    return static_cast<std::int64_t>(std::min(count_max, kMost));
}

/// Collects what `Keys` asks for.
class Loader {
 public:
    explicit Loader(Connection& connection) : connection_(connection) {}

    Loaded run(const Keys& keys) {
        for (const std::string& id : keys.cases) {
            add_with_children(id);
        }
        for (const std::int64_t number : keys.messages) {
            add_with_cases(number);
        }
        for (const std::string& id : keys.persons) {
            add_slots(id, keys.slots_from);
            add_waiting(id);
        }
        for (const std::string& key : keys.idempotency) {
            add_answer(key);
        }
        tidy();
        return std::move(loaded_);
    }

 private:
    void add_with_children(const std::string& id) {
        if (!add_whole(id)) {
            return;
        }
        std::vector<std::string> children;
        {
            Query rows = connection_.query(
                "SELECT id FROM cases INDEXED BY cases_open_children WHERE parent IS NOT NULL AND "
                "final = 0 AND parent = ?");
            rows.bind(id);
            while (rows.step()) {
                children.push_back(rows.text(0));
            }
        }
        for (const std::string& child : children) {
            static_cast<void>(add_whole(child));
        }
    }

    /// Once, with its reminders. False: there is no such case.
    bool add_whole(const std::string& id) {
        if (loaded_.cases.contains(id)) {
            return true;
        }
        auto found = find_case(connection_, id);
        if (found) {
            const bool has_invitations = found->invited_count > 0;
            loaded_.cases.emplace(id, std::move(*found));
            add_reminders(id);
            if (has_invitations) {
                auto invitations = invitations_of(connection_, id);
                std::move(invitations.begin(), invitations.end(),
                          std::back_inserter(loaded_.invitations));
            }
            return true;
        }
        return false;
    }

    void add_reminders(const std::string& case_id) {
        for (Reminder& reminder : reminders_of(connection_, case_id)) {
            if (reminder.message != 0 && reminder.account == Account::Waiting) {
                add_message(reminder.message);
            }
            loaded_.reminders.push_back(std::move(reminder));
        }
    }

    /// Null: there is no such message.
    const Message* add_message(std::int64_t number) {
        const auto known = loaded_.messages.find(number);
        if (known != loaded_.messages.end()) {
            return &known->second;
        }
        auto found = find_message(connection_, number);
        if (!found) {
            return nullptr;
        }
        add_people_of(*found);
        return &loaded_.messages.emplace(number, std::move(*found)).first->second;
    }

    void add_with_cases(std::int64_t number) {
        const Message* message = add_message(number);
        if (message == nullptr) {
            return;
        }
        std::vector<std::string> about;
        {
            Query rows =
                connection_.query("SELECT DISTINCT case_id FROM reminders WHERE message = ?");
            rows.bind(number);
            while (rows.step()) {
                about.push_back(rows.text(0));
            }
        }
        for (const Message::Told& told : message->told) {
            about.push_back(told.case_id);
        }
        for (const std::string& id : about) {
            add_with_children(id);
        }
    }

    void add_slots(const std::string& id, Instant from) {
        add_person(id);
        std::vector<std::int64_t> numbers;
        {
            Query rows = connection_.query(
                "SELECT number FROM messages INDEXED BY messages_slot WHERE kind = 0 "
                "AND state <> 4 AND state <> 5 AND person = ? AND slot_at >= ?");
            rows.bind(id).bind(from);
            while (rows.step()) {
                numbers.push_back(rows.integer(0));
            }
        }
        for (const std::int64_t number : numbers) {
            const auto message = find_message(connection_, number);
            loaded_.slots.push_back({id, message->channel, message->slot_at, number});
        }
    }

    void add_waiting(const std::string& id) {
        std::vector<std::int64_t> numbers;
        {
            Query rows = connection_.query(
                "SELECT number FROM messages INDEXED BY messages_waiting WHERE kind = 0 "
                "AND state = 0 AND person = ?");
            rows.bind(id);
            while (rows.step()) {
                numbers.push_back(rows.integer(0));
            }
        }
        for (const std::int64_t number : numbers) {
            auto message = find_message(connection_, number);
            add_people_of(*message);
            loaded_.waiting.push_back(std::move(*message));
        }
    }

    void add_people_of(const Message& message) {
        add_person(message.person);
        for (const std::string& copy : message.copies) {
            add_person(copy);
        }
    }

    void add_person(const std::string& id) {
        if (loaded_.persons.contains(id)) {
            return;
        }
        Query row = connection_.query("SELECT address, name FROM persons WHERE id = ?");
        row.bind(id);
        if (row.step()) {
            loaded_.persons.emplace(id,
                                    Person{.id = id, .address = row.text(0), .name = row.text(1)});
        }
    }

    void add_answer(const std::string& key) {
        Query row = connection_.query(
            "SELECT fingerprint, response, expires_at FROM idempotency WHERE key = ?");
        row.bind(key);
        if (row.step()) {
            loaded_.answers.emplace(
                key, Batch::Idempotency{key, row.text(0), row.text(1), row.instant(2)});
        }
    }

    void tidy() {
        std::vector<Reminder>& reminders = loaded_.reminders;
        std::sort(reminders.begin(), reminders.end(),
                  [](const Reminder& left, const Reminder& right) {
                      return std::tie(left.case_id, left.version, left.step, left.person,
                                      left.occurrence) < std::tie(right.case_id, right.version,
                                                                  right.step, right.person,
                                                                  right.occurrence);
                  });
        reminders.erase(std::unique(reminders.begin(), reminders.end(),
                                    [](const Reminder& left, const Reminder& right) {
                                        return left.same_key(right);
                                    }),
                        reminders.end());
        std::sort(loaded_.invitations.begin(), loaded_.invitations.end(),
                  [](const workflows::Invitation& left, const workflows::Invitation& right) {
                      return std::tie(left.case_id, left.person) <
                             std::tie(right.case_id, right.person);
                  });
        std::vector<Slot>& slots = loaded_.slots;
        std::sort(slots.begin(), slots.end(), [](const Slot& left, const Slot& right) {
            return std::tie(left.person, left.at, left.channel, left.message) <
                   std::tie(right.person, right.at, right.channel, right.message);
        });
        slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
        std::vector<Message>& waiting = loaded_.waiting;
        std::sort(waiting.begin(), waiting.end(), [](const Message& left, const Message& right) {
            return left.number < right.number;
        });
        waiting.erase(std::unique(waiting.begin(), waiting.end(),
                                  [](const Message& left, const Message& right) {
                                      return left.number == right.number;
                                  }),
                      waiting.end());
    }

    Connection& connection_;
    Loaded loaded_;
};

void write_beside(Connection& connection, const Batch& batch) {
    for (const Person& person : batch.persons) {
        connection.query("INSERT OR REPLACE INTO persons(id, address, name) VALUES(?, ?, ?)")
            .bind(person.id)
            .bind(person.address)
            .bind(person.name)
            .run();
    }
    for (const Batch::Body& body : batch.bodies) {
        const std::string content = pack_body(body);
        connection.query("INSERT OR REPLACE INTO bodies(message, content) VALUES(?, ?)")
            .bind(body.message)
            .bind_blob(content)
            .run();
    }
    for (const auto& [hash, files] : batch.configurations) {
        const std::string content = deflate_text(files);
        connection.query("INSERT OR REPLACE INTO configurations(hash, content) VALUES(?, ?)")
            .bind(hash)
            .bind_blob(content)
            .run();
    }
    if (!batch.answers.empty() && !batch.entries.empty()) {
        connection.query("DELETE FROM idempotency WHERE expires_at <= ?")
            .bind(batch.entries.back().at)
            .run();
    }
    for (const Batch::Idempotency& answer : batch.answers) {
        connection
            .query(
                "INSERT OR REPLACE INTO idempotency(key, fingerprint, response, expires_at) "
                "VALUES(?, ?, ?, ?)")
            .bind(answer.key)
            .bind(answer.fingerprint)
            .bind(answer.response)
            .bind(answer.expires_at)
            .run();
    }
}

std::int64_t read_epoch(Connection& connection) {
    Query row = connection.query("SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'epoch'");
    return row.step() ? row.integer(0) : 0;
}

}  // namespace

struct SqliteStore::State {
    std::filesystem::path file;
    Connection connection;
    LogWriter log{connection};
    std::shared_ptr<ReaderPool> readers;
    Checkpointer checkpointer;
    int wal_pages{0};  ///< After the last commit.

    State(const std::filesystem::path& path, std::chrono::milliseconds busy_timeout)
        : file(path),
          connection(path, Access::Writer, busy_timeout),
          readers(std::make_shared<ReaderPool>(path)),
          checkpointer(path) {
        // In the place of SQLite's own checkpoints, for which a commit would wait.
        sqlite3_wal_hook(
            connection.database().getHandle(),
            [](void* state, sqlite3*, const char*, int pages) {
                static_cast<State*>(state)->wal_pages = pages;
                return SQLITE_OK;
            },
            this);
    }

    void keep_wal_short() {
        if (checkpointer.committed(wal_pages)) {
            static_cast<void>(connection.database().tryExec("PRAGMA wal_checkpoint(PASSIVE)"));
        }
    }

    template <typename Act>
    auto guarded(std::string_view doing, Act act) -> Result<decltype(act())> {
        try {
            return act();
        } catch (const SQLite::Exception& exception) {
            return unavailable(exception, file, doing);
        }
    }
};

SqliteStore::SqliteStore(std::unique_ptr<State> state) : state_(std::move(state)) {}

SqliteStore::~SqliteStore() = default;

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::filesystem::path& file,
                                                       OpenOptions options) {
    std::error_code ignored;
    if (!options.create && !std::filesystem::exists(file, ignored)) {
        return Error{ErrorKind::NotFound,
                     file.string() +
                         ": there is no such database; give another --state folder, or "
                         "start the daemon once to make one"};
    }
    if (std::filesystem::exists(file, ignored)) {
        make_private(file);
    } else {
        // Made before SQLite makes it by the umask. Where it cannot be, SQLite says why.
        static_cast<void>(create_private(file));
    }
    try {
        auto state = std::make_unique<State>(file, options.busy_timeout);
        if (options.pages_max > 0) {
            state->connection.execute("PRAGMA max_page_count=" + std::to_string(options.pages_max));
        }
        const auto migrated = migrate(state->connection, file, migrations());
        if (!migrated.ok()) {
            return migrated.error();
        }
        return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(state)));
    } catch (const SQLite::Exception& exception) {
        return unavailable(exception, file, "opening it");
    }
}

Result<Epoch> SqliteStore::lead() {
    return state_->guarded("taking the leadership", [&] {
        WriteTransaction transaction(state_->connection);
        state_->connection
            .query("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE name = 'epoch'")
            .run();
        const Epoch epoch = read_epoch(state_->connection);
        transaction.commit();
        return epoch;
    });
}

Result<Ledger> SqliteStore::ledger() {
    return state_->guarded("reading the ledger", [&] { return read_ledger(state_->connection); });
}

Result<Agenda> SqliteStore::due(Instant now, std::size_t count_max) {
    return state_->guarded("reading the agenda", [&] {
        const ReadTransaction transaction(state_->connection);
        Connection& connection = state_->connection;
        Agenda agenda;
        {
            Query rows = connection.query(
                "SELECT id FROM cases INDEXED BY cases_agenda "
                "WHERE next_at IS NOT NULL AND next_at <= ? "
                "ORDER BY next_at, id LIMIT ?");
            rows.bind(now).bind(limit_of(count_max));
            while (rows.step()) {
                agenda.cases.push_back(rows.text(0));
            }
        }
        {
            Query rows = connection.query(
                "SELECT number FROM messages INDEXED BY messages_agenda "
                "WHERE next_at IS NOT NULL AND next_at <= ? "
                "ORDER BY next_at, number LIMIT ?");
            rows.bind(now).bind(limit_of(count_max));
            while (rows.step()) {
                agenda.messages.push_back(rows.integer(0));
            }
        }
        Query first = connection.query(
            "SELECT min(next_at) FROM ("
            "SELECT * FROM (SELECT next_at FROM cases INDEXED BY cases_agenda WHERE next_at IS NOT "
            "NULL "
            "ORDER BY next_at LIMIT 1) UNION ALL "
            "SELECT * FROM (SELECT next_at FROM messages INDEXED BY messages_agenda WHERE next_at "
            "IS NOT NULL "
            "ORDER BY next_at LIMIT 1))");
        if (first.step()) {
            agenda.next_at = first.optional_instant(0);
        }
        return agenda;
    });
}

Result<Loaded> SqliteStore::load(const Keys& keys) {
    return state_->guarded("loading", [&] {
        // One read transaction: each statement of its own would take and give back a lock.
        const ReadTransaction transaction(state_->connection);
        return Loader(state_->connection).run(keys);
    });
}

Result<std::vector<std::string>> SqliteStore::open_cases(std::string_view after,
                                                         std::size_t count_max) {
    return state_->guarded("listing open cases", [&] {
        Query rows = state_->connection.query(
            "SELECT id FROM cases INDEXED BY cases_open WHERE final = 0 AND id > ? "
            "ORDER BY id LIMIT ?");
        rows.bind_copy(after).bind(limit_of(count_max));
        std::vector<std::string> ids;
        while (rows.step()) {
            ids.push_back(rows.text(0));
        }
        return ids;
    });
}

Result<std::vector<std::int64_t>> SqliteStore::messages_in(MessageState state) {
    return state_->guarded("listing messages", [&] {
        Query rows = state_->connection.query(
            "SELECT number FROM messages INDEXED BY messages_state WHERE state = ? "
            "ORDER BY number");
        rows.bind(static_cast<int>(state));
        std::vector<std::int64_t> numbers;
        while (rows.step()) {
            numbers.push_back(rows.integer(0));
        }
        return numbers;
    });
}

Result<CommitOutcome> SqliteStore::commit(const Batch& batch) {
    return state_->guarded("committing", [&] {
        WriteTransaction transaction(state_->connection);
        if (read_epoch(state_->connection) != batch.epoch) {
            return CommitOutcome::Lost;
        }
        if (!batch.entries.empty()) {
            state_->log.append(batch.entries);
        }
        write_beside(state_->connection, batch);
        transaction.commit();
        state_->keep_wal_short();
        return CommitOutcome::Ok;
    });
}

std::unique_ptr<workflows::Snapshot> SqliteStore::snapshot() {
    return take_snapshot(state_->readers);
}

}  // namespace fristvakt::integrations
