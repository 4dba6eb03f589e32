#include <algorithm>
#include <iostream>
#include <memory>
#include <utility>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "daemon/command_line/commands.hpp"
#include "daemon/command_line/daemon_client.hpp"
#include "daemon/command_line/refusal.hpp"
#include "daemon/http/url.hpp"

namespace fristvakt::daemon {

namespace {

using nlohmann::ordered_json;

struct EventOptions {
    std::string url{"http://127.0.0.1:8080"};
    std::string case_id;
    std::string event;
    std::string by{"creditor"};
    std::vector<std::string> fields;
    std::string until;
    std::string reason;
    std::string who;
    std::string key;
    bool json{false};
};

/// The body of the request; what is wrong with the options in `problem`.
ordered_json body_of(const EventOptions& options, std::string& problem) {
    ordered_json body{{"event", options.event}, {"by", options.by}};
    if (!options.who.empty()) {
        body["who"] = options.who;
    }
    ordered_json fields = ordered_json::object();
    for (const std::string& field : options.fields) {
        const auto equals = field.find('=');
        if (equals == std::string::npos || equals == 0) {
            problem = "--field '" + field + "': write NAME=VALUE";
            return body;
        }
        if (!fields.emplace(field.substr(0, equals), field.substr(equals + 1)).second) {
            problem = "--field '" + field + "': that name stands there twice; leave one out";
            return body;
        }
    }
    for (const auto& [name, value] :
         {std::pair{"until", &options.until}, std::pair{"reason", &options.reason}}) {
        if (!value->empty() && !fields.emplace(name, *value).second) {
            problem = std::string{"--"} + name + " and --field " + name + "=: leave one out";
            return body;
        }
    }
    if (!fields.empty()) {
        body["fields"] = std::move(fields);
    }
    return body;
}

int raise_event(const EventOptions& options) {
    std::string problem;
    const ordered_json body = body_of(options, problem);
    if (!problem.empty()) {
        return refuse(problem, kExitUsage);
    }
    DaemonRequest request{.method = "POST",
                          .path = "/api/v1/cases/" + encode_path(options.case_id) + "/events"};
    request.body = body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    if (!options.key.empty()) {
        request.headers.emplace_back("Idempotency-Key", options.key);
    }
    const DaemonAnswer answer = ask_daemon(options.url, request);
    if (answer.code != kExitOk) {
        return refuse(answer.problem, answer.code);
    }
    const auto said = ordered_json::parse(answer.body);
    if (options.json) {
        std::cout << said.dump() << '\n';
        return kExitOk;
    }
    const auto now = said.value("case", ordered_json::object());
    std::cout << options.case_id << "  " << said.value("from", "") << " -> "
              << said.value("to", "");
    if (now.contains("due") && now["due"].is_object() && !now.value("final", false)) {
        std::cout << "  due " << now["due"].value("date", "");
    }
    std::cout << (said.value("repeated", false) ? "  (known already: nothing happened anew)\n"
                                                : "\n");
    return kExitOk;
}

bool is_printable(const std::string& key) {
    return std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

void add_event(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<EventOptions>();
    CLI::App* command = app.add_subcommand("event", "Tell the daemon what has happened");
    command->add_option("CASE", options->case_id, "Its name, as `list` shows it")->required();
    command->add_option("EVENT", options->event, "What has happened: received, claimed, …")
        ->required();
    command->add_option("--by", options->by, "Who did it")
        ->check(CLI::IsMember({"debtor", "creditor", "operator"}))
        ->capture_default_str();
    command->add_option("--field", options->fields, "NAME=VALUE, a field of the event")
        ->expected(1)
        ->take_all();
    command->add_option("--until", options->until, "The field `until`: a date");
    command->add_option("--reason", options->reason, "The field `reason`");
    command->add_option("--who", options->who, "Who it was, for the log; can be erased");
    command
        ->add_option("--key", options->key,
                     "The same event with the same key counts once, for seven days")
        ->check([](const std::string& key) {
            return is_printable(key) && key.size() <= 200
                       ? std::string{}
                       : std::string{"1 to 200 printable ASCII characters without blanks"};
        });
    add_daemon_option(*command, options->url);
    command->add_flag("--json", options->json, "The API's answer, one JSON object");
    command->footer(
        "Example: fristvakt event pulje-5/plan/skjak more_time_given --until 2021-02-12");
    command->callback([options, &exit_code] { exit_code = raise_event(*options); });
}

}  // namespace fristvakt::daemon
