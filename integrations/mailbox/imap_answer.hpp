#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/result.hpp"

/// What an IMAP server says (RFC 3501 section 7), read from bytes that may be anything. Pure.
namespace fristvakt::integrations {

/// One answer, with its literals taken out of the text: "* 1 FETCH (BODY[] {5})" and {"Hello"}.
struct ImapAnswer {
    std::string text;  ///< Without CRLF.
    std::vector<std::string> literals;
};

/// Puts answers together from what comes in, in pieces of any size. One thread.
class ImapAnswers {
 public:
    /// A longer literal is no answer to anything that was asked.
    explicit ImapAnswers(std::size_t literal_bytes_max) : literal_bytes_max_(literal_bytes_max) {}

    void add(std::string_view bytes);
    /// The next whole answer; nothing until more comes in.
    /// Unavailable: too long a line, too long a literal or too many: no IMAP is spoken there.
    [[nodiscard]] workflows::Result<std::optional<ImapAnswer>> next();

 private:
    std::size_t literal_bytes_max_;
    std::string waiting_;
    std::size_t taken_{0};  ///< Of `waiting_`.
    ImapAnswer begun_;
    std::size_t literal_left_{0};  ///< Of the last literal of `begun_`.
};

/// The end of a command.
struct ImapOutcome {
    enum class Kind { Ok, No, Bad };
    Kind kind{Kind::Bad};
    std::string code;  ///< The word in brackets, in upper case: "NONEXISTENT"; may be empty.
};
/// Nothing when `text` is not what ends the command `tag`.
[[nodiscard]] std::optional<ImapOutcome> outcome_of(std::string_view text, std::string_view tag);

/// What stands in brackets behind `name`, in "* OK [UIDNEXT 17] …".
[[nodiscard]] std::optional<std::uint32_t> number_in_code(std::string_view text,
                                                          std::string_view name);
/// N in "* N EXISTS", where `name` is EXISTS.
[[nodiscard]] std::optional<std::uint32_t> number_before(std::string_view text,
                                                         std::string_view name);

/// One message, as far as an answer tells of it.
struct ImapFetch {
    std::uint32_t uid{0};
    std::optional<std::uint64_t> size;  ///< RFC822.SIZE; some servers only guess it.
    std::optional<std::string> body;    ///< Of BODY[] or a part of it.
};
/// Nothing when the answer is no FETCH or has no UID. Takes the literals with it.
[[nodiscard]] std::optional<ImapFetch> fetch_in(ImapAnswer answer);

/// A folder's name as a command takes it: quoted, and in modified UTF-7 (section 5.1.3) what is not
/// ASCII. Bytes that are no UTF-8 become U+FFFD; control characters are left out.
[[nodiscard]] std::string folder_argument(std::string_view utf8);

}  // namespace fristvakt::integrations
