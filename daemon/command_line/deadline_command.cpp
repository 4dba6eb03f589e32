#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "daemon/command_line/commands.hpp"
#include "daemon/command_line/exit_code.hpp"
#include "workflows/time/deadline.hpp"

namespace fristvakt::daemon {

namespace {

struct DeadlineOptions {
    std::string expression;
    std::string if_free_day{"next_working_day"};
    std::string zone{"Europe/Oslo"};
    std::string language{"nb"};
    bool json{false};
};

workflows::FreeDayRule rule_of(const std::string& name) {
    if (name == "keep") {
        return workflows::FreeDayRule::Keep;
    }
    return name == "previous_working_day" ? workflows::FreeDayRule::PreviousWorkingDay
                                          : workflows::FreeDayRule::NextWorkingDay;
}

int show_deadline(const DeadlineOptions& options) {
    const auto zone = workflows::TimeZone::locate(options.zone);
    if (!zone.ok()) {
        std::cerr << zone.error().message << '\n';
        return kExitUsage;
    }
    const auto expression = workflows::parse_deadline(options.expression);
    const auto deadline = expression.ok()
                              ? workflows::evaluate(expression.value(), {},
                                                    rule_of(options.if_free_day), zone.value())
                              : workflows::Result<workflows::Deadline>{expression.error()};
    if (!deadline.ok()) {
        std::cerr << "deadline '" << options.expression << "': " << deadline.error().message
                  << '\n';
        return kExitUsage;
    }
    const auto language =
        options.language == "nn" ? workflows::Language::Nn : workflows::Language::Nb;
    const auto& because = deadline.value().because.in(language);
    const std::string date = workflows::iso_date(deadline.value().date);
    const std::string ends_at = workflows::iso_instant(deadline.value().ends_at, zone.value());
    if (options.json) {
        nlohmann::ordered_json object;
        object["expression"] = options.expression;
        object["date"] = date;
        object["ends_at"] = ends_at;
        object["because"] = because;
        std::cout << object.dump() << '\n';
        return kExitOk;
    }
    std::cout << date << " (" << workflows::weekday_name(deadline.value().date, language) << ")\n";
    for (const std::string& line : because) {
        std::cout << "  " << line << '\n';
    }
    return kExitOk;
}

}  // namespace

void add_deadline(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<DeadlineOptions>();
    CLI::App* command = app.add_subcommand("deadline", "Reckon a deadline and show how");
    command->add_option("EXPR", options->expression, "ANCHOR {+|- N UNIT} [HH:MM]")->required();
    command->add_option("--if-free-day", options->if_free_day, "What moves it off a free day")
        ->check(CLI::IsMember({"next_working_day", "keep", "previous_working_day"}))
        ->capture_default_str();
    command->add_option("--time-zone", options->zone, "IANA name")->capture_default_str();
    command->add_option("--language", options->language, "Of the explanation")
        ->check(CLI::IsMember({"nb", "nn"}))
        ->capture_default_str();
    command->add_flag("--json", options->json, "One JSON object");
    command->footer("Example: fristvakt deadline '2026-03-12 + 3 weeks'");
    command->callback([options, &exit_code] { exit_code = show_deadline(*options); });
}

}  // namespace fristvakt::daemon
