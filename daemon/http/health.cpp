#include "daemon/http/health.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "daemon/http/json_of.hpp"
#include "workflows/decision/canary.hpp"

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
    router.add({"GET", "/watch", "watch", Needs::nothing(),
                [this](const HttpRequest&) { return watch(); }});
    router.add({"GET", "/metrics", "metrics", Needs::nothing(),
                [this](const HttpRequest&) { return metrics(); }});
}

std::vector<std::string> Health::engine_troubles(const EngineHealth& health) const {
    std::vector<std::string> why;
    if (health.stopping) {
        why.emplace_back("the program is stopping");
    }
    if (!health.store_ok) {
        why.emplace_back("the store does not answer");
    }
    if (health.steps == 0) {
        why.emplace_back("the engine has not finished its first step");
    }
    if (health.step_age_seconds > options_.step_age_max_seconds) {
        why.push_back("the engine has not finished a step for " +
                      std::to_string(static_cast<std::int64_t>(health.step_age_seconds)) +
                      " seconds");
    }
    return why;
}

HttpResponse Health::ready() const {
    const EngineHealth health = engine_.health();
    const Json why = engine_troubles(health);
    const bool is_ready = why.empty();
    Json body{{"ready", is_ready}, {"why_not", why}};
    if (!is_ready && !health.last_error.empty()) {
        body["last_error"] = health.last_error;
    }
    return text_response(is_ready ? 200 : 503, "application/json", to_bytes(body));
}

void Health::add_channel_troubles(const workflows::Ledger& ledger, Instant now,
                                  std::vector<std::string>& why) const {
    const auto definitions = engine_.definitions();
    if (definitions == nullptr) {
        return;
    }
    for (const workflows::TeamsChannel& channel : definitions->installation.teams) {
        const auto record = ledger.channels.find(channel.id);
        if (record != ledger.channels.end() && record->second.failed_at) {
            why.push_back("the Teams channel " + channel.id + " got no card at " +
                          workflows::iso_utc(*record->second.failed_at) + " (" +
                          record->second.reply +
                          "); mend that, then try the card again in the outbox");
        }
        if (channel.canary && record != ledger.channels.end() &&
            workflows::is_silent(record->second.canary, definitions->time_zone(), now)) {
            why.push_back("nobody has confirmed a card in the Teams channel " + channel.id +
                          " since " + workflows::iso_utc(*record->second.canary.silent_since) +
                          "; look whether cards arrive there, and press the link on the latest");
        }
    }
}

void Health::add_watch_troubles(Instant now, std::vector<std::string>& why) const {
    const Watches watches = options_.watches ? options_.watches() : Watches{};
    const auto look = [&](const std::optional<WatchHealth>& watch, const std::string& what) {
        if (watch && watch->failing_since && now - *watch->failing_since > options_.failing_max) {
            why.push_back(what + " since " + workflows::iso_utc(*watch->failing_since) + ": " +
                          watch->error);
        }
    };
    look(watches.mailbox, "the mailbox has not been read");
    look(watches.calendar, "the calendar in Microsoft 365 is not as it should be");
}

std::vector<std::string> Health::work_troubles(const EngineHealth& health) const {
    const auto snapshot = engine_.snapshot();
    if (snapshot == nullptr) {
        return {};
    }
    const auto outbox = snapshot->outbox();
    const auto ledger = snapshot->ledger();
    if (!outbox.ok() || !ledger.ok()) {
        return {"the store cannot be read"};
    }
    std::vector<std::string> why;
    const auto queued = outbox.value().oldest_queued_at;
    if (queued && health.now - *queued > options_.queued_max) {
        why.push_back("a message has waited to go out since " + workflows::iso_utc(*queued) +
                      "; see the outbox: is the mail server, or Teams, reachable?");
    }
    const auto held = outbox.value().oldest_held_at;
    if (held && health.now - *held > options_.held_max) {
        why.push_back("a message has been held since " + workflows::iso_utc(*held) +
                      "; see the outbox, then release it");
    }
    add_channel_troubles(ledger.value(), health.now, why);
    add_watch_troubles(health.now, why);
    if (!ledger.value().books.balance()) {
        why.emplace_back("the books do not balance");
    }
    if (health.statement && !health.statement->ok()) {
        why.push_back("the books are off: kept are " +
                      std::to_string(health.statement->kept.planned) + " reminders, recounted " +
                      std::to_string(health.statement->counted.planned) +
                      ", or they stand in other accounts; stop, keep a copy of the state folder, "
                      "and run fristvakt db verify");
    }
    if (health.statement && health.now - health.statement->at > options_.statement_max) {
        why.push_back("the books were last recounted at " +
                      workflows::iso_utc(health.statement->at));
    }
    return why;
}

HttpResponse Health::watch() const {
    const EngineHealth health = engine_.health();
    std::vector<std::string> why = engine_troubles(health);
    for (std::string& trouble : work_troubles(health)) {
        why.push_back(std::move(trouble));
    }
    if (why.empty()) {
        return text_response(200, "application/json", "{\"ok\":true}\n");
    }
    std::string detail;
    for (const std::string& one : why) {
        detail += (detail.empty() ? "" : "; ") + one;
    }
    return problem(503, detail, "/watch");
}

