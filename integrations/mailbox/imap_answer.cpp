#include "integrations/mailbox/imap_answer.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "integrations/mail/utf8.hpp"

namespace fristvakt::integrations {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

namespace {

constexpr std::size_t kTextBytesMax = std::size_t{64} * 1024;
constexpr std::size_t kLiteralsMax = 8;

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::string upper(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), [](char c) { return upper(c); });
    return out;
}

bool same(std::string_view one, std::string_view other) {
    return upper(one) == upper(other);
}

template <typename Number>
std::optional<Number> number_in(std::string_view text) {
    Number number{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
    return whole ? std::optional{number} : std::nullopt;
}

/// Takes off and returns what stands before the next blank, and the blank.
std::string_view take_word(std::string_view& text) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    return word;
}

/// N of a line that ends in "{N}".
std::optional<std::uint64_t> announced(std::string_view line) {
    const auto brace = line.rfind('{');
    if (brace == std::string_view::npos || !line.ends_with('}')) {
        return std::nullopt;
    }
    return number_in<std::uint64_t>(line.substr(brace + 1, line.size() - brace - 2));
}

Error no_imap(std::string_view what) {
    return {ErrorKind::Unavailable, "the server does not speak IMAP: " + std::string{what}};
}

/// The names and values of a FETCH, one after the other.
class Items {
 public:
    Items(std::string_view text, std::vector<std::string> literals)
        : text_(text), literals_(std::move(literals)) {}

    [[nodiscard]] bool are_over() const { return text_.empty() || text_.front() == ')'; }

    std::string_view take_name() {
        const std::size_t end = std::min(text_.find_first_of(" ()\""), text_.size());
        const std::string_view name = text_.substr(0, end);
        text_.remove_prefix(end);
        skip_blanks();
        return name;
    }

    /// Empty for NIL and for lists, which are passed over.
    std::optional<std::string> take_value() {
        std::optional<std::string> out;
        if (text_.starts_with('(')) {
            pass_over_list();
        } else if (text_.starts_with('"')) {
            out = take_quoted();
        } else {
            const std::size_t end = std::min(text_.find_first_of(" )"), text_.size());
            out = std::string{text_.substr(0, end)};
            text_.remove_prefix(end);
            if (announced(*out)) {
                out = take_literal();
            } else if (same(*out, "NIL")) {
                out.reset();
            }
        }
        skip_blanks();
        return out;
    }

 private:
    void skip_blanks() {
        text_.remove_prefix(std::min(text_.find_first_not_of(' '), text_.size()));
    }
    std::optional<std::string> take_literal() {
        return next_literal_ < literals_.size()
                   ? std::optional{std::move(literals_[next_literal_++])}
                   : std::nullopt;
    }
    std::string take_quoted() {
        std::string out;
        text_.remove_prefix(1);
        while (!text_.empty() && text_.front() != '"') {
            text_.remove_prefix(text_.starts_with('\\') && text_.size() > 1 ? 1 : 0);
            out += text_.front();
            text_.remove_prefix(1);
        }
        text_.remove_prefix(text_.empty() ? 0 : 1);
        return out;
    }
    void pass_over_list() {
        std::size_t depth = 0;
        do {
            if (text_.starts_with('"')) {
                (void)take_quoted();
                continue;
            }
            if (text_.starts_with('{')) {
                (void)take_literal();
            }
            depth += text_.starts_with('(') ? 1 : 0;
            depth -= text_.starts_with(')') ? 1 : 0;
            text_.remove_prefix(1);
        } while (depth > 0 && !text_.empty());
    }

    std::string_view text_;
    std::vector<std::string> literals_;
    std::size_t next_literal_{0};
};

/// Base64 as names of folders have it: a comma for the slash, no padding.
std::string modified_base64(const std::vector<std::uint16_t>& units) {
    static constexpr std::string_view kLetters{
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,"};
    std::string out;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const std::uint16_t unit : units) {
        bits = (bits << 16U) | unit;
        count += 16;
        while (count >= 6) {
            count -= 6;
            out += kLetters[(bits >> count) & 0x3FU];
        }
        bits &= (1U << count) - 1U;
    }
    if (count > 0) {
        out += kLetters[(bits << (6U - count)) & 0x3FU];
    }
    return out;
}

void add_utf16(std::vector<std::uint16_t>& units, char32_t code) {
    constexpr char32_t kFirstOfPairs = 0x10000;
    if (code < kFirstOfPairs) {
        units.push_back(static_cast<std::uint16_t>(code));
        return;
    }
    const char32_t rest = code - kFirstOfPairs;
    units.push_back(static_cast<std::uint16_t>(0xD800U + (rest >> 10U)));
    units.push_back(static_cast<std::uint16_t>(0xDC00U + (rest & 0x3FFU)));
}

}  // namespace

