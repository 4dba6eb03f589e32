#include "daemon/runtime/supervisor.hpp"

#include <cstdint>

#include <systemd/sd-daemon.h>

namespace fristvakt::daemon {

namespace {

void notify(const std::string& state) {
    // A failure means that nobody listens; there is nobody to tell.
    (void)sd_notify(0, state.c_str());
}

}  // namespace

void notify_ready(const std::string& status) {
    notify("READY=1\nSTATUS=" + status);
}

void notify_reloading() {
    notify("RELOADING=1\nSTATUS=Reading the configuration");
}

void notify_stopping() {
    notify("STOPPING=1\nSTATUS=Stopping");
}

void notify_status(const std::string& status) {
    notify("STATUS=" + status);
}

void notify_watchdog() {
    notify("WATCHDOG=1");
}

std::optional<std::chrono::milliseconds> watchdog_interval() {
    std::uint64_t microseconds = 0;
    if (sd_watchdog_enabled(0, &microseconds) <= 0 || microseconds == 0) {
        return std::nullopt;
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::microseconds{microseconds / 2});
}

}  // namespace fristvakt::daemon
