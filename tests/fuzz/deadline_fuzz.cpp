// Deadline expressions, as configuration, events and the command line give them.

#include <map>

#include "tests/fuzz/demand.hpp"
#include "workflows/time/deadline.hpp"
#include "workflows/time/holidays.hpp"

namespace fristvakt::fuzz {
namespace {

using namespace workflows;

const TimeZone& oslo() {
    static const TimeZone kZone = TimeZone::locate("Europe/Oslo").value();
    return kZone;
}

Anchors anchors() {
    const Date day = parse_iso_date("2021-03-27").value();
    const LocalTime noon = parse_local_time("2021-10-30T12:00").value();
    return {
        {"due", day}, {"opened", noon}, {"entered", noon}, {"start", noon}, {"event.until", day}};
}

void look_at(const DeadlineExpression& expression, const Deadline& deadline, FreeDayRule rule) {
    const std::string shown = to_string(expression);
    demand(oslo().start_of_day(deadline.date) < deadline.ends_at, "it ends on its day", shown);
    demand(deadline.ends_at <= oslo().start_of_day(deadline.date + cal::days{1}),
           "it ends with its day at the latest", shown);
    demand(!deadline.because.nb.empty(), "it says why", shown);
    demand(deadline.because.nb.size() == deadline.because.nn.size(), "in both forms", shown);
    demand(rule == FreeDayRule::Keep || is_working_day(deadline.date), "it ends on no free day",
           shown);
}

}  // namespace

void try_deadline(std::string_view text) {
    const auto parsed = parse_deadline(text);
    if (!parsed.ok()) {
        demand(parsed.error().message.starts_with("column "), "an error says where", text);
        return;
    }
    const std::string written = to_string(parsed.value());
    const auto again = parse_deadline(written);
    demand(again.ok() && again.value() == parsed.value(), "what is written is read back", written);
    for (const FreeDayRule rule :
         {FreeDayRule::NextWorkingDay, FreeDayRule::Keep, FreeDayRule::PreviousWorkingDay}) {
        const auto deadline = evaluate(parsed.value(), anchors(), rule, oslo());
        const auto same = evaluate(again.value(), anchors(), rule, oslo());
        demand(deadline.ok() == same.ok(), "the same text, the same deadline", written);
        if (deadline.ok()) {
            demand(deadline.value() == same.value(), "the same text, the same deadline", written);
            look_at(parsed.value(), deadline.value(), rule);
        } else {
            demand(!deadline.error().message.empty(), "an error says what", written);
        }
    }
    (void)evaluate_day(parsed.value(), anchors(), oslo());
}

}  // namespace fristvakt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fristvakt::fuzz::try_deadline(fristvakt::fuzz::text_of(data, size));
    return 0;
}
