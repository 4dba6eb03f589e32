#include <algorithm>
#include <utility>

#include "workflows/decision/case_decider.hpp"
#include "workflows/decision/invitations.hpp"
#include "workflows/decision/receipt.hpp"
#include "workflows/decision/state_title.hpp"
#include "workflows/model/digest.hpp"
#include "workflows/time/nearest.hpp"

namespace fristvakt::workflows {

namespace {

/// A declared date with this name is the day on which something came: never one ahead.
constexpr std::string_view kReceivedOn = "received_on";
/// A declared number with this name is how many came to a meeting.
constexpr std::string_view kCameCount = "attended";

/// Dates and numbers are facts; free text may hold names and stands where it can be erased.
bool is_fact(std::string_view value) {
    return value.find_first_not_of("0123456789-:T+.Z/") == std::string_view::npos;
}

}  // namespace

bool is_human(Actor actor) {
    return actor == Actor::Debtor || actor == Actor::Creditor || actor == Actor::Operator;
}

Result<const Transition*> CaseDecider::find_transition(const Event& event) const {
    const CaseContext now = context();
    if (now.workflow == nullptr || now.state == nullptr) {
        return Error{ErrorKind::Conflict, item_.id + " is closed: " + item_.state, "closed"};
    }
    std::string possible;
    for (const Transition& transition : now.state->on) {
        if (transition.event == event.name) {
            return may_raise(transition, event);
        }
        possible += (possible.empty() ? "" : ", ") + transition.event;
    }
    for (const State& state : now.workflow->states) {
        for (const Transition& transition : state.on) {
            if (transition.event == event.name) {
                return Error{
                    ErrorKind::Conflict,
                    item_.id + " is in state " + item_.state + ", where " + event.name +
                        " is not possible; possible: " + (possible.empty() ? "nothing" : possible),
                    item_.final ? "closed" : "wrong-state"};
            }
        }
    }
    return Error{ErrorKind::NotFound,
                 "workflow " + now.workflow->id + " knows no event " + event.name +
                     "; possible now: " + (possible.empty() ? "nothing" : possible),
                 "unknown-event"};
}

Result<const Transition*> CaseDecider::may_raise(const Transition& transition,
                                                 const Event& event) const {
    const auto allows = [&](Party party) {
        return std::find(transition.by.begin(), transition.by.end(), party) != transition.by.end();
    };
    const bool allowed = event.by == Actor::Child || event.by == Actor::Operator ||
                         (event.by == Actor::Debtor && allows(Party::Debtor)) ||
                         (event.by == Actor::Creditor && allows(Party::Creditor));
    if (is_date_of_meeting(event.name) && is_configured_meeting(item_, context())) {
        return Error{ErrorKind::Conflict,
                     "the date of " + item_.id + " stands in its programme's file, under `" +
                         context().requirement->meeting + "`; change it there, or on the page",
                     "configured"};
    }
    if (!allowed) {
        return Error{ErrorKind::InvalidInput,
                     "the " + std::string{to_string(event.by)} + " may not raise " + event.name +
                         " in state " + item_.state + " of " + item_.id,
                     "not-yours"};
    }
    return &transition;
}

Result<Done> CaseDecider::check_field_names(const Event& event) const {
    const CaseContext now = context();
    if (now.workflow == nullptr || !is_human(event.by)) {
        return Done{};
    }
    std::vector<std::string_view> known = now.workflow->event_fields();
    known.insert(known.end(), {"text", "step", "notice", kReceipt, "attendee", "answer", "sequence",
                               "stamped_at", "via", "present", "name", "address",
                               kJoinUrl});  // Of events that every case knows.
    for (const auto& [name, value] : event.fields) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            const std::string_view nearest = nearest_word(name, known);
            return Error{
                ErrorKind::InvalidInput,
                "an event of " + now.workflow->id + " has no field " + name +
                    (nearest.empty() ? "; leave it out" : "; write " + std::string{nearest}),
                "unknown-field:" + name};
        }
    }
    return Done{};
}

