#pragma once

#include <regex>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/http/router.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/pages.hpp"
#include "tests/unit/web/pages_of.hpp"

namespace fristvakt::tests {

using Form = std::vector<std::pair<std::string, std::string>>;

/// Pages and their forms, asked over a router as a browser asks, in the name of `visitor_`.
class AskedPages : public ::testing::Test {
 protected:
    /// The routes of `part` and of `pages`, which also answers what is refused.
    template <typename Part>
    void serve(Part& part, daemon::Pages& pages) {
        part.add_routes(router_);
        pages.add_routes(router_);
        router_.set_refusal([&pages](const daemon::HttpRequest& request, int status) {
            return pages.error_page(request, status);
        });
    }
    /// All hidden fields and what they hold, as a browser sends them from the last form of a page.
    static Form last_form(const std::string& body) {
        Form form;
        const std::string last = body.substr(body.rfind("<form class=\"fv-action\""));
        const std::regex hidden{"type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\""};
        for (std::sregex_iterator one{last.begin(), last.end(), hidden}, end; one != end; ++one) {
            form.emplace_back((*one)[1], (*one)[2]);
        }
        return form;
    }
    daemon::HttpResponse get(const std::string& target, const std::string& lang = "nb") {
        daemon::HttpRequest request;
        request.method = "GET";
        request.raw_path = target.substr(0, target.find('?'));
        if (target.find('?') != std::string::npos) {
            request.query = *daemon::parse_query(target.substr(target.find('?') + 1));
        }
        if (!lang.empty()) {
            request.query.emplace_back("lang", lang);
        }
        request.visitor = visitor_;
        return router_.handle(request);
    }
    daemon::HttpResponse post(const std::string& path, Form form, const std::string& lang = "nb") {
        daemon::HttpRequest request;
        request.method = "POST";
        request.raw_path = path;
        request.query.emplace_back("lang", lang);
        request.form = std::move(form);
        request.visitor = visitor_;
        return router_.handle(request);
    }

    daemon::Router router_;
    daemon::Visitor visitor_{daemon::local_visitor()};
};

}  // namespace fristvakt::tests
