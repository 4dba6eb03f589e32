#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "integrations/guarded.hpp"
#include "integrations/teams/post_rate.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/ports.hpp"

/// The ways out for cards. An envelope's address is that of a channel: "teams:saksbehandlere".
namespace fristvakt::integrations::teams {

/// How often each channel was posted to, for all who post. Any thread.
class PostRates {
 public:
    /// Monotonic; never goes back.
    using Seconds = std::function<double()>;
    explicit PostRates(Seconds seconds) : seconds_(std::move(seconds)) {}
    /// 0: post now, which counts. Else so many seconds from now, and nothing is counted.
    [[nodiscard]] double take_turn(const std::string& channel);

 private:
    Seconds seconds_;
    Guarded<std::map<std::string, PostRate>> rates_;
};

/// Posts to the channels' workflows. Reads the address anew each time: a new one counts at once.
/// One thread at a time; several may share `rates`.
class CardChannel final : public workflows::Channel {
 public:
    /// `rates` must outlive it.
    CardChannel(std::vector<workflows::TeamsChannel> channels, PostRates& rates);
    /// Delivered: the workflow was started. RetryLater: it is busy, nobody answers, its turn has
    /// not come or its address cannot be read; uncertain when it may have been posted.
    [[nodiscard]] workflows::DeliveryReport send(const workflows::Envelope& envelope) override;

 private:
    std::vector<workflows::TeamsChannel> channels_;
    PostRates& rates_;
};

/// Writes cards as files instead, FOLDER/NUMBER.CHANNEL.json. One thread at a time.
class CardSpool final : public workflows::Channel {
 public:
    /// It and the folder above it are made when needed.
    explicit CardSpool(std::filesystem::path folder) : folder_(std::move(folder)) {}
    /// Delivered means on the disk. A resend replaces the first attempt.
    [[nodiscard]] workflows::DeliveryReport send(const workflows::Envelope& envelope) override;

 private:
    std::filesystem::path folder_;
};

/// Whether cards can be posted to `channel`: its address can be read, and is one that Microsoft
/// still answers at. InvalidInput: says which channel, what is wrong and what to do.
[[nodiscard]] workflows::Status check_channel(const workflows::TeamsChannel& channel);
/// What is wrong with its address, where that can be read from here; nothing where it cannot.
[[nodiscard]] std::optional<workflows::Error> fault_of_address(
    const workflows::TeamsChannel& channel);
/// Whether its address is on this machine: where a demo's cards may go.
[[nodiscard]] bool is_on_this_machine(const workflows::TeamsChannel& channel);

}  // namespace fristvakt::integrations::teams
