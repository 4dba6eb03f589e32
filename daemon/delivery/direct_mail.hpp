#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "workflows/definition/definitions.hpp"
#include "workflows/model/message.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::daemon {

/// Mail to a user of the installation, at their own wish: a link to sign in with, a notice to try.
struct DirectMail {
    workflows::Person to;
    workflows::Language language{workflows::Language::Nb};
    workflows::Instant at{};  ///< For the Date header.
    workflows::RenderedMessage rendered;
    std::shared_ptr<const workflows::Definitions> definitions;
};

/// Ready to send. It goes to that person in `redirect` and `allowlist` too: those keep mail from
/// the kommuner. `unique` is for the Message-ID. InvalidInput: an address is none. Pure.
[[nodiscard]] workflows::Result<workflows::Envelope> envelope_of(const DirectMail& mail,
                                                                 const std::string& unique);

/// Sends such mail on a thread of its own, past the books, the send window, the budget and any
/// hold, and tries again for a minute. Any thread.
class DirectMailer {
 public:
    using OpenChannel = std::function<std::unique_ptr<workflows::Channel>(
        const workflows::Definitions& definitions)>;
    /// Told why one could not be sent; without the address.
    using Failed = std::function<void(const std::string& why)>;

    DirectMailer(OpenChannel open_channel, Failed failed);
    /// Forgets what has not been sent.
    ~DirectMailer();
    DirectMailer(const DirectMailer&) = delete;
    DirectMailer& operator=(const DirectMailer&) = delete;

    /// Returns at once. False: too many wait.
    bool send(DirectMail mail);

 private:
    void work();
    void deliver(const DirectMail& mail);
    /// False: it is time to stop.
    bool pause(std::chrono::seconds length);

    OpenChannel open_channel_;
    Failed failed_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<DirectMail> waiting_;  ///< Guarded by mutex_, and so is what follows.
    bool stopping_{false};
    std::thread thread_;
};

}  // namespace fristvakt::daemon
