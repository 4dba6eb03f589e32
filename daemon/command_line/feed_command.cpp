#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "daemon/command_line/access_commands.hpp"
#include "daemon/command_line/access_state.hpp"
#include "daemon/command_line/refusal.hpp"
#include "daemon/command_line/text_table.hpp"
#include "daemon/feeds/feed_tokens.hpp"

/// Calendars to subscribe to, from the machine itself: whoever may write the state folder may.
namespace fristvakt::daemon {

using integrations::StoredFeed;

namespace {

struct FeedOptions {
    StateOptions state{};
    std::string person;
    std::string organisation;
    std::string cohort;
    std::int64_t number{0};
    bool json{false};
};

const char* word_of(StoredFeed::Of of) {
    switch (of) {
        case StoredFeed::Of::Person:
            return "person";
        case StoredFeed::Of::Organisation:
            return "organisation";
        case StoredFeed::Of::Cohort:
            return "cohort";
    }
    return "";
}

int print(const MadeFeed& feed, bool json) {
    if (json) {
        std::cout << nlohmann::ordered_json{{"number", feed.number}, {"url", feed.url}}.dump()
                  << '\n';
    } else {
        std::cout << feed.url << '\n';
    }
    std::cerr << "feed " << feed.number
              << "; the address is shown this once, and whoever has it sees the calendar\n";
    return kExitOk;
}

int create_feed(const FeedOptions& options) {
    const int named = static_cast<int>(!options.person.empty()) +
                      static_cast<int>(!options.organisation.empty()) +
                      static_cast<int>(!options.cohort.empty());
    if (named != 1) {
        return refuse("say whose deadlines: --person, --organisation or --cohort", kExitUsage);
    }
    const NewFeed wanted = !options.person.empty() ? NewFeed{StoredFeed::Of::Person, options.person}
                           : !options.cohort.empty()
                               ? NewFeed{StoredFeed::Of::Cohort, options.cohort}
                               : NewFeed{StoredFeed::Of::Organisation, options.organisation};
    auto opened = open_access(options.state);
    if (!opened.ok()) {
        return refuse(opened.error());
    }
    const auto made =
        make_feed(*opened.value().store, *opened.value().state.definitions, wanted, machine_now());
    return made.ok() ? print(made.value(), options.json) : refuse(made.error());
}

int renew_one(const FeedOptions& options) {
    auto opened = open_access(options.state);
    if (!opened.ok()) {
        return refuse(opened.error());
    }
    const auto renewed = renew_feed(*opened.value().store, *opened.value().state.definitions,
                                    options.number, machine_now());
    return renewed.ok() ? print(renewed.value(), options.json) : refuse(renewed.error());
}

int end_one(const FeedOptions& options) {
    auto opened = open_access(options.state);
    if (!opened.ok()) {
        return refuse(opened.error());
    }
    const auto ended = opened.value().store->end_feed(options.number);
    if (!ended.ok()) {
        return refuse(ended.error());
    }
    if (!ended.value()) {
        return refuse("there is no feed " + std::to_string(options.number) +
                          "; `fristvakt feed list` shows those there are",
                      kExitNotFound);
    }
    if (options.json) {
        std::cout << nlohmann::ordered_json{{"number", options.number}, {"state", "ended"}}.dump()
                  << '\n';
    }
    std::cerr << "feed " << options.number << " has ended\n";
    return kExitOk;
}

int list_feeds(const FeedOptions& options) {
    auto opened = open_access(options.state);
    if (!opened.ok()) {
        return refuse(opened.error());
    }
    const auto feeds = opened.value().store->feeds();
    if (!feeds.ok()) {
        return refuse(feeds.error());
    }
    TextTable table;
    table.add({"NUMBER", "OF", "SUBJECT", "MADE", "LAST USED"});
    for (const StoredFeed& feed : feeds.value()) {
        const std::string made = workflows::iso_utc(feed.made_at);
        const std::string used = feed.used_at ? workflows::iso_utc(*feed.used_at) : "never";
        if (options.json) {
            std::cout << nlohmann::ordered_json{{"number", feed.number},
                                                {"of", word_of(feed.of)},
                                                {"subject", feed.subject},
                                                {"made_by", feed.made_by},
                                                {"made_at", made},
                                                {"used_at", feed.used_at
                                                                ? nlohmann::ordered_json(used)
                                                                : nlohmann::ordered_json(nullptr)}}
                             .dump()
                      << '\n';
        } else {
            table.add({std::to_string(feed.number), word_of(feed.of), feed.subject, made, used});
        }
    }
    if (!options.json && !feeds.value().empty()) {
        table.print(std::cout);
    }
    return kExitOk;
}

CLI::App* add_one(CLI::App& feed, const std::shared_ptr<FeedOptions>& options,
                  const std::string& name, const std::string& what, int (*run)(const FeedOptions&),
                  int& exit_code) {
    CLI::App* command = feed.add_subcommand(name, what);
    add_state_options(*command, options->state);
    command->callback([options, run, &exit_code] { exit_code = run(*options); });
    return command;
}

}  // namespace

void add_feed(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<FeedOptions>();
    CLI::App* feed = app.add_subcommand("feed", "Calendars to subscribe to: make, renew, end");
    feed->require_subcommand(1);
    feed->footer("Example: fristvakt feed create --organisation gjovik");
    CLI::App* create =
        add_one(*feed, options, "create", "Make an address for a calendar; prints it once",
                &create_feed, exit_code);
    create->add_option("--person", options->person, "Mail address of a contact or user");
    create->add_option("--organisation", options->organisation, "What it owes");
    create->add_option("--cohort", options->cohort, "What all in it owe");
    CLI::App* list =
        add_one(*feed, options, "list", "All calendars, newest first", &list_feeds, exit_code);
    CLI::App* renew =
        add_one(*feed, options, "renew", "Another address; the old one answers no more", &renew_one,
                exit_code);
    CLI::App* end = add_one(*feed, options, "end", "End a calendar; its address answers no more",
                            &end_one, exit_code);
    for (CLI::App* const command : {renew, end}) {
        command->add_option("NUMBER", options->number, "As `feed list` shows it")->required();
    }
    for (CLI::App* const command : {create, renew, list, end}) {
        command->add_flag("--json", options->json, "As JSON");
    }
}

}  // namespace fristvakt::daemon
