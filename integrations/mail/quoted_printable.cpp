#include "integrations/mail/quoted_printable.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "integrations/mail/utf8.hpp"

namespace fristvakt::integrations {
namespace {

constexpr std::size_t kLineMax = 76;

/// Builds lines and breaks them softly; a character is never torn apart.
class Lines {
 public:
    void put(std::string_view token) {
        // One column is kept for the "=" of the soft break.
        if (column_ + token.size() > kLineMax - 1) {
            out_ += "=\r\n";
            column_ = 0;
        }
        out_ += token;
        column_ += token.size();
    }
    void end_line() {
        out_ += "\r\n";
        column_ = 0;
    }
    /// As much of `text`, which stands for itself, as the line has room for. How much that was.
    std::size_t put_some(std::string_view text) {
        const std::size_t room = kLineMax - 1 - column_;
        const std::string_view part = text.substr(0, room);
        out_ += part;
        column_ += part.size();
        return part.size();
    }
    /// Whether the token would open a line, broken softly or not.
    [[nodiscard]] bool opens_line() const { return column_ == 0 || column_ + 1 > kLineMax - 1; }
    [[nodiscard]] std::string take() { return std::move(out_); }

 private:
    std::string out_;
    std::size_t column_{0};
};

std::string escaped(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += '=';
        out += kDigits[byte >> 4U];
        out += kDigits[byte & 0x0FU];
    }
    return out;
}

/// How many characters from the first on stand for themselves anywhere inside a line.
std::size_t plain_characters(std::string_view line) {
    const auto* const end = std::find_if(line.begin(), line.end(),
                                         [](char c) { return c < ' ' || c > '~' || c == '='; });
    return static_cast<std::size_t>(end - line.begin());
}

void put_line(Lines& lines, std::string_view line) {
    for (std::size_t at = 0; at < line.size();) {
        // The first and the last character of a line have rules of their own.
        if (!lines.opens_line()) {
            const auto inside = line.substr(at, line.size() - 1 - at);
            if (const std::size_t plain = plain_characters(inside); plain > 0) {
                at += lines.put_some(inside.substr(0, plain));
                continue;
            }
        }
        const Utf8Character character = utf8_character(line, at);
        const std::string_view bytes =
            character.valid ? line.substr(at, character.bytes) : kReplacementCharacter;
        const bool is_from = line.substr(at, 5) == "From ";
        const bool is_last = at + character.bytes == line.size();
        at += character.bytes;
        if (character.code >= 0x80) {
            lines.put(escaped(bytes));
            continue;
        }
        const bool is_control =
            (character.code < 0x20 && character.code != '\t') || character.code == 0x7F;
        const char c = is_control ? ' ' : bytes.front();
        const bool is_blank = c == ' ' || c == '\t';
        // White space at the end of a line is lost on the way; a dot or a From that opens a line
        // may be doubled or quoted.
        if (c == '=' || (is_blank && is_last) || (lines.opens_line() && (c == '.' || is_from))) {
            lines.put(escaped({&c, 1}));
        } else {
            lines.put({&c, 1});
        }
    }
}

}  // namespace

std::string quoted_printable(std::string_view text) {
    Lines lines;
    std::size_t begin = 0;
    while (true) {
        const std::size_t end = text.find_first_of("\r\n", begin);
        put_line(lines, text.substr(begin, end - begin));
        if (end == std::string_view::npos) {
            return lines.take();
        }
        lines.end_line();
        begin = end + (text.substr(end, 2) == "\r\n" ? 2 : 1);
    }
}

}  // namespace fristvakt::integrations
