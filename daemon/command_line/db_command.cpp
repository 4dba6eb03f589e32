#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "daemon/command_line/commands.hpp"
#include "daemon/command_line/refusal.hpp"
#include "daemon/command_line/stored_state.hpp"
#include "daemon/command_line/text_table.hpp"
#include "daemon/http/json_of.hpp"
#include "daemon/runtime/clock.hpp"
#include "integrations/sqlite/access_store.hpp"
#include "integrations/sqlite/maintenance.hpp"
#include "integrations/sqlite/reading.hpp"
#include "integrations/sqlite/state_folder.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::daemon {

namespace {

using integrations::StateFolder;
using nlohmann::ordered_json;
using workflows::Result;

struct DbOptions {
    std::string state{"/var/lib/fristvakt"};
    std::string head;
    std::string file;
    std::string address;
    bool overwrite{false};
    bool json{false};
};

void print(const ordered_json& object) {
    std::cout << object.dump(-1, ' ', false, ordered_json::error_handler_t::replace) << '\n';
}

/// A state folder without a database is asked for by mistake: locking it would not show that.
workflows::Status require_database(const DbOptions& options) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(database_in(options.state), ignored)) {
        return workflows::Error{workflows::ErrorKind::NotFound,
                                options.state +
                                    ": there is no database there; name the daemon's "
                                    "state folder with --state"};
    }
    return workflows::Done{};
}

/// The time on the clock of the installation whose database `file` is: what is written into its log
/// must not lie in another time than the rest.
workflows::Result<workflows::Instant> now_of(const std::filesystem::path& file) {
    auto snapshot = integrations::open_for_reading(file);
    if (!snapshot.ok()) {
        return snapshot.error();
    }
    const auto ledger = snapshot.value()->ledger();
    if (!ledger.ok()) {
        return ledger.error();
    }
    return now_in(file.parent_path(), ledger.value(), *snapshot.value());
}

int verify(const DbOptions& options) {
    if (const auto there = require_database(options); !there.ok()) {
        return refuse(there.error());
    }
    const auto report =
        integrations::verify(database_in(options.state),
                             options.head.empty() ? std::nullopt : std::optional{options.head});
    if (!report.ok()) {
        return refuse(report.error());
    }
    const auto& found = report.value();
    if (options.json) {
        print({{"ok", found.ok()},
               {"entries", found.entries},
               {"head", found.head},
               {"asides_erased", found.asides_erased},
               {"bodies_erased", found.bodies_erased},
               {"problems", found.problems}});
    } else {
        for (const std::string& problem : found.problems) {
            std::cout << problem << '\n';
        }
        std::cout << "head " << found.head << '\n';
        std::cerr << found.entries << " entries, " << found.asides_erased << " with erased asides, "
                  << found.bodies_erased << " erased messages, " << found.problems.size()
                  << " problems\n";
    }
    return found.ok() ? kExitOk : kExitProblems;
}

int rebuild(const DbOptions& options) {
    if (const auto there = require_database(options); !there.ok()) {
        return refuse(there.error());
    }
    const auto folder = StateFolder::lock(options.state, false);
    if (!folder.ok()) {
        return refuse(folder.error());
    }
    const auto report = integrations::rebuild(folder.value().database());
    if (!report.ok()) {
        return refuse(report.error());
    }
    const auto& done = report.value();
    if (options.json) {
        print({{"entries", done.entries}, {"differences", done.differences}});
    } else {
        for (const std::string& difference : done.differences) {
            std::cout << difference << '\n';
        }
        std::cerr << "rebuilt from " << done.entries << " entries; " << done.differences.size()
                  << " rows were not what the log says\n";
    }
    return kExitOk;
}

int backup(const DbOptions& options) {
    if (const auto there = require_database(options); !there.ok()) {
        return refuse(there.error());
    }
    const auto done = integrations::backup(
        database_in(options.state), options.file,
        options.overwrite ? integrations::Overwrite::Yes : integrations::Overwrite::No);
    if (!done.ok()) {
        return refuse(done.error());
    }
    std::error_code ignored;
    const auto size = std::filesystem::file_size(options.file, ignored);
    if (options.json) {
        print({{"file", options.file}, {"bytes", size}});
    } else {
        std::cerr << "copied to " << options.file << ", " << size << " bytes\n";
    }
    return kExitOk;
}

int restore(const DbOptions& options) {
    const auto done = integrations::restore(
        options.file, options.state, SystemClock{}.now(),
        options.overwrite ? integrations::Overwrite::Yes : integrations::Overwrite::No);
    if (!done.ok()) {
        return refuse(done.error());
    }
    if (options.json) {
        print({{"state", options.state}, {"on_hold", true}});
    } else {
        std::cerr << "restored into " << options.state
                  << "; sending is on hold. Start the daemon, look through what may have been "
                     "sent since the backup (fristvakt outbox reconcile), mark what was "
                     "(fristvakt outbox sent NUMBER), then let the rest go (fristvakt outbox "
                     "release)\n";
    }
    return kExitOk;
}

/// From links, sessions, tokens and feeds, where the daemon has kept any; how many knew it.
Result<std::int64_t> erase_access(const DbOptions& options) {
    const auto file = std::filesystem::path{options.state} / "access.db";
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) {
        return std::int64_t{0};
    }
    const auto store = integrations::AccessStore::open(file, false);
    return store.ok() ? store.value()->erase(workflows::lower_case(options.address))
                      : Result<std::int64_t>{store.error()};
}

