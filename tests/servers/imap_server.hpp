#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tests/servers/process.hpp"
#include "tests/temporary_folder.hpp"

namespace fristvakt::tests {

struct ImapServerOptions {
    enum class Tls { None, StartTls, Implicit };
    Tls tls{Tls::None};
    std::string certificate_name{};  ///< Empty: 127.0.0.1 and localhost.
    std::string user{"svar"};
    std::string password{"hunter2-never-shown"};
};

/// Dovecot with one mailbox in processes of its own, on a loopback port. Ends with its object. Used
/// by one thread; serves any number.
class ImapServer {
 public:
    explicit ImapServer(const ImapServerOptions& options = {});
    ~ImapServer();
    ImapServer(const ImapServer&) = delete;
    ImapServer& operator=(const ImapServer&) = delete;

    /// imap://127.0.0.1:PORT, or imaps:// with implicit TLS.
    [[nodiscard]] std::string url() const;
    /// The certificate to trust; empty without TLS.
    [[nodiscard]] std::string ca_file() const { return ca_file_; }

    /// Puts messages into a folder, in that order; it is made when it is missing.
    void append(const std::vector<std::string>& messages, const std::string& folder = "INBOX");
    /// Removes messages by UID.
    void remove(const std::vector<std::uint32_t>& uids, const std::string& folder = "INBOX");
    /// Throws a folder other than INBOX away, and makes an empty one of the same name.
    void renew(const std::string& folder);
    /// The flags of each message, without \Recent: "\Seen".
    [[nodiscard]] std::map<std::uint32_t, std::vector<std::string>> flags(
        const std::string& folder = "INBOX");
    /// From now on each connection ends when the server has said so many bytes; empty: none does.
    void cut_after(std::optional<std::size_t> bytes);
    /// … or says no more than that, and stays open.
    void stall_after(std::size_t bytes);
    /// Waits until one has come to that.
    void wait_for_stall();

 private:
    nlohmann::json ask(const nlohmann::json& question);

    TemporaryFolder folder_;
    ImapServerOptions options_;
    std::optional<Process> process_;
    int port_{0};
    std::string ca_file_;
};

}  // namespace fristvakt::tests
