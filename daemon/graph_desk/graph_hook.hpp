#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/http/router.hpp"
#include "integrations/graph/notification.hpp"
#include "integrations/guarded.hpp"
#include "integrations/secrets/secret.hpp"

namespace fristvakt::daemon {

/// Where Microsoft tells of changes in the calendar: POST /hooks/graph. What it tells is written
/// down, whoever works it off is woken, and it is answered at once. Strangers are told nothing and
/// believed nothing. Any thread.
class GraphHook {
 public:
    void add_routes(Router& router);

    /// Believes whoever knows `client_state`; also one whose subscription is being made.
    void open(const std::string& client_state);
    /// Believes nobody, and forgets what was written down.
    void close();
    /// What was told since the last time.
    [[nodiscard]] integrations::graph::Notified take();
    /// Called, from any thread, when something was written down. Empty: nobody is.
    void on_news(std::function<void()> wake);

 private:
    struct Inbox {
        std::vector<integrations::Secret> client_states;
        integrations::graph::Notified news;
    };
    [[nodiscard]] HttpResponse answer(const HttpRequest& request);

    integrations::Guarded<Inbox> inbox_;
    integrations::Guarded<std::function<void()>> wake_;
};

}  // namespace fristvakt::daemon
