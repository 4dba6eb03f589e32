#include <algorithm>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "daemon/command_line/case_outlook.hpp"
#include "daemon/command_line/commands.hpp"
#include "daemon/command_line/moment.hpp"
#include "daemon/command_line/refusal.hpp"
#include "daemon/command_line/stored_state.hpp"
#include "daemon/command_line/text_table.hpp"
#include "daemon/http/json_of.hpp"
#include "daemon/web/view.hpp"
#include "daemon/web/words.hpp"

namespace fristvakt::daemon {

namespace {

using workflows::Case;
using workflows::Definitions;
using workflows::HistoryEntry;
using workflows::Language;
using workflows::Recipient;
using workflows::Reminder;

constexpr std::size_t kHistoryMax = 10'000;

struct ShowOptions {
    StateOptions state;
    std::string case_id;
    std::string language{"nb"};
    bool json{false};
};

/// Everybody who has a part in the case today, role by role.
std::vector<Recipient> people_of(const Case& item, const StoredState& state) {
    const Definitions& definitions = *state.definitions;
    const auto context = workflows::context_of(item, definitions);
    const auto today = definitions.time_zone().date_of(state.at);
    const auto refused = refused_addresses(state.ledger, definitions);
    std::vector<workflows::RoleReference> roles;
    const auto add = [&](const workflows::RoleReference& role) {
        if (std::find(roles.begin(), roles.end(), role) == roles.end()) {
            roles.push_back(role);
        }
    };
    const auto* ladder = context.requirement == nullptr
                             ? context.ladder
                             : definitions.find_ladder(context.requirement->ladder);
    if (ladder != nullptr) {
        for (const workflows::LadderStep& step : ladder->steps) {
            std::for_each(step.to.begin(), step.to.end(), add);
            std::for_each(step.copy.begin(), step.copy.end(), add);
        }
        if (!ladder->fallback.empty()) {
            add({workflows::Party::Debtor, ladder->fallback});
        }
    }
    add({workflows::Party::Creditor, "saksbehandler"});
    std::vector<Recipient> people;
    for (const workflows::RoleReference& role : roles) {
        for (Recipient& one :
             workflows::holders(role, item, context, definitions, today, refused)) {
            people.push_back(std::move(one));
        }
    }
    return people;
}

/// Addresses by the pseudonyms that reminders carry; nothing for those whom nobody names any more.
class Names {
 public:
    explicit Names(const StoredState& state) : ids_(state.ledger.salt) {
        for (const auto& contact : state.definitions->contacts) {
            static_cast<void>(ids_.of(contact.email));
        }
        for (const auto& [id, organisation] : state.definitions->organisations) {
            static_cast<void>(ids_.of(organisation.email));
        }
    }
    [[nodiscard]] std::string of(const Reminder& reminder) const {
        const std::string* address = ids_.address_of(reminder.person);
        return address == nullptr ? reminder.role + " of " + reminder.organisation : *address;
    }

