#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "daemon/command_line/commands.hpp"
#include "daemon/command_line/refusal.hpp"
#include "daemon/command_line/stored_state.hpp"
#include "daemon/configuration/configuration_source.hpp"
#include "daemon/runtime/clock.hpp"
#include "integrations/graph/diagnosis.hpp"

/// Whether meetings can live in the calendar of Microsoft 365.
namespace fristvakt::daemon {

namespace {

using integrations::graph::Finding;

struct GraphOptions {
    std::string folder;
    std::string state;
    bool json{false};
};

std::string_view word_of(Finding::Kind kind) {
    switch (kind) {
        case Finding::Kind::Good:
            return "good";
        case Finding::Kind::Warning:
            return "warning";
        case Finding::Kind::Problem:
            return "problem";
    }
    return "";
}

std::string_view word_of(Finding::About about) {
    switch (about) {
        case Finding::About::SignIn:
            return "sign-in";
        case Finding::About::Mailbox:
            return "mailbox";
        case Finding::About::Writing:
            return "writing";
        case Finding::About::OnlineMeetings:
            return "online-meetings";
        case Finding::About::Address:
            return "address";
    }
    return "";
}

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
    const auto findings = integrations::graph::diagnose(
        *installation.graph, installation.public_url, SystemClock{}.now());
    if (const auto silent = std::ranges::find_if(findings, &Finding::is_unreachable);
        silent != findings.end()) {
        return refuse(silent->text, kExitUnreachable);
    }
    auto document = nlohmann::ordered_json::array();
    for (const Finding& finding : findings) {
        document.push_back({{"kind", word_of(finding.kind)},
                            {"about", word_of(finding.about)},
                            {"text", finding.text}});
        if (!options.json) {
            std::cout << word_of(finding.kind) << ": " << finding.text << '\n';
        }
    }
    if (options.json) {
        std::cout << document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                  << '\n';
    }
    const bool has_problem = std::ranges::any_of(
        findings, [](const Finding& finding) { return finding.kind == Finding::Kind::Problem; });
    return has_problem ? kExitProblems : kExitOk;
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
