// How a deadline expression is written and read. What it comes to is in deadline.cpp.

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "workflows/time/deadline.hpp"
#include "workflows/time/nearest.hpp"

namespace fristvakt::workflows {

namespace {

using Term = DeadlineExpression::Term;

constexpr int kCountMax = 9999;
constexpr std::size_t kTermsMax = 16;
constexpr std::string_view kForm =
    "ANCHOR {+|- N UNIT} [HH:MM], such as 'due - 3 working days' or '2021-01-25 12:00'";
constexpr std::string_view kUnits = "day(s), week(s), month(s), year(s), working day(s) or hour(s)";

struct UnitName {
    std::string_view one;
    std::string_view many;
    TimeUnit unit;
};

constexpr std::array<UnitName, 5> kOneWordUnits{{
    {"day", "days", TimeUnit::Day},
    {"week", "weeks", TimeUnit::Week},
    {"month", "months", TimeUnit::Month},
    {"year", "years", TimeUnit::Year},
    {"hour", "hours", TimeUnit::Hour},
}};

constexpr std::array<std::string_view, 11> kUnitWords{
    "day", "days", "week", "weeks", "month", "months", "year", "years", "hour", "hours", "working"};

struct Token {
    std::string_view text;
    std::size_t column{1};
};

Error at(std::size_t column, std::string message) {
    return {ErrorKind::InvalidInput, fmt::format("column {}: {}", column, message)};
}

bool is_blank(char letter) {
    return letter == ' ' || letter == '\t';
}

bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

bool is_name_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || letter == '_' || letter == '.' || is_digit(letter);
}

/// Columns count characters: the bytes of UTF-8 that continue one are not counted.
bool begins_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

/// The parts between the blanks, and an empty one behind the last, which says where the text ends.
std::vector<Token> split(std::string_view text) {
    std::vector<Token> tokens;
    std::size_t column = 1;
    std::size_t i = 0;
    while (i < text.size()) {
        if (is_blank(text[i])) {
            ++i;
            ++column;
            continue;
        }
        const std::size_t begin = i;
        const std::size_t begin_column = column;
        for (; i < text.size() && !is_blank(text[i]); ++i) {
            column += begins_character(text[i]) ? 1 : 0;
        }
        tokens.push_back({text.substr(begin, i - begin), begin_column});
    }
    const std::size_t behind =
        tokens.empty() ? 1 : tokens.back().column + tokens.back().text.size() + 1;
    tokens.push_back({{}, behind});
    return tokens;
}

class Parser {
 public:
    explicit Parser(std::string_view text) : tokens_(split(text)) {}

    Result<DeadlineExpression> parse() {
        if (next().text.empty()) {
            return at(1, fmt::format("the expression is empty; write {}", kForm));
        }
        DeadlineExpression expression;
        if (auto read = anchor(take(), expression); !read.ok()) {
            return read.error();
        }
        while (next().text == "+" || next().text == "-") {
            if (expression.terms.size() == kTermsMax) {
                return at(next().column, fmt::format("more than {} terms", kTermsMax));
            }
            auto read = term();
            if (!read.ok()) {
                return read.error();
            }
            expression.terms.push_back(read.value());
        }
        if (!next().text.empty()) {
            if (auto read = time_of_day(take(), expression); !read.ok()) {
                return read.error();
            }
        }
        if (!next().text.empty()) {
            return at(next().column,
                      fmt::format("nothing may stand behind the time of day, but '{}' does",
                                  next().text));
        }
        return expression;
    }

 private:
    [[nodiscard]] const Token& next() const { return tokens_[position_]; }
    /// Stays on the empty token at the end.
    Token take() {
        const Token token = tokens_[position_];
        position_ = std::min(position_ + 1, tokens_.size() - 1);
        return token;
    }

