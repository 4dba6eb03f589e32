#pragma once

#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <vector>

#include "daemon/engine/engine.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::daemon {

/// What a sender asks of the engine's thread. Any thread.
class DeliveryDesk {
 public:
    virtual ~DeliveryDesk() = default;
    /// Ready once the engine has looked; LeaveIt when it is stopping.
    [[nodiscard]] virtual std::future<MarkAnswer> mark_sending(Written written) = 0;
    virtual void delivered(workflows::DeliveryReport report) = 0;
    virtual void not_written(std::int64_t number, const std::string& why) = 0;
    [[nodiscard]] virtual std::shared_ptr<const workflows::Definitions> definitions() const = 0;
};

/// Writes and sends messages on threads of its own, one session each: what is slow or blocks does
/// so here. At most one message a session is being sent.
class DeliveryPool final : public Dispatcher {
 public:
    /// Opens a session as the configuration says; never null.
    using OpenChannel =
        std::function<std::unique_ptr<workflows::Channel>(const workflows::Definitions&)>;

    struct Options {
        std::size_t sessions{4};
        /// After a refusal for now, wait this machine time before reporting it: on a demo clock,
        /// where the engine's own waiting would be over at once.
        std::chrono::milliseconds pause_after_retry{0};
    };

    /// `renderer` and `desk` must outlive the pool. `open_channel` is called on each thread,
    /// and again when the configuration has changed.
    DeliveryPool(const workflows::Renderer& renderer, DeliveryDesk& desk, OpenChannel open_channel,
                 Options options);
    ~DeliveryPool() override;
    DeliveryPool(const DeliveryPool&) = delete;
    DeliveryPool& operator=(const DeliveryPool&) = delete;

    /// Does not block.
    void offer(workflows::MessageSnapshot snapshot) override;

    /// Takes nothing new; what is being sent is finished. Blocks until then, bounded by the
    /// transport's own time-outs. May be called twice.
    void stop();

 private:
    struct Shared;
    void run_session();
    void handle(workflows::MessageSnapshot snapshot, workflows::Channel& channel);

    const workflows::Renderer& renderer_;
    DeliveryDesk& desk_;
    OpenChannel open_channel_;
    Options options_;
    std::unique_ptr<Shared> shared_;
};

}  // namespace fristvakt::daemon
