#pragma once

#include "tests/unit/engine/exchange.hpp"
#include "workflows/definition/graph_calendar.hpp"

namespace fristvakt::tests {

/// A meeting that lives in the calendar at the stand-in.
[[nodiscard]] inline Plan desk_plan(const workflows::GraphCalendar& graph) {
    return {.sending = "sending: live\ngraph: {tenant: " + graph.tenant +
                       ", client_id: " + graph.client_id + ", secret: {file: " + graph.secret.name +
                       "}, mailbox: " + graph.mailbox + ", login_url: \"" + graph.login_url +
                       "\", graph_url: \"" + graph.graph_url + "\", ca_file: " + graph.ca_file +
                       "}"};
}

}  // namespace fristvakt::tests
