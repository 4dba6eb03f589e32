#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "daemon/command_line/commands.hpp"
#include "daemon/command_line/refusal.hpp"
#include "daemon/command_line/stored_state.hpp"
#include "daemon/configuration/configuration_source.hpp"
#include "daemon/runtime/clock.hpp"
#include "integrations/teams/card.hpp"
#include "integrations/teams/card_channel.hpp"
#include "workflows/time/nearest.hpp"

/// The canary: one card, to see that a channel in Teams gets what is sent there.
namespace fristvakt::daemon {

namespace {

using integrations::teams::Card;
using workflows::Language;
using workflows::SendingMode;

struct TeamsOptions {
    std::string channel;
    std::string folder;
    std::string state;
    bool post{false};
    bool json{false};
};

Card test_card(const workflows::TeamsChannel& channel,
               const workflows::Installation& installation) {
    const Language language = channel.language.value_or(installation.default_language);
    const auto pick = [&](const char* nb, const char* nn) {
        return std::string{language == Language::Nb ? nb : nn};
    };
    return {.title = pick("Prøvekort fra fristvakt", "Prøvekort frå fristvakt"),
            .lead = pick("Ser du dette, kommer kortene fram hit. Ingenting er sendt til andre.",
                         "Ser du dette, kjem korta fram hit. Ingenting er sendt til andre."),
            .sections = {},
            .links = {{.title = pick("Åpne fristvakt", "Opne fristvakt"),
                       .url = installation.public_url}}};
}

const workflows::TeamsChannel* find_channel(const workflows::Definitions& definitions,
                                            const std::string& id) {
    return id.empty() && definitions.installation.teams.size() == 1
               ? &definitions.installation.teams.front()
               : definitions.find_teams_channel(id);
}

int refuse_channel(const workflows::Definitions& definitions, const std::string& id) {
    std::string known;
    std::vector<std::string_view> ids;
    for (const workflows::TeamsChannel& channel : definitions.installation.teams) {
        known += (known.empty() ? "" : ", ") + channel.id;
        ids.emplace_back(channel.id);
    }
    if (known.empty()) {
        return refuse("there is no channel: add `teams` to fristvakt.yaml", kExitNotFound);
    }
    const std::string_view nearest = workflows::nearest_word(id, ids);
    return refuse(
        (id.empty() ? std::string{"which channel? "} : "there is no channel " + id + "; ") +
            (nearest.empty() ? "there are " + known : "did you mean " + std::string{nearest} + "?"),
        kExitNotFound);
}

int test_channel(const TeamsOptions& options) {
    const auto loaded = load_verified(options.folder, options.state);
    if (!loaded.ok()) {
        return refuse_file(loaded.error());
    }
    const workflows::Definitions& definitions = *loaded.value().definitions;
    const auto& installation = definitions.installation;
    const workflows::TeamsChannel* const channel = find_channel(definitions, options.channel);
    if (channel == nullptr) {
        return refuse_channel(definitions, options.channel);
    }
    const std::string payload = to_payload(test_card(*channel, installation));
    if (installation.sending != SendingMode::Live && !options.post) {
        if (options.json) {
            std::cout << nlohmann::ordered_json{{"channel", channel->id},
                                                {"posted", false},
                                                {"card", nlohmann::ordered_json::parse(payload)}}
                             .dump()
                      << '\n';
        } else {
            std::cout << payload << '\n';
        }
        std::cerr << "nothing was posted, because `sending` is not live; --post does it all the "
                     "same\n";
        return kExitOk;
    }
    const auto good = integrations::teams::check_channel(*channel);
    if (!good.ok()) {
        return refuse(good.error().message, kExitProblems);
    }
    integrations::teams::PostRates rates{&monotonic_seconds};
    integrations::teams::CardChannel cards{{*channel}, rates};
    const auto report = cards.send({.channel = std::string{workflows::kTeamsChannel},
                                    .message_id = {},
                                    .from = {},
                                    .to = {workflows::teams_address(channel->id)},
                                    .bytes = payload});
    if (report.verdict != workflows::Verdict::Delivered) {
        return refuse(report.reply, report.verdict == workflows::Verdict::RetryLater
                                        ? kExitUnreachable
                                        : kExitProblems);
    }
    if (options.json) {
        std::cout << nlohmann::ordered_json{{"channel", channel->id}, {"posted", true}}.dump()
                  << '\n';
    } else {
        std::cout << channel->id
                  << ": the workflow took the card; only in the channel is it seen whether it was "
                     "posted\n";
    }
    return kExitOk;
}

}  // namespace

void add_teams(CLI::App& app, int& exit_code) {
    CLI::App* teams = app.add_subcommand("teams", "Channels in Microsoft Teams");
    teams->require_subcommand(1);
    auto options = std::make_shared<TeamsOptions>();
    CLI::App* command = teams->add_subcommand("test", "Post one card that says that cards arrive");
    command->add_option("DIR", options->folder, "Folder; without one the shipped configuration");
    command->add_option("--channel", options->channel, "Its id; not needed where there is one");
    add_layer_option(*command, options->state);
    command->add_flag("--post", options->post, "Also where `sending` is not live");
    command->add_flag("--json", options->json, "As JSON");
    command->footer("Example: fristvakt teams test /etc/fristvakt --channel saksbehandlere");
    command->callback([options, &exit_code] { exit_code = test_channel(*options); });
}

}  // namespace fristvakt::daemon
