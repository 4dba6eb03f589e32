#include "integrations/sqlite/codec.hpp"

#include <algorithm>
#include <chrono>
#include <concepts>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "integrations/sqlite/json.hpp"
#include "integrations/sqlite/wording.hpp"

namespace fristvakt::integrations {

using workflows::Account;
using workflows::Books;
using workflows::CanaryRecord;
using workflows::Case;
using workflows::ChannelRecord;
using workflows::Date;
using workflows::Deadline;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::Invitation;
using workflows::Language;
using workflows::Ledger;
using workflows::LogEntry;
using workflows::Message;
using workflows::MessageState;
using workflows::NoticeKind;
using workflows::Reason;
using workflows::Reminder;
using workflows::Result;

// Stored as numbers: these must stay what they are.
static_assert(static_cast<int>(Account::Failed) == 5 &&
              static_cast<int>(Reason::NothingToSay) == 27);
static_assert(static_cast<int>(MessageState::Uncertain) == 6);
static_assert(static_cast<int>(NoticeKind::Reminder) == 0 &&
              static_cast<int>(NoticeKind::Answer) == 1 &&
              static_cast<int>(NoticeKind::Change) == 2 &&
              static_cast<int>(NoticeKind::Digest) == 3 &&
              static_cast<int>(NoticeKind::News) == 4 &&
              static_cast<int>(NoticeKind::Invitation) == 5);
static_assert(static_cast<int>(workflows::Response::Delegated) == 4 &&
              static_cast<int>(workflows::Attendance::Absent) == 2);
static_assert(static_cast<int>(Language::Nb) == 0 && static_cast<int>(Language::Nn) == 1);

namespace {

template <typename T, typename Plain>
concept Of = std::same_as<std::remove_const_t<T>, Plain>;

template <typename Enum>
constexpr int kLast = -1;
template <>
constexpr int kLast<Account> = static_cast<int>(Account::Failed);
template <>
constexpr int kLast<Reason> = static_cast<int>(Reason::NothingToSay);
template <>
constexpr int kLast<MessageState> = static_cast<int>(MessageState::Uncertain);
template <>
constexpr int kLast<NoticeKind> = static_cast<int>(NoticeKind::Invitation);
template <>
constexpr int kLast<workflows::Response> = static_cast<int>(workflows::Response::Delegated);
template <>
constexpr int kLast<workflows::Attendance> = static_cast<int>(workflows::Attendance::Absent);
template <>
constexpr int kLast<Language> = static_cast<int>(Language::Nn);

// The fields of each type, once for both directions: key, value, base. Stored: only ever added to.

template <typename Archive>
void fields(Archive& archive, Of<Case::Undo> auto& value, const Case::Undo& base) {
    archive("e", value.event, base.event);
    archive("s", value.state, base.state);
    archive("n", value.entered_at, base.entered_at);
    archive("g", value.granted_until, base.granted_until);
    archive("f", value.softened, base.softened);
    archive("x", value.fields, base.fields);
    archive("z", value.paused, base.paused);
    archive("zu", value.paused_until, base.paused_until);
    archive("st", value.stopped, base.stopped);
    archive("en", value.ended, base.ended);
    archive("bc", value.by_configuration, base.by_configuration);
}

template <typename Archive>
void fields(Archive& archive, Of<Case> auto& value, const Case& base) {
    archive("c", value.cohort, base.cohort);
    archive("r", value.requirement, base.requirement);
    archive("p", value.period, base.period);
    archive("d", value.debtor, base.debtor);
    archive("k", value.creditor, base.creditor);
    archive("pa", value.parent, base.parent);
    archive("w", value.workflow, base.workflow);
    archive("wv", value.workflow_version, base.workflow_version);
    archive("s", value.state, base.state);
    archive("fi", value.final, base.final);
    archive("o", value.opened_at, base.opened_at);
    archive("n", value.entered_at, base.entered_at);
    archive("v", value.revision, base.revision);
    archive("u", value.due, base.due);
    archive("g", value.granted_until, base.granted_until);
    archive("dv", value.due_versions, base.due_versions);
    archive("dn", value.due_version, base.due_version);
    archive("db", value.due_version_began_at, base.due_version_began_at);
    archive("sd", value.state_deadline, base.state_deadline);
    archive("se", value.state_entry, base.state_entry);
    archive("pu", value.planned_until, base.planned_until);
    archive("na", value.next_at, base.next_at);
    archive("so", value.softened, base.softened);
    archive("h", value.held, base.held);
    archive("z", value.paused, base.paused);
    archive("zu", value.paused_until, base.paused_until);
    archive("cp", value.children_open_pausing, base.children_open_pausing);
    archive("cc", value.children_count, base.children_count);
    archive("x", value.fields, base.fields);
    archive("st", value.stopped, base.stopped);
    archive("un", value.undo, base.undo);
    archive("ic", value.invited_count, base.invited_count);
}

template <typename Archive>
void fields(Archive& archive, Of<Reminder> auto& value, const Reminder& base) {
    archive("n", value.notice, base.notice);
    archive("r", value.role, base.role);
    archive("o", value.organisation, base.organisation);
    archive("s", value.step_at, base.step_at);
    archive("c", value.claimed_at, base.claimed_at);
    archive("f", value.softened, base.softened);
    archive("b", value.before_deadline, base.before_deadline);
    archive("k", value.copies, base.copies);
    archive("a", value.account, base.account);
    archive("y", value.reason, base.reason);
    archive("m", value.message, base.message);
}

template <typename Archive>
void fields(Archive& archive, Of<Invitation> auto& value, const Invitation& base) {
    archive("o", value.organisation, base.organisation);
    archive("r", value.role, base.role);
    archive("l", value.language, base.language);
    archive("t", value.told, base.told);
    archive("x", value.refused, base.refused);
    archive("q", value.sequence, base.sequence);
    archive("m", value.message, base.message);
    archive("a", value.response, base.response);
    archive("aq", value.response_sequence, base.response_sequence);
    archive("at", value.responded_at, base.responded_at);
    archive("ab", value.response_by, base.response_by);
    archive("p", value.attendance, base.attendance);
}

template <typename Archive>
void fields(Archive& archive, Of<Message::Told> auto& value, const Message::Told& base) {
    archive("c", value.case_id, base.case_id);
    archive("n", value.notice, base.notice);
    archive("v", value.revision, base.revision);
    archive("x", value.fields, base.fields);  // Not the texts: they stand in a table of their own.
}

template <typename Archive>
void fields(Archive& archive, Of<Message> auto& value, const Message& base) {
    archive("k", value.kind, base.kind);
    archive("c", value.channel, base.channel);
    archive("p", value.person, base.person);
    archive("o", value.organisation, base.organisation);
    archive("l", value.language, base.language);
    archive("cc", value.copies, base.copies);
    archive("s", value.slot_at, base.slot_at);
    archive("t", value.told, base.told);
    archive("u", value.catch_up, base.catch_up);
    archive("nw", value.at_once, base.at_once);
    archive("st", value.state, base.state);
    archive("y", value.reason, base.reason);
    archive("a", value.attempts, base.attempts);
    archive("na", value.next_at, base.next_at);
    archive("m", value.made_at, base.made_at);
    archive("se", value.settled_at, base.settled_at);
    archive("h", value.bytes_sha256, base.bytes_sha256);
    archive("i", value.items_written, base.items_written);
    archive("r", value.reply, base.reply);
}

template <typename Archive>
void fields(Archive& archive, Of<Books> auto& value, const Books& base) {
    archive("p", value.planned, base.planned);
    archive("s", value.sent, base.sent);
    archive("h", value.held, base.held);
    archive("x", value.suppressed, base.suppressed);
    archive("o", value.superseded, base.superseded);
    archive("f", value.failed, base.failed);
    archive("w", value.waiting, base.waiting);
}

template <typename Archive>
void fields(Archive& archive, Of<CanaryRecord> auto& value, const CanaryRecord& base) {
    archive("u", value.made_until, base.made_until);
    archive("c", value.card, base.card);
    archive("p", value.posted_at, base.posted_at);
    archive("n", value.confirmed, base.confirmed);
    archive("at", value.confirmed_at, base.confirmed_at);
    archive("s", value.silent_since, base.silent_since);
    archive("m", value.mailed, base.mailed);
}

template <typename Archive>
void fields(Archive& archive, Of<ChannelRecord> auto& value, const ChannelRecord& base) {
    archive("d", value.digested_until, base.digested_until);
    archive("s", value.sent_at, base.sent_at);
    archive("f", value.failed_at, base.failed_at);
    archive("r", value.reply, base.reply);
    archive("c", value.canary, base.canary);
}

template <typename Archive>
void fields(Archive& archive, Of<Ledger> auto& value, const Ledger& base) {
    archive("f", value.first_start_at, base.first_start_at);
    archive("d", value.definitions_hash, base.definitions_hash);
    archive("o", value.opened_until, base.opened_until);
    archive("m", value.messages_made, base.messages_made);
    archive("bs", value.batches, base.batches);
    archive("h", value.sending_on_hold, base.sending_on_hold);
    archive("hr", value.hold_reason, base.hold_reason);
    archive("c", value.demo_clock, base.demo_clock);
    archive("s", value.salt, base.salt);
    archive("b", value.books, base.books);
    archive("r", value.refused_persons, base.refused_persons);
    archive("w", value.machines, base.machines);
    archive("ra", value.restored_at, base.restored_at);
    archive("du", value.digested_until, base.digested_until);
    archive("ch", value.channels, base.channels);
}

/// Without its columns, its change and its aside.
template <typename Archive>
void fields(Archive& archive, Of<LogEntry> auto& value, const LogEntry& base) {
    archive("e", value.event, base.event);
    archive("f", value.from, base.from);
    archive("t", value.to, base.to);
    archive("a", value.actor, base.actor);
    archive("d", value.data, base.data);
}

// Writing.

template <typename T>
void write_fields(JsonWriter& out, const T& value, const T& base);

void write(JsonWriter& out, std::string_view value) {
    out.text(value);
}
void write(JsonWriter& out, std::integral auto value) {
    out.integer(static_cast<std::int64_t>(value));
}
template <typename Enum>
requires std::is_enum_v<Enum>
void write(JsonWriter& out, Enum value) {
    out.integer(static_cast<int>(value));
}
void write(JsonWriter& out, Instant value) {
    out.integer(value.time_since_epoch().count());
}
void write(JsonWriter& out, Date value) {
    out.integer(value.time_since_epoch().count());
}
void write(JsonWriter& out, const Case::Undo& value) {
    write_fields(out, value, {});
}
void write(JsonWriter& out, const Books& value) {
    write_fields(out, value, {});
}
void write(JsonWriter& out, const Message::Told& value) {
    write_fields(out, value, {});
}
void write(JsonWriter& out, const CanaryRecord& value) {
    write_fields(out, value, {});
}
void write(JsonWriter& out, const ChannelRecord& value) {
    write_fields(out, value, {});
}

template <typename T>
void write(JsonWriter& out, const std::vector<T>& values) {
    out.raw('[');
    bool first = true;
    for (const T& value : values) {
        if (!std::exchange(first, false)) {
            out.raw(',');
        }
        write(out, value);
    }
    out.raw(']');
}

std::vector<std::string> lines_in_nynorsk(const std::vector<std::string>& bokmal) {
    std::vector<std::string> lines;
    lines.reserve(bokmal.size());
    for (const std::string& line : bokmal) {
        lines.push_back(in_nynorsk(line));
    }
    return lines;
}

/// [date, ends_at, because in bokmål, because in nynorsk]. In the place of the last stands 1 when
/// it says the same in the usual words, as nearly always, and nothing when it is the same.
void write(JsonWriter& out, const Deadline& value) {
    out.raw('[');
    write(out, value.date);
    out.raw(',');
    write(out, value.ends_at);
    out.raw(',');
    write(out, value.because.nb);
    if (value.because.nn != value.because.nb) {
        out.raw(',');
        if (value.because.nn == lines_in_nynorsk(value.because.nb)) {
            out.raw('1');
        } else {
            write(out, value.because.nn);
        }
    }
    out.raw(']');
}

template <typename T>
void write(JsonWriter& out, const std::optional<T>& value) {
    if (value) {
        write(out, *value);
    } else {
        out.raw("null");
    }
}

template <typename Value>
void write(JsonWriter& out, const std::map<std::string, Value>& values) {
    out.raw('{');
    bool first = true;
    for (const auto& [key, value] : values) {
        if (!std::exchange(first, false)) {
            out.raw(',');
        }
        out.text(key);
        out.raw(':');
        write(out, value);
    }
    out.raw('}');
}

class FieldWriter {
 public:
    explicit FieldWriter(JsonWriter& out) : out_(out) {}

