#pragma once

#include <string>
#include <string_view>
#include <vector>

/// A client that writes bytes as it pleases, to see what a server makes of them.
namespace fristvakt::tests {

struct RawResponse {
    int status{0};  ///< 0: the server closed without a word.
    std::string head;
    std::string body;
    /// Value of a header, by lower-case name; "" when absent.
    [[nodiscard]] std::string header(std::string_view name) const;
};

/// One connection to 127.0.0.1. Reads give up after ten seconds.
class RawClient {
 public:
    explicit RawClient(int port);
    ~RawClient();
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    /// False when the server has closed.
    bool send(std::string_view bytes) const;
    /// Reads one answer; `head_only` for HEAD.
    [[nodiscard]] RawResponse receive(bool head_only = false);
    [[nodiscard]] RawResponse exchange(std::string_view request) {
        send(request);
        return receive();
    }
    /// True when the server closes without sending more.
    [[nodiscard]] bool is_closed();

 private:
    [[nodiscard]] bool fill();
    int socket_{-1};
    std::string buffer_;
};

/// "GET PATH HTTP/1.1" with the right Host and the further header lines.
[[nodiscard]] std::string get_request(int port, std::string_view path,
                                      const std::vector<std::string>& headers = {});
/// A POST of JSON, as a program sends it.
[[nodiscard]] std::string post_request(int port, std::string_view path, std::string_view body,
                                       const std::vector<std::string>& headers = {});

}  // namespace fristvakt::tests
