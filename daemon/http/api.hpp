#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/access/visible.hpp"
#include "daemon/http/router.hpp"
#include "integrations/texts/notice_renderer.hpp"

namespace fristvakt::daemon {

/// `/api/v1`, as openapi.yaml describes it. Reads take a snapshot and ask the engine nothing;
/// writes wait for the engine to make them durable. Any thread.
class Api {
 public:
    /// `engines` must outlive the API.
    explicit Api(const VisitorEngines& engines) : engines_(engines) {}

    void add_routes(Router& router);

 private:
    [[nodiscard]] HttpResponse cases(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse find_case(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse raise(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse outbox(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse message(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse hold(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse release(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse release_one(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse retry(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse reconcile(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse sent_before(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse stop(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse postpone(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse batch(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse find_batch(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse books(const HttpRequest& request) const;

    [[nodiscard]] HttpResponse refusal(const workflows::Error& error,
                                       const HttpRequest& request) const;
    [[nodiscard]] HttpResponse event_refusal(const workflows::Error& error,
                                             const workflows::Event& event,
                                             const HttpRequest& request) const;
    /// Somebody was first: what they did stands in the problem.
    [[nodiscard]] HttpResponse moved_on(const workflows::Error& error,
                                        const workflows::Event& event,
                                        const HttpRequest& request) const;
    [[nodiscard]] HttpResponse foresee(const std::vector<RaiseEvent>& commands,
                                       const HttpRequest& request) const;
    [[nodiscard]] HttpResponse outbox_state(const HttpRequest& request) const;

    const VisitorEngines& engines_;
    integrations::NoticeRenderer renderer_;
};

/// The OpenAPI 3.1 document that the program carries.
[[nodiscard]] std::string_view openapi_document();

}  // namespace fristvakt::daemon