Result<Done> CaseDecider::check_fields(const Transition& transition, const Event& event,
                                       Instant now) const {
    if (const auto time = meeting_time(item_);
        event.name == kHeld && time && zone_.to_instant(time->start) > now) {
        return Error{ErrorKind::Conflict, item_.id + " has not begun", "not-begun"};
    }
    for (const std::string& field : required_fields(transition)) {
        const auto value = event.fields.find(field);
        if (value == event.fields.end() || value->second.empty()) {
            return Error{ErrorKind::InvalidInput,
                         event.name + " needs the field " + field + "; give it",
                         "missing:" + field};
        }
    }
    for (const Assignment& set : transition.sets) {
        const auto value = event.fields.find(set.field);
        if (value == event.fields.end()) {
            continue;
        }
        const auto checked = set.target == "due"
                                 ? check_new_due(value->second, now)
                                 : check_declared(set, value->second, zone_.date_of(now));
        if (!checked.ok()) {
            return checked.error();
        }
    }
    const Result<Done> receipt = check_receipt(transition, event);
    return receipt.ok() ? check_passed_on(transition, event, now) : receipt;
}

Result<Done> CaseDecider::check_receipt(const Transition& transition, const Event& event) const {
    const auto wish = event.fields.find(std::string{kReceipt});
    if (wish == event.fields.end() || wish->second == "yes") {
        return Done{};
    }
    if (wish->second != "no") {
        return Error{ErrorKind::InvalidInput, "receipt is '" + wish->second + "'; write yes or no",
                     "no-choice:receipt"};
    }
    if (!transition.notice.empty() && !gives_receipt(transition, *context().workflow)) {
        return Error{ErrorKind::InvalidInput,
                     event.name +
                         " tells them what they still owe, and no receipt; leave the "
                         "field receipt out",
                     "unknown-field:receipt"};
    }
    return Done{};
}

Result<Done> CaseDecider::check_new_due(const std::string& value, Instant now) const {
    const auto day = parse_iso_date(value);
    if (!day) {
        return Error{ErrorKind::InvalidInput, "'" + value + "' is no date; write it as 2021-02-12",
                     "no-date:until"};
    }
    const auto deadline = deadline_on(*day);
    if (*day < zone_.date_of(now) || !deadline.ok() || deadline.value().ends_at <= now) {
        return Error{ErrorKind::InvalidInput,
                     value + " has passed; a new deadline lies today or later", "past-date:until"};
    }
    return Done{};
}

Result<Done> CaseDecider::check_passed_on(const Transition& transition, const Event& event,
                                          Instant now) const {
    const State* target = context().workflow->find_state(transition.to);
    if (target == nullptr || !target->tells) {
        return Done{};
    }
    for (const Assignment& with : target->tells->with) {
        const auto value = event.fields.find(with.field);
        if (with.target == "until" && value != event.fields.end()) {
            if (auto checked = check_new_due(value->second, now); !checked.ok()) {
                return checked;
            }
        }
    }
    return Done{};
}

Result<Done> CaseDecider::check_declared(const Assignment& set, const std::string& value,
                                         Date today) const {
    const CaseContext now = context();
    for (const FieldDeclaration& declared : now.workflow->fields) {
        if (declared.name != set.target) {
            continue;
        }
        if (declared.type == FieldType::Day && !parse_iso_date(value)) {
            return Error{ErrorKind::InvalidInput,
                         set.field + ": '" + value + "' is no date; write it as 2021-02-12",
                         "no-date:" + set.field};
        }
        if (declared.type == FieldType::Day && set.target == kReceivedOn &&
            *parse_iso_date(value) > today) {
            return Error{ErrorKind::InvalidInput,
                         set.field + ": " + value + " lies ahead; nothing came then",
                         "future-date:" + set.field};
        }
        if (declared.type == FieldType::Time && !parse_local_time(value)) {
            return Error{
                ErrorKind::InvalidInput,
                set.field + ": '" + value + "' is no day with a time; write it as 2021-03-23T09:00",
                "no-time:" + set.field};
        }
        const bool is_count = set.target == kCameCount;  // Fewer than none come to no meeting.
        const auto digits = value.starts_with("-") && !is_count ? value.substr(1) : value;
        if (declared.type == FieldType::Integer &&
            (digits.empty() || digits.size() > 18 ||
             digits.find_first_not_of("0123456789") != std::string::npos)) {
            return Error{ErrorKind::InvalidInput,
                         set.field + ": '" + value + "' is no whole number",
                         "no-number:" + set.field};
        }
    }
    return Done{};
}

LogEntry& CaseDecider::add_event_entry(const Event& event, Instant now) {
    LogEntry& entry = add_note_entry(event, now);
    entry.data["revision"] = std::to_string(++item_.revision);
    return entry;
}

