#include <algorithm>
#include <iostream>
#include <memory>
#include <tuple>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "daemon/command_line/case_outlook.hpp"
#include "daemon/command_line/commands.hpp"
#include "daemon/command_line/moment.hpp"
#include "daemon/command_line/refusal.hpp"
#include "daemon/command_line/stored_state.hpp"
#include "daemon/command_line/text_table.hpp"
#include "daemon/http/json_of.hpp"

namespace fristvakt::daemon {

namespace {

struct ListOptions {
    StateOptions state;
    workflows::CaseFilter filter;
    bool open{false};
    bool closed{false};
    bool overdue{false};
    bool json{false};
};

/// One line of the list.
struct Row {
    CaseOutlook outlook;
    std::optional<int> days_left;
};

/// Open before closed, the earliest deadline first, those without one last.
bool more_urgent(const Row& left, const Row& right) {
    const auto key = [](const Row& row) {
        const auto& deadline = row.outlook.explanation.deadline;
        return std::tuple{row.outlook.item.final, !deadline.has_value(),
                          deadline ? deadline->ends_at : workflows::Instant{},
                          std::string_view{row.outlook.item.id}};
    };
    return key(left) < key(right);
}

workflows::Result<std::vector<Row>> rows_of(StoredState& state, const ListOptions& options) {
    workflows::CaseFilter filter = options.filter;
    if (options.open || options.overdue) {
        filter.final = false;
    } else if (options.closed) {
        filter.final = true;
    }
    auto cases = all_cases(*state.snapshot, filter);
    if (!cases.ok()) {
        return cases.error();
    }
    std::vector<Row> rows;
    for (workflows::Case& item : std::move(cases).value()) {
        auto outlook = outlook_of(state, std::move(item));
        if (!outlook.ok()) {
            return outlook.error();
        }
        Row row{.outlook = std::move(outlook).value(), .days_left = {}};
        row.days_left = days_left(row.outlook, state.at, state.definitions->time_zone());
        if (!options.overdue || (row.days_left && *row.days_left < 0)) {
            rows.push_back(std::move(row));
        }
    }
    std::sort(rows.begin(), rows.end(), more_urgent);
    return rows;
}

void print_json(const std::vector<Row>& rows, const StoredState& state) {
    const JsonContext context{*state.definitions, state.at};
    for (const Row& row : rows) {
        Json object = json_of(row.outlook.item, context);
        const auto& explanation = row.outlook.explanation;
        object["counted_days_left"] = row.days_left ? Json(*row.days_left) : Json(nullptr);
        object["next_step"] = explanation.next_step ? Json(*explanation.next_step) : Json(nullptr);
        object["next_step_at"] =
            explanation.next_at ? Json(workflows::iso_instant(*explanation.next_at, context.zone()))
                                : Json(nullptr);
        std::cout << to_bytes(object);
    }
}

void print_table(const std::vector<Row>& rows, const StoredState& state) {
    const auto& definitions = *state.definitions;
    const auto language = definitions.installation.default_language;
    TextTable table;
    table.add({"CASE", "STATE", "DUE", "LEFT", "NEXT"});
    for (const Row& row : rows) {
        const auto& deadline = row.outlook.explanation.deadline;
        table.add({row.outlook.item.id, state_in_words(row.outlook.item, definitions, language),
                   deadline && !row.outlook.item.final ? show_date(deadline->date) : "-",
                   row.days_left ? show_days_left(*row.days_left) : "-",
                   next_in_short(row.outlook, definitions.time_zone())});
    }
    table.print(std::cout);
}

/// An empty list for a misspelt name would look like "nothing is outstanding".
workflows::Status check_names(const workflows::CaseFilter& filter,
                              const workflows::Definitions& definitions) {
    const auto missing = [](const std::string& what, const std::string& name) {
        return workflows::Error{workflows::ErrorKind::NotFound,
                                "no " + what + " " + name + " in the configuration"};
    };
    if (!filter.cohort.empty() && definitions.find_cohort(filter.cohort) == nullptr) {
        return missing("cohort", filter.cohort);
    }
    if (!filter.debtor.empty() && definitions.find_organisation(filter.debtor) == nullptr) {
        return missing("organisation", filter.debtor);
    }
    const auto& cohorts = definitions.cohorts;
    if (!filter.requirement.empty() &&
        std::none_of(cohorts.begin(), cohorts.end(), [&](const workflows::Cohort& cohort) {
            return cohort.find_requirement(filter.requirement) != nullptr;
        })) {
        return missing("requirement", filter.requirement);
    }
    const auto& workflows = definitions.workflows;
    if (!filter.state.empty() &&
        std::none_of(workflows.begin(), workflows.end(), [&](const workflows::Workflow& workflow) {
            return workflow.find_state(filter.state) != nullptr;
        })) {
        return missing("state", filter.state);
    }
    return workflows::Done{};
}

int list(const ListOptions& options) {
    auto state = open_state(options.state);
    if (!state.ok()) {
        return refuse(state.error());
    }
    StoredState known = std::move(state).value();
    if (const auto good = check_names(options.filter, *known.definitions); !good.ok()) {
        return refuse(good.error());
    }
    const auto rows = rows_of(known, options);
    if (!rows.ok()) {
        return refuse(rows.error());
    }
    if (options.json) {
        print_json(rows.value(), known);
        return kExitOk;
    }
    if (!rows.value().empty()) {
        print_table(rows.value(), known);
    }
    std::cerr << rows.value().size() << (rows.value().size() == 1 ? " case" : " cases") << " as of "
              << show_time(known.at, known.definitions->time_zone());
    if (known.ledger.sending_on_hold) {
        std::cerr << "; all sending is on hold: " << known.ledger.hold_reason;
    }
    std::cerr << '\n';
    return kExitOk;
}

}  // namespace

void add_list(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<ListOptions>();
    CLI::App* command =
        app.add_subcommand("list", "List the cases and how they stand, the most urgent first");
    add_state_options(*command, options->state);
    command->add_option("--cohort", options->filter.cohort, "Only of this cohort");
    command->add_option("--requirement", options->filter.requirement, "Only of this requirement");
    command->add_option("--organisation", options->filter.debtor, "Only what this one owes");
    command->add_option("--state-of-case", options->filter.state, "Only in this state: awaited");
    auto* open = command->add_flag("--open", options->open, "Only those that are not closed");
    auto* closed = command->add_flag("--closed", options->closed, "Only closed ones");
    auto* overdue =
        command->add_flag("--overdue", options->overdue, "Only those past their deadline");
    closed->excludes(open)->excludes(overdue);
    command->add_flag("--json", options->json, "One JSON object a case, as in the API");
    command->footer("Example: fristvakt list --state state/demo --open --json");
    command->callback([options, &exit_code] { exit_code = list(*options); });
}

}  // namespace fristvakt::daemon
