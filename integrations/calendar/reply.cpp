#include "integrations/calendar/reply.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "integrations/calendar/content_line.hpp"
#include "integrations/mail/utf8.hpp"

namespace fristvakt::integrations::calendar {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::Result;
namespace cal = workflows::cal;

namespace {

constexpr std::size_t kBytesMax = std::size_t{1} << 20U;
constexpr std::size_t kCommentMax = 1'000;

Error wrong(std::string what) {
    return {ErrorKind::InvalidInput, "the answer cannot be used: " + std::move(what)};
}

std::string lower(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return out;
}

bool same(std::string_view one, std::string_view other) {
    return lower(one) == lower(other);
}

std::optional<int> hex_digit(char letter) {
    if (letter >= '0' && letter <= '9') {
        return letter - '0';
    }
    const char small = static_cast<char>(letter | 0x20);
    return small >= 'a' && small <= 'f' ? std::optional{small - 'a' + 10} : std::nullopt;
}

/// The address in "mailto:…", whatever its case; empty when it is another kind of URI.
std::string address_in(std::string_view uri) {
    constexpr std::string_view kScheme{"mailto:"};
    if (!same(uri.substr(0, kScheme.size()), kScheme)) {
        return {};
    }
    uri.remove_prefix(kScheme.size());
    uri = uri.substr(0, uri.find('?'));
    std::string out;
    for (std::size_t i = 0; i < uri.size(); ++i) {
        const auto high =
            uri[i] == '%' && i + 2 < uri.size() ? hex_digit(uri[i + 1]) : std::nullopt;
        const auto low = high ? hex_digit(uri[i + 2]) : std::nullopt;
        out += low ? static_cast<char>(*high * 16 + *low) : uri[i];
        i += low ? 2 : 0;
    }
    while (!out.empty() && out.back() == ' ') {
        out.pop_back();
    }
    return lower(out);
}

std::optional<int> number_in(std::string_view text) {
    int number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
    return whole ? std::optional{number} : std::nullopt;
}

/// "20210125T070000Z"; DTSTAMP stands in UTC always.
std::optional<Instant> utc_in(std::string_view text) {
    if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z' ||
        text.find_first_not_of("0123456789TZ") != std::string_view::npos) {
        return std::nullopt;
    }
    const auto part = [&](std::size_t at, std::size_t size) {
        return number_in(text.substr(at, size)).value_or(-1);
    };
    const cal::year_month_day day{cal::year{part(0, 4)},
                                  cal::month{static_cast<unsigned>(part(4, 2))},
                                  cal::day{static_cast<unsigned>(part(6, 2))}};
    const int hour = part(9, 2);
    const int minute = part(11, 2);
    const int second = part(13, 2);
    // A leap second is read as the one before it.
    if (!day.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
        second > 60) {
        return std::nullopt;
    }
    return cal::sys_days{day} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{std::min(second, 59)};
}

/// What is not known counts as no answer (RFC 5545 section 3.2.12).
Answer answer_in(std::string_view word) {
    if (same(word, "ACCEPTED")) {
        return Answer::Accepted;
    }
    if (same(word, "TENTATIVE")) {
        return Answer::Tentative;
    }
    if (same(word, "DECLINED")) {
        return Answer::Declined;
    }
    return same(word, "DELEGATED") ? Answer::Delegated : Answer::NeedsAction;
}

std::string readable(std::string_view text) {
    std::string out;
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size() && count < kCommentMax; ++count) {
        const Utf8Character one = utf8_character(text, at);
        const bool keep = one.valid && (one.code >= 0x20 || one.code == '\n') && one.code != 0x7f;
        out += keep ? text.substr(at, one.bytes) : kReplacementCharacter;
        at += one.bytes;
    }
    return out;
}

