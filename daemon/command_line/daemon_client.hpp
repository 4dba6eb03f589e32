#pragma once

#include <string>
#include <utility>
#include <vector>

#include "daemon/command_line/exit_code.hpp"

namespace CLI {
class App;
}

/// The running daemon, as commands ask it through its API.
namespace fristvakt::daemon {

/// --url; `url` must outlive the parsing.
void add_daemon_option(CLI::App& command, std::string& url);

struct DaemonRequest {
    std::string method{"GET"};
    std::string path;  ///< From the slash, encoded: "/api/v1/outbox".
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};  ///< JSON; empty: none.
};

struct DaemonAnswer {
    int code{kExitOk};
    std::string problem;  ///< Why not, and what to do; empty when it went well.
    std::string body;     ///< One JSON object, when it went well.
};

/// Asks the daemon at `url` once, with the API token in FRISTVAKT_TOKEN if there is one. Its
/// refusals become exit codes: no such thing is kExitNotFound; not there, or too busy, is
/// kExitUnreachable; a command that it does not understand is kExitUsage; what the state does not
/// allow is kExitProblems.
[[nodiscard]] DaemonAnswer ask_daemon(const std::string& url, const DaemonRequest& request);

}  // namespace fristvakt::daemon
