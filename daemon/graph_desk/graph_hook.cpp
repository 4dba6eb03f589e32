#include "daemon/graph_desk/graph_hook.hpp"

#include <utility>

#include "daemon/http/same_origin.hpp"

namespace fristvakt::daemon {

using integrations::Secret;
using integrations::graph::handshake_answer;
using integrations::graph::Notified;

namespace {

constexpr int kDone = 202;

bool is_news(const Notified& told) {
    return told.has_changes || told.must_read_all || !told.to_renew.empty() ||
           !told.to_replace.empty();
}

void add(Notified& all, const Notified& told) {
    all.has_changes = all.has_changes || told.has_changes;
    all.must_read_all = all.must_read_all || told.must_read_all;
    // Ours is one or two: what repeats them adds nothing.
    constexpr std::size_t kIdsMax = 8;
    for (const auto& [from, to] :
         {std::pair{&told.to_renew, &all.to_renew}, std::pair{&told.to_replace, &all.to_replace}}) {
        for (const std::string& id : *from) {
            if (to->size() < kIdsMax) {
                to->push_back(id);
            }
        }
    }
}

}  // namespace

void GraphHook::add_routes(Router& router) {
    router.add({"POST", std::string{kGraphHookPath}, "graph_hook", Needs::nothing(),
                [this](const HttpRequest& request) { return answer(request); }});
}

void GraphHook::open(const std::string& client_state) {
    inbox_.with([&](Inbox& inbox) {
        inbox.client_states.clear();
        inbox.client_states.emplace_back(client_state);
    });
}

void GraphHook::close() {
    inbox_.with([](Inbox& inbox) { inbox = {}; });
}

Notified GraphHook::take() {
    return inbox_.with([](Inbox& inbox) { return std::exchange(inbox.news, {}); });
}

void GraphHook::on_news(std::function<void()> wake) {
    wake_.with([&](auto& current) { current = std::move(wake); });
}

HttpResponse GraphHook::answer(const HttpRequest& request) {
    const bool is_open =
        inbox_.with([](const Inbox& inbox) { return !inbox.client_states.empty(); });
    if (!is_open) {
        return problem(404, "no calendar of this installation is told of changes");
    }
    if (const auto token = request.argument("validationToken")) {
        const auto echo = handshake_answer(*token);
        if (!echo.ok()) {
            return problem(400, echo.error().message);
        }
        return {.status = 200,
                .headers = {{"Content-Type", "text/plain"},
                            {"X-Content-Type-Options", "nosniff"},
                            {"Cache-Control", "no-store"}},
                .body = echo.value()};
    }
    const auto told = inbox_.with([&](Inbox& inbox) {
        auto read = integrations::graph::read_notifications(request.body, inbox.client_states);
        if (read.ok()) {
            add(inbox.news, read.value());
        }
        return read;
    });
    if (!told.ok()) {
        return problem(400, told.error().message);
    }
    if (is_news(told.value())) {
        wake_.with([](const auto& wake) {
            if (wake) {
                wake();
            }
        });
    }
    return {.status = kDone};
}

}  // namespace fristvakt::daemon
