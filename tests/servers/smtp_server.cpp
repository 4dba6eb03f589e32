#include "tests/servers/smtp_server.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "tests/source_dir.hpp"

namespace fristvakt::tests {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string name_of(SmtpServerOptions::Tls tls) {
    switch (tls) {
        case SmtpServerOptions::Tls::None:
            return "none";
        case SmtpServerOptions::Tls::StartTls:
            return "starttls";
        case SmtpServerOptions::Tls::Implicit:
            return "implicit";
    }
    return "none";
}

std::string as_json(const SmtpServerOptions& options) {
    json out = {{"tls", name_of(options.tls)},
                {"auth_required", options.auth_required},
                {"mechanisms", options.mechanisms},
                {"plan", json::parse(options.plan)}};
    if (!options.certificate_name.empty()) {
        out["name"] = options.certificate_name;
    }
    if (!options.user.empty()) {
        out["user"] = options.user;
        out["password"] = options.password;
    }
    return out.dump();
}

std::string content_of(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// NNNN.eml, or an empty path when there is none of that number.
fs::path message_file(const fs::path& folder, std::size_t number) {
    constexpr std::size_t kWidth = 4;
    std::string digits = std::to_string(number);
    digits.insert(0, digits.size() < kWidth ? kWidth - digits.size() : 0, '0');
    const fs::path file = folder / (digits + ".eml");
    return fs::exists(file) ? file : fs::path{};
}

}  // namespace

SmtpServer::SmtpServer(const SmtpServerOptions& options) : options_(options) {
    const auto program = source_dir() / "tests/servers/smtp_server.py";
    process_.emplace(std::vector<std::string>{kPython, "-B", program.string(),
                                              folder_.path().string(), as_json(options)});
    const auto line = process_->read_line();
    if (!line) {
        throw std::runtime_error{"smtp_server.py does not start"};
    }
    const json told = json::parse(*line);
    port_ = told.at("port").get<int>();
    ca_file_ = told.at("ca_file").get<std::string>();
}

std::string SmtpServer::url() const {
    const bool is_implicit = options_.tls == SmtpServerOptions::Tls::Implicit;
    return (is_implicit ? "smtps://127.0.0.1:" : "smtp://127.0.0.1:") + std::to_string(port_);
}

void SmtpServer::set_plan(const std::string& plan) {
    (void)ask(json{{"plan", json::parse(plan)}}.dump(), std::chrono::seconds{60});
    while (!message_file(folder_.path(), seen_before_ + 1).empty()) {
        ++seen_before_;
    }
}

std::vector<AcceptedMessage> SmtpServer::messages() const {
    std::vector<AcceptedMessage> out;
    for (std::size_t number = seen_before_ + 1;; ++number) {
        fs::path file = message_file(folder_.path(), number);
        if (file.empty()) {
            return out;
        }
        AcceptedMessage message;
        message.bytes = content_of(file);
        const json about = json::parse(content_of(file.replace_extension(".json")));
        message.from = about.at("from").get<std::string>();
        message.to = about.at("to").get<std::vector<std::string>>();
        message.session = about.at("session").get<int>();
        out.push_back(std::move(message));
    }
}

std::vector<AcceptedMessage> SmtpServer::wait_for(std::size_t count,
                                                  std::chrono::seconds patience) {
    try {
        (void)ask(json{{"wait", count}}.dump(), patience);
    } catch (const std::runtime_error&) {
        // The caller sees that too few are there.
        process_.reset();
    }
    return messages();
}

std::vector<std::string> SmtpServer::transcript() {
    const std::string answer = ask(R"({"ask": "transcript"})", std::chrono::seconds{60});
    return json::parse(answer).at("transcript").get<std::vector<std::string>>();
}

std::string SmtpServer::ask(const std::string& question, std::chrono::seconds patience) {
    if (!process_ || !process_->write_line(question)) {
        throw std::runtime_error{"smtp_server.py has gone"};
    }
    auto line = process_->read_line(patience);
    if (!line) {
        throw std::runtime_error{"smtp_server.py does not answer"};
    }
    return *std::move(line);
}

}  // namespace fristvakt::tests
