#include "tests/servers/imap_server.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include <nlohmann/json.hpp>

#include "tests/source_dir.hpp"

namespace fristvakt::tests {
namespace {

using nlohmann::json;

std::string name_of(ImapServerOptions::Tls tls) {
    switch (tls) {
        case ImapServerOptions::Tls::None:
            return "none";
        case ImapServerOptions::Tls::StartTls:
            return "starttls";
        case ImapServerOptions::Tls::Implicit:
            return "implicit";
    }
    return "none";
}

std::string base64(std::string_view bytes) {
    static constexpr std::string_view kLetters{
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"};
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        unsigned bits = 0;
        for (std::size_t i = at; i < at + 3; ++i) {
            bits = bits << 8U | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            out += at + i <= bytes.size() ? kLetters[bits >> (18U - 6U * i) & 0x3FU] : '=';
        }
    }
    return out;
}

}  // namespace

ImapServer::ImapServer(const ImapServerOptions& options) : options_(options) {
    json told = {
        {"tls", name_of(options.tls)}, {"user", options.user}, {"password", options.password}};
    if (!options.certificate_name.empty()) {
        told["name"] = options.certificate_name;
    }
    const auto program = source_dir() / "tests/servers/imap_server.py";
    process_.emplace(
        std::vector<std::string>{kPython, program.string(), folder_.path().string(), told.dump()});
    const auto line = process_->read_line();
    if (!line) {
        throw std::runtime_error{"imap_server.py does not start"};
    }
    const json answer = json::parse(*line);
    port_ = answer.at("port").get<int>();
    ca_file_ = answer.at("ca_file").get<std::string>();
}

ImapServer::~ImapServer() {
    // Before its folder goes.
    if (process_->write_line(R"({"end": true})")) {
        (void)process_->read_line();
    }
}

std::string ImapServer::url() const {
    const bool is_implicit = options_.tls == ImapServerOptions::Tls::Implicit;
    return (is_implicit ? "imaps://127.0.0.1:" : "imap://127.0.0.1:") + std::to_string(port_);
}

void ImapServer::append(const std::vector<std::string>& messages, const std::string& folder) {
    json question = {{"append", json::array()}, {"to", folder}};
    for (const std::string& message : messages) {
        question["append"].push_back(base64(message));
    }
    (void)ask(question);
}

void ImapServer::remove(const std::vector<std::uint32_t>& uids, const std::string& folder) {
    (void)ask({{"remove", uids}, {"from", folder}});
}

void ImapServer::renew(const std::string& folder) {
    (void)ask({{"renew", folder}});
}

std::map<std::uint32_t, std::vector<std::string>> ImapServer::flags(const std::string& folder) {
    std::map<std::uint32_t, std::vector<std::string>> out;
    const json answer = ask({{"show", folder}});
    for (const auto& [uid, flags] : answer.at("uids").items()) {
        auto& known = out[static_cast<std::uint32_t>(std::stoul(uid))];
        known = flags.get<std::vector<std::string>>();
        std::erase(known, "\\Recent");
    }
    return out;
}

void ImapServer::cut_after(std::optional<std::size_t> bytes) {
    (void)ask({{"cut", bytes ? json(*bytes) : json(nullptr)}});
}

void ImapServer::stall_after(std::size_t bytes) {
    (void)ask({{"stall", bytes}});
}

void ImapServer::wait_for_stall() {
    (void)ask({{"stalled", true}});
}

json ImapServer::ask(const json& question) {
    if (!process_->write_line(question.dump())) {
        throw std::runtime_error{"imap_server.py has gone"};
    }
    const auto line = process_->read_line(std::chrono::seconds{240});
    if (!line) {
        throw std::runtime_error{"imap_server.py does not answer"};
    }
    json answer = json::parse(*line);
    if (answer.contains("error")) {
        throw std::runtime_error{"imap_server.py: " + answer.at("error").get<std::string>()};
    }
    return answer;
}

}  // namespace fristvakt::tests
