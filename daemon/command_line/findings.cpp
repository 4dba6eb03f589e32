#include "daemon/command_line/findings.hpp"

#include <algorithm>
#include <iostream>
#include <string_view>

#include <nlohmann/json.hpp>

#include "daemon/command_line/exit_code.hpp"
#include "daemon/runtime/clock.hpp"
#include "integrations/graph/diagnosis.hpp"

namespace fristvakt::daemon {

namespace {

namespace graph = integrations::graph;

std::string_view word_of(Finding::Kind kind) {
    switch (kind) {
        case Finding::Kind::Good:
            return "good";
        case Finding::Kind::Warning:
            return "warning";
        case Finding::Kind::Problem:
            return "problem";
    }
    return "";
}

Finding::Kind kind_of(graph::Finding::Kind kind) {
    switch (kind) {
        case graph::Finding::Kind::Good:
            return Finding::Kind::Good;
        case graph::Finding::Kind::Warning:
            return Finding::Kind::Warning;
        case graph::Finding::Kind::Problem:
            return Finding::Kind::Problem;
    }
    return Finding::Kind::Problem;
}

std::string_view word_of(graph::Finding::About about) {
    switch (about) {
        case graph::Finding::About::SignIn:
            return "sign-in";
        case graph::Finding::About::Mailbox:
            return "mailbox";
        case graph::Finding::About::Writing:
            return "writing";
        case graph::Finding::About::OnlineMeetings:
            return "online-meetings";
        case graph::Finding::About::Address:
            return "address";
    }
    return "";
}

}  // namespace

std::vector<Finding> look_at_calendar(const workflows::Installation& installation) {
    std::vector<Finding> out;
    for (const graph::Finding& one :
         graph::diagnose(*installation.graph, installation.public_url, SystemClock{}.now())) {
        out.push_back({.kind = kind_of(one.kind),
                       .about = std::string{word_of(one.about)},
                       .text = one.text,
                       .is_unreachable = one.is_unreachable});
    }
    return out;
}

void print(const std::vector<Finding>& findings, bool as_json, bool with_about) {
    auto document = nlohmann::ordered_json::array();
    for (const Finding& finding : findings) {
        document.push_back(
            {{"kind", word_of(finding.kind)}, {"about", finding.about}, {"text", finding.text}});
        if (!as_json) {
            std::cout << word_of(finding.kind) << ": "
                      << (with_about ? finding.about + ": " : std::string{}) << finding.text
                      << '\n';
        }
    }
    if (as_json) {
        std::cout << document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                  << '\n';
    }
}

int exit_code_of(const std::vector<Finding>& findings) {
    if (std::ranges::any_of(findings, [](const Finding& finding) {
            return finding.kind == Finding::Kind::Problem && !finding.is_unreachable;
        })) {
        return kExitProblems;
    }
    return std::ranges::any_of(findings, &Finding::is_unreachable) ? kExitUnreachable : kExitOk;
}

}  // namespace fristvakt::daemon
