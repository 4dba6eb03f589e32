#pragma once

#include <memory>
#include <utility>

#include "workflows/ports.hpp"

namespace fristvakt::daemon {

/// Sends each message by the way of its channel. One thread at a time.
class WaysOut final : public workflows::Channel {
 public:
    WaysOut(std::unique_ptr<workflows::Channel> mail, std::unique_ptr<workflows::Channel> cards)
        : mail_(std::move(mail)), cards_(std::move(cards)) {}

    [[nodiscard]] workflows::DeliveryReport send(const workflows::Envelope& envelope) override {
        return (envelope.channel == workflows::kTeamsChannel ? cards_ : mail_)->send(envelope);
    }

 private:
    std::unique_ptr<workflows::Channel> mail_;
    std::unique_ptr<workflows::Channel> cards_;
};

}  // namespace fristvakt::daemon
