#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <system_error>

#include <poll.h>
#include <unistd.h>

#include "daemon/configuration/programme_desk.hpp"
#include "daemon/http/http_service.hpp"
#include "tests/browser/town.hpp"

/// Serves the pages of a made-up town until its standard input ends. Says the port on the first
/// line. `serve_town empty` has nothing in it yet, `serve_town done` nobody left to wait for.
int main(int argc, char** argv) {
    using namespace fristvakt;
    const std::string what = argc > 1 ? argv[1] : "";
    tests::Town::Options options;
    if (what == "empty") {
        options.until = "2021-01-04T07:00";
        options.from = options.until;
        options.demo_events = false;
    }
    tests::Town town{options};
    if (what == "hold") {
        (void)town.hold("Vi ser over adressene <før> neste runde.", "");
    }
    std::string state = (std::filesystem::temp_directory_path() / "fristvakt-XXXXXX").string();
    if (::mkdtemp(state.data()) == nullptr) {
        std::cerr << state << ": cannot be made\n";
        return EXIT_FAILURE;
    }
    daemon::ProgrammeDesk desk{
        {.config = {},
         .state = state,
         .use = [&](const auto& loaded, const auto& who) { return town.use(loaded, who); }},
        town,
        daemon::configuration_files({}).value(),
        {}};
    auto service = daemon::HttpService::start({.listen = "127.0.0.1:0",
                                               .operator_listen = "",
                                               .public_url = "",
                                               .version = "0.0-test",
                                               .desk = &desk},
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
    std::error_code ignored;
    std::filesystem::remove_all(state, ignored);
    return EXIT_SUCCESS;
}
