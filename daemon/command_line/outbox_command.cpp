#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "daemon/command_line/commands.hpp"
#include "daemon/command_line/daemon_client.hpp"
#include "daemon/command_line/refusal.hpp"
#include "daemon/command_line/text_table.hpp"
#include "daemon/http/url.hpp"

namespace fristvakt::daemon {

namespace {

using nlohmann::ordered_json;

struct OutboxOptions {
    std::string url{"http://127.0.0.1:8080"};
    std::int64_t number{0};  ///< 0: none was given.
    std::string case_id;
    std::string state;
    std::int64_t limit{0};  ///< 0: all.
    std::string reason;
    std::string who;
    std::string until;
    bool json{false};
};

std::string text_in(const ordered_json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

/// "2021-01-11 08:00" of "2021-01-11T08:00:00+01:00".
std::string short_time(const std::string& iso) {
    return iso.size() < 16 ? "-" : iso.substr(0, 10) + " " + iso.substr(11, 5);
}

std::string address_in(const ordered_json& message) {
    const auto to = message.value("to", ordered_json::object());
    const std::string address = text_in(to, "address");
    return address.empty() ? "(erased)" : address;
}

std::vector<std::string> row_of(const ordered_json& message) {
    const std::string settled = text_in(message, "settled_at");
    const std::string reason = text_in(message, "reason");
    const std::string state = text_in(message, "state");
    return {std::to_string(message.value("number", std::int64_t{0})),
            short_time(settled.empty() ? text_in(message, "slot_at") : settled),
            reason.empty() ? state : state + ", " + reason, address_in(message),
            text_in(message, "subject")};
}

/// "pulje-5/plan/gjovik due-14d, …": what it will say, before it is written.
std::string about(const ordered_json& message) {
    std::string all;
    for (const char* list : {"reminders", "told"}) {
        for (const ordered_json& item : message.value(list, ordered_json::array())) {
            const std::string step = text_in(item, "step");
            all += (all.empty() ? "" : ", ") + text_in(item, "case") + " " +
                   (step.empty() ? text_in(item, "notice") : step);
        }
    }
    return all;
}

/// Prints page after page as it comes, newest first.
int list_messages(const OutboxOptions& options) {
    constexpr std::int64_t kPageMax = 500;
    const std::int64_t page = options.limit > 0 ? std::min(options.limit, kPageMax) : kPageMax;
    std::string path = "/api/v1/outbox" + encode_query({{"case", options.case_id},
                                                        {"state", options.state},
                                                        {"limit", std::to_string(page)}});
    TextTable table;
    table.add({"NUMBER", "TIME", "STATE", "TO", "SUBJECT"});
    std::int64_t count = 0;
    std::string hold_reason;
    while (!path.empty()) {
        const DaemonAnswer answer = ask_daemon(options.url, {.path = path});
        if (answer.code != kExitOk) {
            return refuse(answer.problem, answer.code);
        }
        const auto said = ordered_json::parse(answer.body);
        hold_reason = said.value("on_hold", false) ? text_in(said, "hold_reason") : "";
        for (const ordered_json& message : said.value("messages", ordered_json::array())) {
            if (options.limit > 0 && count == options.limit) {
                break;
            }
            ++count;
            if (options.json) {
                std::cout << message.dump() << '\n';
            } else {
                table.add(row_of(message));
            }
        }
        path = options.limit > 0 && count >= options.limit ? "" : text_in(said, "next");
    }
    if (!options.json && count > 0) {
        table.print(std::cout);
    }
    if (!options.json) {
        std::cerr << count << (count == 1 ? " message" : " messages");
        std::cerr << (hold_reason.empty() ? "" : "; all sending is on hold: " + hold_reason)
                  << '\n';
    }
    return kExitOk;
}

void print_message(const ordered_json& message) {
    TextTable table;
    table.add({"number", std::to_string(message.value("number", std::int64_t{0}))});
    const std::string reason = text_in(message, "reason");
    table.add({"state", text_in(message, "state") + (reason.empty() ? "" : ", " + reason)});
    table.add({"slot", short_time(text_in(message, "slot_at"))});
    table.add({"settled", short_time(text_in(message, "settled_at"))});
    table.add({"attempts", std::to_string(message.value("attempts", 0))});
    table.add({"reply", text_in(message, "reply")});
    table.add({"to", address_in(message)});
    for (const ordered_json& copy : message.value("copy", ordered_json::array())) {
        table.add({"copy", text_in(copy, "address")});
    }
    for (const char* list : {"reminders", "told"}) {
        for (const ordered_json& item : message.value(list, ordered_json::array())) {
            table.add({"about", text_in(item, "case") + "  " + text_in(item, "step") + "  " +
                                    text_in(item, "notice")});
        }
    }
    table.add({"subject", text_in(message, "subject")});
    table.print(std::cout);
    const std::string text = text_in(message, "text");
    std::cout << (text.empty() ? "" : "\n" + text);
}

/// What the database that was lost may have sent.
int reconcile(const OutboxOptions& options) {
    const DaemonAnswer answer = ask_daemon(options.url, {.path = "/api/v1/outbox/reconcile"});
    if (answer.code != kExitOk) {
        return refuse(answer.problem, answer.code);
    }
    const auto said = ordered_json::parse(answer.body);
    if (options.json) {
        std::cout << said.dump() << '\n';
        return kExitOk;
    }
    const std::string restored = text_in(said, "restored_at");
    if (restored.empty()) {
        std::cerr << "nothing was restored since sending was last released\n";
        return kExitOk;
    }
    TextTable table;
    table.add({"NUMBER", "TIME", "STATE", "TO", "ABOUT"});
    const auto messages = said.value("messages", ordered_json::array());
    for (const ordered_json& message : messages) {
        auto row = row_of(message);
        row.back() = about(message);
        table.add(std::move(row));
    }
    if (!messages.empty()) {
        table.print(std::cout);
    }
    std::cerr << messages.size() << " would go out and may have been sent before the restore of "
              << short_time(restored)
              << ". Mark those that were (fristvakt outbox sent NUMBER); then let the rest go "
                 "(fristvakt outbox release)\n";
    return kExitOk;
}

/// Asks for something that gives one message, or how all sending stands.
int ask(const OutboxOptions& options, const DaemonRequest& request) {
    const DaemonAnswer answer = ask_daemon(options.url, request);
    if (answer.code != kExitOk) {
        return refuse(answer.problem, answer.code);
    }
    const auto said = ordered_json::parse(answer.body);
    if (options.json) {
        std::cout << said.dump() << '\n';
    } else if (said.contains("number")) {
        print_message(said);
    } else {
        std::cout << (said.value("on_hold", false)
                          ? "all sending is on hold: " + text_in(said, "hold_reason")
                          : "sending goes on")
                  << '\n';
    }
    return kExitOk;
}

int write(const OutboxOptions& options, const std::string& path) {
    ordered_json body = ordered_json::object();
    if (!options.who.empty()) {
        body["who"] = options.who;
    }
    if (!options.reason.empty()) {
        body["reason"] = options.reason;
    }
    if (!options.until.empty()) {
        body["until"] = options.until;
    }
    return ask(options,
               {.method = "POST",
                .path = "/api/v1/outbox/" + path,
                .body = body.dump(-1, ' ', false, ordered_json::error_handler_t::replace)});
}

/// One of the commands below `outbox`.
struct Adder {
    CLI::App& outbox;
    std::shared_ptr<OutboxOptions> options;
    int& exit_code;

    CLI::App* add(const std::string& name, const std::string& what, const std::string& example,
                  int (*run)(const OutboxOptions&)) const {
        CLI::App* command = outbox.add_subcommand(name, what);
        add_daemon_option(*command, options->url);
        command->add_flag("--json", options->json, "The API's answer as JSON");
        command->footer("Example: fristvakt outbox " + example);
        command->callback([kept = options, run, &code = exit_code] { code = run(*kept); });
        return command;
    }
    void add_number(CLI::App* command, bool required) const {
        command->add_option("NUMBER", options->number, "Of the message")
            ->required(required)
            ->check(CLI::PositiveNumber);
    }
    void add_who(CLI::App* command) const {
        command->add_option("--who", options->who, "Who it was, for the log; can be erased");
    }
};

}  // namespace

void add_outbox(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<OutboxOptions>();
    CLI::App* outbox = app.add_subcommand(
        "outbox", "Look at the messages; stop, postpone, hold, release, try again");
    outbox->require_subcommand(1);
    outbox->footer("Example: fristvakt outbox list --state held");
    const Adder adder{*outbox, options, exit_code};
    CLI::App* list =
        adder.add("list", "The messages, newest first", "list --state held", &list_messages);
    list->add_option("--case", options->case_id, "Only about this case");
    list->add_option("--state", options->state, "Only in this state")
        ->check(CLI::IsMember(
            {"waiting", "sending", "sent", "held", "failed", "dropped", "uncertain"}));
    list->add_option("--limit", options->limit, "At most so many")->check(CLI::PositiveNumber);
    CLI::App* show =
        adder.add("show", "One message as it was sent", "show 12", [](const OutboxOptions& given) {
            return ask(given, {.path = "/api/v1/outbox/" + std::to_string(given.number)});
        });
    adder.add_number(show, true);
    CLI::App* hold = adder.add("hold", "Put all sending on hold",
                               "hold --reason 'we look through the addresses'",
                               [](const OutboxOptions& given) { return write(given, "hold"); });
    hold->add_option("--reason", options->reason, "Shown on every page")->required();
    adder.add_who(hold);
    CLI::App* release = adder.add(
        "release", "End the hold and let go what was held, or one held message", "release 12",
        [](const OutboxOptions& given) {
            return write(given,
                         given.number > 0 ? std::to_string(given.number) + "/release" : "release");
        });
    adder.add_number(release, false);
    adder.add_who(release);
    adder.add("reconcile", "After a restore: what would go out and may have been sent already",
              "reconcile", &reconcile);
    CLI::App* sent = adder.add("sent", "Mark a message as sent before the restore: it does not go",
                               "sent 12", [](const OutboxOptions& given) {
                                   return write(given, std::to_string(given.number) + "/sent");
                               });
    adder.add_number(sent, true);
    adder.add_who(sent);
    CLI::App* stop = adder.add("stop", "Stop one message that waits or is held",
                               "stop 12 --reason 'they rang us'", [](const OutboxOptions& given) {
                                   return write(given, std::to_string(given.number) + "/stop");
                               });
    adder.add_number(stop, true);
    stop->add_option("--reason", options->reason, "Shown in the history")->required();
    adder.add_who(stop);
    CLI::App* postpone =
        adder.add("postpone", "Move a waiting message to its first slot on or after a day",
                  "postpone 12 --until 2021-02-12", [](const OutboxOptions& given) {
                      return write(given, std::to_string(given.number) + "/postpone");
                  });
    adder.add_number(postpone, true);
    postpone->add_option("--until", options->until, "The day, such as 2021-02-12")->required();
    adder.add_who(postpone);
    CLI::App* retry = adder.add("retry", "Try a failed message again, or let a stopped one go",
                                "retry 12", [](const OutboxOptions& given) {
                                    return write(given, std::to_string(given.number) + "/retry");
                                });
    adder.add_number(retry, true);
    adder.add_who(retry);
}

}  // namespace fristvakt::daemon
