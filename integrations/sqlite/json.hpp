#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// The little of JSON (RFC 8259) that the store writes, and reads back: no white space, no
/// fractions, keys in a fixed order. A hash stands over these bytes, so there is one way only to
/// write a value, and a reader that takes anything else would hide a change.
namespace fristvakt::integrations {

/// Appends JSON to a string. Text is passed on as it is, but for what JSON must escape.
class JsonWriter {
 public:
    explicit JsonWriter(std::string& out) : out_(out) {}

    void raw(char character) { out_.push_back(character); }
    void raw(std::string_view text) { out_.append(text); }
    void integer(std::int64_t value);
    void text(std::string_view value);

 private:
    std::string& out_;
};

/// Reads what JsonWriter wrote. After the first mistake every call does nothing and gives an empty
/// value; `problem()` then says what was wrong and where.
class JsonReader {
 public:
    explicit JsonReader(std::string_view text) : text_(text) {}

    /// Takes `character`; anything else is a mistake.
    void expect(char character);
    /// Takes `character` if it is next.
    [[nodiscard]] bool take(char character);
    [[nodiscard]] bool take_null();
    [[nodiscard]] std::int64_t integer();
    [[nodiscard]] std::string text();
    /// A text without escapes, in place: good for keys.
    [[nodiscard]] std::string_view key();
    /// Anything left is a mistake.
    void end();

    void fail(std::string_view what);
    [[nodiscard]] bool failed() const { return !problem_.empty(); }
    [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
    void escape(std::string& out);

    std::string_view text_;
    std::size_t at_{0};
    std::string problem_;
};

}  // namespace fristvakt::integrations
