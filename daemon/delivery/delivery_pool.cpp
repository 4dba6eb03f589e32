#include "daemon/delivery/delivery_pool.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "integrations/mail/mime.hpp"
#include "integrations/texts/channel_card.hpp"

namespace fristvakt::daemon {

using workflows::MessageSnapshot;

namespace {

workflows::Envelope envelope_of(const Written& written,
                                const workflows::Installation& installation) {
    const MessageSnapshot& snapshot = written.snapshot;
    workflows::Envelope envelope{.number = snapshot.number,
                                 .message_id = snapshot.message_id,
                                 .from = installation.mail.from,
                                 .to = {},
                                 .bytes = written.bytes,
                                 .at = snapshot.at,
                                 .attempt = snapshot.attempt};
    if (integrations::texts::goes_as_card(snapshot, installation)) {
        envelope.channel = snapshot.channel;
        envelope.to = {snapshot.to.address};
    } else {
        envelope.to = integrations::address_for(snapshot, installation).recipients;
    }
    return envelope;
}

}  // namespace

struct DeliveryPool::Shared {
    std::mutex mutex;  ///< Guards `queue` and `stopping`.
    std::condition_variable changed;
    std::condition_variable stopped;  ///< Apart: who pauses must not take another's wake-up.
    std::deque<MessageSnapshot> queue;
    bool stopping{false};
    std::vector<std::thread> threads;
};

DeliveryPool::DeliveryPool(const workflows::Renderer& renderer, DeliveryDesk& desk,
                           OpenChannel open_channel, Options options)
    : renderer_(renderer),
      desk_(desk),
      open_channel_(std::move(open_channel)),
      options_(options),
      shared_(std::make_unique<Shared>()) {
    for (std::size_t session = 0; session < options_.sessions; ++session) {
        shared_->threads.emplace_back([this] { run_session(); });
    }
}

DeliveryPool::~DeliveryPool() {
    stop();
}

void DeliveryPool::offer(MessageSnapshot snapshot) {
    {
        const std::scoped_lock lock{shared_->mutex};
        shared_->queue.push_back(std::move(snapshot));
    }
    shared_->changed.notify_one();
}

void DeliveryPool::stop() {
    {
        const std::scoped_lock lock{shared_->mutex};
        shared_->stopping = true;
        shared_->queue.clear();  // Still on the agenda; the next start offers them again.
    }
    shared_->changed.notify_all();
    shared_->stopped.notify_all();
    for (std::thread& thread : shared_->threads) {
        if (thread.joinable()) {
            thread.join();
        }
    }
}

void DeliveryPool::run_session() {
    std::unique_ptr<workflows::Channel> channel;
    std::string opened_for;  // Hash of the configuration.
    while (true) {
        MessageSnapshot snapshot;
        {
            std::unique_lock lock{shared_->mutex};
            shared_->changed.wait(lock,
                                  [this] { return shared_->stopping || !shared_->queue.empty(); });
            if (shared_->stopping) {
                return;
            }
            snapshot = std::move(shared_->queue.front());
            shared_->queue.pop_front();
        }
        const auto definitions = desk_.definitions();
        if (!channel || opened_for != definitions->hash) {
            channel = open_channel_(*definitions);
            opened_for = definitions->hash;
        }
        handle(std::move(snapshot), *channel);
    }
}

void DeliveryPool::handle(MessageSnapshot snapshot, workflows::Channel& channel) {
    // What falls away between writing and marking makes it be written anew; each round something
    // has fallen away, so the rounds end.
    while (true) {
        const auto definitions = desk_.definitions();
        const std::int64_t number = snapshot.number;
        Written written{.snapshot = std::move(snapshot), .rendered = {}, .bytes = {}};
        auto rendered = renderer_.render(written.snapshot, *definitions);
        if (!rendered.ok()) {
            desk_.not_written(number, rendered.error().message);
            return;
        }
        written.rendered = std::move(rendered).value();
        if (written.snapshot.stored_bytes) {
            written.bytes = *written.snapshot.stored_bytes;
        } else {
            auto bytes = renderer_.to_bytes(written.snapshot, written.rendered, *definitions);
            if (!bytes.ok()) {
                desk_.not_written(number, bytes.error().message);
                return;
            }
            written.bytes = std::move(bytes).value();
        }
        const workflows::Envelope envelope = envelope_of(written, definitions->installation);
        MarkAnswer answer = desk_.mark_sending(std::move(written)).get();
        if (answer.verdict == MarkAnswer::Verdict::LeaveIt) {
            return;
        }
        if (answer.verdict == MarkAnswer::Verdict::Rewrite) {
            snapshot = std::move(*answer.snapshot);
            continue;
        }
        workflows::DeliveryReport report = channel.send(envelope);
        report.number = number;
        if (report.verdict == workflows::Verdict::RetryLater) {
            std::unique_lock lock{shared_->mutex};
            shared_->stopped.wait_for(lock, options_.pause_after_retry,
                                      [this] { return shared_->stopping; });
        }
        desk_.delivered(std::move(report));
        return;
    }
}

}  // namespace fristvakt::daemon
