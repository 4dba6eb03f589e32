#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace fristvakt::tests {

/// A child process whose standard input and output are lines of text. Ends with its object: its
/// input is closed, and it is killed if that is not enough at once. One thread talks to it.
class Process {
 public:
    /// Starts `arguments[0]`, found on the PATH. Its standard error is ours.
    /// Throws std::runtime_error when it cannot be started: a test cannot go on.
    explicit Process(const std::vector<std::string>& arguments);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// The next line, without its end; nothing when the child has closed its output or said nothing
    /// for so long that it never will.
    [[nodiscard]] std::optional<std::string> read_line(
        std::chrono::seconds patience = std::chrono::seconds{60});
    /// Writes a line. False: the child has gone.
    [[nodiscard]] bool write_line(std::string_view line) const;
    [[nodiscard]] pid_t id() const { return id_; }

 private:
    void collect();

    pid_t id_{-1};
    int input_{-1};
    int output_{-1};
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::string> lines_;
    bool is_at_end_{false};
    std::thread reader_;  ///< Takes all that is said, so that the child never waits for us.
};

/// Debian's own Python, which has the packages that script/packages.txt names.
inline constexpr const char* kPython = "/usr/bin/python3";

}  // namespace fristvakt::tests
