#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "integrations/yaml/files.hpp"
#include "integrations/yaml/keys.hpp"

namespace fristvakt::integrations {
namespace {

using workflows::Assignment;
using workflows::FieldDeclaration;
using workflows::FieldType;
using workflows::Party;
using workflows::State;
using workflows::StateDeadline;
using workflows::Tell;
using workflows::Transition;
using workflows::Workflow;

constexpr std::string_view kEventPrefix = "event.";
constexpr std::string_view kCasePrefix = "case.";
constexpr std::string_view kToday = "today";
constexpr Choice<Party> kParties[] = {{"debtor", Party::Debtor}, {"creditor", Party::Creditor}};
constexpr Choice<std::optional<Party>> kWaitsFor[] = {
    {"debtor", Party::Debtor}, {"creditor", Party::Creditor}, {"nobody", std::nullopt}};

/// Events, fields and states are words of the file's own: snake_case.
bool is_name(std::string_view text) {
    return is_id(text, "_");
}

bool check_name(Findings& findings, const SourcePosition& where, std::string_view text) {
    if (is_name(text)) {
        return true;
    }
    findings.error(where, fmt::format("`{}` cannot be a name", text.substr(0, 80)),
                   "write a-z, 0-9 and _, such as more_time_given");
    return false;
}

/// `event.until`, `event.rank?` and, in `tells.with`, `case.rank`.
void read_assignments(Findings& findings, const YamlNode& node, bool may_take_from_case,
                      std::vector<Assignment>& assignments) {
    if (node.kind != YamlNode::Kind::Map) {
        findings.error(node, "fields and where they come from are wanted here",
                       "write such as {due: event.until}");
        return;
    }
    for (const auto& entry : node.entries) {
        Assignment assignment{.target = entry.key, .field = {}};
        std::string_view source = entry.value.text;
        if (source == kToday && !may_take_from_case && is_name(entry.key)) {
            assignments.push_back(std::move(assignment));
            continue;
        }
        if (source.ends_with('?')) {
            assignment.optional = true;
            source.remove_suffix(1);
        }
        std::string_view name = source;
        if (name.starts_with(kEventPrefix)) {
            name.remove_prefix(kEventPrefix.size());
            source = name;
        } else if (may_take_from_case && name.starts_with(kCasePrefix)) {
            name.remove_prefix(kCasePrefix.size());
        } else {
            name = {};
        }
        if (!is_name(name) || !is_name(entry.key)) {
            findings.error(
                entry.value,
                fmt::format("`{}: {}` says no source", entry.key, entry.value.text.substr(0, 80)),
                may_take_from_case ? "write event.FIELD, or case.FIELD"
                                   : "write event.FIELD, event.FIELD? if optional, or today");
            continue;
        }
        assignment.field = std::string(source);
        assignments.push_back(std::move(assignment));
    }
}

std::vector<std::string> read_names(Findings& findings, const YamlNode& node) {
    std::vector<std::string> names;
    for (const YamlNode* item : read_one_or_more(findings, node)) {
        if (auto line = read_line(findings, *item);
            line && check_name(findings, findings.at(*item), *line)) {
            names.push_back(std::move(*line));
        }
    }
    return names;
}

Transition read_transition(Findings& findings, const YamlEntry& entry) {
    Transition transition;
    transition.event = entry.key;
    transition.where = findings.at(entry.line, entry.column);
    check_name(findings, transition.where, entry.key);
    const Mapping map(findings, entry.value, keys::kTransitionTable);
    if (!map.is_map()) {
        return transition;
    }
    map.add_places(transition.places);
    if (const YamlNode* by = map.find("by")) {
        for (const YamlNode* item : read_one_or_more(findings, *by)) {
            const auto party = read_choice(findings, *item, kParties);
            if (party && std::ranges::find(transition.by, *party) == transition.by.end()) {
                transition.by.push_back(*party);
            }
        }
    }
    if (const YamlNode* to = map.find("to")) {
        put(transition.to, read_id(findings, *to, "_"));
    }
    if (const YamlNode* needs = map.find("needs")) {
        transition.needs = read_names(findings, *needs);
    }
    if (const YamlNode* sets = map.find("sets")) {
        read_assignments(findings, *sets, false, transition.sets);
        if (sets->kind == YamlNode::Kind::Map) {
            for (const auto& set : sets->entries) {
                transition.places.emplace("sets." + set.key, findings.at(set.value));
            }
        }
    }
    if (const YamlNode* notice = map.find("notice")) {
        put(transition.notice, read_id(findings, *notice));
    }
    if (const YamlNode* opens = map.find("opens")) {
        put(transition.opens, read_id(findings, *opens));
    }
    if (const YamlNode* pauses = map.find("pauses")) {
        put(transition.pauses, read_bool(findings, *pauses));
    }
    if (const YamlNode* shares = map.find("shares")) {
        put(transition.shares, read_id(findings, *shares));
    }
    return transition;
}

void read_deadline(Findings& findings, const YamlNode& node, State& state) {
    StateDeadline deadline;
    if (node.kind == YamlNode::Kind::Scalar && node.text == "none") {
        deadline.kind = StateDeadline::Kind::None;
    } else if (node.kind == YamlNode::Kind::Scalar && node.text == "due") {
        deadline.kind = StateDeadline::Kind::Due;
    } else {
        deadline.kind = StateDeadline::Kind::Own;
        put(deadline.expression, read_expression(findings, node));
    }
    state.deadline = deadline;
}

void read_tells(Findings& findings, const YamlNode& node, State& state) {
    const Mapping map(findings, node, keys::kTellsTable);
    if (!map.is_map()) {
        return;
    }
    Tell& tell = state.tells.emplace();
    tell.where = findings.at(node);
    map.add_places(tell.places);
    if (const YamlNode* event = map.find("event")) {
        put(tell.event, read_line(findings, *event));
    }
    if (const YamlNode* with = map.find("with")) {
        read_assignments(findings, *with, true, tell.with);
        if (with->kind == YamlNode::Kind::Map) {
            for (const auto& entry : with->entries) {
                tell.places.emplace("with." + entry.key, findings.at(entry.value));
            }
        }
    }
}

void read_ladder_of(Findings& findings, const YamlNode& node, State& state) {
    if (auto ladder = read_id(findings, node)) {
        state.ladder = *ladder == "none" ? "" : std::move(*ladder);
    }
}

State read_state(Findings& findings, const YamlEntry& entry) {
    State state;
    state.id = entry.key;
    state.where = findings.at(entry.line, entry.column);
    check_name(findings, state.where, entry.key);
    const Mapping map(findings, entry.value, keys::kStateTable);
    if (!map.is_map()) {
        return state;
    }
    map.add_places(state.places);
    if (const YamlNode* title = map.find("title")) {
        put(state.title, read_text(findings, *title));
    }
    if (const YamlNode* waits_for = map.find("waits_for")) {
        state.waits_for = read_choice(findings, *waits_for, kWaitsFor).value_or(std::nullopt);
    }
    if (const YamlNode* deadline = map.find("deadline")) {
        read_deadline(findings, *deadline, state);
    }
    if (const YamlNode* ladder = map.find("ladder")) {
        read_ladder_of(findings, *ladder, state);
    }
    if (const YamlNode* after = map.find("after_deadline")) {
        const Mapping after_map(findings, *after, keys::kAfterDeadlineTable);
        if (const YamlNode* to = after_map.is_map() ? after_map.find("to") : nullptr) {
            put(state.after_deadline_to, read_id(findings, *to, "_"));
            state.places["after_deadline"] = findings.at(*to);
        }
    }
    if (const YamlNode* on = map.find("on")) {
        if (on->kind != YamlNode::Kind::Map) {
            findings.error(*on, "events are wanted here", "write `event: {by: …, to: …}`");
        }
        for (const auto& event : on->entries) {
            state.on.push_back(read_transition(findings, event));
        }
    }
    if (const YamlNode* final = map.find("final")) {
        put(state.final, read_bool(findings, *final));
    }
    if (const YamlNode* invites = map.find("invites")) {
        put(state.invites, read_bool(findings, *invites));
    }
    if (const YamlNode* tells = map.find("tells")) {
        read_tells(findings, *tells, state);
    }
    return state;
}

void read_fields(Findings& findings, const YamlNode& node, Workflow& workflow) {
    static constexpr Choice<FieldType> kTypes[] = {{"integer", FieldType::Integer},
                                                   {"text", FieldType::String},
                                                   {"date", FieldType::Day},
                                                   {"time", FieldType::Time}};
    if (node.kind != YamlNode::Kind::Map) {
        findings.error(node, "fields and their types are wanted here",
                       "write such as {rank: integer?}");
        return;
    }
    for (const auto& entry : node.entries) {
        FieldDeclaration field{.name = entry.key};
        YamlNode type = entry.value;
        if (type.text.ends_with('?')) {
            field.optional = true;
            type.text.pop_back();
        }
        put(field.type, read_choice(findings, type, kTypes));
        if (entry.key == "due") {
            findings.error(findings.at(entry.line, entry.column), "`due` is in every case already",
                           "take another name for the field");
        } else {
            check_name(findings, findings.at(entry.line, entry.column), entry.key);
        }
        workflow.fields.push_back(std::move(field));
    }
}

void read_migrations(Findings& findings, const YamlNode& node, Workflow& workflow) {
    if (node.kind != YamlNode::Kind::Map) {
        findings.error(node, "older versions and what becomes of their states are wanted here",
                       "write such as {1: {}} or {1: {old_state: new_state}}");
        return;
    }
    for (const auto& entry : node.entries) {
        int from = 0;
        const auto [end, failed] =
            std::from_chars(entry.key.data(), entry.key.data() + entry.key.size(), from);
        const auto key = findings.at(entry.line, entry.column);
        if (failed != std::errc{} || end != entry.key.data() + entry.key.size() || from < 1) {
            findings.error(key, fmt::format("`{}` is no version of a workflow", entry.key),
                           "write its number, such as 1");
            continue;
        }
        workflow.places.emplace(fmt::format("migrates.{}", from), key);
        auto& states = workflow.migrates[from];
        if (entry.value.kind != YamlNode::Kind::Map) {
            findings.error(entry.value, "states are wanted here",
                           "write {old_state: new_state}, or {} when all keep their names");
            continue;
        }
        for (const auto& renamed : entry.value.entries) {
            put(states[renamed.key], read_id(findings, renamed.value, "_"));
            workflow.places.emplace(fmt::format("migrates.{}.{}", from, renamed.key),
                                    findings.at(renamed.line, renamed.column));
        }
    }
}

}  // namespace

void read_workflow(const YamlNode& root, Findings& findings, Draft& draft) {
    constexpr int kVersionMax = 1'000'000;
    Workflow workflow;
    workflow.where = findings.at(root);
    const Mapping map(findings, root, keys::kWorkflowTable);
    map.add_places(workflow.places);
    if (const YamlNode* id = map.find("workflow")) {
        put(workflow.id, read_id(findings, *id));
    }
    if (const YamlNode* version = map.find("version")) {
        put(workflow.version, read_integer(findings, *version, 1, kVersionMax));
    }
    if (const YamlNode* title = map.find("title")) {
        put(workflow.title, read_text(findings, *title));
    }
    if (const YamlNode* start = map.find("start")) {
        put(workflow.start, read_id(findings, *start, "_"));
    }
    if (const YamlNode* fields = map.find("fields")) {
        read_fields(findings, *fields, workflow);
    }
    if (const YamlNode* states = map.find("states")) {
        if (states->kind != YamlNode::Kind::Map) {
            findings.error(*states, "states are wanted here", "write `state: {title: …, …}`");
        }
        for (const auto& entry : states->entries) {
            workflow.states.push_back(read_state(findings, entry));
        }
    }
    if (const YamlNode* migrates = map.find("migrates")) {
        read_migrations(findings, *migrates, workflow);
    }
    auto& all = draft.definitions.workflows;
    if (findings.errors() > 0) {
        draft.unreadable.workflows.insert(declared_id(root, "workflow"));
        return;
    }
    if (const Workflow* other = draft.definitions.find_workflow(workflow.id, workflow.version)) {
        findings.error(place(workflow.places, "workflow", workflow.where),
                       fmt::format("version {} of the workflow `{}` stands in {} too",
                                   workflow.version, workflow.id, other->where.file),
                       "give one of them another id, or the newer one a higher version");
        return;
    }
    all.push_back(std::move(workflow));
}

}  // namespace fristvakt::integrations
