#include "tests/fuzz/plain_mail.hpp"

#include <algorithm>
#include <optional>

#include "tests/fuzz/demand.hpp"

namespace fristvakt::fuzz {
namespace {

constexpr std::size_t kLineMax{998};

int hex(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// The byte behind "=" at `at`.
char escaped_byte(std::string_view text, std::size_t at) {
    demand(at + 2 < text.size(), "two digits stand behind '='", text);
    const int high = hex(text[at + 1]);
    const int low = hex(text[at + 2]);
    demand(high >= 0 && low >= 0, "they are hexadecimal", text);
    return static_cast<char>(high * 16 + low);
}

std::string read_quoted_printable(std::string_view text) {
    std::string out;
    for (bool is_last = false; !is_last;) {
        is_last = text.find("\r\n") == std::string_view::npos;
        std::string_view line = take_until(text, "\r\n");
        const bool is_soft = line.ends_with('=');
        demand(line.size() <= 76, "a line has at most 76 characters", line);
        line.remove_suffix(is_soft ? 1 : 0);
        demand(is_soft || (!line.ends_with(' ') && !line.ends_with('\t')),
               "no blank at the end of a line", line);
        demand(!line.starts_with('.'), "no dot in front", line);
        for (std::size_t i = 0; i < line.size(); ++i) {
            out += line[i] == '=' ? escaped_byte(line, i) : line[i];
            i += line[i] == '=' ? 2 : 0;
        }
        demand(!is_soft || !is_last, "a line that goes on has another", text);
        out += is_soft || is_last ? "" : "\n";
    }
    return out;
}

void look_at_bytes(std::string_view bytes) {
    std::size_t column{0};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        const bool is_end = c == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n';
        if (is_end) {
            ++i;
            column = 0;
            continue;
        }
        demand((c >= ' ' && c <= '~') || c == '\t', "7-bit, and CR with LF alone", bytes);
        demand(++column <= kLineMax, "a line has at most 998 characters", bytes);
    }
}

std::optional<std::string> read_encoded_word(std::string_view word) {
    constexpr std::string_view kBegin{"=?utf-8?Q?"};
    if (!word.starts_with(kBegin)) {
        return std::nullopt;
    }
    demand(word.size() <= 75 && word.ends_with("?=") && word.size() >= kBegin.size() + 2,
           "an encoded-word is whole and short", word);
    word = word.substr(kBegin.size(), word.size() - kBegin.size() - 2);
    std::string out;
    for (std::size_t i = 0; i < word.size(); ++i) {
        demand(word[i] != '?' && word[i] != ' ', "an encoded-word holds no mark", word);
        if (word[i] == '=') {
            out += escaped_byte(word, i);
            i += 2;
        } else {
            out += word[i] == '_' ? ' ' : word[i];
        }
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> read_headers(std::string_view head) {
    std::vector<std::pair<std::string, std::string>> out;
    while (!head.empty()) {
        const std::string_view line = take_until(head, "\r\n");
        demand(!line.empty(), "no empty line among headers", head);
        if (line.front() == ' ' || line.front() == '\t') {
            demand(!out.empty(), "a folded line has a first", line);
            demand(line.find_first_not_of(" \t") != std::string_view::npos,
                   "a folded line says something", line);
            out.back().second += line;
            continue;
        }
        const std::size_t colon = line.find(':');
        demand(colon != std::string_view::npos && colon > 0 && line.substr(colon + 1, 1) != "\t",
               "a field has a name", line);
        out.emplace_back(line.substr(0, colon), line.substr(colon + 1));
    }
    for (auto& [name, value] : out) {
        value.erase(0, value.starts_with(' ') ? 1 : 0);
    }
    return out;
}

}  // namespace

std::string read_words(std::string_view value) {
    std::string out;
    bool was_encoded{false};
    bool is_first{true};
    while (!value.empty()) {
        const std::string_view word = take_until(value, " ");
        const auto decoded = read_encoded_word(word);
        // White space between two encoded-words is not shown (RFC 2047 6.2).
        if (!is_first && !(was_encoded && decoded)) {
            out += ' ';
        }
        out += decoded ? *decoded : std::string{word};
        was_encoded = decoded.has_value();
        is_first = false;
    }
    return out;
}

std::string read_display_name(std::string_view value) {
    if (!value.starts_with('"')) {
        const std::size_t bracket = value.find(" <");
        return bracket == std::string_view::npos ? "" : read_words(value.substr(0, bracket));
    }
    std::string out;
    std::size_t i = 1;
    for (; i < value.size() && value[i] != '"'; ++i) {
        i += value[i] == '\\' ? 1 : 0;
        demand(i < value.size(), "a quoted string is whole", value);
        out += value[i];
    }
    demand(value.substr(i).starts_with("\" <"), "an address stands behind the name", value);
    return out;
}

PlainMail read_plain_mail(std::string_view bytes) {
    look_at_bytes(bytes);
    PlainMail mail;
    mail.headers = read_headers(take_until(bytes, "\r\n\r\n"));
    const auto type = std::ranges::find(mail.headers, "Content-Type",
                                        [](const auto& header) { return header.first; });
    demand(type != mail.headers.end(), "there is a type", bytes);
    std::string_view boundary = type->second;
    demand(take_until(boundary, "boundary=\"").starts_with("multipart/alternative;"),
           "of two kinds", type->second);
    const std::string mark = "--" + std::string{take_until(boundary, "\"")};
    demand(bytes.starts_with(mark + "\r\n"), "a part begins", bytes);
    demand(bytes.ends_with("\r\n" + mark + "--\r\n"), "the last part ends", bytes);
    while (!bytes.starts_with(mark + "--")) {
        demand(bytes.starts_with(mark + "\r\n"), "a part begins", bytes);
        const auto headers = read_headers(take_until(bytes, "\r\n\r\n").substr(mark.size() + 2));
        demand(headers.size() == 2, "a part has two headers", bytes);
        std::string body = read_quoted_printable(take_until(bytes, "\r\n" + mark));
        bytes = std::string_view{bytes.data() - mark.size(), bytes.size() + mark.size()};
        mail.parts.push_back(std::move(body));
    }
    return mail;
}

}  // namespace fristvakt::fuzz
