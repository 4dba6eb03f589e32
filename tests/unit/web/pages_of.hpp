#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/http/router.hpp"
#include "daemon/web/pages.hpp"
#include "tests/browser/town.hpp"

namespace fristvakt::tests {

/// The pages over a router, without a server.
class PagesOf {
 public:
    explicit PagesOf(daemon::EngineAccess& engine, daemon::AskWatches watches = {})
        : engines_(engine), pages_(engines_, "1.2.3", nullptr, std::move(watches)) {
        pages_.add_routes(router_);
        router_.set_refusal([this](const daemon::HttpRequest& request, int status) {
            return pages_.error_page(request, status);
        });
    }
    [[nodiscard]] daemon::HttpResponse get(
        std::string path, std::vector<std::pair<std::string, std::string>> query = {},
        std::vector<std::pair<std::string, std::string>> headers = {},
        daemon::Visitor visitor = daemon::local_visitor()) const {
        daemon::HttpRequest request;
        request.method = "GET";
        request.raw_path = std::move(path);
        request.query = std::move(query);
        request.headers = std::move(headers);
        request.visitor = std::move(visitor);
        return router_.handle(request);
    }

 private:
    daemon::VisitorEngines engines_;
    daemon::Pages pages_;
    daemon::Router router_;
};

[[nodiscard]] inline std::string header(const daemon::HttpResponse& response,
                                        std::string_view name) {
    for (const auto& [known, value] : response.headers) {
        if (known == name) {
            return value;
        }
    }
    return "";
}

[[nodiscard]] inline bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace fristvakt::tests