LogEntry& CaseDecider::add_note_entry(const Event& event, Instant now) {
    LogEntry& entry = add_entry("event", now);
    entry.event = event.name;
    entry.actor = to_string(event.by);
    entry.from = entry.to = item_.state;
    for (const auto& [name, value] : event.fields) {
        (is_fact(value) ? entry.data : entry.aside)[name] = value;
    }
    if (!event.who.empty()) {
        entry.aside["who"] = event.who;
    }
    if (event.on_behalf) {
        entry.data["registered_by"] = to_string(Actor::Creditor);
    }
    if (!event.batch.empty()) {
        entry.data["batch"] = event.batch;
    }
    decision_.from = decision_.to = item_.state;
    return entry;
}

void CaseDecider::remember_for_undo(const Event& event) {
    item_.undo = Case::Undo{.event = event.name,
                            .state = item_.state,
                            .entered_at = item_.entered_at,
                            .granted_until = item_.granted_until,
                            .softened = item_.softened,
                            .fields = item_.fields,
                            .paused = item_.paused,
                            .paused_until = item_.paused_until,
                            .stopped = item_.stopped,
                            .ended = {},
                            .by_configuration = event.by == Actor::Configuration};
    remembered_ = true;
}

void CaseDecider::remember_ended(std::size_t first) {
    if (!std::exchange(remembered_, false) || !item_.undo) {
        return;
    }
    auto& ended = item_.undo->ended;
    for (std::size_t index = first; index < decision_.entries.size(); ++index) {
        for (const Reminder& reminder : decision_.entries[index].change.reminders) {
            const std::string name = stopped_name(reminder.version, reminder.step);
            const bool by_this = decision_.entries[index].kind == "settled" &&
                                 (reminder.account == Account::Superseded ||
                                  reminder.account == Account::Suppressed);
            if (by_this && std::find(ended.begin(), ended.end(), name) == ended.end()) {
                ended.push_back(name);
            }
        }
    }
}

void CaseDecider::follow(const Transition& transition, const Event& event, Instant now) {
    const std::size_t index = decision_.entries.size();
    LogEntry& entry = add_event_entry(event, now);
    entry.to = transition.to;
    decision_.to = transition.to;
    if (const auto was = meeting_time(item_); was && is_date_of_meeting(event.name)) {
        entry.data.merge(former_fields_of(*was));
        if (event.by == Actor::Configuration && event.name != kCancelled) {
            forget_meeting_time(item_);
        }
    }
    // A meeting that is not held after all can be again.
    const bool is_cancelled = event.by == Actor::Configuration && event.name == kCancelled;
    if (is_human(event.by) || is_cancelled) {
        remember_for_undo(event);
    } else {
        item_.undo.reset();  // What came after the last human event is not undone with it.
    }
    event_fields_ = event.fields;
    event_who_ = event.who;
    if (event.by == Actor::Creditor || event.by == Actor::Operator || event.by == Actor::Child) {
        item_.softened = false;  // The creditor has answered.
    }
    cancel_children();
    std::optional<Date> new_due;
    for (const Assignment& set : transition.sets) {
        if (set.is_today()) {
            item_.fields[set.target] = iso_date(zone_.date_of(now));
            continue;
        }
        const auto value = event.fields.find(set.field);
        if (value == event.fields.end()) {
            continue;
        }
        if (set.target == "due") {
            new_due = parse_iso_date(value->second);
        } else {
            item_.fields[set.target] = value->second;
        }
    }
    if (event.name == kNothingToReport) {
        item_.fields[std::string{kNothingToReport}] = iso_date(zone_.date_of(now));
    } else if (event.name == "claimed") {
        item_.fields.erase(std::string{kNothingToReport});
    }
    enter(transition.to, now);
    const auto due_before = item_.due_version;
    if (new_due) {
        grant(*new_due, now);
        add_deadline_data(decision_.entries[index]);
    }
    record_missed(now, why_missed());
    if (!transition.opens.empty()) {
        open_child(transition, event);
    }
    if (!transition.notice.empty()) {
        // Those who need do nothing more may be spared the receipt; nobody else is spared a word.
        const auto receipt = event.fields.find(std::string{kReceipt});
        if (receipt == event.fields.end() || receipt->second != "no") {
            tell(transition.notice, event.fields, now);
        }
    } else if (item_.due_version != due_before) {
        tell_new_deadline(event.fields, now);
    }
    const auto given = event.fields.find(transition.shares);
    if (!transition.shares.empty() && given != event.fields.end() && !given->second.empty()) {
        share(transition.shares, given->second, now);
    }
}

