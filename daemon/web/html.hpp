#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace fristvakt::daemon {

class Html;

/// One value on its way into markup: text is escaped, numbers and finished markup stay as they are.
class HtmlPiece {
 public:
    HtmlPiece(std::string_view text) : text_(text) {}    // NOLINT(google-explicit-constructor)
    HtmlPiece(const std::string& text) : text_(text) {}  // NOLINT(google-explicit-constructor)
    HtmlPiece(const char* text) : text_(text) {}         // NOLINT(google-explicit-constructor)
    HtmlPiece(const Html& markup);                       // NOLINT(google-explicit-constructor)
    template <std::integral Number>
    HtmlPiece(Number number)  // NOLINT(google-explicit-constructor)
        : number_(static_cast<std::int64_t>(number)), kind_(Kind::Number) {}

 private:
    friend struct fmt::formatter<HtmlPiece>;
    enum class Kind { Text, Markup, Number };
    std::string_view text_{};
    std::int64_t number_{0};
    Kind kind_{Kind::Text};
};

template <typename>
using AnyHtmlPiece = HtmlPiece;

/// Markup under construction. What stands in the pattern is markup, and the compiler sees to it
/// that a pattern is a literal; whatever fills a `{}` is escaped for text and for quoted attributes
/// alike. So nothing that came from outside gets in as markup.
class Html {
 public:
    template <typename... Values>
    Html& add(fmt::format_string<AnyHtmlPiece<Values>...> pattern, const Values&... values) {
        fmt::vformat_to(std::back_inserter(text_), pattern,
                        fmt::make_format_args<fmt::format_context>(HtmlPiece{values}...));
        return *this;
    }
    Html& add(const Html& other) {
        text_ += other.text_;
        return *this;
    }
    [[nodiscard]] bool empty() const { return text_.empty(); }
    [[nodiscard]] const std::string& str() const& { return text_; }
    [[nodiscard]] std::string str() && { return std::move(text_); }
    void reserve(std::size_t bytes) { text_.reserve(bytes); }

 private:
    std::string text_;
};

template <typename... Values>
[[nodiscard]] Html html(fmt::format_string<AnyHtmlPiece<Values>...> pattern,
                        const Values&... values) {
    Html out;
    out.add(pattern, values...);
    return out;
}

inline HtmlPiece::HtmlPiece(const Html& markup) : text_(markup.str()), kind_(Kind::Markup) {}

}  // namespace fristvakt::daemon

template <>
struct fmt::formatter<fristvakt::daemon::HtmlPiece> {
    constexpr auto parse(format_parse_context& context) { return context.begin(); }
    template <typename Context>
    auto format(const fristvakt::daemon::HtmlPiece& piece, Context& context) const {
        using Kind = fristvakt::daemon::HtmlPiece::Kind;
        auto out = context.out();
        if (piece.kind_ == Kind::Number) {
            return fmt::format_to(out, "{}", piece.number_);
        }
        if (piece.kind_ == Kind::Markup) {
            return fmt::format_to(out, "{}", piece.text_);
        }
        // A stretch at a time: pages are large, and what must be escaped is rare.
        std::string_view rest = piece.text_;
        while (true) {
            const auto special =
                std::find_if(rest.begin(), rest.end(), [](char c) { return !escaped(c).empty(); });
            const auto plain = static_cast<std::size_t>(special - rest.begin());
            out = fmt::format_to(out, "{}", rest.substr(0, plain));
            if (special == rest.end()) {
                return out;
            }
            out = fmt::format_to(out, "{}", escaped(*special));
            rest.remove_prefix(plain + 1);
        }
    }

 private:
    /// Empty for what needs no escape.
    static constexpr std::string_view escaped(char c) {
        switch (c) {
            case '&':
                return "&amp;";
            case '<':
                return "&lt;";
            case '>':
                return "&gt;";
            case '"':
                return "&quot;";
            case '\'':
                return "&#39;";
            default:
                return {};
        }
    }
};
