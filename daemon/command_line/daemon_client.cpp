#include "daemon/command_line/daemon_client.hpp"

#include <cstdlib>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "integrations/http_client/http_client.hpp"
#include "workflows/definition/base_url.hpp"
#include "workflows/result.hpp"

namespace fristvakt::daemon {

namespace {

int exit_code_of(int status) {
    switch (status) {
        case 400:
        case 413:
        case 415:
            return kExitUsage;
        case 404:
            return kExitNotFound;
        case 502:
        case 503:
        case 504:
            return kExitUnreachable;
        default:
            return kExitProblems;
    }
}

/// What the server says is wrong (RFC 9457), else its status.
std::string problem_in(const integrations::HttpAnswer& answer) {
    const auto body = nlohmann::json::parse(answer.body, nullptr, false);
    if (body.is_object() && body.contains("detail") && body["detail"].is_string()) {
        return body["detail"].get<std::string>();
    }
    return "the daemon answered with HTTP status " + std::to_string(answer.status);
}

}  // namespace

void add_daemon_option(CLI::App& command, std::string& url) {
    command.add_option("--url", url, "Where the daemon answers")->capture_default_str();
}

DaemonAnswer ask_daemon(const std::string& url, const DaemonRequest& request) {
    const std::string base = workflows::base_url(url);
    integrations::HttpCall call{.method = request.method,
                                .url = base + request.path,
                                .headers = request.headers,
                                .body = request.body};
    call.headers.emplace_back("Accept", "application/json");
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here writes the environment.
    if (const char* const token = std::getenv("FRISTVAKT_TOKEN"); token != nullptr && *token != 0) {
        call.headers.emplace_back("Authorization", "Bearer " + std::string{token});
    }
    if (request.method != "GET") {
        call.headers.emplace_back("Content-Type", "application/json");
    }
    const auto answer = integrations::call_http(call);
    if (!answer.ok()) {
        const bool is_wrong = answer.error().kind == workflows::ErrorKind::InvalidInput;
        return {is_wrong ? kExitUsage : kExitUnreachable, answer.error().message, {}};
    }
    if (answer.value().status != 200) {
        return {exit_code_of(answer.value().status), problem_in(answer.value()), {}};
    }
    if (!nlohmann::json::parse(answer.value().body, nullptr, false).is_object()) {
        return {
            kExitUnreachable, base + ": something else than fristvakt answers there (--url)", {}};
    }
    return {kExitOk, {}, answer.value().body};
}

}  // namespace fristvakt::daemon
