#include <algorithm>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "daemon/command_line/commands.hpp"
#include "daemon/command_line/findings.hpp"
#include "daemon/command_line/refusal.hpp"
#include "daemon/command_line/stored_state.hpp"
#include "daemon/configuration/configuration_source.hpp"

/// Whether meetings can live in the calendar of Microsoft 365.
namespace fristvakt::daemon {

namespace {

struct GraphOptions {
    std::string folder;
    std::string state;
    bool json{false};
};

int test_graph(const GraphOptions& options) {
    const auto loaded = load_verified(options.folder, options.state);
    if (!loaded.ok()) {
        return refuse_file(loaded.error());
    }
    const auto& installation = loaded.value().definitions->installation;
    if (!installation.graph) {
        return refuse("there is no calendar in Microsoft 365: add `graph` to fristvakt.yaml",
                      kExitNotFound);
    }
    const auto findings = look_at_calendar(installation);
    if (const auto silent = std::ranges::find_if(findings, &Finding::is_unreachable);
        silent != findings.end()) {
        return refuse(silent->text, kExitUnreachable);
    }
    print(findings, options.json, false);
    return exit_code_of(findings);
}

}  // namespace

void add_graph(CLI::App& app, int& exit_code) {
    CLI::App* graph = app.add_subcommand("graph", "The calendar in Microsoft 365");
    graph->require_subcommand(1);
    auto options = std::make_shared<GraphOptions>();
    CLI::App* command = graph->add_subcommand(
        "test", "Say what is missing for meetings in the mailbox's calendar; changes nothing");
    command->add_option("DIR", options->folder, "Folder; without one the shipped configuration");
    add_layer_option(*command, options->state);
    command->add_flag("--json", options->json, "As JSON");
    command->footer("Example: fristvakt graph test /etc/fristvakt");
    command->callback([options, &exit_code] { exit_code = test_graph(*options); });
}

}  // namespace fristvakt::daemon