    static Status anchor(const Token& token, DeadlineExpression& expression) {
        const std::string_view text = token.text;
        if (!is_digit(text.front())) {
            if (text.front() == '.' || !std::all_of(text.begin(), text.end(), is_name_letter)) {
                return at(token.column,
                          fmt::format("'{}' is no anchor; write a date (YYYY-MM-DD), a date with a "
                                      "time (YYYY-MM-DDTHH:MM) or a name of a-z, 0-9, '_' and '.'",
                                      text));
            }
            expression.anchor = std::string{text};
            return Done{};
        }
        const std::size_t letter_t = text.find('T');
        const auto day = read_iso_date(text.substr(0, letter_t));
        if (!day.ok()) {
            return at(token.column, day.error().message);
        }
        if (letter_t == std::string_view::npos) {
            expression.anchor = day.value();
            return Done{};
        }
        const auto time = parse_time_of_day(text.substr(letter_t + 1));
        if (!time) {
            return at(token.column + letter_t + 1, no_time(text.substr(letter_t + 1)));
        }
        expression.anchor = LocalTime{day.value() + *time};
        return Done{};
    }

    Result<Term> term() {
        Term term;
        term.minus = take().text == "-";
        const Token number = take();
        const bool is_number = !number.text.empty() && number.text.size() <= 4 &&
                               std::all_of(number.text.begin(), number.text.end(), is_digit);
        term.count = is_number ? std::stoi(std::string{number.text}) : 0;
        if (term.count < 1 || term.count > kCountMax) {
            const std::string found = number.text.empty() ? "the expression ends"
                                                          : fmt::format("'{}' stands", number.text);
            return at(number.column, fmt::format("{} where a whole number from 1 to {} is expected",
                                                 found, kCountMax));
        }
        auto unit = this->unit();
        if (!unit.ok()) {
            return unit.error();
        }
        term.unit = unit.value();
        return term;
    }

    Result<TimeUnit> unit() {
        const Token word = take();
        if (word.text == "working") {
            const Token day = take();
            if (day.text != "day" && day.text != "days") {
                return at(day.column, "behind 'working' comes 'day' or 'days'");
            }
            return TimeUnit::WorkingDay;
        }
        for (const UnitName& name : kOneWordUnits) {
            if (word.text == name.one || word.text == name.many) {
                return name.unit;
            }
        }
        if (word.text.empty()) {
            return at(word.column, fmt::format("a unit is missing; write {}", kUnits));
        }
        const std::string_view nearest = nearest_word(word.text, kUnitWords);
        const std::string meant =
            nearest.empty() ? "" : fmt::format("did you mean '{}'? ", nearest);
        return at(word.column,
                  fmt::format("'{}' is no unit; {}write {}", word.text, meant, kUnits));
    }

    static Status time_of_day(const Token& token, DeadlineExpression& expression) {
        expression.time_of_day = parse_time_of_day(token.text);
        if (expression.time_of_day) {
            return Done{};
        }
        if (token.text.find(':') != std::string_view::npos) {
            return at(token.column, no_time(token.text));
        }
        if (token.text.front() == '+' || token.text.front() == '-') {
            return at(token.column,
                      fmt::format("put a blank on either side of '{}'", token.text.front()));
        }
        return at(token.column,
                  fmt::format("'{}' stands where '+', '-' or a time of day (HH:MM) is expected; "
                              "write {}",
                              token.text, kForm));
    }

    static std::string no_time(std::string_view text) {
        return fmt::format("'{}' is no time of day; write HH:MM, 00:00 to 24:00", text);
    }

    std::vector<Token> tokens_;
    std::size_t position_{0};
};

std::string clock(Seconds since_midnight) {
    const auto minutes = since_midnight.count() / 60;
    return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

struct WriteAnchor {
    std::string operator()(const std::string& name) const { return name; }
    std::string operator()(Date day) const { return iso_date(day); }
    std::string operator()(LocalTime time) const {
        const Date day = cal::floor<cal::days>(time);
        return fmt::format("{}T{}", iso_date(day), clock(time - day));
    }
};

std::string unit_text(const Term& term) {
    for (const UnitName& name : kOneWordUnits) {
        if (name.unit == term.unit) {
            return std::string{term.count == 1 ? name.one : name.many};
        }
    }
    return term.count == 1 ? "working day" : "working days";
}

}  // namespace

Result<DeadlineExpression> parse_deadline(std::string_view text) {
    return Parser{text}.parse();
}

std::string to_string(const DeadlineExpression& expression) {
    std::string text = std::visit(WriteAnchor{}, expression.anchor);
    for (const Term& term : expression.terms) {
        text += fmt::format(" {} {} {}", term.minus ? '-' : '+', term.count, unit_text(term));
    }
    if (expression.time_of_day) {
        text += ' ' + clock(*expression.time_of_day);
    }
    return text;
}

}  // namespace fristvakt::workflows
