#pragma once

#include <chrono>
#include <optional>
#include <string>

/// What systemd is told (sd_notify). Without systemd every call does nothing. Any thread.
namespace fristvakt::daemon {

void notify_ready(const std::string& status);
/// Before the configuration is read anew; `notify_ready` ends it. systemd 252 knows no
/// Type=notify-reload, so the daemon says both itself.
void notify_reloading();
void notify_stopping();
void notify_status(const std::string& status);
/// To be sent after a finished step only, so that a stuck engine is found out.
void notify_watchdog();
/// Half of WatchdogSec; empty when there is no watchdog.
[[nodiscard]] std::optional<std::chrono::milliseconds> watchdog_interval();

}  // namespace fristvakt::daemon
