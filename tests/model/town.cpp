#include "tests/model/town.hpp"

#include <algorithm>
#include <utility>

#include "tests/model/meeting.hpp"

namespace fristvakt::tests::model {

void Town::use(Rules rules) {
    rules_ = with_meetings(std::move(rules));
    ++generation_;
    ++stamp;
    called_.clear();
}

const std::vector<Called>& Town::called(Day first_start) {
    const auto [known, is_new] = called_.try_emplace(first_start);
    if (is_new) {
        known->second = called_for(rules_, first_start);
    }
    return known->second;
}

Case* Town::find(const std::string& id) {
    const auto found = cases.find(id);
    return found == cases.end() ? nullptr : &found->second;
}

const std::vector<Occurrence>& Town::steps(const Case& item) {
    Known& known = known_[item.id];
    if (known.changes != item.changes || known.generation != generation_) {
        known = {item.changes, generation_, occurrences(item, rules_)};
    }
    return known.steps;
}

FreeDay Town::rule_of(const Case& item) const {
    const Requirement* requirement = rules_.find_requirement(item.requirement);
    return requirement == nullptr ? FreeDay::Next : requirement->if_free_day;
}

// --- what is owed
// ---------------------------------------------------------------------------------

std::optional<Owed> Town::owed_of(const Case& item, const Occurrence& step) const {
    if (!step.counts || step.at < item.stretch_began_at) {
        return std::nullopt;
    }
    Owed owed{item.id, version_of(item, rules_), step.step->id, step.at,
              audience(*step.step, item, rules_, day_at(step.at), refused).to};
    // Who was told or answered about that time may have been asked before or after.
    std::erase_if(owed.to, [&](const Recipient& one) {
        const auto guest = item.guests.find(one.address);
        return is_of_guests(*step.step) && guest->second.since >= step.at;
    });
    return owed;
}

std::vector<Owed> Town::owed(Second looked, Second now) {
    std::vector<Owed> all;
    for (const auto& [id, item] : cases) {
        if (item.final || is_resting(item)) {
            continue;
        }
        for (const Occurrence& step : steps(item)) {
            if (step.at > looked && step.at <= now) {
                if (auto one = owed_of(item, step)) {
                    all.push_back(std::move(*one));
                }
            }
        }
    }
    return all;
}

/// Also of one who takes part no more and was brought back by hand.
std::optional<Day> Town::called_due(const Case& item) {
    for (const Called& one : called(0)) {
        if (one.id == item.id) {
            return one.due;
        }
    }
    const Requirement* requirement = rules_.find_requirement(item.requirement);
    return requirement == nullptr || requirement->monthly || !item.parent.empty()
               ? std::nullopt
               : std::optional{off_free_days(requirement->due, requirement->if_free_day)};
}

std::optional<Second> Town::next_due(Second now, Day first_start) {
    std::optional<Second> next;
    const auto consider = [&](Second at) {
        if (at > now && (!next || at < *next)) {
            next = at;
        }
    };
    for (const auto& [id, item] : cases) {
        if (const auto at = next_change(item)) {
            consider(*at);
        }
        if (item.final || is_resting(item)) {
            continue;
        }
        for (const Occurrence& step : steps(item)) {
            consider(step.at);
        }
    }
    for (const Called& one : called(first_start)) {
        consider(instant(one.opens));
    }
    return next;
}

void Town::stop(Case& item, Second at, bool owing) {
    ++item.deeds;
    end_stretch(item, at, owing);
}

/// What falls due after somebody has looked does so by the rules of then.
void Town::look_at(Case& item, Second now) {
    if (!item.final && !is_resting(item)) {
        end_stretch(item, now, true);
        go_on(item, now);
    }
}

void Town::end_stretch(Case& item, Second at, bool owing) {
    const std::string version = version_of(item, rules_);
    if (is_resting(item) || version.empty() || item.stretch_began_at >= at) {
        return;
    }
    if (owing) {
        for (const Occurrence& step : steps(item)) {
            if (step.at > looked_at && step.at < at) {
                if (auto one = owed_of(item, step)) {
                    owed_earlier.push_back(std::move(*one));
                }
            }
        }
    }
    item.stretches.push_back({item.stretch_began_at, at, version});
}

void Town::go_on(Case& item, Second at) {
    item.stretch_began_at = at;
    ++item.changes;
    ++stamp;
    if (const auto deadline = counted(item, rules_)) {
        item.deadlines[version_of(item, rules_)] = *deadline;
    }
}

void Town::soften(Case& item, bool softly) {
    if (std::exchange(item.softened, softly) != softly) {
        turn(item, Turn::Kind::Softness);
    }
}

// --- states
// ---------------------------------------------------------------------------------------

void Town::open(const Called& called, Second at) {
    Case& item = cases[called.id];
    item.id = called.id;
    item.requirement = called.requirement;
    item.debtor = called.debtor;
    item.creditor = called.creditor;
    item.workflow = rules_.find_requirement(called.requirement)->workflow;
    item.opened_at = at;
    item.due = called.due;
    item.versions = {called.due};
    item.version = 1;
    item.version_began_at = at;
    item.held = instant(called.due + 1) <= at;
    FollowUp none;
    enter(item, rules_.find_workflow(item.workflow)->start, at, at, nullptr, none);
    go_on(item, at);
}

void Town::enter(Case& item, const std::string& state, Second at, Second entered_at,
                 const Event* event, FollowUp& after) {
    item.state = state;
    item.entered_at = entered_at;
    item.awake_since = at;
    ++item.entry;
    item.own_deadline.reset();
    const State* now = state_of(item, rules_);
    item.final = now == nullptr || now->final;
    if (now != nullptr && now->deadline == State::Deadline::Own) {
        // As written: what ends at midnight ends on the day that begins then.
        const Day from = now->from == State::From::Entered ? day_at(entered_at)
                         : now->from == State::From::Start ? day_of(item.date->start)
                                                           : day_of(item.date->end);
        item.own_deadline = off_free_days(add(from, now->own), FreeDay::Next);
    }
    turn(item, Turn::Kind::State);
    if (item.final) {
        tell_parent(item, event, after);
    }
}

void Town::tell_parent(const Case& item, const Event* event, FollowUp& after) {
    if (item.parent.empty()) {
        return;
    }
    if (item.rests_parent) {
        after.raised.push_back({item.parent, "resumed", By::Child, {}});
    }
    const State* now = state_of(item, rules_);
    if (now != nullptr && !now->tells.empty()) {
        Event told{item.parent, now->tells, By::Child, {}};
        if (event != nullptr && event->fields.contains("until")) {
            told.fields["until"] = event->fields.at("until");
        }
        after.raised.push_back(std::move(told));
    }
}

void Town::cancel_children(const Case& item, FollowUp& after) {
    for (const std::string& child : item.open_children) {
        after.raised.push_back({child, "withdrawn", By::Parent, {}});
    }
}

/// Not by a deadline of its state's own, which goes on whatever becomes of the other.
bool Town::waits_for_due(const Case& item) const {
    const State* state = state_of(item, rules_);
    return state != nullptr && state->deadline == State::Deadline::Due;
}

void Town::set_due(Case& item, Day due, Second at) {
    if (item.due == due) {
        return;
    }
    item.due = due;
    auto known = std::find(item.versions.begin(), item.versions.end(), due);
    if (known == item.versions.end()) {
        known = item.versions.insert(known, due);
    }
    item.version = static_cast<int>(known - item.versions.begin()) + 1;
    item.version_began_at = at;
    if (waits_for_due(item)) {
        item.awake_since = at;  // Also when the clock has gone back since.
    }
    turn(item, Turn::Kind::Deadline);
}

void Town::grant(Case& item, Day until, Second now) {
    item.granted = until;
    item.held = false;
    set_due(item, off_free_days(until, rule_of(item)), now);
}

void Town::tell(const Case& item, const std::string& notice, Second now) {
    const auto known = rules_.notices.find(notice);
    const Kind kind = known == rules_.notices.end() ? Kind::Answer : known->second.kind;
    const Second goes_at = kind == Kind::Answer ? now : next_opening(rules_.window, now);
    tellings.push_back({item.id, notice, kind, now, item.version,
                        contacts_of_debtor(item, rules_, day_at(goes_at), refused)});
}

void Town::tell_new_deadline(const Case& item, Second now) {
    const State* state = state_of(item, rules_);
    if (state != nullptr && state->waits_for == Side::Debtor) {
        tell(item, "new-deadline", now);
    }
}

// --- time and configuration
// -----------------------------------------------------------------------

std::optional<Second> Town::next_change(const Case& item) const {
    if (item.final) {
        return std::nullopt;
    }
    if (item.paused) {
        return item.paused_until ? std::optional{std::max(*item.paused_until, item.awake_since)}
                                 : std::nullopt;
    }
    const State* state = state_of(item, rules_);
    const auto deadline = counted(item, rules_);
    if (state == nullptr || state->after.empty() || !deadline) {
        return std::nullopt;
    }
    return std::max(instant(*deadline + 1), item.awake_since);
}

void Town::change(Case& item, Second now) {
    const Second at = *next_change(item);
    if (item.paused) {
        ++item.deeds;
        if (item.undo && item.undo->in_place) {
            item.undo.reset();
        }
        wake(item, at);
        return;
    }
    stop(item, at, true);
    const State left = *state_of(item, rules_);
    FollowUp after;
    item.undo.reset();
    cancel_children(item, after);
    enter(item, left.after, at, at, nullptr, after);
    const State* entered = state_of(item, rules_);
    if (left.waits_for == Side::Creditor && entered != nullptr &&
        entered->waits_for == Side::Debtor) {
        soften(item, true);
    }
    go_on(item, at);
    carry_out(item, after, now);
}

bool Town::is_past(const Case& item) const {
    if (!item.parent.empty()) {
        return false;
    }
    if (is_meeting(item, rules_)) {
        return was_held(item, rules_);
    }
    const auto meeting = cases.find(meeting_of(item));
    const auto& all = rules_.participants;
    return meeting != cases.end() && was_held(meeting->second, rules_) &&
           std::find(all.begin(), all.end(), item.debtor) != all.end();
}

std::optional<Day> Town::moved_to(const Case& item, Day called) const {
    if (is_past(item)) {
        return std::nullopt;
    }
    Day wanted = called;
    if (item.granted) {
        const Requirement* requirement = rules_.find_requirement(item.requirement);
        if (requirement == nullptr || requirement->of != Requirement::Of::Prework) {
            return std::nullopt;
        }
        // It goes along with its meeting, but more time is never less.
        const Day granted = off_free_days(*item.granted, rule_of(item));
        const auto place = [&](Day day) {
            return std::find(item.versions.begin(), item.versions.end(), day);
        };
        const bool is_newer =
            place(called) == item.versions.end() || place(called) > place(granted);
        wanted = is_newer && called > granted ? called : granted;
    }
    return item.due == wanted ? std::nullopt : std::optional{wanted};
}

void Town::move_deadline(Case& item, Day due, Second now) {
    if (waits_for_due(item)) {
        stop(item, now, false);
        set_due(item, due, now);
        // What nobody has looked at until now passes now.
        item.awake_since = std::max(item.awake_since, now);
        go_on(item, now);
    } else {
        ++item.deeds;
        set_due(item, due, now);
    }
    tell_new_deadline(item, now);
}

void Town::follow_date(Case& item, Second now) {
    const std::string name = date_event(item, rules_);
    const auto& on = state_of(item, rules_)->on;
    const auto transition = std::find_if(on.begin(), on.end(),
                                         [&](const Transition& one) { return one.event == name; });
    item.held = false;
    FollowUp after;
    follow(item, *transition, {item.id, name, By::Configuration, {}}, now, after);
    carry_out(item, after, now);
}

void Town::withdraw(Case& item, By by, Second now) {
    FollowUp after;
    stop(item, now, by != By::Configuration);
    if (by == By::Parent) {
        item.undo.reset();
    } else {
        remember(item, false);
        item.undo->by_configuration = by == By::Configuration;
    }
    cancel_children(item, after);
    enter(item, "withdrawn", now, now, nullptr, after);
    go_on(item, now);
    carry_out(item, after, now);
}

// --- events
// ---------------------------------------------------------------------------------------

Answer Town::raise(const Event& event, Second now) {
    Case* item = find(event.case_id);
    if (item == nullptr) {
        return Answer::NotFound;
    }
    FollowUp after;
    const Answer answer = apply(*item, event, now, after);
    if (answer == Answer::Taken) {
        carry_out(*item, after, now);
    }
    return answer;
}

void Town::carry_out(Case& item, FollowUp& after, Second now) {
    const std::string id = item.id;
    if (item.final && !item.parent.empty()) {
        std::erase(cases[item.parent].open_children, id);
    }
    for (Case& child : after.opened) {
        cases[id].open_children.push_back(child.id);
        FollowUp none;
        Case& opened = cases[child.id] = child;
        enter(opened, rules_.find_workflow(opened.workflow)->start, now, now, nullptr, none);
        go_on(opened, now);
    }
    for (const Event& event : after.raised) {
        Case* other = find(event.case_id);
        // What time has brought by now comes before what is raised now.
        for (auto at = other == nullptr ? std::nullopt : next_change(*other); at && *at < now;
             at = next_change(*other)) {
            changed_early.insert({event.case_id, *at});
            change(*other, now);
        }
        // What the parent left before this child was open again did not close it.
        if (other != nullptr && event.name == "paused") {
            other->open_children.push_back(id);
        }
        (void)raise(event, now);
    }
}

Answer Town::apply(Case& item, const Event& event, Second now, FollowUp& after) {
    static const std::set<std::string> kBuiltIn{"opened",         "paused",           "resumed",
                                                "noted",          "withdrawn",        "reverted",
                                                "deadline_moved", "reminder_stopped", "sent_now"};
    if (event.name == kResponded) {
        return respond(item, event, now);
    }
    if (event.by == By::Attendee) {
        return Answer::Invalid;
    }
    if (kBuiltIn.contains(event.name)) {
        return apply_built_in(item, event, now, after);
    }
    const Workflow* workflow = rules_.find_workflow(item.workflow);
    const State* state = state_of(item, rules_);
    if (workflow == nullptr || state == nullptr) {
        return Answer::Conflict;
    }
    const auto named = [&](const Transition& one) { return one.event == event.name; };
    const auto transition = std::find_if(state->on.begin(), state->on.end(), named);
    if (transition != state->on.end() && is_of_date(event.name) && is_meeting(item, rules_)) {
        return Answer::Conflict;  // Its date stands in the configuration.
    }
    if (transition == state->on.end()) {
        const bool elsewhere =
            std::any_of(workflow->states.begin(), workflow->states.end(), [&](const State& other) {
                return std::any_of(other.on.begin(), other.on.end(), named);
            });
        return elsewhere ? Answer::Conflict : Answer::NotFound;
    }
    const bool may = event.by == By::Child || event.by == By::Operator ||
                     (event.by == By::Debtor && transition->by_debtor) ||
                     (event.by == By::Creditor && transition->by_creditor);
    if (!may) {
        return Answer::Invalid;
    }
    if (event.name == kHeld && item.date && instant_of(item.date->start) > now) {
        return Answer::Conflict;  // Nobody has met yet.
    }
    const Answer checked = check(item, *transition, event, now);
    if (checked == Answer::Taken) {
        follow(item, *transition, event, now, after);
    }
    return checked;
}

bool Town::is_new_due(const Case& item, const std::string& text, Second now) const {
    const auto day = parse_date(text);
    return day && *day >= day_at(now) && instant(off_free_days(*day, rule_of(item)) + 1) > now;
}

Answer Town::check(const Case& item, const Transition& transition, const Event& event,
                   Second now) const {
    const auto has = [&](const std::string& field) {
        const auto value = event.fields.find(field);
        return value != event.fields.end() && !value->second.empty();
    };
    for (const std::string& field : transition.needs) {
        if (!has(field)) {
            return Answer::Invalid;
        }
    }
    const State* target = rules_.find_state(item.workflow, transition.to);
    const bool passes_on =
        target != nullptr && !target->tells.empty() && event.fields.contains("until");
    // By hand a meeting is given a date only while its case fits no configuration.
    if (transition.sets_date && !has("start")) {
        return Answer::Invalid;
    }
    if (transition.sets_due && !has("until")) {
        return Answer::Invalid;
    }
    if ((transition.sets_due || passes_on) && !is_new_due(item, event.fields.at("until"), now)) {
        return Answer::Invalid;
    }
    return Answer::Taken;
}

void Town::follow(Case& item, const Transition& transition, const Event& event, Second now,
                  FollowUp& after) {
    const bool by_configuration = event.by == By::Configuration;
    stop(item, now, !by_configuration);
    if (event.by == By::Child || (by_configuration && event.name != kCancelled)) {
        item.undo.reset();
    } else {
        remember(item, false);
        item.undo->by_configuration = by_configuration;
    }
    if (event.by != By::Debtor && !by_configuration) {
        soften(item, false);
    }
    if (by_configuration && event.name != kCancelled) {
        const MeetingDate* date = rules_.find_date(*rules_.find_requirement(item.requirement));
        item.date = date == nullptr ? std::nullopt : std::optional{date->when};
    }
    cancel_children(item, after);
    enter(item, transition.to, now, now, &event, after);
    const int version_before = item.version;
    if (transition.sets_due) {
        grant(item, *parse_date(event.fields.at("until")), now);
    }
    if (!transition.opens.empty()) {
        open_child(item, transition, now, after);
    }
    go_on(item, now);
    if (!transition.notice.empty()) {
        tell(item, transition.notice, now);
    } else if (item.version != version_before) {
        tell_new_deadline(item, now);
    }
}

void Town::open_child(Case& item, const Transition& transition, Second now, FollowUp& after) {
    Case child;
    child.id = item.id + "/" + transition.opens + "-" + std::to_string(++item.children);
    child.requirement = item.requirement;
    child.debtor = item.debtor;
    child.creditor = item.creditor;
    child.parent = item.id;
    child.workflow = transition.opens;
    child.opened_at = now;
    child.rests_parent = transition.pauses;
    if (transition.pauses) {
        ++item.resting_children;
        turn(item, Turn::Kind::Rest);
    }
    after.opened.push_back(std::move(child));
}

Answer Town::apply_built_in(Case& item, const Event& event, Second now, FollowUp& after) {
    if (event.name == "noted") {
        look_at(item, now);
        return Answer::Taken;
    }
    if (event.by == By::Debtor) {
        return Answer::Invalid;
    }
    if (event.by == By::Child && event.name == "resumed") {
        if (item.resting_children > 0 && --item.resting_children == 0) {
            go_on(item, now);
        }
        return Answer::Taken;
    }
    if (event.by == By::Child && event.name == "paused") {
        stop(item, now, true);
        ++item.resting_children;
        turn(item, Turn::Kind::Rest);
        return Answer::Taken;
    }
    if (event.name == "reverted") {
        const bool taken_out = item.undo && item.undo->by_configuration;
        return taken_out && event.by != By::Configuration ? Answer::Conflict
                                                          : revert(item, now, after);
    }
    if (item.final) {
        return Answer::Conflict;
    }
    if (event.name == "paused") {
        const auto field = event.fields.find("until");
        const bool until_given = field != event.fields.end();
        const auto day = until_given ? parse_date(field->second) : std::nullopt;
        if (until_given && (!day || *day < day_at(now))) {
            return Answer::Invalid;
        }
        stop(item, now, true);
        remember(item, true);
        item.paused = true;
        item.paused_until = until_given ? std::optional{instant(*day + 1)} : std::nullopt;
        turn(item, Turn::Kind::Rest);
        return Answer::Taken;
    }
    if (event.name == "resumed") {
        if (!item.paused) {
            return Answer::Conflict;
        }
        remember(item, true);
        wake(item, now);
        return Answer::Taken;
    }
    if (event.name == "withdrawn") {
        withdraw(item, event.by, now);
        return Answer::Taken;
    }
    if (event.name == "deadline_moved") {
        return move_by_hand(item, event, now);
    }
    if (event.name == "reminder_stopped" || event.name == "sent_now") {
        const Answer answer =
            event.name == "sent_now" ? send_now(item, event, now) : stop_step(item, event, now);
        if (answer == Answer::Taken) {
            look_at(item, now);
        }
        return answer;
    }
    return Answer::Invalid;
}

// --- by hand
// --------------------------------------------------------------------------------------

namespace {

std::string field(const Event& event, const std::string& name) {
    const auto found = event.fields.find(name);
    return found == event.fields.end() ? std::string{} : found->second;
}

bool is_to_debtor(const Step& step) {
    return std::any_of(step.to.begin(), step.to.end(),
                       [](const Role& role) { return !role.at_creditor; });
}

}  // namespace

std::vector<Occurrence> Town::by_time(const Case& item) {
    std::vector<Occurrence> all = steps(item);
    std::stable_sort(all.begin(), all.end(),
                     [](const Occurrence& a, const Occurrence& b) { return a.at < b.at; });
    return all;
}

Answer Town::move_by_hand(Case& item, const Event& event, Second now) {
    if (!item.due) {
        return Answer::Conflict;
    }
    const std::string until = field(event, "until");
    if (until.empty() || !is_new_due(item, until, now)) {
        return Answer::Invalid;
    }
    stop(item, now, true);
    remember(item, true);
    const int version_before = item.version;
    grant(item, *parse_date(until), now);
    item.awake_since = std::max(item.awake_since, now);
    go_on(item, now);
    if (item.version != version_before) {
        tell_new_deadline(item, now);
    }
    return Answer::Taken;
}

Answer Town::stop_step(Case& item, const Event& event, Second now) {
    if (field(event, "reason").empty()) {
        return Answer::Invalid;
    }
    const std::string wanted = field(event, "step");
    for (const Occurrence& step : by_time(item)) {
        const std::string& id = step.step->id;
        const std::string name = name_of(item, id, rules_);
        const Standing stands = standing(item, id);
        const bool to_come = step.at > now && stands.comes_yet;
        const bool left = !item.stopped.contains(name) && (to_come || !stands.open.empty());
        if (wanted.empty() ? !step.counts || !left : id != wanted) {
            continue;
        }
        if (!step.counts || !left || (!event.called.empty() && event.called != id)) {
            return Answer::Conflict;
        }
        remember(item, true);
        item.stopped.insert(name);
        return Answer::Taken;
    }
    return Answer::NotFound;
}

/// Taken without an id: a notice of its own.
Answer Town::choose_to_send(const Case& item, const Event& event, bool ahead, Step& chosen) {
    const std::string notice = field(event, "notice");
    for (const Step& step : ladder_of(item, rules_)->steps) {
        const bool fits = is_to_debtor(step) && (step.offset.count <= 0) == ahead;
        if (fits && (notice.empty() || notice == step.notice)) {
            chosen.notice = step.notice;
        }
    }
    if (!notice.empty()) {
        return chosen.notice.empty() ? Answer::Invalid : Answer::Taken;
    }
    const std::string wanted = field(event, "step");
    for (const Occurrence& step : by_time(item)) {
        const std::string& id = step.step->id;
        if (!wanted.empty() && id != wanted) {
            continue;
        }
        const Standing stands = standing(item, id);
        const bool left = stands.planned.empty() ? !item.stopped.contains(name_of(item, id, rules_))
                                                 : stands.any_waits;
        if (step.counts && step.before == ahead && is_to_debtor(*step.step) && left) {
            chosen = *step.step;
            return Answer::Taken;
        }
        if (!wanted.empty()) {
            return Answer::Conflict;
        }
    }
    if (!wanted.empty()) {
        return Answer::NotFound;
    }
    return chosen.notice.empty() ? Answer::Conflict : Answer::Taken;
}

Answer Town::send_now(Case& item, const Event& event, Second now) {
    const State* state = state_of(item, rules_);
    const Ladder* ladder = ladder_of(item, rules_);
    const auto deadline = counted(item, rules_);
    if (state == nullptr || state->waits_for != Side::Debtor || is_resting(item) || item.held ||
        ladder == nullptr || !deadline) {
        return Answer::Conflict;
    }
    const bool ahead = now < instant(*deadline + 1);
    Step chosen;
    const Answer answer = choose_to_send(item, event, ahead, chosen);
    if (answer != Answer::Taken) {
        return answer;
    }
    const bool alone = chosen.id.empty();
    const bool called_so =
        alone ? event.called.starts_with("sent_now.") : event.called == chosen.id;
    if (alone) {
        chosen.id = event.called;
        chosen.to = those_concerned(*ladder);
    }
    const Standing stands = alone ? Standing{} : standing(item, chosen.id);
    const auto to = audience(chosen, item, rules_, day_at(now), refused).to;
    const bool reaches = std::any_of(to.begin(), to.end(), [&](const Recipient& one) {
        return stands.waiting.empty() ? !stands.planned.contains(one.address)
                                      : stands.waiting.contains(one.address);
    });
    if (!reaches || (!event.called.empty() && !called_so)) {
        return Answer::Conflict;
    }
    ++item.deeds;
    if (stands.waiting.empty()) {
        item.sent[name_of(item, chosen.id, rules_)] = {chosen.notice, now, ahead};
    }
    return Answer::Taken;
}

Answer Town::respond(Case& item, const Event& event, Second now) {
    const Answer answer = check_reply(item, event, now);
    if (answer == Answer::Taken) {
        look_at(item, now);
        note_reply(item, event, now);
    }
    return answer;
}

void Town::remember(Case& item, bool in_place) {
    item.undo = Case::Undo{item.state, item.entered_at, item.granted,      item.softened,
                           in_place,   item.paused,     item.paused_until, ++item.deeds,
                           false,      item.stopped,    item.date};
}

void Town::wake(Case& item, Second at) {
    item.paused = false;
    item.paused_until.reset();
    item.awake_since = at;
    go_on(item, at);
}

void Town::revert_in_place(Case& item, const Case::Undo& undo, Second now) {
    if (undo.paused) {
        item.paused = true;
        item.paused_until = undo.paused_until;
        item.awake_since = now;
        turn(item, Turn::Kind::Rest);
    } else if (item.paused) {
        wake(item, now);
    }
}

Answer Town::revert(Case& item, Second now, FollowUp& after) {
    if (!item.undo) {
        return Answer::Conflict;
    }
    stop(item, now, true);
    const Case::Undo undo = *std::exchange(item.undo, std::nullopt);
    item.undone = undo.deed;
    item.stopped = undo.stopped;
    item.date = undo.date;
    soften(item, undo.softened);
    if (undo.in_place) {
        revert_in_place(item, undo, now);
    } else {
        cancel_children(item, after);
        if (std::exchange(item.final, false)) {
            if (item.rests_parent) {
                after.raised.push_back({item.parent, "paused", By::Child, {}});
            }
        }
        enter(item, undo.state, now, undo.entered_at, nullptr, after);
    }
    const int version_before = item.version;
    if (item.granted != undo.granted) {
        item.granted = undo.granted;
        item.awake_since = std::max(item.awake_since, now);
        if (undo.granted) {
            grant(item, *undo.granted, now);
        } else {
            if (const auto due = called_due(item)) {
                set_due(item, *due, now);
                item.held = instant(*due + 1) <= item.opened_at;
            }
        }
    }
    go_on(item, now);
    if (item.version != version_before) {
        tell_new_deadline(item, now);
    }
    return Answer::Taken;
}

}  // namespace fristvakt::tests::model
