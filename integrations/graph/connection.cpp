#include "integrations/graph/connection.hpp"

#include "integrations/http_client/form.hpp"
#include "workflows/definition/base_url.hpp"

namespace fristvakt::integrations::graph {

using workflows::Instant;

namespace {

/// One of the four turns, given back at the end.
template <typename Semaphore>
class Turn {
 public:
    explicit Turn(Semaphore& turns) : turns_(turns) { turns_.acquire(); }
    ~Turn() { turns_.release(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

 private:
    Semaphore& turns_;
};

/// "https://HOST:PORT" of a URL.
std::string_view origin_of(std::string_view url) {
    const auto host = url.find("//");
    return host == std::string_view::npos ? std::string_view{}
                                          : url.substr(0, url.find('/', host + 2));
}

}  // namespace

Connection::Connection(workflows::GraphCalendar settings, std::stop_token stop)
    : settings_(std::move(settings)), stop_(std::move(stop)), tokens_(settings_, stop_) {
    settings_.graph_url = workflows::base_url(std::move(settings_.graph_url));
}

std::string Connection::mailbox_path() const {
    return "/users/" + percent_encoded(settings_.mailbox);
}

Attempt<HttpAnswer> Connection::call_once(const GraphCall& call, const AccessToken& token) {
    HttpCall http{.method = call.method,
                  .url = call.path.starts_with('/') ? settings_.graph_url + call.path : call.path,
                  .headers = {{"Authorization", "Bearer " + std::string{token.value.reveal()}},
                              {"Accept", "application/json"},
                              {"Prefer", "outlook.timezone=\"UTC\""}},
                  .body = call.body,
                  .connect_timeout = std::chrono::seconds{15},
                  .is_url_secret = true,
                  .ca_file = settings_.ca_file,
                  .stop = stop_};
    if (!call.body.empty()) {
        http.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    }
    const Turn turn{turns_};
    const auto answer = call_http(http);
    const bool is_reading = call.method == "GET";
    if (!answer.ok()) {
        Failure failure = unreachable(answer.error());
        failure.uncertain = failure.uncertain && !is_reading;
        return failure;
    }
    if (answer.value().status < 200 || answer.value().status >= 300) {
        Failure failure = failure_of(answer.value(), call.about);
        failure.uncertain = failure.uncertain && !is_reading;
        return failure;
    }
    return answer.value();
}

Attempt<HttpAnswer> Connection::call(const GraphCall& call, Instant now) {
    if (!call.path.starts_with('/') && origin_of(call.path) != origin_of(settings_.graph_url)) {
        return Failure{.reason = Failure::Reason::Refused,
                       .error = {workflows::ErrorKind::InvalidInput,
                                 "a link of Microsoft Graph leads to another server, and is not "
                                 "followed; the calendar must be read anew"}};
    }
    auto token = tokens_.get(now);
    if (!token.ok()) {
        return token.failure();
    }
    auto answer = call_once(call, token.value());
    if (answer.ok() || answer.failure().reason != Failure::Reason::TokenRefused) {
        return answer;
    }
    auto renewed = tokens_.get(now, token.value().number);
    if (!renewed.ok()) {
        return renewed.failure();
    }
    return call_once(call, renewed.value());
}

}  // namespace fristvakt::integrations::graph
