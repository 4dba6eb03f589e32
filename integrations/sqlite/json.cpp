#include "integrations/sqlite/json.hpp"

#include <array>
#include <charconv>
#include <system_error>

namespace fristvakt::integrations {

namespace {

bool plain(char character) {
    return static_cast<unsigned char>(character) >= 0x20 && character != '"' && character != '\\';
}

}  // namespace

void JsonWriter::integer(std::int64_t value) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out_.append(digits.data(), end);
}

void JsonWriter::text(std::string_view value) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out_.push_back('"');
    std::size_t written = 0;
    for (std::size_t index = 0; index < value.size(); ++index) {
        const char character = value[index];
        if (plain(character)) {
            continue;
        }
        out_.append(value.substr(written, index - written));
        written = index + 1;
        if (character == '"' || character == '\\') {
            out_.push_back('\\');
            out_.push_back(character);
        } else if (character == '\n') {
            out_.append("\\n");
        } else {
            const auto code = static_cast<unsigned char>(character);
            out_.append("\\u00");
            out_.push_back(kHex[code >> 4U]);
            out_.push_back(kHex[code & 0xFU]);
        }
    }
    out_.append(value.substr(written));
    out_.push_back('"');
}

void JsonReader::fail(std::string_view what) {
    if (problem_.empty()) {
        problem_ = std::string(what) + " at byte " + std::to_string(at_);
    }
}

void JsonReader::expect(char character) {
    if (!take(character)) {
        fail(std::string("expected '") + character + "'");
    }
}

bool JsonReader::take(char character) {
    if (failed() || at_ >= text_.size() || text_[at_] != character) {
        return false;
    }
    ++at_;
    return true;
}

bool JsonReader::take_null() {
    constexpr std::string_view kNull = "null";
    if (failed() || text_.substr(at_, kNull.size()) != kNull) {
        return false;
    }
    at_ += kNull.size();
    return true;
}

std::int64_t JsonReader::integer() {
    if (failed()) {
        return 0;
    }
    std::int64_t value = 0;
    const char* const begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (error != std::errc{}) {
        fail("expected a whole number");
        return 0;
    }
    at_ += static_cast<std::size_t>(end - begin);
    return value;
}

std::string_view JsonReader::key() {
    expect('"');
    if (failed()) {
        return {};
    }
    const std::size_t end = text_.find('"', at_);
    if (end == std::string_view::npos) {
        fail("a name without an end");
        return {};
    }
    const std::string_view name = text_.substr(at_, end - at_);
    at_ = end + 1;
    return name;
}

std::string JsonReader::text() {
    std::string out;
    expect('"');
    while (!failed()) {
        const std::size_t begin = at_;
        while (at_ < text_.size() && plain(text_[at_])) {
            ++at_;
        }
        out.append(text_.substr(begin, at_ - begin));
        if (take('"')) {
            return out;
        }
        if (take('\\')) {
            escape(out);
        } else {
            fail("a text without an end");
        }
    }
    return {};
}

void JsonReader::escape(std::string& out) {
    if (take('"')) {
        out.push_back('"');
    } else if (take('\\')) {
        out.push_back('\\');
    } else if (take('n')) {
        out.push_back('\n');
    } else if (take('u') && text_.substr(at_, 2) == "00" && at_ + 4 <= text_.size()) {
        unsigned code = 0;
        const char* const begin = text_.data() + at_ + 2;
        const auto [end, error] = std::from_chars(begin, begin + 2, code, 16);
        if (error != std::errc{} || end != begin + 2 || code >= 0x20) {
            fail("an escape that is never written here");
            return;
        }
        out.push_back(static_cast<char>(code));
        at_ += 4;
    } else {
        fail("an escape that is never written here");
    }
}

void JsonReader::end() {
    if (!failed() && at_ != text_.size()) {
        fail("more than was expected");
    }
}

}  // namespace fristvakt::integrations
