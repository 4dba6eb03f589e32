#include "tests/unit/http/raw_client.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "workflows/assert.hpp"

namespace fristvakt::tests {

std::string RawResponse::header(std::string_view name) const {
    std::string lower = head;
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
    const std::size_t at = lower.find("\r\n" + std::string{name} + ":");
    if (at == std::string::npos) {
        return "";
    }
    const std::size_t begin = head.find_first_not_of(' ', at + 2 + name.size() + 1);
    return head.substr(begin, head.find("\r\n", begin) - begin);
}

RawClient::RawClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    FRISTVAKT_ASSERT(socket_ >= 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const int refused =
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    FRISTVAKT_ASSERT(refused == 0);
}

RawClient::~RawClient() {
    ::close(socket_);
}

bool RawClient::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

bool RawClient::fill() {
    std::array<char, 16384> chunk{};
    const ssize_t count = ::recv(socket_, chunk.data(), chunk.size(), 0);
    if (count <= 0) {
        return false;
    }
    buffer_.append(chunk.data(), static_cast<std::size_t>(count));
    return true;
}

bool RawClient::is_closed() {
    return buffer_.empty() && !fill();
}

RawResponse RawClient::receive(bool head_only) {
    RawResponse out;
    std::size_t end{0};
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!fill()) {
            return out;
        }
    }
    out.head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    out.status = std::stoi(out.head.substr(9, 3));
    const std::string length = out.header("content-length");
    const std::size_t wanted = head_only || length.empty() ? 0 : std::stoul(length);
    while (buffer_.size() < wanted && fill()) {
    }
    out.body = buffer_.substr(0, wanted);
    buffer_.erase(0, wanted);
    return out;
}

namespace {

std::string request(std::string_view line, int port, const std::vector<std::string>& headers) {
    std::string out{line};
    out += " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n";
    for (const std::string& header : headers) {
        out += header + "\r\n";
    }
    return out;
}

}  // namespace

std::string get_request(int port, std::string_view path, const std::vector<std::string>& headers) {
    return request("GET " + std::string{path}, port, headers) + "\r\n";
}

std::string post_request(int port, std::string_view path, std::string_view body,
                         const std::vector<std::string>& headers) {
    return request("POST " + std::string{path}, port, headers) +
           "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + std::string{body};
}

}  // namespace fristvakt::tests
