#include "tests/graph/graph_server.hpp"

#include <fstream>
#include <stdexcept>

#include <sys/stat.h>

#include "tests/source_dir.hpp"

namespace fristvakt::tests {

using nlohmann::json;

GraphServer::GraphServer()
    : process_({kPython, "-B", (source_dir() / "tests/graph/graph_server.py").string(),
                folder_.path().string()}) {
    const auto line = process_.read_line();
    if (!line) {
        throw std::runtime_error{"graph_server.py does not start"};
    }
    const json told = json::parse(*line);
    const std::string base = "https://127.0.0.1:" + std::to_string(told.at("port").get<int>());
    settings_ = {
        .tenant = "sf-innlandet.example",
        .client_id = "5f0c0de0-0000-4000-8000-000000000001",
        .secret = {.kind = workflows::SecretReference::Kind::File, .name = folder_ / "secret"},
        .mailbox = "moter@sf-innlandet.example",
        .notifications = false,
        .login_url = base,
        .graph_url = base + "/v1.0",
        .ca_file = told.at("ca_file").get<std::string>()};
    write_secret("hemmelig");
}

void GraphServer::write_secret(const std::string& secret) const {
    std::ofstream{settings_.secret.name} << secret << '\n';
    (void)::chmod(settings_.secret.name.c_str(), S_IRUSR | S_IWUSR);
}

json GraphServer::tell(const json& question) {
    if (!process_.write_line(question.dump())) {
        throw std::runtime_error{"graph_server.py has gone"};
    }
    const auto line = process_.read_line();
    if (!line) {
        throw std::runtime_error{"graph_server.py does not answer"};
    }
    return json::parse(*line);
}

void GraphServer::set_time(workflows::Instant now) {
    set("now", now.time_since_epoch().count());
}

std::vector<std::string> GraphServer::requests() {
    std::vector<std::string> out;
    for (const json& request : ask("requests")) {
        out.push_back(request.at("what").get<std::string>());
    }
    return out;
}

std::string GraphServer::mailbox_path() {
    return "/users/moter%40sf-innlandet.example";
}

}  // namespace fristvakt::tests
