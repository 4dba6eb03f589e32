#include "daemon/http/health.hpp"

#include <chrono>

#include <nlohmann/json.hpp>

#include "daemon/http/json_of.hpp"

namespace fristvakt::daemon {

using workflows::Instant;
using workflows::MessageState;
using workflows::SendingMode;

namespace {

double unix_seconds(Instant at) {
    return static_cast<double>(at.time_since_epoch().count());
}

Metric gauge(std::string name, std::string help, double value) {
    return {.name = std::move(name),
            .type = MetricType::Gauge,
            .help = std::move(help),
            .samples = {{{}, value}}};
}

HttpResponse text_response(int status, std::string type, std::string body) {
    return {.status = status,
            .headers = {{"Content-Type", std::move(type)},
                        {"Cache-Control", "no-store"},
                        {"X-Content-Type-Options", "nosniff"}},
            .body = std::move(body)};
}

}  // namespace

void Health::add_routes(Router& router) {
    router.add({"GET", "/healthz", "healthz", Needs::nothing(), [](const HttpRequest&) {
                    return text_response(200, "text/plain; charset=utf-8", "ok\n");
                }});
    router.add({"GET", "/readyz", "readyz", Needs::nothing(),
                [this](const HttpRequest&) { return ready(); }});
    router.add({"GET", "/metrics", "metrics", Needs::nothing(),
                [this](const HttpRequest&) { return metrics(); }});
}

HttpResponse Health::ready() const {
    const EngineHealth health = engine_.health();
    Json why = Json::array();
    if (health.stopping) {
        why.push_back("the program is stopping");
    }
    if (!health.store_ok) {
        why.push_back("the store does not answer");
    }
    if (health.steps == 0) {
        why.push_back("the engine has not finished its first step");
    }
    if (health.step_age_seconds > options_.step_age_max_seconds) {
        why.push_back("the engine has not finished a step for " +
                      std::to_string(static_cast<std::int64_t>(health.step_age_seconds)) +
                      " seconds");
    }
    const bool is_ready = why.empty();
    Json body{{"ready", is_ready}, {"why_not", std::move(why)}};
    if (!is_ready && !health.last_error.empty()) {
        body["last_error"] = health.last_error;
    }
    return text_response(is_ready ? 200 : 503, "application/json", to_bytes(body));
}

HttpResponse Health::metrics() const {
    MetricsText text;
    add_engine(text, engine_.health());
    add_configuration(text);
    add_store(text);
    requests_.write(text);
    if (options_.more) {
        for (const Metric& metric : options_.more()) {
            text.add(metric);
        }
    }
    return text_response(200, "text/plain; version=0.0.4; charset=utf-8", text.str());
}

void Health::add_engine(MetricsText& text, const EngineHealth& health) const {
    text.add({.name = "fristvakt_build_info",
              .type = MetricType::Gauge,
              .help = "1, with the version that runs.",
              .samples = {{{{"version", options_.version}}, 1}}});
    if (options_.time.unix_seconds) {
        text.add(gauge("fristvakt_scheduler_last_tick_timestamp_seconds",
                       "When the engine last finished a step, on the machine's clock.",
                       options_.time.unix_seconds() - health.step_age_seconds));
    }
    text.add({.name = "fristvakt_engine_steps_total",
              .type = MetricType::Counter,
              .help = "Steps that the engine has finished.",
              .samples = {{{}, static_cast<double>(health.steps)}}});
    text.add(gauge("fristvakt_clock_timestamp_seconds",
                   "What the installation's clock shows; a demo's is not the machine's.",
                   unix_seconds(health.now)));
    text.add(gauge("fristvakt_next_wake_timestamp_seconds",
                   "When something is next due, on the installation's clock; 0: nothing is.",
                   health.wake_at ? unix_seconds(*health.wake_at) : 0));
    text.add(gauge("fristvakt_store_ok", "1 while the store answers.", health.store_ok ? 1 : 0));
    text.add(gauge("fristvakt_config_last_reload_successful",
                   "0 when the last reading of the configuration was refused.",
                   health.reload_ok ? 1 : 0));
}

void Health::add_configuration(MetricsText& text) const {
    const auto definitions = engine_.definitions();
    if (definitions == nullptr) {
        return;
    }
    Metric modes{.name = "fristvakt_sending_mode",
                 .type = MetricType::Gauge,
                 .help = "1 for the mode in force.",
                 .samples = {}};
    const auto mode = [&](const char* name, SendingMode known) {
        modes.samples.push_back(
            {{{"mode", name}}, definitions->installation.sending == known ? 1.0 : 0.0});
    };
    mode("spool", SendingMode::Spool);
    mode("redirect", SendingMode::Redirect);
    mode("allowlist", SendingMode::Allowlist);
    mode("live", SendingMode::Live);
    text.add(modes);
}

void Health::add_store(MetricsText& text) const {
    const auto snapshot = engine_.snapshot();
    if (snapshot == nullptr) {
        return;
    }
    if (const auto outbox = snapshot->outbox(); outbox.ok()) {
        const auto count = [&](MessageState state) {
            const auto found = outbox.value().messages.find(state);
            return found == outbox.value().messages.end() ? std::int64_t{0} : found->second;
        };
        const std::int64_t queued = count(MessageState::Waiting) + count(MessageState::Sending) +
                                    count(MessageState::Uncertain);
        const auto held = static_cast<double>(count(MessageState::Held));
        text.add(
            {.name = "fristvakt_outbox_messages",
             .type = MetricType::Gauge,
             .help = "Messages that are to go out.",
             .samples = {{{{"channel", "email"}, {"state", "queued"}}, static_cast<double>(queued)},
                         {{{"channel", "email"}, {"state", "held"}}, held}}});
        const auto& oldest = outbox.value().oldest_due_at;
        text.add(gauge("fristvakt_outbox_oldest_queued_timestamp_seconds",
                       "The earliest time for which a message waits; 0: none does.",
                       oldest ? unix_seconds(*oldest) : 0));
        const std::int64_t failed = count(MessageState::Failed);
        std::int64_t most = failed_most_.load();
        while (most < failed && !failed_most_.compare_exchange_weak(most, failed)) {
        }
        text.add(
            {.name = "fristvakt_messages_failed_total",
             .type = MetricType::Counter,
             .help = "Messages refused for good.",
             .samples = {{{{"channel", "email"}}, static_cast<double>(std::max(most, failed))}}});
    }
    if (const auto counts = snapshot->counts(); counts.ok()) {
        Metric cases{.name = "fristvakt_cases",
                     .type = MetricType::Gauge,
                     .help = "Cases by requirement and state.",
                     .samples = {}};
        for (const workflows::Snapshot::Count& one : counts.value()) {
            cases.samples.push_back(
                {{{"cohort", one.cohort}, {"requirement", one.requirement}, {"state", one.state}},
                 static_cast<double>(one.cases)});
        }
        text.add(cases);
    }
    if (const auto ledger = snapshot->ledger(); ledger.ok()) {
        const workflows::Books& books = ledger.value().books;
        Metric reminders{.name = "fristvakt_reminders",
                         .type = MetricType::Gauge,
                         .help = "Reminders by the account that they stand in.",
                         .samples = {}};
        const auto account = [&](const char* name, std::int64_t count) {
            reminders.samples.push_back({{{"account", name}}, static_cast<double>(count)});
        };
        account("sent", books.sent);
        account("held", books.held);
        account("suppressed", books.suppressed);
        account("superseded", books.superseded);
        account("failed", books.failed);
        account("waiting", books.waiting);
        text.add(reminders);
        text.add(gauge("fristvakt_books_balance", "1 while planned is the sum of the accounts.",
                       books.balance() ? 1 : 0));
        text.add(gauge("fristvakt_sending_on_hold", "1 while all sending is on hold.",
                       ledger.value().sending_on_hold ? 1 : 0));
    }
}

}  // namespace fristvakt::daemon
