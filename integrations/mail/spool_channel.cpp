#include "integrations/mail/spool_channel.hpp"

#include <cerrno>
#include <cstdio>
#include <string_view>
#include <system_error>
#include <utility>

#include <unistd.h>

#include "integrations/mail/envelope.hpp"
#include "integrations/mail/fingerprint.hpp"
#include "integrations/synced_files/synced_file.hpp"

namespace fristvakt::integrations {
namespace {

namespace fs = std::filesystem;
using workflows::DeliveryReport;
using workflows::Envelope;
using workflows::Verdict;

bool make_maildir(const fs::path& maildir) {
    return make_folder(maildir) && make_folder(maildir / "tmp") && make_folder(maildir / "new") &&
           make_folder(maildir / "cur") && sync_folder(maildir) && sync_folder(maildir / "..");
}

DeliveryReport later(const Envelope& envelope, std::string_view what, int error) {
    return {.number = envelope.number,
            .verdict = Verdict::RetryLater,
            .reply = "spool: " + std::string{what} + ": " +
                     std::error_code{error, std::generic_category()}.message()};
}

}  // namespace

std::string spool_name(const Envelope& envelope) {
    constexpr std::size_t kWidth = 10;
    std::string digits = std::to_string(envelope.number);
    digits.insert(0, digits.size() < kWidth ? kWidth - digits.size() : 0, '0');
    return digits + '.' + fingerprint(envelope.message_id) + ".fristvakt";
}

SpoolChannel::SpoolChannel(fs::path maildir) : maildir_(std::move(maildir)) {}

DeliveryReport SpoolChannel::send(const Envelope& envelope) {
    if (auto refusal = refuse_envelope(envelope)) {
        return *std::move(refusal);
    }
    const std::string name = spool_name(envelope);
    DeliveryReport delivered{.number = envelope.number,
                             .verdict = Verdict::Delivered,
                             .reply = "250 spooled as " + name};
    if (was_taken(name)) {
        return delivered;
    }
    const fs::path draft = maildir_ / "tmp" / name;
    bool is_written = write_synced(draft, envelope.bytes);
    if (!is_written && errno == ENOENT) {
        // The usual case costs no mkdir.
        if (!make_maildir(maildir_)) {
            return later(envelope, "the folder was not made", errno);
        }
        is_written = write_synced(draft, envelope.bytes);
    }
    const char* const failed = !is_written ? "the message was not written"
                               : std::rename(draft.c_str(), (maildir_ / "new" / name).c_str()) != 0
                                   ? "the message was not moved into place"
                                   : nullptr;
    if (failed != nullptr) {
        const int error = errno;
        (void)::unlink(draft.c_str());
        return later(envelope, failed, error);
    }
    if (!sync_folder(maildir_ / "new")) {
        return later(envelope, "the folder was not synced", errno);
    }
    return delivered;
}

bool SpoolChannel::was_taken(const std::string& name) {
    std::error_code error;
    const fs::path cur = maildir_ / "cur";
    const auto changed_at = fs::last_write_time(cur, error);
    if (error) {
        return false;
    }
    if (changed_at != taken_at_) {
        taken_.clear();
        for (fs::directory_iterator entry{cur, error}, end; !error && entry != end;
             entry.increment(error)) {
            // NAME:2,FLAGS
            const std::string file = entry->path().filename().string();
            taken_.insert(file.substr(0, file.find(':')));
        }
        taken_at_ = error ? fs::file_time_type{} : changed_at;
    }
    return taken_.count(name) > 0;
}

}  // namespace fristvakt::integrations