class ReplyReader {
 public:
    Result<Reply> read(const std::vector<ContentLine>& lines) {
        for (const ContentLine& line : lines) {
            if (line.name == "BEGIN" || line.name == "END") {
                if (!go_into_or_out(line)) {
                    return wrong("its parts do not begin and end in order");
                }
                continue;
            }
            const auto problem = depth_ == 1 && !in_event_  ? read_calendar(line)
                                 : depth_ == 2 && in_event_ ? read_event(line)
                                                            : std::nullopt;
            if (problem) {
                return wrong(*problem);
            }
        }
        if (const auto missing = what_is_missing()) {
            return wrong(*missing);
        }
        return std::move(reply_);
    }

 private:
    using Problem = std::optional<std::string>;

    bool go_into_or_out(const ContentLine& line) {
        if (line.name == "BEGIN") {
            if (depth_ == 0 && !same(line.value, "VCALENDAR")) {
                return false;
            }
            if (depth_ == 1 && same(line.value, "VEVENT")) {
                in_event_ = true;
                ++events_;
            }
            ++depth_;
            return true;
        }
        in_event_ = in_event_ && depth_ > 2;
        return depth_-- > 0;
    }

    Problem read_calendar(const ContentLine& line) {
        if (line.name == "METHOD") {
            is_reply_ = same(line.value, "REPLY");
        }
        return std::nullopt;
    }

    Problem read_event(const ContentLine& line) {
        if (events_ > 1) {
            return std::nullopt;
        }
        if (line.name == "UID") {
            reply_.uid = unescape(line.value);
        } else if (line.name == "SEQUENCE") {
            const auto number = number_in(line.value);
            if (!number || *number < 0) {
                return "its SEQUENCE is no number";
            }
            reply_.sequence = *number;
        } else if (line.name == "DTSTAMP") {
            stamp_ = utc_in(line.value);
            if (!stamp_) {
                return "its DTSTAMP is no time in UTC";
            }
        } else if (line.name == "ORGANIZER") {
            reply_.organizer = address_in(line.value);
        } else if (line.name == "COMMENT" && reply_.comment.empty()) {
            reply_.comment = readable(unescape(line.value));
        } else if (line.name == "ATTENDEE") {
            ++attendees_;
            reply_.attendee = address_in(line.value);
            reply_.answer = answer_in(line.parameter("PARTSTAT"));
            reply_.delegated_to = address_in(line.parameter("DELEGATED-TO"));
            reply_.sent_by = address_in(line.parameter("SENT-BY"));
        }
        return std::nullopt;
    }

    [[nodiscard]] Problem what_is_missing() {
        if (depth_ != 0 || events_ == 0) {
            return depth_ != 0 ? "its end is missing" : "it is about no event";
        }
        if (!is_reply_) {
            return "its METHOD is not REPLY";
        }
        if (events_ > 1) {
            return "it is about several events";
        }
        if (reply_.uid.empty() || !stamp_) {
            return reply_.uid.empty() ? "it has no UID" : "it has no DTSTAMP";
        }
        if (attendees_ != 1 || reply_.attendee.empty()) {
            return "it must have one ATTENDEE with a mailto: address";
        }
        reply_.stamped_at = *stamp_;
        return std::nullopt;
    }

    Reply reply_;
    std::optional<Instant> stamp_;
    int depth_{0};
    int events_{0};
    int attendees_{0};
    bool in_event_{false};
    bool is_reply_{false};
};

}  // namespace

Result<Reply> read_reply(std::string_view bytes) {
    if (bytes.size() > kBytesMax) {
        return wrong("it is larger than 1 MiB");
    }
    constexpr std::string_view kByteOrderMark{"\xEF\xBB\xBF"};
    if (bytes.starts_with(kByteOrderMark)) {
        bytes.remove_prefix(kByteOrderMark.size());
    }
    const auto lines = read_lines(bytes);
    return lines.ok() ? ReplyReader{}.read(lines.value()) : Result<Reply>{lines.error()};
}

}  // namespace fristvakt::integrations::calendar
