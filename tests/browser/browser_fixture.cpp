#include <cstdlib>
#include <iostream>

#include <poll.h>
#include <unistd.h>

#include "daemon/configuration/programme_desk.hpp"
#include "daemon/http/http_service.hpp"
#include "integrations/sqlite/access_store.hpp"
#include "tests/browser/town.hpp"
#include "tests/temporary_folder.hpp"

namespace {

using namespace fristvakt;

constexpr int kKommuner = 357;
constexpr int kRequirements = 12;

std::string two(int number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}
std::string kommune(int number) {
    return "k-" + std::to_string(1000 + number);
}

/// The largest that anybody asks for: every kommune owes twelve plans, and is in every state that a
/// plan can be in.
tests::Town::Options country(const integrations::ConfigurationFiles& shipped) {
    std::string organisations = shipped.files.at("organisations.csv");
    std::string contacts = shipped.files.at("contacts.csv");
    std::string programme =
        "programme: landet\ntitle: {nb: Landets planer, nn: Planane til landet}\ncohort: landet\n"
        "period: {from: 2021-01-01, to: 2021-12-31}\ncreditor: sf-innlandet\nparticipants:\n";
    std::string events;
    for (int i = 1; i <= kKommuner; ++i) {
        const std::string id = kommune(i);
        const char* const language = i % 3 == 0 ? "nn" : i % 3 == 1 ? "nb" : "neutral";
        organisations += id + ",Prøvekommune " + std::to_string(i) + ",kommune," +
                         std::to_string(9000 + i) + ",sf-innlandet," + language + ",post@" + id +
                         ".example\n";
        if (i % 20 != 0) {
            contacts += id + ",Person " + std::to_string(i) + ",person@" + id +
                        ".example,ressursperson,,,,\n";
        }
        programme += "  - " + id + "\n";
        for (int r = 1; r <= kRequirements; ++r) {
            const int kind = (i + r) % 8;
            if (kind < 3) {
                events +=
                    R"({"at":"2021-01-)" + two(11 + r) + R"(T10:00","case":"landet/krav-)" +
                    two(r) + "/" + id + R"(","event":")" +
                    (kind == 0 ? R"(claimed","by":"debtor"})" : R"(received","by":"creditor"})") +
                    "\n";
            }
        }
    }
    programme += "requirements:\n";
    for (int r = 1; r <= kRequirements; ++r) {
        programme += "  - id: krav-" + two(r) + "\n    title: {nb: Krav nummer " +
                     std::to_string(r) + ", nn: Krav nummer " + std::to_string(r) +
                     "}\n    workflow: plan\n    opens: 2021-01-04\n    due: 2021-0" +
                     std::to_string(1 + r / 5) + "-" + two(11 + r) + "\n    ladder: standard\n";
    }
    tests::Town::Options options;
    options.files = {{"organisations.csv", organisations},
                     {"contacts.csv", contacts},
                     {"programmes/landet.yaml", programme}};
    options.events = events;
    return options;
}

}  // namespace

/// Serves the pages of a made-up town until its standard input ends. Says the port on the first
/// line. `serve_town empty` has nothing in it yet, `serve_town country` 357 kommuner that owe
/// twelve plans each, `serve_town meetings` meetings and an
/// activity plan.
int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "";
    auto files = daemon::configuration_files({}).value();
    tests::Town::Options options;
    if (what == "country" || what == "meetings") {
        options = what == "country" ? country(files)
                                    : tests::Town::Options{.files = tests::files_with_plan()};
        for (const auto& [path, content] : options.files) {
            files.files.insert_or_assign(path, content);
        }
    }
    if (what == "empty") {
        options.until = "2021-01-04T07:00";
        options.from = options.until;
        options.demo_events = false;
    }
    tests::Town town{options};
    if (what == "hold") {
        (void)town.hold("Vi ser over adressene <før> neste runde.", "");
    }
    const tests::TemporaryFolder state;
    daemon::ProgrammeDesk desk{
        {.config = {},
         .state = state.path(),
         .use = [&](const auto& loaded, const auto& who) { return town.use(loaded, who); }},
        town,
        std::move(files),
        {}};
    auto views = integrations::AccessStore::open(state / "access.db", true);
    if (!views.ok()) {
        std::cerr << views.error().message << '\n';
        return EXIT_FAILURE;
    }
    auto service = daemon::HttpService::start({.listen = "127.0.0.1:0",
                                               .operator_listen = "",
                                               .public_url = "",
                                               .version = "0.0-test",
                                               .desk = &desk,
                                               .views = views.value().get()},
                                              town);
    if (!service.ok()) {
        std::cerr << service.error().message << '\n';
        return EXIT_FAILURE;
    }
    std::cout << service.value()->port() << std::endl;
    pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    while (::poll(&input, 1, -1) >= 0 && (input.revents & (POLLHUP | POLLERR)) == 0) {
        char ignored[256];
        if (::read(STDIN_FILENO, ignored, sizeof ignored) <= 0) {
            break;
        }
    }
    return EXIT_SUCCESS;
}
