#include <array>
#include <chrono>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "daemon/access/form_token.hpp"
#include "daemon/command_line/access_commands.hpp"
#include "daemon/command_line/access_state.hpp"
#include "daemon/command_line/refusal.hpp"
#include "daemon/command_line/text_table.hpp"
#include "daemon/sign_in/api_tokens.hpp"
#include "daemon/sign_in/sessions.hpp"
#include "integrations/sqlite/access_store.hpp"
#include "workflows/definition/base_url.hpp"
#include "workflows/model/digest.hpp"
#include "workflows/time/nearest.hpp"

/// Letting people and programs in, from the machine itself: whoever may write the state folder may.
namespace fristvakt::daemon {

using integrations::StoredApiToken;

namespace {

struct AccessOptions {
    StateOptions state{};
    std::string address;
    std::string url;
    NewApiToken wanted{};
    std::int64_t number{0};
    bool json{false};
};

std::string iso(workflows::Instant at) {
    return workflows::iso_utc(at);
}

int login_link(const AccessOptions& options) {
    auto opened = open_access(options.state);
    if (!opened.ok()) {
        return refuse(opened.error());
    }
    const workflows::Definitions& definitions = *opened.value().state.definitions;
    if (!definitions.installation.sign_in) {
        return refuse("nobody signs in here: add `sign_in` to fristvakt.yaml and reload the daemon",
                      kExitProblems);
    }
    const workflows::User* const user = find_user(definitions, options.address);
    if (user == nullptr) {
        std::vector<std::string_view> known;
        for (const workflows::User& one : definitions.users) {
            known.emplace_back(one.address);
        }
        const std::string_view nearest = workflows::nearest_word(options.address, known);
        return refuse("nobody in users.csv has the address " + options.address +
                          (nearest.empty() ? "; add them there and reload the daemon"
                                           : "; did you mean " + std::string{nearest} + "?"),
                      kExitNotFound);
    }
    const std::string token = random_token();
    const workflows::Instant now = machine_now();
    const auto kept = opened.value().store->add_link(workflows::sha256_hex(token), user->address,
                                                     "command", now, now + kLinkTerm);
    if (!kept.ok()) {
        return refuse(kept.error());
    }
    const std::string base = workflows::base_url(
        options.url.empty() ? definitions.installation.public_url : options.url);
    const std::string link = base + "/logg-inn/lenke/" + token;
    if (options.json) {
        std::cout << nlohmann::ordered_json{{"url", link},
                                            {"address", user->address},
                                            {"ends_at", iso(now + kLinkTerm)}}
                         .dump()
                  << '\n';
    } else {
        std::cout << link << '\n';
    }
    std::cerr << "for " << user->address << "; works once, for 15 minutes\n";
    return kExitOk;
}

int create_token(const AccessOptions& options) {
    auto opened = open_access(options.state);
    if (!opened.ok()) {
        return refuse(opened.error());
    }
    const auto made = make_api_token(*opened.value().store, *opened.value().state.definitions,
                                     options.wanted, machine_now());
    if (!made.ok()) {
        return refuse(made.error());
    }
    if (options.json) {
        std::cout << nlohmann::ordered_json{{"number", made.value().number},
                                            {"token", made.value().secret}}
                         .dump()
                  << '\n';
    } else {
        std::cout << made.value().secret << '\n';
    }
    std::cerr << "token " << made.value().number << "; it is shown this once\n";
    return kExitOk;
}

std::string scope_of(const StoredApiToken& token) {
    switch (token.scope.kind) {
        case workflows::Scope::Kind::Region:
            return "region " + token.scope.id;
        case workflows::Scope::Kind::Programme:
            return "programme " + token.scope.id;
        case workflows::Scope::Kind::Installation:
            break;
    }
    return "all";
}

int list_tokens(const AccessOptions& options) {
    auto opened = open_access(options.state);
    if (!opened.ok()) {
        return refuse(opened.error());
    }
    const auto tokens = opened.value().store->api_tokens();
    if (!tokens.ok()) {
        return refuse(tokens.error());
    }
    const workflows::Instant now = machine_now();
    TextTable table;
    table.add({"NUMBER", "NAME", "ALLOWS", "WHERE", "ENDS", "LAST USED", "STATE"});
    for (const StoredApiToken& token : tokens.value()) {
        const char* const state = token.revoked_at       ? "revoked"
                                  : token.ends_at <= now ? "ended"
                                                         : "valid";
        const std::string used = token.used_at ? iso(*token.used_at) : "never";
        if (options.json) {
            std::cout << nlohmann::ordered_json{{"number", token.number},
                                                {"name", token.name},
                                                {"allows", token.allows},
                                                {"where", scope_of(token)},
                                                {"made_by", token.made_by},
                                                {"made_at", iso(token.made_at)},
                                                {"ends_at", iso(token.ends_at)},
                                                {"used_at", token.used_at
                                                                ? nlohmann::ordered_json(used)
                                                                : nlohmann::ordered_json(nullptr)},
                                                {"state", state}}
                             .dump()
                      << '\n';
        } else {
            table.add({std::to_string(token.number), token.name, token.allows, scope_of(token),
                       iso(token.ends_at), used, state});
        }
    }
    if (!options.json && !tokens.value().empty()) {
        table.print(std::cout);
    }
    return kExitOk;
}

int revoke_token(const AccessOptions& options) {
    auto opened = open_access(options.state);
    if (!opened.ok()) {
        return refuse(opened.error());
    }
    const auto revoked = opened.value().store->revoke_api_token(options.number, machine_now());
    if (!revoked.ok()) {
        return refuse(revoked.error());
    }
    if (!revoked.value()) {
        return refuse("no valid token " + std::to_string(options.number) +
                          "; `fristvakt token list` shows those there are",
                      kExitNotFound);
    }
    if (options.json) {
        std::cout << nlohmann::ordered_json{{"number", options.number}, {"state", "revoked"}}.dump()
                  << '\n';
    }
    std::cerr << "token " << options.number << " is revoked\n";
    return kExitOk;
}

CLI::App* add_token_command(CLI::App& token, const std::shared_ptr<AccessOptions>& options,
                            const std::string& name, const std::string& what,
                            int (*run)(const AccessOptions&), int& exit_code) {
    CLI::App* command = token.add_subcommand(name, what);
    add_state_options(*command, options->state);
    command->callback([options, run, &exit_code] { exit_code = run(*options); });
    return command;
}

}  // namespace

void add_login_link(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<AccessOptions>();
    CLI::App* command =
        app.add_subcommand("login-link", "Print a link that signs a user in, once, without mail");
    command->add_option("ADDRESS", options->address, "Of somebody in users.csv")->required();
    add_state_options(*command, options->state);
    command->add_option("--url", options->url,
                        "Where the pages are reached; without it, public_url");
    command->add_flag("--json", options->json, "As JSON");
    command->footer("Example: fristvakt login-link kari@sf-innlandet.example");
    command->callback([options, &exit_code] { exit_code = login_link(*options); });
}

void add_token(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<AccessOptions>();
    CLI::App* token = app.add_subcommand("token", "API tokens: make, list, revoke");
    token->require_subcommand(1);
    token->footer("Example: fristvakt token create archive --allow events --days 365");
    CLI::App* create = add_token_command(*token, options, "create", "Make a token; prints it once",
                                         &create_token, exit_code);
    create->add_option("NAME", options->wanted.name, "What it is for")->required();
    create->add_option("--allow", options->wanted.allows, "What it may")
        ->required()
        ->check(CLI::IsMember({"read", "events", "admin"}));
    create->add_option("--days", options->wanted.days, "Until it ends")
        ->check(CLI::Range(1, 730))
        ->capture_default_str();
    create->add_option("--region", options->wanted.region, "Only for this organisation and below");
    create->add_option("--programme", options->wanted.programme, "Only for this programme");
    create->add_flag("--json", options->json, "As JSON");
    CLI::App* list = add_token_command(*token, options, "list", "All tokens, newest first",
                                       &list_tokens, exit_code);
    list->add_flag("--json", options->json, "One JSON object a line");
    CLI::App* revoke =
        add_token_command(*token, options, "revoke", "End a token now", &revoke_token, exit_code);
    revoke->add_option("NUMBER", options->number, "As `token list` shows it")->required();
    revoke->add_flag("--json", options->json, "As JSON");
}

}  // namespace fristvakt::daemon
