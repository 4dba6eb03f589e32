// The days of an activity plan, as people type them.

#include "tests/fuzz/demand.hpp"
#include "workflows/time/activity_dates.hpp"

namespace fristvakt::fuzz {
namespace {

using namespace workflows;

void look_at(const ActivityDates& dates, std::string_view shown) {
    demand(!dates.spans.empty(), "there is a day", shown);
    const DaySpan* before = nullptr;
    for (const DaySpan& span : dates.spans) {
        demand(span.first <= span.last, "a span ends after it begins", shown);
        demand(!span.until || span.from, "what ends at a time begins at one", shown);
        demand(before == nullptr || before->last < span.first, "the days are in order", shown);
        before = &span;
    }
}

}  // namespace

void try_days(std::string_view text) {
    const auto read = parse_activity_dates(text);
    if (!read.ok()) {
        demand(!read.error().code.empty() && !read.error().message.empty(), "an error says what",
               text);
        return;
    }
    look_at(read.value(), text);
    for (const std::string& written : {to_string(read.value()), in_words(read.value())}) {
        const auto again = parse_activity_dates(written);
        demand(again.ok() && again.value() == read.value(), "what is written is read back",
               written);
    }
}

}  // namespace fristvakt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fristvakt::fuzz::try_days(fristvakt::fuzz::text_of(data, size));
    return 0;
}
