#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/// So many keep-alive connections to one server on loopback, each with one request under way:
///
///   bench_http_load get PORT CONNECTIONS SECONDS PATH
///   bench_http_load events PORT CONNECTIONS SECONDS FILE-OF-CASES
///
/// `events` exempts a case and takes that back, one case after the other. One thread, so that it
/// takes little from what is measured. Prints "NAME VALUE" lines.
namespace {

using Machine = std::chrono::steady_clock;

[[noreturn]] void die(const char* why) {
    std::fprintf(stderr, "bench_http_load: %s: %s\n", why, std::strerror(errno));
    std::exit(1);
}

/// What one connection asks, one request after the other.
class Script {
 public:
    Script(const std::string& path, const std::string& host)
        : requests_{"GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n"} {}
    Script(const std::vector<std::string>& cases, const std::string& host) {
        for (const std::string& id : cases) {
            for (const char* body :
                 {R"({"event":"exempted","by":"creditor","reason":"Har ingen barnehage"})",
                  R"({"event":"reverted","by":"creditor"})"}) {
                requests_.push_back("POST /api/v1/cases/" + id +
                                    "/events HTTP/1.1\r\nHost: " + host +
                                    "\r\nContent-Type: application/json\r\nContent-Length: " +
                                    std::to_string(std::strlen(body)) + "\r\n\r\n" + body);
            }
        }
    }
    const std::string& next() { return requests_[next_++ % requests_.size()]; }
    /// What was done has been taken back: whoever comes next finds all as it was.
    [[nodiscard]] bool may_end() const { return requests_.size() == 1 || next_ % 2 == 0; }

 private:
    std::vector<std::string> requests_;
    std::size_t next_{0};
};

struct Connection {
    int socket{-1};
    Script script;
    std::string received{};
    Machine::time_point asked_at{};
};

struct Results {
    std::vector<double> milliseconds;
    std::size_t refused{0};
    std::string first_refusal;
};

int connect_to(int port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (socket < 0 ||
        connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        die("connect");
    }
    const int one = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return socket;
}

void ask(Connection& connection) {
    const std::string& request = connection.script.next();
    connection.asked_at = Machine::now();
    if (send(connection.socket, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
        die("send");
    }
}

/// The length of the whole answer; 0 while its head is not there.
std::size_t answer_length(const std::string& received) {
    const auto end = received.find("\r\n\r\n");
    if (end == std::string::npos) {
        return 0;
    }
    std::string head = received.substr(0, end + 2);
    std::transform(head.begin(), head.end(), head.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    const auto length = head.find("\r\ncontent-length:");
    if (length == std::string::npos) {
        die("an answer without a length");
    }
    return end + 4 + std::strtoul(head.c_str() + length + 17, nullptr, 10);
}

/// Reads what has come; true when the answer was whole.
bool read_answer(Connection& connection, Results& results) {
    static std::vector<char> buffer(256 * 1024);
    const ssize_t count = recv(connection.socket, buffer.data(), buffer.size(), 0);
    if (count <= 0) {
        die("the server hung up");
    }
    connection.received.append(buffer.data(), static_cast<std::size_t>(count));
    const std::size_t length = answer_length(connection.received);
    if (length == 0 || connection.received.size() < length) {
        return false;
    }
    if (connection.received.compare(9, 1, "2") != 0) {
        if (results.refused++ == 0) {
            results.first_refusal = connection.received;
        }
    }
    connection.received.clear();
    results.milliseconds.push_back(
        std::chrono::duration<double, std::milli>(Machine::now() - connection.asked_at).count());
    return true;
}

Results run(std::vector<Connection>& connections, double seconds) {
    const int events = epoll_create1(0);
    for (std::size_t i = 0; i < connections.size(); ++i) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = i;
        epoll_ctl(events, EPOLL_CTL_ADD, connections[i].socket, &event);
        ask(connections[i]);
    }
    Results results;
    const auto end = Machine::now() + std::chrono::duration_cast<Machine::duration>(
                                          std::chrono::duration<double>(seconds));
    std::vector<epoll_event> ready(64);
    std::size_t under_way = connections.size();
    while (under_way > 0) {
        const int count = epoll_wait(events, ready.data(), static_cast<int>(ready.size()), 10'000);
        if (count <= 0) {
            die("no answer within ten seconds");
        }
        for (int i = 0; i < count; ++i) {
            Connection& connection = connections[ready[static_cast<std::size_t>(i)].data.u64];
            if (!read_answer(connection, results)) {
                continue;
            }
            if (Machine::now() < end || !connection.script.may_end()) {
                ask(connection);
            } else {
                --under_way;
            }
        }
    }
    return results;
}

std::vector<std::string> read_lines(const char* file) {
    std::ifstream in{file};
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    return lines;
}

/// Every connection has cases of its own: no two work on one.
std::vector<Script> scripts_for(const std::string& command, const char* what, std::size_t count,
                                const std::string& host) {
    std::vector<Script> scripts;
    if (command == "get") {
        scripts.assign(count, Script{std::string{what}, host});
        return scripts;
    }
    const auto cases = read_lines(what);
    for (std::size_t i = 0; i < count; ++i) {
        std::vector<std::string> own;
        for (std::size_t index = i; index < cases.size(); index += count) {
            own.push_back(cases[index]);
        }
        scripts.emplace_back(own, host);
    }
    return scripts;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 6) {
        errno = EINVAL;
        die("usage: bench_http_load get|events PORT CONNECTIONS SECONDS PATH|FILE");
    }
    std::vector<Connection> connections;
    for (Script& script :
         scripts_for(arguments[1], arguments[5], std::strtoul(arguments[3], nullptr, 10),
                     std::string{"127.0.0.1:"} + arguments[2])) {
        connections.push_back({.socket = connect_to(std::atoi(arguments[2])), .script = script});
    }
    const auto begin = Machine::now();
    Results results = run(connections, std::atof(arguments[4]));
    const double seconds = std::chrono::duration<double>(Machine::now() - begin).count();
    auto& times = results.milliseconds;
    std::sort(times.begin(), times.end());
    if (results.refused > 0) {
        std::fprintf(stderr, "%s\n", results.first_refusal.c_str());
    }
    std::printf("per_second %.1f\np50_ms %.4f\np99_ms %.4f\nrefused %zu\n",
                static_cast<double>(times.size()) / seconds, times[times.size() / 2],
                times[times.size() * 99 / 100], results.refused);
    return results.refused > 0 ? 1 : 0;
}
