#pragma once

#include <filesystem>
#include <string>
#include <unordered_set>

#include "workflows/model/message.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::integrations {

/// The name of a message in the spool: by its number and Message-ID alone, so that a resend has the
/// name of the first attempt. In the order of numbers when sorted.
[[nodiscard]] std::string spool_name(const workflows::Envelope& envelope);

/// Puts messages into a Maildir instead of sending them; the bytes are those that SMTP would carry.
///
/// Delivered means on the disk: file and folder are synced. A resend replaces the first attempt, or
/// leaves it alone where a reader has already taken it into `cur`; it never makes a second file.
/// Used by one thread at a time; several channels may share one folder.
class SpoolChannel final : public workflows::Channel {
 public:
    /// `maildir` and its tmp, new and cur are made when needed; the folder above must exist.
    explicit SpoolChannel(std::filesystem::path maildir);

    /// Delivered, or RetryLater with what the system said: full, read-only, missing. Refused: the
    /// envelope is empty or holds an address that is none.
    [[nodiscard]] workflows::DeliveryReport send(const workflows::Envelope& envelope) override;

 private:
    [[nodiscard]] bool was_taken(const std::string& name);

    std::filesystem::path maildir_;
    std::unordered_set<std::string> taken_;  ///< What stood in `cur` when it last changed.
    std::filesystem::file_time_type taken_at_{};
};

}  // namespace fristvakt::integrations
