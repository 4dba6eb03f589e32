#pragma once

#include <cstddef>
#include <stop_token>
#include <utility>

#include "integrations/mailbox/imap_connection.hpp"
#include "workflows/definition/mailbox.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::integrations {

struct ImapOptions {
    std::size_t messages_max{50};                                 ///< At one look.
    std::size_t message_bytes_max{std::size_t{4} * 1024 * 1024};  ///< A bigger one is skipped.
    std::size_t bytes_max{std::size_t{16} * 1024 * 1024};         ///< Of all at one look, about.
    ImapTimes times{};
    std::stop_token stop{};  ///< Asked to stop, a look in progress is broken off.
};

/// A folder on an IMAP server, opened with EXAMINE and read with BODY.PEEK[]: the server itself
/// then refuses any change, no message is marked as read, and the progress is ours to keep. A look
/// is a connection of its own, which costs little and leaves nothing to go stale.
///
/// The password is read for each look: a new one counts at once. One thread at a time.
class ImapMailbox final : public workflows::Mailbox {
 public:
    explicit ImapMailbox(workflows::MailboxSettings settings, ImapOptions options = {})
        : settings_(std::move(settings)), options_(std::move(options)) {}

    /// Messages are found in windows of UIDs, which widen where there are none. Should the
    /// connection break after some were read, these are given, and the rest the next time.
    [[nodiscard]] workflows::Result<workflows::MailboxReading> read(
        const workflows::MailboxProgress& progress) override;

 private:
    workflows::MailboxSettings settings_;
    ImapOptions options_;
};

}  // namespace fristvakt::integrations
