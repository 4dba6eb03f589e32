#include "integrations/mail/header.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "integrations/mail/utf8.hpp"

namespace fristvakt::integrations {
namespace {

/// RFC 5322 2.1.1 asks for 78, RFC 2047 2 for 76 where encoded-words stand.
constexpr std::size_t kLineMax = 76;
/// RFC 2047 2 allows 75; kept so short that one fits behind the longest field name we write.
constexpr std::size_t kWordMax = 64;

bool turns_direction(char32_t code) {
    return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

bool breaks_header(char32_t code) {
    const bool is_control = code < 0x20 || (code >= 0x7F && code <= 0x9F);
    return is_control || code == 0x2028 || code == 0x2029 || turns_direction(code);
}

bool is_printable_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Joins tokens by single spaces and folds before one that would make the line too long.
class Field {
 public:
    explicit Field(std::string_view name) : out_(std::string{name} + ':'), column_(out_.size()) {}
    void put(std::string_view token) {
        if (column_ + 1 + token.size() > kLineMax && !is_empty_) {
            out_ += "\r\n";
            column_ = 0;
        }
        out_ += ' ';
        out_ += token;
        column_ += 1 + token.size();
        is_empty_ = false;
    }
    [[nodiscard]] std::string take() && {
        out_ += "\r\n";
        return std::move(out_);
    }

 private:
    std::string out_;
    std::size_t column_;
    bool is_empty_{true};
};

std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> words;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(' ', begin), text.size());
        words.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return words;
}

/// Whether readers get exactly these words back when they are folded at the spaces between them.
bool survives_unencoded(std::string_view text) {
    if (!is_printable_ascii(text) || text.find("=?") != std::string_view::npos) {
        return false;
    }
    const auto words = split(text);
    return std::all_of(words.begin(), words.end(), [](std::string_view word) {
        return !word.empty() && word.size() <= kWordMax;
    });
}

/// One character in the Q encoding, by the narrow set that a phrase allows (RFC 2047 5 (3)).
std::string q_encoded(std::string_view character) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    if (character == " ") {
        return "_";
    }
    if (character.size() == 1 && is_letter_or_digit(character.front())) {
        return std::string{character};
    }
    std::string out;
    for (const char c : character) {
        const auto byte = static_cast<unsigned char>(c);
        out += '=';
        out += kDigits[byte >> 4U];
        out += kDigits[byte & 0x0FU];
    }
    return out;
}

/// `text` in encoded-words, none of which tears a character apart (RFC 2047 5).
/// REQUIRES: `text` is UTF-8, as header_text() makes it.
std::vector<std::string> encoded_words(std::string_view text) {
    constexpr std::string_view kBegin = "=?utf-8?Q?";
    constexpr std::string_view kEnd = "?=";
    std::vector<std::string> words;
    std::string word{kBegin};
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t bytes = utf8_character(text, at).bytes;
        const std::string piece = q_encoded(text.substr(at, bytes));
        at += bytes;
        if (word.size() + piece.size() + kEnd.size() > kWordMax) {
            words.push_back(std::move(word += kEnd));
            word = kBegin;
        }
        word += piece;
    }
    words.push_back(std::move(word += kEnd));
    return words;
}

bool is_atom(std::string_view word) {
    constexpr std::string_view kAlso = "!#$%&'*+-/=?^_`{|}~";
    return std::all_of(word.begin(), word.end(), [&](char c) {
        return is_letter_or_digit(c) || kAlso.find(c) != std::string_view::npos;
    });
}

std::string quoted_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out + '"';
}

/// The name without white space around it or in rows.
std::string tidy_name(std::string_view name) {
    const std::string text = header_text(name);
    std::string out;
    for (const auto word : split(text)) {
        if (!word.empty()) {
            out += (out.empty() ? "" : " ") + std::string{word};
        }
    }
    return out;
}

std::vector<std::string> phrase(const std::string& name) {
    if (survives_unencoded(name)) {
        const auto words = split(name);
        if (std::all_of(words.begin(), words.end(), is_atom)) {
            return {words.begin(), words.end()};
        }
        std::string one = quoted_string(name);
        if (one.size() <= kWordMax) {
            return {std::move(one)};
        }
    }
    return encoded_words(name);
}

}  // namespace

std::string header_text(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Character character = utf8_character(text, at);
        if (!character.valid) {
            out += kReplacementCharacter;
        } else if (breaks_header(character.code)) {
            out += ' ';
        } else {
            out += text.substr(at, character.bytes);
        }
        at += character.bytes;
    }
    return out;
}

std::string text_header(std::string_view name, std::string_view value) {
    const std::string text = header_text(value);
    Field field{name};
    if (survives_unencoded(text)) {
        for (const auto word : split(text)) {
            field.put(word);
        }
    } else if (!text.empty()) {
        for (const auto& word : encoded_words(text)) {
            field.put(word);
        }
    }
    return std::move(field).take();
}

std::string mailbox_header(std::string_view name, const std::vector<workflows::Person>& mailboxes) {
    if (mailboxes.empty()) {
        return {};
    }
    Field field{name};
    for (std::size_t index = 0; index < mailboxes.size(); ++index) {
        const std::string person = tidy_name(mailboxes[index].name);
        std::string address = mailboxes[index].address;
        if (!person.empty()) {
            for (const auto& word : phrase(person)) {
                field.put(word);
            }
            address.insert(0, 1, '<').push_back('>');
        }
        field.put(index + 1 < mailboxes.size() ? address + ',' : address);
    }
    return std::move(field).take();
}

std::string message_id_header(std::string_view name, const std::vector<std::string>& ids) {
    if (ids.empty()) {
        return {};
    }
    Field field{name};
    for (const auto& id : ids) {
        field.put('<' + id + '>');
    }
    return std::move(field).take();
}

bool is_message_id(std::string_view id) {
    constexpr std::size_t kIdMax = 250;
    const std::size_t at = id.find('@');
    const bool has_two_sides = at != std::string_view::npos && at > 0 && at + 1 < id.size() &&
                               id.find('@', at + 1) == std::string_view::npos;
    return id.size() <= kIdMax && has_two_sides && std::all_of(id.begin(), id.end(), [](char c) {
               return c > ' ' && c <= '~' && c != '<' && c != '>';
           });
}

}  // namespace fristvakt::integrations
