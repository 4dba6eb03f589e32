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

/// A link to sign in with, on its way to somebody.
struct SignInMail {
    std::string address;
    std::string name;
    std::string link;
    workflows::Language language{workflows::Language::Nb};
    workflows::Instant at{};  ///< For the Date header.
    std::shared_ptr<const workflows::Definitions> definitions;
};

/// The text of it. Pure.
[[nodiscard]] workflows::RenderedMessage rendered(const SignInMail& mail);
/// Ready to send. It goes to the person who asked, and in `redirect` and `allowlist` too: those
/// keep mail from the kommuner, and this is for the users of the installation alone. Pure.
[[nodiscard]] workflows::Result<workflows::Envelope> envelope_of(const SignInMail& mail,
                                                                 const std::string& unique);

/// Sends such mail on a thread of its own, past the books, the send window, the budget and any
/// hold, and tries again for a minute. Any thread.
class SignInMailer {
 public:
    using OpenChannel = std::function<std::unique_ptr<workflows::Channel>(
        const workflows::Definitions& definitions)>;
    /// Told why one could not be sent; without the address.
    using Failed = std::function<void(const std::string& why)>;

    SignInMailer(OpenChannel open_channel, Failed failed);
    /// Forgets what has not been sent.
    ~SignInMailer();
    SignInMailer(const SignInMailer&) = delete;
    SignInMailer& operator=(const SignInMailer&) = delete;

    /// Returns at once. False: too many wait.
    bool send(SignInMail mail);

 private:
    void work();
    void deliver(const SignInMail& mail);
    /// False: it is time to stop.
    bool pause(std::chrono::seconds length);

    OpenChannel open_channel_;
    Failed failed_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<SignInMail> waiting_;  ///< Guarded by mutex_, and so is what follows.
    bool stopping_{false};
    std::thread thread_;
};

}  // namespace fristvakt::daemon