HttpResponse Health::metrics() const {
    MetricsText text;
    add_engine(text, engine_.health());
    add_configuration(text);
    add_store(text);
    add_watches(text);
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
    if (health.statement) {
        text.add(gauge("fristvakt_books_recounted_timestamp_seconds",
                       "When all reminders were last counted anew, on the installation's clock.",
                       unix_seconds(health.statement->at)));
        text.add(gauge("fristvakt_books_recounted_ok", "1 while that count is what the books say.",
                       health.statement->ok() ? 1 : 0));
        text.add({.name = "fristvakt_reminders_planned_total",
                  .type = MetricType::Counter,
                  .help = "Reminders ever planned, as of that count.",
                  .samples = {{{}, static_cast<double>(health.statement->counted.planned)}}});
    }
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

void Health::add_channels(MetricsText& text, const workflows::Ledger& ledger, Instant now) const {
    const auto definitions = engine_.definitions();
    if (definitions == nullptr || definitions->installation.teams.empty()) {
        return;
    }
    Metric ok{.name = "fristvakt_teams_channel_ok",
              .type = MetricType::Gauge,
              .help = "0 while the last card to a channel in Teams was not accepted.",
              .samples = {}};
    for (const workflows::TeamsChannel& channel : definitions->installation.teams) {
        const auto record = ledger.channels.find(channel.id);
        const bool failed = record != ledger.channels.end() && record->second.failed_at;
        ok.samples.push_back({{{"channel", channel.id}}, failed ? 0.0 : 1.0});
    }
    text.add(ok);
    Metric silent{.name = "fristvakt_teams_channel_silent",
                  .type = MetricType::Gauge,
                  .help = "1 while nobody has confirmed the weekly card in a channel in time.",
                  .samples = {}};
    Metric seen{.name = "fristvakt_teams_channel_confirmed_timestamp_seconds",
                .type = MetricType::Gauge,
                .help = "When somebody last confirmed the weekly card in a channel; 0: nobody yet.",
                .samples = {}};
    for (const workflows::TeamsChannel& channel : definitions->installation.teams) {
        if (!channel.canary) {
            continue;
        }
        const auto found = ledger.channels.find(channel.id);
        const auto canary =
            found == ledger.channels.end() ? workflows::CanaryRecord{} : found->second.canary;
        silent.samples.push_back(
            {{{"channel", channel.id}},
             workflows::is_silent(canary, definitions->time_zone(), now) ? 1.0 : 0.0});
        seen.samples.push_back({{{"channel", channel.id}},
                                canary.confirmed_at ? unix_seconds(*canary.confirmed_at) : 0.0});
    }
    if (!seen.samples.empty()) {
        text.add(silent);
        text.add(seen);
    }
}

void Health::add_watches(MetricsText& text) const {
    const Watches watches = options_.watches ? options_.watches() : Watches{};
    const auto counter = [&](std::string name, std::string help, std::int64_t count) {
        text.add({.name = std::move(name),
                  .type = MetricType::Counter,
                  .help = std::move(help),
                  .samples = {{{}, static_cast<double>(count)}}});
    };
    const auto since = [](const std::optional<Instant>& at) { return at ? unix_seconds(*at) : 0; };
    if (const auto& mailbox = watches.mailbox) {
        text.add(gauge("fristvakt_mailbox_ok", "0 while the last look into the mailbox failed.",
                       mailbox->failing_since ? 0 : 1));
        text.add(gauge("fristvakt_mailbox_last_read_timestamp_seconds",
                       "The last look into the mailbox that brought what there was; 0: none yet.",
                       since(mailbox->good_at)));
        counter("fristvakt_mailbox_answers_total", "Answers to invitations taken from the mailbox.",
                mailbox->answers);
        counter("fristvakt_mailbox_put_aside_total",
                "Answers in the mailbox that do not count, since the start.", mailbox->behind);
    }
    if (const auto& calendar = watches.calendar) {
        text.add(gauge("fristvakt_calendar_ok",
                       "0 while the last look at the calendar in Microsoft 365 left something.",
                       calendar->failing_since ? 0 : 1));
        text.add(gauge("fristvakt_calendar_last_look_timestamp_seconds",
                       "The last look at the calendar that left nothing undone; 0: none yet.",
                       since(calendar->good_at)));
        text.add(gauge("fristvakt_calendar_meetings_behind",
                       "Meetings that do not stand in the calendar as they should.",
                       static_cast<double>(calendar->behind)));
        counter("fristvakt_calendar_answers_total",
                "Answers to invitations taken from the calendar.", calendar->answers);
    }
}

void Health::add_outbox(MetricsText& text, workflows::Snapshot& snapshot) const {
    const auto outbox = snapshot.outbox();
    if (!outbox.ok()) {
        return;
    }
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
    const auto& queued_at = outbox.value().oldest_queued_at;
    text.add(gauge("fristvakt_outbox_oldest_queued_timestamp_seconds",
                   "The earliest slot of a message that is to go out and has not; 0: none.",
                   queued_at ? unix_seconds(*queued_at) : 0));
    const auto& held_at = outbox.value().oldest_held_at;
    text.add(gauge("fristvakt_outbox_oldest_held_timestamp_seconds",
                   "The earliest slot of a message that is held; 0: none is.",
                   held_at ? unix_seconds(*held_at) : 0));
    const std::int64_t failed = count(MessageState::Failed);
    std::int64_t most = failed_most_.load();
    while (most < failed && !failed_most_.compare_exchange_weak(most, failed)) {
    }
    text.add({.name = "fristvakt_messages_failed_total",
              .type = MetricType::Counter,
              .help = "Messages refused for good.",
              .samples = {{{{"channel", "email"}}, static_cast<double>(std::max(most, failed))}}});
}

void Health::add_store(MetricsText& text) const {
    const auto snapshot = engine_.snapshot();
    if (snapshot == nullptr) {
        return;
    }
    add_outbox(text, *snapshot);
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
        add_channels(text, ledger.value(), engine_.health().now);
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
