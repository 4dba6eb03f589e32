#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "workflows/result.hpp"

namespace fristvakt::daemon {

struct DaemonOptions {
    std::filesystem::path config;  ///< Empty: the shipped configuration.
    std::filesystem::path state;
    std::string clock;   ///< Local time at which a demo clock starts; empty: the machine's.
    double speed{1};     ///< Of a demo clock.
    std::string listen;  ///< Instead of the configuration's; empty: that.
    std::string operator_listen;
    std::string events;  ///< File of timed events, or "embedded:NAME"; demo clock only.
    bool spool{false};   ///< Into a Maildir, whatever the configuration says.
    std::filesystem::path spool_folder;  ///< Empty: `spool` in the state folder.
};

/// The whole program in one object: builds everything in order, runs until told to stop, and takes
/// everything down in the reverse order, each step bounded in time.
class Daemon {
 public:
    /// Everything that can fail before the daemon is ready. Conflict: the state folder is in use,
    /// or belongs to another clock; the port is in use.
    [[nodiscard]] static workflows::Result<std::unique_ptr<Daemon>> start(
        const DaemonOptions& options);
    ~Daemon();
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    /// Blocks until SIGTERM or SIGINT, or until the engine cannot go on. SIGHUP reads the
    /// configuration again. Status: why it could not go on.
    [[nodiscard]] workflows::Status run();

 private:
    struct Parts;
    explicit Daemon(std::unique_ptr<Parts> parts);
    void reload();
    void stop();

    std::unique_ptr<Parts> parts_;
};

}  // namespace fristvakt::daemon
