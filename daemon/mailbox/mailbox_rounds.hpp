#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "daemon/mailbox/invitation_reply.hpp"
#include "daemon/mailbox/progress_file.hpp"
#include "integrations/guarded.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::daemon {

/// An answer that was not taken. Holds nothing of who wrote it: the message is still in the box.
struct PutAside {
    workflows::Instant at{};
    std::uint32_t uid{0};
    AsideReason why{AsideReason::Unreadable};
    std::string detail;  ///< What is wrong with it, for people; may be empty.
};

/// How it goes with the mailbox: for pages, health and metrics. Counts are since the start.
struct MailboxHealth {
    bool is_configured{false};
    std::optional<workflows::Instant> read_at;    ///< The last look that brought what there was.
    std::optional<workflows::Instant> failed_at;  ///< The last, if none has been good since.
    std::optional<workflows::Instant> failing_since;  ///< The first in that row.
    std::string error;                                ///< Of that one: what, where, what to do.
    int failures{0};                                  ///< In a row.
    std::int64_t messages{0};                         ///< Read; most are no answers.
    std::int64_t taken{0};                            ///< Answers.
    std::int64_t aside{0};
    std::deque<PutAside> latest_aside;  ///< At most kLatestAside, the last first.
    std::string progress_error;         ///< Why the progress is not stored; usually empty.
};
inline constexpr std::size_t kLatestAside = 20;

/// How long to wait after a look, when the last `failures` in a row have failed: `every`, or longer
/// and longer, up to a quarter of an hour. Pure.
[[nodiscard]] workflows::Seconds pause_after(int failures, workflows::Seconds every);

/// What is done at each look into the mailbox: read, judge, hand over, remember how far. No clock,
/// no thread; one thread at a time, but `health`, which any may ask.
class MailboxRounds {
 public:
    /// Hands an answer over. Unavailable: not now; it is read again. Any other failure: put aside,
    /// with that message. Called with the same answer more than once at times.
    using Take = std::function<workflows::Status(const InvitationReply&)>;
    /// Never null. Asked to stop, a look in progress is broken off.
    using OpenBox = std::function<std::unique_ptr<workflows::Mailbox>(
        const workflows::MailboxSettings&, std::stop_token)>;

    struct Options {
        std::filesystem::path progress_file;  ///< In the state folder.
        /// Reads the box from its beginning once: the store came from a backup, and knows nothing
        /// of what has been read since.
        bool begins_anew{false};
        /// Told when looking begins to fail, with the reason, and when it works again; once each.
        std::function<void(const std::string&)> on_failure{};
        std::function<void()> on_recovery{};
        std::function<void(const PutAside&)> on_aside{};
    };

    MailboxRounds(OpenBox open_box, Take take, Options options);

    /// One look, with the configuration of that moment, which may be another each time. How long to
    /// wait before the next: zero when there is more; nothing when no mailbox is configured.
    [[nodiscard]] std::optional<workflows::Seconds> step(const workflows::Definitions& definitions,
                                                         workflows::Instant now,
                                                         const std::stop_token& stop);

    [[nodiscard]] MailboxHealth health() const;

 private:
    void use(const workflows::MailboxSettings& settings, const std::stop_token& stop);
    /// Of one message; Unavailable: it is to be read again.
    [[nodiscard]] workflows::Status handle(const workflows::MailboxMessage& message,
                                           const workflows::Definitions& definitions,
                                           workflows::Instant now);
    [[nodiscard]] workflows::Status hand_over(const workflows::MailboxReading& reading,
                                              const workflows::Definitions& definitions,
                                              workflows::Instant now, const std::stop_token& stop);
    void put_aside(PutAside one);
    void store_progress();
    workflows::Seconds note_failure(const std::string& why, workflows::Instant now);

    OpenBox open_box_;
    Take take_;
    Options options_;
    ProgressFile progress_file_;
    std::unique_ptr<workflows::Mailbox> box_;
    workflows::MailboxSettings settings_;  ///< Of `box_`.
    workflows::MailboxProgress progress_;
    integrations::Guarded<MailboxHealth> health_;
};

}  // namespace fristvakt::daemon
