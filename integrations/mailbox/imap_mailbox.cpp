#include "integrations/mailbox/imap_mailbox.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "integrations/mailbox/imap_answer.hpp"
#include "integrations/secrets/secret.hpp"

namespace fristvakt::integrations {

using workflows::Done;
using workflows::Error;
using workflows::ErrorKind;
using workflows::MailboxProgress;
using workflows::MailboxReading;
using workflows::MailboxSettings;
using workflows::Result;
using workflows::SkippedMessage;
using workflows::Status;

namespace {

using Uid = std::uint32_t;
constexpr Uid kUidMax = std::numeric_limits<Uid>::max();
/// Windows begin this wide for each message that may be taken, and widen by this factor.
constexpr std::uint64_t kWindowPerMessage = 8;
constexpr std::uint64_t kWiden = 16;

/// What is known of a message before it is fetched.
using Sizes = std::map<Uid, std::uint64_t>;

/// One look into the box, from the open connection to its end.
class Look {
 public:
    Look(ImapConnection& connection, const MailboxSettings& settings, const ImapOptions& options)
        : connection_(connection),
          settings_(settings),
          options_(options),
          answers_(options.message_bytes_max + 1) {}

    [[nodiscard]] Result<MailboxReading> read(const MailboxProgress& progress) {
        if (auto opened = open_folder(); !opened.ok()) {
            return opened.error();
        }
        MailboxReading out;
        out.began_anew = progress.uid_validity != 0 && progress.uid_validity != uid_validity_;
        out.progress.uid_validity = uid_validity_;
        out.progress.last_uid = progress.uid_validity == uid_validity_ ? progress.last_uid : 0;
        const auto sizes = find_behind(out.progress.last_uid);
        if (!sizes.ok()) {
            return sizes.error();
        }
        for (const auto& [uid, size] : sizes.value()) {
            const std::size_t taken = out.messages.size() + out.skipped.size();
            if (taken == options_.messages_max || bytes_ > options_.bytes_max) {
                out.has_more = true;
                break;
            }
            if (auto fetched = take(uid, size, out); !fetched.ok()) {
                // What has been read is not read twice because of what came behind it.
                out.has_more = taken > 0;
                return taken > 0 ? Result<MailboxReading>{std::move(out)} : fetched.error();
            }
            out.progress.last_uid = uid;
        }
        (void)connection_.say("bye LOGOUT\r\n");
        return out;
    }

 private:
    using Hear = std::function<void(ImapAnswer&&)>;

    /// Says a command and hears everything up to its end. Unavailable: that did not come.
    [[nodiscard]] Result<ImapOutcome> ask(const std::string& command, const Hear& hear) {
        const std::string tag = "f" + std::to_string(++commands_);
        if (auto said = connection_.say(tag + ' ' + command + "\r\n"); !said.ok()) {
            return said.error();
        }
        while (true) {
            auto answer = answers_.next();
            if (!answer.ok()) {
                return answer.error();
            }
            if (!answer.value()) {
                auto heard = connection_.hear();
                if (!heard.ok()) {
                    return heard.error();
                }
                answers_.add(heard.value());
                continue;
            }
            ImapAnswer one = *std::move(answer).value();
            if (auto outcome = outcome_of(one.text, tag)) {
                return *std::move(outcome);
            }
            hear(std::move(one));
        }
    }

    [[nodiscard]] Status open_folder() {
        auto outcome =
            ask("EXAMINE " + folder_argument(settings_.folder), [&](const ImapAnswer& answer) {
                const std::string& text = answer.text;
                uid_validity_ = number_in_code(text, "UIDVALIDITY").value_or(uid_validity_);
                uid_next_ = number_in_code(text, "UIDNEXT").value_or(uid_next_);
                exists_ = number_before(text, "EXISTS").value_or(exists_);
            });
        if (!outcome.ok()) {
            return outcome.error();
        }
        if (outcome.value().kind != ImapOutcome::Kind::Ok) {
            return Error{ErrorKind::Unavailable, "the mail server does not open the folder `" +
                                                     settings_.folder +
                                                     "`; see `mailbox.folder`, and that the user "
                                                     "may read it"};
        }
        if (uid_validity_ == 0) {
            return Error{ErrorKind::Unavailable,
                         "the mail server does not number its messages for good (UIDVALIDITY), so "
                         "that nothing can be read just once; choose another"};
        }
        return Done{};
    }

