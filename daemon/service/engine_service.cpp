#include "daemon/service/engine_service.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/runtime/supervisor.hpp"
#include "integrations/guarded.hpp"

namespace fristvakt::daemon {

using workflows::Definitions;
using workflows::Done;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::Result;
using workflows::Status;

namespace {

/// A deadline is wall-clock time, a timer is not: after a clock change or a suspended machine we
/// look again within this long.
constexpr std::chrono::milliseconds kSleepMax{std::chrono::seconds{60}};
/// To take a configuration into use: as long as a large installation takes.
constexpr std::chrono::milliseconds kTakeUpMax{std::chrono::seconds{60}};
/// Between two tries when the store does not answer.
constexpr std::chrono::milliseconds kStoreRetryMax{std::chrono::seconds{5}};

Error stopping_error() {
    return {ErrorKind::Unavailable, "the daemon is stopping; ask again when it is back"};
}

/// Requests of other threads until the engine gets to them.
struct Requests {
    struct Raise {
        RaiseEvent command;
        std::promise<Result<EventAnswer>> answer;
    };
    struct Mark {
        Written written;
        std::promise<MarkAnswer> answer;
    };
    std::vector<Raise> raises;
    std::vector<Mark> marks;
    std::vector<workflows::DeliveryReport> reports;
    std::vector<std::pair<std::int64_t, std::string>> unwritten;
    std::vector<std::function<Status(Instant)>> tasks;
};

struct Shown {
    EngineHealth health;
    Stopwatch since_step;
};

}  // namespace

struct EngineService::Loop {
    boost::asio::io_context io{1};
    boost::asio::steady_timer timer{io};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> keep_alive{
        boost::asio::make_work_guard(io)};
    std::thread thread;
    integrations::Guarded<Requests> requests;
    integrations::Guarded<Shown> shown;
    integrations::Guarded<std::shared_ptr<const Definitions>> definitions;
};

EngineService::EngineService(workflows::Store& store, Clock& clock, EngineObserver& observer,
                             std::shared_ptr<const Definitions> definitions, Options options)
    : store_(store),
      clock_(clock),
      observer_(observer),
      options_(std::move(options)),
      loop_(std::make_unique<Loop>()) {
    loop_->definitions.with([&](auto& shown) { shown = std::move(definitions); });
}

EngineService::~EngineService() {
    stop();
}

Status EngineService::start(Dispatcher& dispatcher, std::string files) {
    engine_ = std::make_unique<Engine>(store_, dispatcher, observer_, options_.engine);
    const Instant now = clock_.now();
    clock_.stop_at(now);
    const Status started = engine_->start(definitions(), std::move(files), now);
    if (!started.ok()) {
        return started;
    }
    // Those of an earlier life. One of this very moment may have been raised or not: its key tells.
    while (next_event_ < options_.events.size() && options_.events[next_event_].at < now) {
        ++next_event_;
    }
    bookkeeper_ = std::make_unique<Bookkeeper>(
        [this] { return store_.snapshot(); },
        [this](const Result<BooksStatement>& statement) { note_statement(statement); });
    schedule();
    loop_->thread = std::thread{[this] { loop_->io.run(); }};
    return Done{};
}

void EngineService::stop() {
    if (!loop_->thread.joinable()) {
        return;
    }
    stopping_ = true;
    loop_->shown.with([](Shown& shown) { shown.health.stopping = true; });
    // What was asked before this is answered first.
    boost::asio::post(loop_->io, [this] {
        handle_requests(clock_.now());
        loop_->timer.cancel();
        loop_->keep_alive.reset();
        loop_->io.stop();
    });
    loop_->thread.join();
    bookkeeper_.reset();
}

void EngineService::schedule() {
    if (!scheduled_.exchange(true)) {
        boost::asio::post(loop_->io, [this] { turn(); });
    }
}

void EngineService::turn() {
    scheduled_ = false;
    const Instant now = clock_.now();  // Read once.
    clock_.stop_at(now);               // A demo clock waits while we work.
    store_failed_ = false;
    raise_timed_events(now);
    handle_requests(now);
    if (!store_failed_) {
        step(now);
    }
    if (store_failed_) {
        try_again_later();
    }
}

void EngineService::raise_timed_events(Instant now) {
    while (next_event_ < options_.events.size() && options_.events[next_event_].at <= now) {
        const TimedEvent& event = options_.events[next_event_];
        // The same event again after a crash, before the clock had moved on, counts once.
        const std::string key = "timed:" + std::to_string(event.line) + ":" +
                                workflows::iso_utc(event.at) + ":" + event.event.case_id + ":" +
                                event.event.name;
        for (const auto& answer : engine_->raise({{event.event, key, key}}, event.at)) {
            if (!answer.ok()) {
                note_error(answer.error());
            }
        }
        if (store_failed_) {
            return;  // Not lost: raised when the store answers again.
        }
        ++next_event_;
    }
}

void EngineService::handle_requests(Instant now) {
    Requests requests =
        loop_->requests.with([](Requests& waiting) { return std::exchange(waiting, Requests{}); });
    if (!requests.raises.empty()) {
        std::vector<RaiseEvent> commands;
        for (const auto& raise : requests.raises) {
            commands.push_back(raise.command);
        }
        auto answers = engine_->raise(commands, now);
        for (std::size_t index = 0; index < answers.size(); ++index) {
            if (!answers[index].ok() && answers[index].error().kind == ErrorKind::Unavailable) {
                note_error(answers[index].error());
            }
            requests.raises[index].answer.set_value(std::move(answers[index]));
        }
    }
    for (const auto& task : requests.tasks) {
        const Status done = task(now);
        if (!done.ok() && done.error().kind == ErrorKind::Unavailable) {
            note_error(done.error());
        }
    }
    for (const auto& [number, why] : requests.unwritten) {
        const Status noted = engine_->not_written(number, why, now);
        if (!noted.ok()) {
            note_error(noted.error());
            store_failed_ = true;
            loop_->requests.with([&, one = std::pair{number, why}](Requests& waiting) {
                waiting.unwritten.push_back(one);
            });
        }
    }
    if (!requests.reports.empty()) {
        const Status recorded = engine_->delivered(requests.reports, now);
        if (!recorded.ok()) {
            // Not recorded, not forgotten: the reports stay until the store answers again.
            note_error(recorded.error());
            store_failed_ = true;
            loop_->requests.with([&](Requests& waiting) {
                waiting.reports.insert(waiting.reports.begin(), requests.reports.begin(),
                                       requests.reports.end());
            });
        }
    }
    if (requests.marks.empty()) {
        return;
    }
    std::vector<Written> written;
    for (auto& mark : requests.marks) {
        written.push_back(std::move(mark.written));
    }
    auto answers = engine_->mark_sending(written, now);
    if (!answers.ok()) {
        note_error(answers.error());
        store_failed_ = true;  // Offered again at once, they would be refused again at once.
        for (std::size_t index = 0; index < requests.marks.size(); ++index) {
            engine_->take_back(written[index].snapshot.number);
            requests.marks[index].answer.set_value({});
        }
        return;
    }
    std::vector<MarkAnswer> verdicts = std::move(answers).value();
    for (std::size_t index = 0; index < requests.marks.size(); ++index) {
        requests.marks[index].answer.set_value(std::move(verdicts[index]));
    }
}

void EngineService::step(Instant now) {
    const auto wake = engine_->step(now);
    if (!wake.ok()) {
        note_error(wake.error());
        store_failed_ = true;
        if (wake.error().kind == ErrorKind::Conflict && options_.on_fatal) {
            options_.on_fatal(wake.error().message);
        }
        return;
    }
    if (failures_ > 0 && options_.can_write && !options_.can_write()) {
        store_failed_ = true;  // Nothing was there to be written; that proves nothing.
        return;
    }
    failures_ = 0;
    const bool was_ok = loop_->shown.with([&](Shown& shown) {
        shown.since_step.restart();
        shown.health.now = now;
        shown.health.wake_at = wake.value();
        ++shown.health.steps;
        shown.health.last_error.clear();
        return std::exchange(shown.health.store_ok, true);
    });
    if (!was_ok && options_.on_recovery) {
        options_.on_recovery();
    }
    notify_watchdog();
    bookkeeper_->look_at(now, engine_->definitions()->time_zone().date_of(now));
    if (options_.on_step) {
        options_.on_step(now);
    }
    rearm(wake.value());
}

void EngineService::try_again_later() {
    ++failures_;
    // The loop is alive, and a restart would make no room on a full disk.
    notify_watchdog();
    auto wait = std::min(kStoreRetryMax, std::chrono::milliseconds{500} * failures_);
    if (const auto interval = watchdog_interval()) {
        wait = std::min(wait, *interval);
    }
    loop_->timer.expires_after(wait);
    loop_->timer.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            schedule();
        }
    });
}