    template <typename T>
    void operator()(std::string_view key, const T& value, const T& base) {
        if (value == base) {
            return;
        }
        name(key);
        write(out_, value);
    }

    void name(std::string_view key) {
        if (!std::exchange(first_, false)) {
            out_.raw(',');
        }
        out_.raw('"');
        out_.raw(key);
        out_.raw("\":");
    }

 private:
    JsonWriter& out_;
    bool first_{true};
};

template <typename T>
void write_fields(JsonWriter& out, const T& value, const T& base) {
    out.raw('{');
    FieldWriter archive(out);
    fields(archive, value, base);
    out.raw('}');
}

// Reading.

template <typename T>
void read_fields(JsonReader& in, T& value);

void read(JsonReader& in, std::string& value) {
    value = in.text();
}

template <typename Number>
requires std::is_integral_v<Number>
void read(JsonReader& in, Number& value) {
    const std::int64_t number = in.integer();
    if constexpr (std::is_same_v<Number, bool>) {
        if (number != 0 && number != 1) {
            in.fail("expected 0 or 1");
        }
        value = number == 1;
    } else {
        if (number < std::numeric_limits<Number>::min() ||
            number > std::numeric_limits<Number>::max()) {
            in.fail("a number out of range");
            return;
        }
        value = static_cast<Number>(number);
    }
}

template <typename Enum>
requires std::is_enum_v<Enum>
void read(JsonReader& in, Enum& value) {
    const std::int64_t number = in.integer();
    if (number < 0 || number > kLast<Enum>) {
        in.fail("a number that stands for nothing, or for something newer than this program");
        return;
    }
    value = static_cast<Enum>(number);
}

void read(JsonReader& in, Instant& value) {
    value = Instant(std::chrono::seconds(in.integer()));
}

void read(JsonReader& in, Date& value) {
    int days = 0;
    read(in, days);
    value = Date(workflows::cal::days(days));
}

void read(JsonReader& in, Case::Undo& value) {
    read_fields(in, value);
}
void read(JsonReader& in, Books& value) {
    value = {};
    read_fields(in, value);
}
void read(JsonReader& in, Message::Told& value) {
    read_fields(in, value);
}
void read(JsonReader& in, CanaryRecord& value) {
    value = {};
    read_fields(in, value);
}
void read(JsonReader& in, ChannelRecord& value) {
    read_fields(in, value);
}

template <typename T>
void read(JsonReader& in, std::vector<T>& values) {
    values.clear();
    in.expect('[');
    if (in.take(']')) {
        return;
    }
    do {
        read(in, values.emplace_back());
    } while (in.take(','));
    in.expect(']');
}

void read(JsonReader& in, Deadline& value) {
    in.expect('[');
    read(in, value.date);
    in.expect(',');
    read(in, value.ends_at);
    in.expect(',');
    read(in, value.because.nb);
    if (!in.take(',')) {
        value.because.nn = value.because.nb;
    } else if (in.take('1')) {
        value.because.nn = lines_in_nynorsk(value.because.nb);
    } else {
        read(in, value.because.nn);
    }
    in.expect(']');
}

template <typename T>
void read(JsonReader& in, std::optional<T>& value) {
    if (in.take_null()) {
        value.reset();
    } else {
        T present{};
        read(in, present);
        value = std::move(present);
    }
}

template <typename Value>
void read(JsonReader& in, std::map<std::string, Value>& values) {
    values.clear();
    in.expect('{');
    if (in.take('}')) {
        return;
    }
    do {
        std::string key = in.text();
        in.expect(':');
        read(in, values[std::move(key)]);
    } while (in.take(','));
    in.expect('}');
}

/// Walks through the fields in their order and takes those that are there.
class FieldReader {
 public:
    explicit FieldReader(JsonReader& in) : in_(in) {
        in_.expect('{');
        if (!in_.take('}')) {
            next();
        }
    }

