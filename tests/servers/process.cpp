#include "tests/servers/process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fristvakt::tests {
namespace {

std::array<int, 2> make_pipe() {
    std::array<int, 2> ends{};
    // Closed in every other child, so that closing ours is the end of the file.
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error{"pipe2: " + std::generic_category().message(errno)};
    }
    return ends;
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments) {
    // A child that has gone is told by write() alone.
    (void)std::signal(SIGPIPE, SIG_IGN);
    const auto to_child = make_pipe();
    const auto from_child = make_pipe();
    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, to_child[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, from_child[1], STDOUT_FILENO);
    std::vector<std::string> copies = arguments;
    std::vector<char*> words;
    words.reserve(copies.size() + 1);
    for (auto& word : copies) {
        words.push_back(word.data());
    }
    words.push_back(nullptr);
    const int error = ::posix_spawnp(&id_, words[0], &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    (void)::close(to_child[0]);
    (void)::close(from_child[1]);
    input_ = to_child[1];
    output_ = from_child[0];
    if (error != 0) {
        (void)::close(input_);
        (void)::close(output_);
        throw std::runtime_error{arguments.at(0) + ": " + std::generic_category().message(error)};
    }
    reader_ = std::thread{[this] { collect(); }};
}

Process::~Process() {
    (void)::close(input_);
    (void)::kill(id_, SIGKILL);
    (void)::waitpid(id_, nullptr, 0);
    reader_.join();
    (void)::close(output_);
}

void Process::collect() {
    std::string rest;
    std::array<char, 4096> buffer{};
    while (true) {
        const ssize_t count = ::read(output_, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        const std::lock_guard lock{mutex_};
        if (count <= 0) {
            is_at_end_ = true;
            changed_.notify_all();
            return;
        }
        rest.append(buffer.data(), static_cast<std::size_t>(count));
        for (std::size_t end = rest.find('\n'); end != std::string::npos; end = rest.find('\n')) {
            lines_.push_back(rest.substr(0, end));
            rest.erase(0, end + 1);
        }
        changed_.notify_all();
    }
}

std::optional<std::string> Process::read_line(std::chrono::seconds patience) {
    std::unique_lock lock{mutex_};
    (void)changed_.wait_for(lock, patience, [this] { return !lines_.empty() || is_at_end_; });
    if (lines_.empty()) {
        return std::nullopt;
    }
    std::string line = std::move(lines_.front());
    lines_.pop_front();
    return line;
}

bool Process::write_line(std::string_view line) const {
    std::string rest{line};
    rest += '\n';
    while (!rest.empty()) {
        const ssize_t count = ::write(input_, rest.data(), rest.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return false;
        }
        rest.erase(0, static_cast<std::size_t>(count));
    }
    return true;
}

}  // namespace fristvakt::tests
