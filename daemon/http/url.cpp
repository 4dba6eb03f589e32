#include "daemon/http/url.hpp"

#include <algorithm>
#include <cstdint>

namespace fristvakt::daemon {
namespace {

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

void append_encoded(std::string& out, char c) {
    static constexpr std::string_view kHex{"0123456789ABCDEF"};
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4U];
    out += kHex[byte & 15U];
}

std::string encode(std::string_view text, std::string_view also_kept) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (is_unreserved(c) || also_kept.find(c) != std::string_view::npos) {
            out += c;
        } else {
            append_encoded(out, c);
        }
    }
    return out;
}

std::string to_lower(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

/// The length of the UTF-8 sequence at the start of `text`; 0 when it is none (RFC 3629: no
/// overlong forms, no surrogates, nothing above U+10FFFF).
std::size_t sequence_length(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = at(0);
    if (first < 0x80) {
        return 1;
    }
    std::size_t length{0};
    std::uint32_t code{0};
    std::uint32_t smallest{0};
    if (first >= 0xC2 && first <= 0xDF) {
        length = 2, code = first & 0x1FU, smallest = 0x80;
    } else if (first >= 0xE0 && first <= 0xEF) {
        length = 3, code = first & 0x0FU, smallest = 0x800;
    } else if (first >= 0xF0 && first <= 0xF4) {
        length = 4, code = first & 0x07U, smallest = 0x10000;
    }
    if (length == 0 || text.size() < length) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((at(i) & 0xC0U) != 0x80) {
            return 0;
        }
        code = code << 6U | (at(i) & 0x3FU);
    }
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    return code < smallest || surrogate || code > 0x10FFFF ? 0 : length;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = sequence_length(text);
        if (length == 0) {
            return false;
        }
        text.remove_prefix(length);
    }
    return true;
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size()) {
                return std::nullopt;
            }
            const int high = hex_digit(text[i + 1]);
            const int low = hex_digit(text[i + 2]);
            if (high < 0 || low < 0) {
                return std::nullopt;
            }
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            return std::nullopt;
        }
        out += c;
    }
    return is_valid_utf8(out) ? std::optional{std::move(out)} : std::nullopt;
}

std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> out;
    const auto decode = [](std::string_view part) {
        std::string blanks{part};
        std::ranges::replace(blanks, '+', ' ');
        return percent_decode(blanks);
    };
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        if (pair.empty()) {
            continue;
        }
        const std::size_t equals = std::min(pair.find('='), pair.size());
        auto name = decode(pair.substr(0, equals));
        auto value = decode(pair.substr(std::min(equals + 1, pair.size())));
        if (!name || !value) {
            return std::nullopt;
        }
        out.emplace_back(std::move(*name), std::move(*value));
    }
    return out;
}

namespace {

/// Undoes the encoding of forms; line ends and tabs may stand in what people write.
std::optional<std::string> decode_form(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i] == '+' ? ' ' : text[i];
        if (c == '%') {
            const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return std::nullopt;
            }
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        if (c == '\r') {
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F) {
            return std::nullopt;
        }
        out += c;
    }
    return is_valid_utf8(out) ? std::optional{out} : std::nullopt;
}

}  // namespace

std::optional<std::vector<std::pair<std::string, std::string>>> parse_form(std::string_view body) {
    std::vector<std::pair<std::string, std::string>> out;
    while (!body.empty()) {
        const std::string_view one = body.substr(0, body.find('&'));
        body.remove_prefix(std::min(body.size(), one.size() + 1));
        if (one.empty()) {
            continue;
        }
        const std::size_t equals = std::min(one.find('='), one.size());
        auto name = decode_form(one.substr(0, equals));
        auto value = decode_form(one.substr(std::min(equals + 1, one.size())));
        if (!name || !value) {
            return std::nullopt;
        }
        out.emplace_back(*std::move(name), *std::move(value));
    }
    return out;
}

std::string percent_encode(std::string_view text) {
    return encode(text, "");
}

std::string encode_path(std::string_view text) {
    return encode(text, "/");
}

std::string encode_query(const std::vector<std::pair<std::string, std::string>>& arguments) {
    std::string out;
    for (const auto& [name, value] : arguments) {
        if (!value.empty()) {
            out += out.empty() ? '?' : '&';
            out += percent_encode(name) + '=' + percent_encode(value);
        }
    }
    return out;
}

std::optional<std::string> origin_of(std::string_view url) {
    const std::string lower = to_lower(url);
    const bool secure = lower.starts_with("https://");
    if (!secure && !lower.starts_with("http://")) {
        return std::nullopt;
    }
    const std::string scheme = secure ? "https://" : "http://";
    std::string authority = lower.substr(scheme.size());
    authority.resize(std::min(authority.find_first_of("/?#"), authority.size()));
    const std::string default_port = secure ? ":443" : ":80";
    if (authority.ends_with(default_port)) {
        authority.resize(authority.size() - default_port.size());
    }
    if (authority.empty() || authority.find('@') != std::string::npos) {
        return std::nullopt;
    }
    return scheme + authority;
}

}  // namespace fristvakt::daemon
