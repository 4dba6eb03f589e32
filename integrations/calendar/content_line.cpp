#include "integrations/calendar/content_line.hpp"

#include <algorithm>
#include <optional>

namespace fristvakt::integrations::calendar {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

namespace {

constexpr std::size_t kOctetsMax = 75;
constexpr std::size_t kLinesMax = 20'000;

bool is_control(char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return (byte < 0x20 && letter != '\t') || byte == 0x7f;
}

bool continues_character(char letter) {
    return (static_cast<unsigned char>(letter) & 0xC0U) == 0x80U;
}

std::string upper(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    });
    return out;
}

}  // namespace

LineWriter& LineWriter::parameter(std::string_view name, std::string_view value) {
    out_ += ';';
    out_ += name;
    out_ += '=';
    const bool quoted = value.find_first_of(",;:") != std::string_view::npos;
    out_ += quoted ? "\"" : "";
    for (const char letter : value) {
        if (letter == '\n') {
            out_ += "^n";
        } else if (letter == '"') {
            out_ += "^'";
        } else if (letter == '^') {
            out_ += "^^";
        } else if (!is_control(letter)) {
            out_ += letter;
        }
    }
    out_ += quoted ? "\"" : "";
    return *this;
}

void LineWriter::text(std::string_view value) {
    out_ += ':';
    for (const char letter : value) {
        if (letter == '\n') {
            out_ += "\\n";
        } else if (letter == ',' || letter == ';' || letter == '\\') {
            out_ += '\\';
            out_ += letter;
        } else if (!is_control(letter)) {
            out_ += letter;
        }
    }
    end();
}

void LineWriter::raw(std::string_view value) {
    out_ += ':';
    for (const char letter : value) {
        if (!is_control(letter)) {
            out_ += letter;
        }
    }
    end();
}

/// Folds what is too long (section 3.1), never in the middle of a character.
void LineWriter::end() {
    std::size_t begin = start_;
    std::size_t room = kOctetsMax;
    while (out_.size() - begin > room) {
        std::size_t cut = begin + room;
        for (int back = 0; back < 3 && continues_character(out_[cut]); ++back) {
            --cut;
        }
        out_.insert(cut, "\r\n ");
        begin = cut + 2;  // The space counts.
    }
    out_ += "\r\n";
}

std::string_view ContentLine::parameter(std::string_view wanted) const {
    const auto found =
        std::ranges::find(parameters, wanted, &std::pair<std::string, std::string>::first);
    return found == parameters.end() ? std::string_view{} : std::string_view{found->second};
}

namespace {

/// RFC 6868.
std::string decoded_parameter(std::string_view value) {
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char next = value[i] == '^' && i + 1 < value.size() ? value[i + 1] : '\0';
        if (next == 'n' || next == '\'' || next == '^') {
            out += next == 'n' ? '\n' : next == '^' ? '^' : '"';
            ++i;
        } else {
            out += value[i];
        }
    }
    return out;
}

/// Nothing: there is no colon outside quotes.
std::optional<ContentLine> split(std::string_view line) {
    ContentLine out;
    std::size_t begin = 0;
    bool in_quotes = false;
    const auto take = [&](std::size_t end) {
        std::string_view part = line.substr(begin, end - begin);
        if (out.name.empty()) {
            out.name = upper(part);
            return;
        }
        const std::size_t equals = part.find('=');
        std::string_view value =
            equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1);
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
            value = value.substr(1, value.size() - 2);
        }
        out.parameters.emplace_back(upper(part.substr(0, equals)), decoded_parameter(value));
    };
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"') {
            in_quotes = !in_quotes;
        } else if (!in_quotes && (line[i] == ';' || line[i] == ':')) {
            take(i);
            begin = i + 1;
            if (line[i] == ':') {
                out.value = line.substr(begin);
                return out.name.empty() ? std::nullopt : std::optional{out};
            }
        }
    }
    return std::nullopt;
}

}  // namespace

Result<std::vector<ContentLine>> read_lines(std::string_view bytes) {
    std::vector<ContentLine> out;
    std::string line;
    std::size_t number = 0;
    std::size_t began_at = 1;
    const auto finish = [&]() -> bool {
        auto read = line.empty() ? std::optional<ContentLine>{} : split(line);
        const bool good = line.empty() || (read && out.size() < kLinesMax);
        if (good && read) {
            out.push_back(std::move(*read));
        }
        return good;
    };
    const auto failure = [&] {
        return Error{ErrorKind::InvalidInput,
                     "line " + std::to_string(began_at) + " is no line of a calendar"};
    };
    while (!bytes.empty()) {
        ++number;
        const std::size_t end = std::min(bytes.find('\n'), bytes.size());
        std::string_view one = bytes.substr(0, end);
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
        if (one.ends_with('\r')) {
            one.remove_suffix(1);
        }
        if (number > 1 && (one.starts_with(' ') || one.starts_with('\t'))) {
            line += one.substr(1);
            continue;
        }
        if (!finish()) {
            return failure();
        }
        line = one;
        began_at = number;
    }
    if (!finish()) {
        return failure();
    }
    return out;
}

std::string unescape(std::string_view value) {
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] != '\\' || i + 1 == value.size()) {
            out += value[i];
            continue;
        }
        ++i;
        out += value[i] == 'n' || value[i] == 'N' ? '\n' : value[i];
    }
    return out;
}

}  // namespace fristvakt::integrations::calendar
