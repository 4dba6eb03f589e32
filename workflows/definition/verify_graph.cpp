#include <fmt/format.h>

#include "workflows/definition/reachable.hpp"
#include "workflows/definition/this_machine.hpp"
#include "workflows/definition/verification.hpp"

/// Whether the calendar in Microsoft 365 can be reached, and reach us.
namespace fristvakt::workflows {
namespace {

/// With each call goes what lets whoever has it into the mailbox.
void check_protected(Verification& verification, std::string_view key, const std::string& url) {
    if (url.starts_with("http://") && !is_this_machine(host_of(url))) {
        const auto& places = verification.definitions.installation.places;
        verification.error(place(places, key, place(places, "graph", {})),
                           "the application's secret would go there unprotected",
                           "write an https address, or leave it out: Microsoft's is the default");
    }
}

}  // namespace

void verify_graph(Verification& verification) {
    const Installation& installation = verification.definitions.installation;
    if (verification.unreadable.installation || !installation.graph) {
        return;
    }
    const GraphCalendar& graph = *installation.graph;
    check_protected(verification, "graph.login_url", graph.login_url);
    check_protected(verification, "graph.graph_url", graph.graph_url);
    if (graph.notifications && !may_be_reached_from_outside(installation.public_url)) {
        verification.warn(
            place(installation.places, "graph.notifications", {}),
            fmt::format("Microsoft cannot call {}/hooks/graph: {}", installation.public_url,
                        why_out_of_reach(installation.public_url)),
            "write a `public_url` with https that the internet reaches, or `notifications: false`: "
            "answers are then read now and then");
    }
}

}  // namespace fristvakt::workflows