void EngineService::rearm(std::optional<Instant> wake_at) {
    if (next_event_ < options_.events.size()) {
        const Instant event_at = options_.events[next_event_].at;
        wake_at = wake_at ? std::min(*wake_at, event_at) : event_at;
    }
    // A demo clock stands still while something due is unsettled, and never passes a wake-up.
    if (!engine_->is_sending()) {
        clock_.stop_at(wake_at);
    }
    auto sleep = kSleepMax;
    if (const auto interval = watchdog_interval()) {
        sleep = std::min(sleep, *interval);
    }
    if (wake_at) {
        sleep = std::min(sleep, clock_.until(*wake_at));
    }
    loop_->timer.expires_after(sleep);
    loop_->timer.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            schedule();
        }
    });
}

void EngineService::note_error(const Error& error) {
    const bool failed = error.kind == ErrorKind::Unavailable;
    store_failed_ = store_failed_ || failed;
    const bool was_ok = loop_->shown.with([&](Shown& shown) {
        shown.health.last_error = error.message;
        return std::exchange(shown.health.store_ok, shown.health.store_ok && !failed);
    });
    if (failed && was_ok && options_.on_failure) {
        options_.on_failure(error.message);
    }
}

void EngineService::note_statement(const Result<BooksStatement>& statement) {
    if (statement.ok()) {
        loop_->shown.with([&](Shown& shown) { shown.health.statement = statement.value(); });
    }
    if (options_.on_statement) {
        options_.on_statement(statement);
    }
}

