#include "integrations/mail/spool_channel.hpp"

#include <cerrno>
#include <cstdio>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "integrations/mail/envelope.hpp"
#include "integrations/mail/fingerprint.hpp"

namespace fristvakt::integrations {
namespace {

namespace fs = std::filesystem;
using workflows::DeliveryReport;
using workflows::Envelope;
using workflows::Verdict;

/// An open file. Closed at the end, its outcome looked at by close() alone.
class File {
 public:
    File(const fs::path& path, int flags)
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
        : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
    ~File() {
        if (descriptor_ >= 0) {
            (void)::close(descriptor_);
        }
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
    [[nodiscard]] bool write(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) {
                continue;
            }
            if (count < 0) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }
    [[nodiscard]] bool sync() const { return ::fsync(descriptor_) == 0; }
    /// Some file systems (NFS) tell of a full disk only here.
    [[nodiscard]] bool close() { return ::close(std::exchange(descriptor_, -1)) == 0; }

 private:
    int descriptor_;
};

bool make_folder(const fs::path& path) {
    return ::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST;
}

bool sync_folder(const fs::path& path) {
    const File folder{path, O_RDONLY | O_DIRECTORY};
    return folder.is_open() && folder.sync();
}

bool make_maildir(const fs::path& maildir) {
    return make_folder(maildir) && make_folder(maildir / "tmp") && make_folder(maildir / "new") &&
           make_folder(maildir / "cur") && sync_folder(maildir) && sync_folder(maildir / "..");
}

bool write_synced(const fs::path& path, std::string_view bytes) {
    File file{path, O_WRONLY | O_CREAT | O_TRUNC};
    return file.is_open() && file.write(bytes) && file.sync() && file.close();
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
