// Bytes as they come in on a connection, for the real server with its pages and API, over a town in
// memory. A line "%%" between requests is left out, so that seeds are readable.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/http/http_service.hpp"
#include "daemon/http/url.hpp"
#include "tests/browser/town.hpp"
#include "tests/fuzz/demand.hpp"

namespace fristvakt::fuzz {
namespace {

using daemon::HttpService;

struct Served {
    tests::Town town;
    std::unique_ptr<HttpService> service;
};

Served& served() {
    // Never taken down: at the end of the process the fuzzer has left main() in its own way.
    static Served* const kServed = [] {
        auto* made = new Served;  // NOLINT(cppcoreguidelines-owning-memory)
        HttpService::Options options;
        options.listen = "127.0.0.1:0";
        options.public_url = "http://frist.example";
        options.version = "0";
        options.limits.readers = 1;
        options.limits.writers = 1;
        made->service = HttpService::start(options, made->town).value();
        return made;
    }();
    return *kServed;
}

/// Sends `bytes`, says that there is no more, and reads to the end. Nothing when the server hung up
/// on what it had not read: then an answer may have been lost on the way.
std::optional<std::string> exchange(std::string_view bytes) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(served().service->port()));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): as the interface wants it
    const auto* address = reinterpret_cast<const sockaddr*>(&to);
    demand(::connect(socket, address, sizeof to) == 0, "the server listens");
    while (!bytes.empty()) {
        const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            break;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    (void)::shutdown(socket, SHUT_WR);
    std::string answers;
    std::string part(16384, '\0');
    ssize_t got{1};
    while (got > 0) {
        got = ::recv(socket, part.data(), part.size(), 0);
        answers.append(part, 0, static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    }
    // Without the wait in which no other connection could take the port.
    const linger now{.l_onoff = 1, .l_linger = 0};
    (void)::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    (void)::close(socket);
    return got == 0 ? std::optional{std::move(answers)} : std::nullopt;
}

struct Head {
    int status{0};
    std::size_t body{0};
    bool is_html{false};
};

/// One head, taken off `answers`: a status line and fields, nothing that a client wrote among them.
Head read_head(std::string_view& answers) {
    std::string_view head = take_until(answers, "\r\n\r\n");
    std::string_view line = take_until(head, "\r\n");
    demand(line.starts_with("HTTP/1.1 ") && line.size() > 12, "an answer begins", line);
    Head out{.status = std::atoi(std::string{line.substr(9, 3)}.c_str())};
    while (!head.empty()) {
        line = take_until(head, "\r\n");
        demand(line.find_first_of(std::string_view{"\r\n\0", 3}) == std::string::npos,
               "a field is one line", line);
        demand(!line.starts_with("X-Fuzz"), "no field is a client's", line);
        const std::string_view name = take_until(line, ": ");
        if (name == "Content-Length") {
            out.body = static_cast<std::size_t>(std::atol(std::string{line}.c_str()));
        } else if (name == "Content-Type") {
            out.is_html = line.starts_with("text/html");
        }
    }
    return out;
}

void look_at(std::string_view answers) {
    while (!answers.empty()) {
        const std::string_view whole = answers;
        const Head head = read_head(answers);
        demand(head.status >= 100 && head.status < 600 && head.status != 500,
               "nothing goes wrong inside", whole);
        if (head.status == 100) {
            continue;
        }
        demand(head.body <= answers.size(), "a body is whole", whole);
        const std::string_view body = answers.substr(0, head.body);
        answers.remove_prefix(head.body);
        demand(!head.is_html || body.find("<fuzz") == std::string_view::npos,
               "nothing that a client wrote is markup", body);
        demand(daemon::is_valid_utf8(body), "an answer is UTF-8", body);
    }
}

}  // namespace

void try_http(std::string_view text) {
    std::string bytes;
    while (!text.empty()) {
        bytes += take_until(text, "\n%%\n");
    }
    const auto head_before = served().town.snapshot()->head();
    const auto answers = exchange(bytes);
    // Answers to HEAD have no body, whatever their length says.
    if (answers && bytes.find("HEAD") == std::string::npos) {
        look_at(*answers);
    }
    if (bytes.find("POST") == std::string::npos) {
        const auto head_after = served().town.snapshot()->head();
        demand(head_before.ok() && head_after.ok(), "the store answers");
        demand(head_before.value().sequence == head_after.value().sequence,
               "only POST changes anything", bytes);
    }
}

}  // namespace fristvakt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fristvakt::fuzz::try_http(fristvakt::fuzz::text_of(data, size));
    return 0;
}
