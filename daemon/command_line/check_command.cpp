#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "daemon/command_line/commands.hpp"
#include "daemon/command_line/refusal.hpp"
#include "daemon/command_line/stored_state.hpp"
#include "daemon/configuration/configuration_source.hpp"
#include "integrations/secrets/secret.hpp"
#include "integrations/teams/card_channel.hpp"
#include "workflows/definition/diagnostic.hpp"

namespace fristvakt::daemon {

namespace {

struct CheckOptions {
    std::string folder;
    std::string state;
    bool strict{false};
    bool json{false};
};

nlohmann::json as_json(const workflows::Diagnostic& finding) {
    return {{"severity", finding.severity == workflows::Severity::Error ? "error" : "warning"},
            {"file", finding.where.file},
            {"line", finding.where.line},
            {"column", finding.where.column},
            {"message", finding.message},
            {"hint", finding.hint}};
}

/// What a secret that can be read from here says of itself: an address in Teams may be none, or of
/// a kind that is answered no more. One that only the service can read is left alone.
void look_at_channels(integrations::LoadedConfiguration& loaded) {
    if (!loaded.definitions) {
        return;
    }
    for (const workflows::TeamsChannel& channel : loaded.definitions->installation.teams) {
        const auto bad = integrations::teams::fault_of_address(channel);
        if (bad) {
            loaded.diagnostics.push_back(
                {workflows::Severity::Error, workflows::place(channel.places, "url", channel.where),
                 bad->message, "its cards would wait, and be tried in vain"});
        }
    }
}

/// A file that a secret is to stand in can be looked for from here; one that only the service may
/// read is left alone, and so are credentials and variables, which are the service's own.
void look_at_file(const workflows::SecretReference& reference, std::string_view key,
                  workflows::SourcePosition where, integrations::LoadedConfiguration& loaded) {
    if (reference.kind != workflows::SecretReference::Kind::File) {
        return;
    }
    std::error_code fault;
    const auto status = std::filesystem::status(reference.name, fault);
    const bool is_missing = status.type() == std::filesystem::file_type::not_found;
    if (!is_missing && !std::ifstream{reference.name}) {
        return;
    }
    if (const auto secret = integrations::read_secret(reference); !secret.ok()) {
        loaded.diagnostics.push_back({workflows::Severity::Warning, std::move(where),
                                      "`" + std::string{key} + "`: " + secret.error().message,
                                      "the service would fail likewise, and try again"});
    }
}

void look_at_secrets(integrations::LoadedConfiguration& loaded) {
    if (!loaded.definitions) {
        return;
    }
    const workflows::Installation& installation = loaded.definitions->installation;
    const auto look = [&](const workflows::SecretReference& reference, std::string_view section,
                          std::string_view key) {
        const std::string whole = std::string{section} + "." + std::string{key};
        const auto& places = installation.places;
        look_at_file(reference, whole,
                     workflows::place(places, whole, workflows::place(places, section, {})),
                     loaded);
    };
    if (installation.mail.smtp) {
        look(installation.mail.smtp->password, "mail.smtp", "password");
    }
    if (installation.mailbox) {
        look(installation.mailbox->password, "mailbox", "password");
    }
    if (installation.graph) {
        look(installation.graph->secret, "graph", "secret");
    }
    for (const workflows::TeamsChannel& channel : installation.teams) {
        look_at_file(channel.url, "teams." + channel.id + ".url",
                     workflows::place(channel.places, "url", channel.where), loaded);
    }
}

int check(const CheckOptions& options) {
    const auto files = configuration_files(options.folder);
    if (!files.ok()) {
        return refuse_file(files.error());
    }
    const auto layer = layer_in(options.state);
    if (!layer.ok()) {
        return refuse_file(layer.error());
    }
    auto loaded = load_whole(files.value(), layer.value()).loaded;
    look_at_channels(loaded);
    look_at_secrets(loaded);
    int errors = 0;
    int warnings = 0;
    for (const workflows::Diagnostic& finding : loaded.diagnostics) {
        ++(finding.severity == workflows::Severity::Error ? errors : warnings);
        std::cout << (options.json ? as_json(finding).dump(-1, ' ', false,
                                                           nlohmann::json::error_handler_t::replace)
                                   : to_string(finding))
                  << '\n';
    }
    std::cerr << files.value().name << ": " << errors << " errors, " << warnings << " warnings";
    if (loaded.definitions) {
        std::cerr << "; " << loaded.definitions->organisations.size() << " organisations, "
                  << loaded.definitions->contacts.size() << " contacts, "
                  << loaded.definitions->cohorts.size() << " cohorts";
    }
    std::cerr << '\n';
    return errors > 0 || (options.strict && warnings > 0) ? kExitProblems : kExitOk;
}

}  // namespace

void add_check(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<CheckOptions>();
    CLI::App* command = app.add_subcommand("check", "Verify a configuration whole");
    command->add_option("DIR", options->folder, "Folder; without one the shipped configuration");
    add_layer_option(*command, options->state);
    command->add_flag("--strict", options->strict, "Warnings count as problems");
    command->add_flag("--json", options->json, "One JSON object a finding");
    command->footer("Example: fristvakt check /etc/fristvakt");
    command->callback([options, &exit_code] { exit_code = check(*options); });
}

}  // namespace fristvakt::daemon