Status EngineService::ask(Task task) {
    return ask(std::move(task), options_.answer_timeout);
}

Status EngineService::ask(Task task, std::chrono::milliseconds timeout) {
    if (stopping_) {
        return stopping_error();
    }
    // Shared with the engine's thread, which may answer after we have given up waiting.
    auto promise = std::make_shared<std::promise<Status>>();
    auto answer = promise->get_future();
    loop_->requests.with([&](Requests& requests) {
        requests.tasks.push_back([this, promise, task = std::move(task)](Instant now) {
            Status done = task(*engine_, now);
            promise->set_value(done);
            return done;
        });
    });
    schedule();
    if (answer.wait_for(timeout) != std::future_status::ready) {
        return Error{ErrorKind::Unavailable, "the engine is busy; ask again"};
    }
    return answer.get();
}

Status EngineService::use(std::shared_ptr<const Definitions> definitions, std::string files,
                          const std::optional<std::string>& who) {
    const Status used = ask(
        [this, definitions, files = std::move(files), who](Engine& engine, Instant now) {
            const Status done = engine.use(definitions, files, now, who);
            if (done.ok()) {
                loop_->definitions.with([&](auto& shown) { shown = definitions; });
            }
            return done;
        },
        kTakeUpMax);
    loop_->shown.with([&](Shown& shown) { shown.health.reload_ok = used.ok(); });
    return used;
}

void EngineService::reload_failed() {
    loop_->shown.with([](Shown& shown) { shown.health.reload_ok = false; });
}

