#include "tests/unit/store/arbitrary.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rc {

using namespace fristvakt::workflows;  // NOLINT(google-build-using-namespace)

namespace {

/// Fills a field with anything.
void any(std::string& value) {
    value = *gen::resize(12, gen::arbitrary<std::string>());
}
void any(bool& value) {
    value = *gen::arbitrary<bool>();
}
void any(int& value) {
    value = *gen::arbitrary<int>();
}
void any(std::int64_t& value) {
    value = *gen::arbitrary<std::int64_t>();
}
void any(Instant& value) {
    value = Instant(Seconds(*gen::arbitrary<std::int64_t>()));
}
void any(Date& value) {
    value = Date(cal::days(*gen::arbitrary<int>()));
}
void any(std::map<std::string, std::string>& value) {
    value = *gen::resize(5, gen::arbitrary<std::map<std::string, std::string>>());
}
void any(Language& value) {
    value = *gen::element(Language::Nb, Language::Nn);
}
void any(Account& value) {
    value = static_cast<Account>(*gen::inRange(0, 6));
}
void any(Reason& value) {
    value = static_cast<Reason>(*gen::inRange(0, 24));
}
void any(Response& value) {
    value = static_cast<Response>(*gen::inRange(0, 5));
}
void any(Attendance& value) {
    value = static_cast<Attendance>(*gen::inRange(0, 3));
}
void any(MessageState& value) {
    value = static_cast<MessageState>(*gen::inRange(0, 7));
}
void any(NoticeKind& value) {
    value = static_cast<NoticeKind>(*gen::inRange(0, 5));
}

template <typename T>
void any(std::vector<T>& values);

void any(Deadline& value) {
    auto& [date, ends_at, because] = value;
    any(date);
    any(ends_at);
    any(because.nb);
    any(because.nn);
    if (*gen::arbitrary<bool>()) {
        because.nn = because.nb;
    }
}

void any(Message::Told& value) {
    auto& [case_id, notice, revision, fields, texts] = value;
    texts.clear();  // Not part of what is encoded.
    any(case_id);
    any(notice);
    any(revision);
    any(fields);
}

void any(Case::Undo& value) {
    auto& [event, state, entered_at, granted_until, softened, fields, paused, paused_until, stopped,
           ended, by_configuration] = value;
    any(by_configuration);
    any(event);
    any(state);
    any(entered_at);
    if (*gen::arbitrary<bool>()) {
        any(granted_until.emplace());
    }
    any(softened);
    any(fields);
    any(paused);
    if (*gen::arbitrary<bool>()) {
        any(paused_until.emplace());
    }
    stopped = {"v1 due-3wd"};
    ended = {"v1 due-3wd", "v2 due-14d"};
}

void any(Books& value) {
    auto& [planned, sent, held, suppressed, superseded, failed, waiting] = value;
    for (std::int64_t* account :
         {&planned, &sent, &held, &suppressed, &superseded, &failed, &waiting}) {
        any(*account);
    }
}

template <typename T>
void any(std::vector<T>& values) {
    values.resize(*gen::inRange<std::size_t>(0, 4));
    for (T& value : values) {
        any(value);
    }
}

template <typename T>
void any(std::optional<T>& value) {
    value.reset();
    if (*gen::arbitrary<bool>()) {
        T made{};
        any(made);
        value = std::move(made);
    }
}

void any(CanaryRecord& value) {
    auto& [made_until, card, posted_at, confirmed, confirmed_at, silent_since, mailed] = value;
    any(made_until);
    any(card);
    any(posted_at);
    any(confirmed);
    any(confirmed_at);
    any(silent_since);
    any(mailed);
}

void any(std::map<std::string, ChannelRecord>& value) {
    value.clear();
    for (const std::string& id : *gen::resize(3, gen::arbitrary<std::vector<std::string>>())) {
        auto& [digested_until, sent_at, failed_at, reply, canary] = value[id];
        any(digested_until);
        any(sent_at);
        any(failed_at);
        any(reply);
        any(canary);
    }
}

/// Often left as it is, as in real values.
template <typename... Fields>
void some(Fields&... fields) {
    ((*gen::inRange(0, 3) == 0 ? void() : any(fields)), ...);
}

}  // namespace

Gen<Case> Arbitrary<Case>::arbitrary() {
    return gen::exec([] {
        Case value;
        auto& [id, cohort, requirement, period, debtor, creditor, parent, workflow, version, state,
               final, opened_at, entered_at, revision, due, granted_until, due_versions,
               due_version, due_version_began_at, state_deadline, state_entry, planned_until,
               next_at, softened, held, paused, paused_until, children_open_pausing, children_count,
               invited_count, fields, stopped, undo] = value;
        id = "a/b/c";
        some(cohort, requirement, period, debtor, creditor, parent, workflow, version, state, final,
             opened_at, entered_at, revision, due, granted_until, due_versions, due_version,
             due_version_began_at, state_deadline, state_entry, planned_until, next_at, softened,
             held, paused, paused_until, children_open_pausing, children_count, invited_count,
             fields, stopped, undo);
        return value;
    });
}

Gen<Reminder> Arbitrary<Reminder>::arbitrary() {
    return gen::exec([] {
        Reminder value;
        auto& [case_id, version, step, occurrence, person, notice, role, organisation, step_at,
               claimed_at, softened, before_deadline, copies, account, reason, message] = value;
        some(case_id, version, step, occurrence, person, notice, role, organisation, step_at,
             claimed_at, softened, before_deadline, copies, account, reason, message);
        return value;
    });
}

Gen<Invitation> Arbitrary<Invitation>::arbitrary() {
    return gen::exec([] {
        Invitation value;
        auto& [case_id, person, organisation, role, language, told, refused, sequence, message,
               response, response_sequence, responded_at, response_by, attendance] = value;
        some(case_id, person, organisation, role, language, told, refused, sequence, message,
             response, response_sequence, responded_at, response_by, attendance);
        return value;
    });
}

Gen<Message> Arbitrary<Message>::arbitrary() {
    return gen::exec([] {
        Message value;
        auto& [number, kind, channel, person, organisation, language, copies, slot_at, told,
               catch_up, at_once, state, reason, attempts, next_at, made_at, settled_at,
               bytes_sha256, items_written, reply] = value;
        number = *gen::inRange<std::int64_t>(1, 1000);
        some(kind, channel, person, organisation, language, copies, slot_at, told, catch_up,
             at_once, state, reason, attempts, next_at, made_at, settled_at, bytes_sha256,
             items_written, reply);
        return value;
    });
}

Gen<Ledger> Arbitrary<Ledger>::arbitrary() {
    return gen::exec([] {
        Ledger value;
        auto& [first_start_at, definitions_hash, opened_until, messages_made, batches,
               sending_on_hold, hold_reason, demo_clock, salt, books, refused_persons, machines,
               restored_at, digested_until, channels] = value;
        some(first_start_at, definitions_hash, opened_until, messages_made, batches,
             sending_on_hold, hold_reason, demo_clock, salt, books, refused_persons, machines,
             restored_at, digested_until, channels);
        return value;
    });
}

Gen<LogEntry> Arbitrary<LogEntry>::arbitrary() {
    return gen::exec([] {
        LogEntry value;
        auto& [at, kind, case_id, event, from, to, actor, data, change, aside] = value;
        some(at, kind, case_id, event, from, to, actor, data, aside);
        change = {};
        return value;
    });
}

}  // namespace rc