    /// The next messages behind `last`, one more than may be taken.
    [[nodiscard]] Result<Sizes> find_behind(Uid last) {
        Sizes found;
        std::uint64_t width = kWindowPerMessage * options_.messages_max;
        std::uint64_t from = std::uint64_t{last} + 1;
        const std::uint64_t end = uid_next_ == 0 ? std::uint64_t{kUidMax} + 1 : uid_next_;
        while (exists_ > 0 && from < end && found.size() <= options_.messages_max) {
            const std::uint64_t to = std::min(from + width, end) - 1;
            const std::string window = std::to_string(from) + ':' + std::to_string(to);
            const std::size_t before = found.size();
            auto outcome = ask("UID FETCH " + window + " (UID RFC822.SIZE)", [&](ImapAnswer&& one) {
                const auto fetch = fetch_in(std::move(one));
                // Of what changes meanwhile a server tells too.
                if (fetch && fetch->uid >= from && fetch->uid <= to) {
                    found[fetch->uid] = fetch->size.value_or(0);
                }
                while (found.size() > options_.messages_max + 1) {
                    found.erase(std::prev(found.end()));
                }
            });
            if (!outcome.ok()) {
                return outcome.error();
            }
            if (outcome.value().kind != ImapOutcome::Kind::Ok) {
                return Error{ErrorKind::Unavailable,
                             "the mail server does not list its messages; it is tried again"};
            }
            width *= found.size() == before ? kWiden : 1;
            from = to + 1;
        }
        return found;
    }

    [[nodiscard]] Status take(Uid uid, std::uint64_t size, MailboxReading& out) {
        if (size > options_.message_bytes_max) {
            out.skipped.push_back({uid, SkippedMessage::Why::TooBig});
            return Done{};
        }
        std::optional<std::string> body;
        // The size may have been guessed: no more than this is sent, and one byte more tells.
        const std::string part = "<0." + std::to_string(options_.message_bytes_max + 1) + '>';
        auto outcome = ask("UID FETCH " + std::to_string(uid) + " (UID BODY.PEEK[]" + part + ")",
                           [&](ImapAnswer&& one) {
                               auto fetch = fetch_in(std::move(one));
                               if (fetch && fetch->uid == uid && fetch->body) {
                                   body = std::move(fetch->body);
                               }
                           });
        if (!outcome.ok()) {
            return outcome.error();
        }
        if (outcome.value().kind != ImapOutcome::Kind::Ok) {
            const std::string& code = outcome.value().code;
            if (code == "UNAVAILABLE" || code == "INUSE" || code == "LIMIT") {
                return Error{ErrorKind::Unavailable,
                             "the mail server does not give a message just now; it is tried again"};
            }
            // Damaged there, most likely; the others must not wait for it for ever.
            out.skipped.push_back({uid, SkippedMessage::Why::NotGiven});
        } else if (body && body->size() > options_.message_bytes_max) {
            out.skipped.push_back({uid, SkippedMessage::Why::TooBig});
        } else if (body) {
            bytes_ += body->size();
            out.messages.push_back({uid, *std::move(body)});
        }
        return Done{};  // Without a body somebody has removed it meanwhile.
    }

    ImapConnection& connection_;
    const MailboxSettings& settings_;
    const ImapOptions& options_;
    ImapAnswers answers_;
    int commands_{0};
    std::size_t bytes_{0};  ///< Taken so far.
    Uid uid_validity_{0};
    Uid uid_next_{0};
    Uid exists_{0};
};

}  // namespace

Result<MailboxReading> ImapMailbox::read(const MailboxProgress& progress) {
    const auto password = read_secret(settings_.password);
    if (!password.ok()) {
        return Error{ErrorKind::InvalidInput, "`mailbox.password`: " + password.error().message};
    }
    const auto connection =
        ImapConnection::open(settings_, password.value(), options_.times, options_.stop);
    if (!connection.ok()) {
        return connection.error();
    }
    return Look{*connection.value(), settings_, options_}.read(progress);
}

}  // namespace fristvakt::integrations
