#pragma once

#include <filesystem>
#include <string>

#include "workflows/definition/mailbox.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::daemon {

/// How far one mailbox has been read, in a file that is there or is the one before after a crash.
/// One thread.
class ProgressFile {
 public:
    explicit ProgressFile(std::filesystem::path path) : path_(std::move(path)) {}

    /// Zeros when there is none, it is of another mailbox, or it is damaged: an answer that is read
    /// twice does no harm.
    [[nodiscard]] workflows::MailboxProgress read(const workflows::MailboxSettings& box) const;
    /// Unavailable: it cannot be written; says where and why.
    [[nodiscard]] workflows::Status write(const workflows::MailboxSettings& box,
                                          const workflows::MailboxProgress& progress) const;

 private:
    std::filesystem::path path_;
};

}  // namespace fristvakt::daemon
