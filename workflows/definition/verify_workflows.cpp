#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "workflows/definition/verification.hpp"

namespace fristvakt::workflows {
namespace {

using Kind = StateDeadline::Kind;

/// Of the fields that every event may carry, dates.
constexpr std::array<std::string_view, 1> kDateFields{"until"};
constexpr std::array<NoticeKind, 2> kTold{NoticeKind::Answer, NoticeKind::Change};

bool contains(std::span<const std::string_view> words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

/// Everything about one workflow. Reachability is asked only of one whose parts fit together: a
/// misspelt state would otherwise be reported a second time as one that nothing leads to.
class WorkflowCheck {
 public:
    WorkflowCheck(Verification& verification, const Workflow& workflow)
        : verification_(verification), workflow_(workflow) {
        for (const auto& state : workflow.states) {
            state_ids_.push_back(state.id);
        }
        fields_ = workflow.event_fields();
    }

    void run() {
        const std::size_t findings_before = verification_.findings.size();
        if (workflow_.states.empty()) {
            verification_.error(at("states"), "the workflow has no states", "add some");
            return;
        }
        check_state_id(workflow_.start, at("start"));
        for (const auto& state : workflow_.states) {
            check_state(state);
        }
        check_migrations();
        if (verification_.findings.size() == findings_before) {
            check_rings();
            check_reachable();
            check_can_end();
        }
    }

 private:
    void check_migrations() {
        for (const auto& [from, states] : workflow_.migrates) {
            const std::string key = fmt::format("migrates.{}", from);
            if (from >= workflow_.version) {
                verification_.error(
                    at(key), fmt::format("version {} is not older than this one", from),
                    fmt::format("this is version {}; only earlier ones can come along",
                                workflow_.version));
            }
            for (const auto& [old_state, new_state] : states) {
                check_state_id(new_state, at(fmt::format("{}.{}", key, old_state)));
            }
            if (const Workflow* old = verification_.definitions.find_workflow(workflow_.id, from)) {
                check_migration(*old, states, at(key));
            }
        }
    }

    /// With the old version at hand: nothing misspelt, and no state left without a place to go.
    void check_migration(const Workflow& old, const std::map<std::string, std::string>& states,
                         const SourcePosition& where) {
        std::vector<std::string_view> known;
        for (const State& state : old.states) {
            known.push_back(state.id);
            if (!state.final && !states.contains(state.id) &&
                workflow_.find_state(state.id) == nullptr) {
                verification_.error(where,
                                    fmt::format("cases in `{}` of version {} would have no state",
                                                state.id, old.version),
                                    fmt::format("say where they go, such as {{{}: {}}}", state.id,
                                                workflow_.start));
            }
        }
        for (const auto& [old_state, new_state] : states) {
            if (!contains(known, old_state)) {
                verification_.error(
                    at(fmt::format("migrates.{}.{}", old.version, old_state)),
                    fmt::format("version {} has no state `{}`", old.version, old_state),
                    did_you_mean(old_state, known));
            }
        }
    }

    [[nodiscard]] const SourcePosition& at(std::string_view key) const {
        return place(workflow_.places, key, workflow_.where);
    }

    void check_state_id(std::string_view id, const SourcePosition& where) {
        if (workflow_.find_state(id) == nullptr) {
            verification_.error(where, fmt::format("there is no state `{}`", id),
                                did_you_mean(id, state_ids_));
        }
    }

    /// What its people are told needs a time, and words.
    void check_invites(const State& state) {
        static constexpr std::array<NoticeKind, 1> kInvitation{NoticeKind::Invitation};
        const auto& where = place(state.places, "invites", state.where);
        const bool has_start = std::ranges::any_of(workflow_.fields, [](const auto& field) {
            return field.name == "start" && field.type == FieldType::Time;
        });
        if (!has_start) {
            verification_.error(where,
                                fmt::format("`{}` invites, and nothing says to when", state.id),
                                "declare `fields: {start: time?, end: time?, place: text?}`");
        }
        for (const std::string_view notice :
             {"invitation", "invitation-moved", "invitation-cancelled", "invitation-withdrawn"}) {
            check_notice(verification_, notice, where, kInvitation);
        }
    }

    void check_state(const State& state) {
        if (state.invites) {
            check_invites(state);
        }
        if (state.final) {
            check_final(state);
            return;
        }
        const auto& where = state.where;
        if (!state.waits_for && !state.places.contains("waits_for")) {
            verification_.error(
                where, fmt::format("`{}` waits for nobody", state.id),
                "add `waits_for: debtor`, `creditor` or `nobody`, or `final: true`");
        } else if (!state.waits_for && state.ladder == "requirement") {
            verification_.error(place(state.places, "ladder", where),
                                fmt::format("`{}` waits for nobody, and the ladder of a "
                                            "requirement chases somebody",
                                            state.id),
                                "name a ladder that asks and does not chase, or leave it out");
        }
        if (!state.deadline) {
            verification_.error(where, fmt::format("`{}` has no deadline", state.id),
                                "add `deadline: due`, such as `entered + 5 working days`, or "
                                "`none` when it may last");
        } else {
            check_deadline(state);
        }
        if (state.tells) {
            verification_.error(state.tells->where, "`tells` stands in a state that is not final",
                                "the parent is told when a child is over; move it there");
        }
        for (const auto& transition : state.on) {
            check_transition(transition);
        }
    }

    void check_final(const State& state) {
        for (const std::string_view key :
             {"on", "waits_for", "deadline", "ladder", "after_deadline"}) {
            if (const auto found = state.places.find(key); found != state.places.end()) {
                verification_.error(found->second,
                                    fmt::format("`{}` is final and has `{}`", state.id, key),
                                    "a final state waits for nothing; leave one of them out");
            }
        }
        if (state.tells) {
            check_tells(state);
        }
    }

    /// What the deadline of a state may count from.
    [[nodiscard]] std::vector<std::string_view> anchor_names() const {
        std::vector<std::string_view> names{"entered", "opened", "due"};
        for (const FieldDeclaration& field : workflow_.fields) {
            if (field.type == FieldType::Day || field.type == FieldType::Time) {
                names.push_back(field.name);
            }
        }
        return names;
    }

    void check_deadline(const State& state) {
        const auto& where = place(state.places, "deadline", state.where);
        if (state.deadline->kind == Kind::Own) {
            const auto anchors = anchor_names();
            const auto* anchor = std::get_if<std::string>(&state.deadline->expression.anchor);
            if (anchor == nullptr) {
                verification_.error(where, "a date cannot be the deadline of a state",
                                    "write such as `entered + 5 working days`");
            } else if (!contains(anchors, *anchor)) {
                verification_.error(where, fmt::format("`{}` means nothing here", *anchor),
                                    did_you_mean(*anchor, anchors));
            }
        }
        const bool has_none = state.deadline->kind == Kind::None;
        if (has_none && !state.ladder.empty()) {
            verification_.error(place(state.places, "ladder", state.where),
                                fmt::format("`{}` has a ladder and no deadline", state.id),
                                "a ladder counts from the deadline; add one or leave it out");
        } else if (!state.ladder.empty() && state.ladder != "requirement") {
            check_ladder(verification_, state.ladder, place(state.places, "ladder", state.where));
        }
        if (state.after_deadline_to.empty()) {
            return;
        }
        const auto& after = place(state.places, "after_deadline", state.where);
        if (has_none) {
            verification_.error(after, fmt::format("`{}` has no deadline to come after", state.id),
                                "add a deadline, or leave `after_deadline` out");
        }
        check_state_id(state.after_deadline_to, after);
    }

    void check_transition(const Transition& transition) {
        const auto where = [&](std::string_view key) -> const SourcePosition& {
            return place(transition.places, key, transition.where);
        };
        if (is_built_in_event(transition.event)) {
            verification_.error(transition.where,
                                fmt::format("every case knows `{}` already", transition.event),
                                "take another name for the event");
        }
        if (transition.by.empty()) {
            verification_.error(where("by"), fmt::format("nobody may raise `{}`", transition.event),
                                "add `by: debtor`, `by: creditor` or both in a list");
        }
        check_state_id(transition.to, where("to"));
        check_not_closing(transition, where("to"));
        for (std::size_t i = 0; i < transition.needs.size(); ++i) {
            const auto& need = transition.needs[i];
            if (!contains(fields_, need)) {
                const auto& list = where("needs");
                verification_.error(place(transition.places, fmt::format("needs.{}", i), list),
                                    fmt::format("no event has a field `{}`", need),
                                    did_you_mean(need, fields_) + ", or declare it in `fields`");
            }
        }
        for (const auto& assignment : transition.sets) {
            check_set(assignment, where("sets." + assignment.target));
        }
        if (!transition.notice.empty()) {
            check_notice(verification_, transition.notice, where("notice"), kTold);
        }
        if (!transition.shares.empty()) {
            check_notice(verification_, transition.shares, where("shares"), kTold);
        }
        if (!transition.opens.empty()) {
            check_opens(transition, where("opens"));
        }
        if (transition.pauses && transition.opens.empty()) {
            verification_.error(where("pauses"), "`pauses` stands without `opens`",
                                "it rests the ladder while the child that is opened is open");
        }
    }

    void check_opens(const Transition& transition, const SourcePosition& where) {
        const auto& workflows = verification_.definitions.workflows;
        const Workflow* child = verification_.definitions.find_workflow(transition.opens);
        if (child == nullptr) {
            if (!verification_.unreadable.workflows.contains(transition.opens)) {
                std::vector<std::string_view> known;
                std::ranges::transform(workflows, std::back_inserter(known), &Workflow::id);
                verification_.error(where,
                                    fmt::format("there is no workflow `{}`", transition.opens),
                                    did_you_mean(transition.opens, known));
            }
            return;
        }
        const State* start = child->find_state(child->start);
        if (start != nullptr && start->deadline && start->deadline->kind == Kind::Due) {
            verification_.error(where,
                                fmt::format("`{}` begins with `deadline: due`, and a case that "
                                            "another one opens has no such date",
                                            child->id),
                                "let it begin with such as `deadline: entered + 2 weeks`");
        }
    }

    /// Whatever a debtor presses can be undone, so that a wrong press costs nothing.
    void check_not_closing(const Transition& transition, const SourcePosition& where) {
        const State* to = workflow_.find_state(transition.to);
        const bool is_debtors =
            std::ranges::find(transition.by, Party::Debtor) != transition.by.end();
        if (is_debtors && to != nullptr && to->final) {
            verification_.error(
                where, fmt::format("the debtor could close the case with `{}`", transition.event),
                "let it lead to a state that waits for the creditor, who closes it");
        }
    }

    void check_set(const Assignment& assignment, const SourcePosition& where) {
        const auto declared =
            std::ranges::find(workflow_.fields, assignment.target, &FieldDeclaration::name);
        if (assignment.target != "due" && declared == workflow_.fields.end()) {
            std::vector<std::string_view> known{"due"};
            for (const auto& field : workflow_.fields) {
                known.push_back(field.name);
            }
            verification_.error(
                where, fmt::format("no field is called `{}`", assignment.target),
                did_you_mean(assignment.target, known) + ", or declare it in `fields`");
        } else if (assignment.is_today()) {
            if (assignment.target == "due" || declared->type != FieldType::Day) {
                verification_.error(where,
                                    fmt::format("`{}` is no date of its own", assignment.target),
                                    "`today` goes into a declared field of type date");
            }
        } else if (!contains(fields_, assignment.field)) {
            verification_.error(where, fmt::format("no event has a field `{}`", assignment.field),
                                did_you_mean(assignment.field, fields_));
        } else if (assignment.target == "due" && !is_date(assignment.field)) {
            verification_.error(where, fmt::format("`{}` is no date", assignment.field),
                                "write `due: event.until`");
        }
    }

    [[nodiscard]] bool is_date(std::string_view field) const {
        const auto declared = std::ranges::find(workflow_.fields, field, &FieldDeclaration::name);
        return contains(kDateFields, field) ||
               (declared != workflow_.fields.end() && declared->type == FieldType::Day);
    }

    /// What the parent is told must be an event that it takes, with the fields that it requires.
    void check_tells(const State& state) {
        const Tell& tell = *state.tells;
        const auto& event_where = place(tell.places, "event", tell.where);
        std::vector<std::string_view> known;
        const Transition* taken = nullptr;
        for (const auto& parent : verification_.definitions.workflows) {
            if (!opens_this(parent)) {
                continue;
            }
            for (const auto& parent_state : parent.states) {
                for (const auto& transition : parent_state.on) {
                    known.push_back(transition.event);
                    taken = transition.event == tell.event ? &transition : taken;
                }
            }
        }
        if (taken == nullptr) {
            if (!known.empty() || verification_.unreadable.workflows.empty()) {
                verification_.error(event_where,
                                    fmt::format("no workflow that opens `{}` takes the event `{}`",
                                                workflow_.id, tell.event),
                                    known.empty() ? "open this workflow somewhere, or leave "
                                                    "`tells` out"
                                                  : did_you_mean(tell.event, known));
            }
            return;
        }
        for (const auto& field : required_fields(*taken)) {
            if (std::ranges::find(tell.with, field, &Assignment::target) == tell.with.end()) {
                verification_.error(event_where,
                                    fmt::format("`{}` needs the field `{}`", tell.event, field),
                                    fmt::format("add `with: {{{}: event.…}}`", field));
            }
        }
        for (const auto& assignment : tell.with) {
            check_told(state, assignment,
                       place(tell.places, "with." + assignment.target, tell.where));
        }
    }

    [[nodiscard]] bool opens_this(const Workflow& parent) const {
        return std::ranges::any_of(parent.states, [&](const State& state) {
            return std::ranges::any_of(state.on, [&](const Transition& transition) {
                return transition.opens == workflow_.id;
            });
        });
    }

    /// A source of `tells.with` must be there whichever way the final state was reached.
    void check_told(const State& state, const Assignment& assignment, const SourcePosition& where) {
        constexpr std::string_view kCase = "case.";
        if (assignment.field.starts_with(kCase)) {
            const std::string_view name = std::string_view(assignment.field).substr(kCase.size());
            if (name != "due" &&
                std::ranges::find(workflow_.fields, name, &FieldDeclaration::name) ==
                    workflow_.fields.end()) {
                verification_.error(where, fmt::format("no field is called `{}`", name),
                                    "declare it in `fields`");
            }
            return;
        }
        for (const auto& from : workflow_.states) {
            for (const auto& transition : from.on) {
                const auto required = required_fields(transition);
                if (transition.to == state.id && !assignment.optional &&
                    std::ranges::find(required, assignment.field) == required.end()) {
                    verification_.error(
                        where,
                        fmt::format("`{}` leads here without the field `{}`", transition.event,
                                    assignment.field),
                        fmt::format("add `needs: [{}]` to that event", assignment.field));
                }
            }
        }
    }

    /// States that follow one another by deadlines alone, for ever.
    void check_rings() {
        for (const auto& state : workflow_.states) {
            const State* at = &state;
            for (std::size_t i = 0; i <= workflow_.states.size() && at != nullptr; ++i) {
                at = at->after_deadline_to.empty() ? nullptr
                                                   : workflow_.find_state(at->after_deadline_to);
                if (at == &state) {
                    verification_.error(place(state.places, "after_deadline", state.where),
                                        fmt::format("deadlines alone lead from `{}` back to it, "
                                                    "for ever",
                                                    state.id),
                                        "let one of these states wait for somebody instead");
                    return;
                }
            }
        }
    }

    [[nodiscard]] std::vector<std::string_view> next_of(const State& state) const {
        std::vector<std::string_view> next;
        for (const auto& transition : state.on) {
            next.push_back(transition.to);
        }
        if (!state.after_deadline_to.empty()) {
            next.push_back(state.after_deadline_to);
        }
        return next;
    }

    void check_reachable() {
        std::set<std::string_view> reached{workflow_.start};
        std::vector<std::string_view> open{workflow_.start};
        while (!open.empty()) {
            const State* state = workflow_.find_state(open.back());
            open.pop_back();
            for (const std::string_view next : next_of(*state)) {
                if (reached.insert(next).second) {
                    open.push_back(next);
                }
            }
        }
        for (const auto& state : workflow_.states) {
            if (!reached.contains(state.id)) {
                verification_.error(state.where, fmt::format("nothing leads to `{}`", state.id),
                                    "add an event that does, or leave the state out");
                is_whole_ = false;
            }
        }
    }

    void check_can_end() {
        std::set<std::string_view> ending;
        for (const auto& state : workflow_.states) {
            if (state.final) {
                ending.insert(state.id);
            }
        }
        if (ending.empty()) {
            verification_.error(workflow_.where, "no state is final",
                                "add `final: true` to the state in which all is done");
            return;
        }
        for (bool has_grown = true; has_grown;) {
            has_grown = false;
            for (const auto& state : workflow_.states) {
                const bool leads_on = std::ranges::any_of(
                    next_of(state), [&](std::string_view id) { return ending.contains(id); });
                has_grown = (leads_on && ending.insert(state.id).second) || has_grown;
            }
        }
        for (const auto& state : workflow_.states) {
            if (is_whole_ && !ending.contains(state.id)) {
                verification_.error(
                    state.where, fmt::format("no final state can be reached from `{}`", state.id),
                    "add an event that leads out, or `final: true`");
                return;
            }
        }
    }

    Verification& verification_;
    const Workflow& workflow_;
    std::vector<std::string_view> state_ids_;
    std::vector<std::string_view> fields_;
    bool is_whole_{true};
};

}  // namespace

void verify_workflows(Verification& verification) {
    for (const auto& workflow : verification.definitions.workflows) {
        WorkflowCheck(verification, workflow).run();
    }
}

}  // namespace fristvakt::workflows