int erase(const DbOptions& options) {
    if (const auto there = require_database(options); !there.ok()) {
        return refuse(there.error());
    }
    const auto folder = StateFolder::lock(options.state, false);
    if (!folder.ok()) {
        return refuse(folder.error());
    }
    const auto now = now_of(folder.value().database());
    if (!now.ok()) {
        return refuse(now.error());
    }
    const auto access = erase_access(options);
    if (!access.ok()) {
        return refuse(access.error());
    }
    const auto report =
        integrations::erase_person(folder.value().database(), options.address, now.value());
    const bool knew_nothing = access.value() == 0;
    if (!report.ok() && (knew_nothing || report.error().kind != workflows::ErrorKind::NotFound)) {
        return refuse(report.error());
    }
    // Whoever signs in, but is written to by nobody, is known there alone.
    const auto done = report.ok() ? report.value() : integrations::EraseReport{};
    if (options.json) {
        print({{"persons", done.persons},
               {"messages", done.bodies},
               {"asides", done.asides},
               {"answers", done.answers},
               {"configurations", done.configurations},
               {"access", access.value()}});
    } else {
        std::cerr
            << "erased " << done.persons << " persons, " << done.bodies << " messages, "
            << done.asides << " asides of the log, " << done.answers << " kept answers, "
            << done.configurations << " stored configurations, " << access.value()
            << " sessions, links and calendars; older backups, the spool folder, users.csv and "
               "contacts.csv (that below the state folder too) still know them\n";
    }
    return kExitOk;
}

int status(const DbOptions& options) {
    if (const auto there = require_database(options); !there.ok()) {
        return refuse(there.error());
    }
    const auto file = database_in(options.state);
    auto opened = integrations::open_for_reading(file);
    if (!opened.ok()) {
        return refuse(opened.error());
    }
    const auto snapshot = std::move(opened).value();
    const auto ledger = snapshot->ledger();
    const auto head = snapshot->head();
    const auto outbox = snapshot->outbox();
    const auto counts = snapshot->counts();
    if (!ledger.ok() || !head.ok() || !outbox.ok() || !counts.ok()) {
        return refuse(!ledger.ok()   ? ledger.error()
                      : !head.ok()   ? head.error()
                      : !outbox.ok() ? outbox.error()
                                     : counts.error());
    }
    const workflows::Ledger& facts = ledger.value();
    const workflows::Books& books = facts.books;
    std::int64_t cases = 0;
    for (const auto& count : counts.value()) {
        cases += count.cases;
    }
    ordered_json messages = ordered_json::object();
    for (const auto& [state, count] : outbox.value().messages) {
        messages[std::string{to_string(state)}] = count;
    }
    std::error_code ignored;
    ordered_json object{
        {"head", std::to_string(head.value().sequence) + ":" + head.value().hash},
        {"last_entry_at", workflows::iso_utc(head.value().at)},
        {"bytes", std::filesystem::file_size(file, ignored)},
        {"clock", facts.demo_clock ? "demo" : "machine"},
        {"on_hold", facts.sending_on_hold},
        {"hold_reason", facts.sending_on_hold ? ordered_json(facts.hold_reason) : nullptr},
        {"configuration", facts.definitions_hash},
        {"cases", cases},
        {"messages", std::move(messages)},
        {"books", json_of(books)}};
    if (options.json) {
        print(object);
    } else {
        TextTable table;
        for (const auto& [name, value] : object.items()) {
            table.add({name, value.is_string() ? value.get<std::string>() : value.dump()});
        }
        table.print(std::cout);
    }
    return books.balance() ? kExitOk : kExitProblems;
}

/// One of the commands below `db`.
CLI::App* add_to(CLI::App& db, const std::shared_ptr<DbOptions>& options, int& exit_code,
                 const std::string& name, const std::string& what, const std::string& example,
                 int (*run)(const DbOptions&)) {
    CLI::App* command = db.add_subcommand(name, what);
    command->add_option("--state", options->state, "The state folder")->capture_default_str();
    command->add_flag("--json", options->json, "One JSON object");
    command->footer("Example: fristvakt db " + example);
    command->callback([options, run, &exit_code] { exit_code = run(*options); });
    return command;
}

}  // namespace

void add_db(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<DbOptions>();
    CLI::App* db = app.add_subcommand("db", "Look after the state folder");
    db->require_subcommand(1);
    db->footer("Example: fristvakt db verify --state /var/lib/fristvakt");
    const auto add = [&](const std::string& name, const std::string& what,
                         const std::string& example, int (*run)(const DbOptions&)) {
        return add_to(*db, options, exit_code, name, what, example, run);
    };
    add("status", "How it stands: head of the log, hold, books, messages by state", "status --json",
        &status);
    add("verify", "Prove the chain of the log and all that follows from it",
        "verify --head 812:5f…", &verify)
        ->add_option("--head", options->head,
                     "SEQUENCE:HASH as printed earlier: without it a log that was cut off looks "
                     "whole");
    add("rebuild", "Fold everything that follows from the log anew; no daemon may run", "rebuild",
        &rebuild);
    auto* copying = add("backup", "Copy the database, also under a running daemon",
                        "backup /var/backups/fristvakt/today.db", &backup);
    copying->add_option("FILE", options->file, "The copy; must not exist yet")->required();
    copying->add_flag("--overwrite", options->overwrite, "It may exist");
    auto* restoring =
        add("restore", "Verify a backup and put it into a state folder, with sending on hold",
            "restore /var/backups/fristvakt/today.db", &restore);
    restoring->add_option("FILE", options->file, "The backup")->required();
    restoring->add_flag("--replace", options->overwrite,
                        "In the place of the database there, which is kept as replaced.db");
    add("erase", "Blank what identifies a person; no daemon may run",
        "erase kari.nordmann@gjovik.example", &erase)
        ->add_option("ADDRESS", options->address, "Their mail address")
        ->required();
}

}  // namespace fristvakt::daemon
