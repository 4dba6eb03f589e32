#include "integrations/graph/diagnosis.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "integrations/graph/connection.hpp"
#include "workflows/definition/reachable.hpp"

namespace fristvakt::integrations::graph {

using nlohmann::json;
using Kind = Finding::Kind;
using What = Finding::About;

namespace {

/// What a failure of any call says about.
What about_of(Failure::Reason reason, What otherwise) {
    const bool is_sign_in =
        reason == Failure::Reason::SignInRefused || reason == Failure::Reason::TokenRefused;
    return is_sign_in ? What::SignIn : otherwise;
}

Finding good(What about, std::string text) {
    return {.kind = Kind::Good, .about = about, .text = std::move(text)};
}

Finding problem(What about, std::string text) {
    return {.kind = Kind::Problem, .about = about, .text = std::move(text)};
}

Finding problem(const Failure& failure, What otherwise) {
    return {.kind = Kind::Problem,
            .about = about_of(failure.reason, otherwise),
            .is_unreachable = failure.error.kind == workflows::ErrorKind::Unavailable,
            .text = failure.error.message};
}

Finding online_meetings(const json& calendar) {
    const auto allowed =
        calendar.is_object() ? calendar.find("allowedOnlineMeetingProviders") : calendar.end();
    const bool is_allowed = allowed != calendar.end() && allowed->is_array() &&
                            std::ranges::find(*allowed, json("teamsForBusiness")) != allowed->end();
    if (is_allowed) {
        return good(What::OnlineMeetings, "online meetings by Teams are allowed");
    }
    return problem(
        What::OnlineMeetings,
        "the mailbox may hold no online meetings by Teams; give it a licence with Teams, and "
        "allow private meetings for it in Teams' meeting policy");
}

/// Nothing is changed: there is no such event. What may not change anything is refused before that
/// is looked at.
Finding writing(Connection& connection, workflows::Instant now) {
    const auto answer = connection.call(
        {.method = "PATCH",
         .path = connection.mailbox_path() + "/events/fristvakt-looks-whether-it-may",
         .body = "{}",
         .about = About::Event},
        now);
    if (answer.ok()) {
        return problem(
            What::Writing,
            "Microsoft Graph changed an event that cannot exist; is `graph.graph_url` the "
            "right one?");
    }
    const Failure& failure = answer.failure();
    if (failure.status == 400 || failure.status == 404) {
        return good(What::Writing, "the application may change the calendar");
    }
    return problem(failure, What::Writing);
}

Finding address(std::string_view public_url) {
    const std::string_view why = workflows::why_out_of_reach(public_url);
    if (why.empty()) {
        return good(
            What::Address,
            "Microsoft may call the public address; whether it comes through is seen when the "
            "daemon subscribes");
    }
    return {.kind = Kind::Warning,
            .about = What::Address,
            .text = "Microsoft cannot call `public_url`: " + std::string{why} +
                    ", so answers are seen later; put a proxy with TLS in front that the internet "
                    "reaches, and name it there, or write `notifications: false`"};
}

}  // namespace

std::vector<Finding> diagnose(const workflows::GraphCalendar& settings, std::string_view public_url,
                              workflows::Instant now) {
    std::vector<Finding> out;
    if (settings.notifications) {
        out.push_back(address(public_url));
    }
    Connection connection{settings};
    const auto calendar = connection.call({.path = connection.mailbox_path() + "/calendar"}, now);
    if (!calendar.ok()) {
        const Failure& failure = calendar.failure();
        out.push_back(problem(failure, What::Mailbox));
        // Who is busy, or not there, may be the one who lets it in.
        if (out.back().about == What::Mailbox && !out.back().is_unreachable) {
            out.insert(out.end() - 1, good(What::SignIn, "Microsoft lets the application in"));
        }
        return out;
    }
    out.push_back(good(What::SignIn, "Microsoft lets the application in"));
    out.push_back(good(What::Mailbox, "the mailbox's calendar can be read"));
    out.push_back(writing(connection, now));
    out.push_back(online_meetings(json::parse(calendar.value().body, nullptr, false)));
    return out;
}

}  // namespace fristvakt::integrations::graph
