#include "integrations/sqlite/schema.hpp"

#include <array>
#include <vector>

#include "integrations/sqlite/maintenance.hpp"
#include "integrations/sqlite/projections.hpp"
#include "workflows/assert.hpp"

namespace fristvakt::integrations {

using workflows::Done;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Status;

namespace {

// Facts. `log` is the truth and chained; what identifies a person stands outside it.
constexpr const char* kFacts = R"sql(
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES('epoch', '0');
CREATE TABLE log(
    sequence INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    case_id TEXT,
    payload TEXT NOT NULL,
    aside TEXT,
    hash BLOB NOT NULL) STRICT;
CREATE INDEX log_case ON log(case_id) WHERE case_id IS NOT NULL;
CREATE TABLE persons(
    id TEXT PRIMARY KEY, address TEXT NOT NULL, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE bodies(message INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT;
CREATE TABLE configurations(hash TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT;
CREATE TABLE idempotency(
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, response TEXT NOT NULL,
    expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_expiry ON idempotency(expires_at);
)sql";

// What an event said in free words, until and after it is told: beside the log, erasable.
constexpr const char* kToldTexts = R"sql(
CREATE TABLE IF NOT EXISTS told_texts(
    message INTEGER NOT NULL, case_id TEXT NOT NULL, revision INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY(message, case_id, revision)) STRICT, WITHOUT ROWID;
)sql";

// Projections: folded from the log, made anew by `rebuild`. `next_at` is the agenda.
constexpr const char* kProjections = R"sql(
CREATE TABLE cases(
    id TEXT NOT NULL UNIQUE,
    requirement TEXT NOT NULL,
    debtor TEXT NOT NULL,
    parent TEXT,
    state TEXT NOT NULL,
    final INTEGER NOT NULL,
    next_at INTEGER,
    due_at INTEGER,
    data TEXT NOT NULL) STRICT;
CREATE INDEX cases_agenda ON cases(next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX cases_open ON cases(id) WHERE final = 0;
CREATE INDEX cases_open_children ON cases(parent) WHERE parent IS NOT NULL AND final = 0;
CREATE INDEX cases_debtor ON cases(debtor);
CREATE INDEX cases_state ON cases(state, due_at);
CREATE TABLE reminders(
    case_id TEXT NOT NULL,
    version TEXT NOT NULL,
    step TEXT NOT NULL,
    person TEXT NOT NULL,
    occurrence INTEGER NOT NULL,
    account INTEGER NOT NULL,
    message INTEGER,
    data TEXT NOT NULL,
    PRIMARY KEY(case_id, version, step, person, occurrence)) STRICT, WITHOUT ROWID;
CREATE INDEX reminders_message ON reminders(message) WHERE message IS NOT NULL;
CREATE TABLE messages(
    number INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    person TEXT NOT NULL,
    slot_at INTEGER NOT NULL,
    state INTEGER NOT NULL,
    next_at INTEGER,
    data TEXT NOT NULL) STRICT;
CREATE INDEX messages_agenda ON messages(next_at) WHERE next_at IS NOT NULL;
CREATE INDEX messages_state ON messages(state);
CREATE INDEX messages_slot ON messages(person, slot_at)
    WHERE kind = 0 AND state <> 4 AND state <> 5;
CREATE INDEX messages_waiting ON messages(person) WHERE kind = 0 AND state = 0;
CREATE TABLE told(
    case_id TEXT NOT NULL, message INTEGER NOT NULL,
    PRIMARY KEY(case_id, message)) STRICT, WITHOUT ROWID;
CREATE TABLE invitations(
    case_id TEXT NOT NULL, person TEXT NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY(case_id, person)) STRICT, WITHOUT ROWID;
CREATE TABLE case_counts(
    cohort TEXT NOT NULL, requirement TEXT NOT NULL, state TEXT NOT NULL, cases INTEGER NOT NULL,
    PRIMARY KEY(cohort, requirement, state)) STRICT, WITHOUT ROWID;
CREATE TABLE message_counts(
    state INTEGER PRIMARY KEY, messages INTEGER NOT NULL) STRICT;
CREATE TABLE ledger(one INTEGER PRIMARY KEY CHECK(one = 1), data TEXT NOT NULL) STRICT;
)sql";

constexpr std::array<ProjectionTable, 8> kTables{{
    {"cases", "id", 1},
    {"reminders", "case_id, version, step, person, occurrence", 5},
    {"messages", "number", 1},
    {"told", "case_id, message", 2},
    {"invitations", "case_id, person", 2},
    {"case_counts", "cohort, requirement, state", 3},
    {"message_counts", "state", 1},
    {"ledger", "one", 1},
}};

/// No version and yet tables: something else's file.
bool is_foreign(Connection& connection) {
    return connection.integer("PRAGMA user_version") == 0 &&
           connection.integer("SELECT count(*) FROM sqlite_schema") > 0;
}

void apply(Connection& connection, const Migration& step) {
    connection.forget_statements();
    WriteTransaction transaction(connection);
    connection.execute(step.sql);
    if (step.refold) {
        drop_projections(connection);
        create_projections(connection);
        refold(connection, connection);
    }
    connection.execute("PRAGMA user_version=" + std::to_string(step.version));
    transaction.commit();
}

}  // namespace

std::span<const Migration> migrations() {
    static const std::vector<Migration> kSteps{
        {.version = 1, .sql = kFacts, .refold = true},
        {.version = 2, .sql = "", .refold = true},  // cases.due_at
        {.version = 3, .sql = kToldTexts},
        {.version = 4, .sql = "", .refold = true},  // Derivations in nynorsk made from bokmål.
        {.version = 5, .sql = "", .refold = true},  // invitations
    };
    return kSteps;
}

void create_projections(Connection& connection) {
    connection.execute(kProjections);
    connection.execute(kToldTexts);  // Read beside them; stays when they are made anew.
}

void drop_projections(Connection& connection) {
    connection.forget_statements();
    for (const ProjectionTable& table : kTables) {
        connection.execute(std::string("DROP TABLE IF EXISTS ") + table.name);
    }
}

std::span<const ProjectionTable> projection_tables() {
    return kTables;
}

Status require_present_format(Connection& connection, const std::filesystem::path& file) {
    const auto version = connection.integer("PRAGMA user_version");
    if (version != migrations().back().version) {
        return Error{ErrorKind::Conflict,
                     file.string() + ": has format " + std::to_string(version) +
                         ", and this fristvakt works on format " +
                         std::to_string(migrations().back().version) +
                         "; start the daemon once to bring it up, or install the version that "
                         "wrote it"};
    }
    return Done{};
}

Status migrate(Connection& connection, const std::filesystem::path& file,
               std::span<const Migration> steps) {
    FRISTVAKT_ASSERT(!steps.empty());
    try {
        if (is_foreign(connection)) {
            return Error{
                ErrorKind::Conflict,
                file.string() + ": not a database of fristvakt; give another --state folder"};
        }
        const auto version = connection.integer("PRAGMA user_version");
        if (version > steps.back().version) {
            return Error{ErrorKind::Conflict,
                         file.string() + ": has format " + std::to_string(version) +
                             ", and this fristvakt knows formats up to " +
                             std::to_string(steps.back().version) +
                             "; install the version that wrote it, or a newer one"};
        }
        if (version > 0 && version < steps.back().version) {
            const auto copy =
                file.parent_path() / ("pre-migrate-v" + std::to_string(version) + ".db");
            if (const auto saved = backup(file, copy, Overwrite::Yes); !saved.ok()) {
                return saved.error();
            }
        }
        for (const Migration& step : steps) {
            if (step.version > version) {
                apply(connection, step);
            }
        }
        return Done{};
    } catch (const SQLite::Exception& exception) {
        return unavailable(exception, file, "bringing the file up to the present format");
    }
}

}  // namespace fristvakt::integrations
