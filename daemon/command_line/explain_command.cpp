#include <iostream>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "daemon/command_line/case_outlook.hpp"
#include "daemon/command_line/commands.hpp"
#include "daemon/command_line/moment.hpp"
#include "daemon/command_line/refusal.hpp"
#include "daemon/command_line/stored_state.hpp"
#include "daemon/http/json_of.hpp"
#include "daemon/web/view.hpp"
#include "integrations/sqlite/reading.hpp"
#include "workflows/decision/decide.hpp"

namespace fristvakt::daemon {

namespace {

using workflows::Case;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

struct ExplainOptions {
    StateOptions state;
    std::string case_id;
    bool json{false};
};

Result<std::vector<std::string>> open_children_of(StoredState& state, const Case& item) {
    std::vector<std::string> ids;
    if (item.children_count == 0) {
        return ids;
    }
    const std::string prefix = item.id + "/";
    workflows::CaseFilter filter;
    filter.cohort = item.cohort;
    filter.final = false;
    filter.after_id = prefix;
    auto cases = all_cases(*state.snapshot, filter);
    if (!cases.ok()) {
        return cases.error();
    }
    for (const Case& child : cases.value()) {
        if (child.parent == item.id) {
            ids.push_back(child.id);
        }
    }
    return ids;
}

/// Lets time pass up to `until`, one step after the other, and all that comes due be sent.
void let_pass(workflows::CaseFile& file, workflows::Instant until, const workflows::World& world) {
    auto next = file.item.next_at;
    while (next && *next < until) {
        static_cast<void>(workflows::advance(file, *next, world));
        for (workflows::Reminder& reminder : file.reminders) {
            if (reminder.account == workflows::Account::Waiting) {
                reminder.account = workflows::Account::Sent;
                reminder.reason = workflows::Reason::Accepted;
            }
        }
        const auto later = file.item.next_at;
        next = later && *later > *next ? later : std::nullopt;
    }
    static_cast<void>(workflows::advance(file, until, world));
}

/// The case as it will stand at `state.at` if nobody does anything and every message is accepted.
Result<CaseOutlook> outlook_ahead(StoredState& state, Case item) {
    auto children = open_children_of(state, item);
    auto now = outlook_of(state, std::move(item));
    if (!children.ok() || !now.ok()) {
        return children.ok() ? now : Result<CaseOutlook>{children.error()};
    }
    CaseOutlook outlook = std::move(now).value();
    workflows::CaseFile file;
    file.item = std::move(outlook.item);
    file.reminders = std::move(outlook.reminders);
    file.open_children = std::move(children).value();
    workflows::PersonIds persons{state.ledger.salt};
    const auto refused = refused_addresses(state.ledger, *state.definitions);
    let_pass(file, state.at, {*state.definitions, persons, refused});
    outlook.item = std::move(file.item);
    outlook.reminders = std::move(file.reminders);
    outlook.explanation =
        workflows::explain(outlook.item, outlook.reminders, *state.definitions, state.at, refused);
    return outlook;
}

/// The case as it stood at `state.at`, under the configuration of that time.
Result<CaseOutlook> outlook_behind(StoredState& state, const ExplainOptions& options) {
    auto then = integrations::case_as_of(state.database, options.case_id, state.at);
    if (!then.ok()) {
        return then.error();
    }
    if (!then.value().item) {
        return Error{ErrorKind::NotFound, "the case " + options.case_id +
                                              " had not been opened by " +
                                              show_time(state.at, state.definitions->time_zone())};
    }
    state.ledger = then.value().ledger;
    if (options.state.config.empty()) {
        auto definitions = stored_definitions(*state.snapshot, state.ledger.definitions_hash);
        if (!definitions.ok()) {
            return definitions.error();
        }
        state.definitions = std::move(definitions).value();
    }
    CaseOutlook outlook{
        .item = *then.value().item, .reminders = then.value().reminders, .explanation = {}};
    outlook.explanation =
        workflows::explain(outlook.item, outlook.reminders, *state.definitions, state.at,
                           refused_addresses(state.ledger, *state.definitions));
    return outlook;
}

Result<CaseOutlook> outlook_at(StoredState& state, const ExplainOptions& options) {
    auto item = stored_case(state, options.case_id);
    if (!item.ok()) {
        return item.error();
    }
    if (state.at < state.now) {
        return outlook_behind(state, options);
    }
    return state.at > state.now ? outlook_ahead(state, std::move(item).value())
                                : outlook_of(state, std::move(item).value());
}

int explain_case(const ExplainOptions& options) {
    auto opened = open_state(options.state);
    if (!opened.ok()) {
        return refuse(opened.error());
    }
    StoredState state = std::move(opened).value();
    const auto found = outlook_at(state, options);
    if (!found.ok()) {
        return refuse(found.error());
    }
    const CaseOutlook& outlook = found.value();
    const std::string hold = state.ledger.sending_on_hold ? state.ledger.hold_reason : "";
    const auto sentences = explain_in_english(outlook, *state.definitions, hold);
    if (options.json) {
        const JsonContext context{*state.definitions, state.at};
        Json object{{"case", outlook.item.id},
                    {"at", workflows::iso_instant(state.at, context.zone())},
                    {"state", outlook.item.state}};
        object.update(json_of(outlook.explanation, outlook.item, hold, context));
        object["text"]["en"] = sentences;
        std::cout << to_bytes(object);
        return kExitOk;
    }
    std::cout << outlook.item.id << ", "
              << state_in_words(outlook.item, *state.definitions,
                                state.definitions->installation.default_language)
              << ", as of " << show_time(state.at, state.definitions->time_zone()) << '\n';
    for (const std::string& sentence : sentences) {
        std::cout << "  " << sentence << '\n';
    }
    return kExitOk;
}

}  // namespace

void add_explain(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<ExplainOptions>();
    CLI::App* command = app.add_subcommand(
        "explain", "Say why the next message of a case goes, or why it does not");
    command->add_option("CASE", options->case_id, "Its name, as `list` shows it")->required();
    command->add_option("--at", options->state.at,
                        "As of this time. One gone by: the case as the log had it then (the log is "
                        "read from its start). One to come: as it will stand if nobody does "
                        "anything");
    add_state_options(*command, options->state);
    command->add_flag("--json", options->json, "One JSON object, as in the API");
    command->footer("Example: fristvakt explain pulje-5/plan/gjovik --state state/demo");
    command->callback([options, &exit_code] { exit_code = explain_case(*options); });
}

}  // namespace fristvakt::daemon
