#include "daemon/web/card_pages.hpp"

#include "daemon/http/url.hpp"
#include "daemon/web/form.hpp"
#include "daemon/web/view.hpp"
#include "workflows/decision/canary.hpp"

namespace fristvakt::daemon {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;
using workflows::Text;

struct CardPages::Question {
    std::string token;
    std::string channel;
    std::int64_t card{0};
    workflows::CanaryRecord record;
    workflows::Language language;
};

namespace {

const Text kLost{"Lenken virker ikke", "Lenkja verkar ikkje"};
const Text kLostLead{"Åpne den fra kortet i Teams.", "Opne ho frå kortet i Teams."};
const Text kTitle{"Ser dere kortet i Teams?", "Ser de kortet i Teams?"};
const Text kThanks{"Takk. Da vet vi at kortene kommer fram i kanalen.",
                   "Takk. Då veit vi at korta kjem fram i kanalen."};
const Text kOld{"Det er kommet et nyere kort. Bekreft det hvis dere ser det i kanalen.",
                "Det er kome eit nyare kort. Stadfest det om de ser det i kanalen."};

}  // namespace

void CardPages::add_routes(Router& router) {
    router.add({"GET", "/t/{token}/{channel}", "page_card", Needs::nothing(),
                [this](const HttpRequest& request) { return ask(request); }});
    router.add({"POST", "/t/{token}/{channel}", "confirm_card", Needs::nothing(),
                [this](const HttpRequest& request) { return take(request); }});
}

Result<CardPages::Question> CardPages::question_of(const HttpRequest& request) const {
    const auto ledger = engine_.snapshot()->ledger();
    if (!ledger.ok()) {
        return ledger.error();
    }
    const std::string& channel = request.parameter("channel");
    const auto card =
        workflows::card_of_canary_link(request.parameter("token"), ledger.value().salt, channel);
    const auto definitions = engine_.definitions();
    const auto* const known = definitions->find_teams_channel(channel);
    const auto record = ledger.value().channels.find(channel);
    if (!card || known == nullptr || record == ledger.value().channels.end()) {
        return Error{ErrorKind::NotFound, "no such card"};
    }
    return Question{
        .token = request.parameter("token"),
        .channel = channel,
        .card = *card,
        .record = record->second.canary,
        .language = known->language.value_or(definitions->installation.default_language)};
}

HttpResponse CardPages::lost(const HttpRequest& request, const Error& error) const {
    if (error.kind != ErrorKind::NotFound) {
        return pages_.error_page(request, 503);
    }
    HttpResponse out = pages_.draw_for_guest(request, [&](View& view) -> PageResult {
        return Content{kLost, html("<p class=\"ds-paragraph\">{}</p>\n", view.in(kLostLead))};
    });
    out.status = out.status == 200 ? 404 : out.status;
    return out;
}

HttpResponse CardPages::show(const HttpRequest& request, const Question& question,
                             int status) const {
    HttpResponse out = pages_.draw_for_guest(request, [&](View& view) -> PageResult {
        view.language = question.language;
        Content content;
        content.title = kTitle;
        if (question.card != question.record.card || question.card == question.record.confirmed) {
            const bool is_old = question.card != question.record.card;
            content.body.add("<p class=\"ds-alert\" data-color=\"{}\" role=\"status\">{}</p>\n",
                             is_old ? "warning" : "success", view.in(is_old ? kOld : kThanks));
            return content;
        }
        content.body.add(
            "<p class=\"ds-paragraph\">{}</p>\n<form method=\"post\" action=\"/t/{}/{}\">{}"
            "<p><button class=\"ds-button\" type=\"submit\">{}</button></p></form>\n",
            view.pick("Bekreft at kortet står i kanalen.", "Stadfest at kortet står i kanalen."),
            percent_encode(question.token), percent_encode(question.channel),
            form_token_field(view), view.pick("Ja, vi ser det", "Ja, vi ser det"));
        return content;
    });
    out.status = out.status == 200 ? status : out.status;
    return out;
}

HttpResponse CardPages::ask(const HttpRequest& request) const {
    const auto question = question_of(request);
    return question.ok() ? show(request, question.value(), 200) : lost(request, question.error());
}

HttpResponse CardPages::take(const HttpRequest& request) const {
    const auto question = question_of(request);
    if (!question.ok()) {
        return lost(request, question.error());
    }
    const auto confirmed = engine_.confirm_card(question.value().channel, question.value().card);
    if (!confirmed.ok() && confirmed.error().kind == ErrorKind::Unavailable) {
        return pages_.error_page(request, 503);
    }
    const auto now = question_of(request);
    return now.ok() ? show(request, now.value(), confirmed.ok() ? 200 : 409)
                    : lost(request, now.error());
}

}  // namespace fristvakt::daemon