Result<EventAnswer> EngineService::raise(const RaiseEvent& command) {
    if (stopping_) {
        return stopping_error();
    }
    Requests::Raise raise{command, {}};
    auto answer = raise.answer.get_future();
    loop_->requests.with([&](Requests& requests) { requests.raises.push_back(std::move(raise)); });
    schedule();
    if (answer.wait_for(options_.answer_timeout) != std::future_status::ready) {
        return Error{ErrorKind::Unavailable,
                     "the engine is busy; the event may still come: ask with the same key again"};
    }
    return answer.get();
}

Result<BatchAnswer> EngineService::raise_all(const std::vector<RaiseEvent>& commands) {
    // Shared: the engine may answer after we have given up waiting.
    auto answer = std::make_shared<BatchAnswer>();
    const Status done = ask([answer, commands](Engine& engine, Instant now) -> Status {
        auto raised = engine.raise_all(commands, now);
        if (!raised.ok()) {
            return raised.error();
        }
        *answer = std::move(raised).value();
        return Done{};
    });
    return done.ok() ? Result<BatchAnswer>{*answer} : Result<BatchAnswer>{done.error()};
}

Result<Forecast> EngineService::preview(const std::vector<RaiseEvent>& commands) {
    auto answer = std::make_shared<Forecast>();
    const Status done = ask([answer, commands](Engine& engine, Instant now) -> Status {
        auto seen = engine.preview(commands, now);
        if (!seen.ok()) {
            return seen.error();
        }
        *answer = std::move(seen).value();
        return Done{};
    });
    return done.ok() ? Result<Forecast>{*answer} : Result<Forecast>{done.error()};
}

Status EngineService::stop(std::int64_t message, const std::string& reason,
                           const std::string& who) {
    return ask([=](Engine& engine, Instant now) { return engine.stop(message, reason, who, now); });
}

Status EngineService::postpone(std::int64_t message, workflows::Date day, const std::string& who) {
    return ask(
        [=](Engine& engine, Instant now) { return engine.postpone(message, day, who, now); });
}

Status EngineService::hold(const std::string& reason, const std::string& who) {
    return ask([=](Engine& engine, Instant now) { return engine.hold(reason, who, now); });
}

Status EngineService::note_test(const TestedNotice& tested) {
    return ask([=](Engine& engine, Instant now) { return engine.note_test(tested, now); });
}

Status EngineService::confirm_card(const std::string& channel, std::int64_t card) {
    return ask(
        [=](Engine& engine, Instant now) { return engine.confirm_card(channel, card, now); });
}

Status EngineService::release(std::optional<std::int64_t> message, const std::string& who) {
    return ask([=](Engine& engine, Instant now) { return engine.release(message, who, now); });
}

Status EngineService::retry(std::int64_t message, const std::string& who) {
    return ask([=](Engine& engine, Instant now) { return engine.retry(message, who, now); });
}

Status EngineService::sent_before(std::int64_t message, const std::string& who) {
    return ask([=](Engine& engine, Instant now) { return engine.sent_before(message, who, now); });
}

std::unique_ptr<workflows::Snapshot> EngineService::snapshot() {
    return store_.snapshot();
}

std::shared_ptr<const Definitions> EngineService::definitions() const {
    return loop_->definitions.with([](const auto& shown) { return shown; });
}

EngineHealth EngineService::health() const {
    return loop_->shown.with([this](const Shown& shown) {
        EngineHealth health = shown.health;
        health.now = clock_.now();
        health.step_age_seconds = shown.since_step.seconds();
        return health;
    });
}

std::future<MarkAnswer> EngineService::mark_sending(Written written) {
    Requests::Mark mark{std::move(written), {}};
    auto answer = mark.answer.get_future();
    loop_->requests.with([&](Requests& requests) { requests.marks.push_back(std::move(mark)); });
    schedule();
    return answer;
}

void EngineService::delivered(workflows::DeliveryReport report) {
    loop_->requests.with(
        [&](Requests& requests) { requests.reports.push_back(std::move(report)); });
    schedule();
}

void EngineService::not_written(std::int64_t number, const std::string& why) {
    loop_->requests.with([&](Requests& requests) { requests.unwritten.emplace_back(number, why); });
    schedule();
}

}  // namespace fristvakt::daemon
