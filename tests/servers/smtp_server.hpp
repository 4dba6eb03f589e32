#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/servers/process.hpp"
#include "tests/temporary_folder.hpp"

namespace fristvakt::tests {

struct SmtpServerOptions {
    enum class Tls { None, StartTls, Implicit };
    Tls tls{Tls::None};
    std::string certificate_name{};  ///< Empty: 127.0.0.1 and localhost.
    std::string user{};              ///< Empty: nobody can log in, AUTH is not offered.
    std::string password{};
    bool auth_required{false};
    std::vector<std::string> mechanisms{"PLAIN", "LOGIN"};
    std::string plan{"[]"};  ///< See set_plan().
};

/// One message that the server accepted.
struct AcceptedMessage {
    std::string from;
    std::vector<std::string> to;
    std::string bytes;
    int session{0};  ///< From 1, by connection.
};

/// A real SMTP server (aiosmtpd) in a process of its own on a loopback port, which refuses, drops
/// and dawdles by plan. Ends with its object. Used by one thread; serves any number.
class SmtpServer {
 public:
    explicit SmtpServer(const SmtpServerOptions& options = {});
    SmtpServer(const SmtpServer&) = delete;
    SmtpServer& operator=(const SmtpServer&) = delete;

    [[nodiscard]] int port() const { return port_; }
    /// smtp://127.0.0.1:PORT, or smtps:// with implicit TLS.
    [[nodiscard]] std::string url() const;
    /// The certificate to trust; empty without TLS.
    [[nodiscard]] std::string ca_file() const { return ca_file_; }

    /// Forgets transcript and messages and follows this plan: a JSON list of rules such as
    /// {"at": "RCPT", "index": 1, "reply": "550 5.1.1 no such user"},
    /// {"at": "END", "drop": "before"}, {"at": "MAIL", "delay": 0.2, "times": 1}. All of it stands
    /// in smtp_server.py.
    void set_plan(const std::string& plan);
    /// What was accepted since the plan was set, in order.
    [[nodiscard]] std::vector<AcceptedMessage> messages() const;
    /// Waits until `count` messages have been accepted since the plan was set, then gives them all;
    /// gives what there is when that does not happen within `patience`.
    [[nodiscard]] std::vector<AcceptedMessage> wait_for(
        std::size_t count, std::chrono::seconds patience = std::chrono::seconds{60});
    /// "1 CONNECT", "1 EHLO", "1 AUTH PLAIN", "1 MAIL FROM:<a@x.example>", …: what every session
    /// asked since the plan was set, without secrets.
    [[nodiscard]] std::vector<std::string> transcript();

 private:
    std::string ask(const std::string& question, std::chrono::seconds patience);

    TemporaryFolder folder_;
    SmtpServerOptions options_;
    std::optional<Process> process_;
    int port_{0};
    std::string ca_file_;
    std::size_t seen_before_{0};  ///< Files there when the plan was set.
};

}  // namespace fristvakt::tests