    template <typename T>
    void operator()(std::string_view key, T& value, const T& /*base*/) {
        if (take(key)) {
            read(in_, value);
            done();
        }
    }

    [[nodiscard]] bool take(std::string_view key) const { return key == key_ && !in_.failed(); }

    void done() {
        key_ = {};
        if (in_.take(',')) {
            next();
        } else {
            in_.expect('}');
        }
    }

    /// To be called when all fields have been offered.
    void end() {
        if (!key_.empty()) {
            in_.fail("unknown or misplaced field \"" + std::string(key_) + "\"");
        }
    }

 private:
    void next() {
        key_ = in_.key();
        in_.expect(':');
        if (key_.empty()) {
            in_.fail("a field without a name");
        }
    }

    JsonReader& in_;
    std::string_view key_;
};

template <typename T>
void read_fields(JsonReader& in, T& value) {
    FieldReader archive(in);
    fields(archive, value, value);
    archive.end();
}

Error unreadable(const JsonReader& in) {
    return {ErrorKind::InvalidInput, in.problem() +
                                         "; the bytes were changed, or a newer fristvakt wrote "
                                         "them: restore a backup, or install that version"};
}

template <typename T>
std::string encode_value(const T& value, const T& base) {
    std::string text;
    text.reserve(512);
    JsonWriter out(text);
    write_fields(out, value, base);
    return text;
}

template <typename T>
Result<T> decode_value(std::string_view text, T base) {
    JsonReader in(text);
    read_fields(in, base);
    in.end();
    if (in.failed()) {
        return unreadable(in);
    }
    return base;
}

/// An id of a case in a payload: empty for the one that the entry is about.
std::string_view short_id(const std::string& id, const std::string& about) {
    return id == about ? std::string_view{} : std::string_view{id};
}

template <typename T, typename WriteOne>
void write_changes(JsonWriter& out, FieldWriter& archive, std::string_view key,
                   const std::vector<T>& values, WriteOne write_one) {
    if (values.empty()) {
        return;
    }
    archive.name(key);
    char separator = '[';
    for (const T& value : values) {
        out.raw(std::exchange(separator, ','));
        out.raw('[');
        write_one(value);
        out.raw(']');
    }
    out.raw(']');
}

void write_change(JsonWriter& out, FieldWriter& archive, const LogEntry& entry, Before& before) {
    write_changes(out, archive, "c", entry.change.cases, [&](const Case& value) {
        out.text(short_id(value.id, entry.case_id));
        out.raw(',');
        write_fields(out, value, before.case_before(value.id));
    });
    write_changes(out, archive, "m", entry.change.messages, [&](const Message& value) {
        out.integer(value.number);
        out.raw(',');
        write_fields(out, value, before.message_before(value.number));
    });
    write_changes(out, archive, "r", entry.change.reminders, [&](const Reminder& value) {
        out.text(short_id(value.case_id, entry.case_id));
        out.raw(',');
        out.text(value.version);
        out.raw(',');
        out.text(value.step);
        out.raw(',');
        out.text(value.person);
        out.raw(',');
        out.integer(value.occurrence);
        out.raw(',');
        write_fields(out, value, before.reminder_before(value));
    });
    write_changes(out, archive, "i", entry.change.invitations, [&](const Invitation& value) {
        out.text(short_id(value.case_id, entry.case_id));
        out.raw(',');
        out.text(value.person);
        out.raw(',');
        write_fields(out, value, before.invitation_before(value));
    });
    if (entry.change.ledger) {
        archive.name("l");
        write_fields(out, *entry.change.ledger, before.ledger_before());
    }
}

template <typename ReadOne>
void read_changes(JsonReader& in, ReadOne read_one) {
    in.expect('[');
    do {
        in.expect('[');
        read_one();
        in.expect(']');
    } while (in.take(','));
    in.expect(']');
}

std::string read_case_id(JsonReader& in, const std::string& about) {
    std::string id = in.text();
    return id.empty() ? about : id;
}

void read_change(JsonReader& in, FieldReader& archive, LogEntry& entry, Before& before) {
    if (archive.take("c")) {
        read_changes(in, [&] {
            const std::string id = read_case_id(in, entry.case_id);
            in.expect(',');
            Case& value = entry.change.cases.emplace_back(before.case_before(id));
            read_fields(in, value);
        });
        archive.done();
    }
    if (archive.take("m")) {
        read_changes(in, [&] {
            const std::int64_t number = in.integer();
            in.expect(',');
            read_fields(in, entry.change.messages.emplace_back(before.message_before(number)));
        });
        archive.done();
    }
    if (archive.take("r")) {
        read_changes(in, [&] {
            Reminder key;
            key.case_id = read_case_id(in, entry.case_id);
            in.expect(',');
            key.version = in.text();
            in.expect(',');
            key.step = in.text();
            in.expect(',');
            key.person = in.text();
            in.expect(',');
            read(in, key.occurrence);
            in.expect(',');
            read_fields(in, entry.change.reminders.emplace_back(before.reminder_before(key)));
        });
        archive.done();
    }
    if (archive.take("i")) {
        read_changes(in, [&] {
            Invitation key;
            key.case_id = read_case_id(in, entry.case_id);
            in.expect(',');
            key.person = in.text();
            in.expect(',');
            read_fields(in, entry.change.invitations.emplace_back(before.invitation_before(key)));
        });
        archive.done();
    }
    if (archive.take("l")) {
        read_fields(in, entry.change.ledger.emplace(before.ledger_before()));
        archive.done();
    }
}

/// The segment of an id up to the next slash, which is taken off.
std::string_view next_segment(std::string_view& rest) {
    const std::size_t slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
    return segment;
}

}  // namespace

Case new_case(std::string_view id) {
    Case base;
    base.id = id;
    const auto slashes = std::count(id.begin(), id.end(), '/');
    if (slashes < 2) {
        return base;
    }
    std::string_view rest = id;
    base.cohort = next_segment(rest);
    base.requirement = next_segment(rest);
    if (slashes >= 3) {
        base.period = next_segment(rest);
    }
    base.debtor = next_segment(rest);
    return base;
}

Message new_message(std::int64_t number) {
    Message base;
    base.number = number;
    return base;
}

Reminder new_reminder(const Reminder& key) {
    Reminder base;
    base.case_id = key.case_id;
    base.version = key.version;
    base.step = key.step;
    base.occurrence = key.occurrence;
    base.person = key.person;
    return base;
}

Invitation new_invitation(const Invitation& key) {
    Invitation base;
    base.case_id = key.case_id;
    base.person = key.person;
    return base;
}

std::string encode(const Case& value, const Case& base) {
    return encode_value(value, base);
}
std::string encode(const Reminder& value, const Reminder& base) {
    return encode_value(value, base);
}
std::string encode(const Invitation& value, const Invitation& base) {
    return encode_value(value, base);
}
std::string encode(const Message& value, const Message& base) {
    return encode_value(value, base);
}
std::string encode(const Ledger& value, const Ledger& base) {
    return encode_value(value, base);
}

Result<Case> decode(std::string_view text, Case base) {
    return decode_value(text, std::move(base));
}
Result<Reminder> decode(std::string_view text, Reminder base) {
    return decode_value(text, std::move(base));
}
Result<Invitation> decode(std::string_view text, Invitation base) {
    return decode_value(text, std::move(base));
}
Result<Message> decode(std::string_view text, Message base) {
    return decode_value(text, std::move(base));
}
Result<Ledger> decode(std::string_view text, Ledger base) {
    return decode_value(text, std::move(base));
}

std::string encode_payload(const LogEntry& entry, std::string_view aside_sha256, Before& before) {
    std::string text;
    text.reserve(1024);
    JsonWriter out(text);
    out.raw('{');
    FieldWriter archive(out);
    static const LogEntry kEmpty;
    fields(archive, entry, kEmpty);
    archive("h", aside_sha256, std::string_view{});
    write_change(out, archive, entry, before);
    out.raw('}');
    return text;
}

Result<Payload> decode_payload(std::string_view text, const LogColumns& columns, Before* before) {
    JsonReader in(text);
    FieldReader archive(in);
    int version = 1;
    archive("v", version, version);
    if (!in.failed() && (version < 1 || version > kPayloadVersion)) {
        return Error{ErrorKind::InvalidInput,
                     "the entry has format " + std::to_string(version) +
                         ", written by a newer fristvakt; this one reads up to " +
                         std::to_string(kPayloadVersion) + ": install the newer version"};
    }
    Payload payload;
    payload.entry.at = columns.at;
    payload.entry.kind = columns.kind;
    payload.entry.case_id = columns.case_id;
    fields(archive, payload.entry, payload.entry);
    archive("h", payload.aside_sha256, payload.aside_sha256);
    if (before != nullptr) {
        read_change(in, archive, payload.entry, *before);
        archive.end();
        in.end();
    }
    if (in.failed()) {
        return unreadable(in);
    }
    return payload;
}

std::string chained_bytes(const LogColumns& columns, std::string_view payload) {
    std::string text;
    text.reserve(payload.size() + columns.kind.size() + columns.case_id.size() + 64);
    JsonWriter out(text);
    out.raw('[');
    out.integer(columns.sequence);
    out.raw(',');
    write(out, columns.at);
    out.raw(',');
    out.text(columns.kind);
    out.raw(',');
    out.text(columns.case_id);
    out.raw(',');
    out.raw(payload);
    out.raw(']');
    return text;
}

std::string encode_aside(const std::map<std::string, std::string>& aside, std::string_view nonce) {
    std::string text;
    JsonWriter out(text);
    out.raw('[');
    out.text(nonce);
    out.raw(',');
    write(out, aside);
    out.raw(']');
    return text;
}

Result<std::map<std::string, std::string>> decode_aside(std::string_view text) {
    JsonReader in(text);
    std::map<std::string, std::string> aside;
    in.expect('[');
    static_cast<void>(in.text());
    in.expect(',');
    read(in, aside);
    in.expect(']');
    in.end();
    if (in.failed()) {
        return unreadable(in);
    }
    return aside;
}

}  // namespace fristvakt::integrations