void ImapAnswers::add(std::string_view bytes) {
    waiting_.erase(0, std::exchange(taken_, 0));
    waiting_ += bytes;
}

Result<std::optional<ImapAnswer>> ImapAnswers::next() {
    while (true) {
        const std::size_t bytes = std::min(literal_left_, waiting_.size() - taken_);
        if (bytes > 0) {
            begun_.literals.back().append(waiting_, taken_, bytes);
            taken_ += bytes;
            literal_left_ -= bytes;
        }
        if (literal_left_ > 0) {
            return std::optional<ImapAnswer>{};
        }
        const std::size_t end = waiting_.find('\n', taken_);
        std::string_view line = std::string_view{waiting_}.substr(taken_, end - taken_);
        if (begun_.text.size() + line.size() > kTextBytesMax) {
            return no_imap("a line is too long");
        }
        if (end == std::string::npos) {
            return std::optional<ImapAnswer>{};
        }
        taken_ = end + 1;
        line.remove_suffix(line.ends_with('\r') ? 1 : 0);
        begun_.text += line;
        const auto size = announced(line);
        if (!size) {
            return std::optional{std::exchange(begun_, {})};
        }
        if (*size > literal_bytes_max_ || begun_.literals.size() == kLiteralsMax) {
            return no_imap("it sends what was not asked for");
        }
        begun_.literals.emplace_back();
        literal_left_ = static_cast<std::size_t>(*size);
    }
}

std::optional<ImapOutcome> outcome_of(std::string_view text, std::string_view tag) {
    if (take_word(text) != tag) {
        return std::nullopt;
    }
    const std::string_view word = take_word(text);
    ImapOutcome out;
    out.kind = same(word, "OK")   ? ImapOutcome::Kind::Ok
               : same(word, "NO") ? ImapOutcome::Kind::No
                                  : ImapOutcome::Kind::Bad;
    if (text.starts_with('[')) {
        text = text.substr(1, text.find(']') - 1);
        out.code = upper(take_word(text));
    }
    return out;
}

std::optional<std::uint32_t> number_in_code(std::string_view text, std::string_view name) {
    const std::string beginning = "* OK [" + std::string{name} + ' ';
    if (!same(text.substr(0, beginning.size()), beginning)) {
        return std::nullopt;
    }
    text.remove_prefix(beginning.size());
    return number_in<std::uint32_t>(text.substr(0, text.find(']')));
}

std::optional<std::uint32_t> number_before(std::string_view text, std::string_view name) {
    if (take_word(text) != "*") {
        return std::nullopt;
    }
    const std::string_view number = take_word(text);
    return same(text, name) ? number_in<std::uint32_t>(number) : std::nullopt;
}

std::optional<ImapFetch> fetch_in(ImapAnswer answer) {
    std::string_view text = answer.text;
    const bool is_untagged = take_word(text) == "*";
    const bool is_numbered = number_in<std::uint32_t>(take_word(text)).has_value();
    if (!is_untagged || !is_numbered || !same(take_word(text), "FETCH") || !text.starts_with('(')) {
        return std::nullopt;
    }
    ImapFetch out;
    for (Items items{text.substr(1), std::move(answer.literals)}; !items.are_over();) {
        const std::string name = upper(items.take_name());
        auto value = items.take_value();
        if (name.empty() && !value) {
            continue;
        }
        if (name == "UID") {
            out.uid = number_in<std::uint32_t>(value.value_or("")).value_or(0);
        } else if (name == "RFC822.SIZE") {
            out.size = number_in<std::uint64_t>(value.value_or(""));
        } else if (name == "BODY[]" || name.starts_with("BODY[]<")) {
            out.body = std::move(value);
        }
    }
    return out.uid == 0 ? std::nullopt : std::optional{std::move(out)};
}

std::string folder_argument(std::string_view utf8) {
    std::string out{'"'};
    std::vector<std::uint16_t> units;
    const auto end_base64 = [&] {
        if (!units.empty()) {
            out += '&' + modified_base64(units) + '-';
            units.clear();
        }
    };
    for (std::size_t at = 0; at < utf8.size();) {
        const Utf8Character one = utf8_character(utf8, at);
        at += one.bytes;
        if (one.code < 0x20 || one.code == 0x7f) {
            continue;
        }
        if (one.code > 0x7f) {
            add_utf16(units, one.code);
            continue;
        }
        end_base64();
        const char letter = static_cast<char>(one.code);
        out += letter == '\\' || letter == '"' ? "\\" : "";
        out += letter;
        out += letter == '&' ? "-" : "";
    }
    end_base64();
    return out += '"';
}

}  // namespace fristvakt::integrations
