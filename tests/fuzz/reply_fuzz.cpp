// Answers to invitations; and the same bytes as the texts of an invitation of ours.

#include <algorithm>
#include <string>

#include "integrations/calendar/calendar_file.hpp"
#include "integrations/calendar/content_line.hpp"
#include "integrations/calendar/reply.hpp"
#include "tests/fuzz/demand.hpp"

namespace fristvakt::fuzz {
namespace {

using namespace integrations::calendar;

std::string invitation(const std::string& text) {
    static const auto kUtc = workflows::TimeZone::locate("UTC").value();
    return to_icalendar({.name = text,
                         .method = Method::Request,
                         .entries = {{.uid = text,
                                      .summary = text,
                                      .description = text,
                                      .place = text,
                                      .url = text,
                                      .organizer = {text + "x", text},
                                      .attendees = {{.address = text, .name = text}}}}},
                        kUtc);
}

}  // namespace

void try_reply(std::string_view text) {
    const auto reply = read_reply(text);
    if (reply.ok()) {
        demand(!reply.value().uid.empty() && !reply.value().attendee.empty(),
               "an answer says to what, and whose it is");
        demand(reply.value().sequence >= 0, "an answer is to an invitation that there was");
    } else {
        demand(reply.error().message.size() < 100, "what is wrong is told, not shown");
    }
    const std::string written = invitation(std::string{text});
    const auto lines = read_lines(written);
    demand(lines.ok(), "an invitation is read back", written);
    for (const auto& [name, count] : {std::pair{"BEGIN", 2}, {"END", 2}, {"ATTENDEE", 1}}) {
        demand(std::ranges::count(lines.value(), name, &ContentLine::name) == count,
               "no text becomes a property", written);
    }
}

}  // namespace fristvakt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fristvakt::fuzz::try_reply(fristvakt::fuzz::text_of(data, size));
    return 0;
}
