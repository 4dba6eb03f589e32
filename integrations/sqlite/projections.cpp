#include "integrations/sqlite/projections.hpp"

#include <tuple>

#include <sqlite3.h>

#include "workflows/assert.hpp"

namespace fristvakt::integrations {

using workflows::Account;
using workflows::Books;
using workflows::Case;
using workflows::Invitation;
using workflows::Ledger;
using workflows::Message;
using workflows::MessageState;
using workflows::NoticeKind;
using workflows::Reminder;

namespace {

template <typename T>
T decoded(std::string_view data, T base, const char* table, const std::string& row) {
    auto value = decode(data, std::move(base));
    if (!value.ok()) {
        throw_corrupt(std::string("the row of ") + table + " " + row +
                      " cannot be read: " + value.error().message);
    }
    return std::move(value).value();
}

/// What the columns of a row say, and therefore its data need not.
Case columns_of(const Case& value) {
    Case base = new_case(value.id);
    base.requirement = value.requirement;
    base.debtor = value.debtor;
    base.parent = value.parent;
    base.state = value.state;
    base.final = value.final;
    base.next_at = value.next_at;
    return base;
}

Message columns_of(const Message& value) {
    Message base = new_message(value.number);
    base.kind = value.kind;
    base.person = value.person;
    base.slot_at = value.slot_at;
    base.state = value.state;
    base.next_at = value.next_at;
    return base;
}

Reminder columns_of(const Reminder& value) {
    Reminder base = new_reminder(value);
    base.account = value.account;
    base.message = value.message;
    return base;
}

#define FRISTVAKT_REMINDER_COLUMNS \
    "case_id, version, step, person, occurrence, account, message, data"
#define FRISTVAKT_MESSAGE_COLUMNS "number, kind, person, slot_at, state, next_at, data"

/// A number of a row as an enum whose last value is `last`.
template <typename Enum>
Enum enum_in(const Query& row, int column, Enum last) {
    const std::int64_t number = row.integer(column);
    if (number < 0 || number > static_cast<std::int64_t>(last)) {
        throw_corrupt("a row holds the number " + std::to_string(number) +
                      ", which stands for nothing");
    }
    return static_cast<Enum>(number);
}

Reminder reminder_in(const Query& row) {
    Reminder base;
    base.case_id = row.bytes(0);
    base.version = row.bytes(1);
    base.step = row.bytes(2);
    base.person = row.bytes(3);
    base.occurrence = static_cast<int>(row.integer(4));
    base.account = enum_in(row, 5, Account::Failed);
    base.message = row.integer(6);
    return decoded(row.bytes(7), std::move(base), "reminders", row.text(0));
}

Message message_in(const Query& row) {
    Message base = new_message(row.integer(0));
    base.kind = enum_in(row, 1, NoticeKind::Invitation);
    base.person = row.bytes(2);
    base.slot_at = row.instant(3);
    base.state = enum_in(row, 4, MessageState::Uncertain);
    base.next_at = row.optional_instant(5);
    return decoded(row.bytes(6), std::move(base), "messages", row.text(0));
}

std::optional<Reminder> find_reminder(Connection& connection, const Reminder& key) {
    Query query = connection.query("SELECT " FRISTVAKT_REMINDER_COLUMNS
                                   " FROM reminders WHERE case_id = ? AND version = ? AND "
                                   "step = ? AND person = ? AND occurrence = ?");
    query.bind(key.case_id).bind(key.version).bind(key.step).bind(key.person).bind(key.occurrence);
    if (!query.step()) {
        return std::nullopt;
    }
    return reminder_in(query);
}

std::optional<Invitation> find_invitation(Connection& connection, const Invitation& key) {
    Query query = connection.query("SELECT data FROM invitations WHERE case_id = ? AND person = ?");
    query.bind(key.case_id).bind(key.person);
    if (!query.step()) {
        return std::nullopt;
    }
    return decoded(query.bytes(0), new_invitation(key), "invitations", key.case_id);
}

std::optional<workflows::Instant> due_at(const Case& value) {
    return value.due ? std::optional{value.due->ends_at} : std::nullopt;
}

}  // namespace

Case case_in(const Query& row) {
    Case base = new_case(row.bytes(0));
    base.requirement = row.bytes(1);
    base.debtor = row.bytes(2);
    base.parent = row.bytes(3);
    base.state = row.bytes(4);
    base.final = row.integer(5) != 0;
    base.next_at = row.optional_instant(6);
    return decoded(row.bytes(7), std::move(base), "cases", row.text(0));
}

std::optional<Case> find_case(Connection& connection, const std::string& id) {
    Query query = connection.query("SELECT " FRISTVAKT_CASE_COLUMNS " FROM cases WHERE id = ?");
    query.bind(id);
    if (!query.step()) {
        return std::nullopt;
    }
    return case_in(query);
}

std::vector<Reminder> reminders_of(Connection& connection, const std::string& case_id) {
    Query query = connection.query("SELECT " FRISTVAKT_REMINDER_COLUMNS
                                   " FROM reminders WHERE case_id = ? "
                                   "ORDER BY version, step, person, occurrence");
    query.bind(case_id);
    std::vector<Reminder> reminders;
    while (query.step()) {
        reminders.push_back(reminder_in(query));
    }
    return reminders;
}

std::vector<Invitation> invitations_of(Connection& connection, const std::string& case_id) {
    Query query =
        connection.query("SELECT person, data FROM invitations WHERE case_id = ? ORDER BY person");
    query.bind(case_id);
    std::vector<Invitation> invitations;
    while (query.step()) {
        Invitation key;
        key.case_id = case_id;
        key.person = query.bytes(0);
        invitations.push_back(decoded(query.bytes(1), std::move(key), "invitations", case_id));
    }
    return invitations;
}

std::vector<Reminder> reminders_in(Connection& connection, std::int64_t message) {
    Query query = connection.query("SELECT " FRISTVAKT_REMINDER_COLUMNS
                                   " FROM reminders WHERE message = ? "
                                   "ORDER BY case_id, version, step, person, occurrence");
    query.bind(message);
    std::vector<Reminder> reminders;
    while (query.step()) {
        reminders.push_back(reminder_in(query));
    }
    return reminders;
}

std::optional<Message> find_message(Connection& connection, std::int64_t number) {
    Query query =
        connection.query("SELECT " FRISTVAKT_MESSAGE_COLUMNS " FROM messages WHERE number = ?");
    query.bind(number);
    if (!query.step()) {
        return std::nullopt;
    }
    Message message = message_in(query);
    for (Message::Told& told : message.told) {
        Query texts = connection.query(
            "SELECT content FROM told_texts WHERE message = ? AND case_id = ? AND revision = ?");
        texts.bind(number).bind(told.case_id).bind(told.revision);
        if (texts.step()) {
            auto content = decode_aside(texts.bytes(0));
            if (!content.ok()) {
                throw_corrupt("told_texts of message " + std::to_string(number) + ": " +
                              content.error().message);
            }
            told.texts = std::move(content).value();
        }
    }
    return message;
}

Ledger read_ledger(Connection& connection) {
    Query query = connection.query("SELECT data FROM ledger");
    if (!query.step()) {
        return {};
    }
    return decoded(query.bytes(0), Ledger{}, "ledger", "1");
}

Books count_books(Connection& connection) {
    Books counted;
    Query rows = connection.query("SELECT account, count(*) FROM reminders GROUP BY account");
    while (rows.step()) {
        if (rows.integer(0) >= 0 && rows.integer(0) <= static_cast<std::int64_t>(Account::Failed)) {
            counted.post(static_cast<Account>(rows.integer(0)), rows.integer(1));
            counted.planned += rows.integer(1);
        }
    }
    return counted;
}

LogHead read_head(Connection& connection) {
    Query query = connection.query("SELECT sequence, hash FROM log ORDER BY sequence DESC LIMIT 1");
    if (!query.step()) {
        return {};
    }
    return {query.integer(0), query.text(1)};
}

bool Projections::KeyLess::operator()(const Reminder& left, const Reminder& right) const {
    return std::tie(left.case_id, left.version, left.step, left.person, left.occurrence) <
           std::tie(right.case_id, right.version, right.step, right.person, right.occurrence);
}

void Projections::begin() {
    cases_.clear();
    messages_.clear();
    reminders_.clear();
    invitations_.clear();
    case_counts_.clear();
    message_counts_.clear();
    ledger_ = read_ledger(connection_);
    ledger_changed_ = false;
}

std::optional<Case>& Projections::old_case(const std::string& id) {
    const auto [place, is_new] = cases_.try_emplace(id);
    if (is_new) {
        place->second = find_case(connection_, id);
    }
    return place->second;
}

std::optional<Message>& Projections::old_message(std::int64_t number) {
    const auto [place, is_new] = messages_.try_emplace(number);
    if (is_new) {
        place->second = find_message(connection_, number);
    }
    return place->second;
}

std::optional<Reminder>& Projections::old_reminder(const Reminder& key) {
    const auto place = reminders_.find(key);
    if (place != reminders_.end()) {
        return place->second;
    }
    return reminders_.emplace(new_reminder(key), find_reminder(connection_, key)).first->second;
}

std::optional<Invitation>& Projections::old_invitation(const Invitation& key) {
    const auto [place, is_new] = invitations_.try_emplace({key.case_id, key.person});
    if (is_new) {
        place->second = find_invitation(connection_, key);
    }
    return place->second;
}

const Case& Projections::case_before(const std::string& id) {
    const std::optional<Case>& old = old_case(id);
    if (old) {
        return *old;
    }
    new_case_ = new_case(id);
    return new_case_;
}

const Message& Projections::message_before(std::int64_t number) {
    const std::optional<Message>& old = old_message(number);
    if (old) {
        return *old;
    }
    new_message_ = new_message(number);
    return new_message_;
}

const Reminder& Projections::reminder_before(const Reminder& key) {
    const std::optional<Reminder>& old = old_reminder(key);
    if (old) {
        return *old;
    }
    new_reminder_ = new_reminder(key);
    return new_reminder_;
}

const Invitation& Projections::invitation_before(const Invitation& key) {
    const std::optional<Invitation>& old = old_invitation(key);
    if (old) {
        return *old;
    }
    new_invitation_ = new_invitation(key);
    return new_invitation_;
}

void Projections::fold(const workflows::Change& change) {
    for (const Case& value : change.cases) {
        put(value);
    }
    for (const Message& value : change.messages) {
        put(value);
    }
    for (const Reminder& value : change.reminders) {
        put(value);
    }
    for (const Invitation& value : change.invitations) {
        put(value);
    }
    if (change.ledger) {
        ledger_ = *change.ledger;
        ledger_changed_ = true;
    }
    bound_caches();
}

void Projections::bound_caches() {
    constexpr std::size_t kRowsMax = 4096;
    if (cases_.size() + messages_.size() + reminders_.size() + invitations_.size() > kRowsMax) {
        invitations_.clear();
        cases_.clear();
        messages_.clear();
        reminders_.clear();
    }
}

void Projections::put(const Case& value) {
    FRISTVAKT_ASSERT(!value.id.empty());
    FRISTVAKT_ASSERT(value.cohort.empty() || value.id.starts_with(value.cohort + "/"));
    std::optional<Case>& old = old_case(value.id);
    if (!old) {
        insert(value);
        ++case_counts_[{value.cohort, value.requirement, value.state}];
    } else {
        FRISTVAKT_ASSERT(old->parent == value.parent);
        update(value, *old);
        if (old->state != value.state || old->requirement != value.requirement ||
            old->cohort != value.cohort) {
            --case_counts_[{old->cohort, old->requirement, old->state}];
            ++case_counts_[{value.cohort, value.requirement, value.state}];
        }
    }
    old = value;
}

void Projections::insert(const Case& value) {
    const std::string data = encode(value, columns_of(value));
    connection_
        .query("INSERT INTO cases(" FRISTVAKT_CASE_COLUMNS
               ", due_at) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(value.id)
        .bind(value.requirement)
        .bind(value.debtor)
        .bind_or_null(value.parent)
        .bind(value.state)
        .bind(value.final ? 1 : 0)
        .bind(value.next_at)
        .bind(data)
        .bind(due_at(value))
        .run();
}

void Projections::update(const Case& value, const Case& old) {
    const std::string data = encode(value, columns_of(value));
    // A column that is set has its indexes written, changed or not: set what differs.
    if (value.state != old.state || value.final != old.final ||
        value.requirement != old.requirement || value.debtor != old.debtor ||
        due_at(value) != due_at(old)) {
        connection_
            .query(
                "UPDATE cases SET requirement = ?, debtor = ?, state = ?, final = ?, next_at = ?, "
                "due_at = ?, data = ? WHERE id = ?")
            .bind(value.requirement)
            .bind(value.debtor)
            .bind(value.state)
            .bind(value.final ? 1 : 0)
            .bind(value.next_at)
            .bind(due_at(value))
            .bind(data)
            .bind(value.id)
            .run();
    } else if (value.next_at != old.next_at) {
        connection_.query("UPDATE cases SET next_at = ?, data = ? WHERE id = ?")
            .bind(value.next_at)
            .bind(data)
            .bind(value.id)
            .run();
    } else {
        connection_.query("UPDATE cases SET data = ? WHERE id = ?").bind(data).bind(value.id).run();
    }
}

void Projections::put(const Message& value) {
    FRISTVAKT_ASSERT(value.number > 0);
    std::optional<Message>& old = old_message(value.number);
    if (!old) {
        insert(value);
        ++message_counts_[static_cast<int>(value.state)];
    } else {
        FRISTVAKT_ASSERT(old->person == value.person);
        update(value, *old);
        --message_counts_[static_cast<int>(old->state)];
        ++message_counts_[static_cast<int>(value.state)];
    }
    if (!old || old->told != value.told) {
        for (const Message::Told& told : old ? old->told : std::vector<Message::Told>{}) {
            connection_.query("DELETE FROM told WHERE case_id = ? AND message = ?")
                .bind(told.case_id)
                .bind(value.number)
                .run();
        }
        for (const Message::Told& told : value.told) {
            if (told.case_id.empty()) {
                continue;  // About sending as a whole: news, without words of their own.
            }
            connection_.query("INSERT OR IGNORE INTO told(case_id, message) VALUES(?, ?)")
                .bind(told.case_id)
                .bind(value.number)
                .run();
            if (!told.texts.empty()) {
                const std::string content = encode_aside(told.texts, {});
                connection_.query("INSERT OR IGNORE INTO told_texts VALUES(?, ?, ?, ?)")
                    .bind(value.number)
                    .bind(told.case_id)
                    .bind(told.revision)
                    .bind(content)
                    .run();
            }
        }
    }
    old = value;
}

void Projections::insert(const Message& value) {
    const std::string data = encode(value, columns_of(value));
    connection_
        .query("INSERT INTO messages(" FRISTVAKT_MESSAGE_COLUMNS ") VALUES(?, ?, ?, ?, ?, ?, ?)")
        .bind(value.number)
        .bind(static_cast<int>(value.kind))
        .bind(value.person)
        .bind(value.slot_at)
        .bind(static_cast<int>(value.state))
        .bind(value.next_at)
        .bind(data)
        .run();
}

void Projections::update(const Message& value, const Message& old) {
    const std::string data = encode(value, columns_of(value));
    if (value.kind != old.kind || value.slot_at != old.slot_at) {
        connection_
            .query(
                "UPDATE messages SET kind = ?, slot_at = ?, state = ?, next_at = ?, data = ? "
                "WHERE number = ?")
            .bind(static_cast<int>(value.kind))
            .bind(value.slot_at)
            .bind(static_cast<int>(value.state))
            .bind(value.next_at)
            .bind(data)
            .bind(value.number)
            .run();
    } else {
        connection_.query("UPDATE messages SET state = ?, next_at = ?, data = ? WHERE number = ?")
            .bind(static_cast<int>(value.state))
            .bind(value.next_at)
            .bind(data)
            .bind(value.number)
            .run();
    }
}

void Projections::put(const Reminder& value) {
    std::optional<Reminder>& old = old_reminder(value);
    const std::string data = encode(value, columns_of(value));
    if (!old) {
        Query query = connection_.query("INSERT INTO reminders(" FRISTVAKT_REMINDER_COLUMNS
                                        ") VALUES(?, ?, ?, ?, ?, ?, nullif(?, 0), ?)");
        query.bind(value.case_id).bind(value.version).bind(value.step).bind(value.person);
        query.bind(value.occurrence).bind(static_cast<int>(value.account)).bind(value.message);
        query.bind(data).run();
    } else if (old->message != value.message) {
        Query query = connection_.query(
            "UPDATE reminders SET account = ?, message = nullif(?, 0), data = ? WHERE case_id = ? "
            "AND version = ? AND step = ? AND person = ? AND occurrence = ?");
        query.bind(static_cast<int>(value.account)).bind(value.message).bind(data);
        query.bind(value.case_id).bind(value.version).bind(value.step).bind(value.person);
        query.bind(value.occurrence).run();
    } else {
        Query query = connection_.query(
            "UPDATE reminders SET account = ?, data = ? WHERE case_id = ? "
            "AND version = ? AND step = ? AND person = ? AND occurrence = ?");
        query.bind(static_cast<int>(value.account)).bind(data);
        query.bind(value.case_id).bind(value.version).bind(value.step).bind(value.person);
        query.bind(value.occurrence).run();
    }
    old = value;
}

void Projections::put(const Invitation& value) {
    std::optional<Invitation>& old = old_invitation(value);
    const std::string data = encode(value, new_invitation(value));
    connection_
        .query(
            "INSERT INTO invitations(case_id, person, data) VALUES(?, ?, ?) "
            "ON CONFLICT DO UPDATE SET data = excluded.data")
        .bind(value.case_id)
        .bind(value.person)
        .bind(data)
        .run();
    old = value;
}

void Projections::finish() {
    for (const auto& [key, count] : case_counts_) {
        if (count == 0) {
            continue;
        }
        connection_
            .query(
                "INSERT INTO case_counts VALUES(?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET cases = cases + excluded.cases")
            .bind(key[0])
            .bind(key[1])
            .bind(key[2])
            .bind(count)
            .run();
        if (count < 0) {
            connection_.query("DELETE FROM case_counts WHERE cases = 0").run();
        }
    }
    for (const auto& [state, count] : message_counts_) {
        if (count == 0) {
            continue;
        }
        connection_
            .query(
                "INSERT INTO message_counts VALUES(?, ?) "
                "ON CONFLICT DO UPDATE SET messages = messages + excluded.messages")
            .bind(state)
            .bind(count)
            .run();
        if (count < 0) {
            connection_.query("DELETE FROM message_counts WHERE messages = 0").run();
        }
    }
    if (ledger_changed_) {
        const std::string data = encode(ledger_, Ledger{});
        connection_.query("INSERT OR REPLACE INTO ledger VALUES(1, ?)").bind(data).run();
    }
    case_counts_.clear();
    message_counts_.clear();
    ledger_changed_ = false;
}

void refold(Connection& source, Connection& target) {
    Projections projections(target);
    projections.begin();
    // Not a kept statement: it lives through the whole log.
    SQLite::Statement statement(source.database(),
                                "SELECT sequence, at, kind, case_id, payload FROM log "
                                "ORDER BY sequence");
    Query rows(statement);
    while (rows.step()) {
        const LogColumns columns{rows.integer(0), rows.instant(1), rows.text(2), rows.text(3)};
        const auto payload = decode_payload(rows.bytes(4), columns, &projections);
        if (!payload.ok()) {
            throw_corrupt("entry " + std::to_string(columns.sequence) +
                          " of the log: " + payload.error().message);
        }
        projections.fold(payload.value().entry.change);
    }
    projections.finish();
}

}  // namespace fristvakt::integrations