 private:
    workflows::PersonIds ids_;
};

std::string describe(const workflows::LogEntry& entry) {
    std::string line = entry.event.empty() ? entry.kind : entry.event;
    if (!entry.to.empty()) {
        line += ": " + (entry.from.empty() ? "-" : entry.from) + " -> " + entry.to;
    }
    if (!entry.actor.empty()) {
        line += " (by " + entry.actor + ")";
    }
    for (const auto* values : {&entry.data, &entry.aside}) {
        for (const auto& [name, value] : *values) {
            line.append("  ").append(name).append("=").append(value);
        }
    }
    // One entry, one line, whatever somebody wrote.
    std::replace_if(
        line.begin(), line.end(), [](char byte) { return static_cast<unsigned char>(byte) < 0x20; },
        ' ');
    return line;
}

void print_head(const CaseOutlook& outlook, const StoredState& state, Language language) {
    const Case& item = outlook.item;
    const Definitions& definitions = *state.definitions;
    const auto& zone = definitions.time_zone();
    const auto party = [&](const std::string& id) {
        return organisation_name(id, definitions) + " (" + id + ")";
    };
    std::cout << item.id << "  " << case_title(item, definitions).in(language) << '\n';
    TextTable table;
    table.add({"debtor", party(item.debtor)});
    table.add({"creditor", party(item.creditor)});
    table.add({"state", state_in_words(item, definitions, language) + " since " +
                            show_time(item.entered_at, zone)});
    for (const auto& [name, value] : item.fields) {
        if (name != "pauses_parent") {
            table.add({name, value});
        }
    }
    const auto add_deadline = [&](const char* name, const workflows::Deadline& deadline) {
        table.add({name, show_date(deadline.date)});
        for (const std::string& line : deadline.because.in(language)) {
            table.add({"", line});
        }
    };
    if (item.due) {
        add_deadline("due", *item.due);
    }
    if (item.state_deadline) {
        add_deadline("to answer by", *item.state_deadline);
    }
    if (const auto left = days_left(outlook, state.at, zone)) {
        table.add({"left", show_days_left(*left)});
    }
    table.add({"next", next_in_short(outlook, zone)});
    table.print(std::cout, 2);
}

void print_text(const CaseOutlook& outlook, const std::vector<HistoryEntry>& history,
                const StoredState& state, Language language) {
    const auto& zone = state.definitions->time_zone();
    print_head(outlook, state, language);
    std::cout << "People today\n";
    TextTable people;
    for (const Recipient& one : people_of(outlook.item, state)) {
        people.add({one.role, one.name.empty() ? one.address : one.name + " <" + one.address + ">",
                    one.phone});
    }
    people.print(std::cout, 2);
    std::cout << "Reminders\n";
    const Names names{state};
    TextTable reminders;
    for (const Reminder& reminder : outlook.reminders) {
        std::string account{to_string(reminder.account)};
        if (reminder.reason != workflows::Reason::None) {
            account += ", " + std::string{to_string(reminder.reason)};
        }
        reminders.add({reminder.step, show_time(reminder.step_at, zone), names.of(reminder),
                       reminder.message > 0 ? "message " + std::to_string(reminder.message) : "",
                       account});
    }
    reminders.print(std::cout, 2);
    std::cout << "History\n";
    TextTable entries;
    for (const HistoryEntry& entry : history) {
        entries.add({show_time(entry.entry.at, zone), describe(entry.entry)});
    }
    entries.print(std::cout, 2);
}

void print_json(const CaseOutlook& outlook, const std::vector<HistoryEntry>& history,
                const StoredState& state) {
    const JsonContext context{*state.definitions, state.at};
    Json object = json_of(outlook.item, context);
    object["people"] = Json::array();
    for (const Recipient& one : people_of(outlook.item, state)) {
        object["people"].push_back({{"role", one.role},
                                    {"organisation", one.organisation},
                                    {"name", one.name},
                                    {"address", one.address},
                                    {"phone", one.phone},
                                    {"language", workflows::language_tag(one.language)}});
    }
    object["reminders"] = Json::array();
    for (const Reminder& reminder : outlook.reminders) {
        object["reminders"].push_back(json_of(reminder, context));
    }
    object["history"] = Json::array();
    for (const HistoryEntry& entry : history) {
        object["history"].push_back(json_of(entry, context));
    }
    const std::string hold = state.ledger.sending_on_hold ? state.ledger.hold_reason : "";
    object["explanation"] = json_of(outlook.explanation, outlook.item, hold, context);
    std::cout << to_bytes(object);
}

int show(const ShowOptions& options) {
    auto opened = open_state(options.state);
    if (!opened.ok()) {
        return refuse(opened.error());
    }
    StoredState state = std::move(opened).value();
    auto item = stored_case(state, options.case_id);
    if (!item.ok()) {
        return refuse(item.error());
    }
    const auto outlook = outlook_of(state, std::move(item).value());
    const auto history = state.snapshot->history_of(options.case_id, kHistoryMax);
    if (!outlook.ok() || !history.ok()) {
        return refuse(outlook.ok() ? history.error() : outlook.error());
    }
    if (options.json) {
        print_json(outlook.value(), history.value(), state);
    } else {
        print_text(outlook.value(), history.value(), state,
                   options.language == "nn" ? Language::Nn : Language::Nb);
    }
    return kExitOk;
}

}  // namespace

void add_show(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<ShowOptions>();
    CLI::App* command = app.add_subcommand(
        "show", "Show a case: its deadline and how it came about, people, reminders, history");
    command->add_option("CASE", options->case_id, "Its name, as `list` shows it")->required();
    add_state_options(*command, options->state);
    command->add_option("--language", options->language, "Of titles and derivations")
        ->check(CLI::IsMember({"nb", "nn"}))
        ->capture_default_str();
    command->add_flag("--json", options->json, "One JSON object, as in the API");
    command->footer("Example: fristvakt show pulje-5/plan/gjovik --state state/demo");
    command->callback([options, &exit_code] { exit_code = show(*options); });
}

}  // namespace fristvakt::daemon
