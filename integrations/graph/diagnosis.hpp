#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workflows/definition/graph_calendar.hpp"
#include "workflows/time/instant.hpp"

namespace fristvakt::integrations::graph {

/// One thing that was looked at.
struct Finding {
    enum class Kind { Good, Warning, Problem };
    enum class About { SignIn, Mailbox, Writing, OnlineMeetings, Address };
    Kind kind{Kind::Good};
    About about{About::SignIn};
    bool is_unreachable{false};  ///< Nobody answered, or not now; try again.
    std::string text;  ///< What is so, and what to do; no secret, token or address of anybody.
};

/// Looks whether meetings can live in the mailbox's calendar: signs in, reads the calendar, asks
/// for a change of an event that does not exist (which shows whether changes are allowed, and
/// changes nothing), and looks whether online meetings by Teams are. Ends with the first problem
/// that hides the others. `public_url` is where Microsoft would call. Blocks while Graph answers.
[[nodiscard]] std::vector<Finding> diagnose(const workflows::GraphCalendar& settings,
                                            std::string_view public_url, workflows::Instant now);

}  // namespace fristvakt::integrations::graph