void CaseDecider::tell_new_deadline(const std::map<std::string, std::string>& fields, Instant now) {
    const CaseContext at = context();
    if (at.state != nullptr && at.state->waits_for == Party::Debtor) {
        tell("new-deadline", fields, now);
    }
}

Result<Deadline> CaseDecider::deadline_on(Date until) const {
    const CaseContext at = context();
    const FreeDayRule rule =
        at.requirement == nullptr ? FreeDayRule::NextWorkingDay : at.requirement->if_free_day;
    return evaluate({.anchor = until, .terms = {}, .time_of_day = std::nullopt}, {}, rule, zone_);
}

void CaseDecider::grant(Date until, Instant now) {
    auto deadline = deadline_on(until);
    if (deadline.ok()) {
        item_.granted_until = until;
        item_.held = false;
        set_due(std::move(deadline).value(), now);
    }
}

void CaseDecider::open_child(const Transition& transition, const Event& event) {
    const Workflow* workflow = world_.definitions.find_workflow(transition.opens);
    if (workflow == nullptr) {
        return;
    }
    Case child;
    child.id = item_.id + "/" + transition.opens + "-" + std::to_string(++item_.children_count);
    child.cohort = item_.cohort;
    child.requirement = item_.requirement;
    child.period = item_.period;
    child.debtor = item_.debtor;
    child.creditor = item_.creditor;
    child.parent = item_.id;
    child.workflow = workflow->id;
    child.workflow_version = workflow->version;
    for (const FieldDeclaration& declared : workflow->fields) {
        const auto value = event.fields.find(declared.name);
        if (value != event.fields.end()) {
            child.fields[declared.name] = value->second;
        }
    }
    if (transition.pauses) {
        child.fields[std::string{kPausesParent}] = "yes";
        ++item_.children_open_pausing;
        settle_overtaken(item_.entered_at);
    }
    decision_.opened.push_back(std::move(child));
}

void CaseDecider::tell(const std::string& notice, const std::map<std::string, std::string>& fields,
                       Instant now) {
    const Notice* known = world_.definitions.find_notice(notice);
    Telling telling;
    telling.kind = known == nullptr ? NoticeKind::Answer : known->kind;
    telling.told.case_id = item_.id;
    telling.told.notice = notice;
    telling.told.revision = item_.revision;
    for (const auto& [name, value] : fields) {
        (is_fact(value) ? telling.told.fields : telling.told.texts)[name] = value;
    }
    telling.told.fields["version"] = std::to_string(item_.due_version);
    telling.at = now;
    decision_.tellings.push_back(std::move(telling));
}

void CaseDecider::share(const std::string& what, const std::string& text, Instant now) {
    // What is undone before it has gone loses these, and is not sent.
    item_.fields[shared_name(what)] = iso_date(zone_.date_of(now));
    item_.fields[shared_by(what)] = std::to_string(item_.revision);
    tell(what, {}, now);
    Telling& telling = decision_.tellings.back();
    telling.told.fields[std::string{kShared}] = what;
    telling.told.texts[what] = text;
    const auto time = meeting_time(item_);
    const bool is_over = time && zone_.to_instant(time->start) <= now;
    telling.to = attendees_of(item_, context(), world_.definitions);
    std::erase_if(*telling.to, [&](const Recipient& called) {
        const Invitation* known =
            find_invitation(file_.invitations, world_.persons.of(called.address));
        const bool is_called = known != nullptr && !known->told.empty();
        const bool declined = known != nullptr && counting_response(*known) == Response::Declined;
        // Whose invitation has not gone reads it there.
        return !may_write_to(world_.definitions.installation, called.address) ||
               world_.refused.contains(lower_case(called.address)) ||
               (!is_over && (!is_called || declined));
    });
    for (const Invitation& known : file_.invitations) {
        const bool is_called = known.role == kSignedUpRole && !known.told.empty();
        if (is_called && (is_over || counting_response(known) != Response::Declined)) {
            telling.signed_up.push_back(known);
        }
    }
}
}  // namespace fristvakt::workflows
