#include "workflows/time/activity_dates.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include <fmt/format.h>

namespace fristvakt::workflows {
namespace {

constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2199;
constexpr std::size_t kPartsMax = 200;
constexpr std::string_view kForms =
    "write such as 14.08.2018, 16.-17.01.2018, 6. november 2019 or 2018-08-14 09:00-12:00";

/// A word and the number that it stands for.
using Word = std::pair<std::string_view, int>;
constexpr Word kMonths[] = {
    {"januar", 1}, {"februar", 2},   {"mars", 3},   {"april", 4},     {"mai", 5},
    {"juni", 6},   {"juli", 7},      {"august", 8}, {"september", 9}, {"oktober", 10},
    {"jan", 1},    {"november", 11}, {"feb", 2},    {"febr", 2},      {"mar", 3},
    {"apr", 4},    {"jun", 6},       {"jul", 7},    {"aug", 8},       {"sep", 9},
    {"sept", 9},   {"okt", 10},      {"nov", 11},   {"des", 12},      {"desember", 12}};
constexpr Word kWeekdays[] = {
    {"mandag", 1}, {"måndag", 1},  {"man", 1},     {"mån", 1}, {"tirsdag", 2},
    {"tysdag", 2}, {"tirs", 2},    {"tir", 2},     {"tys", 2}, {"onsdag", 3},
    {"ons", 3},    {"torsdag", 4}, {"tors", 4},    {"tor", 4}, {"fredag", 5},
    {"fre", 5},    {"lørdag", 6},  {"laurdag", 6}, {"lør", 6}, {"laur", 6},
    {"lau", 6},    {"søndag", 0},  {"sundag", 0},  {"søn", 0}, {"sun", 0}};

/// What is said to those who run fristvakt is in English.
constexpr std::array<std::string_view, 7> kEnglishWeekdays{
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

std::optional<int> number_of(std::string_view word, std::span<const Word> words) {
    const auto found = std::ranges::find(words, word, &Word::first);
    return found == words.end() ? std::nullopt : std::optional{found->second};
}

/// Lower case; every dash a hyphen, every blank a space.
std::string normalized(std::string_view text) {
    constexpr std::array<std::string_view, 5> kDashes{"\u2010", "\u2011", "\u2013", "\u2014",
                                                      "\u2212"};
    constexpr std::array<std::string_view, 3> kBlanks{"\u00A0", "\u202F", "\u2009"};
    const auto begins_with_one = [&](std::span<const std::string_view> signs) -> std::size_t {
        const auto found = std::ranges::find_if(
            signs, [&](std::string_view sign) { return text.starts_with(sign); });
        return found == signs.end() ? 0 : found->size();
    };
    std::string out;
    while (!text.empty()) {
        std::size_t length = 1;
        if (const std::size_t dash = begins_with_one(kDashes); dash > 0) {
            out += '-';
            length = dash;
        } else if (const std::size_t blank = begins_with_one(kBlanks); blank > 0) {
            out += ' ';
            length = blank;
        } else if (text.front() == '\xC3' && text.size() > 1) {
            const auto second = static_cast<unsigned char>(text[1]);
            out += text.front();
            out += static_cast<char>(second >= 0x80 && second < 0xA0 ? second + 0x20 : second);
            length = 2;
        } else if (text.front() >= 'A' && text.front() <= 'Z') {
            out += static_cast<char>(text.front() - 'A' + 'a');
        } else {
            out += text.front() == '\t' || text.front() == '\n' || text.front() == '\r'
                       ? ' '
                       : text.front();
        }
        text.remove_prefix(length);
    }
    return out;
}

/// A day as it is written; what is left out is 0.
struct Part {
    int day{0};
    int month{0};
    int year{0};
    std::optional<int> weekday;  ///< 0 is Sunday.
    bool has_own_year{false};
};

struct Item {
    Part first;
    std::optional<Part> last;
    std::optional<Seconds> from;
    std::optional<Seconds> until;
    [[nodiscard]] const Part& end() const { return last ? *last : first; }
};

Error wrong(std::string code, std::string message) {
    return {ErrorKind::InvalidInput, std::move(message), std::move(code)};
}

/// Takes a text apart. After the first thing that it cannot read, `problem` says what.
class Reader {
 public:
    explicit Reader(std::string_view text) : text_(normalized(text)) {}

    std::vector<Item> read() {
        std::vector<Item> items;
        skip();
        if (at_end()) {
            fail("empty", fmt::format("no day is written; {}", kForms));
        }
        while (!problem) {
            items.push_back(item());
            skip();
            if (take('.')) {  // Behind a whole sentence.
                skip();
            }
            if (problem || at_end()) {
                break;
            }
            const bool has_comma = take(',') || take(';');
            const bool has_and = take_word("og") || take('&') || take('+');
            if (!has_comma && !has_and) {
                fail_at_rest();
            } else if (items.size() == kPartsMax) {
                fail("too-many",
                     fmt::format("more than {} days are named; write fewer", kPartsMax));
            }
        }
        return items;
    }

    std::optional<Error> problem;

 private:
    void fail(std::string code, std::string message) {
        if (!problem) {
            problem = wrong(std::move(code), std::move(message));
        }
    }
    void fail_at_rest() {
        constexpr std::size_t kShownMax = 40;
        skip();
        std::string rest = text_.substr(at_, kShownMax);
        while (!rest.empty() && (static_cast<unsigned char>(rest.back()) & 0xC0U) == 0x80U) {
            rest.pop_back();  // No half letter.
        }
        if (!rest.empty() && static_cast<unsigned char>(rest.back()) >= 0xC0U) {
            rest.pop_back();
        }
        fail("unreadable", rest.empty() ? fmt::format("a day is missing at the end; {}", kForms)
                                        : fmt::format("`{}` cannot be read; {}", rest, kForms));
    }

    [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    void skip() {
        while (peek() == ' ') {
            ++at_;
        }
    }
    /// Blanks and the sign; nothing when it is another.
    bool take(char sign) {
        const std::size_t before = at_;
        skip();
        if (peek() == sign) {
            ++at_;
            return true;
        }
        at_ = before;
        return false;
    }
    static bool is_letter(char c) {
        return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
    }
    static bool is_digit(char c) { return c >= '0' && c <= '9'; }
    [[nodiscard]] std::string_view word() const {
        std::size_t end = at_;
        while (end < text_.size() && is_letter(text_[end])) {
            ++end;
        }
        return std::string_view{text_}.substr(at_, end - at_);
    }
    bool take_word(std::string_view wanted) {
        const std::size_t before = at_;
        skip();
        if (word() == wanted) {
            at_ += wanted.size();
            return true;
        }
        at_ = before;
        return false;
    }
    /// One of `words`, with the full stop of a short one; nothing when another stands there.
    std::optional<int> take_one_of(std::span<const Word> words) {
        const std::size_t before = at_;
        skip();
        const std::string_view found = word();
        const auto number = number_of(found, words);
        if (!number) {
            at_ = before;
            return std::nullopt;
        }
        at_ += found.size();
        if (peek() == '.') {
            ++at_;
        }
        return number;
    }
    [[nodiscard]] std::size_t digits() const {
        std::size_t count = 0;
        while (is_digit(peek(count))) {
            ++count;
        }
        return count;
    }
    int take_number(std::size_t count) {
        int number = 0;
        for (; count > 0; --count, ++at_) {
            number = number * 10 + (text_[at_] - '0');
        }
        return number;
    }

    static int whole_year(int year, std::size_t count) { return count == 2 ? 2000 + year : year; }

    /// Whether a day stands here and no time: `16.08.2018`, `16. august`, `2018-08-16`, `tirsdag`.
    bool is_day() {
        const std::size_t before = at_;
        take_word("den");
        bool found = take_one_of(kWeekdays).has_value();
        skip();
        const std::size_t count = digits();
        if (!found && count == 4 && peek(4) == '-') {
            found = true;
        } else if (!found && (count == 1 || count == 2)) {
            at_ += count;
            const bool has_stop = take('.');
            skip();
            const std::size_t month = digits();
            found = take_one_of(kMonths).has_value() ||
                    (has_stop && (month == 1 || month == 2) && peek(month) == '.' &&
                     is_digit(peek(month + 1)));
        }
        at_ = before;
        return found;
    }

    Part part() {
        Part out;
        if (!take_word("fra")) {
            take_word("frå");
        }
        out.weekday = take_one_of(kWeekdays);
        take_word("den");
        skip();
        const std::size_t count = digits();
        if (count == 4 && peek(4) == '-') {
            read_iso(out);
        } else if (count == 1 || count == 2) {
            out.day = take_number(count);
            if (peek() == '/') {
                read_slashed(out);
            } else if (take('.')) {
                read_numbers(out);
            }
            if (out.month == 0) {
                read_words(out);
            }
        } else {
            fail_at_rest();
        }
        out.has_own_year = out.year != 0;
        return out;
    }

    void read_iso(Part& out) {
        const std::size_t before = at_;
        out.year = take_number(4);
        if (peek() == '-' && is_digit(peek(1)) && is_digit(peek(2)) && peek(3) == '-' &&
            is_digit(peek(4)) && is_digit(peek(5)) && !is_digit(peek(6))) {
            ++at_;
            out.month = take_number(2);
            ++at_;
            out.day = take_number(2);
        } else {
            at_ = before;
            fail_at_rest();
        }
    }

    /// Month and year behind `14.`, as far as they are numbers.
    void read_numbers(Part& out) {
        const std::size_t before = at_;
        skip();
        const std::size_t month = digits();
        if (month != 1 && month != 2) {
            at_ = before;
            return;
        }
        out.month = take_number(month);
        if (out.month == 0) {
            fail("no-such-day", fmt::format("there is no month 0; {}", kForms));
        }
        if (!take('.')) {
            return;
        }
        const std::size_t behind = at_;
        skip();
        const std::size_t year = digits();
        if (year == 4 || (year == 2 && at_ == behind)) {
            out.year = whole_year(take_number(year), year);
        } else {
            at_ = behind;
        }
    }

    /// "/8-2018", "/8-18" or "/8" behind a day.
    void read_slashed(Part& out) {
        const auto digits_at = [&](std::size_t ahead) {
            std::size_t count = 0;
            while (is_digit(peek(ahead + count))) {
                ++count;
            }
            return count;
        };
        const std::size_t month = digits_at(1);
        if (month != 1 && month != 2) {
            return;
        }
        ++at_;
        out.month = take_number(month);
        const std::size_t year = digits_at(1);
        const char behind = peek(1 + year);
        const bool has_year = (peek() == '-' || peek() == '/' || peek() == ' ') &&
                              (year == 4 || (year == 2 && peek() != ' ')) && behind != '/' &&
                              behind != '.';
        if (has_year) {
            ++at_;
            out.year = whole_year(take_number(year), year);
        }
    }

    /// "november 2019" or "november".
    void read_words(Part& out) {
        const auto month = take_one_of(kMonths);
        if (!month) {
            return;
        }
        out.month = *month;
        const std::size_t before = at_;
        skip();
        const std::size_t year = digits();
        const bool is_time = peek(year) == ':' || (peek(year) == '.' && is_digit(peek(year + 1)));
        if (year == 4 || (year == 2 && !is_time)) {
            out.year = whole_year(take_number(year), year);
        } else {
            at_ = before;
        }
    }

    std::optional<Seconds> time() {
        if (take_word("kl")) {
            take('.');
        } else if (!take_word("klokken") && !take_word("klokka")) {
            take_word("t");  // Of 2018-08-14T09:00.
        }
        skip();
        const std::size_t count = digits();
        if (count != 1 && count != 2 && count != 4) {
            return std::nullopt;
        }
        const int number = take_number(count);
        int hour = count == 4 ? number / 100 : number;
        int minute = count == 4 ? number % 100 : 0;
        if (count < 4 && (peek() == '.' || peek() == ':') && is_digit(peek(1)) &&
            is_digit(peek(2))) {
            ++at_;
            minute = take_number(2);
        }
        if (minute > 59 || hour > 24 || (hour == 24 && minute > 0)) {
            fail("no-such-time",
                 fmt::format("there is no time {:02}:{:02}; write 00:00 to 24:00", hour, minute));
        }
        return Seconds{hour * 3600 + minute * 60};
    }
    [[nodiscard]] bool is_time() {
        const std::size_t before = at_;
        skip();
        const std::string_view found = word();
        const bool is_one = is_digit(peek()) || found == "kl" || found == "klokken" ||
                            found == "klokka" || found == "t";
        at_ = before;
        return is_one;
    }
    /// "14.08.2018, kl. 09.00" and "14.08.2018, 9.00-12.00": the comma parts no days.
    void take_comma_before_time() {
        const std::size_t before = at_;
        const bool has_comma = take(',');
        skip();
        const std::size_t behind = at_;
        const bool has_time = has_comma && (word().starts_with("kl") || is_clock_alone());
        at_ = has_time ? behind : before;
    }
    /// Hours that are no day of a month: `9:10`, `9.00`, `17.30`, and `9.10-12.00` for what stands
    /// behind it.
    bool is_clock_alone() {
        for (int i = 0; i < 2; ++i) {
            const std::size_t hour = digits();
            if (hour != 1 && hour != 2) {
                return false;
            }
            at_ += hour;
            const bool has_colon = peek() == ':';
            const bool has_minutes = (has_colon || peek() == '.') && is_digit(peek(1)) &&
                                     is_digit(peek(2)) && !is_digit(peek(3));
            if (!has_minutes) {
                return false;
            }
            ++at_;
            const int minutes = take_number(2);
            if (peek() == '.' && is_digit(peek(1))) {
                return false;  // A year.
            }
            if (has_colon || minutes == 0 || minutes > 12) {
                return true;
            }
            if (!take_until()) {
                return false;
            }
            skip();
        }
        return false;
    }
    bool take_until() { return take('-') || take_word("til"); }

    Item item() {
        Item out;
        out.first = part();
        take_comma_before_time();
        if (!problem && is_time()) {
            out.from = time();
            if (!out.from) {
                fail_at_rest();
            }
        }
        const std::size_t before = at_;
        const bool has_slash = take('/');
        if (problem || (!has_slash && !take_until())) {
            return out;
        }
        if (out.from && !has_slash && !is_day()) {
            out.until = time();
        } else {
            out.last = part();
            read_times_behind(out);
        }
        if ((out.from && !out.last && !out.until) || (out.until && !out.from)) {
            at_ = before;
            fail_at_rest();
        }
        return out;
    }

    /// Behind the last day of a span: when it begins and ends, or only the latter when the former
    /// stands behind the first day.
    void read_times_behind(Item& out) {
        take_comma_before_time();
        if (problem || !is_time()) {
            return;
        }
        if (out.from) {
            out.until = time();
            return;
        }
        out.from = time();
        const std::size_t before = at_;
        if (out.from && take_until()) {
            out.until = time();
            if (!out.until) {
                at_ = before;
                fail_at_rest();
            }
        }
    }

    std::string text_;
    std::size_t at_{0};
};

/// Fills in from behind what was left out.
void inherit(std::vector<Item>& items) {
    const Part* next = nullptr;
    const auto fill = [&](Part& part) {
        if (next != nullptr && part.month == 0) {
            part.month = next->month;
            part.year = next->year;
        } else if (next != nullptr && part.year == 0) {
            part.year = next->year;
        }
        next = &part;
    };
    for (std::size_t i = items.size(); i > 0; --i) {
        Item& item = items[i - 1];
        if (item.last) {
            fill(*item.last);
        }
        fill(item.first);
        if (i < items.size() && !item.end().has_own_year && !item.from) {
            item.from = items[i].from;
            item.until = items[i].until;
        }
    }
}

Result<Date> day_of(const Part& part) {
    if (part.month == 0) {
        return wrong("no-year", fmt::format("the month and the year of {}. are missing; {}",
                                            part.day, kForms));
    }
    if (part.year == 0) {
        return wrong("no-year", fmt::format("the year of {}.{}. is missing; {}", part.day,
                                            part.month, kForms));
    }
    const cal::year_month_day day = cal::year{part.year} /
                                    cal::month{static_cast<unsigned>(part.month)} /
                                    cal::day{static_cast<unsigned>(part.day)};
    const std::string shown = fmt::format("{:02}.{:02}.{}", part.day, part.month, part.year);
    if (part.year < kFirstYear || part.year > kLastYear) {
        return wrong("no-such-day", fmt::format("the year of {} is out of range; write {} to {}",
                                                shown, kFirstYear, kLastYear));
    }
    if (!day.ok()) {
        return wrong("no-such-day", fmt::format("{} does not exist; choose another day", shown));
    }
    const Date date{cal::local_days{day}};
    const auto weekday = static_cast<int>(cal::weekday{date}.c_encoding());
    if (part.weekday && *part.weekday != weekday) {
        return wrong("weekday",
                     fmt::format("{} is a {}; correct the day or the weekday", shown,
                                 kEnglishWeekdays.at(static_cast<std::size_t>(weekday))));
    }
    return date;
}

Result<DaySpan> span_of(const Item& item) {
    const auto first = day_of(item.first);
    if (!first.ok()) {
        return first.error();
    }
    const auto last = day_of(item.end());
    if (!last.ok()) {
        return last.error();
    }
    const DaySpan span{
        .first = first.value(), .last = last.value(), .from = item.from, .until = item.until};
    if (span.last < span.first ||
        (span.last == span.first && span.until && *span.until <= *span.from)) {
        return wrong("backwards",
                     fmt::format("it ends before it begins on {}; write the earlier day or time "
                                 "first, and both years where they differ",
                                 iso_date(span.first)));
    }
    return span;
}

bool goes_on(const DaySpan& span, const DaySpan& next) {
    return next.first == span.last + cal::days{1} && next.from == span.from &&
           next.until == span.until;
}

std::string clock(Seconds time, char between) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(time).count();
    return fmt::format("{:02}{}{:02}", minutes / 60, between, minutes % 60);
}

/// How much of a day is left to the one behind it.
enum class Left { Nothing, Year, MonthAndYear };

Left left_to(Date day, Date next) {
    const cal::year_month_day a{day};
    const cal::year_month_day b{next};
    if (a.year() != b.year()) {
        return Left::Nothing;
    }
    return a.month() == b.month() ? Left::MonthAndYear : Left::Year;
}

std::string day_in_words(Date day, Left left) {
    const cal::year_month_day date{day};
    switch (left) {
        case Left::MonthAndYear:
            return fmt::format("{}.", static_cast<unsigned>(date.day()));
        case Left::Year:
            return short_date(day, Language::Nb);
        case Left::Nothing:
            break;
    }
    return fmt::format("{} {}", short_date(day, Language::Nb), static_cast<int>(date.year()));
}

}  // namespace

Result<ActivityDates> parse_activity_dates(std::string_view text) {
    Reader reader{text};
    std::vector<Item> items = reader.read();
    if (reader.problem) {
        return *reader.problem;
    }
    inherit(items);
    ActivityDates out;
    for (const Item& item : items) {
        const auto read = span_of(item);
        if (!read.ok()) {
            return read.error();
        }
        const DaySpan& span = read.value();
        if (!out.spans.empty() && span.first <= out.spans.back().last) {
            return wrong("disorder",
                         fmt::format("{} stands behind {}; write the days in order, each once",
                                     iso_date(span.first), iso_date(out.spans.back().last)));
        }
        if (!out.spans.empty() && goes_on(out.spans.back(), span)) {
            out.spans.back().last = span.last;
        } else {
            out.spans.push_back(span);
        }
    }
    return out;
}

std::string in_words(const ActivityDates& dates) {
    std::string text;
    for (std::size_t i = 0; i < dates.spans.size(); ++i) {
        const DaySpan& span = dates.spans[i];
        const bool is_last = i + 1 == dates.spans.size();
        if (i > 0) {
            text += is_last ? " og " : ", ";
        }
        Left left = Left::Nothing;
        if (!is_last) {
            const DaySpan& next = dates.spans[i + 1];
            const bool shares_times = next.from == span.from && next.until == span.until;
            left = shares_times ? left_to(span.last, next.first) : Left::Nothing;
        }
        if (span.first != span.last) {
            text += day_in_words(span.first, left_to(span.first, span.last)) + "–";
        }
        text += day_in_words(span.last, left);
        if (span.from && left == Left::Nothing) {
            text += " kl. " + clock(*span.from, '.') +
                    (span.until ? "–" + clock(*span.until, '.') : std::string{});
        }
    }
    return text;
}

std::string to_string(const ActivityDates& dates) {
    std::string text;
    for (const DaySpan& span : dates.spans) {
        text += (text.empty() ? "" : ", ") + iso_date(span.first);
        if (span.last != span.first) {
            text += "/" + iso_date(span.last);
        }
        if (span.from) {
            text += " " + clock(*span.from, ':') +
                    (span.until ? "-" + clock(*span.until, ':') : std::string{});
        }
    }
    return text;
}

}  // namespace fristvakt::workflows
