#include "integrations/texts/plain_value.hpp"

#include <algorithm>

#include "integrations/mail/utf8.hpp"

namespace fristvakt::integrations::texts {

namespace {

constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

bool is_space(char32_t code) {
    return code == U' ' || (code >= 0x09 && code <= 0x0D) || code == 0x85 || code == 0x2028 ||
           code == 0x2029;
}

bool is_invisible(char32_t code) {
    const bool control = code < 0x20 || (code >= 0x7F && code <= 0x9F);
    const bool zero_width = (code >= 0x200B && code <= 0x200F) || code == 0x2060 ||
                            code == 0xFEFF || code == 0x00AD || code == 0x061C;
    const bool direction = (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
    // Tags and other unassigned invisible characters at the end of plane 14.
    return control || zero_width || direction || (code >= 0xE0000 && code <= 0xE0FFF);
}

/// Most values are: visible ASCII, single spaces inside.
bool is_plain_ascii(std::string_view value) {
    char before = ' ';
    for (const char character : value) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte < 0x20 || byte > 0x7E || (character == ' ' && before == ' ')) {
            return false;
        }
        before = character;
    }
    return value.empty() || before != ' ';
}

/// Where the character numbered `count` begins, from 0; the text's size when it has fewer.
std::size_t offset_of(std::string_view text, std::size_t count) {
    std::size_t at = 0;
    while (at < text.size() && count > 0) {
        at += utf8_character(text, at).bytes;
        --count;
    }
    return at;
}

}  // namespace

std::string plain_value(std::string_view value) {
    if (value.size() <= kValueCharactersMax && is_plain_ascii(value)) {
        return std::string(value);
    }
    std::string plain;
    plain.reserve(value.size());
    bool space_before = false;
    // What lies behind the cut is not looked at; a character has at most four bytes.
    for (std::size_t at = 0; at < value.size() && plain.size() <= 4 * kValueCharactersMax;) {
        const Utf8Character character = utf8_character(value, at);
        const std::string_view bytes = value.substr(at, character.bytes);
        at += character.bytes;
        if (!character.valid) {
            plain += kReplacementCharacter;
            space_before = false;
        } else if (is_space(character.code)) {
            if (!plain.empty() && !space_before) {
                plain += ' ';
            }
            space_before = true;
        } else if (!is_invisible(character.code)) {
            plain += bytes;
            space_before = false;
        }
    }
    if (plain.ends_with(' ')) {
        plain.pop_back();
    }
    return plain.size() <= kValueCharactersMax ? plain : shortened(plain, kValueCharactersMax);
}

std::string plain_lines(std::string_view value) {
    std::string lines;
    // What lies behind the cut is not looked at; a character has at most four bytes.
    while (!value.empty() && lines.size() <= 4 * kValueCharactersMax) {
        const std::size_t end = value.find('\n');
        const std::string line = plain_value(value.substr(0, end));
        if (!line.empty()) {
            lines += (lines.empty() ? "" : "\n") + line;
        }
        value = end == std::string_view::npos ? std::string_view{} : value.substr(end + 1);
    }
    return shortened(lines, kValueCharactersMax);
}

std::size_t characters_in(std::string_view text) {
    // Every character has one byte that does not continue another.
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
    }));
}

std::string shortened(std::string_view text, std::size_t characters_max) {
    if (text.size() <= characters_max || offset_of(text, characters_max) == text.size()) {
        return std::string(text);
    }
    std::string_view begin = text.substr(0, offset_of(text, characters_max - 1));
    const auto space = begin.rfind(' ');
    if (space != std::string_view::npos && space >= begin.size() / 2) {
        begin = begin.substr(0, space);
    }
    return std::string(begin) + std::string(kEllipsis);
}

}  // namespace fristvakt::integrations::texts
