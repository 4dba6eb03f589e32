#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/servers/process.hpp"
#include "tests/temporary_folder.hpp"
#include "workflows/definition/graph_calendar.hpp"
#include "workflows/time/instant.hpp"

namespace fristvakt::tests {

/// The stand-in for Microsoft Graph (graph_server.py) in a process of its own, over TLS on a
/// loopback port, with a mailbox and an application that may use it. Ends with its object. One
/// thread talks to it; it serves any number.
class GraphServer {
 public:
    GraphServer();

    /// How to reach it, with the secret in a file.
    [[nodiscard]] const workflows::GraphCalendar& settings() const { return settings_; }
    /// Writes another secret into that file.
    void write_secret(const std::string& secret) const;

    /// What graph_server.py is told, as it says there; gives its answer.
    nlohmann::json tell(const nlohmann::json& question);
    void set(const std::string& name, const nlohmann::json& value) {
        tell({{"set", {{name, value}}}});
    }
    void set_time(workflows::Instant now);
    void fail(const nlohmann::json& rules) { tell({{"fail", rules}}); }
    [[nodiscard]] nlohmann::json ask(const std::string& name) {
        return tell({{"ask", name}}).at(name);
    }
    /// "POST /users/…/events" and so on, of those that were asked since the last
    /// `forget_requests`.
    [[nodiscard]] std::vector<std::string> requests();

    /// "/users/moter%40sf-innlandet.example"
    [[nodiscard]] static std::string mailbox_path();

 private:
    TemporaryFolder folder_;
    Process process_;
    workflows::GraphCalendar settings_;
};

}  // namespace fristvakt::tests
